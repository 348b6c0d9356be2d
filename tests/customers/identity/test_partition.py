"""The decision itself: which profiles of a component are one customer."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.identity.component import components
from customers.identity.evidence import Evidence, bits, namespace_of
from customers.identity.partition import FLOOD, partition
from customers.identity.policy import Policy
from tests import pure
from tests.evidence import POLICY, changed, doubted, known, profile

ANN = {"first": "ann", "last": "smith"}
HOME = "02139/12/main"
Profiles = Mapping[str, Evidence]


def clusters(
    profiles: Profiles, shared: Mapping[str, int] | None = None, policy: Policy = POLICY
) -> set[frozenset[str]]:
    people = {key: 1 for one in profiles.values() for key in one.links} | dict(shared or {})
    return {frozenset(keys) for keys in partition(profiles, people, policy)}


def weighing(**bits: float) -> Policy:
    """The policy with other bits of these namespaces."""
    said = POLICY.model_dump(by_alias=True)["namespaces"]
    return changed(
        POLICY, namespaces=said | {name: said[name] | {"bits": one} for name, one in bits.items()}
    )


def groups(*texts: str) -> set[frozenset[str]]:
    """``"ab", "c"``: a and b are one, c is another."""
    return {frozenset(text) for text in texts}


# Clusters


def test_two_are_one_from_the_threshold_on() -> None:
    assert POLICY.merge_bits == 5
    at = {"a": known("p:1", last="smith"), "b": known("p:1", last="jones")}
    assert clusters(at) == groups("ab")
    below = {"a": known("p:1", first="ann"), "b": known("p:1", first="ben")}
    assert clusters(below) == groups("a", "b")
    assert clusters(at, {"phone|1": 2}) == groups("a", "b")


@pytest.mark.parametrize("more", [(), ("k:9",)])
def test_bits_add_up_as_people_add_them(more: tuple[str, ...]) -> None:
    # For a computer .7 and .1 are less than .8, and three figures in another order another sum.
    policy = changed(weighing(email=0.7, phone=0.1), mergeBits=0.8, possibleBits=0.5)
    two = {"a": known("m:a", "p:1"), "b": known("m:a", "p:1", *more)}
    people = {"email|a": 1, "phone|1": 1, "cookie|9": 1}
    assert partition(two, people, policy) == [["a", "b"]]
    nearly = changed(policy, mergeBits=0.800001)
    assert partition(two, people, nearly) == [["a"], ["b"]]


def test_one_profile_is_one_cluster() -> None:
    assert partition({"a": known()}, {}, POLICY) == [["a"]]


def test_clusters_and_the_profiles_in_them_are_in_the_order_of_the_profiles() -> None:
    profiles = {"x": known("c:1"), "a": known("c:2"), "z": known("c:2"), "b": known("c:1")}
    assert partition(profiles, {"crmId|1": 1, "crmId|2": 1}, POLICY) == [["x", "b"], ["a", "z"]]


def test_a_chain_of_links_is_one_customer() -> None:
    chain = {chr(97 + n): known(f"k:{n}", f"k:{n + 1}") for n in range(8)}
    assert clusters(chain) == groups("abcdefgh")


def test_who_differ_by_no_more_than_a_bit_do_not_exclude_each_other() -> None:
    # The ends of the chain have other phones, which is a bit against them.
    phones = {chr(97 + n): known(f"p:{n}", f"p:{n + 1}") for n in range(8)}
    assert clusters(phones) == groups("abcdefgh")
    sexes = {"a": known("k:1", sex="f"), "x": known("k:1", "k:2"), "b": known("k:2", sex="m")}
    assert clusters(sexes) == groups("a", "x", "b")


def test_clusters_are_compared_as_wholes() -> None:
    # c shares a phone with b, but is another person than a, who b is.
    profiles = {
        "a": known("c:1", "m:a", first="ann", born="1980-02-03"),
        "b": known("m:a", "p:1", first="ann"),
        "c": known("p:1", born="1955-06-07"),
    }
    assert clusters(profiles) == groups("ab", "c")


def test_what_no_two_profiles_could_tell_two_clusters_may() -> None:
    # A phone of two people is too little for b and c; b is a, and a has the name of c.
    profiles = {
        "a": known("m:a", first="ann"),
        "b": known("m:a", "p:1"),
        "c": known("p:1", "m:c", first="ann"),
    }
    alone = {key: profiles[key] for key in "bc"}
    assert clusters(alone, {"phone|1": 2}) == groups("b", "c")
    # 8 - 3.5 of the phone, 3 of the name, -3 of the e-mails.
    assert clusters(profiles, {"phone|1": 2}) == groups("ab", "c")
    profiles["c"] = known("p:1", first="ann")
    assert clusters(profiles, {"phone|1": 2}) == groups("abc")
    assert clusters(dict(reversed(profiles.items())), {"phone|1": 2}) == groups("abc")


def test_passes_go_on_until_nothing_joins() -> None:
    # Each cluster learns from the one before what it needs for the next.
    profiles = {
        "a": known("m:a", first="ann"),
        "b": known("m:a", "p:1"),
        "c": known("p:1", "p:2", first="ann"),
        "d": known("p:2", "p:3", first="ann", last="smith"),
        "e": known("p:3", "k:1", last="smith"),
        "f": known("k:1"),
    }
    two = {"phone|1": 2, "phone|2": 2, "phone|3": 4}
    assert clusters({key: profiles[key] for key in "bcde"}, two) == groups("b", "cd", "e")
    assert clusters(profiles, two) == groups("abcd", "ef")
    assert clusters(profiles, two | {"phone|3": 2}) == groups("abcdef")


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
    # 9 - 3.5 of an e-mail of two people, and 3 of a name; a phone of one person.
    rivals = {
        "a": known("c:1", "m:a", first="ann"),
        "b": known("c:2", "p:1"),
        "x": known("m:a", "p:1", first="ann"),
    }
    assert clusters(rivals, {"email|a": 2}) == groups("a", "b", "x")
    again = rivals | {"y": rivals["x"], "z": rivals["x"]}
    assert clusters(again, {"email|a": 2}) == groups("a", "b", "xyz")
    # Nor does what nobody else holds, such as each receipt's own number, tell anything more.
    own = again | {"w": known("m:a", "p:1", "k:9", first="ann")}
    assert clusters(own, {"email|a": 2}) == groups("a", "b", "wxyz")
    more = again | {"w": known("m:a", "p:1", first="ann", last="smith")}
    assert clusters(more, {"email|a": 2}) == groups("awxyz", "b")
    # 9 of a cookie against 8 of a phone, a whole bit apart.
    apart = {"a": known("c:1", "k:1"), "b": known("c:2", "p:1"), "x": known("k:1", "p:1")}
    assert clusters(apart) == groups("ax", "b")
    # As people take away: for a computer 8.2 less 1 is less than 7.2.
    assert clusters(apart, policy=weighing(cookie=8.2, phone=7.2)) == groups("ax", "b")
    # Both have an e-mail of their own, and the name.
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


# Without a shared identifier


def test_profiles_without_anything_in_common_are_not_one_however_alike() -> None:
    same = {"first": "ann", "last": "smith"}
    assert clusters({"a": known("i:1", **same), "b": known("i:1", **same)}) == groups("a", "b")


def test_who_share_no_identifier_need_as_much_more_as_the_policy_says() -> None:
    assert POLICY.unlinked_bits == -4.5
    born = {"born": "1980-02-03"}
    # 6 + 3 + 2 of birth date and names, and 6 + 3 - 2 where nobody compared family names.
    full = {"a": known("m:a", **ANN, **born), "b": known("k:1", **ANN, **born)}
    assert clusters(full) == groups("ab")
    half = {"a": known("m:a", **ANN, **born), "b": known("k:1", first="ann", **born)}
    assert clusters(half) == groups("a", "b")
    assert clusters(half, policy=changed(POLICY, unlinkedBits=-2.5)) == groups("a", "b")
    assert clusters(half, policy=changed(POLICY, unlinkedBits=-2)) == groups("ab")
    assert clusters(full, policy=changed(POLICY, unlinkedBits=-6.5)) == groups("a", "b")
    # Who shares an identifier needs no more than anybody.
    linked = {"a": known("p:1", **ANN), "b": known("p:1")}
    assert clusters(linked, policy=changed(POLICY, unlinkedBits=-6.5)) == groups("ab")


def test_nobody_is_brought_together_by_an_address_alone() -> None:
    profiles = {"a": known("m:a", home=HOME), "b": known("k:1", home=HOME)}
    assert clusters(profiles, policy=changed(POLICY, unlinkedBits=0)) == groups("a", "b")


def test_a_name_at_an_address_is_one_and_those_who_live_with_them_are_others() -> None:
    # 5 + 3 + 2 of the address and the names.
    profiles = {
        "a": known("m:a", home=HOME, **ANN),
        "b": known("k:1", home=HOME, **ANN),
        "c": known("k:2", home=HOME, first="ben", last="smith"),
        "d": known("k:3", home=HOME, last="smith"),
    }
    assert clusters(profiles) == groups("ab", "c", "d")
    assert clusters(profiles, {f"~address|{HOME}": 9}) == groups("ab", "c", "d")


def test_equal_evidence_without_a_shared_identifier_needs_more_too() -> None:
    # 5 + 3 of the address and the first name: too little for a and b, and so for a and c.
    profiles = {"a": known(home=HOME, first="ann"), "b": known(home=HOME, first="ann", sex="f")}
    assert clusters(profiles) == groups("a", "b")
    assert clusters(profiles | {"c": profiles["a"]}) == groups("a", "b", "c")
    nameless = {key: known(home=HOME) for key in "abc"}
    assert clusters(nameless) == groups("a", "b", "c")


# Things that several people use


def test_a_thing_that_two_known_by_other_kinds_of_ids_used_does_not_make_them_one() -> None:
    profiles = {"a": known("c:1", "k:1"), "b": known("l:7", "k:1")}
    assert clusters(profiles) == groups("a", "b")
    assert clusters({"a": known("c:1", "k:1", "m:a"), "b": known("l:7", "k:1", "m:a")}) == groups(
        "ab"
    )


def test_who_used_that_thing_unknown_is_neither_of_them_and_does_not_make_them_one() -> None:
    profiles = {"a": known("c:1", "k:1"), "b": known("l:7", "k:1"), "x": known("k:1")}
    found = clusters(profiles)
    assert {frozenset("a"), frozenset("b")} <= {keys - {"x"} for keys in found}
    assert clusters(dict(reversed(profiles.items()))) == found


NEWEST = changed(
    POLICY,
    namespaces={
        name: settings | ({"owner": "newest"} if name == "cookie" else {})
        for name, settings in POLICY.model_dump(by_alias=True)["namespaces"].items()
    },
)


def used(*identifiers: str, at: int) -> Evidence:
    """A profile that used its cookies at this time, where they belong to the newest user."""
    cookies = {one: at for one in identifiers if one.startswith("k:")}
    return profile(identifiers, {}, policy=NEWEST, used=cookies)


def owners(**profiles: Evidence) -> set[frozenset[str]]:
    """The clusters where every cookie has two people."""
    shared = {key: 2 for one in profiles.values() for key in one.links if "cookie" in key}
    found = clusters(profiles, shared, NEWEST)
    backwards = dict(reversed(profiles.items()))
    assert clusters(backwards, shared, NEWEST) == found
    return found


def test_what_two_people_used_belongs_to_nobody_unless_the_policy_says_so() -> None:
    profiles = {"a": known("c:1", "k:1"), "b": known("c:2", "k:1"), "x": known("k:1")}
    assert clusters(profiles, {"cookie|1": 2}) == groups("a", "b", "x")


def test_what_two_people_used_belongs_to_the_newest() -> None:
    a, b, x = used("c:1", "k:1", at=1), used("c:2", "k:1", at=2), used("k:1", at=1)
    assert owners(a=a, b=b, x=x) == groups("a", "bx")
    assert owners(a=used("c:1", "k:1", at=3), b=b, x=x) == groups("ax", "b")


def test_the_newest_of_three_has_it() -> None:
    a, b, c = (used(f"c:{n}", "k:1", at=n) for n in (1, 3, 2))
    assert owners(a=a, b=b, c=c, x=used("k:1", at=9)) == groups("a", "bx", "c")


def test_of_two_who_used_it_at_the_same_time_nobody_has_it() -> None:
    a, b, x = used("c:1", "k:1", at=2), used("c:2", "k:1", at=2), used("k:1", at=3)
    assert owners(a=a, b=b, x=x) == groups("a", "b", "x")


def test_whoever_uses_it_again_has_it_back() -> None:
    a, b, x = used("c:1", "k:1", at=1), used("c:2", "k:1", at=2), used("k:1", at=2)
    again = used("c:1", "k:1", at=3)
    assert owners(a=a, b=b, x=x, y=again) == groups("axy", "b")


def test_a_use_by_nobody_in_particular_is_no_claim() -> None:
    a, x, y = used("c:1", "k:1", at=1), used("k:1", at=8), used("k:1", "k:2", at=9)
    b = used("c:2", "k:2", at=2)
    assert owners(a=a, x=x) == groups("ax")
    # y is as much the one's as the other's.
    assert owners(a=a, b=b, y=y) == groups("a", "b", "y")


def test_who_has_a_better_identifier_is_not_whoever_used_the_thing_last() -> None:
    a, b = used("c:1", "k:1", at=1), used("c:2", "k:1", at=2)
    x = used("k:1", "m:a", at=3)
    assert owners(a=used("c:1", "k:1", "m:a", at=1), b=b, x=x) == groups("ax", "b")
    # With an e-mail of its own, x is known, and fits both: it joins neither.
    assert owners(a=a, b=b, x=x) == groups("a", "b", "x")


def test_other_things_of_who_lost_one_stay_theirs() -> None:
    a = used("c:1", "k:1", "k:2", at=1)
    b = used("c:2", "k:1", at=2)
    x, y = used("k:1", at=1), used("k:2", at=1)
    assert owners(a=a, b=b, x=x, y=y) == groups("ay", "bx")


# Who is not believed


def test_who_is_not_believed_joins_and_never_brings_two_together() -> None:
    a, b = known("m:a", first="ann"), known("k:1", first="ann")
    x = doubted("m:a", "k:1", first="ann")
    assert clusters({"a": a, "b": b, "x": known("m:a", "k:1", first="ann")}) == groups("abx")
    found = clusters({"a": a, "b": b, "x": x})
    assert {keys - {"x"} for keys in found} - {frozenset()} == groups("a", "b")
    assert clusters({"a": a, "x": doubted("m:a")}) == groups("ax")


def test_who_is_not_believed_takes_no_side_between_two() -> None:
    a, b = known("c:1", "m:a"), known("c:2", "m:b")
    x = doubted("m:a", "m:b")
    assert clusters({"a": a, "b": b, "x": x}) == groups("a", "b", "x")
    assert clusters({"x": x, "b": b, "a": a}) == groups("a", "b", "x")


def test_who_is_not_believed_does_not_keep_two_apart() -> None:
    a, b = known("m:a", "p:1"), known("m:a", "p:1")
    # As a trusted one, x would be a rival of a for b.
    x = doubted("m:a", "p:1", "c:9", born="1955-06-07")
    assert frozenset("ab") in {keys - {"x"} for keys in clusters({"a": a, "b": b, "x": x})}


def test_of_a_customer_the_rest_is_whose_more_speaks_for_by_however_little() -> None:
    # 9.5 bits against 9: what tells one thing alone joins neither.
    x, y = doubted("c:1", "m:a", sex="f"), doubted("c:2", "k:b")
    a, b = known("m:a", "k:b", sex="f"), known("m:a", "k:b", "p:1", sex="f")
    assert clusters({"a": a, "x": x, "y": y}) == groups("a", "x", "y")
    assert clusters({"a": a, "b": a, "x": x, "y": y}) == groups("ab", "x", "y")
    assert clusters({"a": a, "b": b, "x": x, "y": y}) == groups("abx", "y")


def test_those_who_are_not_believed_are_told_apart_like_others() -> None:
    profiles = {
        "x": doubted("c:1", "m:a"),
        "y": doubted("c:1"),
        "z": doubted("c:2", "m:a"),
    }
    assert clusters(profiles, {"email|a": 2}) == groups("xy", "z")


# Any order, any names

SIGNS = (
    "c:1", "c:2", "l:7", "s:123", "s:124", "m:a", "m:b", "m:c",
    "p:1", "p:2", "k:1", "k:2", "d:1", "i:1",
)  # fmt: skip
HOMES = st.sampled_from([HOME, "02139/12/mian", "02139/14/oak"])
FIELDS: dict[str, st.SearchStrategy[str]] = {
    "first": st.sampled_from(["ann", "anna", "mia", "ma", "ben", "katherine", "ann|ben"]),
    "last": st.sampled_from(["smith", "smiht", "jones"]),
    "born": st.sampled_from(["1980-02-03", "1980-02-04", "1955-06-07"]),
    "home": HOMES,
    "sex": st.sampled_from(["f", "m"]),
    "generation": st.just("2"),
}


def profiles_of(policy: Policy, trusted: st.SearchStrategy[bool]) -> st.SearchStrategy[Evidence]:
    """Any profile, with the times at which it used what it has."""

    def made(signs: frozenset[str], fields: dict[str, str], at: int, believed: bool) -> Evidence:
        used = dict.fromkeys(signs, at)
        return profile(signs, fields, policy=policy, trusted=believed, used=used)

    return st.builds(
        made,
        st.frozensets(st.sampled_from(SIGNS), max_size=4),
        st.fixed_dictionaries({}, optional=FIELDS),
        st.integers(1, 3),
        trusted,
    )


BELIEVED = st.lists(profiles_of(POLICY, st.just(value=True)), min_size=1, max_size=9)
ANYBODY = st.lists(profiles_of(POLICY, st.booleans()), min_size=1, max_size=9)
OWNING = st.lists(profiles_of(NEWEST, st.booleans()), min_size=1, max_size=9)
PEOPLE = st.dictionaries(
    st.sampled_from(sorted(known(*SIGNS).links)), st.sampled_from([1, 2, 3, 5])
)


def found_among(
    profiles: Mapping[Any, Evidence], people: Mapping[str, int], policy: Policy = POLICY
) -> set[frozenset[Any]]:
    counts = {key: people.get(key, 1) for one in profiles.values() for key in one.links}
    return {frozenset(keys) for keys in partition(profiles, counts, policy)}


def agrees_in_any_order(
    profiles: Sequence[Evidence], people: Mapping[str, int], rng: random.Random, policy: Policy
) -> None:
    first = found_among(dict(enumerate(profiles)), people, policy)
    assert sorted(key for keys in first for key in keys) == list(range(len(profiles)))
    shuffled = rng.sample(list(enumerate(profiles)), len(profiles))
    assert found_among(dict(shuffled), people, policy) == first
    names = rng.sample(range(1000), len(profiles))
    renamed = found_among(
        {str(name): profiles[place] for place, name in enumerate(names)}, people, policy
    )
    assert {frozenset(names.index(int(name)) for name in keys) for keys in renamed} == first


@settings(max_examples=150)
@given(ANYBODY, PEOPLE, st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_profiles_change_anything(
    profiles: list[Evidence], people: dict[str, int], rng: random.Random
) -> None:
    agrees_in_any_order(profiles, people, rng, POLICY)


@settings(max_examples=150)
@given(OWNING, PEOPLE, st.randoms(use_true_random=False))
def test_nor_do_they_where_things_belong_to_the_newest(
    profiles: list[Evidence], people: dict[str, int], rng: random.Random
) -> None:
    agrees_in_any_order(profiles, people, rng, NEWEST)


@settings(max_examples=150)
@given(ANYBODY, PEOPLE)
def test_no_cluster_has_two_that_can_never_be_one(
    profiles: list[Evidence], people: dict[str, int]
) -> None:
    for keys in found_among(dict(enumerate(profiles)), people):
        for namespace in POLICY.unique:
            values = {key for place in keys for key in profiles[place].held.get(namespace, ())}
            assert len(keys) == 1 or len(values) <= 1


@settings(max_examples=150)
@given(BELIEVED, PEOPLE)
def test_the_components_alone_are_what_all_together_are(
    profiles: list[Evidence], people: dict[str, int]
) -> None:
    parts: set[frozenset[int]] = set()
    for component in reached(profiles):
        parts |= found_among({place: profiles[place] for place in sorted(component)}, people)
    assert parts == found_among(dict(enumerate(profiles)), people)


def reached(profiles: Sequence[Evidence]) -> Iterable[set[int]]:
    """The places of the profiles that reach each other."""
    leads = [
        {key for key in one.links | one.leads if namespace_of(key) in POLICY.leads}
        for one in profiles
    ]
    left = set(range(len(profiles)))
    while left:
        component, front = set[int](), {left.pop()}
        while front:
            component |= front
            keys = set().union(*(leads[place] for place in front))
            front = {place for place in left if leads[place] & keys}
            left -= front
        yield component


@settings(max_examples=150)
@given(ANYBODY | OWNING, PEOPLE, st.sampled_from([POLICY, NEWEST]))
def test_who_is_not_believed_never_changes_what_the_others_are(
    profiles: list[Evidence], people: dict[str, int], policy: Policy
) -> None:
    believed = {place: one for place, one in enumerate(profiles) if one.trusted}
    together = found_among(dict(enumerate(profiles)), people, policy)
    alone = found_among(believed, people, policy) if believed else set()
    assert {keys.intersection(believed) for keys in together} - {frozenset()} == alone


# Records

DOUBTING = changed(POLICY, sources={"web": {"trusted": False}})
RECORDS = st.lists(
    st.builds(
        lambda source, identifiers, traits: {
            "source": source,
            "at": "2026-01-01T00:00:00Z",
            "identifiers": [
                {"namespace": namespace, "value": value} for namespace, value in identifiers
            ],
            "traits": traits,
        },
        st.sampled_from(["crm", "pos", "web", "web"]),
        st.frozensets(
            st.tuples(
                st.sampled_from(["crmId", "loyaltyId", "cookie", "device"]),
                st.sampled_from(["a1", "b2"]),
            )
            | st.tuples(st.just("email"), st.sampled_from(["a@x.org", "b@x.org"])),
            max_size=3,
        ),
        st.fixed_dictionaries(
            {},
            optional={
                "firstName": st.sampled_from(["Ann", "Ben", "Katherine", "Tom", "Zoe"]),
                "lastName": st.sampled_from(["Smith", "Jones"]),
                "birthDate": st.sampled_from(["1980-02-03", "1955-06-07"]),
                "street": st.sampled_from(["12 Main St", "5 Oak Ave"]),
                "postalCode": st.just("02139"),
            },
        ),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150)
@given(RECORDS)
def test_no_record_of_an_untrusted_source_changes_the_customers_that_the_others_make(
    records: list[dict[str, Any]],
) -> None:
    numbered = [record | {"sourceId": f"{n}"} for n, record in enumerate(records)]
    trusted = [record for record in numbered if record["source"] != "web"]
    keys = {f"{record['source']}|{record['sourceId']}" for record in trusted}
    together = pure.clusters(numbered, DOUBTING)
    assert {cluster & keys for cluster in together} - {frozenset()} == pure.clusters(
        trusted, DOUBTING
    )


def test_a_browser_cannot_bring_two_customers_together_by_saying_that_it_is_both() -> None:
    def record(source: str, source_id: str, *emails: str) -> dict[str, object]:
        identifiers = [{"namespace": "email", "value": one} for one in emails]
        return {"source": source, "sourceId": source_id, "identifiers": identifiers, "traits": {}}

    records = [record("crm", "a", "a@x.org"), record("crm", "b", "b@x.org")]
    attack = [record("web", f"x{n}", "a@x.org", "b@x.org") for n in range(9)]
    assert pure.clusters(records + attack, POLICY) != pure.clusters(records, POLICY)
    customers = {keys & {"crm|a", "crm|b"} for keys in pure.clusters(records + attack, DOUBTING)}
    assert customers - {frozenset()} == {frozenset({"crm|a"}), frozenset({"crm|b"})}


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


def test_a_component_is_reached_through_names_and_not_through_an_address_alone() -> None:
    def record(source_id: str, **traits: str) -> dict[str, object]:
        home = {"street": "12 Main St", "postalCode": "02139"}
        return {"source": "s", "sourceId": source_id, "identifiers": [], "traits": home | traits}

    records = [
        record("a", firstName="Ann", lastName="Smith"),
        record("b", firstName="Bob", lastName="Smyth"),
        record("c", firstName="Cara", lastName="Jones"),
        record("d"),
    ]
    found = components(pure.members(records, POLICY), POLICY)
    assert sorted([one.key for one in part] for part in found) == [["s|a", "s|b"], ["s|c"], ["s|d"]]


def test_a_policy_of_another_threshold_decides_otherwise() -> None:
    profiles = {"a": known("m:a"), "b": known("m:a")}
    assert partition(profiles, {"email|a": 1}, changed(POLICY, mergeBits=12)) == [["a"], ["b"]]
    assert partition(profiles, {"email|a": 1}, POLICY) == [["a", "b"]]


def test_a_customer_of_many_browsers_is_compared_kind_by_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0

    def counted(*arguments: Any) -> float:  # noqa: ANN401 - those of `bits`
        nonlocal compared
        compared += 1
        return bits(*arguments)

    monkeypatch.setattr("customers.identity.partition.bits", counted)
    profiles = {n: known("m:a", f"k:{n}", first="ann") for n in range(150)}
    people = {key: 1 for one in profiles.values() for key in one.links}
    assert partition(profiles, people, POLICY) == [list(range(150))]
    assert compared < 10


# Floods


VISITS = {
    "other people": lambda n: doubted("m:a", first=f"{NAMES[n % 26]}{n}x", last="jones"),
    "other mailboxes": lambda n: doubted("m:a", f"m:{n}"),
    "her, otherwise": lambda n: doubted("m:a", first="ann", sex=str(n)),
}
NAMES = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("kind", VISITS)
@pytest.mark.parametrize("believed", [True, False])
def test_whoever_may_write_cannot_have_pairs_of_thousands_compared(
    monkeypatch: pytest.MonkeyPatch, kind: str, *, believed: bool
) -> None:
    compared: list[int] = []

    def counted(*args: Any) -> float:  # noqa: ANN401 - those of `bits`
        compared.append(1)
        return bits(*args)

    monkeypatch.setattr("customers.identity.partition.bits", counted)
    visits = {f"w{n}": VISITS[kind](n) for n in range(400)}
    ann = {"a": known("m:a", **ANN), "b": known("m:a")} if believed else {}
    found = clusters(ann | visits)
    assert len(compared) < 4 * len(visits)
    joined = believed and kind != "other people"
    assert max(map(len, found)) == (len(visits) + 2 if joined else 2 if believed else 1)


def test_in_a_flood_as_before_whoever_is_like_the_customer_is_the_customer() -> None:
    ann, hers = known("m:a", **ANN), doubted("m:a", first="ann")
    flood = {f"w{n}": VISITS["other people"](n) for n in range(FLOOD + 1)}
    found = clusters({"ann": ann, "hers": hers, "visit": doubted("m:a", "k:1")} | flood)
    assert {"ann", "hers", "visit"} in found
    assert len(found) == 1 + len(flood)


def test_a_flood_is_nothing_to_those_who_are_led_by_something_else() -> None:
    flood = {f"w{n}": VISITS["other people"](n) for n in range(FLOOD + 1)}
    two = {"x": doubted("m:a", "k:1", first="eva"), "y": doubted("k:1", first="eva")}
    assert {"x", "y"} in clusters({"ann": known("m:a", **ANN)} | two | flood)
