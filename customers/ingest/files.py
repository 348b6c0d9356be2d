"""Import of a file: NDJSON, one Record a line, read and checked while the database writes."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from customers.identity.policy import Policy
from customers.ingest.ingest import INVALID_RECORD, prepared
from customers.ingest.lines import LONGEST_LINE_BYTES, Line, LineFile
from customers.ingest.prepare import Prepared
from customers.ingest.queue import Outcome, Rejected, Writer
from customers.ingest.rejects import RejectFile, rejects_of
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, ProfileGraphError

CHUNK_RECORDS = 1_000
# A thousand lines could be a gigabyte.
CHUNK_BYTES = 8 << 20
# One is being written, one waits for it, one is being read.
CHUNKS_IN_FLIGHT = 3
# A chunk waits for those before it, and perhaps for another process that writes to the same graph.
CHUNK_S = 600.0

# Bytes read so far, bytes in all (None where nobody knows), records that are through.
Progress = Callable[[int, int | None, int], None]
Checked = tuple[Line, Prepared | Rejected]
Settled = tuple[Line, Outcome]


@dataclass(slots=True)
class Report:
    """What became of a file; `known` records were in already, `refused` counts values by reason."""

    read: int = 0
    written: int = 0
    known: int = 0
    rejected: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def count(self, outcome: Outcome) -> None:
        """Take in what became of one record."""
        if isinstance(outcome, Rejected):
            self.rejected += 1
            return
        self.known += outcome.known
        self.written += not outcome.known
        for one in outcome.refused:
            reason = f"{one.what}: {one.reason}"
            self.refused[reason] = self.refused.get(reason, 0) + 1


async def import_file(
    path: str,
    writer: Writer,
    policy: Policy,
    principal: Principal,
    *,
    rejects: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Write the records of the file `path`, or of standard input (``-``), in constant memory.

    Records that are wrong go into the file `rejects` (``FILE.rejects.ndjson``).

    Raises:
        InvalidInputError: the file cannot be read, or the rejects cannot be written.
        ForbiddenError, DatabaseUnavailableError
    """
    principal.check_write()
    start = time.monotonic()
    report = Report()
    with LineFile(path) as file, RejectFile(rejects or rejects_of(path), file.status) as refused:
        try:
            async with aclosing(_outcomes(file, writer, policy, principal)) as chunks:
                async for chunk in chunks:
                    for line, outcome in chunk:
                        report.count(outcome)
                        if isinstance(outcome, Rejected):
                            refused.add(line, outcome)
                    report.read += len(chunk)
                    progress(file.position(), file.size, report.read)
        except ProfileGraphError as problem:
            problem.add_note(
                f"Of {path}, {report.written + report.known:,} records are in. Import it again when"
                " that is put right: what is in already changes nothing."
            )
            raise
    report.seconds = time.monotonic() - start
    return report


async def _outcomes(
    file: LineFile, writer: Writer, policy: Policy, principal: Principal
) -> AsyncGenerator[list[Settled]]:
    """What became of the lines, in their order, a few chunks ahead of the caller."""
    sent: deque[asyncio.Task[list[Settled]]] = deque()
    try:
        async with aclosing(_chunks(file, policy)) as chunks:
            async for chunk in chunks:
                sent.append(asyncio.create_task(_send(chunk, writer, principal)))
                if len(sent) == CHUNKS_IN_FLIGHT:
                    yield await sent.popleft()
        while sent:
            yield await sent.popleft()
    finally:
        for task in sent:
            task.cancel()
        await asyncio.gather(*sent, return_exceptions=True)


async def _chunks(file: LineFile, policy: Policy) -> AsyncGenerator[list[Checked]]:
    digest = await file.digest()
    received = now_ms()
    chunk: list[Checked] = []
    size = 0
    while lines := await file.next():
        chunk += [(one, _check(one, policy, received, f"{digest}:{one.number}")) for one in lines]
        size += sum(len(line.text) for line in lines)
        if len(chunk) >= CHUNK_RECORDS or size > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _check(line: Line, policy: Policy, received: int, place: str) -> Prepared | Rejected:
    if not line.whole:
        return Rejected(f"longer than {LONGEST_LINE_BYTES} bytes", INVALID_RECORD)
    try:
        raw = orjson.loads(line.text)
    except orjson.JSONDecodeError as problem:
        return Rejected(_unreadable(line.text, problem), INVALID_RECORD)
    return prepared(raw, policy, received, place)


def _unreadable(text: bytes, problem: orjson.JSONDecodeError) -> str:
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        return f"not UTF-8, at byte {wrong.start + 1}"
    return f"not JSON: {problem.msg} at character {problem.pos + 1}"


async def _send(chunk: list[Checked], writer: Writer, principal: Principal) -> list[Settled]:
    right = [one for _, one in chunk if isinstance(one, Prepared)]
    outcomes = iter(await writer.submit(right, principal, Deadline.after(CHUNK_S), bulk=True))
    return [(line, next(outcomes) if isinstance(one, Prepared) else one) for line, one in chunk]
