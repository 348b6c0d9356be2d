"""Verify: whether the audit log is as it was written, from its first entry to its last."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from customers.audit.chain import NOTHING, fault
from customers.audit.entry import Recorded, recorded
from customers.errors import InvalidInputError
from cypher import Deadline, Graph, load

HEAD = load("audit/head")
BY_SEQ = load("audit/by_seq")
PAGE = 1_000
ASK_S = 60.0
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log ended: the number and the hash of its last entry.

    Whoever keeps it elsewhere sees later whether the log still goes that way.
    """

    seq: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "Head":
        """A head as it is printed.

        Raises:
            InvalidInputError
        """
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise InvalidInputError(
                "A head is SEQ:HASH, as `profile-graph audit verify` prints it: a number, `:` and "
                "64 hexadecimal digits."
            )
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at and what is wrong with it; `fault` is the first that was found."""

    entries: int
    head: Head
    fault: str | None


async def head_of(graph: Graph) -> Head:
    """Where the log ends now."""
    rows = await graph.read(HEAD, Deadline.after(ASK_S))
    if not rows or not rows[0]["last"]:
        return Head(0, NOTHING)
    return Head(rows[0]["last"], rows[0]["hash"])


async def every_entry(graph: Graph, last: int) -> AsyncIterator[Recorded]:
    """The entries that there are up to the number `last`, the oldest first."""
    for start in range(1, last + 1, PAGE):
        numbers = list(range(start, min(start + PAGE, last + 1)))
        for row in await graph.read(BY_SEQ, Deadline.after(ASK_S), numbers=numbers):
            yield recorded(row)


async def verify(graph: Graph, kept: Head | None = None) -> Verdict:
    """Follow the chain from its beginning to its head, and compare with a head that was kept."""
    head = await head_of(graph)
    found = Head(0, NOTHING)
    async for one in every_entry(graph, head.seq):
        wrong = fault(one, found.seq + 1, found.hash)
        if wrong is None and kept and kept.seq == one.seq and kept.hash != one.hash:
            wrong = f"entry {one.seq} is another one than it was when the head was kept"
        if wrong:
            return Verdict(found.seq, head, wrong)
        found = Head(one.seq, one.hash)
    return Verdict(found.seq, head, await _fault_at_the_end(graph, head, found, kept))


async def _fault_at_the_end(graph: Graph, head: Head, found: Head, kept: Head | None) -> str | None:
    if found.seq != head.seq:
        return f"entry {found.seq + 1} is missing"
    if found != head:
        return f"entry {found.seq} is not the one that the log ends with"
    if await _more(graph, head):
        return f"entry {found.seq + 1} was added behind the end of the log"
    if kept is not None and kept.seq > found.seq:
        return f"entries are missing at the end: there were {kept.seq} when the head was kept"
    return None


async def _more(graph: Graph, head: Head) -> bool:
    """Whether something stands behind the end that nobody moved meanwhile."""
    rows = await graph.read(BY_SEQ, Deadline.after(ASK_S), numbers=[head.seq + 1])
    return bool(rows) and await head_of(graph) == head
