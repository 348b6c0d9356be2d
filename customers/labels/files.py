"""Files: pairs of profiles as NDJSON, ``{"a": {"source", "sourceId"}, "b": {…}, "same": true}``."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from pydantic import StrictBool, ValidationError

from customers.decisions.asked import ProfileRef
from customers.ingest.formats.entry import Entry
from customers.ingest.formats.ndjson import read_ndjson
from customers.ingest.queue import Rejected
from customers.ingest.record import reasons
from customers.labels.say import AT_ONCE, Pair, say
from customers.part import Part
from customers.principal import Principal
from cypher import Deadline, Graph

WRITE_S = 60.0
# Wrong lines that are named.
NAMED = 20


class _End(Part):
    """A profile as a line names it."""

    source: str
    source_id: str

    def ref(self) -> ProfileRef:
        return ProfileRef.of(self.source, self.source_id, None)


class _Line(Part):
    """A pair as a line has it."""

    a: _End
    b: _End
    same: StrictBool


@dataclass(slots=True)
class LabelReport:
    """How many pairs were labelled, and the lines that were not, with why; the first of them."""

    labelled: int = 0
    rejected: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)

    def reject(self, line: int, reason: str) -> None:
        """Count a line that is wrong."""
        self.rejected += 1
        if len(self.reasons) < NAMED:
            self.reasons.append((line, reason))


async def say_file(graph: Graph, content: BinaryIO, principal: Principal) -> LabelReport:
    """Label the pairs of a file; a line that is wrong keeps no other out.

    Raises:
        ForbiddenError, MaskedError, DeadlineExceededError, DatabaseUnavailableError
    """
    report = LabelReport()
    for lines in _some(content):
        pairs: list[Pair] = []
        numbers: list[int] = []
        for entry in lines:
            found = _pair(entry)
            if isinstance(found, str):
                report.reject(entry.number, found)
            else:
                pairs.append(found)
                numbers.append(entry.number)
        said = await say(graph, pairs, principal, Deadline.after(WRITE_S)) if pairs else []
        for number, one in zip(numbers, said, strict=True):
            if one.label is None:
                report.reject(number, " ".join(why.message for why in one.refused))
            else:
                report.labelled += 1
    return report


def _some(content: BinaryIO) -> Iterator[list[Entry]]:
    some: list[Entry] = []
    for entry in read_ndjson(content):
        if entry is not None:
            some.append(entry)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _pair(entry: Entry) -> Pair | str:
    """What a line says, or what is wrong with it."""
    if isinstance(entry.found, Rejected):
        return entry.found.reason
    try:
        line = _Line.model_validate(entry.found)
    except ValidationError as problem:
        return reasons(problem)
    return Pair(line.a.ref(), line.b.ref(), line.same)
