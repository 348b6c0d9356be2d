"""Decision, what it is about, and Query.decisions."""

from enum import Enum
from typing import Annotated

import strawberry

from customers.decisions import decision as decisions
from customers.decisions.asked import ProfileRef
from customers.decisions.decision import decisions_before
from customers.page import Page, PageWanted
from customers.times import to_datetime
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Context, Info
from graph_schema.identifier.types import Identifier, identifier_node
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, paged
from graph_schema.profile.types import Profile, profile_node
from graph_schema.scalars import DateTime

DECISIONS, _PROFILES = "decisions", "decision.profiles"


@strawberry.enum(description="What a decision says.")
class DecisionKind(Enum):
    """The kinds of decision."""

    ALWAYS_LINK = strawberry.enum_value(
        "alwaysLink", description="Its profiles are one person, whatever else is known."
    )
    NEVER_LINK = strawberry.enum_value(
        "neverLink", description="No customer has profiles of both of its sides."
    )
    BLOCKED = strawberry.enum_value("blocked", description="Its identifier links nobody.")
    DISMISSED = strawberry.enum_value(
        "dismissed",
        description="Its profiles are of two customers that are no match, while the evidence is "
        "what it was.",
    )
    SNOOZED = strawberry.enum_value(
        "snoozed", description="Its profiles are of two customers to be looked at again later."
    )


@strawberry.enum(description="The sides of what is never linked.")
class DecisionSide(Enum):
    """The sides."""

    SPLIT = strawberry.enum_value("split", description="Those who were split off.")
    REST = strawberry.enum_value(
        "rest", description="The other profiles that their customer had then."
    )


@strawberry.input(
    name="ProfileRef", description="A profile: by `source` and `sourceId`, or by its `id`."
)
class ProfileRefInput:
    """Which profile is meant."""

    source: str | None = None
    source_id: str | None = None
    id: strawberry.ID | None = None

    def ref(self) -> ProfileRef:
        """The profile that is named."""
        return ProfileRef.of(self.source, self.source_id, str(self.id) if self.id else None)


@strawberry.type(description="A profile that a decision is about.")
class DecidedProfile:
    """A profile and its side."""

    side: DecisionSide | None = strawberry.field(description="Null where there are no sides.")
    profile: Profile


@strawberry.type(
    description="What somebody decided. It goes before every score, until it is withdrawn."
)
class Decision(Node):
    """A decision."""

    row: strawberry.Private[decisions.Decision]
    kind: DecisionKind
    by: str
    at: DateTime
    reason: str
    withdrawn_at: DateTime | None
    withdrawn_by: str | None

    @strawberry.field(
        description="The profiles it is about, oldest first, without erased ones.",
        directives=[Cost(weight=10), paged()],
    )
    async def profiles(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[DecidedProfile]:
        """A page of its profiles."""
        context = info.context
        position = context.cursors.after(_PROFILES, after)
        page: Page[decisions.DecidedProfile] = await context.loaders.profiles_of_decision.load(
            PageWanted(self.row.id, page_size(first), position)
        )
        return connected(
            page,
            decided_node,
            lambda one: context.cursors.encode(_PROFILES, one.profile.number),
        )

    @strawberry.field(description="The identifier it blocks; null for one about profiles.")
    async def identifier(self, info: Info) -> Identifier | None:
        """What it blocks."""
        loaders = info.context.loaders
        key = await loaders.identifiers_of_decision.load(self.row.id)
        found = await loaders.identifiers_by_key.load(key) if key else None
        return identifier_node(found, info.context) if found else None


def decided_node(row: decisions.DecidedProfile) -> DecidedProfile:
    """A profile of a decision as GraphQL shows it."""
    return DecidedProfile(
        side=DecisionSide(row.side) if row.side else None, profile=profile_node(row.profile)
    )


def decision_node(row: decisions.Decision) -> Decision:
    """A decision as GraphQL shows it."""
    return Decision(
        row=row,
        id=strawberry.ID(row.id),
        kind=DecisionKind(row.kind),
        by=row.by,
        at=to_datetime(row.at),
        reason=row.reason,
        withdrawn_at=to_datetime(row.withdrawn_at) if row.withdrawn_at else None,
        withdrawn_by=row.withdrawn_by,
    )


@strawberry.type
class DecisionQueries:
    """The decision fields of Query."""

    @strawberry.field(
        description="What people decided, the newest first: of everybody, or of one profile.",
        directives=[Cost(weight=20), paged()],
    )
    async def decisions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        profile: ProfileRefInput | None = None,
        include_withdrawn: Annotated[
            bool, strawberry.argument(description="Also what no longer holds.")
        ] = False,
    ) -> Connection[Decision]:
        """A page of decisions."""
        context, size = info.context, page_size(first)
        before = context.cursors.decode(DECISIONS, after)[0] if after is not None else None
        if profile is None:
            page = await decisions_before(
                context.reading, before, size, withdrawn=include_withdrawn
            )
        else:
            found = await _on_profile(context, profile.ref())
            page = Page.of(
                [
                    one
                    for one in found
                    if (before is None or one.number < before)
                    and (include_withdrawn or one.withdrawn_at is None)
                ],
                size,
                after=before is not None,
            )
        return connected(
            page, decision_node, lambda one: context.cursors.encode(DECISIONS, one.number)
        )


async def _on_profile(context: Context, ref: ProfileRef) -> list[decisions.Decision]:
    """The decisions on a profile."""
    born = ref.born
    if born is None:
        found = await context.loaders.profiles_by_key.load(ref.key or "")
        born = found.own_customer_id if found else None
    return await context.loaders.decisions_of_profile.load(born) if born else []
