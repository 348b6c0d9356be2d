"""Listing: customers in an order, those that fulfil a condition, page by page.

No engine brings matches in order off an index inside a larger statement, so a page is read window
after window: a closed stretch of the order that an index finds, all of it looked at. Where the
condition leads from an index to few customers, these are looked at instead, in one statement.
Who was found is read as a whole by another.

A customer that came to be amid a read is in no index yet when its window is looked at, and the one
that its profiles left is seen without them a moment later. So a page of everybody in the order of
creation looks again at the end at who stands where it read. Other orders change with every record.
"""

from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from customers.conditions import candidates, driving
from customers.customer import Customer, Facets, read_customers
from customers.errors import StaleReadError
from customers.identity.resolve import BUCKET
from customers.numbers import last_number
from customers.page import END, Page
from customers.reading import Reading
from customers.stats.filed import any_spend
from cypher import Composed, Condition, Piece, Row, Statement, load

FOUND = load("customers/found")
PAGE_FORWARD = load("customers/page_forward")
PAGE_BACKWARD = load("customers/page_backward")
LADDER = load("customers/ladder")
LADDER_SPENT = load("customers/ladder_spent")

# Buckets that a page looks into at first: about two in five numbers are anchors. Each further look
# takes four times as many, since a customer of very many profiles leaves a desert behind it.
FIRST_BUCKETS = 4
WIDER = 4
# Buckets that one statement counts in.
COUNTED_BUCKETS = 400
# Customers that a seed may lead to; who is found by more is met sooner in the order itself.
MOST_CANDIDATES = 1000
# Seeds that one statement follows; a condition of more is looked for in the order.
MOST_SEEDS = 60
# Rungs of the ladder that cuts an order into windows; it takes as long to find a rung as to look at
# some ten customers, so this many serve up to a million customers.
RUNGS = 100
# Up to as many profiles one window holds everybody.
FEW = 1000
# After every key, and not a letter of any.
_TOP = "\uffff"

Place: TypeAlias = int | str


class Key(Enum):
    """The property that an order goes by; no two customers have an equal one."""

    CREATED = "number"
    NAME = "byName"
    LAST_SEEN = "bySeen"
    ORDERS = "byOrders"
    LAST_PURCHASE = "byPurchase"
    OPEN_TICKETS = "byTickets"
    # Of a currency; who spent nothing in it has no place.
    SPEND = "place"


@dataclass(frozen=True, slots=True)
class Listing:
    """Customers that fulfil `condition`, if any, in an order; that by spend is of a `currency`."""

    key: Key = Key.CREATED
    descending: bool = False
    condition: Condition | None = None
    currency: str = ""

    @property
    def shows_everybody(self) -> bool:
        """Whether everybody has a place of its own in it for good."""
        return self.key is Key.CREATED and self.condition is None

    @property
    def ends(self) -> tuple[Place, Place]:
        """Before and after every place."""
        if self.key is Key.SPEND:
            return any_spend(self.currency)
        return (0, END) if self.key is Key.CREATED else ("", _TOP)


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer and its place in the order."""

    place: Place
    customer: Customer


@dataclass(slots=True)
class _Scan:
    """The customers between two places, read from one end; `last` is the last number, if known."""

    reading: Reading
    listing: Listing
    facets: Facets
    low: Place
    high: Place
    downward: bool
    last: int = END

    async def first(self, most: int) -> list[Listed]:
        """The first of them, as many as there are up to `most`.

        Raises:
            StaleReadError: some changed meanwhile; of everybody, others stand there now.
        """
        if self.listing.shows_everybody:
            return await self._everybody(most)
        found: dict[str, Row] = {}
        async for window in self._windows(most):
            for row in await self._find("customers/page", window, most - len(found)):
                found.setdefault(row["id"], row)
            if len(found) >= most:
                break
        if not found:
            return []
        listed = await self._look(FOUND, found=list(found.values()))
        _check(listed, found.values())
        return listed

    async def _find(self, name: str, window: Piece, most: int) -> list[Row]:
        """The first of a window that fulfil the condition, up to `most`, in their order."""
        order = Piece("pages/backward" if self.downward else "pages/forward", {"most": most})
        finding = Composed(name).add(window).where(self.listing.condition).add(order)
        return await self.reading.rows(finding.statement(), **finding.params)

    async def _look(self, statement: Statement, **params: Any) -> list[Listed]:  # noqa: ANN401 - JSON-like
        """Customers as a statement gives them, with their places, in their order."""
        rows = await read_customers(self.reading, statement, self.facets, **params)
        listed = [Listed(place, one) for place, one in rows]
        return sorted(listed, key=lambda one: one.place, reverse=self.downward)

    async def _everybody(self, most: int) -> list[Listed]:
        statement = PAGE_BACKWARD if self.downward else PAGE_FORWARD
        listed: list[Listed] = []
        windows: list[Piece] = []
        async for window in self._windows(most):
            windows.append(window)
            listed += await self._look(statement, **window.params, most=most - len(listed))
            if len(listed) >= most:
                break
        if windows:
            _check(listed, await self._find("customers/standing", self._whole(windows), most))
        return listed

    def _whole(self, windows: Sequence[Piece]) -> Piece:
        """The stretch that windows of buckets make, each of which goes on where another ends.

        Numbers that were given since the last one was asked for are of profiles that are new.
        """
        return _out_of(
            [bucket for one in windows for bucket in one.params["buckets"]],
            min(one.params["after"] for one in windows),
            min(max(one.params["before"] for one in windows), self.last + 1),
        )

    async def _windows(self, most: int) -> AsyncIterator[Piece]:
        """Stretches of the order one after the other, from the end where the reading begins."""
        among = await _candidates(self.reading, self.listing.condition)
        if among is not None:
            if among:
                yield _among(among, self.listing.key, self.low, self.high)
            return
        if self.listing.key is Key.CREATED:
            windows = self._buckets(int(self.low), int(self.high))
        else:
            windows = self._stretches(str(self.low), str(self.high), most)
        async for window in windows:
            yield window

    async def _buckets(self, after: int, before: int) -> AsyncIterator[Piece]:
        low, high = after + 1, before - 1
        if self.downward and before == END:
            high = self.last = await last_number(self.reading.rows)
        width = FIRST_BUCKETS
        while low <= high:
            first, last = low // BUCKET, high // BUCKET
            if self.downward:
                buckets = range(max(last - width + 1, first), last + 1)
            else:
                buckets = range(first, min(first + width, last + 1))
            yield _out_of(buckets, low - 1, high + 1)
            if self.downward:
                high = buckets.start * BUCKET - 1
            else:
                if high == END - 1:
                    high = self.last = await last_number(self.reading.rows)
                low = buckets.stop * BUCKET
            width *= WIDER

    async def _stretches(self, low: str, high: str, most: int) -> AsyncIterator[Piece]:
        last = await last_number(self.reading.rows)
        rungs = await _rungs(self.reading, self.listing, last) if last > FEW else []
        places = [low, *rungs[bisect_right(rungs, low) : bisect_left(rungs, high)], high]
        width = 1 + 2 * most * len(rungs) // max(last, 1)
        while len(places) > 1:
            # Of n places that follow each other, the stretches between share the inner ones.
            if self.downward:
                taken, places = places[-width - 1 :], places[:-width]
            else:
                taken, places = places[: width + 1], places[width:]
            yield _between(self.listing.key, taken[0], taken[-1])
            width *= WIDER


async def customers_page(
    reading: Reading,
    listing: Listing,
    size: int,
    facets: Facets,
    *,
    after: Place | None = None,
    before: Place | None = None,
    backward: bool = False,
) -> Page[Listed]:
    """The first (or last) `size` customers of a listing between two places, always in its order."""
    low, high = (before, after) if listing.descending else (after, before)
    lowest, highest = listing.ends
    scan = _Scan(
        reading,
        listing,
        facets,
        lowest if low is None else low,
        highest if high is None else high,
        downward=listing.descending != backward,
    )
    found = await scan.first(size + 1)
    items, more = found[:size], len(found) > size
    if backward:
        return Page(items[::-1], has_next=before is not None, has_previous=more)
    return Page(items, has_next=more, has_previous=after is not None)


async def count_customers(reading: Reading, condition: Condition | None) -> int:
    """How many customers fulfil a condition, by a statement for every 40,000 profiles."""
    among = await _candidates(reading, condition)
    if among is not None:
        windows = [_among(among, Key.CREATED, *Listing().ends)] if among else []
    else:
        end = await last_number(reading.rows) // BUCKET + 1
        windows = [
            _out_of(range(start, min(start + COUNTED_BUCKETS, end)), *Listing().ends)
            for start in range(0, end, COUNTED_BUCKETS)
        ]
    total = 0
    for window in windows:
        composed = Composed("customers/count").add(window).where(condition)
        counting = composed.add(Piece("pages/count"))
        [row] = await reading.rows(counting.statement(), **counting.params)
        total += row["count"]
    return total


def _among(ids: frozenset[str], key: Key, low: Place, high: Place) -> Piece:
    params = {"ids": sorted(ids), "after": low, "before": high}
    if key is Key.SPEND:
        return Piece("pages/spent_candidates", params)
    return Piece("pages/candidates", params, {"key": key.value})


def _between(key: Key, after: Place, before: Place) -> Piece:
    params = {"after": after, "before": before}
    if key is Key.SPEND:
        return Piece("pages/spent_between", params)
    return Piece("pages/between", params, {"key": key.value})


def _out_of(buckets: Sequence[int], after: Place, before: Place) -> Piece:
    return Piece("pages/buckets", {"buckets": list(buckets), "after": after, "before": before})


def _check(listed: Sequence[Listed], found: Iterable[Row]) -> None:
    """See that who was listed is who was found, each in the version of then.

    Raises:
        StaleReadError: customers came or changed between.
    """
    versions = {row["id"]: row["version"] for row in found}
    if versions != {one.customer.id: one.customer.version for one in listed}:
        raise StaleReadError("Customers came or changed while the page was being read.")


async def _candidates(reading: Reading, condition: Condition | None) -> frozenset[str] | None:
    """All customers that may fulfil the condition, where an index leads to few; else None."""
    seeds = [] if condition is None else driving(condition)[:MOST_SEEDS]
    found: dict[Piece, frozenset[str]] = {}
    if seeds:
        composed = Composed("customers/seeds").union(
            (seed, Piece("seeds/found", {"place": place, "limit": MOST_CANDIDATES + 1}))
            for place, seed in enumerate(seeds)
        )
        for row in await reading.rows(composed.statement(), **composed.params):
            if len(row["ids"]) <= MOST_CANDIDATES:
                found[seeds[row["place"]]] = frozenset(row["ids"])
    return None if condition is None else candidates(condition, found)


async def _rungs(reading: Reading, listing: Listing, last: int) -> list[str]:
    """Places between which about as many customers lie; no customer stands at one."""
    numbers = list(range(1, last + 1, max(last // RUNGS, 1)))
    column: Sequence[str]
    if listing.key is Key.SPEND:
        after, before = listing.ends
        [row] = await reading.rows(LADDER_SPENT, numbers=numbers, after=after, before=before)
        column = row["places"]
    else:
        [row] = await reading.rows(LADDER, numbers=numbers)
        column = row[listing.key.value]
    # A place ends in a number, and nothing begins with a whole place.
    return sorted({f"{place}~" for place in column})
