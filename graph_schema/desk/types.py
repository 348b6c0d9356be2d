"""Ticket: what a customer wants from us."""

import strawberry

from customers import tickets
from customers.times import to_datetime
from graph_schema.context import Context, Info
from graph_schema.interaction.types import Interaction, interaction_node
from graph_schema.pricing import Cost
from graph_schema.scalars import DateTime


@strawberry.type(
    description="What a customer wants from us: all interactions of type `ticket` or `support` of "
    "a source that name the same ticket. Open unless the newest says that it is closed, solved, "
    "resolved, done, settled or cancelled."
)
class Ticket:
    """A ticket."""

    row: strawberry.Private[tickets.Ticket]
    source: str
    number: str = strawberry.field(description="What its source calls it.")
    subject: str | None = strawberry.field(description="The name of its first interaction.")
    topic: str | None
    status: str | None = strawberry.field(description="The newest that was said.")
    severity: str | None = strawberry.field(description="The newest that was said.")
    channel: str | None
    opened_at: DateTime
    last_at: DateTime = strawberry.field(description="When anything was said of it last.")
    open: bool

    @strawberry.field(
        description="The newest that was said of it; null where that was erased.",
        directives=[Cost(weight=5)],
    )
    async def last_interaction(self, info: Info) -> Interaction | None:
        """The newest word."""
        found = await info.context.loaders.interactions_by_key.load(self.row.last.key)
        return interaction_node(found, info.context) if found else None


def ticket_node(row: tickets.Ticket, context: Context) -> Ticket:
    """A ticket as GraphQL shows it."""
    masks = context.reading.masks

    def shown(name: str, said: tickets.Said | None) -> str | None:
        return None if said is None else masks.trait(name, said.text)

    return Ticket(
        row=row,
        source=row.source,
        number=row.number,
        subject=row.opened.text or None,
        topic=shown("topic", row.topic),
        status=shown("status", row.status),
        severity=shown("severity", row.severity),
        channel=row.channel.text if row.channel else None,
        opened_at=to_datetime(row.opened.at),
        last_at=to_datetime(row.last.at),
        open=not row.settled,
    )
