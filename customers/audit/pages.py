"""Pages of the audit log, the newest entry first, by whom it names, who acted and when.

Nothing is searched for: numbers have no gaps, so a page of all is a stretch of numbers, and a trail
has the numbers of the entries that name an id or an actor. The times of entries never go back, so
the last one before a time is found in a few steps.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from customers.audit.entry import LONGEST_ACTOR, LONGEST_ID, Recorded, recorded
from customers.audit.log import FULL_BLOCK, trail_about, trail_by
from customers.page import END, Page
from customers.reading import Reading
from cypher import load

HEAD = load("audit/head")
BY_SEQ = load("audit/by_seq")
TIMES = load("audit/times")
TRAIL = load("audit/trail")
BLOCKS = load("audit/blocks")

# Each further look takes so many times more entries or blocks, where few are the ones wanted.
WIDER = 4
MOST_BLOCKS, MOST_NUMBERS = 32, 2_000
# Places that one step of looking for a time asks at.
PROBES = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; times in epoch milliseconds, `since` included and `until` not."""

    about: str | None = None
    actor: str | None = None
    since: int = 0
    until: int = END

    def has(self, one: Recorded) -> bool:
        """Whether an entry is one of these."""
        return (
            (self.about is None or self.about in one.about)
            and (self.actor is None or one.actor == self.actor)
            and self.since <= one.recorded_at < self.until
        )

    @property
    def trail(self) -> str | None:
        """The trail that leads to these, if any."""
        if self.about is not None:
            return trail_about(self.about[:LONGEST_ID])
        return None if self.actor is None else trail_by(self.actor[:LONGEST_ACTOR])


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and the block of the trail that led to it, for the next page to go on from."""

    entry: Recorded
    block: int

    @property
    def position(self) -> tuple[int, int]:
        """Its place in the connection."""
        return self.entry.seq, self.block


async def audit_page(
    reading: Reading, wanted: Wanted, first: int, after: tuple[int, int] | None = None
) -> Page[Placed]:
    """The entries before `after`, the newest first.

    Raises:
        ForbiddenError: the audit log is not for the caller.
    """
    reading.principal.check("read the audit log")
    found: list[Placed] = []
    high = await _newest(reading, wanted) if after is None else after[0] - 1
    async for places in _stretches(reading, wanted.trail, high, first, after and after[1]):
        rows = await reading.rows(BY_SEQ, numbers=list(places))
        entries = [recorded(row) for row in reversed(rows)]
        found += [Placed(one, places[one.seq]) for one in entries if wanted.has(one)]
        if len(found) > first or any(one.recorded_at < wanted.since for one in entries):
            break
    return Page.of(found, first, after=after is not None)


async def _newest(reading: Reading, wanted: Wanted) -> int:
    rows = await reading.rows(HEAD)
    last = int(rows[0]["last"]) if rows else 0
    return last if wanted.until == END else await _last_before(reading, wanted.until, last)


async def _last_before(reading: Reading, until: int, last: int) -> int:
    """The number of the last entry that was recorded before a time; 0 where there is none."""
    low, high = 0, last  # all up to `low` were before it, none after `high` was
    while low < high:
        rows = await reading.rows(TIMES, numbers=probes(low, high))
        before = [row["seq"] for row in rows if row["recordedAt"] < until]
        after = [row["seq"] for row in rows if row["recordedAt"] >= until]
        if not rows:
            break  # they were taken away, which `verify` tells
        low = max(before, default=low)
        high = min(after) - 1 if after else low
    return low


def probes(low: int, high: int) -> list[int]:
    """Numbers above `low` up to `high`, spread evenly, `high` among them."""
    step = max((high - low) // PROBES, 1)
    return sorted({high, *range(low + step, high, step)})


async def _stretches(
    reading: Reading, trail: str | None, high: int, first: int, block: int | None
) -> AsyncIterator[dict[int, int]]:
    """Numbers up to `high` with the blocks they are in, the newest stretch first."""
    if trail is None:
        width = first + 1
        while high > 0:
            low = max(high - width, 0)
            yield dict.fromkeys(range(low + 1, high + 1), 0)
            high, width = low, min(width * WIDER, MOST_NUMBERS)
        return
    width = 1 + first // FULL_BLOCK
    if block is None:
        rows = await reading.rows(TRAIL, key=trail)
        block = int(rows[0]["block"]) if rows else -1
    while block >= 0:
        low = max(block - width, -1)
        keys = {f"{trail}|{number}": number for number in range(low + 1, block + 1)}
        rows = await reading.rows(BLOCKS, keys=list(keys))
        places = {seq: keys[row["key"]] for row in rows for seq in row["numbers"] if seq <= high}
        for part in _parts(sorted(places, reverse=True)):
            yield {seq: places[seq] for seq in part}
        block, width = low, min(width * WIDER, MOST_BLOCKS)


def _parts(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + MOST_NUMBERS] for start in range(0, len(numbers), MOST_NUMBERS)]
