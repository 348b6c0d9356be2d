"""A partition gone through again: whoever is one has a way to each other, all others a reason."""

import random
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.identity.account import account
from customers.identity.decided import Decided
from customers.identity.evidence import Evidence, Rule, bits, joining, missing, pieces, total
from customers.identity.explanation import Reason
from customers.identity.partition import partition
from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from customers.identity.record import Record
from customers.identity.replay import Replay
from tests import pure
from tests.customers.identity.test_partition import (
    ANYBODY,
    DOUBTING,
    NEWEST,
    OWNING,
    PEOPLE,
)
from tests.evidence import POLICY
from tests.scenarios import NAMES, SCENARIOS, Scenario

MOMENTS = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")
RECORDS = st.lists(
    st.builds(
        lambda source, at, identifiers, traits: {
            "source": source,
            "at": at,
            "identifiers": [
                {"namespace": namespace, "value": value} for namespace, value in identifiers
            ],
            "traits": traits,
        },
        st.sampled_from(["crm", "pos", "pos", "web"]),
        st.sampled_from(MOMENTS),
        st.frozensets(
            st.tuples(
                st.sampled_from(["crmId", "loyaltyId", "cookie", "device", "ssn", "ip", "odd"]),
                st.sampled_from(["a1", "a2", "b7"]),
            )
            | st.tuples(st.just("email"), st.sampled_from(["a@x.org", "b@x.org"])),
            max_size=3,
        ),
        st.fixed_dictionaries(
            {},
            optional={
                "firstName": st.sampled_from(["Ann", "Anne", "Ben", "Tom"]),
                "lastName": st.sampled_from(["Smith", "Smiht", "Jones"]),
                "birthDate": st.sampled_from(["1980-02-03", "1980-02-04", "1955-06-07"]),
                "street": st.sampled_from(["12 Main St", "5 Oak Ave"]),
                "postalCode": st.just("02139"),
            },
        ),
    ),
    min_size=2,
    max_size=10,
)
POLICIES = st.sampled_from([POLICY, NEWEST, DOUBTING])


def replayed(records: list[dict[str, Any]], policy: Policy) -> Replay:
    numbered = [record | {"sourceId": f"{n}"} for n, record in enumerate(records)]
    return Replay(pure.members(numbered, policy), policy)


def pairs(replay: Replay, rng: random.Random, most: int = 40) -> Iterator[tuple[str, str]]:
    found = list(combinations(replay.members, 2))
    yield from rng.sample(found, min(most, len(found)))


def explained(replay: Replay, a: str, b: str) -> Reason:
    """Check what is told of two profiles; the reason."""
    found = account(replay, {a}, {b})
    assert (found.a, found.b) == (a, b)
    if replay.cluster(a) is replay.cluster(b):
        assert found.reason is Reason.JOINED
        assert (found.hops[0].one, found.hops[-1].other) == (a, b)
        assert all(one.other == other.one for one, other in pairwise(found.hops))
        for hop in found.hops:
            for key in (hop.one, hop.other):
                assert hop.via in replay.known[key].links | replay.known[key].leads
        assert {hop.step for hop in found.hops} == {told.step for told in found.steps}
        for told in found.steps:
            step = told.step
            assert step.score >= replay.policy.merge_bits
            assert step.score == replay.score(step.one, step.other)
            assert step.score == pytest.approx(sum(one.bits for one in told.weighed))
            assert [*told.sides.one, *told.sides.other]
    else:
        assert found.apart is not None
        assert found.reason is not Reason.JOINED
        if found.reason not in (Reason.VETO, Reason.TOO_LITTLE, Reason.NOTHING_SHARED):
            assert found.rivals
            assert found.apart.score is not None
            assert found.apart.score >= replay.policy.merge_bits
        if found.reason is Reason.TOO_LITTLE:
            assert found.apart.score is not None
            assert found.apart.score < replay.policy.merge_bits
        if found.apart.score is not None:
            assert found.apart.score == pytest.approx(sum(one.bits for one in found.weighed))
    return found.reason


@settings(max_examples=80)
@given(ANYBODY, PEOPLE)
def test_the_pieces_of_any_two_sum_to_their_bits_from_both_sides(
    profiles: list[Evidence], people: dict[str, int]
) -> None:
    counts = {key: people.get(key, 1) for one in profiles for key in one.links}
    for a, b in combinations(profiles, 2):
        found = list(pieces(a, b, counts, POLICY))
        assert total(found) == pytest.approx(bits(a, b, counts, POLICY))
        assert sorted(found) == sorted(pieces(b, a, counts, POLICY))
        whole = bits(a, b, counts, POLICY) + missing(a, b, POLICY)
        assert total(joining(a, b, counts, POLICY)) == pytest.approx(whole)


@settings(max_examples=80)
@given(ANYBODY | OWNING, PEOPLE, POLICIES)
def test_a_record_changes_nothing(
    profiles: list[Evidence], people: dict[str, int], policy: Policy
) -> None:
    counts = {key: people.get(key, 1) for one in profiles for key in one.links}
    known = dict(enumerate(profiles))
    record = Record[int]()
    found = partition(known, counts, policy, record=record)
    assert found == partition(known, counts, policy)
    assert {frozenset(one.profiles()) for one in record.clusters()} == set(map(frozenset, found))
    for one in record.clusters():
        for node in one.nodes():
            assert set(node.known.links) == set().union(*(known[k].links for k in node.profiles()))


@settings(max_examples=120)
@given(RECORDS, POLICIES, st.randoms(use_true_random=False))
def test_every_pair_is_explained(
    records: list[dict[str, Any]], policy: Policy, rng: random.Random
) -> None:
    replay = replayed(records, policy)
    for a, b in pairs(replay, rng):
        assert explained(replay, a, b) is explained(replay, b, a)


@settings(max_examples=80)
@given(RECORDS, POLICIES)
def test_the_steps_of_a_cluster_join_all_its_profiles_and_no_more_than_that(
    records: list[dict[str, Any]], policy: Policy
) -> None:
    replay = replayed(records, policy)
    for cluster in replay.clusters():
        steps = replay.steps(cluster)
        assert [one.number for one in steps] == sorted(one.number for one in steps)
        one_of = {key: {key} for key in cluster.profiles()}
        for step in steps:
            ours, theirs = step.one.profiles(), step.other.profiles()
            merged = set(ours) | set(theirs)
            assert step.alike or set(ours).isdisjoint(theirs)
            whole = set().union(*(one_of[key] for key in merged))
            one_of |= dict.fromkeys(whole, whole)
        assert all(one_of[key] == set(cluster.profiles()) for key in cluster.profiles())
        joins = [one for one in steps if not one.alike]
        leaves = [node for node in cluster.nodes() if node.keys]
        assert len(joins) == len(leaves) - 1


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_every_pair_of_a_scenario_is_explained(scenario: Scenario) -> None:
    policy = default_policy()
    replay = Replay(pure.members(scenario.records, policy), policy)
    rng = random.Random(scenario.name)
    for a, b in pairs(replay, rng, 150):
        explained(replay, a, b)


REASONS: Mapping[str, tuple[str, str, Reason]] = {
    "1 family e-mail": ("crm|a1", "crm|b1", Reason.VETO),
    "5 IP as identifier": ("web|i0", "web|i1", Reason.NOTHING_SHARED),
    "7 long chains": ("app|z0", "app|z1", Reason.TOO_LITTLE),
    "11 senior and junior": ("crm|s", "app|t1", Reason.TORN),
    "12 two logins on one browser": ("web|ck1", "web|ck1.ann", Reason.TORN),
    "15 equally likely": ("call|m", "crm|z", Reason.TORN),
}


@pytest.mark.parametrize("name", REASONS)
def test_the_reason_is_the_one_of_the_scenario(name: str) -> None:
    [scenario] = [one for one in SCENARIOS if one.name == name]
    policy = default_policy()
    a, b, reason = REASONS[name]
    replay = Replay(pure.members(scenario.records, policy), policy)
    assert explained(replay, a, b) is reason


def decided(notes: Mapping[str, Decided]) -> Replay:
    """Two of one person and one who shares nothing, with what people said of them."""
    cookie = {"namespace": "cookie", "value": "k"}
    email = {"namespace": "email", "value": "c@x.org"}
    records: list[dict[str, Any]] = [
        {"source": "s", "sourceId": name, "identifiers": [held]}
        for name, held in (("a", cookie), ("b", cookie), ("c", email))
    ]
    found = pure.members([one | {"traits": {}} for one in records], POLICY)
    members = {
        key: one._replace(decided=(notes[key],) if key in notes else ())
        for key, one in found.items()
    }
    return Replay(members, POLICY)


def test_whom_people_joined_are_one_by_their_decision() -> None:
    said = Decided("alwaysLink", "dec_1")
    replay = decided({"s|b": said, "s|c": said})
    found = account(replay, {"s|a"}, {"s|c"})
    assert found.reason is Reason.JOINED
    assert (found.hops[0].one, found.hops[-1].other) == ("s|a", "s|c")
    assert [one.step.decision for one in found.steps].count("dec_1") == 1
    assert [one.weighed for one in found.steps if one.step.decision] == [()]


def test_whom_people_keep_apart_are_two_by_their_decision() -> None:
    replay = decided(
        {
            "s|a": Decided("neverLink", "dec_2", "split"),
            "s|b": Decided("neverLink", "dec_2", "rest"),
        }
    )
    found = account(replay, {"s|a"}, {"s|b"})
    assert found.reason is Reason.VETO
    assert [(one.rule, one.about) for one in found.weighed] == [(Rule.DECIDED, "dec_2")]
