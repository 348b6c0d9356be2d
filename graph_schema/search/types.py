"""CustomerHit and Query.search."""

import strawberry

from customers.search.ranking import Hit, Kind
from customers.search.search import search
from graph_schema.context import Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.pricing import Cost, listed

strawberry.enum(Kind, name="HitKind", description="What of a customer was found.")


@strawberry.type(description="Why a customer was found.")
class HitReason:
    """A reason."""

    kind: Kind
    matched: str = strawberry.field(description="What we know of the customer.")
    typed: str = strawberry.field(description="The part of the text that it stands for.")
    exact: bool = strawberry.field(description="False for a slip, a beginning or an end.")


@strawberry.type(description="A customer that a text may mean.")
class CustomerHit:
    """A hit."""

    customer: Customer
    score: float = strawberry.field(description="From 0 to 1: how much of the text fits, how well.")
    reasons: list[HitReason]


@strawberry.type
class SearchQueries:
    """The search field of Query."""

    @strawberry.field(
        description="Who may be meant: a name, also mistyped, an e-mail or part of one, a phone in "
        "any notation, an order's number, the id of a row or a card. The likeliest first, at most "
        "50. Who has all of several words comes alone. A name that many thousands have may be cut.",
        directives=[Cost(weight=200), listed(10, "first")],
    )
    async def search(self, info: Info, text: str, first: int = 10) -> list[CustomerHit]:
        """Hits."""
        context = info.context
        context.select(info)
        hits = await search(context.reading, context.services.policy, text, first)
        found = await context.loaders.customers_by_id.load_many([hit.id for hit in hits])
        return [_node(hit, customer_node(one)) for hit, one in zip(hits, found, strict=True) if one]


def _node(hit: Hit, customer: Customer) -> CustomerHit:
    return CustomerHit(
        customer=customer,
        score=hit.score,
        reasons=[
            HitReason(kind=one.kind, matched=one.matched, typed=one.typed, exact=one.exact)
            for one in hit.reasons
        ],
    )
