"""Timeline: what a customer did, the newest first, out of the periods of its profiles.

Neither engine pages a dense fan-out in order. A period (a UTC day of a profile) is a small node
that counts; the newest periods that hold enough say which buckets of interactions to read. Of a
purchase that several sources saw, one sighting is shown, and the others are not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from customers.access.masks import Masks
from customers.page import END, LAST_KEY, Page
from customers.period import Period, enough, holdings, period
from customers.purchase import Sighting, hidden, purchases, sighting
from customers.reading import Reading
from customers.timeline_filter import EVERYTHING, TimelineFilter
from cypher import Row, load

PERIODS_PAGE = load("timeline/periods_page")
INTERACTIONS = load("timeline/interactions")
BY_KEYS = load("timeline/interactions_by_keys")


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
    """Something that happened; `amount` in minor units, `at` in epoch milliseconds.

    `profile` is the key of the one whose it is, `sightings` what each source saw of it. `as_of` is
    the recorded time as of which it was asked for; None is now.
    """

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
    profile: str
    source: str
    sightings: Sequence[Sighting]
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What is known of a customer's timeline: its latest periods, and orders seen more than once.

    The periods of these orders are among the periods.
    """

    periods: Sequence[Period]
    sightings: Sequence[Sighting] = ()


@dataclass(frozen=True, slots=True)
class TimelineWanted:
    """A page of a customer's timeline: after the position `(at, key)`, or from the newest on.

    `brought` is there where a read has brought it: at least the `first` + 1 latest periods that
    hold what is chosen, or all. Of what was recorded after `recorded` nothing is shown.
    """

    customer: str
    first: int
    position: tuple[int, str] | None = None
    chosen: TimelineFilter = EVERYTHING
    brought: Brought | None = field(default=None, compare=False)
    recorded: int = END

    @property
    def start(self) -> tuple[int, str]:
        """The position before which the page lies."""
        if self.position is not None:
            return self.position
        return (END, LAST_KEY) if self.chosen.until == END else (self.chosen.until, "")


def timeline(row: Row, sightings: Sequence[Row]) -> Brought:
    """What a row brings: the latest periods, and in `sightings` also their periods."""
    found = {one["bucket"]: period(one | {"key": one["bucket"]}) for one in sightings}
    found |= {one["key"]: period(one) for one in row["found"]}
    return Brought([*found.values()], [sighting(one) for one in sightings])


class _Page:
    """A page that is wanted, with what is known of its customer's timeline."""

    def __init__(self, wanted: TimelineWanted, brought: Brought) -> None:
        self.wanted = wanted
        chosen = wanted.chosen
        self._periods = {one.key: one for one in brought.periods}
        found = purchases(brought.sightings)
        self._purchases = {seen.key: one for one in found for seen in one}
        behind = hidden(found, lambda one: chosen.meets(one.type, one.channel, one.at))
        held = holdings(brought.periods, chosen, (one.bucket for one in behind))
        self.buckets = enough(held, wanted.start[0], wanted.first + 1)
        named = set(self.buckets)
        self._hidden = [one.key for one in behind if one.bucket in named]

    def params(self, place: int) -> Row:
        """What the statement needs to read the page."""
        at, key = self.wanted.start
        chosen = self.wanted.chosen
        return {
            "place": place,
            "at": at,
            "key": key,
            "since": chosen.since,
            "recorded": self.wanted.recorded,
            "types": chosen.types,
            "channels": chosen.channels,
            "hidden": self._hidden,
            "buckets": self.buckets,
        }

    def interaction(self, row: Row, masks: Masks) -> Interaction:
        """An interaction of the page."""
        held = self._periods[row["bucket"]]
        seen = self._purchases.get(row["key"]) or [_sighting(row, held)]
        return _interaction(row, held, seen, masks, self.wanted.recorded)


def _interaction(
    row: Row,
    held: Period,
    sightings: Sequence[Sighting],
    masks: Masks,
    recorded: int = END,
) -> Interaction:
    return Interaction(
        key=row["key"],
        type=row["type"],
        name=row["name"],
        at=row["at"],
        channel=row["channel"],
        amount=row["amount"],
        currency=row["currency"],
        order_id=row["orderId"],
        properties=masks.traits_of(orjson.loads(row["properties"])),
        device=row["device"] and masks.identifier_key(row["device"]),
        products=[
            ProductLine(one["key"], one["name"], one["category"], one["quantity"], one["amount"])
            for one in row["products"]
            if one["key"] is not None
        ],
        profile=held.profile,
        source=held.source,
        sightings=sightings,
        as_of=None if recorded == END else recorded,
    )


def _sighting(row: Row, held: Period) -> Sighting:
    return Sighting(
        row["key"],
        held.key,
        held.source,
        held.source_id,
        row["type"],
        row["at"],
        row["channel"],
        row["amount"],
        row["currency"],
    )


async def timelines(
    reading: Reading,
    wanted: Sequence[TimelineWanted],
) -> list[Page[Interaction]]:
    """Pages of interactions, the newest first; one statement if the periods are known, else two."""
    most = max(one.first for one in wanted) + 1
    brought = await _brought(reading, wanted, most)
    pages = [_Page(*both) for both in zip(wanted, brought, strict=True)]
    rows = [page.params(place) for place, page in enumerate(pages) if page.buckets]
    found: list[list[Interaction]] = [[] for _ in wanted]
    if rows:
        for row in await reading.rows(INTERACTIONS, pages=rows, first=most):
            found[row["page"]].append(pages[row["page"]].interaction(row, reading.masks))
    return [
        Page.of(found[place], one.first, after=one.position is not None)
        for place, one in enumerate(wanted)
    ]


async def interactions_by_keys(reading: Reading, keys: Sequence[str]) -> list[Interaction | None]:
    """Interactions in the order of `keys`, each as its source saw it; else None."""
    rows = await reading.rows(BY_KEYS, keys=list(keys))
    found = {row["key"]: _alone(row, reading.masks) for row in rows}
    return [found.get(key) for key in keys]


def _alone(row: Row, masks: Masks) -> Interaction:
    held = Period(row["bucket"], 1, row["at"], row["at"], row["source"], row["sourceId"])
    return _interaction(row, held, [_sighting(row, held)], masks)


async def _brought(
    reading: Reading,
    wanted: Sequence[TimelineWanted],
    most: int,
) -> list[Brought]:
    """The latest periods of each page before its position, read where they are not known.

    The newest n interactions lie in the n periods that end last: a period that ends before n others
    holds nothing newer than what each of them ends with. A period of which something is hidden may
    show nothing; these come besides.
    """
    known: dict[int, Brought] = {}
    pages = []
    for place, one in enumerate(wanted):
        if one.brought is not None:
            known[place] = one.brought
        elif not one.chosen.nothing:
            row = {"place": place, "customer": one.customer, "at": one.start[0]}
            pages.append(row | {"since": one.chosen.since, "needles": one.chosen.needles()})
    if pages:
        rows = await reading.rows(PERIODS_PAGE, pages=pages, first=most, hidden=reading.hidden)
        reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
        known |= {row["page"]: timeline(row, row["sightings"]) for row in rows}
    return [known.get(place, Brought(())) for place in range(len(wanted))]
