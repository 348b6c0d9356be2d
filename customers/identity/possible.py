"""Possible: two that may be one person, and that nobody joined by itself. Pure.

They are what the last pass of the partition saw and left apart: there is no second search for them.
"""

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Generic, TypeVar

import orjson

from customers.identity.evidence import (
    NOTHING,
    Evidence,
    Piece,
    Rule,
    besides,
    joining,
    namespace_of,
)
from customers.identity.policy import Policy

Key = TypeVar("Key", bound=Hashable)
# Of one component; a crowd that is not generic yet would fill the queue by itself.
MOST = 50


class Kind(StrEnum):
    """Why two await a person."""

    SCORE = "score"  # something speaks for it, and not enough
    TIE = "tie"  # enough speaks for it, and for others that exclude each other
    UNIQUE = "unique"  # enough speaks for it, but for what a person has one of
    PROPOSED = "proposed"  # the partition found too little or never looked; another tool did not


class Suggestion(StrEnum):
    """What the evidence suggests to whoever looks at it."""

    MERGE = "merge"
    KEEP_APART = "keepApart"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Possible(Generic[Key]):
    """Two clusters, each by one of its profiles and what is known of it; `score` is in bits."""

    one: Key
    other: Key
    kind: Kind
    score: float
    ours: Evidence
    theirs: Evidence

    def evidence(self) -> str:
        """What is between them, as a fingerprint: it is equal as long as nothing of it changed."""
        return fingerprint(self.ours, self.theirs)

    def suggestion(self, people: Mapping[str, int], policy: Policy) -> Suggestion:
        """What to do with them, as far as a rule can tell."""
        weigh = besides if self.kind is Kind.UNIQUE else joining
        return suggested(
            self.kind, self.score, weigh(self.ours, self.theirs, people, policy), policy
        )


def fingerprint(a: Evidence, b: Evidence) -> str:
    """The identifiers that two share, and what they are compared by where both have any of it.

    Neither bits nor people are in it: what a person said of the evidence outlives a policy.
    """
    between = [sorted(a.links & b.links), _both(a.fields, b.fields), _both(_held(a), _held(b))]
    text = orjson.dumps(between, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def _held(one: Evidence) -> dict[str, frozenset[str]]:
    """Identifiers that are compared, as they are: those that people joined go by one name."""
    return {
        name: frozenset(key for key in one.links if namespace_of(key) == name) for name in one.held
    }


def _both(
    ours: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]
) -> dict[str, list[list[str]]]:
    return {
        name: sorted((sorted(values), sorted(theirs[name])))
        for name, values in ours.items()
        if values and theirs.get(name, NOTHING)
    }


def suggested(kind: Kind, score: float, pieces: Iterable[Piece], policy: Policy) -> Suggestion:
    """What the pieces suggest: a rival is for people to tell, and so is what speaks against."""
    against = any(bits < 0 and rule is not Rule.UNLINKED for rule, _, bits in pieces)
    if kind is Kind.TIE or (against and kind is Kind.UNIQUE):
        return Suggestion.LOOK
    if against:
        return Suggestion.KEEP_APART
    half = (policy.possible_bits + policy.merge_bits) / 2
    return Suggestion.MERGE if score >= half else Suggestion.LOOK


def strongest(found: Iterable[Possible[Key]], most: int = MOST) -> Sequence[Possible[Key]]:
    """The strongest of a component, of equal ones all or none, so that no key decides."""
    kept: list[Possible[Key]] = []
    ordered = sorted(found, key=lambda one: -one.score)
    for _, equal in groupby(ordered, key=lambda one: one.score):
        level = list(equal)
        if len(kept) + len(level) > most:
            break
        kept += level
    return kept
