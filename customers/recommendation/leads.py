"""Leads: what leads from a customer to products: its basket, and who else bought what is in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from customers.recommendation.basket import Basket, basket_of
from customers.times import DAY_MS
from cypher import Row

# Products that lead to others.
TELLING = 100
# What the customer bought so long ago leads half as far to others.
HALF_MS = 120 * DAY_MS


@dataclass(frozen=True, slots=True)
class Buyers:
    """Who bought a product: `count` profiles in all, of which the product keeps these.

    In the same order the `numbers` of the profiles, and how many products each had bought when it
    was noted here, which mostly is when it first bought this one (`sizes`).
    """

    product: str
    count: int
    numbers: Sequence[int]
    sizes: Sequence[int]


@dataclass(frozen=True, slots=True)
class Leads:
    """A customer's basket, and the buyers of what tells most of it; None where not asked for.

    `own` are the numbers of the profiles whose basket it is.
    """

    basket: Basket
    buyers: Sequence[Buyers] | None = None
    own: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class NearProfile:
    """A profile that bought some of the same: these products, of this worth."""

    worth: float
    shared: list[str] = field(default_factory=list)

    def weight(self, size: int) -> float:
        """What it counts for, having bought so many products."""
        return self.worth / sqrt(size)


def leads_of(row: Row, *, alike: bool) -> Leads | None:
    """What a read brought of a customer, as in `cypher/customers/leads.cypher`; None if nothing."""
    found = row["leads"]
    if found is None:
        return None
    buyers = [
        Buyers(one["product"], one["buyers"], one["numbers"], one["sizes"])
        for one in found["alike"]
    ]
    own = frozenset(one["number"] for one in found["basket"])
    return Leads(basket_of(found, row["sightings"]), buyers if alike else None, own)


def near_profiles(leads: Leads, most: int, now: int) -> Mapping[int, NearProfile]:
    """The profiles that share most, by their numbers; the customer's own are left out.

    A profile is worth 2^(-age / 120 days) / sqrt(buyers) for every product shared, where age is
    that of the customer's last purchase of it. It is nearer the fewer products it bought: by the
    root of how many, as far as that is known here.
    """
    worths: dict[int, float] = {}
    sizes: dict[int, int] = {}
    buyers = leads.buyers or ()
    for one in buyers:
        age = max(now - leads.basket.owned[one.product].last, 0)
        worth = 2.0 ** (-age / HALF_MS) / sqrt(one.count)
        # Of some thousands few share several products: the others are taken over as a whole.
        more = dict.fromkeys(one.numbers, worth)
        larger = dict(zip(one.numbers, one.sizes, strict=True))
        for number in worths.keys() & more.keys():
            more[number] += worths[number]
            larger[number] = max(larger[number], sizes[number])
        worths |= more
        sizes |= larger
    for number in leads.own:
        worths.pop(number, None)
    ranks = {number: worth / sqrt(sizes[number]) for number, worth in worths.items()}
    # Of some thousands most are as far as the last one that counts, or farther: these are sorted by
    # their weights alone.
    least = min(sorted(ranks.values(), reverse=True)[:most], default=0.0)
    order = sorted((-rank, number) for number, rank in ranks.items() if rank >= least)
    found = {number: NearProfile(worths[number]) for _, number in order[:most]}
    for one in buyers:
        for number in one.numbers:
            if number in found:
                found[number].shared.append(one.product)
    return found
