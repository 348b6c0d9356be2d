"""Product, what its buyers bought besides, and Query.product."""

import strawberry

from customers.recommendation.basket import Product as Known
from customers.recommendation.bought_with import Besides
from customers.recommendation.recommend import check_first
from customers.recommendation.wording import besides
from graph_schema.context import Info
from graph_schema.pricing import Cost, listed
from graph_schema.scalars import Money, money


@strawberry.type(description="A product, as the newest interaction calls it.")
class Product:
    """A product."""

    key: str
    name: str | None
    category: str | None
    price: Money | None = strawberry.field(description="What was paid last for one of it.")

    @strawberry.field(
        description="What its buyers bought besides, the most telling first, at most 50. Of a "
        "product that a crowd buys, some 600 buyers are looked at.",
        directives=[Cost(weight=100), listed(10, "first")],
    )
    async def bought_with(self, info: Info, first: int = 10) -> list["BoughtWith"]:
        """What goes with it."""
        found = await info.context.loaders.bought_with.load((self.key, check_first(first)))
        return [bought_with_node(one) for one in found]


@strawberry.type(description="A product that buyers of another one bought, too.")
class BoughtWith:
    """A pair."""

    product: Product
    compared: int = strawberry.field(description="Buyers of the other product.")
    customers: int = strawberry.field(description="How many of them bought this one.")
    recent: int | None = strawberry.field(
        description="How many in the last 30 days; null where fewer than five are told to nobody."
    )
    reason: str = strawberry.field(description="The same in words.")


@strawberry.type
class ProductQueries:
    """The product field of Query."""

    @strawberry.field(
        description="A product by its key; null where nothing was ever about it.",
        directives=[Cost(weight=10)],
    )
    async def product(self, info: Info, key: str) -> Product | None:
        """One product."""
        found = await info.context.loaders.products_by_key.load(key)
        return product_node(found) if found else None


def product_node(one: Known) -> Product:
    """A product as GraphQL shows it."""
    return Product(
        key=one.key,
        name=one.name,
        category=one.category,
        price=money(one.price, one.currency),
    )


def bought_with_node(one: Besides) -> BoughtWith:
    """A pair as GraphQL shows it."""
    return BoughtWith(
        product=product_node(one.product),
        compared=one.compared,
        customers=one.customers,
        recent=one.recent,
        reason=besides(one),
    )
