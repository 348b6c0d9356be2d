"""Which periods are read for a page: as few as surely hold it."""

import json
from collections import Counter
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from customers import kinds
from customers.page import END
from customers.period import Holding, Period, enough, holdings
from customers.timeline_filter import EVERYTHING, TimelineFilter
from cypher import Row

NAMES = ("page", "call")
CHANNELS = ("web", "store", "")


@dataclass(frozen=True)
class Event:
    """An interaction of a period of ten milliseconds."""

    at: int
    profile: str
    type: str
    channel: str
    shown: bool

    @property
    def bucket(self) -> str:
        return f"{self.profile}|{self.at // 10}"


EVENTS = st.lists(
    st.builds(
        Event,
        at=st.integers(0, 69),
        profile=st.sampled_from("ab"),
        type=st.sampled_from(NAMES),
        channel=st.sampled_from(CHANNELS),
        shown=st.booleans(),
    ),
    min_size=5,
    max_size=40,
)
FILTERS = st.builds(
    TimelineFilter,
    types=st.none() | st.sets(st.sampled_from(NAMES)).map(tuple),
    channels=st.none() | st.sets(st.sampled_from(CHANNELS[:2])).map(tuple),
    since=st.just(-END) | st.integers(0, 40),
    until=st.just(END) | st.integers(41, 80),
)


def period(key: str, events: list[Event], *, old: bool) -> Period:
    """A period as the graph has it; an old one counts by type alone."""
    return Period(
        key,
        len(events),
        min(one.at for one in events),
        max(one.at for one in events),
        "s",
        key,
        json.dumps(Counter(one.type for one in events)),
        None if old else kinds.dumps(Counter((one.type, one.channel) for one in events)),
    )


def periods(events: list[Event], old: set[int]) -> list[Period]:
    held: dict[str, list[Event]] = {}
    for one in events:
        held.setdefault(one.bucket, []).append(one)
    return [
        period(key, within, old=n in old) for n, (key, within) in enumerate(sorted(held.items()))
    ]


@settings(max_examples=500)
@given(EVENTS, FILTERS, st.integers(0, 80), st.integers(1, 8), st.sets(st.integers(0, 15)))
def test_the_newest_shown_of_the_chosen_lie_in_what_is_read(
    events: list[Event], chosen: TimelineFilter, at: int, need: int, old: set[int]
) -> None:
    at = min(at, chosen.until)
    meant = [one for one in events if chosen.meets(one.type, one.channel, one.at)]
    behind = [one.bucket for one in meant if not one.shown]
    found = enough(holdings(periods(events, old), chosen, behind), at, need)
    wanted = sorted((one for one in meant if one.shown and one.at < at), key=lambda one: -one.at)
    wanted = wanted[:need]
    # Whatever else happened at the moment of the last is as good.
    read = sorted(
        (one.at for one in meant if one.shown and one.at < at and one.bucket in found), reverse=True
    )
    assert read[:need] == [one.at for one in wanted]


@given(EVENTS, FILTERS, st.integers(1, 8))
def test_no_period_is_read_that_holds_nothing_of_the_chosen_kinds(
    events: list[Event], chosen: TimelineFilter, need: int
) -> None:
    found = enough(holdings(periods(events, set()), chosen, ()), END, need)
    assert set(found) <= {one.bucket for one in events if chosen.has((one.type, one.channel))}


def holding(key: str, earliest: int, latest: int, surely: int) -> Holding:
    return Holding(key, earliest, latest, surely)


def test_reading_ends_with_the_first_periods_that_surely_hold_enough() -> None:
    days = [holding(f"d{n}", 100 - 10 * n, 105 - 10 * n, 5) for n in range(10)]
    assert enough(days, END, 5) == ["d0"]
    assert enough(days, END, 6) == ["d0", "d1"]
    # What reaches beyond the position counts for nothing.
    assert enough(days, 103, 5) == ["d0", "d1"]


def test_a_period_that_another_reaches_into_is_not_sure_yet() -> None:
    both = [holding("a", 0, 10, 5), holding("b", 3, 9, 5), holding("c", -5, -1, 5)]
    assert enough(both, END, 5) == ["a", "b"]
    assert enough(both, END, 11) == ["a", "b", "c"]
    # What the next has at the same moment may come first by its key.
    touching = [holding("a", 5, 10, 5), holding("b", 1, 5, 5)]
    assert enough(touching, END, 5) == ["a", "b"]
    assert enough([touching[0], holding("b", 1, 4, 5)], END, 5) == ["a"]


def test_a_rare_type_reads_the_days_that_have_it() -> None:
    dense = [Event(10 * n, "a", "page", "web", shown=True) for n in range(7) for _ in range(100)]
    rare = [Event(25, "a", "call", "", shown=True)]
    chosen = TimelineFilter(types=("call",))
    assert enough(holdings(periods(dense + rare, set()), chosen, ()), END, 11) == ["a|2"]


def test_a_day_whose_every_sighting_is_hidden_is_not_read() -> None:
    days = periods([Event(5, "a", "page", "web", shown=True)], set())
    assert holdings(days, EVERYTHING, ["a|0"]) == []


def test_an_old_day_counts_by_type_and_may_hold_any_channel() -> None:
    [old] = periods([Event(5, "a", "page", "web", shown=True)] * 3, {0})
    assert old.counted(TimelineFilter(types=("page",))) == (3, 3)
    assert old.counted(TimelineFilter(types=("call",))) == (0, 0)
    assert old.counted(TimelineFilter(channels=("store",))) == (0, 3)
    assert old.counted(TimelineFilter(types=("call",), channels=("web",))) == (0, 0)


def test_a_day_before_some_of_it_was_recorded_has_less_of_each_kind() -> None:
    day = Period(
        "a|1",
        10,
        0,
        9,
        "s",
        "a",
        '{"page":7,"call":3}',
        kinds.dumps(Counter({("page", "web"): 7, ("call", ""): 3})),
    )
    # Of one kind the graph tells by currency, too.
    later: list[Row] = [
        {"type": "page", "channel": "web", "currency": None, "count": 2},
        {"type": "page", "channel": "web", "currency": "EUR", "count": 4},
        {"type": "call", "channel": None, "currency": None, "count": 1},
    ]
    before = day.without(later)
    assert (before.count, json.loads(before.types or "")) == (3, {"page": 1, "call": 2})
    assert kinds.loads(before.kinds or "") == Counter({("page", "web"): 1, ("call", ""): 2})
