"""What the nearest customers bought, added up, and what a reason names of it. Without a graph."""

import pytest

from customers.recommendation.basket import Basket, Owned, Product
from customers.recommendation.leads import CROWD, Buyers, NearProfile, near_profiles
from customers.recommendation.nearest import BESIDE, HALF_MS, SPARE, Found, nearest_of, recommended
from customers.recommendation.recommendation import Kind
from cypher import Row

NOW = 100 * HALF_MS
Bought = list[list[object]]


def bought(*products: str, at: int = NOW, first: int | None = None, buyers: int = 1) -> Bought:
    """What somebody bought, all of it at one time."""
    since = at if first is None else first
    return [[one, since, at, None, None, None, None, buyers] for one in products]


def row(*lately: Bought, weights: list[float]) -> Row:
    """Who is compared, each by one profile of its own, and what they bought."""
    return {
        "ids": [f"cus_{n}" for n in range(len(weights))],
        "weights": weights,
        "profiles": [[n] for n in range(len(weights))],
        "home": len(lately) - len(weights),
        "place": 0,
        "lately": list(lately),
    }


def found(given: Row, *owned: str) -> dict[str, Found]:
    """The candidates by product, of those who share tea, in their order."""
    near = {n: NearProfile(n, weight, ["tea"]) for n, weight in enumerate(given["weights"])}
    return {one.product.key: one for one in nearest_of(given, near, owned, NOW).products}


def test_what_is_owned_takes_no_place_among_the_candidates() -> None:
    assert list(found(row(bought("tea", "pot"), weights=[1.0]), "tea")) == ["pot"]


def test_weights_fade_and_add_up_and_those_at_home_weigh_little() -> None:
    given = row(bought("pot"), bought("pot", at=NOW - HALF_MS), bought("cup"), weights=[3.0, 2.0])
    some = found(given)
    assert list(some) == ["pot", "cup"]
    assert some["pot"].score == pytest.approx(3.0 + 2.0 / 2)
    assert some["pot"].places == [0, 1]
    assert some["cup"].score == pytest.approx(BESIDE)
    assert some["cup"].places == [2]


def test_several_profiles_of_one_customer_buy_once_and_the_last_time_counts() -> None:
    one = [*bought("pot", first=5), *bought("pot", at=NOW - HALF_MS, first=3)]
    pot = found(row(one, weights=[1.0]))["pot"]
    assert (pot.score, pot.places, pot.firsts, pot.lasts) == (1.0, [0], [3], [NOW])


def test_what_many_buy_is_worth_a_little_less() -> None:
    given = row([*bought("pot", buyers=9), *bought("cup", buyers=4)], weights=[1.0])
    some = found(given)
    assert list(some) == ["cup", "pot"]
    assert some["pot"].score == pytest.approx(9**-0.1)


@pytest.mark.parametrize(("buyers", "named"), [(CROWD, ["tea"]), (CROWD + 1, [])])
def test_a_reason_names_nothing_that_a_crowd_bought(buyers: int, named: list[str]) -> None:
    tea = Product("tea", buyers=buyers)
    basket = Basket(owned={"tea": Owned(tea, times=1)})
    near = {0: NearProfile(0, 1.0, ["tea"])}
    nearest = nearest_of(row(bought("pot"), weights=[1.0]), near, {"tea"}, NOW)
    [offer] = recommended(basket, nearest, Kind.CROSS_SELL, NOW, 10)
    assert [one.product.key for one in offer.path.shared] == named


def test_those_who_share_what_few_buy_and_bought_little_else_are_nearest() -> None:
    rare = Buyers("rare", 4, numbers=[1, 2, 3], sizes=[4, 9, 9])
    crowded = Buyers("crowded", 100, numbers=[3, 4], sizes=[9, 1])
    one, two, three = near_profiles([rare, crowded], 3)
    assert [one.number, two.number, three.number] == [1, 3, 2]
    assert one.weight == pytest.approx(1 / 2 / 2)
    assert two.weight == pytest.approx((1 / 2 + 1 / 10) / 3)
    assert two.shared == ["rare", "crowded"]
    assert three.shared == ["rare"]


def test_of_equal_weights_the_older_profile_is_nearer() -> None:
    [near] = near_profiles([Buyers("tea", 2, numbers=[8, 7], sizes=[1, 1])], 1)
    assert near.number == 7


def test_what_too_few_bought_keeps_no_place_from_what_enough_did() -> None:
    rare = [bought(*(f"rare {n} {i}" for i in range(SPARE))) for n in range(5)]
    given = row(*[[*one, *bought("pot", at=NOW - 4 * HALF_MS)] for one in rare], weights=[1.0] * 5)
    near = {n: NearProfile(n, 1.0, ["tea"]) for n in range(5)}
    nearest = nearest_of(given, near, (), NOW)
    [pot] = recommended(Basket(), nearest, Kind.CROSS_SELL, NOW, 1, fewest=5)
    assert pot.product.key == "pot"
