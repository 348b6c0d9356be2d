"""What the nearest customers bought, added up, and what a reason names of it. Without a graph."""

import pytest

from customers.recommendation.basket import Basket, Owned, Product
from customers.recommendation.nearest import (
    BESIDE,
    CROWD,
    HALF_MS,
    candidates,
    nearest_of,
    recommended,
)
from customers.recommendation.recommendation import Kind
from cypher import Row

NOW = 100 * HALF_MS


def bought(*products: str, at: int = NOW) -> Row:
    """What somebody bought, all of it at one time."""
    return {
        "products": list(products), "firsts": [at] * len(products), "lasts": [at] * len(products),
    }  # fmt: skip


def row(*lately: Row, weights: list[float], shared: str = "tea") -> Row:
    """Who is compared, each by one product that they share, and what they bought."""
    return {
        "ids": [f"cus_{n}" for n in range(len(weights))],
        "weights": weights,
        "shared": [[{"products": [shared], "firsts": []}]] * len(weights),
        "home": len(lately) - len(weights),
        "place": 0,
        "lately": list(lately),
    }


def test_what_is_owned_takes_no_place_among_the_candidates() -> None:
    found = candidates(row(bought("tea", "pot"), weights=[1.0]), {"tea"}, NOW)
    assert [one.key for one in found] == ["pot"]


def test_weights_fade_and_add_up_and_those_at_home_weigh_little() -> None:
    given = row(bought("pot"), bought("pot", at=NOW - HALF_MS), bought("cup"), weights=[3.0, 2.0])
    found = {one.key: one for one in candidates(given, (), NOW)}
    assert found["pot"].score == pytest.approx(3.0 + 2.0 / 2)
    assert found["pot"].places == [0, 1]
    assert found["cup"].score == pytest.approx(BESIDE)
    assert found["cup"].places == [2]


def test_several_profiles_of_one_customer_buy_once_and_the_last_time_counts() -> None:
    one = {"products": ["pot", "pot"], "firsts": [5, 3], "lasts": [NOW, NOW - HALF_MS]}
    [pot] = candidates(row(one, weights=[1.0]), (), NOW)
    assert (pot.score, pot.places, pot.firsts, pot.lasts) == (1.0, [0], [3], [NOW])


@pytest.mark.parametrize(("buyers", "named"), [(CROWD, ["tea"]), (CROWD + 1, [])])
def test_a_reason_names_nothing_that_a_crowd_bought(buyers: int, named: list[str]) -> None:
    given = row(bought("pot"), weights=[1.0])
    tea = Product("tea", buyers=buyers)
    basket = Basket(owned={"tea": Owned(tea, times=1)})
    some = candidates(given, {"tea"}, NOW)
    nearest = nearest_of(given, some, {"pot": Product("pot", buyers=1)}, 10)
    [offer] = recommended(basket, nearest, Kind.CROSS_SELL, NOW, 10)
    assert [one.product.key for one in offer.path.shared] == named
