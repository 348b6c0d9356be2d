"""Subscription.changes: what happens to customers, as it happens."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry
from graphql import GraphQLError

from customers.change_feed import Follower
from customers.customer import Facets, customers_by_ids
from cypher import ProfileGraphError
from graph_schema.change.types import CHANGES, Change, change_node
from graph_schema.context import Context, Info
from graph_schema.pricing import Cost


@strawberry.type
class ChangeSubscriptions:
    """The change fields of Subscription."""

    @strawberry.subscription(
        description="What happens to customers, each change once and in order: after a cursor, "
        "else from now on. Of one customer, and of whom it merges into, where `customerId` is "
        "given. An error that ends it has a `cursor` to go on from in its extensions.",
        directives=[Cost(weight=100)],
    )
    async def changes(
        self, info: Info, after: str | None = None, customer_id: strawberry.ID | None = None
    ) -> AsyncGenerator[Change, None]:
        """Changes from a cursor on, for as long as they are asked for."""
        context = info.context
        follower = Follower(
            context.services.changes,
            context.begin,
            context.cursors.decode(CHANGES, after)[0] if after is not None else None,
            await _customers(context, customer_id),
        )
        try:
            async with aclosing(follower.changes()) as changes:
                async for change in changes:
                    context.repeat = True
                    while context.repeat:
                        context.renew()
                        yield change_node(change, context)
        except ProfileGraphError as problem:
            raise _interrupted(problem, context, follower.position) from problem


async def _customers(context: Context, id: strawberry.ID | None) -> frozenset[str]:
    """The ids that the customer is known by in the log: the one given, and its own."""
    if id is None:
        return frozenset()
    [found] = await customers_by_ids(context.reading, [str(id)], Facets())
    return frozenset({str(id), found.id} if found else {str(id)})


def _interrupted(
    problem: ProfileGraphError, context: Context, position: int | None
) -> GraphQLError:
    cursor = None if position is None else context.cursors.encode(CHANGES, position)
    return GraphQLError(str(problem), original_error=problem, extensions={"cursor": cursor})
