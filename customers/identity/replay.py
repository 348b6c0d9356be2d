"""Replay: components decided on again with a record, and what it says of two of their profiles.

What is told is read off the record; the bits come from the code that decided. Pure.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from customers.identity.component import Member, components, people_of
from customers.identity.decided import Decisions
from customers.identity.evidence import (
    VETO,
    Evidence,
    Piece,
    Rule,
    besides,
    joining,
    namespace_of,
    total,
)
from customers.identity.partition import partition
from customers.identity.policy import Policy
from customers.identity.record import Cluster, Held, Join, Record, reached

Group: TypeAlias = Cluster[str]


@dataclass(frozen=True, slots=True)
class Step:
    """Two clusters that became one, or profiles that were one from the beginning (`alike`).

    Of those that a person joined by a `decision` nothing was weighed.
    """

    number: int
    one: Group
    other: Group
    score: float
    alike: bool
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """From a profile to the next through what both hold, which is why `step` joined them.

    `via` is empty where a person did.
    """

    one: str
    other: str
    via: str
    step: Step


@dataclass(frozen=True, slots=True)
class Apart:
    """Two that are not one, as they stood when that was decided, and what held them back.

    `a` and `b` are the profiles asked for. `joint` is whether anything leads from one to the other,
    so that they were compared.
    """

    a: str
    b: str
    one: Group
    other: Group
    pieces: tuple[Piece, ...]
    held: Held[str] | None
    joint: bool

    @property
    def score(self) -> float | None:
        """The sum of the pieces; None where they can never be one."""
        return None if self.veto else total(self.pieces)

    def shown(self, replay: "Replay") -> tuple[Piece, ...]:
        """The pieces; where only a number keeps the two apart, also what is between them besides.

        Who looks at a possible match wants to know it, though it joins nobody.
        """
        if self.veto is None or self.veto[0] is not Rule.OTHER_UNIQUE:
            return self.pieces
        one, other = self.one.known, self.other.known
        more = besides(one, other, replay.people, replay.policy)
        return (self.veto, *(piece for piece in more if piece[2] != VETO))

    @property
    def veto(self) -> Piece | None:
        """What excludes that they are one."""
        return next((piece for piece in self.pieces if piece[2] == VETO), None)


class Replay:
    """The components of some profiles, decided on again."""

    def __init__(self, members: Mapping[str, Member], policy: Policy) -> None:
        """Decide on all of them."""
        self.members, self.policy = members, policy
        self.known: dict[str, Evidence] = {}
        self.people: dict[str, int] = {}
        self.holders: dict[str, list[str]] = defaultdict(list)
        self._records: dict[str, Record[str]] = {}
        for component in components(members, policy):
            known = {one.key: one.evidence(policy) for one in component}
            people = people_of(component)
            said = Decisions.of({one.key: one.decided for one in component if one.decided})
            record = Record[str](said.always)
            partition(known, people, policy, said, record=record)
            self.known |= known
            self.people |= people
            self._records |= dict.fromkeys(known, record)
        for key, one in self.known.items():
            for held in one.links | one.leads:
                self.holders[held].append(key)

    def cluster(self, key: str) -> Group:
        """The cluster that a profile is in."""
        return self._records[key].cluster(key)

    def clusters(self) -> list[Group]:
        """All of them."""
        return list(dict.fromkeys(map(self.cluster, self.members)))

    def anchor(self, cluster: Group) -> Member:
        """The profile whose id the customer has: the trusted one of the lowest number."""
        return min(
            (self.members[key] for key in cluster.profiles()),
            key=lambda one: (not self.policy.trusts(one.source), one.number),
        )

    def agrees(self) -> bool:
        """Whether the customers in the graph are what is decided now."""
        return all(
            self.members[key].customer == self.anchor(cluster).customer_id
            for cluster in self.clusters()
            for key in cluster.profiles()
        )

    def pieces(self, one: Group, other: Group) -> tuple[Piece, ...]:
        """What speaks for two clusters being one, and against; a veto is the last."""
        return joining(one.known, other.known, self.people, self.policy)

    def score(self, one: Group, other: Group) -> float:
        """What the pieces come to."""
        return total(self.pieces(one, other))

    def steps(self, cluster: Group) -> list[Step]:
        """All that made a cluster, in order; of several that became one at once, as few as do."""
        found: list[Step] = []
        for node in cluster.nodes():
            if len(node.keys) > 1:
                found.append(self._alike(node))
            found += (self._step(node, join) for join in _spanning(node))
        return sorted(found, key=lambda step: step.number)

    def route(self, start: str, end: str) -> list[Hop]:
        """From one profile of a cluster to another, along the joins that made them one."""
        hops: list[Hop] = []
        ahead: list[Hop | tuple[str, str]] = [(start, end)]
        while ahead:
            leg = ahead.pop()
            if isinstance(leg, Hop):
                hops.append(leg)
            elif leg[0] != leg[1]:
                ahead += reversed(self._legs(*leg))
        return hops

    def _legs(self, start: str, end: str) -> list[Hop | tuple[str, str]]:
        node = self._together(start, end)
        if node.keys:
            return [Hop(start, end, self._best(node, node)[0], self._alike(node))]
        legs: list[Hop | tuple[str, str]] = []
        here = start
        for one, other, join in _way(
            node, _part(node, self._leaf(start)), _part(node, self._leaf(end))
        ):
            hop = self._bridge(one, other, here, end, self._step(node, join))
            legs += [(here, hop.one), hop]
            here = hop.other
        return [*legs, (here, end)]

    def _leaf(self, key: str) -> Group:
        return self._records[key].leaves[key]

    def _together(self, a: str, b: str) -> Group:
        """The cluster in which two profiles came together."""
        above = set(self._leaf(a).above())
        found = next((node for node in self._leaf(b).above() if node in above), None)
        if found is None:
            raise ValueError(f"{a} and {b} are not one")
        return found

    def _bridge(self, one: Group, other: Group, here: str, end: str, step: Step) -> Hop:
        """What leads to the next cluster, from `here` and to `end` where that can be."""
        mine, theirs = set(one.profiles()), set(other.profiles())
        if step.decision is not None:
            about = self._records[here].always[step.decision]
            # A decision may be about one of them, and a profile by way of which it is about both.
            ours, others = about & mine or mine, about & theirs or theirs
            return Hop(
                here if here in ours else min(ours), end if end in others else min(others), "", step
            )
        hops = (
            Hop(
                here if here in holders else next(key for key in holders if key in mine),
                end
                if end in holders and end in theirs
                else next(key for key in holders if key in theirs),
                via,
                step,
            )
            for via in self._best(one, other)
            for holders in (self.holders[via],)
        )
        return min(hops, key=lambda hop: (hop.one != here) + (hop.other != end))

    def _best(self, one: Group, other: Group) -> list[str]:
        """What both hold that leads from one to the other, what weighs most before the rest."""
        return sorted(self.leading(one, other), key=lambda key: (-self._weight(key), key))

    def leading(self, one: Group, other: Group) -> frozenset[str]:
        """What both hold that leads from one to the other."""
        shared = (one.known.links | one.known.leads) & (other.known.links | other.known.leads)
        return frozenset(key for key in shared if namespace_of(key) in self.policy.leads)

    def _weight(self, key: str) -> float:
        return self.policy.links.get(namespace_of(key), 0.0) / self.people[key]

    def _alike(self, node: Group) -> Step:
        return Step(node.number, node, node, self.score(node, node), alike=True)

    def _step(self, node: Group, join: Join[str]) -> Step:
        return Step(
            node.number, join.one, join.other, join.strength, alike=False, decision=join.decision
        )

    def apart(self, a: str, b: str) -> Apart:
        """Why two profiles are in two clusters."""
        one, other, held = self.cluster(a), self.cluster(b), None
        if self._records[a] is self._records[b]:
            one, other, held = self._records[a].decided(one, other)
        return Apart(
            a, b, one, other, self.pieces(one, other), held, bool(self.leading(one, other))
        )


def _part(node: Group, leaf: Group) -> Group:
    """The part of a cluster in which a leaf is."""
    return next(one for one in leaf.above() if one.into is node)


def _way(node: Group, start: Group, end: Group) -> list[tuple[Group, Group, Join[str]]]:
    """From one part of a cluster to another, in as few joins as lead there."""
    came = reached(start, node.joins)
    way: list[tuple[Group, Group, Join[str]]] = []
    here = end
    while (before := came[here]) is not None:
        way.append((before[0], here, before[1]))
        here = before[0]
    return way[::-1]


def _spanning(node: Group) -> list[Join[str]]:
    """As few of the joins of a cluster as connect its parts."""
    came = reached(node.parts[0], node.joins) if node.parts else {}
    return [before[1] for before in came.values() if before is not None]
