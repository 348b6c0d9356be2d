"""Health of identities: what may be wrong with them, in figures that lead to the cases.

Customers are walked by their buckets, identifiers by their label, changes and profiles by number,
the latter two within a bound. That takes seconds on a large graph, so what was counted is kept a
while, and says of when it is. It names customers and identifiers by id and key alone: whoever shows
them looks at what its caller may see.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from customers.changes import last_change
from customers.identity.articulation import articulations
from customers.identity.policy import OURS
from customers.identity.possible import Kind
from customers.identity.resolve import BUCKET
from customers.matches.match import Counted, Status, counted
from customers.numbers import last_number
from customers.reading import READ, Reading
from customers.times import now_ms
from cypher import Composed, Piece, Row, load

SIZES = load("health/sizes")
LARGEST = load("health/largest")
NAMESPACES = load("health/namespaces")
LINKS = load("health/links")
UNLINKED = load("health/unlinked")
REFUSALS = load("health/refusals")
DAYS = load("health/days")

KEPT_S = 60.0
# Buckets that one statement walks.
WINDOW = 400
# Sizes of customers that are counted together: from so many profiles on.
EDGES = (1, 2, 3, 6, 11, 51, 201)
LISTED = 10
# Of so many of the largest it is looked at what holds them together, and of no larger ones.
LOOKED_AT, MOST_PROFILES = 30, 2_000
SAMPLED = 2_000
CHANGES = 20_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """Customers of `least` to `most` profiles (None: any more), with an example of them."""

    least: int
    most: int | None
    customers: int
    profiles: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Sized:
    """A customer with its number of profiles."""

    customer: str
    profiles: int


@dataclass(frozen=True, slots=True)
class Namespace:
    """Identifiers of a namespace: in all, of several people, generic; the key of a generic one."""

    name: str
    identifiers: int
    shared: int
    generic: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Crowded:
    """An identifier with its people (None: they are not counted) and holders, by key."""

    key: str
    people: int | None
    holders: int


@dataclass(frozen=True, slots=True)
class Bridge:
    """An identifier without which a customer would fall into parts of so many profiles."""

    customer: str
    key: str
    parts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sparse:
    """A customer of so many profiles that share so few links."""

    customer: str
    profiles: int
    links: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often a source named what is no identifier, and why it is none."""

    source: str
    namespace: str
    reason: str
    count: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Day:
    """Changes of a UTC day (since 1970) by kind; `first` is the number of the first."""

    day: int
    kinds: Mapping[str, int]
    first: int


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Of some profiles of a source: how many share nothing; an example is a customer's id."""

    source: str
    profiles: int
    unlinked: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """Possible matches that await a person: how many by kind, how many are put off.

    `oldest` is since when the oldest of the open ones is one.
    """

    open: Mapping[Kind, int]
    snoozed: int
    oldest: int | None

    @classmethod
    def of(cls, found: Iterable[Counted]) -> "Review":
        """Out of what was counted."""
        known = [*found]
        listed = [one for one in known if one.status is Status.OPEN]
        return cls(
            {one.kind: one.matches for one in listed},
            sum(one.matches for one in known if one.status is Status.SNOOZED),
            min((one.oldest for one in listed), default=None),
        )


@dataclass(frozen=True, slots=True)
class Health:
    """All figures, as of `at`."""

    at: int
    sizes: Sequence[Sizes]
    largest: Sequence[Sized]
    namespaces: Sequence[Namespace]
    most_people: Sequence[Crowded]
    most_holders: Sequence[Crowded]
    bridges: Sequence[Bridge]
    sparsest: Sequence[Sparse]
    refusals: Sequence[Refusal]
    days: Sequence[Day]
    sources: Sequence[Unlinked]
    review: Review


class KeptHealth:
    """The figures that were counted last, for all who ask within a minute."""

    def __init__(self, kept_s: float = KEPT_S) -> None:
        """Nothing was counted yet."""
        self._kept_s = kept_s
        self._found: Health | None = None
        self._until = 0.0
        self._counting = asyncio.Lock()

    async def figures(self, reading: Reading) -> Health:
        """The figures; counted again where they are older. Who asks meanwhile waits.

        Raises:
            ForbiddenError: the caller may not read.
        """
        reading.principal.check(READ)
        async with self._counting:
            if self._found is None or time.monotonic() > self._until:
                self._found = await health(reading)
                self._until = time.monotonic() + self._kept_s
            return self._found


async def health(reading: Reading) -> Health:
    """Count everything."""
    at = now_ms()
    last = await last_number(reading.rows)
    sizes = await _sizes(reading, last)
    largest = await _largest(reading, last, sizes)
    bridges, sparsest = held_together(largest, await _links(reading, largest))
    return Health(
        at=at,
        sizes=histogram(sizes),
        largest=largest[:LISTED],
        namespaces=[
            Namespace(*(row[name] for name in _NAMESPACE))
            for row in sorted(
                await reading.rows(NAMESPACES, ours=OURS), key=lambda row: str(row["namespace"])
            )
        ],
        most_people=await _most(reading, "people", 2),
        most_holders=await _most(reading, "holders", 2),
        bridges=bridges,
        sparsest=sparsest,
        refusals=[
            Refusal(row["source"], row["namespace"], row["reason"], row["count"], row["lastAt"])
            for row in await reading.rows(REFUSALS, most=LISTED * 5)
        ],
        days=await _days(reading),
        sources=[
            Unlinked(row["source"], row["profiles"], row["unlinked"], row["example"])
            for row in sorted(
                await reading.rows(UNLINKED, numbers=sample(last)),
                key=lambda row: str(row["source"]),
            )
        ],
        review=Review.of(await counted(reading)),
    )


_NAMESPACE = ("namespace", "identifiers", "shared", "generic", "example")


def sample(last: int) -> list[int]:
    """Numbers of profiles, evenly spread over all."""
    count = min(last, SAMPLED)
    return [1 + n * last // count for n in range(count)]


def histogram(sizes: Mapping[int, tuple[int, str]]) -> list[Sizes]:
    """How many customers are how large, out of their number by size, each with an example."""
    found = []
    for place, least in enumerate(EDGES):
        most = EDGES[place + 1] - 1 if place + 1 < len(EDGES) else None
        inside = {
            size: one
            for size, one in sorted(sizes.items())
            if size >= least and (most is None or size <= most)
        }
        customers = sum(count for count, _ in inside.values())
        profiles = sum(size * count for size, (count, _) in inside.items())
        example = inside[max(inside)][1] if inside else None
        found.append(Sizes(least, most, customers, profiles, example))
    return found


def held_together(
    largest: Iterable[Sized], links: Mapping[str, Sequence[tuple[int, str]]]
) -> tuple[list[Bridge], list[Sparse]]:
    """What holds customers together by itself, the worst first, and those that share the least."""
    bridges: list[Bridge] = []
    sparsest: list[Sparse] = []
    for one in largest:
        if one.customer not in links:
            continue
        held = links[one.customer]
        bridges += [
            Bridge(one.customer, key, parts)
            for key, parts in articulations(held).items()
            if not key.startswith(OURS)
        ]
        holders: dict[str, set[int]] = defaultdict(set)
        for profile, key in held:
            holders[key].add(profile)
        shared = sum(len(them) for them in holders.values() if len(them) > 1)
        sparsest.append(Sparse(one.customer, one.profiles, shared))
    bridges.sort(key=lambda one: (-one.parts[1], -one.parts[0], one.customer, one.key))
    sparsest.sort(key=lambda one: (one.links / one.profiles, -one.profiles, one.customer))
    return bridges[:LISTED], sparsest[:LISTED]


def _windows(last: int) -> list[list[int]]:
    every = range(last // BUCKET + 1)
    return [[*every[begin : begin + WINDOW]] for begin in range(0, len(every), WINDOW)]


async def _sizes(reading: Reading, last: int) -> dict[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    for buckets in _windows(last):
        for row in await reading.rows(SIZES, buckets=buckets):
            count, example = found.get(row["size"], (0, row["example"]))
            found[row["size"]] = count + row["customers"], example
    return found


async def _largest(
    reading: Reading, last: int, sizes: Mapping[int, tuple[int, str]]
) -> list[Sized]:
    """The largest customers of several profiles."""
    least, count = 2, 0
    for size in sorted(sizes, reverse=True):
        count += sizes[size][0]
        if count >= LOOKED_AT:
            least = max(size, 2)
            break
    found: list[Row] = []
    for buckets in _windows(last):
        found += await reading.rows(LARGEST, buckets=buckets, size=least, most=LOOKED_AT)
    found.sort(key=lambda row: (-row["size"], row["id"]))
    return [Sized(row["id"], row["size"]) for row in found[:LOOKED_AT]]


async def _links(reading: Reading, largest: Iterable[Sized]) -> dict[str, list[tuple[int, str]]]:
    ids = [one.customer for one in largest if one.profiles <= MOST_PROFILES]
    rows = await reading.rows(LINKS, ids=ids) if ids else []
    return {
        row["customer"]: [(link["profile"], link["key"]) for link in row["links"]] for row in rows
    }


async def _most(reading: Reading, by: str, at_least: int) -> list[Crowded]:
    piece = Piece("health/most", {"ours": OURS, "atLeast": at_least, "most": LISTED}, {"by": by})
    composed = Composed("health/most").add(piece)
    rows = await reading.rows(composed.statement(), **composed.params)
    return [Crowded(row["key"], row["people"], row["holders"] or 0) for row in rows]


async def _days(reading: Reading) -> list[Day]:
    """The newest changes by day, the newest first."""
    last = await last_change(reading)
    begin = max(1, last - CHANGES + 1)
    rows = await reading.rows(DAYS, **{"from": begin, "to": last})
    days: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        days[row["day"]].append(row)
    return [
        Day(
            day,
            {row["kind"]: row["changes"] for row in days[day]},
            min(row["first"] for row in days[day]),
        )
        for day in sorted(days, reverse=True)
    ]
