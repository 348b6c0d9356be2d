"""Orders that several sources saw."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.purchase import Sighting, hidden, purchases


def seen(
    key: str, at: int = 0, order: str = "o", currency: str = "EUR", lines: int = 0
) -> Sighting:
    """A sighting; the source is the first letter of the key."""
    return Sighting(key, "b", key[0], "1", "order", at, None, 100, currency, order, lines)


def keys(found: Sequence[Sequence[Sighting]]) -> list[list[str]]:
    return [[one.key for one in purchase] for purchase in found]


def behind(*sightings: Sighting) -> list[str]:
    return [one.key for one in hidden(purchases(sightings), lambda _: True)]


def test_an_order_of_two_sources_is_one_purchase() -> None:
    assert keys(purchases([seen("web1", 2), seen("till1", 1)])) == [["till1", "web1"]]


@pytest.mark.parametrize(
    "apart",
    [
        [seen("web1"), seen("web2")],
        [seen("web1", order="a"), seen("till1", order="b")],
        [seen("web1"), seen("till1", currency="USD")],
        [seen("web1")],
    ],
)
def test_one_source_other_numbers_and_other_currencies_are_purchases_of_their_own(
    apart: list[Sighting],
) -> None:
    assert purchases(apart) == []


def test_a_source_that_names_an_order_twice_means_two() -> None:
    both = [seen("web1", 1), seen("web2", 5), seen("till1", 6), seen("erp1", 2)]
    assert keys(purchases(both)) == [["web1", "erp1", "till1"]]
    assert keys(purchases([*both, seen("till2", 9)])) == [
        ["web1", "erp1", "till1"],
        ["web2", "till2"],
    ]


def test_the_one_with_the_most_lines_stands_for_the_others_and_else_the_first() -> None:
    assert behind(seen("web1", 1), seen("till1", 2)) == ["till1"]
    assert behind(seen("web1", 1), seen("till1", 2, lines=3)) == ["web1"]
    assert behind(seen("web1", 1), seen("till1", 1)) == ["web1"]


def test_among_what_is_shown_one_stands_for_the_others() -> None:
    found = purchases([seen("web1", 1, lines=9), seen("till1", 2), seen("erp1", 3)])
    assert [one.key for one in hidden(found, lambda one: one.key != "web1")] == ["erp1"]
    assert hidden(found, lambda one: one.key == "till1") == []


SIGHTINGS = st.lists(
    st.builds(
        seen,
        key=st.builds("{}{}".format, st.sampled_from("wte"), st.integers(0, 4)),
        at=st.integers(0, 3),
        order=st.sampled_from("xy"),
        lines=st.integers(0, 2),
    ),
    unique_by=lambda one: one.key,
)


@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(sightings: list[Sighting], chance: object) -> None:
    shuffled = sorted(sightings, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert sorted(keys(purchases(shuffled))) == sorted(keys(purchases(sightings)))
    assert sorted(behind(*shuffled)) == sorted(behind(*sightings))


@given(SIGHTINGS)
def test_as_many_are_left_of_an_order_as_one_source_saw_at_most(sightings: list[Sighting]) -> None:
    left = [one for one in sightings if one.key not in behind(*sightings)]
    for order in "xy":
        by_source = [
            sum(one.order == order and one.source == source for one in sightings)
            for source in "wte"
        ]
        assert sum(one.order == order for one in left) == max(by_source)
