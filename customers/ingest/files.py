"""Import of a file: records read, brought together and checked while the database writes."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.ingest.checkpoint import Checkpoint, checkpoint_of, read_checkpoint
from customers.ingest.entry_file import EntryFile
from customers.ingest.formats.entry import Entry
from customers.ingest.formats.layout import Layout
from customers.ingest.ingest import prepared
from customers.ingest.lookahead import Lookahead
from customers.ingest.mapping.mapping import MapFile
from customers.ingest.prepare import Prepared
from customers.ingest.queue import Outcome, Rejected, Writer
from customers.ingest.rejects import RejectFile, rejects_of
from customers.ingest.report import Report
from customers.ingest.settled import Settled
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, ProfileGraphError, load

READ = load("ingest/read")

CHUNK_RECORDS = 1_000
# A thousand lines could be a gigabyte.
CHUNK_BYTES = 8 << 20
# Two are being written, two wait for their turn, one is being read.
CHUNKS_IN_FLIGHT = 5
# A chunk waits for those before it, and perhaps for another process that writes to the same graph.
CHUNK_S = 600.0
ASK_S = 60.0

# Bytes read so far, bytes in all (None where nobody knows), records that are through.
Progress = Callable[[int, int | None, int], None]
Checked = tuple[Entry, Prepared | Rejected]
Told = tuple[Checked, Outcome]


class Entries(Protocol):
    """What gives the entries of a file, in whatever order."""

    @property
    def digest(self) -> str:
        """The content's."""

    async def next(self) -> list[Entry]:
        """The next few; none at the end."""


async def import_file(
    path: str,
    writer: Writer,
    policy: Policy,
    principal: Principal,
    *,
    layout: Layout | None = None,
    said: MapFile | None = None,
    rejects: Path | None = None,
    resume: Graph | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """Write the records of the file `path`, or of standard input (``-``), in constant memory.

    Those that are likely about one person are written together, however far apart they are in a
    part of the file that fits into memory; those of one profile in their order.
    `layout` is what is known of how it is written, and `said` the map of its columns. Records that
    are wrong go into the file `rejects` (``FILE.rejects.ndjson``). With the graph to `resume` in,
    an import that was cut off goes on where it was.

    Raises:
        InvalidInputError: the file cannot be read, or the rejects cannot be written.
        ForbiddenError, DatabaseUnavailableError
    """
    principal.check("write records")
    with EntryFile(path, layout, said) as file:
        await file.look()
        one = _Import(file, rejects or rejects_of(path), progress)
        if resume is not None:
            await one.resume(resume)
        return await one.run(writer, policy, principal)


class _Import:
    """One run of an import."""

    def __init__(self, file: EntryFile, rejects: Path, progress: Progress) -> None:
        self._file, self._rejects = file, rejects
        self._progress = progress
        self._mark = checkpoint_of(file.path, rejects)
        self._from: Checkpoint | None = None
        self._report = Report()
        self._settled = Settled()
        self._profile: str | None = None

    async def resume(self, graph: Graph) -> None:
        """Begin after the last checkpoint, if that is one of this file, read as it is now.

        Raises:
            InvalidInputError: the graph has not what went in before it.
        """
        found = read_checkpoint(self._mark)
        if found is None or (found.digest, found.how) != (self._file.digest, self._file.how):
            return
        if found.profile is not None:
            [row] = await graph.read(
                READ,
                Deadline.after(ASK_S),
                profiles=[found.profile],
                identifiers=[],
                periods=[],
                interactions=[],
                dealings=[],
            )
            if not row["profiles"]:
                raise InvalidInputError(
                    f"{self._mark} is about another graph, or about a later state of this one: "
                    "import without --resume."
                )
        self._from = found
        self._report, self._profile = found.report, found.profile
        self._settled = Settled(found.line, found.beyond)
        self._report.resumed = self._report.read

    async def run(self, writer: Writer, policy: Policy, principal: Principal) -> Report:
        """Write what is left."""
        start = time.monotonic()
        file, report = self._file, self._report
        await file.begin(self._from.line if self._from else 0)
        kept = self._from.rejects if self._from else 0
        ahead = Lookahead(file, policy, self._settled)
        with RejectFile(self._rejects, file.status, kept) as refused:
            try:
                try:
                    async with aclosing(_outcomes(ahead, writer, policy, principal)) as chunks:
                        async for chunk in chunks:
                            self._settle(chunk, refused)
                finally:
                    ahead.close()
                ahead.check()
            except ProfileGraphError as problem:
                problem.add_note(
                    f"Of {file.path}, {report.written + report.known:,} records are in. Import it "
                    "again when that is put right: what is in already changes nothing"
                    + (", and --resume passes over it." if file.regular else ".")
                )
                raise
        report.seconds = time.monotonic() - start
        self._mark.unlink(missing_ok=True)
        return report

    def _settle(self, chunk: list[Told], refused: RejectFile) -> None:
        for (entry, one), outcome in chunk:
            self._report.count(outcome)
            self._settled.settle(entry.number)
            if isinstance(outcome, Rejected):
                refused.add(entry, outcome)
            elif isinstance(one, Prepared) and not one.deleted:
                self._profile = one.profile
        now = self._report.read - self._report.resumed
        # What was read ahead of the database is not through.
        read = self._report.resumed + self._settled.read
        done = self._file.position() * self._report.read // read
        self._progress(done, self._file.size, now)
        line, beyond = self._settled.mark()
        if self._file.regular:
            Checkpoint(
                self._file.digest,
                self._file.how,
                line,
                beyond,
                refused.written(),
                self._profile,
                self._report,
            ).write(self._mark)


async def _outcomes(
    entries: Entries, writer: Writer, policy: Policy, principal: Principal
) -> AsyncGenerator[list[Told]]:
    """What became of the entries, in their order, a few chunks ahead of the caller."""
    sent: deque[asyncio.Task[list[Told]]] = deque()
    try:
        async with aclosing(checked_chunks(entries, policy)) as chunks:
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


async def checked_chunks(entries: Entries, policy: Policy) -> AsyncGenerator[list[Checked]]:
    """Entries, each with its record or with what is wrong."""
    received = now_ms()
    chunk: list[Checked] = []
    size = 0
    while some := await entries.next():
        chunk += [
            (one, _check(one, policy, received, f"{entries.digest}:{one.number}")) for one in some
        ]
        size += sum(one.size for one in some)
        if len(chunk) >= CHUNK_RECORDS or size > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _check(entry: Entry, policy: Policy, received: int, place: str) -> Prepared | Rejected:
    if isinstance(entry.found, Rejected):
        return entry.found
    found = prepared(entry.found, policy, received, place)
    if entry.refused and isinstance(found, Prepared):
        return replace(found, refused=[*entry.refused, *found.refused])
    return found


async def _send(chunk: list[Checked], writer: Writer, principal: Principal) -> list[Told]:
    right = [one for _, one in chunk if isinstance(one, Prepared)]
    outcomes = iter(await writer.submit(right, principal, Deadline.after(CHUNK_S), bulk=True))
    return [
        ((entry, one), next(outcomes) if isinstance(one, Prepared) else one) for entry, one in chunk
    ]
