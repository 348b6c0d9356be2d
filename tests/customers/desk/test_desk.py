"""What a profile's tickets and calls come to, whatever the order in which they arrive."""

from random import Random
from typing import NamedTuple

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.desk.calls import WAITS_MS
from customers.desk.desk import KEPT_CALLS, KEPT_TICKETS, Desk
from customers.desk.open import waits
from customers.desk.queue import Of, entries
from customers.desk.score import Value, of_calls, of_ticket, total, value_of
from customers.identity.policy_document import default_policy, read_policy
from customers.stats.stats import Spend, Stats
from customers.times import DAY_MS
from tests.distrust import distrusting

NOW = 100 * DAY_MS


class Heard(NamedTuple):
    """An interaction."""

    at: int
    type: str
    name: str = "Something"
    properties: tuple[tuple[str, str], ...] = ()


def desk(*heard: Heard, source: str = "desk") -> Desk:
    """A profile's desk after these."""
    found = Desk(source)
    for one in heard:
        text = orjson.dumps(dict(one.properties)).decode()
        found = found.with_interaction(
            f"{source}|{one.at}", one.type, one.name, one.at, "phone", text
        )
    return found


def call(at: int, **properties: str) -> Heard:
    return Heard(at, "call", "Support Call", tuple(properties.items()))


def ticket(at: int, number: str, status: str, **more: str) -> Heard:
    properties = {"ticket": number, "status": status} | more
    return Heard(at, "ticket", "Broken", tuple(properties.items()))


def waiting_calls(*desks: Desk, now: int = NOW) -> list[int]:
    return [one.at for one in waits(desks, now).calls]


def numbers(*desks: Desk) -> list[str]:
    return [one.number for one in waits(desks, NOW).tickets]


# Calls


def test_a_call_waits_until_we_call_back() -> None:
    assert waiting_calls(desk(call(NOW - 5), call(NOW - 9))) == [NOW - 5, NOW - 9]
    back = call(NOW - 7, direction="outbound")
    assert waiting_calls(desk(call(NOW - 5), back, call(NOW - 9))) == [NOW - 5]
    # Whoever's profile the call back came to, it was this customer's.
    assert waiting_calls(desk(call(NOW - 9)), desk(back, source="pbx")) == []


def test_a_call_waits_for_a_fortnight() -> None:
    long_ago = desk(call(NOW - WAITS_MS), call(NOW - WAITS_MS + 1))
    assert waiting_calls(long_ago) == [NOW - WAITS_MS + 1]


def test_a_call_that_is_settled_does_not_wait() -> None:
    assert waiting_calls(desk(call(NOW - 5, status="resolved"))) == []
    named = call(NOW - 5, ticket="T1")
    assert waiting_calls(desk(named)) == [NOW - 5]
    assert waiting_calls(desk(named, ticket(NOW - 9, "T1", "open"))) == [NOW - 5]
    closed = desk(ticket(NOW - 9, "T1", "open"), ticket(NOW - 2, "T1", "closed"), source="crm")
    assert waiting_calls(desk(named), closed) == []


def test_by_what_the_queue_finds_a_profile() -> None:
    assert desk(call(3 * DAY_MS), call(5 * DAY_MS + 7)).row()["calledOn"] == 5
    assert desk(call(3 * DAY_MS), call(4 * DAY_MS, direction="out")).row()["calledOn"] is None
    row = desk(
        ticket(5, "T1", "open", severity="low"),
        ticket(7, "T2", "open", severity="urgent"),
        ticket(3, "T3", "closed", severity="urgent"),
    ).row()
    assert (row["ticketOpen"], row["ticketUrgency"], row["ticketSince"]) == (True, 3, 5)
    assert desk(ticket(3, "T3", "closed")).row()["ticketOpen"] is None


def test_other_interactions_leave_no_trace() -> None:
    assert desk(Heard(1, "page"), Heard(2, "order")).row() == {
        "desk": None,
        "ticketOpen": None,
        "ticketUrgency": None,
        "ticketSince": None,
        "calledOn": None,
    }


def test_of_very_many_the_newest_are_kept() -> None:
    many = desk(*(ticket(n, f"T{n}", "open") for n in range(1, KEPT_TICKETS + 3)))
    assert "T2" not in many.tickets
    assert len(many.tickets) == KEPT_TICKETS
    calls = desk(*(call(n) for n in range(1, KEPT_CALLS + 3))).calls
    assert (len(calls), calls[0].at, calls[-1].at) == (KEPT_CALLS, KEPT_CALLS + 2, 3)


HEARD = st.lists(
    st.one_of(
        st.builds(
            ticket,
            st.integers(1, 99),
            st.sampled_from(["T1", "T2"]),
            st.sampled_from(["open", "closed"]),
        ),
        st.builds(
            lambda at, direction: call(at, direction=direction),
            st.integers(1, 99),
            st.sampled_from(["inbound", "outbound"]),
        ),
        st.builds(Heard, st.integers(1, 99), st.just("page")),
    ),
    max_size=10,
    unique_by=lambda one: one.at,
)


@given(HEARD, st.randoms())
def test_the_order_in_which_they_arrive_decides_nothing(heard: list[Heard], random: Random) -> None:
    shuffled = list(heard)
    random.shuffle(shuffled)
    assert desk(*shuffled).row() == desk(*heard).row()


@given(HEARD)
def test_it_is_kept_as_it_is(heard: list[Heard]) -> None:
    assert Desk.loads("desk", desk(*heard).dumps()) == desk(*heard)


@given(HEARD, st.integers(0, 10))
def test_it_is_the_same_on_one_profile_or_on_two(heard: list[Heard], cut: int) -> None:
    whole, parts = desk(*heard), (desk(*heard[:cut]), desk(*heard[cut:]))
    assert numbers(whole) == numbers(*parts)
    assert waiting_calls(whole, now=99) == waiting_calls(*parts, now=99)


def test_a_source_that_is_no_longer_trusted_waits_for_nobody() -> None:
    told = desk(ticket(NOW - 9, "T1", "open"), call(NOW - 8), source="browser").dumps()
    row = {
        "customer": "cus_1",
        "profiles": [{"source": "browser", "desk": told, "facts": None}],
        "sightings": [],
    }
    believed = default_policy()
    doubted = read_policy(distrusting("browser"))
    for of in Of:
        assert [one.customer for one in entries([row], believed, of, NOW)] == ["cus_1"]
        assert list(entries([row], doubted, of, NOW)) == []


# Scores


def spent(net: int, currency: str = "EUR") -> Stats:
    return Stats((Spend(currency, 2, net + 5, 1, 5), Spend("USD", 1, 7, 0, 0)))


def test_a_value_is_net_spend_in_the_main_currency() -> None:
    assert value_of(spent(9_900)) == Value(9_900, "EUR")
    assert value_of(spent(-5)) is None
    assert value_of(Stats()) is None


def test_the_score_of_a_ticket_is_severity_waiting_and_value() -> None:
    [one] = waits([desk(ticket(NOW - 3 * DAY_MS, "T1", "open", severity="urgent"))], NOW).tickets
    parts = of_ticket(one, value_of(spent(99_900)), NOW)
    assert [(round(each.points, 2), each.why) for each in parts] == [
        (90, "severity urgent"),
        (12, "waits for 3 days"),
        (18, "net spend 999.00 EUR"),
    ]
    assert total(parts) == 120.0


def test_the_score_of_callers_is_how_often_and_how_long() -> None:
    calls = waits([desk(call(NOW - DAY_MS // 2), call(NOW - DAY_MS))], NOW).calls
    assert [(each.points, each.why) for each in of_calls(calls, None, NOW)] == [
        (30, "called, and was not called back"),
        (10, "called 1 more time"),
        (24, "waits for 24 hours"),
    ]


@pytest.mark.parametrize(("severity", "first"), [("urgent", True), ("normal", False)])
def test_what_is_urgent_goes_before_what_waits_long(severity: str, first: bool) -> None:
    [old] = waits([desk(ticket(NOW - 13 * DAY_MS, "T1", "open"))], NOW).tickets
    [new] = waits([desk(ticket(NOW, "T2", "open", severity=severity))], NOW).tickets
    before = total(of_ticket(new, None, NOW)) > total(of_ticket(old, None, NOW))
    assert before is first
