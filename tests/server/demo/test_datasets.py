"""Data sets: as much as their authors say, all of it somebody's, and nothing twice."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from server.demo import grocery
from server.demo.baskets import Basket, baskets_of
from server.demo.cds import cd_orders, cd_orders_of
from server.demo.days import BEGIN, END
from server.demo.mails import mails_of
from server.demo.people import MOST_PEOPLE
from server.demo.visitors import clicks, clicks_of

EVERYBODY = range(MOST_PEOPLE)


@pytest.fixture(scope="module")
def baskets() -> dict[int, list[Basket]]:
    return baskets_of(EVERYBODY)


def test_600_visitors_clicked_31_106_times() -> None:
    found = list(clicks())
    assert len(found) == 31_106
    assert len({one.user for one in found}) == 600
    assert Counter(one.event for one in found)["purchase"] == 470
    assert all(BEGIN < one.at < END for one in found)
    assert found[0].at == datetime(2026, 7, 15, 10, 21, 14, tzinfo=UTC)


def test_all_clicks_are_somebodys() -> None:
    dealt = clicks_of(EVERYBODY)
    assert len(dealt) == 600
    assert sorted(one.number for on_it in dealt.values() for one in on_it) == list(range(31_106))


def test_23_570_customers_ordered_69_659_times_and_255_rows_are_the_same_as_another() -> None:
    found = list(cd_orders())
    assert len(found) == 69_659
    assert len({one.customer for one in found}) == 23_570
    rows = Counter((one.customer, one.day, one.quantity, one.dollars) for one in found)
    assert len(found) - len(rows) == 255


def test_all_cd_orders_are_somebodys() -> None:
    dealt = cd_orders_of(EVERYBODY)
    assert len(dealt) == MOST_PEOPLE
    assert sorted(one.number for orders in dealt.values() for one in orders) == list(range(69_659))


def test_nobody_has_more_than_six_baskets_and_no_basket_has_two_buyers(
    baskets: dict[int, list[Basket]],
) -> None:
    numbers = [one.number for of in baskets.values() for one in of]
    assert len(numbers) == len(set(numbers))
    assert max(map(len, baskets.values())) == 6
    assert len(baskets) > 0.95 * MOST_PEOPLE
    assert all(BEGIN < one.at < END for of in baskets.values() for one in of)


def test_a_basket_has_lines_of_products_with_categories(baskets: dict[int, list[Basket]]) -> None:
    [basket] = [one for one in baskets[260] if one.number == 31198565789]
    assert basket.lines[0] == {
        "key": "1029743",
        "quantity": 1,
        "amount": 2.49,
        "name": "Fluid milk white only, 1 ga",
        "category": "Fluid milk products",
    }
    assert len(basket.lines) == 5
    assert basket.departments == {"Drug Gm", "Grocery", "Meat"}
    assert round(basket.saved, 2) == 2.49
    assert basket.at == datetime(2024, 11, 3, 16, 43, 53, tzinfo=UTC)


def test_there_are_2_469_households_and_6_589_of_them_times_campaigns() -> None:
    found = grocery.campaigns()
    assert sum(map(len, found.values())) == 6_589
    assert max(found) < grocery.HOUSEHOLDS
    assert len(grocery._baskets()) == grocery.HOUSEHOLDS == 2_469


def test_mails_of_campaigns_before_the_two_years_are_left_out() -> None:
    times = [one.at for of in mails_of(EVERYBODY).values() for one in of]
    assert len(times) > 10_000
    assert all(BEGIN < at < END for at in times)
