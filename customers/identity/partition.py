"""Partition: which profiles of a component are one customer. A pure function of the evidence.

Strongest evidence first. All pairs of equal strength are decided together on the clusters as they
stood, so that no key, number or order of arrival ever breaks a tie.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations, groupby
from typing import Generic, TypeVar

from customers.identity.evidence import Evidence, bits
from customers.identity.policy import Policy

Key = TypeVar("Key", bound=Hashable)
Pair = tuple[float, int, int]
# Sums of the same bits in another order differ in the last digits; they are one strength.
DIGITS = 9


def partition(
    profiles: Mapping[Key, Evidence], people: Mapping[str, int], policy: Policy
) -> list[list[Key]]:
    """Clusters of the keys of `profiles`, each in the order of the mapping.

    `people` tells of every linking identifier how many people seem to hold it.
    """
    if len(profiles) == 1:
        return [list(profiles)]
    return _Partition(profiles, people, policy).clusters()


class _Partition(Generic[Key]):
    """The clusters while they grow; a cluster is known by the place of its first profile."""

    def __init__(
        self, profiles: Mapping[Key, Evidence], people: Mapping[str, int], policy: Policy
    ) -> None:
        self.people, self.policy = people, policy
        self.members: dict[int, list[Key]] = {}
        self.known: dict[int, Evidence] = {}
        for place, (keys, known) in enumerate(self._alike(profiles)):
            self.members[place], self.known[place] = keys, known
        self.cluster_of = {place: place for place in self.members}
        self.places = {place: [place] for place in self.members}
        self.claims: dict[int, set[int]] = defaultdict(set)
        self.strengths: dict[tuple[int, int, int, int], float] = {}

    def clusters(self) -> list[list[Key]]:
        pairs = sorted(self._pairs())
        for _, a, b in pairs:
            self.claims[a].add(b)
            self.claims[b].add(a)
        for _, level in groupby(pairs, key=lambda pair: pair[0]):
            equal = list(level)
            while found := list(self._groups(self._apart(equal))):
                for group in found:
                    self._join(group)
        return list(self.members.values())

    def _alike(self, profiles: Mapping[Key, Evidence]) -> Iterator[tuple[list[Key], Evidence]]:
        """Profiles of equal evidence are one to begin with, where that evidence would join them."""
        same: dict[Hashable, list[Key]] = defaultdict(list)
        for key, known in profiles.items():
            same[known.links, _frozen(known.held), _frozen(known.fields)].append(key)
        for keys in same.values():
            known = profiles[keys[0]]
            one = len(keys) == 1 or (known.links and self._twins(known))
            yield from [(keys, known)] if one else [([key], known) for key in keys]

    def _twins(self, known: Evidence) -> bool:
        return bits(known, known, self.people, self.policy) >= self.policy.merge_bits

    def _pairs(self) -> Iterator[Pair]:
        """Pairs that could be one, the strongest first."""
        holders: dict[str, list[int]] = defaultdict(list)
        for place, known in self.known.items():
            for link in known.links:
                holders[link].append(place)
        for a, b in {pair for places in holders.values() for pair in combinations(places, 2)}:
            if (strength := self._between(a, b)) >= self.policy.merge_bits:
                yield -round(strength, DIGITS), a, b

    def _between(self, a: int, b: int) -> float:
        # Clusters only grow, so a cluster and its size say what it was when the bits were counted.
        a, b = min(a, b), max(a, b)
        state = (a, len(self.members[a]), b, len(self.members[b]))
        if state not in self.strengths:
            self.strengths[state] = bits(self.known[a], self.known[b], self.people, self.policy)
        return self.strengths[state]

    def _excluded(self, clusters: Iterable[int]) -> bool:
        return any(self._between(a, b) < 0 for a, b in combinations(clusters, 2))

    def _torn(self, single: int, other: int, strength: float) -> bool:
        """A single profile that another cluster, no friend of `other`, claims about as strongly."""
        if len(self.members[single]) > 1:
            return False
        rivals = {self.cluster_of[place] for place in self.claims[single]} - {single, other}
        return any(
            self._between(single, rival) > strength - self.policy.tie_bits
            and self._between(rival, other) < 0
            for rival in rivals
        )

    def _apart(self, level: list[Pair]) -> set[tuple[int, int]]:
        """The pairs of clusters that a level speaks of."""
        pairs = {(self.cluster_of[a], self.cluster_of[b]) for _, a, b in level}
        return {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}

    def _groups(self, level: set[tuple[int, int]]) -> Iterator[list[int]]:
        """Clusters that this level joins: connected, none torn, no two that exclude each other."""
        wants: dict[int, set[int]] = defaultdict(set)
        joins: dict[int, set[int]] = defaultdict(set)
        for a, b in level:
            strength = self._between(a, b)
            if strength < self.policy.merge_bits:
                continue
            wants[a].add(b)
            wants[b].add(a)
            if not self._torn(a, b, strength) and not self._torn(b, a, strength):
                joins[a].add(b)
                joins[b].add(a)
        stuck = {cluster for cluster, others in wants.items() if self._excluded(others)}
        seen: set[int] = set()
        for start in sorted(joins):
            group: set[int] = set()
            front = {start} - stuck - seen
            while front:
                group |= front
                front = {near for one in front for near in joins[one]} - group - stuck
            seen |= group
            if len(group) > 1 and not self._excluded(group):
                yield sorted(group)

    def _join(self, group: list[int]) -> None:
        head, *rest = group
        for place in rest:
            self.known[head] |= self.known.pop(place)
            self.members[head] += self.members.pop(place)
            moved = self.places.pop(place)
            self.places[head] += moved
            self.cluster_of.update(dict.fromkeys(moved, head))


def _frozen(sets: Mapping[str, frozenset[str]]) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset((name, values) for name, values in sets.items() if values)
