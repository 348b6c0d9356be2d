"""Replenish: what a customer buys again and again, and when it is due."""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from customers.recommendation.basket import Basket, Owned, Product
from customers.recommendation.recommendation import Kind, Path, Recommendation
from customers.recommendation.ruled_out import ruled_out, worn
from customers.times import DAY_MS

# After so many days a purchase counts half.
HALF_DAYS = 120
# What it counts that others buy it again, at most.
OTHERS = 2.0
# So many buyers are added who did not buy it again.
DOUBT = 2
# What was bought on one day is bought again if so many of so many buyers do.
OFTEN, FEWEST_BUYERS = 0.3, 5


def replenish(basket: Basket, now: int, first: int) -> list[Recommendation]:
    """What was bought on two days or more, or is what others buy again; the surest first.

    Strength: s / (1 + s), s = Σ 2^(-age / 120 days) over the days, which are the newest 400 at
    most, + 2 · again / (buyers + 2). Due is the last purchase plus the median of what lay between
    two days; of what was bought on one day nobody knows it.
    """
    out = {one.product.key for one in ruled_out(basket, Kind.REPLENISH, now)}
    found = [
        _again(basket, one, now)
        for key, one in basket.owned.items()
        if key not in out and one.days and (len(one.days) > 1 or _often(one.product))
    ]
    return sorted(found, key=lambda one: (-one.strength, one.product.key))[:first]


def rebought(product: Product) -> float:
    """The share of its buyers who bought a product again; of few buyers less is believed."""
    return product.again / (product.buyers + DOUBT)


def interval(days: Iterable[int]) -> float:
    """The usual time between purchases: the median, in days."""
    return median(later - earlier for earlier, later in pairwise(days))


def habit(one: Owned, now: int) -> float:
    """How much a product is bought: its days, of which older ones count less, and by others."""
    today = now / DAY_MS
    days: float = sum(2.0 ** (-max(today - day, 0.0) / HALF_DAYS) for day in one.days)
    return days + OTHERS * rebought(one.product)


def _often(product: Product) -> bool:
    return product.buyers >= FEWEST_BUYERS and rebought(product) >= OFTEN


def _again(basket: Basket, one: Owned, now: int) -> Recommendation:
    shown, left = worn(basket, one.product.key, now)
    worth = habit(one, now) * left
    if len(one.days) > 1:
        every = interval(one.days)
        due = one.last + round(every * DAY_MS)
        path = Path(times=one.times, last=one.last, every_days=every, due=due)
    else:
        share = one.product.again / one.product.buyers
        path = Path(times=one.times, last=one.last, rebought=share)
    return Recommendation(one.product, Kind.REPLENISH, worth / (1 + worth), path, shown)
