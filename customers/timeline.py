"""Timeline: what a customer did, the newest first, out of the periods of its profiles.

Neither engine pages a dense fan-out in order. A period (a UTC day of a profile) is a small node
that counts; the newest periods that hold enough say which buckets of interactions to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from customers.page import END, LAST_KEY, Page
from customers.reading import Reading
from cypher import Row, load

PERIODS_PAGE = load("timeline/periods_page")
INTERACTIONS = load("timeline/interactions")
BY_KEYS = load("timeline/interactions_by_keys")


@dataclass(frozen=True, slots=True)
class Period:
    """A UTC day of a profile: how much it holds, and the times of the first and the last."""

    key: str
    count: int
    earliest: int
    latest: int


def period(row: Row) -> Period:
    """A period out of a row."""
    return Period(row["key"], row["count"], row["earliest"], row["latest"])


@dataclass(frozen=True, slots=True)
class ProductLine:
    """What an interaction was about; `amount` in minor units of the interaction's currency."""

    key: str
    name: str | None
    category: str | None
    quantity: float
    amount: int | None


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that happened; `amount` in minor units, `at` in epoch milliseconds."""

    key: str
    type: str
    name: str | None
    at: int
    channel: str | None
    amount: int | None
    currency: str | None
    order_id: str | None
    properties: Mapping[str, Any]
    device: str | None
    products: Sequence[ProductLine]


def _interaction(row: Row) -> Interaction:
    return Interaction(
        key=row["key"],
        type=row["type"],
        name=row["name"],
        at=row["at"],
        channel=row["channel"],
        amount=row["amount"],
        currency=row["currency"],
        order_id=row["orderId"],
        properties=orjson.loads(row["properties"]),
        device=row["device"],
        products=[
            ProductLine(one["key"], one["name"], one["category"], one["quantity"], one["amount"])
            for one in row["products"]
            if one["key"] is not None
        ],
    )


@dataclass(frozen=True, slots=True)
class TimelineWanted:
    """A page of a customer's timeline: after the position `(at, key)`, or from the newest on.

    `periods` are its latest periods where a read has brought them: at least `first` + 1, or all.
    """

    customer: str
    first: int
    position: tuple[int, str] | None = None
    periods: tuple[Period, ...] | None = None


async def timelines(
    reading: Reading,
    wanted: Sequence[TimelineWanted],
) -> list[Page[Interaction]]:
    """Pages of interactions, the newest first; one statement if the periods are known, else two."""
    most = max(one.first for one in wanted) + 1
    periods = await _periods(reading, wanted, most)
    pages = []
    for place, one in enumerate(wanted):
        at, key = one.position or (END, LAST_KEY)
        if buckets := enough(periods[place], at, one.first + 1):
            pages.append({"place": place, "at": at, "key": key, "buckets": buckets})
    found: dict[int, list[Interaction]] = {place: [] for place in range(len(wanted))}
    if pages:
        for row in await reading.rows(INTERACTIONS, pages=pages, first=most):
            found[row["page"]].append(_interaction(row))
    return [
        Page.of(found[place], one.first, after=one.position is not None)
        for place, one in enumerate(wanted)
    ]


async def interactions_by_keys(reading: Reading, keys: Sequence[str]) -> list[Interaction | None]:
    """Interactions in the order of `keys`; None where there is none."""
    rows = await reading.rows(BY_KEYS, keys=list(keys))
    found = {row["key"]: _interaction(row) for row in rows}
    return [found.get(key) for key in keys]


def enough(periods: Sequence[Period], at: int, need: int) -> list[str]:
    """The keys of as few of `periods`, latest first, as surely hold the newest `need` before `at`.

    A period is sure once all it holds is newer than whatever the periods not taken hold; one that
    reaches beyond `at` may hold nothing older and counts for nothing.
    """
    taken: list[Period] = []
    for one in periods:
        sure = sum(
            early.count for early in taken if one.latest < early.earliest and early.latest < at
        )
        if sure >= need:
            break
        taken.append(one)
    return [one.key for one in taken]


async def _periods(
    reading: Reading,
    wanted: Sequence[TimelineWanted],
    most: int,
) -> list[Sequence[Period]]:
    """The latest periods of each page before its position, read where they are not known.

    The newest n interactions lie in the n periods that end last: a period that ends before n others
    holds nothing newer than what each of them ends with.
    """
    known: dict[int, Sequence[Period]] = {}
    pages = []
    for place, one in enumerate(wanted):
        if one.position is None and one.periods is not None:
            known[place] = one.periods
        else:
            at = END if one.position is None else one.position[0]
            pages.append({"place": place, "customer": one.customer, "at": at})
    if pages:
        rows = await reading.rows(PERIODS_PAGE, pages=pages, first=most)
        reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
        known |= {row["page"]: [period(found) for found in row["found"]] for row in rows}
    return [known.get(place, ()) for place in range(len(wanted))]
