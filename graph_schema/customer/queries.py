"""Query.customer and Query.customers."""

import strawberry

from customers.conditions import Asking
from customers.customer import Customer as CustomerRow
from customers.customer import trusted_holders
from customers.errors import CursorMismatchError, InvalidInputError, SharedIdentifierError
from customers.ingest.keys import digest
from customers.listing import Key, Listing, Place, count_customers, customers_page
from customers.past import recorded_by
from customers.stats.renew import quintiles
from cypher import Condition
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Context, Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.customer.where import CustomerOrder, CustomerWhere
from graph_schema.identifier.queries import IdentifierInput
from graph_schema.pricing import Cost, paged
from graph_schema.scalars import DateTime

_CUSTOMERS = "customers"


@strawberry.type(description="A page of customers.")
class CustomerConnection(Connection[Customer]):
    """A connection that counts, if asked."""

    condition: strawberry.Private[Condition | None]

    @strawberry.field(
        description="How many there are on all pages; counted when it is selected.",
        directives=[Cost(weight=500)],
    )
    async def total_count(self, info: Info) -> int:
        """All that fulfil the filter."""
        return await count_customers(info.context.reading, self.condition)


@strawberry.type
class CustomerQueries:
    """The customer fields of Query."""

    @strawberry.field(
        description="Who is this? By id (any id the customer ever had) or by an identifier of one. "
        "With `asOf`, who we thought it was then: profiles, links and interactions as we had "
        "recorded them by that time, by any id the customer had then; null where nobody was known. "
        "Traits are what the profiles of then say today; what was erased since is not there; "
        "`version`, `resolutionPending`, `people`, `generic` and the times and counts of links are "
        "today's. The id is that of the customer of now: a cache by ids must not mix the two.",
        directives=[Cost(weight=20)],
    )
    async def customer(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        identifier: IdentifierInput | None = None,
        as_of: DateTime | None = None,
    ) -> Customer | None:
        """One customer."""
        info.context.select(info)
        if (id is None) == (identifier is None):
            raise InvalidInputError("Give either `id` or `identifier`.")
        moment = None if as_of is None else recorded_by(as_of)
        if identifier is not None:
            found = await _only_holder(info.context, identifier, moment)
        else:
            found = await info.context.customer(str(id), moment)
        return customer_node(found) if found else None

    @strawberry.field(
        description="Customers, in the order in which they became known or another.",
        directives=[Cost(weight=50), paged("first", "last")],
    )
    async def customers(  # noqa: PLR0917 - the arguments of the field
        self,
        info: Info,
        where: CustomerWhere | None = None,
        order_by: CustomerOrder | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> CustomerConnection:
        """A page of customers."""
        context = info.context
        context.select(info)
        if first is not None and last is not None:
            raise InvalidInputError("Give either `first` or `last`.")
        listing = await _listing(context, where, order_by or CustomerOrder())
        name = _name(listing)
        page = await customers_page(
            context.reading,
            listing,
            page_size(last, "last") if last is not None else page_size(first),
            context.facets,
            after=None if after is None else _place(context, listing, after),
            before=None if before is None else _place(context, listing, before),
            backward=last is not None,
        )
        edges = connected(
            page,
            lambda one: customer_node(one.customer),
            lambda one: context.cursors.encode(_CUSTOMERS, one.place, *name),
        )
        return CustomerConnection(
            edges=edges.edges, page_info=edges.page_info, condition=listing.condition
        )


async def _listing(context: Context, where: CustomerWhere | None, order: CustomerOrder) -> Listing:
    reading = context.reading
    fifths = await quintiles(reading.rows) if where is not None and where.scored else {}
    asking = Asking(reading.principal, context.services.policy, fifths)
    listing = order.listing(None if where is None else where.condition(asking))
    if listing.key is Key.NAME:
        asking.principal.check_trait("lastName")
    return listing


def _name(listing: Listing) -> list[str]:
    """What cursors of a listing have besides a place: its order and filter, where there are any."""
    if listing == Listing():
        return []
    parts = (listing.key.value, str(listing.descending), repr(listing.condition), listing.currency)
    return [digest(*parts)]


def _place(context: Context, listing: Listing, cursor: str) -> Place:
    place: Place
    place, *name = context.cursors.decode(_CUSTOMERS, cursor)
    if name != _name(listing):
        raise CursorMismatchError(
            "The cursor belongs to another `where` or `orderBy`: give those it came with, or begin "
            "without a cursor."
        )
    return place


async def _only_holder(
    context: Context, wanted: IdentifierInput, as_of: int | None
) -> CustomerRow | None:
    key = context.key(wanted.namespace, wanted.value)
    holders = await context.holders(key, as_of) if key else []
    policy = context.services.policy
    if key and len(holders) > 1 and policy.doubts and as_of is None:
        # Anybody may claim it from a browser, and would keep whoever asks by it from an answer.
        believed = await trusted_holders(context.reading, key, policy)
        holders = [one for one in holders if one.id in believed] or holders
    if len(holders) > 1:
        raise SharedIdentifierError(
            f"{len(holders)} customers hold this identifier: ask "
            "identifier(namespace:, value:) { customers { id } } for all of them."
        )
    return holders[0] if holders else None
