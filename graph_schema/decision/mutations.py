"""Mutations by which people decide."""

import strawberry

from customers.decisions.asked import (
    Asked,
    Block,
    Merge,
    Refused,
    Split,
    Withdraw,
    checked_profiles,
    checked_reason,
)
from customers.decisions.decide import Outcome, decide
from graph_schema.context import Context, Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.decision.types import Decision, ProfileRefInput, decision_node
from graph_schema.ingest.types import UserError


@strawberry.type(description="What was decided, and what the customers are now.")
class DecisionPayload:
    """The outcome of a decision."""

    outcome: strawberry.Private[Outcome]
    errors: list[UserError]

    @strawberry.field(description="The decision; null where it was refused.")
    async def decision(self, info: Info) -> Decision | None:
        """The decision as it now is."""
        if self.outcome.decision is None:
            return None
        found = await info.context.loaders.decisions_by_id.load(self.outcome.decision)
        return decision_node(found) if found else None

    @strawberry.field(
        description="The customers that it was about or that it changed, as they now are; at most "
        "a hundred."
    )
    async def customers(self, info: Info) -> list[Customer]:
        """The customers."""
        info.context.select(info)
        found = await info.context.loaders.customers_by_id.load_many(self.outcome.customers)
        return [customer_node(one) for one in found if one is not None]


def user_errors(refused: tuple[Refused, ...]) -> list[UserError]:
    """Why something was refused, as GraphQL shows it."""
    return [UserError(code=one.code, message=one.message, path=list(one.path)) for one in refused]


async def decided(context: Context, asked: Asked, reason: str) -> DecisionPayload:
    """Decide, for the caller of the operation."""
    context.wrote = True
    outcome = await decide(
        context.services.graph,
        context.services.policies,
        asked,
        reason,
        context.reading.principal,
        context.reading.deadline,
    )
    return DecisionPayload(outcome=outcome, errors=user_errors(outcome.refused))


@strawberry.type
class DecisionMutations:
    """The decision fields of Mutation."""

    @strawberry.mutation(
        description="These profiles are one person. It goes before every score and every policy, "
        "though not before what was split."
    )
    async def merge_profiles(
        self, info: Info, profiles: list[ProfileRefInput], reason: str
    ) -> DecisionPayload:
        """Join profiles for good."""
        asked = Merge(checked_profiles([one.ref() for one in profiles]))
        return await decided(info.context, asked, checked_reason(reason))

    @strawberry.mutation(
        description="These profiles are another person than all others that their customer has now."
    )
    async def split_profiles(
        self, info: Info, profiles: list[ProfileRefInput], reason: str
    ) -> DecisionPayload:
        """Keep profiles apart for good."""
        asked = Split(checked_profiles([one.ref() for one in profiles]))
        return await decided(info.context, asked, checked_reason(reason))

    @strawberry.mutation(description="This identifier links nobody from now on.")
    async def block_identifier(
        self, info: Info, namespace: str, value: str, reason: str
    ) -> DecisionPayload:
        """Block an identifier."""
        asked = Block(info.context.key(namespace, value))
        return await decided(info.context, asked, checked_reason(reason))

    @strawberry.mutation(description="Take a decision back; all is as if it had never been made.")
    async def withdraw_decision(self, info: Info, id: strawberry.ID) -> DecisionPayload:
        """Withdraw a decision."""
        return await decided(info.context, Withdraw(str(id)), "")
