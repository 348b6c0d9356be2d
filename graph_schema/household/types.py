"""Household: who lives with a customer, as far as we know."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from graph_schema.context import Info
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, listed

if TYPE_CHECKING:
    from graph_schema.customer.types import Customer


@strawberry.type(
    description="Customers of one family name who share an address, a landline or a mailbox."
)
class Household(Node):
    """A household; it never makes two customers one."""

    @strawberry.field(
        description="Its customers, at most fifty, the longest known first.",
        directives=[Cost(weight=20), listed(10)],
    )
    async def customers(
        self, info: Info
    ) -> list[Annotated["Customer", strawberry.lazy("graph_schema.customer.types")]]:
        """The members, the customer who was asked for among them."""
        from graph_schema.customer.types import customer_node  # noqa: PLC0415 - types name each other

        ids = await info.context.loaders.customers_of_household.load(str(self.id))
        found = await info.context.loaders.customers_by_id.load_many(ids)
        return [customer_node(one) for one in found if one is not None]
