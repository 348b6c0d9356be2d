"""Identifier and Device."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from customers import identifier as identifiers
from customers.ids import DEVICE, IDENTIFIER
from customers.page import PageWanted
from customers.past import check_now
from customers.times import to_datetime
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Context, Info
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, listed, paged
from graph_schema.scalars import DateTime

if TYPE_CHECKING:
    from graph_schema.customer.types import Customer
    from graph_schema.decision.types import Decision
    from graph_schema.profile.types import Profile

_HOLDERS = "identifier.profiles"


@strawberry.type(description="A value that may tell who somebody is: an e-mail, a phone, a cookie.")
class Identifier(Node):
    """An identifier; under a customer or a profile its times and count are theirs."""

    row: strawberry.Private[identifiers.Identifier]
    namespace: str
    value: str
    people: int | None = strawberry.field(
        description="How many people its holders seem to be; null where its namespace links nobody."
    )
    generic: bool = strawberry.field(
        description="Links nobody: too many people hold it, or somebody decided so."
    )
    first_seen: DateTime
    last_seen: DateTime
    count: int | None = strawberry.field(description="How often its holder here named it.")

    @strawberry.field(
        description="Why it links nobody: whom it counted as too many people, or what the policy "
        "says of it; null where it links."
    )
    async def generic_reason(self, info: Info) -> str | None:
        """The reason."""
        return await info.context.loaders.generic_reasons.load(self.row)

    @strawberry.field(
        description="The profiles that hold it, whoever they belong to.",
        directives=[Cost(weight=10), paged()],
    )
    async def profiles(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Annotated["Profile", strawberry.lazy("graph_schema.profile.types")]]:
        """A page of its holders."""
        from graph_schema.profile.types import profile_node  # noqa: PLC0415 - types name each other

        context = info.context
        check_now("profiles", self.row.as_of)
        position = context.cursors.after(_HOLDERS, after)
        page = await context.loaders.profiles_of_identifier.load(
            PageWanted(self.row.key, page_size(first), position)
        )
        return connected(
            page, profile_node, lambda one: context.cursors.encode(_HOLDERS, one.number)
        )

    @strawberry.field(
        description="The customers that hold it, at most fifty, oldest first.",
        directives=[Cost(weight=10), listed(10)],
    )
    async def customers(
        self, info: Info
    ) -> list[Annotated["Customer", strawberry.lazy("graph_schema.customer.types")]]:
        """Whoever holds it."""
        from graph_schema.customer.types import customer_node  # noqa: PLC0415

        info.context.select(info)
        found = await info.context.holders(self.row.key, self.row.as_of)
        return [customer_node(one) for one in found]

    @strawberry.field(description="The decision that it links nobody; null where there is none.")
    async def blocked_by(
        self, info: Info
    ) -> Annotated["Decision", strawberry.lazy("graph_schema.decision.types")] | None:
        """The decision that blocks it."""
        from graph_schema.decision.types import decision_node  # noqa: PLC0415 - types name each other

        found = await info.context.loaders.decisions_of_identifier.load(self.row.key)
        return next((decision_node(one) for one in found if one.withdrawn_at is None), None)


@strawberry.type(description="A thing that an identifier stands for: a phone, a browser.")
class Device(Node):
    """A device."""

    identifier: Identifier
    platform: str | None
    os: str | None
    browser: str | None
    model: str | None


def identifier_node(row: identifiers.Identifier, context: Context) -> Identifier:
    """An identifier as GraphQL shows it."""
    return Identifier(
        row=row,
        id=strawberry.ID(context.ids.seal(IDENTIFIER, row.key)),
        namespace=row.namespace,
        value=row.value,
        people=row.people,
        generic=row.generic,
        first_seen=to_datetime(row.first_seen),
        last_seen=to_datetime(row.last_seen),
        count=row.count,
    )


def device_node(row: identifiers.Identifier, context: Context) -> Device:
    """A device as GraphQL shows it."""
    return Device(
        id=strawberry.ID(context.ids.seal(DEVICE, row.key)),
        identifier=identifier_node(row, context),
        platform=row.platform,
        os=row.os,
        browser=row.browser,
        model=row.model,
    )
