"""Period: a UTC day of a profile, which counts what it holds and so says whether to read it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

import orjson

from customers.kinds import Kind, dumps, loads
from customers.timeline_filter import TimelineFilter
from cypher import Row


@dataclass(frozen=True, slots=True)
class Period:
    """How much a day of a profile holds, and the times of the first and the last.

    `types` (JSON) and `kinds` are there where a filter asks for them; periods of old graphs count
    by type alone, and have no `kinds`.
    """

    key: str
    count: int
    earliest: int
    latest: int
    source: str
    source_id: str
    types: str | None = None
    kinds: str | None = None

    @property
    def profile(self) -> str:
        """The key of its profile."""
        return self.key.rpartition("|")[0]

    def counted(self, chosen: TimelineFilter) -> tuple[int, int]:
        """How many of the chosen types and channels it holds: at least, and at most."""
        if not chosen.by_kind:
            return self.count, self.count
        if self.kinds is not None:
            exact = sum(n for kind, n in loads(self.kinds).items() if chosen.has(kind))
            return exact, exact
        types = orjson.loads(self.types or "{}").items()
        most = sum(n for name, n in types if chosen.types is None or name in chosen.types)
        return (most if chosen.channels is None else 0), most

    def without(self, later: Iterable[Row]) -> "Period":
        """The period before some of what it holds was recorded: counts by type and channel.

        The times of the first and the last stay; they are bounds.
        """
        less: Counter[Kind] = Counter()
        for row in later:
            less[row["type"], row["channel"] or ""] += row["count"]
        types = Counter(orjson.loads(self.types or "{}"))
        for (name, _), count in less.items():
            types[name] -= count
        return replace(
            self,
            count=self.count - less.total(),
            types=orjson.dumps(types).decode(),
            kinds=None if self.kinds is None else dumps(loads(self.kinds) - less),
        )


def period(row: Row) -> Period:
    """A period out of a row."""
    return Period(
        row["key"],
        row["count"],
        row["earliest"],
        row["latest"],
        row["source"],
        row["sourceId"],
        row["types"],
        row["kinds"],
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """A period that may hold what is wanted, and how much of it surely."""

    key: str
    earliest: int
    latest: int
    surely: int


def holdings(
    periods: Iterable[Period], chosen: TimelineFilter, hidden: Iterable[str]
) -> list[Holding]:
    """What periods hold of the chosen, the latest first.

    `hidden` are the periods of what is chosen and not shown.
    """
    less: dict[str, int] = {}
    for key in hidden:
        less[key] = less.get(key, 0) + 1
    found = []
    for one in periods:
        least, most = (n - less.get(one.key, 0) for n in one.counted(chosen))
        if most > 0 and chosen.since <= one.latest and one.earliest < chosen.until:
            found.append(Holding(one.key, one.earliest, one.latest, max(least, 0)))
    return sorted(found, key=lambda one: (one.latest, one.key), reverse=True)


def enough(holdings: Sequence[Holding], at: int, need: int) -> list[str]:
    """The keys of as few, latest first, as surely hold the newest `need` before `at`.

    A period is sure once all it holds is newer than whatever the periods not taken hold; one that
    reaches beyond `at` may hold nothing older and counts for nothing. What reaches back beyond the
    chosen time may be sure: no holding lies before it.
    """
    taken: list[str] = []
    waiting: list[tuple[int, int]] = []
    sure = 0
    for one in holdings:
        while waiting and -waiting[0][0] > one.latest:
            sure += heappop(waiting)[1]
        if sure >= need:
            break
        taken.append(one.key)
        if one.latest < at:
            heappush(waiting, (-one.earliest, one.surely))
    return taken
