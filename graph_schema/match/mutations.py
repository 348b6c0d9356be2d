"""Mutations by which people answer possible matches."""

import strawberry

from customers.decisions.asked import (
    Accept,
    Asked,
    Dismiss,
    KeepApart,
    Snooze,
    checked_reason,
)
from customers.decisions.decide import Outcome
from customers.errors import InvalidInputError
from customers.identity.possible import Kind
from customers.ids import EVIDENCE
from customers.matches.accept import Accepted, accept_matches, would_accept
from customers.matches.listing import Wanted
from customers.matches.reopen import reopen_match
from customers.times import now_ms, to_ms
from graph_schema.context import Context, Info
from graph_schema.decision.mutations import DecisionPayload, decided, user_errors
from graph_schema.ingest.types import UserError
from graph_schema.match.types import PossibleMatch, match_node
from graph_schema.pricing import Cost
from graph_schema.scalars import DateTime


@strawberry.type(description="What became of a possible match, and what the customers are now.")
class MatchPayload(DecisionPayload):
    """The outcome of a decision on a match."""

    match_id: strawberry.Private[str]

    @strawberry.field(description="The match as it stands now; null where it is none any more.")
    async def match(self, info: Info) -> PossibleMatch | None:
        """The match."""
        found = await info.context.loaders.matches_by_id.load(self.match_id)
        return match_node(found, info.context) if found else None


@strawberry.type(description="What became of one of several possible matches.")
class AcceptedMatch:
    """The outcome for a match, as it was listed."""

    match_id: strawberry.ID
    kind: Kind
    score: float
    customer_ids: list[strawberry.ID] = strawberry.field(description="As they were before.")
    decision_id: strawberry.ID | None = strawberry.field(
        description="The decision that joined them; null where it was refused, and in a dry run."
    )
    errors: list[UserError]


@strawberry.type(description="What became of possible matches, the largest score first.")
class AcceptedMatches:
    """The outcome for all."""

    accepted: int = strawberry.field(description="Or would be, in a dry run.")
    refused: int
    results: list[AcceptedMatch]


@strawberry.type
class MatchMutations:
    """The match fields of Mutation."""

    @strawberry.mutation(
        description="These two are one person: as `mergeProfiles` of the profiles that gave the "
        "customers their ids. With `evidence` it is refused where that is no longer so."
    )
    async def accept_match(
        self, info: Info, id: strawberry.ID, reason: str, evidence: str | None = None
    ) -> MatchPayload:
        """Accept a match."""
        asked = Accept(str(id), _seen(info.context, evidence))
        return await _answered(info.context, id, asked, reason)

    @strawberry.mutation(
        description="These two are no match, as long as what is between them is what it is now. "
        "With `keepApart` they are two for good: as `splitProfiles`, all profiles of one against "
        "all of the other."
    )
    async def dismiss_match(
        self,
        info: Info,
        id: strawberry.ID,
        reason: str,
        keep_apart: bool = False,
        evidence: str | None = None,
    ) -> MatchPayload:
        """Dismiss a match."""
        kind = KeepApart if keep_apart else Dismiss
        return await _answered(
            info.context, id, kind(str(id), _seen(info.context, evidence)), reason
        )

    @strawberry.mutation(description="Look at this match again from a time on.")
    async def snooze_match(
        self,
        info: Info,
        id: strawberry.ID,
        until: DateTime,
        reason: str,
        evidence: str | None = None,
    ) -> MatchPayload:
        """Snooze a match."""
        at = to_ms(until)
        if at <= now_ms():
            raise InvalidInputError("`until` must be in the future.")
        asked = Snooze(str(id), at, _seen(info.context, evidence))
        return await _answered(info.context, id, asked, reason)

    @strawberry.mutation(
        description="Withdraw the last word on a match, which is open again; the decision named "
        "is the one that was withdrawn."
    )
    async def reopen_match(self, info: Info, id: strawberry.ID) -> MatchPayload:
        """Reopen a match."""
        context = info.context
        outcome = await reopen_match(context.reading, context.services.policies, str(id))
        return _wrote(context, id, outcome)

    @strawberry.mutation(
        description="Accept the open matches of a kind with at least so many bits, the largest "
        "score first and at most a hundred; in a dry run say what would become of them. Each is "
        "a decision of its own.",
        directives=[Cost(weight=500)],
    )
    async def accept_matches(  # noqa: PLR0917 - the arguments of the field
        self,
        info: Info,
        min_score: float,
        kind: Kind,
        reason: str,
        dry_run: bool,
        first: int = 10,
    ) -> AcceptedMatches:
        """Accept matches."""
        context = info.context
        reading, policies = context.reading, context.services.policies
        why, wanted = checked_reason(reason), Wanted(kind=kind, min_score=min_score)
        if dry_run:
            return _accepted(await would_accept(reading, policies, wanted, first))
        context.wrote = True
        return _accepted(await accept_matches(reading, policies, wanted, why, first))


def _seen(context: Context, evidence: str | None) -> str | None:
    """The evidence that a caller saw; what we never showed is none that a match has."""
    return None if evidence is None else context.ids.key(EVIDENCE, evidence) or ""


async def _answered(context: Context, id: strawberry.ID, asked: Asked, reason: str) -> MatchPayload:
    payload = await decided(context, asked, checked_reason(reason))
    return _wrote(context, id, payload.outcome)


def _wrote(context: Context, id: strawberry.ID, outcome: Outcome) -> MatchPayload:
    context.wrote = True
    return MatchPayload(outcome=outcome, errors=user_errors(outcome.refused), match_id=str(id))


def _accepted(found: list[Accepted]) -> AcceptedMatches:
    refused = sum(bool(one.refused) for one in found)
    return AcceptedMatches(
        accepted=len(found) - refused,
        refused=refused,
        results=[
            AcceptedMatch(
                match_id=strawberry.ID(one.match.id),
                kind=one.match.kind,
                score=one.match.score,
                customer_ids=[strawberry.ID(of) for of in one.match.customers],
                decision_id=strawberry.ID(one.decision) if one.decision else None,
                errors=user_errors(one.refused),
            )
            for one in found
        ],
    )
