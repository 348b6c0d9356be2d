"""Bought with: what those who bought a product bought besides, whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.identity.policy import Policy
from customers.ingest.dealings import CROWD
from customers.principal import Role
from customers.reading import Reading
from customers.recommendation.basket import Product, product_of
from customers.recommendation.nearest import FEWEST, RECENT_MS
from customers.times import now_ms
from cypher import Row, load

BOUGHT_WITH = load("recommendations/bought_with")
PRODUCTS = load("recommendations/products")


@dataclass(frozen=True, slots=True)
class Besides:
    """A product that `customers` of the `compared` buyers of another one bought, too.

    `recent` of them did in the last 30 days, None where that is told to nobody.
    """

    product: Product
    compared: int
    customers: int
    recent: int | None


async def products_by_keys(reading: Reading, keys: Sequence[str]) -> list[Product | None]:
    """Products in the order of `keys`; None where there is none."""
    rows = await reading.rows(PRODUCTS, keys=sorted(set(keys)))
    found = {row["product"]: product_of(row) for row in rows}
    return [found.get(key) for key in keys]


async def bought_with(
    reading: Reading, policy: Policy, wanted: Sequence[tuple[str, int]], now: int | None = None
) -> list[list[Besides]]:
    """For each `(product, first)` what its buyers bought besides, the most telling first.

    Ordered by how many of them did, by the root of how many did at all. A customer's token gets
    what at least five did.
    """
    at = now_ms() if now is None else now
    fewest = FEWEST if reading.principal.role is Role.CUSTOMER else 1
    rows = await reading.rows(
        BOUGHT_WITH,
        products=sorted({product for product, _ in wanted}),
        crowd=CROWD,
        recent=at - RECENT_MS,
        doubtful=policy.doubtful,
        fewest=fewest,
        first=max(first for _, first in wanted),
    )
    found = {row["product"]: row for row in rows}
    return [
        [_besides(one, found[product]["compared"], fewest) for one in found[product]["found"][:n]]
        if product in found
        else []
        for product, n in wanted
    ]


def _besides(row: Row, compared: int, fewest: int) -> Besides:
    recent = row["recent"] if row["recent"] >= fewest or fewest == 1 else None
    return Besides(product_of(row), compared, row["customers"], recent)
