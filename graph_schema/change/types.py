"""Change: an entry of the change log."""

from enum import Enum

import strawberry

from customers import changes
from customers.changes import changes_after
from customers.ids import CHANGE
from customers.times import to_datetime
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Context, Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, paged
from graph_schema.scalars import DateTime

CHANGES = "changes"


@strawberry.enum(description="What happened to a customer's profiles.")
class ChangeKind(Enum):
    """The kinds of change."""

    CREATED = "created"
    JOINED = "joined"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    DELETED = "deleted"


@strawberry.type(description="Profiles that came to a customer, or were deleted from it, and why.")
class Change(Node):
    """A change."""

    cursor: str = strawberry.field(
        description="Its place in the log: `changes(after:)` goes on from it, also as subscription."
    )
    seq: int = strawberry.field(description="Without gaps, in the order of the commits.")
    at: DateTime
    kind: ChangeKind
    customer_id: strawberry.ID
    from_id: strawberry.ID | None = strawberry.field(description="The customer they left.")
    profiles: list[str] = strawberry.field(description="Their keys, at most a hundred.")
    count: int = strawberry.field(description="How many profiles came.")
    cause: str = strawberry.field(description="What was being done: ingest, resolve or decided.")
    because: str | None = strawberry.field(
        description="The profile whose record led to it, or the id of the decision; null where an "
        "identifier turned generic."
    )
    by: str = strawberry.field(description="Who sent it, or decided it.")

    @strawberry.field(
        description="The customer as it now is; null where it is no more.",
        directives=[Cost(weight=10)],
    )
    async def customer(self, info: Info) -> Customer | None:
        """The customer."""
        info.context.select(info)
        found = await info.context.loaders.customers_by_id.load(str(self.customer_id))
        return customer_node(found) if found else None


def change_node(row: changes.Change, context: Context) -> Change:
    """A change as GraphQL shows it."""
    masks = context.reading.masks
    return Change(
        id=strawberry.ID(f"{CHANGE}{row.seq}"),
        cursor=context.cursors.encode(CHANGES, row.seq),
        seq=row.seq,
        at=to_datetime(row.at),
        kind=ChangeKind(row.kind),
        customer_id=strawberry.ID(row.customer),
        from_id=strawberry.ID(row.came_from) if row.came_from else None,
        profiles=[masks.profile_key(one) for one in row.profiles],
        count=row.count,
        cause=row.cause,
        because=row.because and masks.profile_key(row.because),
        by=row.by,
    )


@strawberry.type
class ChangeQueries:
    """The change fields of Query."""

    @strawberry.field(
        description="What happened to customers, oldest first, from a cursor on.",
        directives=[Cost(weight=10), paged()],
    )
    async def changes(
        self, info: Info, after: str | None = None, first: int | None = None
    ) -> Connection[Change]:
        """A page of changes."""
        context = info.context
        seq = context.cursors.decode(CHANGES, after)[0] if after is not None else 0
        page = await changes_after(context.reading, seq, page_size(first))
        return connected(
            page,
            lambda one: change_node(one, context),
            lambda one: context.cursors.encode(CHANGES, one.seq),
        )
