"""Query.customer and Query.customers."""

import strawberry

from customers.customer import Customer as CustomerRow
from customers.customer import customers_page
from customers.errors import InvalidInputError, SharedIdentifierError
from customers.identifier import wanted_key
from customers.page import END
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Context, Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.identifier.queries import IdentifierInput

_CUSTOMERS = "customers"


@strawberry.type
class CustomerQueries:
    """The customer fields of Query."""

    @strawberry.field(
        description="Who is this? By id (any id the customer ever had) or by an identifier of one."
    )
    async def customer(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        identifier: IdentifierInput | None = None,
    ) -> Customer | None:
        """One customer."""
        info.context.select(info)
        if (id is None) == (identifier is None):
            raise InvalidInputError("Give either `id` or `identifier`.")
        if identifier is not None:
            found = await _only_holder(info.context, identifier)
        else:
            found = await info.context.loaders.customers_by_id.load(str(id))
        return customer_node(found) if found else None

    @strawberry.field(description="Every customer, the longest known first.")
    async def customers(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Customer]:
        """A page of customers."""
        context = info.context
        context.select(info)
        if first is not None and last is not None:
            raise InvalidInputError("Give either `first` or `last`.")
        cursors = context.cursors
        page = await customers_page(
            context.reading,
            page_size(last, "last") if last is not None else page_size(first),
            context.facets,
            after=cursors.decode(_CUSTOMERS, after)[0] if after else 0,
            before=cursors.decode(_CUSTOMERS, before)[0] if before else END,
            backward=last is not None,
        )
        return connected(page, customer_node, lambda one: cursors.encode(_CUSTOMERS, one.number))


async def _only_holder(context: Context, wanted: IdentifierInput) -> CustomerRow | None:
    key = wanted_key(wanted.namespace, wanted.value, context.services.policy)
    holders = await context.loaders.customers_by_identifier.load(key) if key else []
    if len(holders) > 1:
        raise SharedIdentifierError(
            f"{len(holders)} customers hold this identifier: ask "
            "identifier(namespace:, value:) { customers { id } } for all of them."
        )
    return holders[0] if holders else None
