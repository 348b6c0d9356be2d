"""Recommendation: what to offer next, with the path that leads there."""

import strawberry

from customers.recommendation import recommendation as customers
from customers.recommendation.recommendation import Kind, Why
from customers.recommendation.wording import reason
from customers.times import to_datetime
from graph_schema.product.types import Product, product_node
from graph_schema.scalars import DateTime

strawberry.enum(
    Kind,
    name="RecommendationKind",
    description="CROSS_SELL: what the customer never bought. UP_SELL: what costs more than what it "
    "buys. REPLENISH: what it buys again and again.",
)
strawberry.enum(
    Why,
    name="RuledOutReason",
    description="OWNED: it was bought. RETURNED: it was given back, and not bought again. REFUSED: "
    "the customer said no in the last 180 days.",
)


@strawberry.type(description="A product of the customer that leads to another.")
class SharedProduct:
    """A shared product."""

    product: Product
    customers: int = strawberry.field(
        description="How many of those who bought the recommended product bought this one, too."
    )


@strawberry.type(description="How the graph leads from a customer to a product.")
class RecommendationPath:
    """A path."""

    compared: int = strawberry.field(
        description="Customers who were looked at: at most 200 whose purchases are most like this "
        "customer's; with `byPlace`, those of its household and place."
    )
    customers: int = strawberry.field(
        description="How many of them bought the product in the last 90 days."
    )
    recent: int | None = strawberry.field(
        description="How many in the last 30; null where fewer than five are told to nobody."
    )
    household: int = strawberry.field(description="How many of them live with the customer.")
    by_place: bool = strawberry.field(
        description="True where hardly anybody shares a product with the customer."
    )
    shared: list[SharedProduct] = strawberry.field(
        description="What they have in common with the customer, at most three products."
    )
    instead_of: Product | None = strawberry.field(description="Of UP_SELL: what they bought first.")
    times: int = strawberry.field(description="Of REPLENISH: purchases of the customer's own.")
    last_at: DateTime | None
    every_days: float | None = strawberry.field(
        description="Of REPLENISH: the usual time between; null for what was bought on one day."
    )
    rebought: float | None = strawberry.field(
        description="Of what was bought on one day: which share of its buyers bought it again."
    )


@strawberry.type(description="A product to offer, and why.")
class Recommendation:
    """A recommendation."""

    kind: Kind
    product: Product
    strength: float = strawberry.field(
        description="Above 0, at most 1, falling along the list. Lists of another kind go by "
        "another measure."
    )
    reason: str = strawberry.field(description="The path in words.")
    path: RecommendationPath
    due_at: DateTime | None = strawberry.field(description="Of REPLENISH: when it is due.")
    shown: int = strawberry.field(description="How often it was offered lately, in vain.")


@strawberry.type(description="A product that is not recommended.")
class RuledOut:
    """What is ruled out."""

    product: Product
    reason: Why
    at: DateTime = strawberry.field(description="When it was bought, given back or refused last.")


def recommendation_node(one: customers.Recommendation) -> Recommendation:
    """A recommendation as GraphQL shows it."""
    return Recommendation(
        kind=one.kind,
        product=product_node(one.product),
        strength=one.strength,
        reason=reason(one),
        path=_path(one.path),
        due_at=None if one.path.due is None else to_datetime(one.path.due),
        shown=one.shown,
    )


def ruled_out_node(one: customers.RuledOut) -> RuledOut:
    """What is ruled out, as GraphQL shows it."""
    return RuledOut(product=product_node(one.product), reason=one.why, at=to_datetime(one.at))


def _path(path: customers.Path) -> RecommendationPath:
    return RecommendationPath(
        compared=path.compared,
        customers=path.customers,
        recent=path.recent,
        household=path.household,
        by_place=path.by_place,
        shared=[
            SharedProduct(product=product_node(one.product), customers=one.customers)
            for one in path.shared
        ],
        instead_of=product_node(path.instead_of) if path.instead_of else None,
        times=path.times,
        last_at=None if path.last is None else to_datetime(path.last),
        every_days=path.every_days,
        rebought=path.rebought,
    )
