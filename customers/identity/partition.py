"""Partition: which profiles of a component are one customer. A pure function of the evidence.

Strongest evidence first. All pairs of equal strength are decided together on the clusters as they
stood, so that no key, number or order of arrival ever breaks a tie.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import Generic

from customers.identity.decided import Decisions, united
from customers.identity.evidence import (
    DIGITS,
    NOTHING,
    VETO,
    Evidence,
    besides,
    bits,
    called_otherwise,
    joining,
    missing,
    namesakes,
    namespace_of,
    total,
)
from customers.identity.policy import Policy
from customers.identity.possible import Kind, Possible
from customers.identity.record import Hold, Key, Part, Record

Pair = tuple[float, int, int]
# By cluster, the others that it would join.
Near = dict[int, set[int]]
# Two with less than this speaking for them exclude each other.
EXCLUDED = -1.0
# Of more kinds of those whom nobody has to believe none is compared with another of them. Whoever
# may write could have a server compare the pairs of thousands.
FLOOD = 100
# Of a group of more clusters a record is told as few pairs as connect it.
TOLD_WHOLE = 50


def partition(
    profiles: Mapping[Key, Evidence],
    people: Mapping[str, int],
    policy: Policy,
    decisions: Decisions[Key] | None = None,
    *,
    record: Record[Key] | None = None,
    possible: list[Possible[Key]] | None = None,
) -> list[list[Key]]:
    """Clusters of the keys of `profiles`, each in the order of the mapping.

    `people` tells of every linking identifier how many people seem to hold it. What people joined
    by `decisions` is one to begin with; what they keep apart never joins. A `record` is told of the
    steps, and changes none. To `possible` is added who may be one and is not: of those alone whose
    sources are trusted, so that nobody else makes work for people.
    """
    if len(profiles) == 1 and record is None:
        return [list(profiles)]
    joined: list[frozenset[Key]] = []
    if decisions is not None:
        joined, sides = decisions.joined(), decisions.sides()
        profiles = {
            key: known._replace(sides=sides[key]) if key in sides else known
            for key, known in profiles.items()
        }
    believed = {key: known for key, known in profiles.items() if known.trusted}
    alike = _alike(believed, people, policy)
    if record is not None:
        record.leaves_are(alike)
    settled = _Partition(_said(alike, joined, policy), people, policy, record=record)
    clusters = settled.clusters()
    if possible is not None:
        possible += settled.possible()
    if len(believed) == len(profiles):
        return clusters
    # What can be believed is decided without the rest, which then joins it without moving it.
    doubtful = {key: known for key, known in profiles.items() if not known.trusted}
    alike = _alike(doubtful, people, policy)
    if record is not None:
        record.leaves_are(alike)
    parts = _said([*settled.parts(), *alike], joined, policy)
    place = {key: n for n, key in enumerate(profiles)}
    clusters = _Partition(parts, people, policy, settled=True, record=record).clusters()
    return sorted(
        (sorted(keys, key=place.__getitem__) for keys in clusters), key=lambda k: place[k[0]]
    )


def _said(parts: list[Part[Key]], joined: list[frozenset[Key]], policy: Policy) -> list[Part[Key]]:
    """The parts, those as one that people joined.

    What a person has one of, and those have several of, is one: who holds any of it is no other.
    """
    if not joined:
        return parts
    of = {key: place for place, part in enumerate(parts) for key in part.keys}
    wholes = united([{of[key] for key in keys if key in of} for keys in joined])
    whole_of = {place: min(whole) for whole in wholes for place in whole}
    found: dict[int, Part[Key]] = {}
    for place, part in enumerate(parts):
        first = whole_of.get(place, place)
        had = found.get(first)
        found[first] = part if had is None else had | part
    same = united(
        found[min(whole)].known.held.get(name, NOTHING)
        for whole in wholes
        for name in policy.unique
    )
    name_of = {key: min(keys) for keys in same for key in keys}
    return [part._replace(known=_renamed(part.known, name_of, policy)) for part in found.values()]


def _renamed(known: Evidence, name_of: Mapping[str, str], policy: Policy) -> Evidence:
    if not name_of:
        return known
    held = {
        name: frozenset(name_of.get(key, key) for key in keys) if name in policy.unique else keys
        for name, keys in known.held.items()
    }
    return known._replace(held=held)


def _alike(
    profiles: Mapping[Key, Evidence], people: Mapping[str, int], policy: Policy
) -> list[Part[Key]]:
    """Profiles of equal evidence are one to begin with, where that evidence would join them."""
    same: dict[Hashable, list[Key]] = defaultdict(list)
    for key, known in profiles.items():
        held, fields = _frozen(known.held), _frozen(known.fields)
        same[known.links, known.leads, held, fields, known.sides].append(key)
    parts: list[Part[Key]] = []
    for keys in same.values():
        known = profiles[keys[0]]
        if len(keys) == 1 or joins_its_like(known, people, policy):
            parts.append(Part(keys, _used_by_all(known, [profiles[key] for key in keys])))
        else:
            parts += [Part([key], profiles[key]) for key in keys]
    return parts


def joins_its_like(known: Evidence, people: Mapping[str, int], policy: Policy) -> bool:
    """Whether two profiles are one of which nothing but this is known."""
    if policy.leads.isdisjoint(map(namespace_of, known.links | known.leads)):
        return False
    return total(joining(known, known, people, policy)) >= policy.merge_bits


def _used_by_all(known: Evidence, alike: list[Evidence]) -> Evidence:
    if not known.used:
        return known
    return known._replace(used=frozenset().union(*(one.used for one in alike)))


class _Partition(Generic[Key]):
    """The clusters while they grow; a cluster is known by the place of its first profile."""

    def __init__(
        self,
        parts: Sequence[Part[Key]],
        people: Mapping[str, int],
        policy: Policy,
        *,
        settled: bool = False,
        record: Record[Key] | None = None,
    ) -> None:
        """Begin with `parts`; where the trusted ones are `settled`, no two of them join."""
        self.people, self.policy, self.settled = people, policy, settled
        self.members = {place: part.keys for place, part in enumerate(parts)}
        self.known = {place: part.known for place, part in enumerate(parts)}
        # The clusters of which not all profiles tell the same.
        self.mixed = {place for place, part in enumerate(parts) if part.mixed}
        self.stage = None if record is None else record.begin(parts)
        # What leads clusters to each other, and what is shared at all: what one profile alone holds
        # leads to nobody, and is compared with nothing but as what each side has of its own.
        self.ways, self.shared_links = _shared(self.known, policy)
        # Clusters of one kind differ in nothing that is compared: what is found out of two of them
        # holds for all. A customer of a thousand browsers is of a few kinds.
        self.kinds: dict[Hashable, int] = {}
        self.examples: list[Evidence] = []
        self.kind = {place: self._kind_of(place) for place in self.known}
        doubtful = sum(not one.trusted for one in self.examples)
        self.flooded = settled and doubtful > FLOOD
        self.cluster_of = {place: place for place in self.members}
        self.places = {place: [place] for place in self.members}
        self.claims: dict[int, set[int]] = defaultdict(set)
        self.strengths: dict[tuple[int, int], float] = {}
        self.joining: dict[tuple[int, int], float] = {}
        self.excluding: dict[tuple[int, int], bool] = {}
        # The pairs of clusters that the last pass looked at.
        self.near: set[tuple[int, int]] = set()

    def parts(self) -> list[Part[Key]]:
        """The clusters as they stand, with what is known of each."""
        return [
            Part(keys, self.known[place], mixed=place in self.mixed)
            for place, keys in self.members.items()
        ]

    def clusters(self) -> list[list[Key]]:
        """Join until the clusters, taken as wholes, give no more reason to."""
        while self._pass():
            pass
        return list(self.members.values())

    def possible(self) -> Iterator[Possible[Key]]:
        """Those that the last pass, in which nothing joined, left apart and that may be one.

        What is found out of two kinds holds for all of them.
        """
        found: dict[tuple[int, int], tuple[Kind, float] | None] = {}
        for a, b in sorted(self.near):
            x, y = self.kind[a], self.kind[b]
            kinds = (x, y) if x < y else (y, x)
            if kinds not in found:
                found[kinds] = self._possibly(*kinds)
            known = found[kinds]
            if known is None or (known[0] is Kind.TIE and self._anothers(a, b)):
                continue
            one, other = self.known[a], self.known[b]
            yield Possible(self.members[a][0], self.members[b][0], *known, one, other)

    def _possibly(self, a: int, b: int) -> tuple[Kind, float] | None:
        """Why two clusters of these kinds await a person, and how much speaks for them."""
        strength = self._strength_of_kinds(a, b)
        if strength >= self.policy.possible_bits:
            return Kind.TIE if strength >= self.policy.merge_bits else Kind.SCORE, strength
        one, other = self.examples[a], self.examples[b]
        if strength > VETO:
            return None
        apart = missing(one, other, self.policy)
        agreed = round(apart + total(besides(one, other, self.people, self.policy)), DIGITS)
        return (Kind.UNIQUE, agreed) if agreed >= self.policy.merge_bits else None

    def _pass(self) -> bool:
        """Go through all pairs once, the strongest first; whether any joined."""
        pairs = sorted(self._pairs())
        if self.stage is not None:
            self.stage.held.clear()
        self.claims = defaultdict(set)
        for _, a, b in pairs:
            self.claims[a].add(b)
            self.claims[b].add(a)
        before = len(self.members)
        for _, level in groupby(pairs, key=lambda pair: pair[0]):
            equal = list(level)
            while found := list(self._groups(self._apart(equal))):
                for group in found:
                    self._join(group)
        return len(self.members) < before

    def _pairs(self) -> Iterator[Pair]:
        """Pairs that could be one, the strongest first."""
        holders: dict[str, list[int]] = defaultdict(list)
        for place, ways in self.ways.items():
            for way in ways:
                holders[way].append(place)
        self.near = {pair for places in holders.values() for pair in self._meeting(places)}
        for a, b in self.near:
            if (strength := self._strength(a, b)) >= self.policy.merge_bits:
                yield -strength, a, b

    def _meeting(self, places: list[int]) -> Iterable[tuple[int, int]]:
        """The pairs of those whom something leads to each other; in a flood those with the trusted.

        What no trusted source knows leads nobody where so many kinds have it.
        """
        believed = [place for place in places if self.known[place].trusted] if self.flooded else []
        if believed:
            return {(min(a, b), max(a, b)) for a in believed for b in places if a != b}
        if self.flooded and len({self.kind[place] for place in places}) > FLOOD:
            return ()
        return combinations(places, 2)

    def _kind_of(self, place: int) -> int:
        links, known = self.shared_links[place], self.known[place]
        key = (links, _frozen(known.held), _frozen(known.fields), known.trusted, known.sides)
        kind = self.kinds.setdefault(key, len(self.kinds))
        if kind == len(self.examples):
            self.examples.append(
                Evidence(links, known.held, known.fields, trusted=known.trusted, sides=known.sides)
            )
        return kind

    def _between(self, a: int, b: int) -> float:
        return self._of_kinds(self.kind[a], self.kind[b])

    def _of_kinds(self, a: int, b: int) -> float:
        """The bits between any cluster of one kind and any other one of another, or the same."""
        kinds = (a, b) if a < b else (b, a)
        if (found := self.strengths.get(kinds)) is None:
            one, other = self.examples[a], self.examples[b]
            # The trusted are decided on before any others come in.
            done = one.trusted and other.trusted and self.settled
            found = VETO if done else bits(one, other, self.people, self.policy)
            self.strengths[kinds] = found
        return found

    def _strength(self, a: int, b: int) -> float:
        """What speaks for joining them; who share no identifier need more."""
        return self._strength_of_kinds(self.kind[a], self.kind[b])

    def _strength_of_kinds(self, a: int, b: int) -> float:
        kinds = (a, b) if a < b else (b, a)
        if (found := self.joining.get(kinds)) is None:
            apart = missing(self.examples[a], self.examples[b], self.policy)
            found = self.joining[kinds] = round(self._of_kinds(a, b) + apart, DIGITS)
        return found

    def _exclude(self, a: int, b: int) -> bool:
        """Whether nobody is both a cluster of one kind and another of the other, or the same."""
        if self.flooded and not (self.examples[a].trusted or self.examples[b].trusted):
            return False
        kinds = (a, b) if a < b else (b, a)
        if (found := self.excluding.get(kinds)) is None:
            between, policy = self._of_kinds(a, b), self.policy
            one, other = self.examples[a], self.examples[b]
            found = between < EXCLUDED
            if not found and between < policy.merge_bits:
                found = called_otherwise(one, other, self.people, policy)
            if not found and self._strength_of_kinds(a, b) < policy.possible_bits:
                found = namesakes(one, other, policy)
            self.excluding[kinds] = found
        return found

    def _excluded(self, clusters: Collection[int]) -> bool:
        """Whether any two of them exclude each other."""
        return len(clusters) > 1 and next(self._exclusive(clusters), None) is not None

    def _exclusive(self, clusters: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The kinds of those among them that exclude each other."""
        counts = self._kinds(clusters)
        for a, b in combinations(counts, 2):
            if self._exclude(a, b):
                yield a, b
        for kind, count in counts.items():
            if count > 1 and self._exclude(kind, kind):
                yield kind, kind

    def _kinds(self, clusters: Iterable[int]) -> Mapping[int, int]:
        """The kinds of clusters, and how many there are of each."""
        counts: dict[int, int] = {}
        for cluster in clusters:
            kind = self.kind[cluster]
            counts[kind] = counts.get(kind, 0) + 1
        return counts

    def _torn(self, single: int, other: int, strength: float, claims: Mapping[int, int]) -> bool:
        """What tells one thing and another cluster, no friend of `other`, claims about as strongly.

        `claims` are the kinds of the clusters that claim it.
        """
        rivals = self._rivals(single, other, strength, claims)
        return bool(claims) and next(rivals, None) is not None

    def _rivals(
        self, single: int, other: int, strength: float, claims: Mapping[int, int]
    ) -> Iterator[int]:
        """The kinds of clusters that claim it about as strongly and exclude `other`."""
        if self._owned(single, other):
            return  # the newest user is known, and it is `other`
        kind, its = self.kind[single], self.kind[other]
        weaker = round(strength - self.policy.tie_bits, DIGITS)
        for rival, count in claims.items():
            if (
                count > (rival == its)
                and self._strength_of_kinds(kind, rival) > weaker
                and self._exclude(rival, its)
            ):
                yield rival

    def _claims(self, cluster: int) -> Mapping[int, int]:
        """The kinds of the clusters that claim one that tells one thing, and how many of each do.

        How often it is told makes no difference: a second receipt is not one more reason.
        """
        return {} if cluster in self.mixed else self._kinds(self._claimants(cluster))

    def _claimants(self, single: int) -> set[int]:
        return {self.cluster_of[place] for place in self.claims[single]} - {single}

    def _apart(self, level: list[Pair]) -> set[tuple[int, int]]:
        """The pairs of clusters that a level speaks of."""
        pairs: set[tuple[int, int]] = set()
        for _, a, b in level:
            one, other = self.cluster_of[a], self.cluster_of[b]
            if one != other:
                pairs.add((one, other) if one < other else (other, one))
        return pairs

    def _owned(self, single: int, other: int) -> bool:
        """Whether what they share belongs to its newest user, where several people used it."""
        return bool(self.policy.owned) and any(
            namespace_of(key) in self.policy.owned
            for key in self.known[single].links & self.known[other].links
        )

    def _anothers(self, a: int, b: int) -> bool:
        """Whether all that they share belongs to a third, who used it last."""
        if not self.policy.owned:
            return False
        shared = self.known[a].links & self.known[b].links
        return bool(shared) and all(
            namespace_of(key) in self.policy.owned
            and (self._lost(key, a, b) or self._lost(key, b, a))
            for key in shared
        )

    def _lost(self, key: str, unknown: int, user: int) -> bool:
        """Whether `key`, all that tells who `unknown` is, went from `user` to somebody newer."""
        return next(self._takers(key, unknown, user), None) is not None

    def _takers(self, key: str, unknown: int, user: int) -> Iterator[int]:
        """Whoever used `key` after `user`, where it is all that tells who `unknown` is."""
        priority = self.policy.namespace(namespace_of(key)).priority
        if any(
            self.policy.namespace(namespace_of(one)).priority > priority
            for one in self.known[unknown].links
        ):
            return
        last = _last_use(self.known[user], key)
        for rival, known in self.known.items():
            if (
                rival != user
                and key in known.links
                and (theirs := _last_use(known, key)) is not None
                and (last is None or theirs >= last)
                and self._between(rival, user) < EXCLUDED
            ):
                yield rival

    def _groups(self, level: set[tuple[int, int]]) -> Iterator[list[int]]:
        """Clusters that this level joins: connected, none torn, no two that exclude each other."""
        if not level:
            return
        wants, joins = self._wishes(level)
        stuck = {cluster for cluster, others in wants.items() if self._excluded(others)}
        self._tell_stuck(stuck, wants, joins)
        for group in _connected(joins, stuck):
            if self._excluded(group):
                self._tell_exclusive(group, joins)
            else:
                self._tell_joined(group, joins)
                yield sorted(group)

    def _wishes(self, level: set[tuple[int, int]]) -> tuple[Near, Near]:
        """For whom enough speaks, by cluster: all of them, and those between whom none is torn."""
        wants: Near = defaultdict(set)
        joins: Near = defaultdict(set)
        claims: dict[int, Mapping[int, int]] = {}
        for a, b in level:
            strength = self._strength(a, b)
            if strength < self.policy.merge_bits:
                continue
            if self._anothers(a, b):
                self._tell_taken(a, b)
                continue
            wants[a].add(b)
            wants[b].add(a)
            for cluster in (a, b):
                if cluster not in claims:
                    claims[cluster] = self._claims(cluster)
            if self._torn(a, b, strength, claims[a]) or self._torn(b, a, strength, claims[b]):
                self._tell_torn(a, b, strength, claims)
            else:
                joins[a].add(b)
                joins[b].add(a)
        return wants, joins

    def _join(self, group: list[int]) -> None:
        head, *rest = group
        if not self.mixed.isdisjoint(group) or not all(self._same(head, one) for one in rest):
            self.mixed.add(head)
        for place in rest:
            self.known[head] |= self.known.pop(place)
            self.ways[head] |= self.ways.pop(place)
            self.shared_links[head] |= self.shared_links.pop(place)
            self.members[head] += self.members.pop(place)
            moved = self.places.pop(place)
            self.places[head] += moved
            self.cluster_of.update(dict.fromkeys(moved, head))
        self.kind[head] = self._kind_of(head)

    def _same(self, a: int, b: int) -> bool:
        """Whether two clusters tell the same of what is compared, whatever people said of them."""
        one, other = self.examples[self.kind[a]], self.examples[self.kind[b]]
        return one is other or one == other._replace(sides=one.sides)

    # What a record is told, if there is one. None of it decides anything.

    def _tell_taken(self, a: int, b: int) -> None:
        if self.stage is not None:
            pairs = ((a, b), (b, a))
            shared = self.known[a].links & self.known[b].links
            takers = {one for key in shared for pair in pairs for one in self._takers(key, *pair)}
            self.stage.hold((a, b), Hold.ANOTHERS, takers)

    def _tell_torn(
        self, a: int, b: int, strength: float, claims: Mapping[int, Mapping[int, int]]
    ) -> None:
        if self.stage is None:
            return
        for single, other in ((a, b), (b, a)):
            kinds = set(self._rivals(single, other, strength, claims[single]))
            rivals = {one for one in self._claimants(single) if self.kind[one] in kinds} - {other}
            if rivals:
                self.stage.hold((a, b), Hold.TORN, rivals, torn=single)

    def _tell_stuck(self, stuck: set[int], wants: Near, joins: Near) -> None:
        if self.stage is not None:
            for cluster in stuck:
                others = self._excluding(wants[cluster])
                for other in joins.get(cluster, ()):
                    self.stage.hold((cluster, other), Hold.EXCLUSIVE, others)

    def _tell_exclusive(self, group: set[int], joins: Near) -> None:
        if self.stage is not None:
            others = self._excluding(group)
            for pair in _pairs_within(group, joins):
                self.stage.hold(pair, Hold.EXCLUSIVE, others)

    def _tell_joined(self, group: set[int], joins: Near) -> None:
        if self.stage is not None:
            pairs = [(a, b, self._strength(a, b)) for a, b in _pairs_within(group, joins)]
            self.stage.joined(sorted(group), pairs)

    def _excluding(self, clusters: set[int]) -> set[int]:
        """Those among them that exclude another of them."""
        kinds = {kind for pair in self._exclusive(clusters) for kind in pair}
        return {one for one in clusters if self.kind[one] in kinds}


def _connected(joins: Near, stuck: set[int]) -> Iterator[set[int]]:
    """Several that lead to each other, without those that are stuck."""
    seen: set[int] = set()
    for start in sorted(joins):
        group: set[int] = set()
        front = {start} - stuck - seen
        while front:
            group |= front
            front = {near for one in front for near in joins[one]} - group - stuck
        seen |= group
        if len(group) > 1:
            yield group


def _pairs_within(group: set[int], joins: Near) -> list[tuple[int, int]]:
    """The pairs in a group; of a large one, in which everybody may want all, as few as connect."""
    if len(group) <= TOLD_WHOLE:
        return sorted((a, b) for a in group for b in joins[a] & group if a < b)
    pairs: list[tuple[int, int]] = []
    front = [min(group)]
    left = group - {*front}
    for one in front:
        near = sorted(joins[one] & left)
        left.difference_update(near)
        front += near
        pairs += ((one, other) for other in near)
    return pairs


def _shared(
    profiles: Mapping[int, Evidence], policy: Policy
) -> tuple[dict[int, frozenset[str]], dict[int, frozenset[str]]]:
    """What leads each of them to others, and its links that others have too."""
    holders = Counter(key for one in profiles.values() for key in (*one.links, *one.leads))
    shared = {key for key, count in holders.items() if count > 1}
    ways = {key for key in shared if namespace_of(key) in policy.leads}
    return (
        {place: (one.links | one.leads) & ways for place, one in profiles.items()},
        {place: one.links & shared for place, one in profiles.items()},
    )


def _last_use(known: Evidence, key: str) -> int | None:
    return max((at for used, at in known.used if used == key), default=None)


def _frozen(sets: Mapping[str, frozenset[str]]) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset(sets.items())
