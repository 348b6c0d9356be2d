"""Profile."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from customers import profile as profiles
from customers.times import to_datetime
from graph_schema.context import Info
from graph_schema.identifier.types import Identifier, identifier_node
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, listed
from graph_schema.scalars import JSON, DateTime, plain

if TYPE_CHECKING:
    from graph_schema.customer.types import Customer
    from graph_schema.decision.types import Decision


@strawberry.type(description="What one source knows of somebody. Resolution never edits it.")
class Profile(Node):
    """A profile."""

    row: strawberry.Private[profiles.Profile]
    source: str
    source_id: str
    first_seen: DateTime
    last_seen: DateTime
    since: DateTime = strawberry.field(description="Since when it belongs to its customer.")
    traits: JSON = strawberry.field(description="The newest value of each trait.")

    @strawberry.field(
        description="The identifiers that its records named, by namespace and value.",
        directives=[Cost(weight=5), listed(10)],
    )
    async def identifiers(self, info: Info) -> list[Identifier]:
        """Its identifiers."""
        context = info.context
        rows = await context.loaders.identifiers_of_profile.load(
            (self.row.own_customer_id, self.row.as_of)
        )
        return [identifier_node(row, context) for row in rows]

    @strawberry.field(description="The customer it belongs to.", directives=[Cost(weight=10)])
    async def customer(
        self, info: Info
    ) -> Annotated["Customer", strawberry.lazy("graph_schema.customer.types")] | None:
        """Its customer."""
        from graph_schema.customer.types import customer_node  # noqa: PLC0415 - types name each other

        if self.row.customer is None:
            return None
        info.context.select(info)
        found = await info.context.customer(self.row.customer, self.row.as_of)
        return customer_node(found) if found else None

    @strawberry.field(description="What people decided of it, the newest first; in force.")
    async def decisions(
        self, info: Info
    ) -> list[Annotated["Decision", strawberry.lazy("graph_schema.decision.types")]]:
        """Decisions in force."""
        from graph_schema.decision.types import decision_node  # noqa: PLC0415 - types name each other

        found = await info.context.loaders.decisions_of_profile.load(self.row.own_customer_id)
        return [decision_node(one) for one in found if one.withdrawn_at is None]


def profile_node(row: profiles.Profile) -> Profile:
    """A profile as GraphQL shows it."""
    return Profile(
        row=row,
        id=strawberry.ID(row.id),
        source=row.source,
        source_id=row.source_id,
        first_seen=to_datetime(row.first_seen),
        last_seen=to_datetime(row.last_seen),
        since=to_datetime(row.since),
        traits=plain(dict(row.traits)),
    )


@strawberry.type
class ProfileQueries:
    """The profile fields of Query."""

    @strawberry.field(
        description="A profile by its source and the id it has there.",
        directives=[Cost(weight=10)],
    )
    async def profile(self, info: Info, source: str, source_id: str) -> Profile | None:
        """One profile."""
        found = await info.context.loaders.profiles_by_source_id.load((source, source_id))
        return profile_node(found) if found else None
