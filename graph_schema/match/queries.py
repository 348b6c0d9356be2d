"""Query.possibleMatches."""

import strawberry

from customers.identity.possible import Kind
from customers.matches.listing import Wanted, matches_page
from customers.matches.match import Status
from graph_schema.connection import page_size
from graph_schema.context import Info
from graph_schema.match.types import PossibleMatchConnection, match_connection, place_of
from graph_schema.pricing import Cost, paged


@strawberry.type
class MatchQueries:
    """The match field of Query."""

    @strawberry.field(
        description="Customers that may be one person and await somebody who decides, those of "
        "the most evidence first: all that stand so, of a kind, of at least a score, of one "
        "customer by any id it ever had.",
        directives=[Cost(weight=20), paged()],
    )
    async def possible_matches(  # noqa: PLR0917 - the arguments of the field
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        status: Status = Status.OPEN,
        kind: Kind | None = None,
        min_score: float | None = None,
        customer_id: strawberry.ID | None = None,
    ) -> PossibleMatchConnection:
        """A page of matches."""
        context, customer = info.context, None
        if customer_id is not None:
            found = await context.customer(str(customer_id))
            customer = str(customer_id) if found is None else found.id
        wanted = Wanted(status, kind, min_score, customer)
        page = await matches_page(
            context.reading, wanted, page_size(first), place_of(context, wanted, after)
        )
        return match_connection(page, wanted, context)
