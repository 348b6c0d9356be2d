"""Leads: what leads from a customer to products: its basket, and who else bought what is in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from customers.recommendation.basket import Basket, basket_of
from cypher import Row

# Products that lead to others.
TELLING = 100
# More buyers of a product are a crowd, of which only so many are looked at.
CROWD = 600


@dataclass(frozen=True, slots=True)
class Buyers:
    """Who bought a product: `count` profiles in all, of which these are looked at.

    In the same order the `numbers` of the profiles, and how many products each bought (`sizes`).
    """

    product: str
    count: int
    numbers: Sequence[int]
    sizes: Sequence[int]


@dataclass(frozen=True, slots=True)
class Leads:
    """A customer's basket, and the buyers of what tells most of it; None where not asked for."""

    basket: Basket
    buyers: Sequence[Buyers] | None = None


@dataclass(frozen=True, slots=True)
class NearProfile:
    """A profile that bought some of the same: these products."""

    number: int
    weight: float
    shared: list[str] = field(default_factory=list)


def leads_of(row: Row, *, alike: bool) -> Leads | None:
    """What a read brought of a customer, as in `cypher/customers/leads.cypher`; None if nothing."""
    found = row["leads"]
    if found is None:
        return None
    buyers = [
        Buyers(one["product"], one["buyers"], one["numbers"], one["sizes"])
        for one in found["alike"]
    ]
    return Leads(basket_of(found, row["sightings"]), buyers if alike else None)


def near_profiles(buyers: Sequence[Buyers], most: int) -> list[NearProfile]:
    """The profiles that share most, the heaviest first; the customer's own are among them.

    A profile weighs 1 / sqrt(buyers) for every product shared, by the root of how many it bought.
    """
    shared: dict[int, float] = defaultdict(float)
    sizes: dict[int, int] = {}
    for one in buyers:
        worth = 1.0 / sqrt(one.count)
        for number in one.numbers:
            shared[number] += worth
        sizes.update(zip(one.numbers, one.sizes, strict=True))
    weights = [(-worth / sqrt(sizes[number]), number) for number, worth in shared.items()]
    found = {number: NearProfile(number, -less) for less, number in sorted(weights)[:most]}
    for one in buyers:
        for number in found.keys() & set(one.numbers):
            found[number].shared.append(one.product)
    return list(found.values())
