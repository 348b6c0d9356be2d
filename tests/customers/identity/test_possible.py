"""Who may be one and is not, as the partition leaves them."""

import random
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from customers.identity.evidence import Evidence, Rule
from customers.identity.partition import partition
from customers.identity.policy import Policy
from customers.identity.possible import (
    Kind,
    Possible,
    Suggestion,
    fingerprint,
    strongest,
    suggested,
)
from tests.customers.identity.test_decided import said
from tests.customers.identity.test_partition import ANYBODY, PEOPLE, profiles_of
from tests.evidence import POLICY, changed, doubted, known, profile

ANN = {"first": "ann", "last": "smith"}


def possible(
    profiles: Mapping[str, Evidence],
    shared: Mapping[str, int] | None = None,
    policy: Policy = POLICY,
) -> dict[str, tuple[Kind, float]]:
    """Kind and score by the two profiles that stand for their clusters: ``{"ab": …}``."""
    people = {key: 1 for one in profiles.values() for key in one.links} | dict(shared or {})
    found: list[Possible[str]] = []
    partition(profiles, people, policy, possible=found)
    assert len({frozenset((one.one, one.other)) for one in found}) == len(found)
    return {"".join(sorted((one.one, one.other))): (one.kind, one.score) for one in found}


def test_something_that_speaks_for_it_and_not_enough_is_a_match() -> None:
    # 8 of the phone, less 3.5 where two people have it.
    at = {"a": known("p:1", last="smith"), "b": known("p:1", first="ann")}
    assert possible(at) == {}
    assert possible(at, {"phone|1": 2}) == {"ab": (Kind.SCORE, 4.5)}
    assert POLICY.possible_bits == 2
    below = {"a": known("p:1", sex="f"), "b": known("p:1", sex="m")}
    assert possible(below, {"phone|1": 3}) == {}
    assert possible(below, {"phone|1": 2}) == {"ab": (Kind.SCORE, 3.0)}
    assert possible(below, {"phone|1": 2}, changed(POLICY, possibleBits=3.5)) == {}


def test_rivals_are_ties_and_none_of_each_other() -> None:
    rivals = {"a": known("c:1", "k:1"), "n": known("k:1", "k:2"), "b": known("c:2", "k:2")}
    assert possible(rivals) == {"an": (Kind.TIE, 9), "bn": (Kind.TIE, 9)}


def test_what_belongs_to_its_newest_user_is_no_match_of_the_one_before() -> None:
    policy = changed(
        POLICY,
        namespaces={
            name: kind | ({"owner": "newest"} if name == "device" else {})
            for name, kind in POLICY.model_dump(by_alias=True)["namespaces"].items()
        },
    )
    users = {
        "a": profile(["c:1", "d:1"], {}, policy=policy, used={"d:1": 1}),
        "b": profile(["c:2", "d:1"], {"born": "1980-02-03"}, policy=policy, used={"d:1": 2}),
        "n": profile(["d:1"], {"born": "1955-06-07"}, policy=policy, used={"d:1": 3}),
    }
    people = {key: 1 for one in users.values() for key in one.links}
    assert partition(users, people, POLICY) == [["a", "n"], ["b"]]
    assert partition(users, people, policy) == [["a"], ["b"], ["n"]]
    assert possible(users, {"device|1": 1}, policy) == {}


def test_two_numbers_are_a_match_where_enough_speaks_besides() -> None:
    rows = {"a": known("c:1", "m:a", **ANN), "b": known("c:2", "m:a", **ANN)}
    assert possible(rows, {"email|a": 2}) == {"ab": (Kind.UNIQUE, 10.5)}
    weak = {"a": known("c:1", "m:a"), "b": known("c:2", "m:a", **ANN)}
    assert possible(weak, {"email|a": 3}) == {}
    twice = {"a": known("c:1", "c:2", **ANN), "b": known("c:1", **ANN)}
    assert possible(twice) == {"ab": (Kind.UNIQUE, 19)}


def test_another_veto_is_no_match() -> None:
    born = {
        "a": known("c:1", "m:a", born="1980-02-03"),
        "b": known("c:2", "m:a", born="1955-06-07"),
    }
    assert possible(born) == {}
    apart = {"a": known("m:a", born="1980-02-03"), "b": known("m:a", born="1955-06-07")}
    assert possible(apart) == {}


def test_who_people_keep_apart_is_no_match() -> None:
    rows = {"a": known("c:1", "m:a", **ANN), "b": known("c:2", "m:a", **ANN)}
    people = {key: 1 for one in rows.values() for key in one.links}
    found: list[Possible[str]] = []
    partition(rows, people, POLICY, said("a/b"), possible=found)
    assert found == []


def test_clusters_are_matches_as_wholes_and_once() -> None:
    rows = {
        "a": known("c:1", "m:a", **ANN), "x": known("c:1", "m:a"),
        "b": known("c:2", "m:a", **ANN), "y": known("c:2", "p:2"),
    }  # fmt: skip
    assert possible(rows, {"email|a": 2}) == {"ab": (Kind.UNIQUE, 10.5)}


def test_who_is_not_believed_makes_no_work_for_people() -> None:
    rows = {"a": known("c:1", "m:a", **ANN), "b": doubted("c:2", "m:a", **ANN)}
    assert possible(rows, {"email|a": 2}) == {}
    rows |= {"c": known("c:3", "m:a", **ANN)}
    assert possible(rows, {"email|a": 2}) == {"ac": (Kind.UNIQUE, 10.5)}


def test_the_strongest_are_kept_and_of_equal_ones_all_or_none() -> None:
    one = known("m:a")

    def of(*scores: float) -> Sequence[Possible[int]]:
        return [
            Possible(2 * n, 2 * n + 1, Kind.SCORE, score, one, one)
            for n, score in enumerate(scores)
        ]

    assert [one.score for one in strongest(of(3, 4, 2), 2)] == [4, 3]
    assert [one.score for one in strongest(of(3, 4, 3), 2)] == [4]
    assert [one.score for one in strongest(of(3, 4, 3, 2), 3)] == [4, 3, 3]
    assert strongest(of(3, 3, 3), 2) == []


def test_what_is_suggested() -> None:
    agree = [(Rule.COMMON, "email|a", 4.0)]
    against = [*agree, (Rule.DIFFER, "firstName", -1.0)]
    unlinked = [*agree, (Rule.UNLINKED, "", -4.5)]

    def found(kind: Kind, score: float, pieces: Sequence[tuple[Rule, str, float]]) -> Suggestion:
        return suggested(kind, score, pieces, POLICY)

    assert found(Kind.SCORE, 4.0, agree) == Suggestion.MERGE
    assert found(Kind.SCORE, 4.0, unlinked) == Suggestion.MERGE
    assert found(Kind.SCORE, 3.0, agree) == Suggestion.LOOK
    assert found(Kind.SCORE, 4.0, against) == Suggestion.KEEP_APART
    assert found(Kind.UNIQUE, 9.0, agree) == Suggestion.MERGE
    assert found(Kind.UNIQUE, 9.0, against) == Suggestion.LOOK
    assert found(Kind.TIE, 9.0, agree) == Suggestion.LOOK


# Whatever the evidence is

ONE = profiles_of(POLICY, st.just(value=True))


@given(ANYBODY, PEOPLE, st.randoms(use_true_random=False))
def test_matches_do_not_depend_on_the_order_or_the_names_of_profiles(
    rows: list[Evidence], shared: dict[str, int], chance: random.Random
) -> None:
    people = {key: 1 for one in rows for key in one.links} | shared

    def found(order: list[int]) -> list[tuple[Kind, float, str]]:
        profiles = {place: rows[n] for place, n in enumerate(order)}
        matches: list[Possible[int]] = []
        partition(profiles, people, POLICY, possible=matches)
        return sorted((one.kind, one.score, one.evidence()) for one in matches)

    order = [*range(len(rows))]
    shuffled = chance.sample(order, len(order))
    assert found(order) == found(shuffled)


@given(ANYBODY, PEOPLE)
def test_to_be_told_of_matches_changes_no_cluster(
    rows: list[Evidence], shared: dict[str, int]
) -> None:
    people = {key: 1 for one in rows for key in one.links} | shared
    profiles = dict(enumerate(rows))
    found: list[Possible[int]] = []
    clusters = partition(profiles, people, POLICY, possible=found)
    assert clusters == partition(profiles, people, POLICY)
    cluster_of = {key: place for place, keys in enumerate(clusters) for key in keys}
    pairs = [frozenset((cluster_of[one.one], cluster_of[one.other])) for one in found]
    assert all(len(pair) > 1 for pair in pairs)
    assert len({*pairs}) == len(pairs)


@given(ONE, ONE)
def test_a_fingerprint_is_that_of_both_directions(a: Evidence, b: Evidence) -> None:
    assert fingerprint(a, b) == fingerprint(b, a)


def test_a_fingerprint_tells_of_what_is_between_two_and_of_nothing_else() -> None:
    a, b = known("c:1", "m:a", first="ann"), known("c:2", "m:a", last="smith")
    before = fingerprint(a, b)
    assert fingerprint(a | known("p:1", born="1980-02-03"), b) == before
    assert fingerprint(a, b | known("k:9")) == before
    for more in ("c:3", "m:b"):
        assert fingerprint(a | known(more), b) != before
    assert fingerprint(a | known("p:1"), b | known("p:1")) != before
    assert fingerprint(a, b | known(first="ann")) != before
    assert fingerprint(a | known(last="jones"), b) != before
