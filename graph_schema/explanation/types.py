"""LinkExplanation and what it is made of."""

from dataclasses import replace

import strawberry

from customers.identity import explanation as explanations
from customers.identity.evidence import Rule
from customers.identity.explanation import Reason
from customers.times import to_datetime
from graph_schema.context import Info
from graph_schema.identifier.types import Identifier, identifier_node
from graph_schema.profile.types import Profile, profile_node
from graph_schema.scalars import DateTime

strawberry.enum(
    Rule,
    name="EvidenceRule",
    description="Why a piece of evidence counts what it counts; docs/identity.md has the rules.",
)
strawberry.enum(
    Reason, name="LinkReason", description="Why two are one customer, or why they are not."
)


@strawberry.type(description="A profile that has a value, and since when until when it was seen.")
class EvidenceSighting:
    """A profile in an explanation."""

    as_of: strawberry.Private[int | None]
    profile_id: strawberry.ID
    source: str
    source_id: str
    value: str | None = strawberry.field(
        description="The identifier's value or what the trait says; null of a blocking key."
    )
    first_seen: DateTime | None = strawberry.field(description="Null of a trait.")
    last_seen: DateTime | None = strawberry.field(
        description="Of a trait when the profile said it last."
    )

    @strawberry.field(description="The profile itself.")
    async def profile(self, info: Info) -> Profile | None:
        """The profile."""
        found = await info.context.profile(str(self.profile_id), self.as_of)
        return profile_node(found) if found else None


@strawberry.type(description="Something that speaks for two being one person, or against it.")
class BitPiece:
    """A piece of evidence."""

    key: strawberry.Private[str | None]
    as_of: strawberry.Private[int | None]
    what: str = strawberry.field(
        description="The namespace, the compared field, the blocking key or the decision that it "
        "is about; empty where it is about all that they share."
    )
    rule: Rule
    bits: float | None = strawberry.field(
        description="What it adds, or takes off; null where it excludes that they are one."
    )
    people: int | None = strawberry.field(description="How many people the identifier has.")
    ours: list[EvidenceSighting] = strawberry.field(
        description="Who says so on the side of `a`, and what: at most three."
    )
    theirs: list[EvidenceSighting] = strawberry.field(description="The same on the side of `b`.")
    first_seen: DateTime | None
    last_seen: DateTime | None

    @strawberry.field(description="The identifier that both hold, where it is about one.")
    async def identifier(self, info: Info) -> Identifier | None:
        """The identifier."""
        return await _identifier(info, self.key, self.as_of)


@strawberry.type(description="From a profile to the next through what both hold.")
class EvidenceStep:
    """A step of the path."""

    key: strawberry.Private[str | None]
    as_of: strawberry.Private[int | None]
    via: str = strawberry.field(
        description="The identifier's namespace, a blocking key's name, or `decision` of a person."
    )
    from_profile: EvidenceSighting
    to_profile: EvidenceSighting

    @strawberry.field(description="The identifier; null where a blocking key led to the next.")
    async def identifier(self, info: Info) -> Identifier | None:
        """The identifier."""
        return await _identifier(info, self.key, self.as_of)


@strawberry.type(description="Some profiles that were one already.")
class ResolutionSide:
    """A cluster before a join."""

    first: EvidenceSighting = strawberry.field(description="The one that we know longest.")
    profile_ids: list[strawberry.ID] = strawberry.field(description="At most twenty.")
    size: int


@strawberry.type(description="Two that became one, with what spoke for it.")
class ResolutionStep:
    """A join of the partition."""

    number: int = strawberry.field(
        description="Its place in the order; equal where several joined at once."
    )
    alike: bool = strawberry.field(
        description="Whether they know the same, and so were one to begin with."
    )
    score: float = strawberry.field(description="The sum of its bits.")
    decision: strawberry.ID | None = strawberry.field(
        description="The decision of a person that joined them; then nothing was weighed."
    )
    one: ResolutionSide
    other: ResolutionSide
    bits: list[BitPiece]
    text: str


@strawberry.type(description="Somebody who keeps two apart.")
class Rival:
    """A rival."""

    side: ResolutionSide
    customer_id: strawberry.ID | None
    score: float | None = strawberry.field(
        description="The bits between it and the profile that it claims, where it claims one."
    )


@strawberry.type(description="Why two are one customer, or why they are not.")
class LinkExplanation:
    """An explanation."""

    linked: bool = strawberry.field(description="Whether they are one customer in the graph.")
    up_to_date: bool = strawberry.field(
        description="Whether the customers in the graph are what comes of the evidence and the "
        "policy in force. The rest tells of these, also where it is false."
    )
    customer_id: strawberry.ID | None = strawberry.field(description="Of both, if they are linked.")
    reason: Reason
    text: str = strawberry.field(description="All of it in sentences.")
    score: float | None = strawberry.field(
        description="The sum of `bits`; null where they can never be one, or no bits were weighed."
    )
    needed: float = strawberry.field(description="From so many bits on two are one (`mergeBits`).")
    missing_bits: float | None = strawberry.field(
        description="What is missing; null where that is not why they are two."
    )
    bits: list[BitPiece] = strawberry.field(
        description="What was weighed when the two came together, or between them as they are. "
        "Of two with numbers of their own of what a person has one of, what is there besides."
    )
    path: list[EvidenceStep] = strawberry.field(description="From `a` to `b`, if they are linked.")
    steps: list[ResolutionStep] = strawberry.field(
        description="What joined those on the path, in order: the strongest evidence first."
    )
    veto: BitPiece | None = strawberry.field(description="What excludes that they are one.")
    would_supply: list[str] = strawberry.field(
        description="What would make them one, each of it enough where nothing else changes."
    )
    rivals: list[Rival] = strawberry.field(
        description="Who keeps them apart though enough speaks for them."
    )
    decision: strawberry.ID | None = strawberry.field(
        description="The decision of a person that joined them last, or parted them, if any."
    )


async def _identifier(info: Info, key: str | None, as_of: int | None) -> Identifier | None:
    found = await info.context.loaders.identifiers_by_key.load(key) if key else None
    return identifier_node(replace(found, as_of=as_of), info.context) if found else None


def explanation_node(row: explanations.Explanation) -> LinkExplanation:
    """An explanation as GraphQL shows it."""
    at = row.as_of
    return LinkExplanation(
        linked=row.linked,
        up_to_date=row.up_to_date,
        customer_id=_id(row.customer),
        reason=row.reason,
        text=row.text,
        score=row.score,
        needed=row.needed,
        missing_bits=row.missing,
        bits=[_piece(one, at) for one in row.bits],
        path=[
            EvidenceStep(
                key=one.identifier,
                as_of=at,
                via=one.via,
                from_profile=_sighting(one.one, at),
                to_profile=_sighting(one.other, at),
            )
            for one in row.path
        ],
        steps=[step_node(one, at) for one in row.steps],
        veto=_piece(row.veto, at) if row.veto else None,
        would_supply=list(row.would_supply),
        rivals=[
            Rival(side=_side(one.side, at), customer_id=_id(one.customer), score=one.score)
            for one in row.rivals
        ],
        decision=_id(row.decision),
    )


def step_node(row: explanations.ResolutionStep, at: int | None = None) -> ResolutionStep:
    """A join as GraphQL shows it, as of a recorded time; None is now."""
    return ResolutionStep(
        number=row.number,
        alike=row.alike,
        score=row.score,
        decision=_id(row.decision),
        one=_side(row.one, at),
        other=_side(row.other, at),
        bits=[_piece(one, at) for one in row.bits],
        text=row.text,
    )


def _piece(row: explanations.BitPiece, at: int | None) -> BitPiece:
    return BitPiece(
        key=row.identifier,
        as_of=at,
        what=row.what,
        rule=row.rule,
        bits=row.bits,
        people=row.people,
        ours=[_sighting(one, at) for one in row.ours],
        theirs=[_sighting(one, at) for one in row.theirs],
        first_seen=_moment(row.first_seen),
        last_seen=_moment(row.last_seen),
    )


def _side(row: explanations.Side, at: int | None) -> ResolutionSide:
    return ResolutionSide(
        first=_sighting(row.first, at),
        profile_ids=[strawberry.ID(one) for one in row.profiles],
        size=row.size,
    )


def _sighting(row: explanations.Sighting, at: int | None) -> EvidenceSighting:
    return EvidenceSighting(
        as_of=at,
        profile_id=strawberry.ID(row.profile),
        source=row.source,
        source_id=row.source_id,
        value=row.value,
        first_seen=_moment(row.first_seen),
        last_seen=_moment(row.last_seen),
    )


def _moment(at: int | None) -> DateTime | None:
    return None if at is None else to_datetime(at)


def _id(text: str | None) -> strawberry.ID | None:
    return None if text is None else strawberry.ID(text)
