"""Quintiles and scores, and the ranges by which customers of some scores are found."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.errors import FilterTooLargeError, InvalidInputError
from customers.stats.conditions import scored
from customers.stats.filed import TOP, Ranks, by_orders, by_purchase, by_spend, filed_stats
from customers.stats.names import EVERY, GRID, RfmName, Scores
from customers.stats.quintiles import FEWEST, Quintiles, quintiles_of
from customers.stats.ranges import ranges
from customers.stats.stats import Spend, Stats
from cypher import Leaf, Some

ranks = st.builds(
    Ranks, st.just("EUR"), st.integers(1, 40), st.integers(1, 9), st.integers(-20, 99)
)
crowds = st.lists(ranks, min_size=FEWEST, max_size=60)


def stats(one: Ranks) -> Stats:
    spend = Spend(one.currency, one.orders, max(one.net, 0), 0, max(-one.net, 0))
    return Stats((spend,), one.last_purchase, one.last_purchase)


def test_a_hundred_different_buyers_are_five_groups_of_twenty() -> None:
    crowd = [Ranks("EUR", n, 101 - n, n * n) for n in range(1, 101)]
    [found] = quintiles_of(crowd, 7)
    assert found == Quintiles(
        "EUR", [20, 40, 60, 80], [20, 40, 60, 80], [400, 1600, 3600, 6400], 100, 7
    )
    scores = [found.scores(stats(one)) for one in crowd]
    assert Counter(one.recency for one in scores if one) == dict.fromkeys(range(1, 6), 20)
    assert scores[0] == Scores(1, 5, 1)
    assert Quintiles.loads("EUR", found.dumps()) == found


def test_equals_are_in_one_group_the_lower() -> None:
    crowd = [Ranks("EUR", 5, 1 if n < 15 else 3, 8) for n in range(20)]
    [found] = quintiles_of(crowd, 7)
    assert {found.scores(stats(one)) for one in crowd} == {Scores(1, 1, 1), Scores(1, 4, 1)}


def test_fifths_are_of_one_currency_and_of_buyers_and_of_enough_of_them() -> None:
    few = [Ranks("USD", n, 1, n) for n in range(FEWEST - 1)]
    paid_back = [Ranks("USD", 0, 0, -5)] * 9
    some = [Ranks("EUR", n + 1, 1, n) for n in range(FEWEST)]
    [found] = quintiles_of([*few, *paid_back, *some], 7)
    assert (found.currency, found.buyers) == ("EUR", FEWEST)
    assert found.scores(stats(few[0])) is None
    assert found.scores(Stats((Spend("EUR", 0, 0, 1, 5),))) is None


@given(crowds, st.lists(ranks, max_size=20), st.sets(st.sampled_from(EVERY)))
def test_the_ranges_hold_those_of_the_scores_and_nobody_else(
    crowd: list[Ranks], later: list[Ranks], wanted: set[Scores]
) -> None:
    [found] = quintiles_of(crowd, 7)
    rows = ranges(found, wanted)
    assert (rows == []) == (wanted == set())
    for one in [*crowd, *later]:
        filed = filed_stats(stats(one), 12)
        inside = [
            row["purchaseFrom"] <= filed["byPurchase"] < row["purchaseTo"]
            and row["ordersFrom"] <= filed["byOrders"] < row["ordersTo"]
            and row["spendFrom"] <= filed["spends"][0] < row["spendTo"]
            for row in rows
        ]
        assert sum(inside) == (found.scores(stats(one)) in wanted)


def test_scores_that_are_neighbours_are_few_ranges() -> None:
    [found] = quintiles_of([Ranks("EUR", n, n, n) for n in range(1, 101)], 7)
    assert len(ranges(found, EVERY)) == 5
    champions = [one for one in EVERY if one.name is RfmName.CHAMPION]
    assert len(champions) == 20
    assert len(ranges(found, champions)) == 4


def test_every_name_is_in_the_table() -> None:
    assert {name for row in GRID for name in row} == set(RfmName)
    assert Scores(5, 4, 5).name is RfmName.CHAMPION
    assert Scores(1, 5, 4).name is RfmName.CANNOT_LOSE
    assert Scores(5, 1, 2).name is RfmName.POTENTIAL
    assert Scores(5, 4, 5).digits == "545"


def test_names_and_digits_both_hold_and_nobody_has_scores_without_quintiles() -> None:
    known = {one.currency: one for one in quintiles_of([Ranks("EUR", 1, 1, 1)] * 20, 7)}
    both = scored([RfmName.CHAMPION], ["555", "111"], known)
    assert isinstance(both, Leaf)
    assert both.test.params["ranges"] == ranges(known["EUR"], [Scores(5, 5, 5)])
    assert scored([RfmName.LOST], ["555"], known) == Some(())
    assert scored(None, None, {}) == Some(())
    with pytest.raises(InvalidInputError, match="three digits from 1 to 5"):
        scored(None, ["556"], known)
    with pytest.raises(FilterTooLargeError):
        scored(None, ["555"] * 51, known)


@given(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13), st.integers(0, 10**13))
def test_texts_have_the_order_of_their_values(one: int, other: int, at: int) -> None:
    assert (by_spend("EUR", one) < by_spend("EUR", other)) == (one < other)
    low, high = sorted((abs(one) % 10**9, abs(other) % 10**9))
    assert (by_orders(low) < by_orders(high)) == (low < high)
    assert by_purchase(None) < by_purchase(at) < TOP


def test_what_is_filed_can_be_read_again() -> None:
    one = Ranks("EUR", 1_700_000_000_000, 12, -345)
    filed = filed_stats(stats(one), 7)
    assert Ranks.read(filed["byPurchase"], filed["byOrders"], filed["spends"][0]) == one
