"""Recommendation: a product to offer, with what led to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from customers.recommendation.basket import Product


class Kind(StrEnum):
    """What a recommendation is for."""

    CROSS_SELL = "CROSS_SELL"
    UP_SELL = "UP_SELL"
    REPLENISH = "REPLENISH"


class Why(StrEnum):
    """Why a product is not recommended."""

    OWNED = "OWNED"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Shared:
    """A product that the customer bought, and how many of those who led to the answer did."""

    product: Product
    customers: int


@dataclass(frozen=True, slots=True)
class Path:
    """How the graph leads from a customer to a product.

    `compared` customers are looked at, those whose purchases are most alike, or of the household
    and place where `by_place`; `customers` of them bought the product in the last 90 days, `recent`
    in the last 30, None where that is told to nobody. `household` of them live with the customer.
    `shared` are products of the customer that most of them bought too, `instead_of` is what those
    bought earlier who moved on to a dearer product. Of what the customer buys again, `times`, the
    last time, the usual days between and when it is due; of what was bought on one day the share of
    its buyers who bought it again (`rebought`).
    """

    compared: int = 0
    customers: int = 0
    recent: int | None = 0
    household: int = 0
    by_place: bool = False
    shared: Sequence[Shared] = ()
    instead_of: Product | None = None
    times: int = 0
    last: int | None = None
    every_days: float | None = None
    due: int | None = None
    rebought: float | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product to offer; `strength` is above 0 and below 1, and falls along a list.

    `shown` is how often it was offered lately, which takes from the strength. `led` are the ids of
    the customers that are counted in `path.customers`; nobody but us sees them.
    """

    product: Product
    kind: Kind
    strength: float
    path: Path
    shown: int = 0
    led: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A product that is not recommended; `at` is when it was bought, given back or refused."""

    product: Product
    why: Why
    at: int
