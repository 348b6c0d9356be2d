"""Facts and stats as pure functions: whatever the order, and however they lie on profiles."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.purchase import Sighting
from customers.stats import facts as module
from customers.stats.facts import NOTHING, Facts, facts_of
from customers.stats.happened import Happened
from customers.stats.stats import Favourite, Spend, Stats, stats_of
from customers.tickets import tickets

SOURCES = ("web", "till")
happened = st.builds(
    Happened,
    key=st.uuids().map(str),
    source=st.sampled_from(SOURCES),
    type=st.sampled_from(["track", "Ticket", "order", "refund", "page"]),
    name=st.sampled_from([None, "Order Completed", "order refunded", "Ticket Closed", "Home"]),
    at=st.integers(-10, 10),
    channel=st.sampled_from([None, "web", "store"]),
    amount=st.sampled_from([None, 0, 5, 700, -3]),
    currency=st.sampled_from(["EUR", "USD"]),
    properties=st.sampled_from(["{}", '{"ticket":1}', '{"ticketId":"1","status":"solved"}']),
    categories=st.dictionaries(st.sampled_from(["Food", "Books"]), st.integers(0, 9)),
)
several = st.lists(happened, max_size=12)


@given(several, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(all_of: list[Happened], chance: object) -> None:
    mixed = all_of[:]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert facts_of(mixed).dumps() == facts_of(all_of).dumps()


@given(several, several, several)
def test_facts_of_several_profiles_add_up_to_those_of_one(
    one: list[Happened], two: list[Happened], three: list[Happened]
) -> None:
    parts = [facts_of(each).dumps() for each in (one, two, three)]
    together = facts_of([*one, *two, *three]).dumps()
    assert stats_of(parts, []) == stats_of([together], [])


@given(several)
def test_what_is_written_is_what_is_read(all_of: list[Happened]) -> None:
    known = facts_of(all_of)
    assert Facts.loads(known.dumps()) == known
    assert (known.dumps() == NOTHING) == (not known) == (not any(one.counts for one in all_of))


ORDER = Happened(
    "web|1", "web", "track", "Order Completed", 10, "web", 500, "EUR", "{}", {"Food": 300}
)


def test_what_another_source_saw_is_taken_off_with_its_channel_and_category() -> None:
    seen = replace(ORDER, key="till|1", source="till", channel="store", amount=600, at=20)
    texts = [facts_of([ORDER]).dumps(), facts_of([seen]).dumps()]
    sightings = [
        Sighting(one.key, "b", one.source, "1", "track", one.at, one.channel, one.amount, "EUR",
                 "o-1", lines, one.categories)
        for one, lines in ((ORDER, 1), (seen, 2))
    ]  # fmt: skip
    assert stats_of(texts, sightings) == Stats(
        (Spend("EUR", 1, 600, 0, 0),),
        first_purchase=10,
        last_purchase=20,
        channel=Favourite("store", 1, 600, "EUR"),
        category=Favourite("Food", 1, 300, "EUR"),
    )


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ([{"channel": "web"}, {"channel": "web"}, {"channel": "app", "amount": 9_000}], "web"),
        ([{"channel": "web"}, {"channel": "app", "amount": 501}], "app"),
        ([{"channel": "web", "at": 11}, {"channel": "app"}], "web"),
        ([{"channel": "web"}, {"channel": "app"}], "app"),
        # What came in another currency than the main one is no amount.
        ([{"channel": "web"}, {"channel": "app", "amount": 9_000, "currency": "USD"},
          {"channel": None}], "web"),
        ([{"channel": None}], None),
    ],
)  # fmt: skip
def test_the_favourite_is_that_of_most_then_the_dearest_then_the_latest_then_the_first_by_name(
    parts: list[dict[str, Any]], name: str | None
) -> None:
    found = stats_of([facts_of([replace(ORDER, **one) for one in parts]).dumps()], []).channel
    assert (found and found.name) == name


@pytest.mark.parametrize("chance", range(3))
def test_open_tickets_are_those_that_nobody_settled(chance: int) -> None:
    draw = random.Random(chance)
    words = [
        replace(
            ORDER,
            key=f"web|{n}",
            type=draw.choice(["ticket", "Support"]),
            name=draw.choice([None, "Ticket Closed", "Your shop is closed", "Case open"]),
            at=draw.randrange(5),
            amount=None,
            properties=draw.choice(['{"ticket":1}', '{"ticket":"2","status":"Solved"}', "{}",
                                    '{"ticket":1,"status":"open"}', '{"ticket":["x"]}']),
        )
        for n in range(12)
    ]  # fmt: skip
    parts = [facts_of(words[:5]).dumps(), facts_of(words[5:]).dumps()]
    told = [one for one in (each.ticket() for each in words) if one is not None]
    assert len(told) == 12
    assert stats_of(parts, []).open_tickets == sum(not one.settled for one in tickets(told))


def test_a_profile_of_very_many_channels_and_tickets_keeps_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_NAMES", 2)
    monkeypatch.setattr(module, "MOST_TICKETS", 2)
    orders = [replace(ORDER, channel=f"c{n // 2}") for n in range(9)]
    tickets = [
        replace(
            ORDER, type="ticket", name="open", amount=None, at=n, properties=f'{{"ticket":{n}}}'
        )
        for n in range(5)
    ]
    found = facts_of([*orders, *tickets])
    assert found.channels.keys() == {"c2", "c3"}
    assert found.tickets.keys() == {"web|3", "web|4"}
    assert found.money["EUR"].orders == 9
