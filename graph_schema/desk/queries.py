"""Query.serviceQueue and Query.callerContext."""

from typing import Annotated

import strawberry

from customers.desk import caller as callers
from customers.desk import queue as queues
from customers.desk.caller import Calling, calling
from customers.desk.queue import Of, service_queue
from customers.errors import CursorMismatchError
from customers.times import to_datetime
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.desk.types import Ticket, ticket_node
from graph_schema.interaction.types import Interaction, interaction_node
from graph_schema.pricing import Cost, listed, paged
from graph_schema.scalars import DateTime

_QUEUE = "serviceQueue"
strawberry.enum(Of, name="ServiceQueueOf", description="What a queue is of.")


@strawberry.type(description="What a score is made of.")
class ScorePart:
    """Points and what for."""

    points: float
    why: str


@strawberry.type(description="Somebody who waits for us.")
class ServiceQueueEntry:
    """An entry."""

    row: strawberry.Private[queues.Entry]
    score: float = strawberry.field(description="The sum of its parts; who has most is next.")
    parts: list[ScorePart]
    waiting_since: DateTime
    calls: int = strawberry.field(description="How many calls wait; 0 where it is for a ticket.")

    @strawberry.field(description="Who waits; null where it was erased meanwhile.")
    async def customer(self, info: Info) -> Customer | None:
        """The customer."""
        found = await info.context.loaders.customers_by_id.load(self.row.customer)
        return customer_node(found) if found else None

    @strawberry.field(description="For which ticket; null of callers.")
    def ticket(self, info: Info) -> Ticket | None:
        """The ticket."""
        return ticket_node(self.row.ticket, info.context) if self.row.ticket else None

    @strawberry.field(
        description="The newest call that waits; null of tickets.", directives=[Cost(weight=5)]
    )
    async def last_call(self, info: Info) -> Interaction | None:
        """The newest call."""
        if not self.row.calls:
            return None
        found = await info.context.loaders.interactions_by_key.load(self.row.calls[0].key)
        return interaction_node(found, info.context) if found else None


@strawberry.type(description="A page of those who wait.")
class ServiceQueueConnection(Connection[ServiceQueueEntry]):
    """A connection as of a moment."""

    as_of: DateTime = strawberry.field(
        description="By which clock waiting counts; further pages go by that of the first."
    )
    complete: bool = strawberry.field(
        description="False where more than 500 profiles wait: of them the most urgent and longest "
        "waiting are ranked."
    )


@strawberry.type(description="A customer who may be calling.")
class Caller:
    """A holder of a number."""

    row: strawberry.Private[callers.Caller]
    reasons: list[str] = strawberry.field(description="Why it may be, in sentences.")
    holds: bool = strawberry.field(description="False where a newer record no longer names it.")
    first_seen: DateTime
    last_seen: DateTime
    count: int = strawberry.field(description="Times that it was seen with the number.")
    sources: list[str]

    @strawberry.field(description="Who it is; null where it was erased meanwhile.")
    async def customer(self, info: Info) -> Customer | None:
        """The customer."""
        found = await info.context.loaders.customers_by_id.load(self.row.customer)
        return customer_node(found) if found else None


@strawberry.type(description="What is known of a number that somebody calls from.")
class CallerContext:
    """A number."""

    row: strawberry.Private[Calling]
    phone: str = strawberry.field(description="The number as it is compared: +442079460101.")
    known: bool = strawberry.field(description="Whether anybody was ever seen with it.")
    generic: bool = strawberry.field(
        description="True of a number of very many, such as a call centre's: it tells nothing."
    )
    people: int | None = strawberry.field(description="How many people seem to share it.")
    reason: str = strawberry.field(description="What that means, in a sentence.")

    @strawberry.field(
        description="Who may be calling, the likeliest first, at most ten; nobody where the number "
        "is generic or not known.",
        directives=[listed(callers.MOST_CALLERS)],
    )
    def callers(self) -> list[Caller]:
        """The holders."""
        return [
            Caller(
                row=one,
                reasons=list(one.reasons),
                holds=one.held,
                first_seen=to_datetime(one.first_seen),
                last_seen=to_datetime(one.last_seen),
                count=one.count,
                sources=list(one.sources),
            )
            for one in self.row.callers
        ]


@strawberry.type
class DeskQueries:
    """The service desk's fields of Query."""

    @strawberry.field(
        description="Who calls? By a number in any notation; one without its country's prefix is "
        "of `region`, a code such as GB, else of the policy's.",
        directives=[Cost(weight=50)],
    )
    async def caller_context(
        self, info: Info, phone: str, region: str | None = None
    ) -> CallerContext:
        """What is known of a number."""
        context = info.context
        context.select(info)
        found = await calling(context.reading, context.services.policy, phone, region)
        return CallerContext(
            row=found,
            phone=found.number,
            known=found.known,
            generic=found.generic,
            people=found.people,
            reason=found.reason,
        )

    @strawberry.field(
        description="Who is to be served next. TICKETS: every open ticket. CALLERS: customers who "
        "called in the last 14 days (type `call`), and whom nobody called back since (a call with "
        "the property `direction: outbound`), unless the call says that it is settled (`status`), "
        "or the `ticket` that it names is. docs/for-sellers.md says how the score adds up.",
        directives=[Cost(weight=200), paged()],
    )
    async def service_queue(
        self,
        info: Info,
        of: Annotated[Of, strawberry.argument(description="Calls or tickets.")],
        first: int | None = None,
        after: str | None = None,
    ) -> ServiceQueueConnection:
        """A page of those who wait."""
        context = info.context
        context.select(info)
        position = None
        if after is not None:
            kind, *rest = context.cursors.decode(_QUEUE, after)
            if kind != of.value:
                raise CursorMismatchError("The cursor belongs to the other queue.")
            position = (rest[0], float(rest[1]), rest[2])
        found = await service_queue(
            context.reading, context.services.policy, of, page_size(first), position
        )

        def cursor(one: queues.Entry) -> str:
            place = (of.value, found.as_of, f"{one.score}", one.key)
            return context.cursors.encode(_QUEUE, *place)

        page = connected(found.page, _entry, cursor)
        return ServiceQueueConnection(
            edges=page.edges,
            page_info=page.page_info,
            as_of=to_datetime(found.as_of),
            complete=found.complete,
        )


def _entry(row: queues.Entry) -> ServiceQueueEntry:
    return ServiceQueueEntry(
        row=row,
        score=row.score,
        parts=[ScorePart(points=round(one.points, 2), why=one.why) for one in row.points],
        waiting_since=to_datetime(row.since),
        calls=len(row.calls),
    )
