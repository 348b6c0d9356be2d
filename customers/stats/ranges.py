"""Ranges: scores as stretches of what customers are found by, so that none need be stored.

Quintiles may change at any time without a write to a customer.
"""

from collections.abc import Collection, Iterator
from itertools import groupby

from customers.stats.filed import TOP, any_spend, by_orders, by_purchase, by_spend
from customers.stats.names import SCORES, Scores
from customers.stats.quintiles import Quintiles
from cypher import Row

LOWEST, HIGHEST = SCORES[0], SCORES[-1]


def ranges(quintiles: Quintiles, wanted: Collection[Scores]) -> list[Row]:
    """The stretches in which the customers of these scores lie, few where scores are neighbours."""
    found: dict[tuple[int, int, int], list[int]] = {}
    for recency in SCORES:
        for frequency in SCORES:
            mine = {one.monetary for one in wanted if one[:2] == (recency, frequency)}
            for first, last in _runs(mine):
                found.setdefault((frequency, first, last), []).append(recency)
    return [
        _purchases(quintiles, *recency) | _orders(quintiles, frequency) | _spends(quintiles, *spend)
        for (frequency, *spend), recencies in sorted(found.items())
        for recency in _runs(recencies)
    ]


def _purchases(quintiles: Quintiles, first: int, last: int) -> Row:
    cuts = quintiles.recency
    return {
        "purchaseFrom": by_purchase(1 if first == LOWEST else cuts[first - 2] + 1),
        "purchaseTo": TOP if last == HIGHEST else by_purchase(cuts[last - 1] + 1),
    }


def _orders(quintiles: Quintiles, score: int) -> Row:
    cuts = quintiles.frequency
    return {
        "ordersFrom": by_orders(1 if score == LOWEST else cuts[score - 2] + 1),
        "ordersTo": TOP if score == HIGHEST else by_orders(cuts[score - 1] + 1),
    }


def _spends(quintiles: Quintiles, first: int, last: int) -> Row:
    currency, cuts = quintiles.currency, quintiles.monetary
    low, high = any_spend(currency)
    return {
        "spendFrom": low if first == LOWEST else by_spend(currency, cuts[first - 2] + 1),
        "spendTo": high if last == HIGHEST else by_spend(currency, cuts[last - 1] + 1),
    }


def _runs(scores: Collection[int]) -> Iterator[tuple[int, int]]:
    """Neighbours as the first and the last of them."""
    for _, run in groupby(enumerate(sorted(scores)), key=lambda one: one[1] - one[0]):
        values = [score for _, score in run]
        yield values[0], values[-1]
