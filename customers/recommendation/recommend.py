"""Recommend: what to offer customers next, out of what leads there and one more statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from customers.customer import Facets, customers_by_ids
from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.principal import Principal, Role
from customers.reading import Reading
from customers.recommendation.basket import Basket
from customers.recommendation.leads import Leads, near_profiles
from customers.recommendation.nearest import (
    FEWEST,
    LATELY_MS,
    NOBODY,
    Nearest,
    nearest_of,
    recommended,
)
from customers.recommendation.recommendation import Kind, Path, Recommendation, RuledOut
from customers.recommendation.replenish import replenish
from customers.recommendation.ruled_out import ruled_out
from customers.times import now_ms
from cypher import load

LATELY = load("recommendations/lately")

MOST = 50
# Profiles that share most, and how many customers at most stand in for them.
NEAREST_PROFILES, LIKE = 200, 200
# With fewer who share a product, the household and customers of the place stand in.
FEW, LOOKED_AT_IN_PLACE = 5, 2_000


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
    """Recommendations of a customer; `leads` are there where a read has brought them."""

    customer: str
    kind: Kind
    first: int = 10
    leads: Leads | None = field(default=None, compare=False)

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
    """Recommendations in the order of `wanted`; a statement for each customer, two without leads.

    Of a source that is not trusted nothing counts but what the customer itself did.
    """
    at = now_ms() if now is None else now
    found: dict[RecommendationsWanted, Recommended] = {}
    by_customer: dict[str, list[RecommendationsWanted]] = defaultdict(list)
    for one in wanted:
        by_customer[one.customer].append(one)
    # One customer after another: what two are compared by would be held at once.
    for some in by_customer.values():
        compares = any(one.kind is not Kind.REPLENISH for one in some)
        leads = await _leads(reading, some, compares=compares)
        if leads is None:
            continue
        near = await _nearest(reading, policy, some, leads, at) if compares else NOBODY
        for one in some:
            found[one] = _recommended(leads.basket, near, one, at, reading.principal)
    return [found.get(one, Recommended()) for one in wanted]


async def _leads(
    reading: Reading, wanted: Sequence[RecommendationsWanted], *, compares: bool
) -> Leads | None:
    """What a read has brought, else it is read now; None where the customer is no more."""
    for one in wanted:
        if one.leads is not None and (one.leads.buyers is not None or not compares):
            return one.leads
    facets = Facets(basket=True, alike=compares)
    [found] = await customers_by_ids(reading, [wanted[0].customer], facets)
    return None if found is None else found.leads


async def _nearest(
    reading: Reading,
    policy: Policy,
    wanted: Sequence[RecommendationsWanted],
    leads: Leads,
    now: int,
) -> Nearest:
    """Who is compared with a customer, and what they bought."""
    customer = wanted[0].customer
    near = near_profiles(leads, NEAREST_PROFILES, now)
    rows = await reading.rows(
        LATELY,
        customer=customer,
        near=sorted(near),
        since=now - LATELY_MS,
        upgrades=any(one.kind is Kind.UP_SELL for one in wanted),
        like=LIKE,
        few=FEW,
        place=LOOKED_AT_IN_PLACE,
        home=_may_know_the_household(reading.principal),
        doubtful=policy.doubtful,
    )
    reading.versions.saw_read((customer, row["version"]) for row in rows)
    return nearest_of(rows[0], near, leads.basket.owned, now) if rows else NOBODY


def _may_know_the_household(principal: Principal) -> bool:
    """Nobody's own token tells what the others at home bought, be it in numbers."""
    return principal.role is not Role.CUSTOMER


def _recommended(
    basket: Basket,
    nearest: Nearest,
    wanted: RecommendationsWanted,
    now: int,
    principal: Principal,
) -> Recommended:
    out = ruled_out(basket, wanted.kind, now)
    if wanted.kind is Kind.REPLENISH:
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
