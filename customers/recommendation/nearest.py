"""Nearest: what those whose purchases are most alike bought lately, and the customer never did.

The statement finds and weighs the customers, see `cypher/recommendations/nearest.cypher`; here what
they bought is added up, and it is said who led to what, and what is left out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from customers.recommendation.basket import Basket, Product
from customers.recommendation.recommendation import Kind, Path, Recommendation, Shared
from customers.recommendation.ruled_out import ruled_out, worn
from customers.times import DAY_MS
from cypher import Row

# What was bought longer ago leads to nothing; of what is younger, half is gone after so long.
LATELY_MS, HALF_MS = 90 * DAY_MS, 30 * DAY_MS
RECENT_MS = 30 * DAY_MS
# How much more a product costs that somebody moves on to: more than this, and at most so much.
DEARER, DEAREST = 1.1, 3
# What somebody of the same household or place weighs.
BESIDE = 0.001
# What everybody buys is worth a little less: the score is taken by this power of the buyers.
POPULARITY = 0.1
# More buyers of a product are a crowd, of which only so many are looked at.
CROWD = 300
# Products that a reason names.
MOST_SHARED = 3
# Somebody's own token learns of others only what at least so many of them did.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Near:
    """A customer that is compared; `since` is when it first bought each product they share."""

    id: str
    since: Mapping[str, int]


@dataclass(slots=True)
class Candidate:
    """A product as those near bought it, before anything is known of the product itself."""

    key: str
    score: float = 0.0
    places: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """A product that some of those near bought lately: their places, and when first and last."""

    product: Product
    score: float
    places: Sequence[int]
    firsts: Sequence[int]
    lasts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Those who are compared, the most alike first, then those of the household and the place.

    `weight` is that of all of them.
    """

    like: Sequence[Near]
    weight: float
    household: int
    place: int
    products: Sequence[Found]

    @property
    def compared(self) -> int:
        """How many are compared."""
        return len(self.like) + self.household + self.place


def candidates(row: Row, owned: Collection[str], now: int) -> list[Candidate]:
    """What those near bought that is not `owned`, the strongest first.

    Each who bought it adds its weight, of which half is gone HALF_MS after the last time.
    """
    found: dict[str, Candidate] = {}
    weights = [*row["weights"], *[BESIDE] * (row["home"] + row["place"])]
    for place, (weight, lately) in enumerate(zip(weights, row["lately"], strict=True)):
        times: dict[str, tuple[int, int]] = {}
        for key, first, last in zip(
            lately["products"], lately["firsts"], lately["lasts"], strict=True
        ):
            before = times.get(key, (first, last))
            times[key] = min(before[0], first), max(before[1], last)
        for key, (first, last) in times.items():
            if key not in owned:
                one = found.setdefault(key, Candidate(key))
                one.score += weight * 2 ** ((last - now) / HALF_MS)
                one.places.append(place)
                one.firsts.append(first)
                one.lasts.append(last)
    return sorted(found.values(), key=lambda one: (-one.score, one.key))


def nearest_of(
    row: Row, some: Iterable[Candidate], products: Mapping[str, Product], most: int
) -> Nearest:
    """Who is compared, and `most` of the candidates of which the product is there."""
    like = [
        Near(one, _since(shared)) for one, shared in zip(row["ids"], row["shared"], strict=True)
    ]
    known = [(products[one.key], one) for one in some if one.key in products]
    found = [
        Found(
            product,
            one.score / max(product.buyers, 1) ** POPULARITY,
            one.places,
            one.firsts,
            one.lasts,
        )
        for product, one in known
    ]
    found.sort(key=lambda one: (-one.score, one.product.key))
    weight = sum(row["weights"]) + BESIDE * (row["home"] + row["place"])
    return Nearest(like, weight, row["home"], row["place"], found[:most])


def _since(shared: Iterable[Row]) -> dict[str, int]:
    """By product, the first time, over the profiles of a customer; 0 where nobody asked for it."""
    found: dict[str, int] = {}
    for row in shared:
        firsts: list[int] = row["firsts"] or [0] * len(row["products"])
        for key, first in zip(row["products"], firsts, strict=True):
            found[key] = min(first, found.get(key, first))
    return found


def recommended(
    basket: Basket, nearest: Nearest, kind: Kind, now: int, first: int, *, fewest: int = 1
) -> list[Recommendation]:
    """What to offer, the strongest first; products that fewer than `fewest` bought are left out.

    Strength: the score, which is the weight of those who bought it, by the weight of all who are
    compared.
    """
    out = {one.product.key for one in ruled_out(basket, kind, now)}
    found = [
        one
        for candidate in nearest.products
        if candidate.product.key not in out
        for one in _offer(basket, nearest, candidate, kind, now)
        if one.path.customers >= fewest
    ]
    return sorted(found, key=lambda one: (-one.strength, one.product.key))[:first]


def _offer(
    basket: Basket, nearest: Nearest, found: Found, kind: Kind, now: int
) -> Iterator[Recommendation]:
    """The candidate as a recommendation; of a dearer product only if somebody moved on to it."""
    instead = _instead(basket, nearest, found) if kind is Kind.UP_SELL else None
    if kind is Kind.UP_SELL and instead is None:
        return
    moved, before = instead or (range(len(found.places)), None)
    places = [found.places[n] for n in moved]
    likes = len(nearest.like)
    shown, left = worn(basket, found.product.key, now)
    path = Path(
        compared=nearest.compared,
        customers=len(places),
        recent=sum(now - found.lasts[n] < RECENT_MS for n in moved),
        household=sum(likes <= place < likes + nearest.household for place in places),
        by_place=likes == 0,
        shared=_shared(basket, nearest, places),
        instead_of=before,
    )
    share = len(places) / len(found.places) if found.places else 0.0
    strength = found.score * share * left / nearest.weight
    led = [nearest.like[place].id for place in places if place < likes]
    yield Recommendation(found.product, kind, strength, path, shown, led)


def _instead(
    basket: Basket, nearest: Nearest, found: Found
) -> tuple[Sequence[int], Product] | None:
    """Who moved on to a product from a cheaper one of its category, the one that most left."""
    cheaper = {
        key: one.product for key, one in basket.owned.items() if dearer(found.product, one.product)
    }
    moved: dict[str, list[int]] = defaultdict(list)
    for n, (place, first) in enumerate(zip(found.places, found.firsts, strict=True)):
        since = nearest.like[place].since if place < len(nearest.like) else {}
        for key in cheaper.keys() & since.keys():
            if since[key] < first:
                moved[key].append(n)
    if not moved:
        return None
    key = max(moved, key=lambda one: (len(moved[one]), one))
    return moved[key], cheaper[key]


def dearer(one: Product, other: Product) -> bool:
    """Whether one is the dearer product of a category: by a tenth, and three times at most."""
    if one.category is None or (one.category, one.currency) != (other.category, other.currency):
        return False
    if one.price is None or other.price is None:
        return False
    return other.price * DEARER < one.price <= other.price * DEAREST


def _shared(basket: Basket, nearest: Nearest, places: Iterable[int]) -> tuple[Shared, ...]:
    """What most of those who led there have in common with the customer, the rarer first.

    Nothing that a crowd bought: of that it is not known who did.
    """
    counts = Counter(
        key
        for place in places
        if place < len(nearest.like)
        for key in nearest.like[place].since
        if key in basket.owned and basket.owned[key].product.buyers <= CROWD
    )
    found = [Shared(basket.owned[key].product, count) for key, count in counts.items()]
    found.sort(key=lambda one: (-one.customers, one.product.buyers, one.product.key))
    return tuple(found[:MOST_SHARED])
