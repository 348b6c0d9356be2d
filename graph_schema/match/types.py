"""PossibleMatch and its connection."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from customers.decisions.decision import Decision
from customers.errors import CursorMismatchError
from customers.identity.possible import Kind, Suggestion
from customers.identity.why import IdAsked, why
from customers.ids import EVIDENCE
from customers.ingest.keys import digest
from customers.matches import match as matches
from customers.matches.listing import Wanted
from customers.matches.match import Status
from customers.page import Page
from customers.times import to_datetime
from graph_schema.connection import Connection, connected
from graph_schema.context import Context, Info
from graph_schema.explanation.types import LinkExplanation, explanation_node
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, listed
from graph_schema.scalars import DateTime

if TYPE_CHECKING:
    from graph_schema.customer.types import Customer

_MATCHES = "matches"
TWO = 2

strawberry.enum(
    Kind,
    name="PossibleMatchKind",
    description="Why two await a person: SCORE, something speaks for it and not enough; TIE, "
    "enough does, and as much for others that exclude each other; UNIQUE, enough does, but each "
    "has its own of what a person has one of; PROPOSED, a tool that looks at all customers "
    "proposes them, and resolution found too little or never compared them.",
)
strawberry.enum(
    Status,
    name="PossibleMatchStatus",
    description="How a match stands. A dismissed one is open again when its evidence changes, a "
    "snoozed one also when its time has come.",
)
strawberry.enum(
    Suggestion,
    name="MatchSuggestion",
    description="What the evidence suggests: MERGE where nothing speaks against it and much for "
    "it, KEEP_APART where something speaks against it, else LOOK.",
)


@strawberry.type(
    description="Two customers that may be one person, and that nobody joined by itself."
)
class PossibleMatch(Node):
    """A match."""

    row: strawberry.Private[matches.Match]
    score: float = strawberry.field(
        description="The bits that speak for it; of UNIQUE besides what a person has one of; "
        "of PROPOSED the tool's own, which are others."
    )
    kind: Kind
    since: DateTime = strawberry.field(description="When it was found first.")
    status: Status
    snoozed_until: DateTime | None
    reopened: bool = strawberry.field(
        description="It was dismissed or snoozed, and its evidence changed since."
    )
    proposed_by: str | None = strawberry.field(
        description="The tool and its version; null where resolution found it."
    )
    probability: float | None = strawberry.field(
        description="Of PROPOSED, that they are one person, as the tool has it; else null."
    )
    suggestion: Suggestion
    evidence: str = strawberry.field(
        description="Stands for what is between the two: give it to a mutation that is to refuse "
        "where that is no longer what you saw."
    )

    @strawberry.field(description="From so many bits on two are one (`mergeBits`).")
    def needed(self, info: Info) -> float:
        """The threshold."""
        return info.context.services.policy.merge_bits

    @strawberry.field(description="The two, the older first.", directives=[listed(TWO)])
    async def customers(
        self, info: Info
    ) -> list[Annotated["Customer", strawberry.lazy("graph_schema.customer.types")]]:
        """The customers, as anybody else asks for them."""
        from graph_schema.customer.types import customer_node  # noqa: PLC0415 - each has the other

        info.context.select(info)
        found = await info.context.loaders.customers_by_id.load_many(self.row.customers)
        return [customer_node(one) for one in found if one is not None]

    @strawberry.field(
        description="Why they are not one: the evidence with its bits.",
        directives=[Cost(weight=200)],
    )
    async def why(self, info: Info) -> LinkExplanation:
        """An explanation."""
        context = info.context
        a, b = (IdAsked(one) for one in self.row.customers)
        return explanation_node(await why(context.reading, context.services.policy, a, b))

    @strawberry.field(description="Who said the last word on it: dismissed or snoozed it.")
    async def decided_by(self, info: Info) -> str | None:
        """Who."""
        found = await self._word(info)
        return found.by if found else None

    @strawberry.field(description="Why they did.")
    async def reason(self, info: Info) -> str | None:
        """Why."""
        found = await self._word(info)
        return found.reason if found else None

    @strawberry.field(description="When they did.")
    async def at(self, info: Info) -> DateTime | None:
        """When."""
        found = await self._word(info)
        return to_datetime(found.at) if found else None

    async def _word(self, info: Info) -> Decision | None:
        if self.row.decision is None:
            return None
        return await info.context.loaders.decisions_by_id.load(self.row.decision)


@strawberry.type(description="A page of possible matches, those of the most evidence first.")
class PossibleMatchConnection(Connection[PossibleMatch]):
    """A connection of matches."""


def match_node(row: matches.Match, context: Context) -> PossibleMatch:
    """A match as GraphQL shows it."""
    return PossibleMatch(
        row=row,
        id=strawberry.ID(row.id),
        score=row.score,
        kind=row.kind,
        since=to_datetime(row.since),
        status=row.status,
        snoozed_until=to_datetime(row.until) if row.until else None,
        reopened=row.reopened,
        proposed_by=row.proposed_by,
        probability=row.probability,
        suggestion=row.suggestion,
        evidence=context.ids.seal(EVIDENCE, row.evidence),
    )


def match_connection(
    page: Page[matches.Match], wanted: Wanted, context: Context
) -> PossibleMatchConnection:
    """A page as GraphQL shows it."""
    found = connected(
        page,
        lambda one: match_node(one, context),
        lambda one: context.cursors.encode(_MATCHES, one.place, _name(wanted)),
    )
    return PossibleMatchConnection(edges=found.edges, page_info=found.page_info)


def place_of(context: Context, wanted: Wanted, cursor: str | None) -> str | None:
    """The place that a cursor stands for.

    Raises:
        InvalidInputError, CursorMismatchError
    """
    if cursor is None:
        return None
    place, belongs = context.cursors.decode(_MATCHES, cursor)
    if belongs != _name(wanted):
        raise CursorMismatchError(
            "The cursor belongs to other arguments: give those it came with, or begin without a "
            "cursor."
        )
    return str(place)


def _name(wanted: Wanted) -> str:
    """What cursors have besides a place: what was asked for."""
    return digest(repr(wanted))
