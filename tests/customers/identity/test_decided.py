"""What people decided, in the pure decision: it beats every score, and nothing else is moved."""

import random
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from customers.identity.decided import (
    ALWAYS,
    NEVER,
    REST,
    SPLIT,
    Decided,
    Decisions,
    Never,
    apart,
    united,
)
from customers.identity.evidence import Evidence
from customers.identity.partition import partition
from tests.evidence import POLICY, doubted, known

Profiles = Mapping[str, Evidence]


def said(*texts: str) -> Decisions[str]:
    """``"ab"`` are one, ``"a/bc"`` are never one with each other."""
    return Decisions(
        {text: frozenset(text) for text in texts if "/" not in text},
        {
            text: Never(*(frozenset(side) for side in text.split("/")))
            for text in texts
            if "/" in text
        },
    )


def clusters(profiles: Profiles, *texts: str) -> set[str]:
    people = {key: 1 for one in profiles.values() for key in one.links}
    found = partition(profiles, people, POLICY, said(*texts))
    return {"".join(sorted(keys)) for keys in found}


MAIL = {key: known("m:1") for key in "abc"}


def test_a_note_at_a_profile_is_read_as_it_was_written() -> None:
    for one in (Decided(ALWAYS, "dec_1"), Decided(NEVER, "dec_2", SPLIT)):
        assert Decided.loads(one.dumps()) == one
    notes = {"a": [Decided(ALWAYS, "x"), Decided(NEVER, "y", SPLIT)], "b": [Decided(ALWAYS, "x")]}
    assert Decisions.of(notes | {"c": [Decided(NEVER, "y", REST)]}) == Decisions(
        {"x": frozenset("ab")}, {"y": Never(frozenset("a"), frozenset("c"))}
    )


def test_sets_with_a_key_in_common_are_one() -> None:
    assert set(united(["ab", "cd", "be", "f"])) == {frozenset("abe"), frozenset("cd")}
    assert united(["a", "b"]) == []


def test_sides_of_one_decision_are_apart_and_those_of_two_are_not() -> None:
    one, other = frozenset({("x", SPLIT)}), frozenset({("x", REST)})
    assert apart(one, other)
    assert apart(other, one)
    assert not apart(one, one)
    assert not apart(one, frozenset({("y", REST)}))
    assert not apart(one, frozenset())


def test_who_is_joined_by_a_person_is_one_whatever_speaks_against_it() -> None:
    strangers = {
        "a": known("c:1", first="ann", born="1980-02-03"),
        "b": known("c:2", first="ben", born="1955-06-07"),
    }
    assert clusters(strangers) == {"a", "b"}
    assert clusters(strangers, "ab") == {"ab"}


def test_what_people_joined_in_a_chain_is_one() -> None:
    assert clusters({key: known() for key in "abcd"}, "ab", "bc") == {"abc", "d"}


def test_the_others_of_two_who_are_joined_come_along() -> None:
    # Each has its own number, and so have the profiles that were with them before.
    profiles = {
        "a": known("c:1", "m:a", born="1980-02-03"),
        "x": known("c:1", "m:x"),
        "b": known("c:2", born="1955-06-07"),
        "y": known("c:2", "p:y"),
    }
    assert clusters(profiles) == {"ax", "by"}
    assert clusters(profiles, "ab") == {"abxy"}
    # Whom nobody joined must still fit: x and y go with b or with a, and a and b are not one.
    assert clusters(profiles, "xy") == {"a", "bxy"}
    assert clusters(profiles, "xy", "ab") == {"abxy"}


def test_whom_people_joined_is_whose_more_speaks_for_by_however_little() -> None:
    # 9.5 bits against 9: less than a bit, so that of one profile nobody can say whose it is.
    profiles = {
        "a": known("c:1", "m:a", sex="f"),
        "b": known("c:2", "k:b"),
        "x": known("m:a", "k:b", sex="f"),
        "y": known("p:1"),
    }
    assert clusters(profiles) == {"a", "b", "x", "y"}
    assert clusters(profiles, "xy") == {"axy", "b"}
    # In whatever order: z tells all that the two tell.
    parted = profiles | {"x": known("m:a", sex="f"), "y": known("k:b")}
    whole = {"z": known("m:a", "k:b", sex="f")}
    assert clusters(parted | whole, "xy") == clusters(whole | parted, "xy") == {"axyz", "b"}
    # Who is never to be another, nor a second receipt beside it, is none more for that.
    copied = profiles | {"z": profiles["x"]}
    assert clusters(copied, "x/y") == {"a", "b", "xz", "y"}


def test_numbers_that_are_one_persons_join_nobody_by_themselves() -> None:
    profiles = {"a": known("c:1"), "b": known("c:2"), "x": known("c:3", "m:1"), "y": known("m:1")}
    assert clusters(profiles, "ab") == {"ab", "xy"}


def test_who_is_split_off_stays_apart_from_each_of_the_others() -> None:
    assert clusters(MAIL) == {"abc"}
    assert clusters(MAIL, "a/bc") == {"a", "bc"}
    assert clusters(MAIL, "a/bc", "b/c") == {"a", "b", "c"}


def test_the_sides_are_vetoes_between_wholes() -> None:
    # d and e came later: each is one with whom it shares more, and keeps away from the other side.
    profiles = {
        "a": known("m:1", "p:a"),
        "b": known("m:1", "p:b"),
        "d": known("m:1", "p:a"),
        "e": known("m:1", "p:b"),
    }
    assert clusters(profiles) == {"abde"}
    assert clusters(profiles, "a/b") == {"ad", "be"}


def test_who_comes_later_and_fits_both_sides_joins_neither() -> None:
    assert clusters(MAIL | {"n": known("m:1")}, "a/bc") == {"a", "bc", "n"}
    stronger = MAIL | {"b": known("m:1", "p:1"), "n": known("m:1", "p:1")}
    assert clusters(stronger, "a/bc") == {"a", "bcn"}


def test_never_goes_before_always() -> None:
    # Such decisions are refused when they are made.
    assert said("ab", "bc", "a/c").contradictions() == [(frozenset("abc"), "a/c")]
    assert clusters(MAIL, "ab", "bc", "a/c") == {"a", "b", "c"} or clusters(
        MAIL, "ab", "bc", "a/c"
    ).isdisjoint({"abc", "ac"})
    assert said("ab", "a/c").contradictions() == []
    assert clusters(MAIL, "ab", "a/c") == {"ab", "c"}


def test_who_is_not_trusted_may_be_joined_and_brings_nobody_along() -> None:
    profiles = {
        "a": known("c:1"),
        "b": known("c:2", "m:b"),
        "v": doubted("c:2", "m:b"),
    }
    assert clusters(profiles) == {"a", "bv"}
    assert clusters(profiles, "av") == {"av", "b"}
    assert clusters(profiles, "av", "bv") == {"abv"}
    assert clusters(profiles, "v/b") == {"a", "b", "v"}


def test_one_profile_of_a_decision_is_as_without_it() -> None:
    assert clusters(MAIL, "a", "az") == {"abc"}
    assert clusters({"a": known()}, "ab") == {"a"}


EVIDENCE = st.builds(
    lambda identifiers, first, trusted: (known if trusted else doubted)(
        *identifiers, **({"first": first} if first else {})
    ),
    st.sets(st.sampled_from(["m:1", "m:2", "p:1", "c:1", "c:2", "k:1"]), max_size=3),
    st.sampled_from([None, "ann", "ben"]),
    st.booleans(),
)
KEYS = "abcdef"
SETS = st.sets(st.sampled_from(KEYS), min_size=1, max_size=3).map(lambda one: "".join(sorted(one)))
TEXTS = st.one_of(
    SETS,
    st.tuples(SETS, SETS).filter(lambda one: set(one[0]).isdisjoint(one[1])).map("/".join),
)


@settings(max_examples=150)
@given(
    st.fixed_dictionaries(dict.fromkeys(KEYS, EVIDENCE)),
    st.lists(TEXTS, max_size=4),
    st.randoms(use_true_random=False),
)
def test_decisions_hold_and_neither_order_nor_names_matter(
    profiles: dict[str, Evidence], texts: list[str], chance: random.Random
) -> None:
    decisions = said(*texts)
    found = clusters(profiles, *texts)
    for joined in decisions.joined():
        assert any(joined <= set(cluster) for cluster in found)
    for never in decisions.never.values():
        for cluster in found:
            assert never.split.isdisjoint(cluster) or never.rest.isdisjoint(cluster)
    order = list(profiles.items())
    chance.shuffle(order)
    assert clusters(dict(order), *chance.sample(texts, len(texts))) == found
    names = "".join(chance.sample("uvwxyz", len(KEYS)))
    name, other_names = dict(zip(KEYS, names, strict=True)), str.maketrans(KEYS, names)
    other = {name[key]: one for key, one in order}
    renamed = [text.translate(other_names) for text in texts]
    assert clusters(other, *renamed) == {
        "".join(sorted(name[key] for key in cluster)) for cluster in found
    }
