"""Shoppers: customers with what they bought, as an import leaves them that goes by time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from customers.customer import Facets, customers_by_ids
from customers.identity.resolve import BUCKET
from customers.ingest.dealings import CROWD, Bought, Purchases
from customers.ingest.rows import dealing_rows, purchases_row
from customers.principal import DEVELOPER
from customers.reading import Reading
from cypher import Deadline, Graph, Row, Statement
from cypher.statement import parse

SECONDS = 300.0
PRODUCTS_AT_ONCE, SHOPPERS_AT_ONCE = 2_000, 100

CREATE_PRODUCTS: Statement = parse(
    "shoppers/products",
    """// Create products.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
CREATE (:Product {key: row.key, name: row.name, category: row.category, price: row.price,
  currency: row.currency, buyers: row.buyers, again: row.again, lastBuyers: row.lastBuyers,
  lastSizes: row.lastSizes})
""",
    "shoppers",
)
CREATE_SHOPPERS: Statement = parse(
    "shoppers/create",
    """// Create customers of one profile, with what they bought.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
CREATE (c:Customer {id: row.id, number: row.number, bucket: row.bucket, version: 1, size: 1,
  traits: '{}', createdAt: 0, t_city: row.city, bySeen: row.id})
CREATE (p:Profile {key: row.profile, number: row.number, customerId: row.id, source: 'till',
  sourceId: row.id, firstSeen: 0, lastSeen: 0, traits: '{}', totals: '{}', products: row.count,
  bought: row.bought, boughtFirst: row.boughtFirst, boughtLast: row.boughtLast})
CREATE (p)-[:BELONGS_TO {key: row.profile, since: 0}]->(c)
WITH p, row
UNWIND row.products AS one
MATCH (x:Product {key: one.product})
CREATE (p)-[:BOUGHT {key: one.key, times: one.times, quantity: one.quantity, first: one.first,
  last: one.last, days: one.days, returned: one.returned, returnedAt: one.returnedAt}]->(x)
""",
    "shoppers",
)


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer; `bought` are its purchases as `(product, at)`."""

    id: str
    bought: Sequence[tuple[str, int]]
    city: str | None = None


async def write_shoppers(
    graph: Graph, shoppers: Sequence[Shopper], products: Mapping[str, Row]
) -> None:
    """Write customers and products; `products` have name, category, price and currency."""
    rows = _product_rows(shoppers, products)
    for begin in range(0, len(rows), PRODUCTS_AT_ONCE):
        some = rows[begin : begin + PRODUCTS_AT_ONCE]
        await graph.write(CREATE_PRODUCTS, Deadline.after(SECONDS), rows=some)
    for begin in range(0, len(shoppers), SHOPPERS_AT_ONCE):
        several = shoppers[begin : begin + SHOPPERS_AT_ONCE]
        made = [_row(one, number) for number, one in enumerate(several, begin + 1)]
        await graph.write(CREATE_SHOPPERS, Deadline.after(SECONDS), rows=made)


def _product_rows(shoppers: Sequence[Shopper], products: Mapping[str, Row]) -> list[Row]:
    began: dict[str, list[tuple[int, int, int]]] = {key: [] for key in products}
    again = dict.fromkeys(products, 0)
    for number, shopper in enumerate(shoppers, 1):
        bought = sorted(_bought("", shopper.bought), key=lambda one: (one.first, one.product))
        for size, one in enumerate(bought, 1):
            began[one.product].append((one.first or 0, number, size))
            again[one.product] += one.again
    rows = []
    for key, known in products.items():
        last = sorted(began[key])[-CROWD:]
        made: Row = {"key": key, "buyers": len(began[key]), "again": again[key]}
        made |= {"lastBuyers": [number for _, number, _ in last]}
        rows.append(known | made | {"lastSizes": [size for _, _, size in last]})
    return rows


async def written(graph: Graph, shopper: str) -> bool:
    """Whether a shopper is in the graph."""
    reading = Reading(graph, DEVELOPER, Deadline.after(SECONDS))
    return await customers_by_ids(reading, [shopper], Facets()) != [None]


def _row(one: Shopper, number: int) -> Row:
    profile = f"till|{one.id}"
    bought = list(_bought(profile, one.bought))
    row: Row = {"id": one.id, "profile": profile, "number": number, "bucket": number // BUCKET}
    made = dealing_rows(bought, new=True)
    products = made[0]["products"] if made else []
    row |= purchases_row(len(bought), Purchases().renewed(bought))
    return row | {"city": one.city, "count": len(bought), "products": products}


def _bought(profile: str, purchases: Iterable[tuple[str, int]]) -> Iterable[Bought]:
    found: dict[str, Bought] = {}
    for product, at in purchases:
        found.setdefault(product, Bought(profile, product)).buy(at, 1)
    return found.values()
