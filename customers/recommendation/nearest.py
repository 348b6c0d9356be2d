"""Nearest: what those whose purchases are most alike bought lately, and the customer never did.

`cypher/recommendations/lately.cypher` finds the customers; here what they bought is added up, and
it is said who led to what, and what is left out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from customers.ingest.dealings import CROWD
from customers.recommendation.basket import Basket, Product
from customers.recommendation.leads import NearProfile
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
# Where in what `lately.cypher` knows of a product its buyers are.
BUYERS = -1
# Candidates besides those wanted: what was offered in vain leaves its place to them.
SPARE = 40
# Candidates that somebody may have moved on to.
LOOKED_AT_FOR_UPGRADES = 1_000
# Products that a reason names.
MOST_SHARED = 3
# Somebody's own token learns of others only what at least so many of them did.
FEWEST = 5

# Products, and when a profile first and last bought each, as `lately.cypher` gives them.
_Purchases = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Near:
    """A customer that is compared, with products that they share.

    `since` is when it first bought what the customer has, as far as anybody asked.
    """

    id: str
    shared: set[str] = field(default_factory=set)
    since: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """A product that some of those near bought lately: their places, and when first and last.

    `known` is what a product is made of. The score is the weight of those who bought it, of which
    half is gone HALF_MS after the last time, by a small power of how many buy it at all.
    """

    key: str
    known: Sequence[Any]
    score: float = 0.0
    places: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)

    @property
    def product(self) -> Product:
        """The product: of some hundreds that are found, only those that are offered need be one."""
        return Product(self.key, *self.known)


@dataclass(frozen=True, slots=True)
class Nearest:
    """Those who are compared, the most alike, then those of the household and the place.

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


NOBODY = Nearest((), 0.0, 0, 0, ())


def nearest_of(
    row: Row, near: Mapping[int, NearProfile], owned: Collection[str], now: int
) -> Nearest:
    """Who is compared, and what they bought lately that is not `owned`, the strongest first."""
    like: list[Near] = []
    weights: list[float] = []
    place_of: dict[str, int] = {}
    bought: list[list[_Purchases]] = []
    for _, customer, number, size, *purchases in sorted(row["near"], key=itemgetter(0, 2)):
        place = place_of.setdefault(customer, len(like))
        if place == len(like):
            like.append(Near(customer))
            weights.append(0.0)
            bought.append([])
        like[place].shared.update(near[number].shared)
        weights[place] += near[number].weight(size)
        bought[place].append(purchases)
    for customer in (*row["home"], *row["around"]):
        place_of[customer] = len(bought)
        weights.append(BESIDE)
        bought.append([])
    for customer, *purchases in (*row["more"], *row["beside"]):
        bought[place_of[customer]].append(purchases)
    for one, several in zip(like, bought, strict=False):  # those beside come after
        one.since.update(_since(several, owned))
    known = {key: made_of for key, *made_of in row["products"]}
    found = _found(bought, known, owned, now - LATELY_MS)
    for candidate in found:
        times = zip(candidate.places, candidate.lasts, strict=True)
        score = sum(weights[place] * 2 ** (min(last - now, 0) / HALF_MS) for place, last in times)
        candidate.score = score / max(candidate.known[BUYERS], 1) ** POPULARITY
    strongest = sorted(found, key=lambda one: (-one.score, one.key))
    return Nearest(like, sum(weights), len(row["home"]), len(row["around"]), strongest)


def _since(several: Iterable[_Purchases], owned: Collection[str]) -> dict[str, int]:
    """When a customer of several profiles first bought what is `owned`."""
    since: dict[str, int] = {}
    for products, firsts, _ in several:
        for key, first in zip(products, firsts, strict=True):
            if key in owned:
                since[key] = min(first, since.get(key, first))
    return since


def _found(
    bought: Sequence[Iterable[_Purchases]],
    known: Mapping[str, Sequence[Any]],
    owned: Collection[str],
    lately: int,
) -> Collection[Found]:
    """What was bought since then that is not `owned`, by the places of those who did."""
    found: dict[str, Found] = {}
    for place, several in enumerate(bought):
        # A loop of few steps, since two hundred customers may have bought twenty thousand things.
        for key, first, last in chain.from_iterable(zip(*one, strict=True) for one in several):
            if last < lately or key in owned:
                continue
            one = found.get(key)
            if one is None:
                one = found[key] = Found(key, known[key])
            if one.places and one.places[-1] == place:  # by another profile of the same customer
                one.firsts[-1] = min(one.firsts[-1], first)
                one.lasts[-1] = max(one.lasts[-1], last)
            else:
                one.places.append(place)
                one.firsts.append(first)
                one.lasts.append(last)
    return found.values()


def recommended(
    basket: Basket, nearest: Nearest, kind: Kind, now: int, first: int, *, fewest: int = 1
) -> list[Recommendation]:
    """What to offer, the strongest first; products that fewer than `fewest` bought are left out.

    Strength: the score, which is the weight of those who bought it, by the weight of all who are
    compared.
    """
    out = {one.product.key for one in ruled_out(basket, kind, now)}
    some = (
        candidate
        for candidate in nearest.products
        if len(candidate.places) >= fewest and candidate.key not in out
    )
    found = [
        one
        for candidate in islice(some, _looked_at(kind, first))
        for one in _offer(basket, nearest, candidate, kind, now)
        if one.path.customers >= fewest
    ]
    return sorted(found, key=lambda one: (-one.strength, one.product.key))[:first]


def _looked_at(kind: Kind, first: int) -> int:
    """How many candidates may become one; of the spare ones some were offered less in vain."""
    return LOOKED_AT_FOR_UPGRADES if kind is Kind.UP_SELL else first + SPARE


def _offer(
    basket: Basket, nearest: Nearest, found: Found, kind: Kind, now: int
) -> Iterator[Recommendation]:
    """The candidate as a recommendation; of a dearer product only if somebody moved on to it."""
    product = found.product
    instead = _instead(basket, nearest, found, product) if kind is Kind.UP_SELL else None
    if kind is Kind.UP_SELL and instead is None:
        return
    moved, before = instead or (range(len(found.places)), None)
    places = [found.places[n] for n in moved]
    likes = len(nearest.like)
    shown, left = worn(basket, found.key, now)
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
    yield Recommendation(product, kind, strength, path, shown, led)


def _instead(
    basket: Basket, nearest: Nearest, found: Found, product: Product
) -> tuple[Sequence[int], Product] | None:
    """Who moved on to a product from a cheaper one of its category, the one that most left."""
    shelf = basket.shelves.get(product.category, {})
    cheaper = {key: one for key, one in shelf.items() if dearer(product, one)}
    if not cheaper:
        return None
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
    if (one.category, one.currency) != (other.category, other.currency):
        return False
    if one.category is None or one.price is None or other.price is None:
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
        for key in nearest.like[place].shared
        if key in basket.owned and basket.owned[key].product.buyers <= CROWD
    )
    found = [Shared(basket.owned[key].product, count) for key, count in counts.items()]
    found.sort(key=lambda one: (-one.customers, one.product.buyers, one.product.key))
    return tuple(found[:MOST_SHARED])
