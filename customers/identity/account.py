"""Account: what a replay says of two profiles, before it is shown to anybody. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from customers.identity.evidence import VETO
from customers.identity.explanation import Reason
from customers.identity.record import Held
from customers.identity.replay import Apart, Hop, Replay, Step
from customers.identity.weighed import Says, Sides, Weighed, unheeded, weighed

# Pairs of customers that are looked at where what is asked for is several.
PAIRS = 20


@dataclass(frozen=True, slots=True)
class StepTold:
    """A step with the profiles on its sides and what spoke for it."""

    step: Step
    sides: Sides
    weighed: Sequence[Weighed]

    def profiles(self) -> set[str]:
        """The keys of all profiles that are shown by name."""
        return {self.sides.one[0], self.sides.other[0], *(key for key, _ in _says(self.weighed))}

    def identifiers(self) -> set[str]:
        """The keys of all identifiers that are shown, and values besides."""
        return {value for _, value in _says(self.weighed)}


@dataclass(frozen=True, slots=True)
class RivalTold:
    """Whoever keeps two apart, as the profiles of a cluster, and its bits with the claimed one."""

    profiles: Sequence[str]
    score: float | None


@dataclass(frozen=True, slots=True)
class Account:
    """What is told of two profiles: a way of `hops` and `steps`, or why they are `apart`."""

    a: str
    b: str
    reason: Reason
    hops: Sequence[Hop] = ()
    steps: Sequence[StepTold] = ()
    apart: Apart | None = None
    sides: Sides | None = None
    weighed: Sequence[Weighed] = ()
    torn: Sequence[str] = ()
    rivals: Sequence[RivalTold] = ()

    def profiles(self) -> set[str]:
        """The keys of all profiles that are shown by name."""
        found = {self.a, self.b, *self.torn[:1]}
        found |= {key for hop in self.hops for key in (hop.one, hop.other)}
        found |= {one.profiles[0] for one in self.rivals}
        if self.sides is not None:
            found |= {self.sides.one[0], self.sides.other[0]}
        found |= {key for key, _ in _says(self.weighed)}
        return found.union(*(told.profiles() for told in self.steps))

    def identifiers(self) -> set[str]:
        """The keys of all identifiers that are shown, and values besides."""
        found = {hop.via for hop in self.hops} | {value for _, value in _says(self.weighed)}
        return found.union(*(told.identifiers() for told in self.steps))


def _says(found: Iterable[Weighed]) -> Iterator[Says]:
    for one in found:
        yield from (*one.ours, *one.theirs)


def account(replay: Replay, a: Collection[str], b: Collection[str]) -> Account:
    """Why any profile of `a` and any of `b` are one customer, or why none of them are.

    Of several that are one, those of the lowest numbers; of several that are not, those for whom
    most speaks.
    """
    first, second = (sorted(keys, key=lambda key: replay.members[key].number) for keys in (a, b))
    if same := next((key for key in first if key in b), None):
        return Account(same, same, Reason.SAME)
    theirs = {replay.cluster(key): key for key in reversed(second)}
    for key in first:
        if (other := theirs.get(replay.cluster(key))) is not None:
            return _linked(replay, key, other)
    mine = {replay.cluster(key): key for key in reversed(first)}
    found = [replay.apart(*pair) for pair in islice(product(mine.values(), theirs.values()), PAIRS)]
    return _apart(replay, max(found, key=lambda one: VETO if one.score is None else one.score))


def told(replay: Replay, steps: Iterable[Step]) -> list[StepTold]:
    """Steps with what spoke for them."""
    found = []
    for step in steps:
        sides = Sides.of(replay, step.one, step.other)
        pieces = replay.pieces(step.one, step.other) if step.decision is None else ()
        found.append(StepTold(step, sides, weighed(replay, sides, pieces)))
    return found


def _linked(replay: Replay, a: str, b: str) -> Account:
    hops = replay.route(a, b)
    steps = sorted(dict.fromkeys(hop.step for hop in hops), key=lambda step: step.number)
    return Account(a, b, Reason.JOINED, hops, told(replay, steps))


def _apart(replay: Replay, found: Apart) -> Account:
    sides = Sides.of(replay, found.one, found.other)
    pieces = (*weighed(replay, sides, found.shown(replay)), *unheeded(replay, sides))
    return Account(
        found.a,
        found.b,
        _reason(replay, found),
        apart=found,
        sides=sides,
        weighed=pieces,
        torn=_numbered(replay, found.held.torn.profiles())
        if found.held and found.held.torn
        else (),
        rivals=list(_rivals(replay, found.held)) if found.held else (),
    )


def _reason(replay: Replay, found: Apart) -> Reason:
    if found.score is None:
        return Reason.VETO
    if not found.joint:
        return Reason.NOTHING_SHARED
    if found.score < replay.policy.merge_bits:
        return Reason.TOO_LITTLE
    if found.held is None:
        if found.one.known.trusted or found.other.known.trusted:
            raise ValueError("nothing holds back two for whom enough speaks")
        return Reason.FLOODED
    return Reason(found.held.why.value)


def _rivals(replay: Replay, held: Held[str]) -> Iterator[RivalTold]:
    for one in held.others:
        score = replay.score(held.torn, one) if held.torn is not None else None
        yield RivalTold(_numbered(replay, one.profiles()), score)


def _numbered(replay: Replay, keys: Iterable[str]) -> list[str]:
    return sorted(keys, key=lambda key: replay.members[key].number)
