"""Asked: what somebody would have decided, and why it cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.errors import InvalidInputError
from customers.ids import PROFILE, own_customer_id
from customers.ingest.keys import known_key
from customers.principal import Principal

# Profiles that one decision names; the other side of a split may be larger.
MOST_PROFILES = 1_000
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class ProfileRef:
    """A profile by its `key`, or by the customer id that it was `born` with."""

    key: str | None = None
    born: str | None = None

    @classmethod
    def of(cls, source: str | None, source_id: str | None, id: str | None) -> "ProfileRef":
        """The profile that a caller names.

        Raises:
            InvalidInputError: neither by source and id there, nor by id, or by both.
        """
        if id is None and source is not None and source_id is not None:
            return cls(key=known_key(source, source_id))
        if id is not None and source is source_id is None and id.startswith(PROFILE):
            return cls(born=own_customer_id(id))
        raise InvalidInputError("Name a profile by `source` and `sourceId`, or by its `id` prf_….")

    def check(self, principal: Principal) -> None:
        """Refuse one that is named by what stands for identifiers which the caller does not see.

        Raises:
            MaskedError
        """
        if self.key is not None and principal.masks.profile_key(self.key) != self.key:
            principal.check_source_id("~")


@dataclass(frozen=True, slots=True)
class Merge:
    """These profiles are one person."""

    profiles: Sequence[ProfileRef]


@dataclass(frozen=True, slots=True)
class Split:
    """These profiles are another person than the others of their customer."""

    profiles: Sequence[ProfileRef]


@dataclass(frozen=True, slots=True)
class Block:
    """The identifier of this key links nobody; None is what is never an identifier."""

    identifier: str | None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A decision holds no longer."""

    decision: str


@dataclass(frozen=True, slots=True)
class Accept:
    """The two customers of a possible match are one person.

    Here and below, where an `evidence` is given, the match must still be of that.
    """

    match: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Dismiss:
    """A possible match is none, as long as its evidence is what it is."""

    match: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class KeepApart:
    """The customers of a possible match are two, whatever else comes to be known."""

    match: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """A possible match is to be looked at again at `until`, in epoch milliseconds."""

    match: str
    until: int
    evidence: str | None = None


OnMatch = Accept | Dismiss | KeepApart | Snooze
Asked = Merge | Split | Block | Withdraw | OnMatch


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something cannot be decided; `path` is where in what was asked, and `code` stable."""

    code: str
    message: str
    path: tuple[str, ...] = ()


class RefusedError(Exception):
    """What stops a decision on its way."""

    def __init__(self, *refused: Refused) -> None:
        """For these reasons."""
        super().__init__(*refused)
        self.refused = refused


def check_named(asked: Asked, principal: Principal) -> None:
    """Refuse profiles that are named by what stands for identifiers which the caller does not see.

    Raises:
        MaskedError
    """
    for one in asked.profiles if isinstance(asked, Merge | Split) else ():
        one.check(principal)


def checked_reason(reason: str) -> str:
    """A reason, which is to tell others later why.

    Raises:
        InvalidInputError: empty or too long.
    """
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise InvalidInputError(f"`reason` must have between 1 and {LONGEST_REASON} characters.")
    return text


def checked_profiles(profiles: Sequence[ProfileRef]) -> Sequence[ProfileRef]:
    """The profiles that a decision names.

    Raises:
        InvalidInputError: none or too many.
    """
    if not 1 <= len(profiles) <= MOST_PROFILES:
        raise InvalidInputError(
            f"Between 1 and {MOST_PROFILES:,} `profiles` at once, not {len(profiles):,}."
        )
    return profiles
