"""Decided: what people said of profiles. It beats every score, and is never worked out again."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)

ALWAYS, NEVER, BLOCKED = "alwaysLink", "neverLink", "blocked"
# What people said of a possible match, which joins and parts nobody.
DISMISSED, SNOOZED = "dismissed", "snoozed"
# The two sides of what is never linked: those who were split off, and whom they were split from.
SPLIT, REST = "split", "rest"


class Decided(NamedTuple):
    """A decision on a profile, as it is noted there; `side` is "" where there are no sides.

    Of a possible match that was dismissed or snoozed it is the evidence that this was said of.
    """

    kind: str
    decision: str
    side: str = ""

    @classmethod
    def loads(cls, text: str) -> "Decided":
        """Read what `dumps` wrote."""
        return cls(*text.split("|"))

    def dumps(self) -> str:
        """The note."""
        return "|".join(self)


class Never(NamedTuple, Generic[Key]):
    """Two sets of profiles: no customer may have some of both."""

    split: frozenset[Key]
    rest: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Decisions(Generic[Key]):
    """The decisions in force on some profiles, by id."""

    always: Mapping[str, frozenset[Key]] = field(default_factory=dict)
    never: Mapping[str, Never[Key]] = field(default_factory=dict)

    @classmethod
    def of(cls, decided: Mapping[Key, Iterable[Decided]]) -> "Decisions[Key]":
        """The decisions that are noted at profiles."""
        always: dict[str, set[Key]] = defaultdict(set)
        sides: dict[str, dict[str, set[Key]]] = defaultdict(lambda: {SPLIT: set(), REST: set()})
        for key, notes in decided.items():
            for one in notes:
                if one.kind == ALWAYS:
                    always[one.decision].add(key)
                elif one.kind == NEVER:
                    sides[one.decision][one.side].add(key)
        return cls(
            {decision: frozenset(keys) for decision, keys in always.items()},
            {
                decision: Never(frozenset(found[SPLIT]), frozenset(found[REST]))
                for decision, found in sides.items()
            },
        )

    def closures(self) -> list[frozenset[Key]]:
        """Profiles that people joined, one by one or in a chain."""
        return united(self.always.values())

    def contradictions(self) -> list[tuple[frozenset[Key], str]]:
        """Profiles that people joined, some of them on either side of the decision named."""
        return [
            (joined, decision)
            for joined in self.closures()
            for decision, never in self.never.items()
            if not joined.isdisjoint(never.split) and not joined.isdisjoint(never.rest)
        ]

    def joined(self) -> list[frozenset[Key]]:
        """Profiles that people joined, but for those whom a decision keeps apart.

        Nobody can make such decisions: a row that was erased may bring them about when it returns.
        """
        wrong = {joined for joined, _ in self.contradictions()}
        return [joined for joined in self.closures() if joined not in wrong]

    def sides(self) -> dict[Key, frozenset[tuple[str, str]]]:
        """On which side of which decision each profile is that must be kept from others."""
        found: dict[Key, set[tuple[str, str]]] = defaultdict(set)
        for decision, never in self.never.items():
            for side, keys in zip((SPLIT, REST), never, strict=True):
                for key in keys:
                    found[key].add((decision, side))
        return {key: frozenset(sides) for key, sides in found.items()}


def apart(ours: frozenset[tuple[str, str]], theirs: frozenset[tuple[str, str]]) -> str | None:
    """The decision that has the one on the one side and the other on the other, if there is one."""
    found = (
        decision
        for decision, side in ours
        if (decision, REST if side == SPLIT else SPLIT) in theirs
    )
    return min(found, default=None)


def united(sets: Iterable[Collection[Key]]) -> list[frozenset[Key]]:
    """The sets, those with a key in common as one; of two keys and more."""
    of: dict[Key, set[Key]] = {}
    for one in sets:
        whole: set[Key] = set(one)
        for part in {id(of[key]): of[key] for key in one if key in of}.values():
            whole |= part
        of.update(dict.fromkeys(whole, whole))
    distinct: Sequence[set[Key]] = list({id(whole): whole for whole in of.values()}.values())
    return [frozenset(whole) for whole in distinct if len(whole) > 1]
