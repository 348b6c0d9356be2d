"""Mutations by which stewards correct traits."""

import strawberry

from customers.about import About
from customers.corrections.correct import Asked, Outcome, correct_trait, withdraw_correction
from customers.decisions.asked import checked_reason
from customers.errors import InvalidInputError
from graph_schema.context import Info
from graph_schema.correction.types import Correction, correction_node
from graph_schema.customer.types import Customer, customer_node
from graph_schema.decision.mutations import user_errors
from graph_schema.decision.types import ProfileRefInput
from graph_schema.ingest.types import UserError
from graph_schema.scalars import JSON


@strawberry.type(description="What became of a correction.")
class CorrectionPayload:
    """The outcome."""

    outcome: strawberry.Private[Outcome]
    errors: list[UserError]

    @strawberry.field(description="The correction; null where it was refused.")
    async def correction(self, info: Info) -> Correction | None:
        """The correction as it now is."""
        if self.outcome.correction is None:
            return None
        found = await info.context.loaders.corrections_by_id.load(self.outcome.correction)
        return correction_node(found) if found else None

    @strawberry.field(description="The customer as it now is; null where it was refused.")
    async def customer(self, info: Info) -> Customer | None:
        """Whose trait it is."""
        info.context.select(info)
        if self.outcome.customer is None:
            return None
        found = await info.context.loaders.customers_by_id.load(self.outcome.customer)
        return customer_node(found) if found else None


def _payload(outcome: Outcome) -> CorrectionPayload:
    return CorrectionPayload(outcome=outcome, errors=user_errors(outcome.refused))


@strawberry.type
class CorrectionMutations:
    """The correction fields of Mutation."""

    @strawberry.mutation(
        description="Say what a trait of a customer really is. It goes before what every source "
        "says, now and later, with `correction` as its source, and belongs to the profile that is "
        "named, else to the one whose id the customer's is. It is shown and searched by; who is "
        "one person is decided without it."
    )
    async def correct_trait(  # noqa: PLR0917 - the schema's arguments
        self,
        info: Info,
        name: str,
        value: JSON,
        reason: str,
        customer_id: strawberry.ID | None = None,
        profile: ProfileRefInput | None = None,
    ) -> CorrectionPayload:
        """Correct a trait."""
        context = info.context
        if customer_id is None and profile is None:
            raise InvalidInputError("Give `customerId`, `profile`, or both.")
        about = About(
            None if customer_id is None else str(customer_id), profile.ref() if profile else None
        )
        asked = Asked(about, name, value, checked_reason(reason))
        context.wrote = True
        return _payload(
            await correct_trait(
                context.services.graph,
                context.services.policies,
                asked,
                context.reading.principal,
                context.reading.deadline,
            )
        )

    @strawberry.mutation(
        description="Take a correction back: the trait is again what its sources say."
    )
    async def withdraw_correction(self, info: Info, id: strawberry.ID) -> CorrectionPayload:
        """Withdraw a correction."""
        context = info.context
        context.wrote = True
        return _payload(
            await withdraw_correction(
                context.services.graph,
                context.services.policies,
                str(id),
                context.reading.principal,
                context.reading.deadline,
            )
        )
