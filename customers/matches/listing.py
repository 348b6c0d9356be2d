"""Listing: possible matches, those of the most evidence first, page by page.

The order is a text with an index. The embedded engine sorts whatever it matches, so it is read in
stretches between the places of a few matches, as the orders of customers are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from customers.identity.matched import rank
from customers.identity.possible import Kind
from customers.matches.match import Match, Status, matches_by_ids, matches_of_customers
from customers.page import Page
from customers.reading import Reading
from customers.times import now_ms
from cypher import Row, load

BETWEEN = load("matches/between")
DUE = load("matches/due")
LADDER = load("matches/ladder")

# Ids that begin like these: with one of three letters of 27, after one of 27.
SAMPLED = {"from": "mat_22", "to": "mat_25"}
# Matches between two rungs, and how much more each further look takes.
STEP, WIDER = 243, 4
# After whatever follows a prefix.
_END = "}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matches: all that stand so, of a kind, of at least a score, of one customer."""

    status: Status = Status.OPEN
    kind: Kind | None = None
    min_score: float | None = None
    customer: str | None = None

    def fits(self, one: Match) -> bool:
        """Whether a match is one of them."""
        return (
            one.status is self.status
            and self.kind in (None, one.kind)
            and (self.min_score is None or one.score >= self.min_score)
        )

    def page(self, found: Sequence[Match], first: int, after: str | None) -> Page[Match]:
        """The first of those that fit after a place, out of all in their order."""
        rest = [one for one in found if self.fits(one) and one.place > (after or "")]
        return Page.of(rest, first, after=after is not None)

    def ends(self, status: Status, after: str | None) -> tuple[str, str]:
        """Between which places those lie that are stored so."""
        low = f"{status}|{after or ''}"
        high = f"{status}{_END}"
        return low, high if self.min_score is None else f"{status}|{rank(self.min_score)}{_END}"


async def matches_page(
    reading: Reading, wanted: Wanted, first: int, after: str | None = None
) -> Page[Match]:
    """The first of them after a place."""
    if wanted.customer is not None:
        [found] = await matches_of_customers(reading, [wanted.customer])
        return wanted.page(found, first, after)
    now = now_ms()
    rows = await _stored(reading, wanted, first + 1, after, now)
    if wanted.status is Status.OPEN:
        rows += await _due(reading, wanted, first + 1, after, now)
        rows.sort(key=lambda row: str(row["place"].partition("|")[2]))
    ids = [row["id"] for row in rows[: first + 1]]
    listed = await matches_by_ids(reading, ids) if ids else []
    # One that somebody answered meanwhile is not shown any more.
    found = [one for one in listed if one is not None and wanted.fits(one)]
    return Page(found[:first], has_next=len(ids) > first, has_previous=after is not None)


async def _stored(
    reading: Reading, wanted: Wanted, most: int, after: str | None, now: int
) -> list[Row]:
    """The first of those that are stored as they are wanted."""
    low, high = wanted.ends(wanted.status, after)
    places = sorted(row["place"] for row in await reading.rows(LADDER, **SAMPLED))
    rungs = places[bisect_right(places, low) : bisect_left(places, high)]
    found: list[Row] = []
    # A rung is a match itself: the stretch that it ends goes to right after it.
    for begin, end in stretches([low, *(f"{one}{_END}" for one in rungs), high], most):
        found += await reading.rows(
            BETWEEN,
            after=begin,
            before=end,
            kind=wanted.kind,
            beyond=now if wanted.status is Status.SNOOZED else None,
            most=most - len(found),
        )
        if len(found) >= most:
            break
    return found


async def _due(
    reading: Reading, wanted: Wanted, most: int, after: str | None, now: int
) -> list[Row]:
    """The first of those that were snoozed until now."""
    low, high = wanted.ends(Status.SNOOZED, after)
    return await reading.rows(DUE, now=now, after=low, before=high, kind=wanted.kind, most=most)


def stretches(places: list[str], most: int) -> Iterator[tuple[str, str]]:
    """From each place to a later one, the further the more of them were in vain."""
    width, begin = 1 + most // STEP, 0
    while begin < len(places) - 1:
        end = min(begin + width, len(places) - 1)
        yield places[begin], places[end]
        begin, width = end, width * WIDER
