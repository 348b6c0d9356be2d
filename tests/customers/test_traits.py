"""Traits of a profile and of a customer: late data never overwrites newer."""

import random

import orjson
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.policy_document import default_policy
from customers.traits import (
    KEPT_NAMES,
    KEPT_OTHERS,
    KEPT_VALUES,
    LONG_VALUE,
    Traits,
    dumps,
    golden,
    loads,
    with_values,
)
from tests.traits import said

POLICY = default_policy()
SAID = st.tuples(
    st.dictionaries(
        st.sampled_from(["city", "firstName"]), st.sampled_from(['"a"', '"b"', '"c"', "1"])
    ),
    st.integers(0, 5),
)


def test_every_value_is_kept_with_the_time_it_was_last_said_newest_first() -> None:
    traits = said((1, {"city": "Leeds"}), (3, {"city": "York"}), (2, {"city": "Leeds"}))
    assert traits == {"city": (('"York"', 3), ('"Leeds"', 2))}


def test_late_data_does_not_overwrite_newer() -> None:
    traits = said((5, {"city": "York"}), (1, {"city": "Leeds"}))
    assert traits["city"][0] == ('"York"', 5)
    assert said((5, {"city": "York"}), (1, {"city": "York"})) == {"city": (('"York"', 5),)}


def test_what_was_said_before_changes_nothing() -> None:
    traits = said((5, {"city": "York"}))
    assert with_values(traits, {"city": '"York"'}, 4) is traits
    assert with_values(traits, {}, 9) is traits
    assert with_values(traits, {"city": '"York"'}, 6) == {"city": (('"York"', 6),)}


def test_only_the_newest_values_are_kept() -> None:
    traits = said(*[(n, {"city": f"C{n}"}) for n in range(100)])
    assert [at for _, at in traits["city"]] == list(range(99, 99 - KEPT_VALUES, -1))
    assert KEPT_VALUES == 16


def test_of_long_values_only_the_newest_is_kept() -> None:
    long, longer = "x" * LONG_VALUE, "y" * LONG_VALUE
    traits = said((1, {"bio": "short"}), (2, {"bio": long}), (3, {"bio": longer}))
    assert traits["bio"] == ((f'"{longer}"', 3), ('"short"', 1))


def test_text_and_back_is_the_same() -> None:
    traits = said((1, {"b": "x", "a": {"n": [1, None]}}), (2, {"a": True}))
    assert loads(dumps(traits)) == traits
    assert dumps(traits) == '{"a":[["true",2],["{\\"n\\":[1,null]}",1]],"b":[["\\"x\\"",1]]}'
    assert loads(None) == loads("") == {}


@given(st.lists(SAID, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(
    records: list[tuple[dict[str, str], int]], rng: random.Random
) -> None:
    def traits(records: list[tuple[dict[str, str], int]]) -> str:
        known: Traits = {}
        for values, at in records:
            known = with_values(known, values, at)
        return dumps(known)

    assert traits(rng.sample(records, len(records))) == traits(records)


# The golden record


def survivors(*members: tuple[str, Traits]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = orjson.loads(orjson.dumps(golden(members, POLICY)))
    return found


def test_the_newest_value_of_the_source_of_highest_priority_wins() -> None:
    crm = said((1, {"city": "Leeds"}), (2, {"city": "York"}))
    web = said((9, {"city": "Paris", "plan": "free"}))
    assert survivors(("web", web), ("crm", crm)) == {
        "city": {
            "value": "York",
            "source": "crm",
            "at": 2,
            "others": [
                {"value": "Leeds", "source": "crm", "at": 1},
                {"value": "Paris", "source": "web", "at": 9},
            ],
        },
        "plan": {"value": "free", "source": "web", "at": 9, "others": []},
    }


def test_one_value_of_several_profiles_is_one_with_its_newest_time() -> None:
    members = [("web", said((at, {"city": "York"}))) for at in (3, 7, 5)]
    assert survivors(*members)["city"] == {"value": "York", "source": "web", "at": 7, "others": []}


def test_equally_new_values_of_equal_sources_are_decided_by_their_text() -> None:
    one, other = ("web", said((1, {"city": "York"}))), ("app", said((1, {"city": "Leeds"})))
    assert survivors(one, other) == survivors(other, one)
    assert survivors(one, other)["city"]["value"] == "York"


def test_a_customer_of_nobody_has_no_traits() -> None:
    assert survivors() == {}


def test_of_the_other_values_the_best_are_kept() -> None:
    members = [("web", said((n, {"city": f"C{n}"}))) for n in range(30)]
    city = survivors(*members)["city"]
    others = city["others"]
    assert isinstance(others, list)
    assert KEPT_OTHERS == 10
    assert [one["at"] for one in others] == list(range(28, 18, -1))


def test_of_many_traits_those_that_were_said_last_are_kept_in_any_order() -> None:
    said = [({f"t{n}": "1"}, n) for n in range(KEPT_NAMES + 3)] + [({"consent.mail": "true"}, 0)]
    kept: Traits = {}
    for values, at in said:
        kept = with_values(kept, values, at)
    turned: Traits = {}
    for values, at in reversed(said):
        turned = with_values(turned, values, at)
    assert kept == turned
    assert kept.keys() == {"consent.mail", *(f"t{n}" for n in range(4, KEPT_NAMES + 3))}
