"""Query.why."""

import strawberry

from customers.identity.why import Asked, IdAsked, IdentifierAsked, ProfileAsked, why
from customers.past import recorded_by
from graph_schema.context import Info
from graph_schema.decision.types import ProfileRefInput
from graph_schema.explanation.types import LinkExplanation, explanation_node
from graph_schema.identifier.queries import IdentifierInput
from graph_schema.pricing import Cost
from graph_schema.scalars import DateTime


@strawberry.input(
    one_of=True,
    description="Who or what is meant: of an identifier whoever holds it, of a customer the "
    "profile that gave it the id: so two ids of one customer ask how these became one.",
)
class EntityRef:
    """One of several ways to name a profile."""

    profile: ProfileRefInput | None = strawberry.UNSET
    identifier: IdentifierInput | None = strawberry.UNSET
    customer: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Any id that the customer ever had: cus_…."
    )

    @property
    def asked(self) -> Asked:
        """As the explanations name it."""
        if self.profile:
            named = self.profile
            named.ref()  # refuses what names none
            if named.id is not None:
                return IdAsked(str(named.id))
            return ProfileAsked(named.source or "", named.source_id or "")
        if self.identifier:
            return IdentifierAsked(self.identifier.namespace, self.identifier.value)
        return IdAsked(str(self.customer))


@strawberry.type
class ExplanationQueries:
    """The explaining field of Query."""

    @strawberry.field(
        description="Why are these one customer, or why are they not? The steps of the decision "
        "itself, gone through again: the evidence with its bits, a veto, or what is missing. With "
        "`asOf`, why they were: with the customers, links and decisions that we had recorded by "
        "that time, and with today's traits, counts of people and policy.",
        directives=[Cost(weight=200)],
    )
    async def why(
        self, info: Info, a: EntityRef, b: EntityRef, as_of: DateTime | None = None
    ) -> LinkExplanation:
        """An explanation."""
        context = info.context
        moment = None if as_of is None else recorded_by(as_of)
        found = await why(context.reading, context.services.policy, a.asked, b.asked, moment)
        return explanation_node(found)
