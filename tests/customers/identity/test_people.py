"""How many people an identifier seems to serve."""

from collections.abc import Mapping
from functools import reduce
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.people import KEPT, Summary, Told, told_by
from customers.identity.policy import default_policy

POLICY = default_policy()
VALUES = st.frozensets(st.integers(0, 300).map(str), max_size=80)
TOLD = st.dictionaries(st.sampled_from(["firstName", "crmId", "email"]), VALUES, max_size=3)


def told(**kinds: set[str]) -> Told:
    return {kind: frozenset(values) for kind, values in kinds.items()}


def people(namespace: str, *holders: Told) -> int:
    return Summary.of(holders).people(namespace, POLICY)


def test_an_identifier_of_nobody_we_know_has_one_holder() -> None:
    assert people("email") == 1
    assert people("email", {}) == 1


def test_first_names_are_counted_with_their_slips_as_one() -> None:
    assert people("phone", told(firstName={"ann"}), told(firstName={"anne", "ben"})) == 2


def test_distinct_unique_values_are_distinct_people() -> None:
    holders = [told(crmId={f"crmId|c{n}"}, userId={"userId|u"}) for n in range(3)]
    assert people("email", *holders) == 3


def test_a_unique_value_does_not_count_itself() -> None:
    assert people("crmId", told(crmId={"crmId|c1", "crmId|c2"})) == 1
    assert people("crmId", told(userId={"userId|u1", "userId|u2"})) == 2


def test_e_mails_count_on_things_only() -> None:
    mails = told(email={"email|a@x.org", "email|b@x.org"})
    assert people("cookie", mails) == people("device", mails) == 2
    assert people("phone", mails) == people("crmId", mails) == 1


def test_the_largest_count_is_the_verdict() -> None:
    holder = told(firstName={"ann", "ben"}, crmId={"crmId|c"}, email={"a", "b", "c"})
    assert people("cookie", holder) == 3
    assert people("phone", holder) == 2


def test_last_names_and_birth_dates_count_nobody() -> None:
    told_of_two = told(lastName={"smith", "jones"}, birthDate={"1980-01-01", "1990-01-01"})
    assert people("email", told_of_two) == people("cookie", told_of_two) == 1


def test_a_profile_tells_its_first_names_its_unique_values_and_its_e_mails() -> None:
    identifiers = ["email|a@x.org", "crmId|c1", "cookie|k", "phone|+1", "ip|10.0.0.1"]
    fields: Mapping[str, frozenset[str]] = told(firstName={"ann"}, lastName={"smith"})
    assert told_by(identifiers, fields, POLICY) == told(
        firstName={"ann"}, email={"email|a@x.org"}, crmId={"crmId|c1"}
    )


def test_a_profile_that_shows_nothing_tells_nothing() -> None:
    assert told_by(["cookie|k"], {}, POLICY) == {}
    summary = Summary.of([told(firstName={"ann"})])
    assert summary | {} is summary


def test_what_is_known_already_changes_nothing() -> None:
    summary = Summary.of([told(firstName={"ann", "ben"})])
    assert summary | told(firstName={"ben"}) is summary
    assert (summary | told(firstName={"cara"})).values == told(firstName={"ann", "ben", "cara"})


def test_a_summary_without_text_is_empty() -> None:
    assert Summary.loads(None) == Summary.loads("") == Summary({})
    assert Summary({}).dumps() == "{}"


@pytest.mark.parametrize("kind", ["firstName", "crmId"])
def test_a_summary_is_bounded_however_many_hold_the_identifier(kind: str) -> None:
    values = [word * 4 for word in map("".join, product("abcdefghij", repeat=3))]
    summary = Summary.of({kind: frozenset({value})} for value in values)
    assert len(summary.values[kind]) == KEPT == 64
    assert summary.values[kind] != frozenset(sorted(values)[:KEPT])
    assert summary == Summary.of({kind: frozenset({value})} for value in reversed(values))
    assert summary.people("email", POLICY) > POLICY.crowd


@given(st.lists(TOLD, max_size=5), st.randoms(use_true_random=False))
def test_a_summary_does_not_depend_on_the_order_of_its_holders(
    holders: list[Told], random: object
) -> None:
    shuffled = sorted(holders, key=lambda _: random.random())  # type: ignore[attr-defined]
    one_by_one: Summary = reduce(lambda summary, holder: summary | holder, shuffled, Summary({}))
    assert one_by_one == Summary.of(holders)
    assert one_by_one.dumps() == Summary.of(holders).dumps()


@given(TOLD, TOLD)
def test_a_summary_in_parts_is_the_whole(one: Told, other: Told) -> None:
    both = Summary.of([one]) | Summary.of([other]).values
    assert both == Summary.of([one, other])


@given(st.lists(TOLD, max_size=3))
def test_a_summary_is_read_as_it_was_written(holders: list[Told]) -> None:
    summary = Summary.of(holders)
    assert Summary.loads(summary.dumps()) == summary
    assert all(len(values) <= KEPT for values in summary.values.values())
