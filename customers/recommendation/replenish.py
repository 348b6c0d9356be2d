"""Replenish: what a customer buys again and again, and when it is due."""

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from customers.recommendation.basket import Basket, Owned
from customers.recommendation.recommendation import Kind, Path, Recommendation
from customers.recommendation.ruled_out import ruled_out, worn
from customers.times import DAY_MS

# After so many days a purchase counts half.
HALF_DAYS = 120
# What is not due within this time is worth half.
SOON_MS = 28 * DAY_MS
LATER = 0.5
# What many buy is rather bought again than what few do.
POPULAR = 0.2


def replenish(basket: Basket, now: int, first: int) -> list[Recommendation]:
    """What was bought on two days or more, the surest to be bought again first.

    The days are the newest 400 at most. Strength: s / (1 + s), s = Σ 2^(-age / 120 days) over the
    days, times buyers^0.2, and half where it is not due within 28 days: last + the median of what
    lay between two days. Being long overdue says that it is bought elsewhere, which the ages tell.
    """
    out = {one.product.key for one in ruled_out(basket, Kind.REPLENISH, now)}
    found = [
        _again(basket, one, now)
        for key, one in basket.owned.items()
        if key not in out and len(one.days) > 1
    ]
    return sorted(found, key=lambda one: (-one.strength, one.product.key))[:first]


def interval(days: Iterable[int]) -> float:
    """The usual time between purchases: the median, in days."""
    return median(later - earlier for earlier, later in pairwise(days))


def _again(basket: Basket, one: Owned, now: int) -> Recommendation:
    every = interval(one.days)
    due = one.last + round(every * DAY_MS)
    shown, left = worn(basket, one.product.key, now)
    worth = habit(one, now) * (1.0 if due <= now + SOON_MS else LATER) * left
    path = Path(times=one.times, last=one.last, every_days=every, due=due)
    return Recommendation(one.product, Kind.REPLENISH, worth / (1 + worth), path, shown)


def habit(one: Owned, now: int) -> float:
    """How much a product is bought: its days, of which older ones count less, times its buyers."""
    today = now / DAY_MS
    days = sum(2.0 ** (-max(today - day, 0.0) / HALF_DAYS) for day in one.days)
    return float(days * max(one.product.buyers, 1) ** POPULAR)
