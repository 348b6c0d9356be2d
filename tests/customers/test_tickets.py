"""What a ticket is, and which of them wait for us."""

from functools import reduce
from random import Random

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.tickets import (
    Ticket,
    dumped,
    is_settled,
    is_ticket,
    loaded,
    tickets,
    urgency,
    word,
)


def said(
    at: int, status: str | None = None, ticket: str | None = "T1", name: str = "Broken", **more: str
) -> Ticket:
    """A word on a ticket of the desk."""
    given = {"ticket": ticket, "status": status} | more
    properties = {key: value for key, value in given.items() if value is not None}
    found = word("desk", f"desk|{at}", "ticket", name, at, "email", properties)
    assert found is not None
    return found


def open_tickets(words: list[Ticket]) -> list[Ticket]:
    return [one for one in tickets(words) if not one.settled]


def numbers(found: list[Ticket]) -> list[str]:
    return [one.number for one in found]


def test_the_newest_word_decides() -> None:
    words = [said(1, "open"), said(3, "closed"), said(2, None), said(4, "open", ticket="T2")]
    assert numbers(open_tickets(words)) == ["T2"]
    for status in ("reopened", None):
        assert numbers(open_tickets([*words, said(5, status)])) == ["T1", "T2"]
    assert numbers(tickets(words)) == ["T1", "T2"]


def test_a_ticket_of_which_no_status_was_said_is_open() -> None:
    assert numbers(open_tickets([said(1)])) == ["T1"]


def test_what_is_shown_as_status_is_the_newest_that_was_said() -> None:
    [one] = tickets([said(1, "closed"), said(2, None)])
    assert (one.status and one.status.text, one.settled) == ("closed", False)


def test_two_sources_may_call_their_tickets_the_same() -> None:
    other = word("chat", "chat|9", "support", None, 9, None, {"ticket": "T1", "status": "solved"})
    assert other is not None
    assert [one.source for one in open_tickets([said(1, "open"), other])] == ["desk"]


def test_what_names_no_ticket_is_one_of_its_own() -> None:
    assert numbers(tickets([said(1, ticket=None), said(2, ticket=None)])) == ["1", "2"]
    escaped = word("a|b", "a%7Cb|T%257", "ticket", None, 1, None, {})
    assert escaped is not None
    assert escaped.number == "T%7"


@pytest.mark.parametrize(
    ("name", "settled"),
    [
        ("Ticket Closed", True),
        ("ticket resolved", True),
        ("Ticket Opened", False),
        ("solved", True),
        ("Your shop is closed", False),
    ],
)
def test_a_name_says_a_status_only_where_it_is_one(name: str, settled: bool) -> None:
    assert said(1, name=name).settled is settled


def test_a_property_goes_before_the_name() -> None:
    assert said(1, "open", name="Ticket Closed").settled is False


def test_an_order_is_no_ticket() -> None:
    assert word("shop", "shop|1", "order", "Ticket Opened", 1, None, {"ticket": "T1"}) is None
    assert (is_ticket("Support"), is_ticket("call")) == (True, False)


def test_words_for_settled_and_severities_are_taken_in_any_case() -> None:
    assert (is_settled(" Solved "), is_settled("waiting")) == (True, False)
    assert [urgency(one) for one in ("LOW", "normal", "High", "critical", "P7")] == [0, 1, 2, 3, 1]


def test_what_is_known_of_a_ticket_is_the_first_subject_and_the_newest_of_the_rest() -> None:
    [one] = tickets([said(2, name="Re: Broken", severity="urgent"), said(1, severity="low")])
    assert (one.opened.text, one.opened.at, one.last.at, one.urgency) == ("Broken", 1, 2, 3)
    assert said(1, priority="high").urgency == 2


WORDS = st.lists(
    st.builds(
        said,
        st.integers(0, 50),
        st.sampled_from([None, "open", "closed", "reopened"]),
        st.sampled_from(["T1", "T2", None]),
        severity=st.sampled_from(["low", "urgent"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.opened.at,
)


@given(WORDS, st.randoms())
def test_the_order_in_which_words_arrive_decides_nothing(
    words: list[Ticket], random: Random
) -> None:
    shuffled = list(words)
    random.shuffle(shuffled)
    assert tickets(shuffled) == tickets(words)
    of_one = [one for one in words if one.number == words[0].number]
    assert tickets(of_one) == [reduce(Ticket.__or__, reversed(of_one))]


@given(WORDS)
def test_a_ticket_is_kept_as_it_is(words: list[Ticket]) -> None:
    text = orjson.dumps([dumped(one) for one in words])
    assert list(loaded("desk", orjson.loads(text))) == words
