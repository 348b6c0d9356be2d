"""The decision itself: which profiles of a component are one customer."""

import random
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.identity.component import components
from customers.identity.evidence import VETO, Evidence, bits, evidence
from customers.identity.partition import partition
from customers.identity.policy import Policy, default_policy
from tests import pure
from tests.scenarios import NAMES, SCENARIOS, Scenario

POLICY = default_policy()
Profiles = Mapping[str, Evidence]


def known(*identifiers: str, **fields: str) -> Evidence:
    """Evidence of a profile: ``c:1`` is crmId 1, m e-mail, p phone, k cookie, d device."""
    names = {"c": "crmId", "m": "email", "p": "phone", "k": "cookie", "d": "device", "i": "ip"}
    keys = [f"{names[one[0]]}|{one[2:]}" for one in identifiers]
    words = {"first": "firstName", "last": "lastName", "born": "birthDate"}
    said = {words[name]: frozenset(text.split()) for name, text in fields.items()}
    return evidence(keys, said, POLICY)


def strength(a: Evidence, b: Evidence, **people: int) -> float:
    counts = dict.fromkeys(a.links | b.links, 1)
    counts.update(
        {key: people[key.partition("|")[0]] for key in counts if key.partition("|")[0] in people}
    )
    found = bits(a, b, counts, POLICY)
    assert found == bits(b, a, counts, POLICY)
    return found


def clusters(profiles: Profiles, shared: Mapping[str, int] | None = None) -> set[frozenset[str]]:
    people = {key: 1 for one in profiles.values() for key in one.links} | dict(shared or {})
    return {frozenset(keys) for keys in partition(profiles, people, POLICY)}


def groups(*texts: str) -> set[frozenset[str]]:
    """``"ab", "c"``: a and b are one, c is another."""
    return {frozenset(text) for text in texts}


# Bits


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (known("c:1"), known("c:1"), 14),
        (known("m:a"), known("m:a"), 9),
        (known("k:a"), known("k:a"), 9),
        (known("p:1"), known("p:1"), 8),
        (known("d:1"), known("d:1"), 8),
        (known("m:a", "p:1", "d:1"), known("m:a", "p:1", "d:2"), 17),
        (known("i:1"), known("i:1"), 0),
        (known("p:1", "m:a"), known("p:1", "m:b"), 8 - 3),
        (known("p:1", "m:a", "m:b"), known("p:1", "m:b"), 17),
        (known("p:1", first="ann"), known("p:1", first="ann"), 8 + 3),
        (known("p:1", first="ann"), known("p:1", first="ben"), 8 - 7),
        (known("p:1", first="ann"), known("p:1", first="an"), 8),
        (known("p:1", first="ann ben"), known("p:1", first="cara ben"), 8 + 3),
        (known("p:1", first="ann"), known("p:1", last="ben"), 8),
        (known("p:1", last="smith"), known("p:1", last="smiht"), 8 + 2),
        (known("p:1", last="smith"), known("p:1", last="jones"), 8 - 3),
        (known("p:1", born="1980-02-03"), known("p:1", born="1980-02-03"), 8 + 6),
        (known("p:1", born="1980-02-03"), known("p:1", born="1980-02-04"), 8),
        (known("c:1", born="1980-02-03"), known("c:1", born="1991-12-24"), 14 - 9),
        (known(), known(), 0),
    ],
)
def test_evidence_adds_up(a: Evidence, b: Evidence, expected: float) -> None:
    assert strength(a, b) == expected


def test_what_several_people_share_is_one_fact_less_what_they_are() -> None:
    a, b = known("m:a", "p:1", "d:1"), known("m:a", "p:1", "d:1")
    assert strength(a, b, phone=2) == 9 + 8 + (8 - 2)
    assert strength(a, b, phone=2, device=2) == 9 + (8 - 2)
    assert strength(a, b, email=4, phone=2, device=2) == 8 - 2
    assert strength(a, b, email=2, phone=4, device=4) == 9 - 2


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (known("m:a", "c:1"), known("m:a", "c:2")),
        (known("m:a", "c:1", "c:2"), known("m:a", "c:1")),
        (known("m:a", "c:1", "c:2"), known("m:a")),
        (known("m:a", born="1980-02-03"), known("m:a", born="1991-12-24")),
        (
            known("m:a", "p:1", "d:1", born="1980-02-03"),
            known("m:a", "p:1", "d:1", born="1981-03-02"),
        ),
    ],
)
def test_some_two_are_never_one(a: Evidence, b: Evidence) -> None:
    assert strength(a, b) == VETO
    assert clusters({"a": a, "b": b}) == groups("a", "b")


# Clusters


def test_two_are_one_from_the_threshold_on() -> None:
    assert POLICY.merge_bits == 5
    at = {"a": known("p:1", "m:a"), "b": known("p:1", "m:b")}
    assert clusters(at) == groups("ab")
    below = {"a": known("p:1", first="ann"), "b": known("p:1", first="ben")}
    assert clusters(below) == groups("a", "b")
    assert clusters(at, {"phone|1": 2}) == groups("a", "b")


def test_one_profile_is_one_cluster() -> None:
    assert partition({"a": known()}, {}, POLICY) == [["a"]]


def test_profiles_without_a_link_are_not_one_however_alike() -> None:
    same = {"first": "ann", "last": "smith", "born": "1980-02-03"}
    assert clusters({"a": known("i:1", **same), "b": known("i:1", **same)}) == groups("a", "b")


def test_a_chain_of_links_is_one_customer() -> None:
    chain = {chr(97 + n): known(f"p:{n}", f"p:{n + 1}") for n in range(8)}
    assert clusters(chain) == groups("abcdefgh")


def test_clusters_are_compared_as_wholes() -> None:
    # c shares a phone with b, but is another person than a, who b is.
    profiles = {
        "a": known("c:1", "m:a", first="ann", born="1980-02-03"),
        "b": known("m:a", "p:1", first="ann"),
        "c": known("p:1", born="1955-06-07"),
    }
    assert clusters(profiles) == groups("ab", "c")


def test_the_strongest_evidence_comes_first() -> None:
    profiles = {"a": known("m:a", "c:1"), "b": known("m:a", "c:2"), "x": known("m:a", "c:1")}
    assert clusters(profiles, {"email|a": 2}) == groups("ax", "b")


def test_weaker_evidence_does_not_get_in_the_way_of_stronger() -> None:
    profiles = {
        "b": known("p:1", born="1955-06-07"),
        "x": known("m:a", "d:1", "p:1"),
        "y": known("m:a", "d:1", "p:1"),
        "a": known("m:a", "d:1", born="1980-02-03"),
    }
    assert clusters(profiles) == groups("axy", "b")
    assert clusters(dict(reversed(profiles.items()))) == groups("axy", "b")


def test_a_cluster_whose_partners_exclude_each_other_waits_and_the_others_do_not() -> None:
    profiles = {
        "a": known("c:1", "m:a", "k:1"),
        "b": known("c:2", "m:b"),
        "x": known("m:a", "m:b"),
        "z": known("m:a", "m:b"),
        "y": known("k:1"),
    }
    assert clusters(profiles) == groups("ay", "b", "xz")


def test_who_fits_two_that_exclude_each_other_joins_neither() -> None:
    profiles = {"a": known("m:a", "c:1"), "b": known("m:b", "c:2"), "x": known("m:a", "m:b")}
    assert clusters(profiles) == groups("a", "b", "x")
    assert clusters(profiles, {"email|a": 1, "email|b": 2}) == groups("ax", "b")


def test_rivals_within_a_bit_of_each_other_are_equally_likely() -> None:
    assert POLICY.tie_bits == 1
    # 9 - 3.17 of an e-mail of three people against 8 - 2 of a phone of two.
    rivals = {"a": known("c:1", "m:a"), "b": known("c:2", "p:1"), "x": known("m:a", "p:1")}
    assert clusters(rivals, {"email|a": 3, "phone|1": 2}) == groups("a", "b", "x")
    # 9 - 4 against 8 - 2, a whole bit apart.
    assert clusters(rivals, {"email|a": 4, "phone|1": 2}) == groups("a", "bx")
    near = {
        "a": known("c:1", "m:a", first="ann"),
        "b": known("c:2", "k:b", first="ann"),
        "x": known("m:a", "k:b", first="ann"),
    }
    assert clusters(near) == groups("a", "b", "x")
    near["x"] = known("m:a", "k:b", "p:1", first="ann")
    near["a"] = known("c:1", "m:a", "p:1", first="ann")
    assert clusters(near) == groups("ax", "b")


def test_a_record_with_two_customer_numbers_proves_neither() -> None:
    profiles = {"a": known("c:1"), "b": known("c:2"), "x": known("c:1", "c:2"), "y": known("c:1")}
    assert clusters(profiles) == groups("ay", "b", "x")


def test_equal_evidence_is_one_to_begin_with() -> None:
    profiles = {f"{n}": known("c:1", "m:a", first="ann") for n in range(300)}
    assert clusters(profiles, {"email|a": 5}) == {frozenset(profiles)}
    torn = {f"{n}": known("c:1", "c:2") for n in range(3)}
    assert clusters(torn) == {frozenset(key) for key in torn}
    weak = {f"{n}": known("p:1") for n in range(3)}
    assert clusters(weak, {"phone|1": 4}) == {frozenset(key) for key in weak}


# Any order, any names

SIGNS = ("c:1", "c:2", "m:a", "m:b", "m:c", "p:1", "p:2", "k:1", "d:1", "i:1")
PROFILE = st.builds(
    lambda signs, names: known(*signs, **names),
    st.frozensets(st.sampled_from(SIGNS), max_size=4),
    st.fixed_dictionaries(
        {},
        optional={
            "first": st.sampled_from(["ann", "an", "ben", "katherine"]),
            "last": st.sampled_from(["smith", "smiht", "jones"]),
            "born": st.sampled_from(["1980-02-03", "1980-02-04", "1955-06-07"]),
        },
    ),
)
COMPONENT = st.lists(PROFILE, min_size=1, max_size=9)
PEOPLE = st.fixed_dictionaries(
    {key: st.sampled_from([1, 1, 2, 3, 5]) for one in [known(*SIGNS)] for key in sorted(one.links)}
)


def places(profiles: Sequence[Evidence], order: Iterable[str], people: Mapping[str, int]) -> object:
    """The clusters by the profiles' places, for profiles that go by these names, in this order."""
    named = dict(zip(order, profiles, strict=True))
    back = {name: place for place, name in enumerate(named)}
    return {frozenset(back[key] for key in keys) for keys in partition(named, people, POLICY)}


@settings(max_examples=150)
@given(COMPONENT, PEOPLE, st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_profiles_change_anything(
    profiles: list[Evidence], people: dict[str, int], rng: random.Random
) -> None:
    first = partition(dict(enumerate(profiles)), people, POLICY)
    assert sorted(key for keys in first for key in keys) == list(range(len(profiles)))
    shuffled = list(enumerate(profiles))
    rng.shuffle(shuffled)
    again = partition(dict(shuffled), people, POLICY)
    expected = {frozenset(keys) for keys in first}
    assert {frozenset(keys) for keys in again} == expected
    names = rng.sample(range(1000), len(profiles))
    assert places(profiles, map(str, names), people) == expected


@settings(max_examples=100)
@given(COMPONENT, PEOPLE)
def test_no_cluster_has_two_that_can_never_be_one(
    profiles: list[Evidence], people: dict[str, int]
) -> None:
    for keys in partition(dict(enumerate(profiles)), people, POLICY):
        numbers = {key for place in keys for key in profiles[place].held.get("crmId", ())}
        assert len(keys) == 1 or len(numbers) <= 1


@settings(max_examples=100)
@given(COMPONENT, PEOPLE)
def test_the_components_alone_are_what_all_together_are(
    profiles: list[Evidence], people: dict[str, int]
) -> None:
    whole = {frozenset(keys) for keys in partition(dict(enumerate(profiles)), people, POLICY)}
    parts: set[frozenset[int]] = set()
    left = set(range(len(profiles)))
    while left:
        component, front = set[int](), {left.pop()}
        while front:
            component |= front
            links = {link for place in front for link in profiles[place].links}
            front = {place for place in left if profiles[place].links & links}
            left -= front
        alone = {place: profiles[place] for place in sorted(component)}
        parts |= {frozenset(keys) for keys in partition(alone, people, POLICY)}
    assert parts == whole


# The scenarios, without a graph


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_a_scenario_comes_out_right_in_any_order(scenario: Scenario) -> None:
    rng = random.Random(scenario.name)
    seen = set()
    for _ in range(3):
        found = pure.clusters(scenario.records, POLICY)
        by_id = frozenset(frozenset(key.partition("|")[2] for key in keys) for keys in found)
        scenario.check(set(by_id))
        seen.add(by_id)
        scenario = Scenario(
            scenario.name,
            rng.sample(scenario.records, len(scenario.records)),
            scenario.same,
            scenario.apart,
        )
    assert len(seen) == 1


def test_a_component_is_reached_through_what_links_and_is_not_generic() -> None:
    def record(source_id: str, namespace: str, value: str, name: str = "ann") -> dict[str, object]:
        identifiers = [{"namespace": namespace, "value": value}]
        traits = {"firstName": name}
        return {"source": "s", "sourceId": source_id, "identifiers": identifiers, "traits": traits}

    names = ["ann", "ben", "cara", "dora", "emil", "fritz"]
    records = [record(f"k{n}", "cookie", "kiosk", name) for n, name in enumerate(names)]
    records += [record("a", "ip", "10.0.0.1"), record("b", "ip", "10.0.0.1")]
    records += [record("x", "email", "a@x.org"), record("y", "email", "A@x.org")]
    found = components(pure.members(records, POLICY), POLICY)
    assert sorted([one.key for one in part] for part in found) == sorted(
        [*([f"s|k{n}"] for n in range(6)), ["s|a"], ["s|b"], ["s|x", "s|y"]]
    )


def test_a_policy_of_another_threshold_decides_otherwise() -> None:
    strict = Policy.model_validate(POLICY.model_dump(by_alias=True) | {"mergeBits": 12})
    profiles = {"a": known("m:a"), "b": known("m:a")}
    assert partition(profiles, {"email|a": 1}, strict) == [["a"], ["b"]]
    assert partition(profiles, {"email|a": 1}, POLICY) == [["a", "b"]]
