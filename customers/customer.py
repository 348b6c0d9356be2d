"""Customer: the person we believe some profiles to be, with the bounded facets of a 360 view."""

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from customers.errors import StaleReadError
from customers.identifier import Identifier, identifier
from customers.identity.policy import Policy
from customers.ingest.dealings import CROWD
from customers.page import END, LAST_KEY, Page, PageWanted
from customers.profile import Profile, profile
from customers.purchase import Sighting, sighting
from customers.reading import Reading
from customers.recommendation.leads import TELLING, Leads, leads_of
from customers.stats.quintiles import Quintiles
from customers.stats.stats import stats_of
from customers.stats.worth import Worth
from customers.timeline import Brought, TimelineWanted, timeline
from customers.timeline_filter import EVERYTHING, TimelineFilter
from customers.total import Total, totals_of
from customers.traits import shown
from cypher import Row, Statement, load

BY_IDS = load("customers/by_ids")
BY_IDENTIFIERS = load("customers/by_identifiers")
TRUSTED_HOLDERS = load("customers/trusted_holders")
# Statements of their own, since what is planned with them takes long, and few ask for it.
BY_ID_WITH_LEADS = load("customers/by_id_with_leads")
BY_IDENTIFIER_WITH_LEADS = load("customers/by_identifier_with_leads")
PROFILES_PAGE = load("customers/profiles_page")
IDENTIFIERS_PAGE = load("customers/identifiers_page")

# A read that overlaps a move is read again; after that the whole answer is.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Facets:
    """What a read brings of each customer: how many at most, or whether at all.

    `periods` are those of each of `timelines`, which have no end (`until`). `basket` and `alike`
    (who else bought what is in it) come where one customer is asked for. `selected` names the
    facets of which any page is asked for, be it one after a cursor.
    """

    profiles: int = 0
    identifiers: int = 0
    devices: int = 0
    periods: int = 0
    timelines: tuple[TimelineFilter, ...] = ()
    totals: bool = False
    stats: bool = False
    counts: bool = False
    basket: bool = False
    alike: bool = False
    selected: frozenset[str] = frozenset()

    def params(self) -> dict[str, Any]:
        """As parameters; one more of each tells whether there are more."""
        return {
            "profiles": self.profiles and self.profiles + 1,
            "identifiers": self.identifiers and self.identifiers + 1,
            "devices": self.devices and self.devices + 1,
            "periods": self.periods + 1,
            "timelines": [{"since": one.since, "needles": one.needles()} for one in self.timelines],
            "orders": self.totals or self.stats or self.basket or bool(self.timelines),
            "totals": self.totals,
            "stats": self.stats,
            "counts": self.counts,
        }

    def read_by(
        self, asked: Sequence[str], plain: Statement, with_leads: Statement
    ) -> tuple[Statement, dict[str, Any]]:
        """The statement that brings them, and its further parameters: leads are those of one."""
        if not self.basket or len(asked) != 1:
            return plain, {}
        return with_leads, {"alike": self.alike, "telling": TELLING, "crowd": CROWD}


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer with the facets that were asked for; the lists are as long as `facets` allows.

    `as_of` is the recorded time at which it had these profiles; None is now.
    """

    id: str
    number: int
    version: int
    created_at: int
    size: int
    traits: Mapping[str, Mapping[str, Any]]
    facets: Facets
    profiles: Sequence[Profile]
    identifiers: Sequence[Identifier]
    devices: Sequence[Identifier]
    timelines: Mapping[TimelineFilter, Brought]
    totals: Sequence[Total]
    worth: Worth
    identifier_count: int
    device_count: int
    household: str | None
    pending: bool
    leads: Leads | None = None
    as_of: int | None = None

    @property
    def display_name(self) -> str:
        """First and last name, else the whole name, else that nobody knows it yet."""
        names = [
            str(self.traits[name]["value"])
            for name in ("firstName", "lastName")
            if name in self.traits
        ]
        if not names and "name" in self.traits:
            names = [str(self.traits["name"]["value"])]
        return " ".join(names) or "Unknown visitor"

    def timeline(
        self, first: int, position: tuple[int, str] | None, chosen: TimelineFilter
    ) -> TimelineWanted:
        """A page of its timeline, with what is known of it already."""
        if self.as_of is not None:
            whole = self.timelines[EVERYTHING]
            return TimelineWanted(self.id, first, position, chosen, whole, self.as_of)
        fits = position is None and first <= self.facets.periods
        brought = self.timelines.get(chosen) if fits else None
        return TimelineWanted(self.id, first, position, chosen, brought)

    def profile_page(self, first: int, position: tuple[Any, ...]) -> Page[Profile] | None:
        """A page of its profiles by number, where a read has brought it."""
        if first > self.facets.profiles or (position and self.as_of is None):
            return None
        rest = [one for one in self.profiles if not position or (one.number,) > position]
        return Page.of(rest, first, after=bool(position))

    def identifier_page(self, first: int, position: tuple[Any, ...]) -> Page[Identifier] | None:
        """A page of its identifiers, the last seen first, where a read has brought it."""
        return self._page(self.identifiers, self.facets.identifiers, first, position)

    def device_page(self, first: int, position: tuple[Any, ...]) -> Page[Identifier] | None:
        """A page of its devices, the last seen first, where a read has brought it."""
        return self._page(self.devices, self.facets.devices, first, position)

    def _page(
        self, items: Sequence[Identifier], brought: int, first: int, position: tuple[Any, ...]
    ) -> Page[Identifier] | None:
        if first > brought or (position and self.as_of is None):
            return None
        rest = [one for one in items if not position or (one.last_seen, one.key) < position]
        return Page.of(rest, first, after=bool(position))


def _customer(row: Row, facets: Facets, reading: Reading) -> Customer:
    found, masks = row["customer"], reading.masks
    sightings = [sighting(one) for one in found["sightings"]]
    totals = totals_of(found["totals"], sightings)
    return Customer(
        id=found["id"],
        number=found["number"],
        version=row["after"],
        created_at=found["createdAt"],
        size=found["size"],
        traits=shown(orjson.loads(found["traits"]), masks, reading.hidden),
        facets=facets,
        profiles=[profile(one, masks, found["id"]) for one in found["profiles"]],
        identifiers=[identifier(one, masks) for one in found["identifiers"]],
        devices=[identifier(one, masks) for one in found["devices"]],
        timelines=dict(_timelines(found, facets)),
        totals=totals,
        worth=_worth(found, sightings, totals) if facets.stats else Worth(),
        identifier_count=found["identifierCount"],
        device_count=found["deviceCount"],
        household=found["household"],
        pending=bool(found["pending"]),
        leads=leads_of(found, alike=facets.alike),
    )


def _worth(found: Row, sightings: Sequence[Sighting], totals: Sequence[Total]) -> Worth:
    stats = stats_of(found["facts"], sightings)
    fifths = [Quintiles.loads(one["key"], one["text"]) for one in found["quintiles"]]
    return Worth(
        stats,
        found["firstSeen"],
        sum(one.count for one in totals),
        next((one.scores(stats) for one in fifths), None),
    )


def _stood(row: Row) -> bool:
    """Whether the customer was the same before and after its facets were read, and not closed.

    One that was found by a profile is closed, or has no version before, if the profile was moved
    before it was looked at.
    """
    found = row["customer"]
    return found["before"] == row["after"] and found.get("closedAt") is None


def _timelines(found: Row, facets: Facets) -> Iterator[tuple[TimelineFilter, Brought]]:
    """The timelines of which enough was brought.

    A period of an old graph may hold nothing of the chosen kinds, and may have kept others out.
    """
    for chosen, row in zip(facets.timelines, found["timelines"], strict=True):
        if not chosen.by_kind or all(one["kinds"] is not None for one in row["found"]):
            yield chosen, timeline(row, found["sightings"])


async def read_customers(
    reading: Reading,
    statement: Statement,
    facets: Facets,
    **params: Any,  # noqa: ANN401 - parameters are JSON-like
) -> list[tuple[Any, Customer]]:
    """Rows `(wanted, customer)` of a statement that goes on in the facets."""
    rows = await settled(reading, statement, hidden=reading.hidden, **params, **facets.params())
    return [(row["wanted"], _customer(row, facets, reading)) for row in rows]


async def settled(
    reading: Reading,
    statement: Statement,
    **params: Any,  # noqa: ANN401 - parameters are JSON-like
) -> list[Row]:
    """Rows of a statement that looks at each customer's version before and after, once it stood."""
    for _ in range(TRIES):
        rows = await reading.rows(statement, **params)
        if all(_stood(row) for row in rows):
            reading.versions.saw_read((row["customer"]["id"], row["after"]) for row in rows)
            return rows
        await asyncio.sleep(random.uniform(0.001, 0.010))  # noqa: S311 - jitter
    raise StaleReadError("The customers kept changing while they were read; try again.")


async def customers_by_ids(
    reading: Reading,
    ids: Sequence[str],
    facets: Facets,
) -> list[Customer | None]:
    """Customers by any id they ever had, in the order of `ids`; None where there is none."""
    found: dict[str, Customer] = {}
    for _ in range(2):
        # A read amid a move may miss the profile: what seems to be nobody's is read twice.
        if missing := [one for one in dict.fromkeys(ids) if one not in found]:
            statement, more = facets.read_by(missing, BY_IDS, BY_ID_WITH_LEADS)
            found |= dict(await read_customers(reading, statement, facets, ids=missing, **more))
    return [found.get(one) for one in ids]


async def customers_by_identifiers(
    reading: Reading,
    keys: Sequence[str],
    most: int,
    facets: Facets,
) -> list[list[Customer]]:
    """The customers that hold each identifier, oldest first, at most `most` of each."""
    unique = list(dict.fromkeys(keys))
    statement, more = facets.read_by(unique, BY_IDENTIFIERS, BY_IDENTIFIER_WITH_LEADS)
    rows = await read_customers(reading, statement, facets, keys=unique, most=most, **more)
    found: dict[str, list[Customer]] = {}
    for key, one in rows:
        found.setdefault(key, []).append(one)
    return [sorted(found.get(key, []), key=lambda one: one.number) for key in keys]


async def trusted_holders(reading: Reading, key: str, policy: Policy) -> set[str]:
    """The ids of the customers of whom a source that is trusted says that they hold it."""
    rows = await reading.rows(TRUSTED_HOLDERS, key=key, doubtful=[*policy.doubtful])
    return {row["customer"] for row in rows}


async def profile_pages(
    reading: Reading,
    wanted: Sequence[PageWanted],
) -> list[Page[Profile]]:
    """Further profiles by number; the position is `(number,)`."""
    pages = [
        {"place": place, "customer": one.of, "after": one.position[0] if one.position else 0}
        for place, one in enumerate(wanted)
    ]
    first = max(one.first for one in wanted)
    rows = await reading.rows(PROFILES_PAGE, pages=pages, first=first + 1)
    reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
    found = {
        row["page"]: [profile(one, reading.masks, row["customer"]) for one in row["found"]]
        for row in rows
    }
    return [
        Page.of(found.get(place, []), one.first, after=bool(one.position))
        for place, one in enumerate(wanted)
    ]


async def identifier_pages(
    reading: Reading,
    wanted: Sequence[PageWanted],
    *,
    devices: bool,
) -> list[Page[Identifier]]:
    """Further identifiers or devices, the last seen first; positions are `(lastSeen, key)`."""
    pages = []
    for place, one in enumerate(wanted):
        at, key = one.position or (END, LAST_KEY)
        pages.append({"place": place, "customer": one.of, "at": at, "key": key})
    first = max(one.first for one in wanted)
    rows = await reading.rows(
        IDENTIFIERS_PAGE, pages=pages, first=first + 1, devices=devices, hidden=reading.hidden
    )
    reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
    found = {row["page"]: [identifier(one, reading.masks) for one in row["found"]] for row in rows}
    return [
        Page.of(found.get(place, []), one.first, after=bool(one.position))
        for place, one in enumerate(wanted)
    ]
