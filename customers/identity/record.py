"""Record: the steps of a partition and what it held back, for whoever asks why.

Nothing is decided here: the partition tells, as it goes, what it does.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from customers.identity.evidence import Evidence

Key = TypeVar("Key", bound=Hashable)


class Part(NamedTuple, Generic[Key]):
    """Profiles that are one to begin with; `mixed` if they do not all tell the same."""

    keys: list[Key]
    known: Evidence
    mixed: bool = False

    def __or__(self, other: "Part[Key]") -> "Part[Key]":
        """Both as one, since people said so."""
        return Part([*self.keys, *other.keys], self.known | other.known, mixed=True)


@dataclass(frozen=True, slots=True)
class Join(Generic[Key]):
    """Two clusters that speak for being one, with so many bits, or of which somebody said so."""

    one: "Cluster[Key]"
    other: "Cluster[Key]"
    strength: float
    decision: str | None = None


@dataclass(eq=False, slots=True)
class Cluster(Generic[Key]):
    """A cluster as it stood: profiles of equal evidence, or what `joins` made of its `parts`."""

    known: Evidence
    keys: tuple[Key, ...] = ()
    parts: tuple["Cluster[Key]", ...] = ()
    joins: tuple[Join[Key], ...] = ()
    number: int = 0
    into: "Cluster[Key] | None" = None

    def nodes(self) -> Iterator["Cluster[Key]"]:
        """It and all that it was made of."""
        front = [self]
        while front:
            one = front.pop()
            yield one
            front += reversed(one.parts)

    def profiles(self) -> list[Key]:
        """The keys of its profiles."""
        return [key for one in self.nodes() for key in one.keys]

    def above(self) -> Iterator["Cluster[Key]"]:
        """It and all that it became part of, the last at the end."""
        one: Cluster[Key] | None = self
        while one is not None:
            yield one
            one = one.into


class Hold(StrEnum):
    """Why two are not joined for whom enough speaks."""

    TORN = "torn"  # what tells one thing, and others claim about as strongly
    EXCLUSIVE = "exclusive"  # with them others would join who exclude each other
    ANOTHERS = "anothers"  # what they share belongs to a third, who used it last


@dataclass(frozen=True, slots=True)
class Held(Generic[Key]):
    """What held two back: `torn` is which of them is claimed, `others` by whom, or who is meant."""

    why: Hold
    others: tuple[Cluster[Key], ...]
    torn: Cluster[Key] | None = None


@dataclass(slots=True)
class Stage(Generic[Key]):
    """One going through of a partition, with the clusters by their places as they stand.

    `held` is what the last pass held back, in which nothing joined.
    """

    now: dict[int, Cluster[Key]]
    first: int
    steps: list[Cluster[Key]] = field(default_factory=list)
    held: dict[frozenset[Cluster[Key]], Held[Key]] = field(default_factory=dict)

    def joined(self, group: Sequence[int], pairs: Iterable[tuple[int, int, float]]) -> None:
        """The clusters of `group` are one from now on, since these pairs of them are."""
        parts = tuple(self.now[place] for place in group)
        made = Cluster(
            reduce(or_, (part.known for part in parts)),
            parts=parts,
            joins=tuple(Join(self.now[a], self.now[b], bits) for a, b, bits in pairs),
            number=self.first + len(self.steps),
        )
        for part in parts:
            part.into = made
        for place in group[1:]:
            del self.now[place]
        self.now[group[0]] = made
        self.steps.append(made)

    def hold(
        self, pair: tuple[int, int], why: Hold, others: Iterable[int], torn: int | None = None
    ) -> None:
        """Two are not joined; of several reasons the first counts."""
        a, b = (self.now[place] for place in pair)
        found = tuple(self.now[place] for place in sorted(set(others)))
        held = Held(why, found, None if torn is None else self.now[torn])
        self.held.setdefault(frozenset((a, b)), held)


class Record(Generic[Key]):
    """How a partition came about: its steps in their order, and the profiles it began with."""

    def __init__(self, always: Mapping[str, frozenset[Key]] = MappingProxyType({})) -> None:
        """Nothing has happened yet; `always` are the profiles that people joined, by decision."""
        self.always = always
        self.stages: list[Stage[Key]] = []
        self.leaves: dict[Key, Cluster[Key]] = {}

    def leaves_are(self, parts: Iterable[Part[Key]]) -> None:
        """Profiles of equal evidence, before anything is joined."""
        for part in parts:
            leaf = Cluster(part.known, keys=tuple(part.keys))
            self.leaves |= dict.fromkeys(part.keys, leaf)

    def begin(self, parts: Iterable[Part[Key]]) -> Stage[Key]:
        """A going through that begins with these: leaves, clusters, and what people joined."""
        first = 1 + sum(len(one.steps) for one in self.stages)
        stage: Stage[Key] = Stage({}, first)
        for place, part in enumerate(parts):
            found = list(dict.fromkeys(map(self.cluster, part.keys)))
            if len(found) > 1:
                found = [self._said(found, part.known, first + len(stage.steps))]
                stage.steps += found
            [stage.now[place]] = found
        self.stages.append(stage)
        return stage

    def _said(self, parts: Sequence[Cluster[Key]], known: Evidence, number: int) -> Cluster[Key]:
        """Clusters as one, since people said so: each of their decisions joins whom it is about.

        Two may be joined by way of a profile that comes in later: a decision about the second of
        them and that profile stands for it.
        """
        joins: list[Join[Key]] = []
        for decision, keys in sorted(self.always.items()):
            about = [one for one in parts if not keys.isdisjoint(one.profiles())]
            joins += (Join(about[0], one, 0.0, decision) for one in about[1:])
        met = reached(parts[0], joins)
        for part in parts:
            if part not in met:
                profiles = part.profiles()
                decision = min(
                    one for one, keys in self.always.items() if not keys.isdisjoint(profiles)
                )
                joins.append(Join(parts[0], part, 0.0, decision))
                met |= reached(part, joins)
        made = Cluster(known, parts=tuple(parts), joins=tuple(joins), number=number)
        for part in parts:
            part.into = made
        return made

    def cluster(self, key: Key) -> Cluster[Key]:
        """The cluster that a profile is in at the end."""
        *_, last = self.leaves[key].above()
        return last

    def clusters(self) -> list[Cluster[Key]]:
        """The clusters at the end."""
        return list(dict.fromkeys(map(self.cluster, self.leaves)))

    def decided(
        self, a: Cluster[Key], b: Cluster[Key]
    ) -> tuple[Cluster[Key], Cluster[Key], Held[Key] | None]:
        """Two that are apart as they were when that was decided for good, and what held them back.

        Those whose sources are trusted are decided on before others come in.
        """
        for stage in self.stages:
            ended = set(stage.now.values())
            one, other = (
                next((node for node in whole.nodes() if node in ended), None) for whole in (a, b)
            )
            if one is not None and other is not None:
                return one, other, stage.held.get(frozenset((one, other)))
        raise ValueError("clusters of another partition")


def reached(
    start: Cluster[Key], joins: Iterable[Join[Key]]
) -> dict[Cluster[Key], tuple[Cluster[Key], Join[Key]] | None]:
    """The clusters to which joins lead from one, each with the one from which it was reached."""
    near: dict[Cluster[Key], list[tuple[Cluster[Key], Join[Key]]]] = defaultdict(list)
    for join in joins:
        near[join.one].append((join.other, join))
        near[join.other].append((join.one, join))
    came: dict[Cluster[Key], tuple[Cluster[Key], Join[Key]] | None] = {start: None}
    front = [start]
    for one in front:
        for other, join in near[one]:
            if other not in came:
                came[other] = one, join
                front.append(other)
    return came
