"""Explanation: why two are one customer or are not, as it is shown. Times in epoch milliseconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from customers.identity.evidence import Rule


class Reason(StrEnum):
    """Why two are one customer, or why not."""

    JOINED = "joined"
    SAME = "same"  # one profile, or an identifier and one of its holders
    VETO = "veto"  # they can never be one
    TOO_LITTLE = "tooLittle"  # less than the threshold speaks for it
    NOTHING_SHARED = "nothingShared"  # nothing leads from one to the other
    GENERIC = "generic"  # an identifier that links nobody was asked for
    TORN = "torn"  # a rival claims one of them about as strongly
    EXCLUSIVE = "exclusive"  # with them others would join who exclude each other
    ANOTHERS = "anothers"  # what they share belongs to a third, who used it last
    FLOODED = "flooded"  # too many kinds that are not trusted have what they share
    TOO_LARGE = "tooLarge"  # the component is above the limit


@dataclass(frozen=True, slots=True)
class Sighting:
    """A profile that has a value; of a trait the time is when it was said last."""

    profile: str
    source: str
    source_id: str
    value: str | None = None
    first_seen: int | None = None
    last_seen: int | None = None

    @property
    def name(self) -> str:
        """What people call the profile."""
        return f"{self.source} {self.source_id}"


@dataclass(frozen=True, slots=True)
class BitPiece:
    """A piece of evidence: `what` is a namespace or a field; `identifier` is a key.

    `bits` is None where it excludes that they are one.
    """

    what: str
    rule: Rule
    bits: float | None
    ours: Sequence[Sighting] = ()
    theirs: Sequence[Sighting] = ()
    identifier: str | None = None
    people: int | None = None

    @property
    def first_seen(self) -> int | None:
        """When the first of those who have it did."""
        return min(_times(one.first_seen for one in (*self.ours, *self.theirs)), default=None)

    @property
    def last_seen(self) -> int | None:
        """When the last of those who have it did."""
        return max(_times(one.last_seen for one in (*self.ours, *self.theirs)), default=None)


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """From a profile to the next by an identifier; `via` is its namespace, or a blocking key's.

    Where a person joined them it is `decision`.
    """

    via: str
    identifier: str | None
    one: Sighting
    other: Sighting


@dataclass(frozen=True, slots=True)
class Side:
    """A cluster before a join: its first profile, the ids of some, and how many there are."""

    first: Sighting
    profiles: Sequence[str]
    size: int

    @property
    def name(self) -> str:
        """What people call it."""
        return self.first.name if self.size == 1 else f"{self.first.name} with {self.size - 1} more"


@dataclass(frozen=True, slots=True)
class ResolutionStep:
    """Two clusters that became one; `alike` are profiles of equal evidence, one to begin with.

    Where a person joined them by a `decision` there are no bits.
    """

    number: int
    alike: bool
    score: float
    one: Side
    other: Side
    bits: Sequence[BitPiece]
    text: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """Whoever keeps two apart, and its bits with the one that is claimed, where one is."""

    side: Side
    customer: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two are one customer, or why not.

    `linked` is what the graph has, `up_to_date` whether that is what comes of the evidence and the
    policy in force, of which all the rest tells. `as_of` is the recorded time of which it is; None
    is now.
    """

    linked: bool
    reason: Reason
    text: str
    needed: float
    customer: str | None = None
    score: float | None = None
    bits: Sequence[BitPiece] = ()
    path: Sequence[EvidenceStep] = ()
    steps: Sequence[ResolutionStep] = ()
    veto: BitPiece | None = None
    would_supply: Sequence[str] = ()
    rivals: Sequence[Rival] = ()
    up_to_date: bool = True
    as_of: int | None = None

    @property
    def decision(self) -> str | None:
        """The decision that joined or parted them, if that is why."""
        if self.veto is not None:
            return self.veto.what if self.veto.rule is Rule.DECIDED else None
        return self.steps[-1].decision if self.steps else None

    @property
    def missing(self) -> float | None:
        """The bits that are missing; None where that is not why they are two."""
        if self.reason not in (Reason.TOO_LITTLE, Reason.NOTHING_SHARED) or self.score is None:
            return None
        return max(self.needed - self.score, 0.0)


def _times(times: Iterable[int | None]) -> list[int]:
    return [at for at in times if at is not None]
