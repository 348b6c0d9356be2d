"""Query.previewDecisions."""

from enum import Enum

import strawberry

from customers.decisions.asked import Asked, Block, Merge, Split, Withdraw, checked_profiles
from customers.decisions.preview import preview
from customers.identity.compared_customers import Compared, Fate
from graph_schema.context import Context, Info
from graph_schema.decision.mutations import user_errors
from graph_schema.decision.types import ProfileRefInput
from graph_schema.identifier.queries import IdentifierInput
from graph_schema.ingest.types import UserError
from graph_schema.pricing import Cost
from graph_schema.profile.types import Profile, profile_node

# Profiles that a preview shows of each customer, and customers that it shows.
MOST_PROFILES, MOST_GROUPS = 100, 100


@strawberry.enum(description="What becomes of customers.")
class PreviewOutcome(Enum):
    """The outcomes."""

    MERGE = strawberry.enum_value("merge", description="Several become one.")
    SPLIT = strawberry.enum_value("split", description="One becomes several.")
    MOVE = strawberry.enum_value("move", description="Profiles move between several.")
    KEEP = strawberry.enum_value("keep", description="All stays.")


@strawberry.input(one_of=True, description="What is to be previewed.")
class DecisionInput:
    """One of these."""

    merge: strawberry.Maybe[list[ProfileRefInput]]
    split: strawberry.Maybe[list[ProfileRefInput]]
    block: strawberry.Maybe[IdentifierInput]
    withdraw: strawberry.Maybe[strawberry.ID]

    def asked(self, context: Context) -> Asked:
        """As it would be decided."""
        if self.merge is not None:
            return Merge(checked_profiles([one.ref() for one in self.merge.value]))
        if self.split is not None:
            return Split(checked_profiles([one.ref() for one in self.split.value]))
        if self.block is not None:
            named = self.block.value
            return Block(context.key(named.namespace, named.value))
        assert self.withdraw is not None  # noqa: S101 - one of them is given
        return Withdraw(str(self.withdraw.value))


@strawberry.type(description="A customer as it is, or would be.")
class PreviewedCustomer:
    """A customer and its profiles."""

    keys: strawberry.Private[tuple[str, ...]]
    customer_id: strawberry.ID
    size: int = strawberry.field(description="How many profiles it has.")

    @strawberry.field(description="Its profiles, oldest first, at most a hundred.")
    async def profiles(self, info: Info) -> list[Profile]:
        """Its profiles."""
        found = await info.context.loaders.profiles_by_key.load_many(self.keys[:MOST_PROFILES])
        return [profile_node(one) for one in found if one is not None]


@strawberry.type(description="Customers that exchange profiles with each other, or that stay.")
class PreviewedCustomers:
    """Before and after."""

    outcome: PreviewOutcome
    before: list[PreviewedCustomer]
    after: list[PreviewedCustomer]


@strawberry.type(description="What decisions would do.")
class ResolutionPreview:
    """A preview."""

    customers: list[PreviewedCustomers] = strawberry.field(
        description="Those that would change and then those that would stay, of all who are "
        "connected with them; at most a hundred."
    )
    merged: int
    split: int
    moved: int
    kept: int
    resolution_pending: bool = strawberry.field(
        description="So many profiles are connected that the background would decide."
    )
    errors: list[UserError] = strawberry.field(
        description="What would be refused; the rest is shown without it."
    )


def _node(one: Compared) -> PreviewedCustomers:
    return PreviewedCustomers(
        outcome=PreviewOutcome(one.fate.value),
        before=[
            PreviewedCustomer(keys=keys, customer_id=strawberry.ID(customer), size=len(keys))
            for customer, keys in one.before.items()
        ],
        after=[
            PreviewedCustomer(keys=keys, customer_id=strawberry.ID(customer), size=len(keys))
            for customer, keys in one.after.items()
        ],
    )


@strawberry.type
class PreviewQueries:
    """The preview field of Query."""

    @strawberry.field(
        description="What these decisions would do, one after the other. Nothing is written.",
        directives=[Cost(weight=500)],
    )
    async def preview_decisions(
        self, info: Info, decisions: list[DecisionInput]
    ) -> ResolutionPreview:
        """A preview."""
        context = info.context
        asked = [one.asked(context) for one in decisions]
        found = await preview(context.reading, context.services.policy, asked)
        counts = {fate: sum(one.fate == fate for one in found.customers) for fate in Fate}
        shown = sorted(found.customers, key=lambda one: one.fate == Fate.KEEP)
        return ResolutionPreview(
            customers=[_node(one) for one in shown[:MOST_GROUPS]],
            merged=counts[Fate.MERGE],
            split=counts[Fate.SPLIT],
            moved=counts[Fate.MOVE],
            kept=counts[Fate.KEEP],
            resolution_pending=found.waits,
            errors=user_errors(tuple(found.refused)),
        )
