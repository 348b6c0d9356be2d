"""Recommend: what to offer customers next, each answer by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.principal import Principal, Role
from customers.reading import Reading
from customers.recommendation.basket import basket_of
from customers.recommendation.nearest import (
    BESIDE,
    FEWEST,
    HALF_MS,
    LATELY_MS,
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

MOST = 50
# Products that lead to others; more buyers are a crowd, of which only so many are looked at.
TELLING, CROWD = 100, 300
# Profiles that share most, and the customers who are compared in the end.
NEAREST_PROFILES, LIKE = 300, 200
# With fewer who share a product, the household and customers of the place stand in.
FEW, LOOKED_AT_IN_PLACE = 5, 2_000
# Candidates besides: those that an offer refused or that nobody moved on to leave a place free.
SPARE = 40
# Customers of a statement; the purchases of all whom they are compared with are grouped at once.
AT_ONCE = 5
LN_2 = 0.6931471805599453


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
    """Recommendations in the order of `wanted`, one statement for five of a kind.

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
        for one in some:
            if row := rows.get(one.customer):
                found[one] = _recommended(row, one, at, reading.principal)
    return [found.get(one, Recommended()) for one in wanted]


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
        "most": max(one.first for one in wanted) + SPARE,
        "upgrade": kind is Kind.UP_SELL,
    }
    found: dict[str, Row] = {}
    for begin in range(0, len(ids), AT_ONCE):
        rows = await reading.rows(NEAREST, customers=ids[begin : begin + AT_ONCE], **params)
        found |= {row["customer"]: row for row in rows}
    return found


def parameters(now: int) -> dict[str, Any]:
    """What the statement goes by at a time."""
    return {
        "now": now,
        "since": now - LATELY_MS,
        "half": HALF_MS / LN_2,
        "telling": TELLING,
        "crowd": CROWD,
        "nearest": NEAREST_PROFILES,
        "like": LIKE,
        "few": FEW,
        "place": LOOKED_AT_IN_PLACE,
        "beside": BESIDE,
    }


def _may_know_the_household(principal: Principal) -> bool:
    """Nobody's own token tells what the others at home bought, be it in numbers."""
    return principal.role is not Role.CUSTOMER


def _recommended(
    row: Row, wanted: RecommendationsWanted, now: int, principal: Principal
) -> Recommended:
    basket = basket_of(row)
    out = ruled_out(basket, wanted.kind, now)
    if wanted.kind is Kind.REPLENISH:
        return Recommended(replenish(basket, now, wanted.first), out)
    nearest = nearest_of(row["found"])
    if principal.role is not Role.CUSTOMER:
        return Recommended(recommended(basket, nearest, wanted.kind, now, wanted.first), out)
    some = recommended(basket, nearest, wanted.kind, now, wanted.first, fewest=FEWEST)
    return Recommended([replace(one, path=_of_many(one.path)) for one in some], out)


def _of_many(path: Path) -> Path:
    """The path with no count of others below five."""
    recent = path.recent if path.recent and path.recent >= FEWEST else None
    shared = [one for one in path.shared if one.customers >= FEWEST]
    return replace(path, recent=recent, shared=shared)
