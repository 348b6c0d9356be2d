"""Weighed: pieces of evidence with what each side says, and which of its profiles say so. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from customers.identity.component import Member
from customers.identity.evidence import NOTHING, Evidence, Piece, Rule, namespace_of
from customers.identity.policy import ADDRESS, OURS
from customers.identity.replay import Group, Replay

# Values, or holders of one, that are shown of a side.
SHOWN = 3

# A profile's key, and the identifier's key or the compared value that it has.
Says: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A piece of evidence and who says so; `about` is a namespace, a field or a blocking key.

    `held` is whether what they have are identifiers.
    """

    rule: Rule
    about: str
    bits: float
    identifier: str | None = None
    people: int | None = None
    held: bool = False
    ours: tuple[Says, ...] = ()
    theirs: tuple[Says, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """The profiles of two clusters, the lowest numbers first, and what is known of each."""

    one: Sequence[str]
    other: Sequence[str]
    known: tuple[Evidence, Evidence]

    @classmethod
    def of(cls, replay: Replay, one: Group, other: Group) -> "Sides":
        """Those of two clusters; of one alone its first profile and the rest."""
        mine, theirs = (
            sorted(cluster.profiles(), key=lambda key: replay.members[key].number)
            for cluster in (one, other)
        )
        if one is other:
            mine, theirs = mine[:1], mine[1:]
        return cls(mine, theirs, (one.known, other.known))


def weighed(replay: Replay, sides: Sides, found: Iterable[Piece]) -> tuple[Weighed, ...]:
    """Pieces of evidence between two clusters."""
    return tuple(_weighed(replay, sides, piece) for piece in found)


def _weighed(replay: Replay, sides: Sides, piece: Piece) -> Weighed:
    rule, about, bits = piece
    namespace = namespace_of(about)
    if namespace == ADDRESS:
        # Of one house: told as the field that says so.
        field, place = replay.policy.addresses[0], about.partition("|")[2]
        return Weighed(rule, field, bits, None, None, False, *_told(replay, sides, field, {place}))
    if namespace != about:
        people = replay.people.get(about)
        return Weighed(rule, namespace, bits, about, people, True, *_held(replay, sides, {about}))
    if about in replay.policy.fields and rule not in (Rule.OTHERS, Rule.SLIP, Rule.OTHER_UNIQUE):
        return Weighed(rule, about, bits, None, None, False, *_told(replay, sides, about, None))
    if about:
        keys = frozenset().union(*(known.held.get(about, NOTHING) for known in sides.known))
        return Weighed(rule, about, bits, None, None, True, *_held(replay, sides, keys))
    return Weighed(rule, about, bits)


def unheeded(replay: Replay, sides: Sides) -> tuple[Weighed, ...]:
    """What both sides have that links nobody: generic, or of a namespace without weight."""
    mine, theirs = (
        {held.key: held for key in keys for held in replay.members[key].held}
        for keys in (sides.one, sides.other)
    )
    counted = sides.known[0].links | sides.known[0].leads
    found = []
    for key in sorted((mine.keys() & theirs.keys()) - counted):
        if namespace_of(key) == ADDRESS:
            continue  # told as what is left of it
        rule = Rule.GENERIC if mine[key].generic else Rule.UNCOUNTED
        says = _held(replay, sides, {key})
        namespace = namespace_of(key)
        identifier = None if namespace.startswith(OURS) else key
        about = namespace.removeprefix(OURS)
        found.append(Weighed(rule, about, 0.0, identifier, mine[key].people, True, *says))
    return tuple(found)


def _held(
    replay: Replay, sides: Sides, keys: Iterable[str]
) -> tuple[tuple[Says, ...], tuple[Says, ...]]:
    """Who holds any of these identifiers, on each side."""

    def of(member: Member) -> Iterable[str]:
        return (held.key for held in member.held)

    values = sorted(keys)
    return _says(replay, sides.one, of, values), _says(replay, sides.other, of, values)


def _told(
    replay: Replay, sides: Sides, field: str, wanted: Iterable[str] | None
) -> tuple[tuple[Says, ...], tuple[Says, ...]]:
    """Who says which value of a field, on each side; what both say comes first."""
    mine, theirs = (known.fields.get(field, NOTHING) for known in sides.known)
    first, second = (
        sorted(values, key=lambda value: (value not in mine & theirs, value))
        if wanted is None
        else wanted
        for values in (mine, theirs)
    )

    def of(member: Member) -> Iterable[str]:
        return member.compared(replay.policy).get(field, NOTHING)

    return _says(replay, sides.one, of, first), _says(replay, sides.other, of, second)


def _says(
    replay: Replay,
    profiles: Sequence[str],
    of: Callable[[Member], Iterable[str]],
    values: Iterable[str],
) -> tuple[Says, ...]:
    """The first values with the first profile that has each; of one value, the first that do."""
    wanted = list(values)
    if len(wanted) == 1:
        found = [(key, wanted[0]) for key in profiles if wanted[0] in of(replay.members[key])]
        return tuple(found[:SHOWN])
    first: dict[str, str] = {}
    for key in profiles:
        for value in of(replay.members[key]):
            first.setdefault(value, key)
    return tuple((first[value], value) for value in wanted if value in first)[:SHOWN]
