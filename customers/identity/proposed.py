"""Proposed: possible matches that a tool outside of the partition found. Pure.

The partition never compares two that share no identifier and no blocking key, and weighs others
by its own bits: a tool that looks at all customers may find more. It is told of each customer what
is `known` here, and its proposals hang on that: a digest for each of the two, so that whichever of
them is resolved tells whether a proposal still holds.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeAlias

import orjson

from customers.filed import filed
from customers.identity.component import Member
from customers.identity.decided import DISMISSED, apart
from customers.identity.evidence import namespace_of
from customers.identity.matched import (
    NOWHERE,
    Matching,
    Pair,
    Sides,
    Standing,
    Word,
    differences,
    pair_of,
    sides_of,
    words_of,
)
from customers.identity.matched import said as as_said
from customers.identity.policy import Policy
from customers.identity.possible import Kind, Suggestion, fingerprint
from customers.traits import golden, loads

Known: TypeAlias = Mapping[str, str | None]

# What a tool is told: traits as they are filed, and one identifier of a namespace.
TRAITS = {
    "first_name": "t_firstName",
    "last_name": "t_lastName",
    "birth_date": "t_birthDate",
    "postal_code": "t_postalCode",
    "city": "t_city",
}
IDENTIFIERS = ("email", "phone")
COLUMNS = (*TRAITS, *IDENTIFIERS)


class Scored(NamedTuple):
    """Two customers as a tool scored them, in bits, and the digests of what it knew of each."""

    one: str
    other: str
    score: float
    ours: str
    theirs: str

    @property
    def pair(self) -> Pair:
        """The customers, the lower id first."""
        return pair_of(self.one, self.other)

    @property
    def evidence(self) -> str:
        """The digests in the order of the pair."""
        ours, theirs = self.ours, self.theirs
        return ours + theirs if self.one < self.other else theirs + ours


class Fate(StrEnum):
    """What became of two that a tool scored."""

    ADDED = "added"
    KEPT = "kept"  # it is a proposal already, of the same evidence
    LISTED = "listed"  # it is a possible match of the partition
    DISMISSED = "dismissed"  # somebody dismissed it, and its evidence is the same
    APART = "keptApart"  # somebody decided that they are two
    CHANGED = "changed"  # one is gone or another, or somebody knows more of it by now
    BEYOND = "beyond"  # there were enough stronger ones


def known(part: Iterable[Member], policy: Policy) -> Known:
    """What a tool is told of a customer, of those of its profiles whose sources are trusted.

    Of e-mails and phones those of one person alone, since a household's tell a tool nothing of who
    is who in it; of several the first in their order: a record that comes again changes nothing.
    """
    trusted = [one for one in part if policy.trusts(one.source)]
    best = golden(
        ((one.source, loads(one.traits)) for one in trusted),
        policy,
        (each for one in trusted for each in one.corrected),
    )
    plain = orjson.loads(orjson.dumps(best))
    found = filed(plain, month_first=policy.month_first)
    held = {
        link.key
        for one in trusted
        for link in one.held
        if not link.generic and (link.people or 1) == 1
    }
    return {name: found[trait] for name, trait in TRAITS.items()} | {
        name: min((_value(key) for key in held if namespace_of(key) == name), default=None)
        for name in IDENTIFIERS
    }


def _value(key: str) -> str:
    return key.partition("|")[2]


def digest_of(part: Iterable[Member], policy: Policy) -> str:
    """What a tool is told of a customer, as a digest."""
    return digest(known(part, policy))


def digest(known: Known) -> str:
    """What a tool was told, as a digest; two of them are the evidence of a match."""
    text = orjson.dumps([known[name] for name in COLUMNS])
    return hashlib.blake2b(text, digest_size=6).hexdigest()


def proposing(
    scored: Iterable[Scored],
    parts: Mapping[str, Sequence[Member]],
    policy: Policy,
    now: int,
    by: str,
) -> tuple[Matching, Counter[Fate]]:
    """What must be written of pairs that `by` scored, and what became of them.

    `parts` are the profiles of their customers, as far as these are still there.
    """
    customer_of = {one.key: customer for customer, part in parts.items() for one in part}
    members = [one for part in parts.values() for one in part]
    texts = {text for one in members for text in one.matches}
    stored = {one.pair: one for one in map(Standing.loads, texts)}
    words, sides = words_of(members, customer_of), sides_of(members, customer_of)
    wanted: dict[Pair, Standing] = {}
    fates: Counter[Fate] = Counter()
    for one in scored:
        fate = _fate(one, parts, policy, stored.get(one.pair), words.get(one.pair, ()), sides)
        fates[fate] += 1
        if fate is Fate.ADDED:
            match = Standing(
                *one.pair,
                Kind.PROPOSED.value,
                one.score,
                Suggestion.LOOK.value,
                one.evidence,
                now,
                by=by,
            )
            wanted[one.pair] = as_said(match, words.get(one.pair, ()))
    return differences({}, wanted), fates


def _fate(  # noqa: PLR0917 - what is scored, and all that may speak against it
    one: Scored,
    parts: Mapping[str, Sequence[Member]],
    policy: Policy,
    before: Standing | None,
    words: Iterable[Word],
    sides: Sides,
) -> Fate:
    pair = [parts.get(customer, ()) for customer in one.pair]
    digests = [digest_of(part, policy) for part in pair if part]
    if len(digests) < len(pair) or "".join(digests) != one.evidence:
        return Fate.CHANGED
    if apart(*(sides.get(customer, NOWHERE) for customer in one.pair)) is not None:
        return Fate.APART
    ours, theirs = (reduce(or_, (each.evidence(policy) for each in part)) for part in pair)
    same = {one.evidence, fingerprint(ours, theirs)}
    if any(word.kind == DISMISSED and word.evidence in same for word in words):
        return Fate.DISMISSED
    if before is not None:
        return Fate.KEPT if before.by else Fate.LISTED
    return Fate.ADDED
