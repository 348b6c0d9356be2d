"""Basket: what a customer bought, gave back and was offered, out of what its profiles did.

A purchase that several sources told of is one; which of them are is decided here, as for the
timeline, since it depends on whose profiles they are now.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from customers.purchase import hidden, purchases, sighting
from customers.times import DAY_MS
from cypher import Row


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `price` of one in minor units, as it was paid last.

    `buyers` are profiles, `again` those of them that bought it on two days or more.
    """

    key: str
    name: str | None = None
    category: str | None = None
    price: int | None = None
    currency: str | None = None
    buyers: int = 0
    again: int = 0

    @property
    def title(self) -> str:
        """What to call it."""
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class Owned:
    """What became of a product; times are epoch milliseconds, `days` UTC days, the first first."""

    product: Product
    times: int = 0
    quantity: float = 0.0
    first: int = 0
    last: int = 0
    days: Sequence[int] = ()
    returned: int = 0
    returned_at: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What was said to a product; a time of 0 is never."""

    product: Product
    shown: int = 0
    shown_at: int = 0
    accepted_at: int = 0
    refused_at: int = 0


@dataclass(frozen=True)
class Basket:
    """All of it, by the keys of products."""

    owned: Mapping[str, Owned] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)

    @cached_property
    def shelves(self) -> Mapping[str | None, Mapping[str, Product]]:
        """What is owned by its category, then by its key."""
        found: dict[str | None, dict[str, Product]] = defaultdict(dict)
        for key, one in self.owned.items():
            found[one.product.category][key] = one.product
        return dict(found)


def basket_of(row: Row, sightings: Sequence[Row]) -> Basket:
    """The basket out of `leads`, as in `cypher/customers/leads.cypher`."""
    return Basket(_owned(row["basket"], sightings), _offers(row["offers"]))


def product_of(row: Row) -> Product:
    """A product out of a row."""
    return Product(
        row["product"],
        row["name"],
        row["category"],
        row.get("price"),
        row.get("currency"),
        row.get("buyers") or 0,
        row.get("again") or 0,
    )


def _owned(rows: Iterable[Row], sightings: Sequence[Row]) -> dict[str, Owned]:
    by_product: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_product[row["product"]].append(row)
    twice = _told_twice(sightings)
    return {key: _of_profiles(found, twice) for key, found in by_product.items()}


def _of_profiles(rows: Sequence[Row], twice: Mapping[tuple[str, str, str], list[int]]) -> Owned:
    """What the profiles of a customer make together; `twice` are days of what counts once."""
    times, quantity = 0, 0.0
    days: set[int] = set()
    for row in rows:
        less = twice.get((row["source"], row["sourceId"], row["product"]), [])
        own = max(row["times"] - len(less), 0)
        times += own
        quantity += row["quantity"] * own / row["times"] if row["times"] else 0.0
        days |= set(row["days"]) - set(less)
    bought = [row for row in rows if row["times"]]
    return Owned(
        product_of(rows[0]),
        times,
        quantity,
        min((row["first"] for row in bought), default=0),
        max((row["last"] for row in bought), default=0),
        sorted(days),
        sum(row["returned"] for row in rows),
        max(row["returnedAt"] or 0 for row in rows),
    )


def _told_twice(rows: Sequence[Row]) -> dict[tuple[str, str, str], list[int]]:
    """By profile and product, the days of purchases for which another source's word stands."""
    products = {row["key"]: {line["product"] for line in row["about"]} for row in rows}
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in hidden(purchases(sighting(row) for row in rows), lambda _: True):
        for product in products[one.key]:
            found[one.source, one.source_id, product].append(one.at // DAY_MS)
    return found


def _offers(rows: Iterable[Row]) -> dict[str, Offer]:
    found: dict[str, Offer] = {}
    for row in rows:
        before = found.get(row["product"]) or Offer(product_of(row))
        found[row["product"]] = Offer(
            before.product,
            before.shown + row["shown"],
            max(before.shown_at, row["shownAt"] or 0),
            max(before.accepted_at, row["acceptedAt"] or 0),
            max(before.refused_at, row["refusedAt"] or 0),
        )
    return found
