"""Evidence: what is known of a profile or a cluster, and how many bits speak for two being one."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from customers.identity.compare import near, slip
from customers.identity.policy import Policy

VETO = -math.inf


@dataclass(frozen=True, slots=True)
class Evidence:
    """Identifiers by namespace (keys, generic ones left out) and compared values by field.

    `links` are the keys that may join it to others.
    """

    links: frozenset[str]
    held: Mapping[str, frozenset[str]]
    fields: Mapping[str, frozenset[str]]

    def __or__(self, other: "Evidence") -> "Evidence":
        """The two as one."""
        return Evidence(
            self.links | other.links,
            _united(self.held, other.held),
            _united(self.fields, other.fields),
        )


NOTHING: frozenset[str] = frozenset()


def _united(
    left: Mapping[str, frozenset[str]], right: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    if left == right:
        return left
    return {
        name: left.get(name, NOTHING) | right.get(name, NOTHING)
        for name in left.keys() | right.keys()
    }


def namespace_of(key: str) -> str:
    """The namespace in an identifier's key, ``namespace|value``."""
    return key.partition("|")[0]


def evidence(
    identifiers: Iterable[str], fields: Mapping[str, frozenset[str]], policy: Policy
) -> Evidence:
    """Evidence of a profile from the keys of its identifiers that are not generic."""
    links = frozenset(key for key in identifiers if namespace_of(key) in policy.links)
    held: dict[str, frozenset[str]] = {}
    for name in (*policy.unique, *policy.told_apart):
        if values := frozenset(key for key in links if namespace_of(key) == name):
            held[name] = values
    return Evidence(links, held, fields)


def bits(a: Evidence, b: Evidence, people: Mapping[str, int], policy: Policy) -> float:
    """Evidence that `a` and `b` (profiles or clusters) are one person; VETO where they cannot be.

    Identifiers that one person holds add up. Of those that several people share only the strongest
    counts, less 2 log2(people): what a household shares is one fact, not four. `people` has every
    shared identifier. The weights are the log-likelihood ratios of Fellegi and Sunter, rounded.
    """
    common_unique = False
    for name in policy.unique:
        ours, theirs = a.held.get(name, NOTHING), b.held.get(name, NOTHING)
        # One record with two values of what a person has one of proves neither: it joins nobody.
        if len(ours) > 1 or len(theirs) > 1 or (ours and theirs and ours != theirs):
            return VETO
        common_unique = common_unique or bool(ours and theirs)
    total = _shared_bits(a.links & b.links, people, policy)
    for name, differ in policy.told_apart.items():
        ours, theirs = a.held.get(name, NOTHING), b.held.get(name, NOTHING)
        if ours and theirs and not ours & theirs:
            total += differ
    for name, field in policy.fields.items():
        ours, theirs = a.fields.get(name, NOTHING), b.fields.get(name, NOTHING)
        if not ours or not theirs:
            continue
        agreed, slipped = _agreement(ours, theirs, dates=field.kind == "date")
        if field.veto and not agreed and not slipped and not common_unique:
            return VETO
        total += field.agree if agreed else 0.0 if slipped else field.disagree
    return total


def _shared_bits(shared: frozenset[str], people: Mapping[str, int], policy: Policy) -> float:
    own, common = 0.0, 0.0
    for key in shared:
        weight, count = policy.links[namespace_of(key)], people[key]
        if count == 1:
            own += weight
        else:
            common = max(common, weight - 2 * math.log2(count))
    return own + common


def _agreement(ours: frozenset[str], theirs: frozenset[str], *, dates: bool) -> tuple[bool, bool]:
    """Whether some value agrees, else whether some differ by a slip only (which is neither)."""
    if ours & theirs:
        return True, False
    if not dates and any(near(x, y) for x in ours for y in theirs):
        return True, False
    return False, any(slip(x, y) for x in ours for y in theirs)
