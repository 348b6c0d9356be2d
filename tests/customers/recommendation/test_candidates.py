"""What the nearest customers bought, added up, and what a reason names of it. Without a graph."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from customers.ingest.dealings import CROWD
from customers.recommendation import leads
from customers.recommendation.basket import Basket, Owned, Product
from customers.recommendation.leads import Buyers, Leads, NearProfile, near_profiles
from customers.recommendation.nearest import (
    BESIDE,
    HALF_MS,
    LATELY_MS,
    SPARE,
    Found,
    nearest_of,
    recommended,
)
from customers.recommendation.recommendation import Kind
from cypher import Row

NOW = 100 * HALF_MS
Bought = tuple[list[str], list[int], list[int]]


def bought(*products: str, at: int = NOW, first: int | None = None) -> Bought:
    """What somebody bought, all of it at one time."""
    count = len(products)
    return [*products], [at if first is None else first] * count, [at] * count


def row(*lately: Bought, weights: list[float], **buyers: int) -> Row:
    """Who is compared, each by a profile that bought one product, and what they bought.

    Each product has one buyer, or so many.
    """
    likes = len(weights)
    keys = sorted({key for products, _, _ in lately for key in products})
    return {
        "near": [[n, f"cus_{n}", n, 1, *one] for n, one in enumerate(lately[:likes])][::-1],
        "more": [],
        "beside": [[f"cus_{n}", *one] for n, one in enumerate(lately[likes:], likes)],
        "home": [f"cus_{n}" for n in range(likes, len(lately))],
        "around": [],
        "products": [[key, None, None, None, None, buyers.get(key, 1)] for key in keys],
    }


def both(one: Bought, other: Bought) -> Bought:
    """What somebody bought at two times."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def sharing_tea(*weights: float) -> dict[int, NearProfile]:
    """Profiles that share tea."""
    return {n: NearProfile(weight, ["tea"]) for n, weight in enumerate(weights)}


def sharing(*buyers: Buyers, **last: int) -> Leads:
    """What leads to them from who bought the products now, or when it is said."""
    owned = {
        one.product: Owned(Product(one.product), times=1, last=last.get(one.product, NOW))
        for one in buyers
    }
    return Leads(Basket(owned), buyers)


def found(
    weights: list[float], *lately: Bought, owned: Collection[str] = (), **buyers: int
) -> dict[str, Found]:
    """The candidates by product, of those who share tea, in their order."""
    given = row(*lately, weights=weights, **buyers)
    nearest = nearest_of(given, sharing_tea(*weights), owned, NOW)
    return {one.key: one for one in nearest.products}


def test_what_is_owned_takes_no_place_among_the_candidates() -> None:
    assert list(found([1.0], bought("tea", "pot"), owned={"tea"})) == ["pot"]


def test_what_was_bought_before_that_is_no_candidate_and_tells_since_when_it_is_owned() -> None:
    long_ago = bought("tea", "pot", at=NOW - LATELY_MS - 1)
    given = row(both(bought("cup", at=NOW - LATELY_MS), long_ago), weights=[1.0])
    given["products"] = given["products"][:1]  # what else there is of an older one is not asked
    nearest = nearest_of(given, sharing_tea(1.0), {"tea"}, NOW)
    assert [one.key for one in nearest.products] == ["cup"]
    assert nearest.like[0].since == {"tea": NOW - LATELY_MS - 1}


def test_weights_fade_and_add_up_and_those_at_home_weigh_little() -> None:
    some = found([3.0, 2.0], bought("pot"), bought("pot", at=NOW - HALF_MS), bought("cup"))
    assert list(some) == ["pot", "cup"]
    assert some["pot"].score == pytest.approx(3.0 + 2.0 / 2)
    assert some["pot"].places == [0, 1]
    assert some["cup"].score == pytest.approx(BESIDE)
    assert some["cup"].places == [2]


def test_a_clock_that_goes_ahead_makes_nothing_weigh_more() -> None:
    [pot] = found([1.0], bought("pot", at=NOW + 9 * HALF_MS)).values()
    assert pot.score == pytest.approx(1.0)
    tea = Buyers("tea", 4, [1], [1])
    near = near_profiles(sharing(tea, tea=NOW + 9 * leads.HALF_MS), 1, NOW)
    assert near[1].worth == pytest.approx(1 / 2)


def test_several_profiles_of_one_customer_buy_once_and_the_last_time_counts() -> None:
    given = row(bought("pot", first=5), bought("cup"), weights=[1.0, 1.0])
    given["near"].append([0, "cus_0", 2, 1, *bought("pot", at=NOW - HALF_MS, first=3)])
    given["more"] = [["cus_0", *bought("pot", at=NOW - 2 * HALF_MS, first=4)]]
    nearest = nearest_of(given, sharing_tea(0.5, 1.0, 0.5), (), NOW)
    assert [one.id for one in nearest.like] == ["cus_0", "cus_1"]
    [pot, _] = sorted(nearest.products, key=lambda one: one.key, reverse=True)
    assert (pot.score, pot.places, pot.firsts, pot.lasts) == (1.0, [0], [3], [NOW])


def test_what_many_buy_is_worth_a_little_less() -> None:
    some = found([1.0], bought("pot", "cup"), pot=9, cup=4)
    assert list(some) == ["cup", "pot"]
    assert some["pot"].score == pytest.approx(9**-0.1)


@pytest.mark.parametrize(("buyers", "named"), [(CROWD, ["tea"]), (CROWD + 1, [])])
def test_a_reason_names_nothing_that_a_crowd_bought(buyers: int, named: list[str]) -> None:
    tea = Product("tea", buyers=buyers)
    basket = Basket(owned={"tea": Owned(tea, times=1)})
    given = row(bought("pot"), weights=[1.0])
    nearest = nearest_of(given, sharing_tea(1.0), {"tea"}, NOW)
    [offer] = recommended(basket, nearest, Kind.CROSS_SELL, NOW, 10)
    assert [one.product.key for one in offer.path.shared] == named


def test_who_bought_many_products_weighs_less_by_their_root() -> None:
    given = row(bought("pot"), bought("cup"), weights=[]) | {"home": [], "beside": []}
    given["near"] = [
        [7, "cus_7", 0, 16, *bought("pot")],
        [7, "cus_7", 1, 4, [], [], []],
        [9, "cus_9", 2, 9, *bought("cup")],
    ]
    nearest = nearest_of(given, sharing_tea(3.0, 4.0, 5.0), (), NOW)
    assert nearest.weight == pytest.approx(3 / 4 + 4 / 2 + 5 / 3)
    assert {one.key: one.score for one in nearest.products} == pytest.approx(
        {"pot": 3 / 4 + 4 / 2, "cup": 5 / 3}
    )


def test_those_who_share_what_few_buy_and_bought_little_else_are_nearest() -> None:
    rare = Buyers("rare", 4, numbers=[1, 2, 3], sizes=[4, 9, 9])
    crowded = Buyers("crowded", 100, numbers=[3, 4], sizes=[9, 1])
    near = near_profiles(sharing(rare, crowded), 3, NOW)
    assert list(near) == [1, 3, 2]
    assert near[1].worth == pytest.approx(1 / 2)
    assert near[3].worth == pytest.approx(1 / 2 + 1 / 10)
    assert [near[n].shared for n in (2, 3)] == [["rare"], ["rare", "crowded"]]


def test_the_largest_that_is_known_of_a_profile_is_its_size() -> None:
    some = [Buyers("tea", 4, [1, 2], [1, 2]), Buyers("rice", 4, [2, 1], [3, 9])]
    assert list(near_profiles(sharing(*some), 1, NOW)) == [2]
    assert list(near_profiles(sharing(*some[::-1]), 1, NOW)) == [2]


def test_what_was_bought_lately_leads_to_those_who_are_nearer() -> None:
    some = [Buyers("tea", 4, [1], [1]), Buyers("rice", 4, [2], [1])]
    near = near_profiles(
        sharing(*some, tea=NOW - 2 * leads.HALF_MS, rice=NOW - leads.HALF_MS), 2, NOW
    )
    assert list(near) == [2, 1]
    assert [near[n].worth for n in (1, 2)] == pytest.approx([1 / 8, 1 / 4])


def test_the_own_profiles_take_no_place() -> None:
    tea = Buyers("tea", 3, numbers=[1, 2, 3], sizes=[1, 1, 4])
    assert list(near_profiles(replace(sharing(tea), own={1, 2}), 1, NOW)) == [3]


def test_of_equal_weights_the_older_profile_is_nearer() -> None:
    tea = Buyers("tea", 2, numbers=[8, 7], sizes=[1, 1])
    assert list(near_profiles(sharing(tea), 1, NOW)) == [7]


def test_what_too_few_bought_keeps_no_place_from_what_enough_did() -> None:
    rare = [bought(*(f"rare {n} {i}" for i in range(SPARE))) for n in range(5)]
    pots = bought("pot", at=NOW - LATELY_MS)
    given = row(*[both(one, pots) for one in rare], weights=[1.0] * 5)
    nearest = nearest_of(given, sharing_tea(*[1.0] * 5), (), NOW)
    [pot] = recommended(Basket(), nearest, Kind.CROSS_SELL, NOW, 1, fewest=5)
    assert pot.product.key == "pot"
