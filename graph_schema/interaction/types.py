"""Interaction and what it was about."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from customers import purchase, timeline
from customers.ids import INTERACTION
from customers.past import check_now
from customers.times import to_datetime
from graph_schema.context import Context, Info
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, listed
from graph_schema.scalars import JSON, DateTime, Money, money, plain

if TYPE_CHECKING:
    from graph_schema.profile.types import Profile


@strawberry.type(description="A product as an interaction speaks of it.")
class ProductLine:
    """A line of an order, a product viewed."""

    key: str
    name: str | None
    category: str | None
    quantity: float
    amount: Money | None


@strawberry.type(description="What one source saw of an interaction.")
class Sighting:
    """A sighting; `id` is that of the interaction if it stood alone."""

    id: strawberry.ID
    source: str
    source_id: str
    at: DateTime
    channel: str | None
    amount: Money | None


@strawberry.type(description="Something that happened: a page seen, an order, a call.")
class Interaction(Node):
    """An interaction."""

    row: strawberry.Private[timeline.Interaction]
    type: str
    name: str | None
    at: DateTime
    channel: str | None
    amount: Money | None
    order_id: str | None
    properties: JSON
    device: str | None = strawberry.field(description="The device it happened on: namespace|value.")
    products: list[ProductLine]
    source: str = strawberry.field(description="The source that told of it.")

    @strawberry.field(
        description="Who saw it, the earliest first. Several sources may know one purchase.",
        directives=[listed(2)],
    )
    def sightings(self, info: Info) -> list[Sighting]:
        """What each source saw."""
        return [sighting_node(one, info.context) for one in self.row.sightings]

    @strawberry.field(description="The profile whose it is.", directives=[Cost(weight=5)])
    async def profile(
        self, info: Info
    ) -> Annotated["Profile", strawberry.lazy("graph_schema.profile.types")] | None:
        """What its source knows of who did it."""
        from graph_schema.profile.types import profile_node  # noqa: PLC0415 - types name each other

        check_now("profile", self.row.as_of)
        found = await info.context.loaders.profiles_by_key.load(self.row.profile)
        return profile_node(found) if found else None


def sighting_node(row: purchase.Sighting, context: Context) -> Sighting:
    """A sighting as GraphQL shows it."""
    return Sighting(
        id=strawberry.ID(context.ids.seal(INTERACTION, row.key)),
        source=row.source,
        source_id=context.reading.masks.source_id(row.source_id),
        at=to_datetime(row.at),
        channel=row.channel,
        amount=money(row.amount, row.currency),
    )


def interaction_node(row: timeline.Interaction, context: Context) -> Interaction:
    """An interaction as GraphQL shows it."""
    return Interaction(
        row=row,
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
        source=row.source,
    )
