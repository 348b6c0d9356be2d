"""Interaction and what it was about."""

import strawberry

from customers import timeline
from customers.ids import INTERACTION
from customers.times import to_datetime
from graph_schema.context import Context
from graph_schema.node.types import Node
from graph_schema.scalars import JSON, DateTime, Money, money, plain


@strawberry.type(description="A product as an interaction speaks of it.")
class ProductLine:
    """A line of an order, a product viewed."""

    key: str
    name: str | None
    category: str | None
    quantity: float
    amount: Money | None


@strawberry.type(description="Something that happened: a page seen, an order, a call.")
class Interaction(Node):
    """An interaction."""

    type: str
    name: str | None
    at: DateTime
    channel: str | None
    amount: Money | None
    order_id: str | None
    properties: JSON
    device: str | None = strawberry.field(description="The device it happened on: namespace|value.")
    products: list[ProductLine]


def interaction_node(row: timeline.Interaction, context: Context) -> Interaction:
    """An interaction as GraphQL shows it."""
    return Interaction(
        id=strawberry.ID(context.ids.seal(INTERACTION, row.key)),
        type=row.type,
        name=row.name,
        at=to_datetime(row.at),
        channel=row.channel,
        amount=money(row.amount, row.currency),
        order_id=row.order_id,
        properties=plain(dict(row.properties)),
        device=row.device,
        products=[
            ProductLine(
                key=line.key,
                name=line.name,
                category=line.category,
                quantity=line.quantity,
                amount=money(line.amount, row.currency),
            )
            for line in row.products
        ],
    )
