"""Scoring on cases small enough to count by hand."""

import pytest

from customers.identity.policy_document import default_policy
from server.demo.scoring import Score, links_of, score
from server.demo.sighting import Profile


def profiles(*names: str) -> list[Profile]:
    return [("s", name) for name in names]


A1, A2, A3, B1, B2, KIOSK = profiles("a1", "a2", "a3", "b1", "b2", "k")
TRUTH = {A1: "1", A2: "1", A3: "1", B1: "2", B2: "2"}
LINKED = {A1: {"x"}, A2: {"x", "y"}, A3: {"y"}, B1: {"z"}, B2: {"z"}}


def test_the_truth_is_perfect() -> None:
    assert score([[A1, A2, A3], [B1, B2]], TRUTH, LINKED) == Score(0, 0, 1.0, 1.0, 1.0)


def test_everybody_in_one_customer_is_one_wrong_merge() -> None:
    result = score([[A1, A2, A3, B1, B2]], TRUTH, LINKED)
    assert result == Score(1, 0, 4 / 10, 1.0, 1.0)


def test_everybody_alone_misses_both() -> None:
    assert score([[one] for one in TRUTH], TRUTH, LINKED) == Score(0, 2, 1.0, 0.0, 1.0)


def test_what_shares_no_identifier_is_not_missed() -> None:
    result = score([[A1, A2], [A3], [B1, B2]], TRUTH, LINKED | {A3: {"w"}})
    assert result == Score(0, 0, 1.0, 2 / 4, 2 / 4)


def test_profiles_that_only_others_connect_are_not_missed() -> None:
    links = {A1: {"x"}, B1: {"x", "y"}, A2: {"y"}}
    result = score([[A1], [A2], [B1]], {A1: "1", A2: "1", B1: "2"}, links)
    assert (result.missed, result.recall, result.possible) == (0, 0.0, 0.0)


def test_nobodys_thing_in_somebodys_customer_is_a_wrong_merge() -> None:
    result = score([[A1, A2, A3, KIOSK], [B1, B2]], TRUTH | {KIOSK: "kiosk-0"}, LINKED)
    assert (result.wrongly_merged, result.missed) == (1, 0)
    assert result.precision == pytest.approx(4 / 7)


def test_profiles_that_nobody_can_tell_do_not_count() -> None:
    assert score([[A1, A2, A3, KIOSK], [B1, B2]], TRUTH, LINKED).precision == 1.0


def test_a_profile_in_no_customer_is_alone() -> None:
    result = score([[A1, A2], [B1, B2]], TRUTH, LINKED)
    assert (result.missed, result.recall) == (1, 2 / 4)


def test_links_are_normalised_and_leave_out_what_never_links() -> None:
    record = {
        "source": "s",
        "sourceId": "a1",
        "identifiers": [
            {"namespace": "email", "value": "Ann@Mail.example"},
            {"namespace": "email", "value": "test@test.com"},
            {"namespace": "phone", "value": "+61 (0)2 7010 0001"},
            {"namespace": "ip", "value": "2001:db8::1"},
        ],
        "device": {"namespace": "cookie", "value": "CK"},
    }
    assert links_of([record], default_policy()) == {
        A1: {"email|ann@mail.example", "phone|+61270100001", "cookie|ck"}
    }
