"""What would make two one: whatever is named does it, once it is there."""

from copy import deepcopy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customers.identity.policy import Policy
from customers.identity.replay import Replay
from customers.identity.supplies import Supply, supplies
from tests import pure
from tests.customers.identity.test_replay import POLICIES, RECORDS
from tests.evidence import POLICY, changed, doubted, known

NEW = {"email": "new@x.org", "phone": "+12125550199"}


def replayed(records: list[dict[str, Any]], policy: Policy) -> tuple[Replay, str, str]:
    replay = Replay(pure.members(records, policy), policy)
    a, b = replay.members
    return replay, a, b


def given_both(records: list[dict[str, Any]], namespace: str) -> list[dict[str, Any]]:
    """The records with one identifier more in common; of several the one that is there."""
    there = [
        one["value"]
        for record in records
        for one in record["identifiers"]
        if one["namespace"] == namespace
    ]
    found = deepcopy(records)
    unique = POLICY.namespace(namespace).unique
    value = there[0] if there and unique else NEW.get(namespace, "new7")
    for record in found:
        record["identifiers"].append({"namespace": namespace, "value": value})
    return found


@settings(max_examples=120)
@given(st.lists(RECORDS, min_size=1, max_size=1), POLICIES)
def test_an_identifier_that_is_named_joins_them_with_the_bits_that_are_told(
    lists: list[list[dict[str, Any]]], policy: Policy
) -> None:
    records = [one | {"sourceId": f"{n}"} for n, one in enumerate(lists[0][:2])]
    replay, a, b = replayed(records, policy)
    assume(replay.cluster(a) is not replay.cluster(b))
    apart = replay.apart(a, b)
    assume(apart.held is None)
    for supply in supplies(apart.one.known, apart.other.known, replay.people, policy):
        if supply.fields:
            continue
        more = records
        for namespace in supply.namespaces:
            more = given_both(more, namespace)
        again, *_ = replayed(more, policy)
        assert again.cluster(a) is again.cluster(b)
        assert again.steps(again.cluster(a))[-1].score == supply.score


def test_what_is_needed_together_is_told_where_nothing_is_enough_alone() -> None:
    policy = changed(POLICY, mergeBits=16)
    found = supplies(known("m:a"), known("m:b"), {"email|a": 1, "email|b": 1}, policy)
    assert found[0] == Supply(("ssn", "phone"), (), 16)
    assert all(len(one.namespaces) + len(one.fields) == 2 for one in found)
    assert all(one.score >= 16 for one in found)


def test_a_field_that_both_say_otherwise_cannot_be_supplied() -> None:
    a, b = known("m:a", first="ann"), known("m:a", first="bob")
    found = supplies(a, b, {"email|a": 2}, POLICY)
    assert all("firstName" not in one.fields for one in found)
    assert Supply((), ("birthDate",), 5.5 - 7 + 2) not in found


def test_nothing_supplies_what_is_excluded_by_numbers() -> None:
    assert supplies(known("c:1", "m:a"), known("c:2", "m:a"), {"email|a": 1}, POLICY) == []


def test_whoever_is_not_trusted_is_not_led_to_anybody_by_a_name() -> None:
    a = known("m:a", first="ann", last="lee", born="1980-02-03")
    counts = {"email|a": 1}
    trusted = supplies(a, known(first="ann", last="lee"), counts, POLICY)
    assert any(one.fields == ("birthDate",) for one in trusted)
    doubtful = supplies(a, doubted(first="ann", last="lee"), counts, POLICY)
    assert all(not one.fields for one in doubtful)
