"""Recommend: what to offer customers next, each answer by two statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.principal import Principal, Role
from customers.reading import Reading
from customers.recommendation.basket import Basket, basket_of, product_of
from customers.recommendation.nearest import (
    CROWD,
    FEWEST,
    LATELY_MS,
    Nearest,
    candidates,
    nearest_of,
    recommended,
)
from customers.recommendation.recommendation import Kind, Path, Recommendation, RuledOut
from customers.recommendation.replenish import replenish
from customers.recommendation.ruled_out import ruled_out
from customers.times import now_ms
from cypher import Row, load

OWN = load("recommendations/own")
NEAREST = load("recommendations/nearest")
PRODUCTS = load("recommendations/products")

MOST = 50
# Products that lead to others.
TELLING = 100
# Profiles that share most, and the customers who are compared in the end.
NEAREST_PROFILES, LIKE = 300, 200
# With fewer who share a product, the household and customers of the place stand in.
FEW, LOOKED_AT_IN_PLACE = 5, 2_000
# Candidates besides: those that an offer refused or that nobody moved on to leave a place free.
SPARE = 40
# Candidates that are looked up; how many buy them, and what they cost, changes their order.
LOOKED_UP, LOOKED_UP_FOR_UPGRADES = 200, 1_000


def check_first(first: int) -> int:
    """How many are wanted, once it is seen that they are not too many.

    Raises:
        InvalidInputError
    """
    if not 0 <= first <= MOST:
        raise InvalidInputError(f"`first` must be between 0 and {MOST}, not {first}.")
    return first


@dataclass(frozen=True, slots=True)
class RecommendationsWanted:
    """Recommendations of a customer."""

    customer: str
    kind: Kind
    first: int = 10

    def __post_init__(self) -> None:
        """Refuse more than a seller can say in a call.

        Raises:
            InvalidInputError
        """
        check_first(self.first)


@dataclass(frozen=True, slots=True)
class Recommended:
    """What to offer, and what not."""

    offered: Sequence[Recommendation] = ()
    ruled_out: Sequence[RuledOut] = ()


async def recommend(
    reading: Reading,
    policy: Policy,
    wanted: Sequence[RecommendationsWanted],
    now: int | None = None,
) -> list[Recommended]:
    """Recommendations in the order of `wanted`; two statements for each customer and kind.

    Of a source that is not trusted nothing counts but what the customer itself did.
    """
    at = now_ms() if now is None else now
    found: dict[RecommendationsWanted, Recommended] = {}
    for kind in Kind:
        some = [one for one in dict.fromkeys(wanted) if one.kind is kind]
        if not some:
            continue
        rows = await _rows(reading, policy, kind, some, at)
        reading.versions.saw_read((row["customer"], row["version"]) for row in rows.values())
        near = {} if kind is Kind.REPLENISH else await _nearest(reading, kind, rows, some, at)
        for one in some:
            if row := rows.get(one.customer):
                basket = basket_of(row)
                found[one] = _recommended(
                    basket, near.get(one.customer), one, at, reading.principal
                )
    return [found.get(one, Recommended()) for one in wanted]


async def _nearest(
    reading: Reading,
    kind: Kind,
    rows: Mapping[str, Row],
    wanted: Sequence[RecommendationsWanted],
    now: int,
) -> dict[str, Nearest]:
    """Who is compared with each customer and what they bought, with what is known of that."""
    most = LOOKED_UP_FOR_UPGRADES if kind is Kind.UP_SELL else LOOKED_UP
    some = {
        customer: candidates(row["found"], {one["product"] for one in row["basket"]}, now)[:most]
        for customer, row in rows.items()
    }
    keys = sorted({one.key for found in some.values() for one in found})
    found = await reading.rows(PRODUCTS, keys=keys) if keys else []
    products = {row["product"]: product_of(row) for row in found}
    kept = most if kind is Kind.UP_SELL else max(one.first for one in wanted) + SPARE
    return {
        customer: nearest_of(row["found"], some[customer], products, kept)
        for customer, row in rows.items()
    }


async def _rows(
    reading: Reading, policy: Policy, kind: Kind, wanted: Sequence[RecommendationsWanted], now: int
) -> dict[str, Row]:
    ids = sorted({one.customer for one in wanted})
    if kind is Kind.REPLENISH:
        rows = await reading.rows(OWN, customers=ids, hidden=reading.hidden)
        return {row["customer"]: row for row in rows}
    params = parameters(now) | {
        "hidden": reading.hidden,
        "doubtful": policy.doubtful,
        "home": _may_know_the_household(reading.principal),
        "upgrade": kind is Kind.UP_SELL,
    }
    found: dict[str, Row] = {}
    # One by one: what two customers are compared by would be held at once.
    for one in ids:
        rows = await reading.rows(NEAREST, customers=[one], **params)
        found |= {row["customer"]: row for row in rows}
    return found


def parameters(now: int) -> dict[str, Any]:
    """What the statement goes by at a time."""
    return {
        "since": now - LATELY_MS,
        "telling": TELLING,
        "crowd": CROWD,
        "nearest": NEAREST_PROFILES,
        "like": LIKE,
        "few": FEW,
        "place": LOOKED_AT_IN_PLACE,
    }


def _may_know_the_household(principal: Principal) -> bool:
    """Nobody's own token tells what the others at home bought, be it in numbers."""
    return principal.role is not Role.CUSTOMER


def _recommended(
    basket: Basket,
    nearest: Nearest | None,
    wanted: RecommendationsWanted,
    now: int,
    principal: Principal,
) -> Recommended:
    out = ruled_out(basket, wanted.kind, now)
    if nearest is None:
        return Recommended(replenish(basket, now, wanted.first), out)
    if principal.role is not Role.CUSTOMER:
        return Recommended(recommended(basket, nearest, wanted.kind, now, wanted.first), out)
    some = recommended(basket, nearest, wanted.kind, now, wanted.first, fewest=FEWEST)
    return Recommended([replace(one, path=_of_many(one.path)) for one in some], out)


def _of_many(path: Path) -> Path:
    """The path with no count of others below five."""
    recent = path.recent if path.recent and path.recent >= FEWEST else None
    shared = [one for one in path.shared if one.customers >= FEWEST]
    return replace(path, recent=recent, shared=shared)
