"""Draft: what the graph would be with decisions that are not written yet.

Deciding and previewing are the same up to the write: a draft only reads.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from customers.decisions.asked import (
    Accept,
    Asked,
    Block,
    Dismiss,
    KeepApart,
    Merge,
    OnMatch,
    ProfileRef,
    Refused,
    RefusedError,
    Snooze,
    Split,
    Withdraw,
)
from customers.identity.component import (
    Held,
    Member,
    Run,
    bring,
    holders,
    of_customers,
    of_profiles,
    take_long,
)
from customers.identity.decided import (
    ALWAYS,
    BLOCKED,
    DISMISSED,
    NEVER,
    REST,
    SNOOZED,
    SPLIT,
    Decided,
    Decisions,
)
from customers.identity.evidence import namespace_of
from customers.identity.matched import Word
from customers.identity.people import is_generic
from customers.identity.policy import Policy
from customers.identity.resolve import Resolution, resolve, waiting
from customers.ingest.writer import stored_identifiers
from customers.together import aside
from cypher import Row, load

AROUND = load("decisions/around")
BY_IDS = load("decisions/by_ids")
TARGETS = load("decisions/targets")
IDENTIFIERS = load("decisions/identifiers")
MATCHES = load("matches/by_ids")

TWO = 2
# Decisions that a refusal names.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that is to be written: profiles with their sides, or an identifier.

    Of what is said of a possible match the sides are the evidence.
    """

    id: str
    kind: str
    profiles: Mapping[str, str]
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that is to be withdrawn: the profiles it is about, or the identifier as it is."""

    id: str
    profiles: Collection[str] = ()
    identifier: Held | None = None


class _Matched(NamedTuple):
    """A possible match: its customers, its evidence, and the last word on it."""

    customers: Sequence[str]
    evidence: str
    decision: str | None


class Draft:
    """Decisions one after the other, and what they lead to all together.

    `resolution` is what must be written so that the graph is as they want it; `members` are the
    profiles whose components they touch, by key, still with the customers that they have.
    """

    def __init__(self, run: Run, policy: Policy, now: int) -> None:
        """Read by `run`, decide by `policy`."""
        self.run, self.policy, self.now = run, policy, now
        self.members: dict[str, Member] = {}
        self.made: list[Made] = []
        self.undone: list[Undone] = []
        self.resolution = Resolution()
        # Profiles that decisions were about, besides those that they led to.
        self.named: set[str] = set()
        self._identifiers: dict[str, Held] = {}

    def customer_of(self, key: str) -> str | None:
        """The customer that a profile of the draft would have."""
        return self.resolution.customer_of.get(key) or self.members[key].customer

    async def take(self, asked: Asked, id: str) -> None:
        """Decide one thing more, by a decision of this id.

        Raises:
            RefusedError: it cannot be decided; the draft is as it was.
        """
        match asked:
            case Merge(profiles):
                await self._merge(profiles, id)
            case Split(profiles):
                await self._split(profiles, id)
            case Block(identifier):
                await self._block(identifier, id)
            case Withdraw(decision):
                await self._withdraw(decision)
            case Accept():
                pair = await self._match(asked)
                await self._merge([ProfileRef(born=one) for one in pair.customers], id)
            case KeepApart():
                await self._part((await self._match(asked)).customers, id)
            case Dismiss():
                await self._say(await self._match(asked), DISMISSED, id)
            case Snooze(until=until):
                await self._say(await self._match(asked), SNOOZED, id, until)

    async def _merge(self, refs: Sequence[ProfileRef], id: str) -> None:
        named = await self._named(refs)
        if len(named) < TWO:
            raise RefusedError(
                Refused("PROFILES_TOO_FEW", "It takes two profiles to be one.", ("profiles",))
            )
        said = Decisions.of({key: one.decided for key, one in named.items()}).always
        if already := sorted(one for one, keys in said.items() if keys == named.keys()):
            raise RefusedError(
                Refused("ALREADY_MERGED", f"{already[0]} says so already.", ("profiles",))
            )
        made = Made(id, ALWAYS, dict.fromkeys(named, ""))
        await self._check(made, named)
        await self._settle(_noted(named, made))
        self._keep(made)

    async def _split(self, refs: Sequence[ProfileRef], id: str) -> None:
        named = await self._named(refs)
        customers = {self._now_of(one) for one in named.values()}
        if len(customers) > 1:
            raise RefusedError(
                Refused(
                    "SEVERAL_CUSTOMERS",
                    "These profiles are of several customers: split those of one at a time.",
                    ("profiles",),
                )
            )
        others = await self._of_customer(customers.pop())
        rest = {key: one for key, one in others.items() if key not in named}
        if not rest:
            raise RefusedError(
                Refused(
                    "NOTHING_TO_SPLIT", "These are all profiles of their customer.", ("profiles",)
                )
            )
        made = Made(id, NEVER, dict.fromkeys(named, SPLIT) | dict.fromkeys(rest, REST))
        await self._check(made, named | rest)
        await self._settle(_noted(named | rest, made))
        self._keep(made)

    async def _match(self, asked: OnMatch) -> _Matched:
        """The possible match that is meant.

        Raises:
            RefusedError: there is none any more, or it is of other evidence than was seen.
        """
        rows = await self.run(MATCHES, ids=[asked.match])
        if not rows:
            raise RefusedError(
                Refused("MATCH_UNKNOWN", f"There is no possible match {asked.match}.", ("id",))
            )
        [row] = rows
        if asked.evidence not in (None, row["evidence"]):
            raise RefusedError(
                Refused(
                    "MATCH_CHANGED",
                    "What speaks for this match is no longer what you saw: look at it again.",
                    ("evidence",),
                )
            )
        pair = tuple(one["id"] for one in row["customers"])
        return _Matched(pair, row["evidence"], row["decision"])

    async def _part(self, customers: Sequence[str], id: str) -> None:
        """Keep all profiles of one customer from all of the other."""
        rest, named = [await self._of_customer(one) for one in customers]
        made = Made(id, NEVER, dict.fromkeys(named, SPLIT) | dict.fromkeys(rest, REST))
        await self._check(made, named | rest)
        await self._settle(_noted(named | rest, made))
        self._keep(made)

    async def _say(self, match: _Matched, kind: str, id: str, until: int = 0) -> None:
        """Say something of a match; what was said of it before holds no longer."""
        word = Word(kind, id, match.evidence, until)
        named = await self._named([ProfileRef(born=one) for one in match.customers])
        made = Made(id, kind, dict.fromkeys(named, word.side()))
        before: set[str] = set()
        if match.decision is not None:
            before = {row["profile"] for row in await self.run(TARGETS, ids=[match.decision])}
            named |= await self._of_keys(before - named.keys())
            self.undone.append(Undone(match.decision, profiles=before))
        await self._settle(_noted(_without(named, match.decision), made))
        self._keep(made)

    async def _block(self, key: str | None, id: str) -> None:
        row = await self._identifier(key) if key is not None else None
        if row is None or key is None:
            raise RefusedError(
                Refused("IDENTIFIER_UNKNOWN", "No record ever named this identifier.", ("value",))
            )
        by = next((one.id for one in self.made if one.identifier == key), row["blockedBy"])
        if by is not None and by not in {one.id for one in self.undone}:
            raise RefusedError(Refused("ALREADY_BLOCKED", f"{by} blocks it already.", ("value",)))
        held = Held(key, row["people"], generic=True, holders=row["holders"])
        await self._turn(held, was_generic=row["generic"])
        self._keep(Made(id, BLOCKED, {}, key))

    async def _withdraw(self, id: str) -> None:
        rows = await self.run(BY_IDS, ids=[id])
        if not rows:
            raise RefusedError(Refused("DECISION_UNKNOWN", f"There is no decision {id}.", ("id",)))
        if rows[0]["withdrawnAt"] is not None or id in {one.id for one in self.undone}:
            raise RefusedError(
                Refused("ALREADY_WITHDRAWN", f"{id} was withdrawn already.", ("id",))
            )
        if rows[0]["kind"] == BLOCKED:
            [found] = await self.run(IDENTIFIERS, ids=[id])
            row = await self._identifier(found["key"])
            assert row is not None  # noqa: S101 - what is blocked stays
            held = Held(
                row["key"], row["people"], _generic(row, self.policy), holders=row["holders"]
            )
            await self._turn(held, was_generic=True)
            self.undone.append(Undone(id, identifier=held))
            return
        keys = {row["profile"] for row in await self.run(TARGETS, ids=[id])}
        found_now = await self._of_keys(keys)
        await self._settle(_without(found_now, id))
        self.undone.append(Undone(id, profiles=keys))

    def _keep(self, made: Made) -> None:
        self.made.append(made)

    async def _named(self, refs: Sequence[ProfileRef]) -> dict[str, Member]:
        """The profiles that are named, by key.

        Raises:
            RefusedError: some are not there.
        """
        keys = {one.key for one in refs if one.key is not None}
        born = {one.born for one in refs if one.born is not None}
        brought = await of_profiles(self.run, keys, born)
        found = {key: self.members.get(key, one) for key, one in brought.items()}
        by_birth = {one.customer_id: one for one in found.values()}
        unknown = [
            Refused("PROFILE_UNKNOWN", "There is no such profile.", ("profiles", str(place)))
            for place, one in enumerate(refs)
            if (one.key or "") not in found and (one.born or "") not in by_birth
        ]
        if unknown:
            raise RefusedError(*unknown)
        return found

    async def _of_keys(self, keys: Iterable[str]) -> dict[str, Member]:
        brought = await of_profiles(self.run, keys)
        return {key: self.members.get(key, one) for key, one in brought.items()}

    def _now_of(self, one: Member) -> str | None:
        return self.customer_of(one.key) if one.key in self.members else one.customer

    async def _of_customer(self, customer: str | None) -> dict[str, Member]:
        """The profiles of a customer; who is in the draft is there with all of its customer."""
        drafted = {
            key: one for key, one in self.members.items() if self.customer_of(key) == customer
        }
        if drafted or customer is None:
            return drafted
        return await of_customers(self.run, [customer])

    async def _identifier(self, key: str) -> Row | None:
        rows = await stored_identifiers(self.run, [key])
        return rows[0] if rows else None

    async def _turn(self, held: Held, *, was_generic: bool) -> None:
        """An identifier turns generic or back; where that is so already nobody is asked for."""
        was = self._identifiers.get(held.key)
        self._identifiers[held.key] = held
        if held.generic != (was_generic if was is None else was.generic):
            brought = await holders(self.run, [held.key], now=self._identifiers, known=self.members)
            mine = {
                key: one
                for key, one in self.members.items()
                if any(link.key == held.key for link in one.held)
            }
            await self._settle(brought | mine)

    async def _settle(self, touched: Mapping[str, Member]) -> None:
        """Decide again on the components of the draft, and on those of `touched`."""
        self.named |= touched.keys()
        seeds = {
            key: one.with_counts(self._identifiers)
            for key, one in (self.members | dict(touched)).items()
        }
        members, beyond = await bring(
            self.run, seeds, self.policy, now=self._identifiers, limit=self.policy.component_limit
        )
        kept = {one.customer for one in beyond.values() if one.customer is not None}
        work = partial(resolve, members, (), self.policy, self.now, kept=kept)
        decided = await aside(work, threaded=take_long(members, self.policy))
        if beyond:
            decided |= waiting(beyond, self.named, self.policy)
        self.members, self.resolution = members | beyond, decided

    async def _check(self, made: Made, about: Mapping[str, Member]) -> None:
        """Refuse a decision that others contradict; `about` are the profiles that it is about.

        Raises:
            RefusedError: names them.
        """
        found = await self._around(made, about)
        for joined, never in found.contradictions():
            ways = sorted(one for one, keys in found.always.items() if keys <= joined)
            told = [f"{one} joins" for one in ways if one != made.id][:NAMED]
            if never != made.id:
                told.append(f"{never} keeps apart")
            raise RefusedError(
                Refused(
                    "DECISION_CONTRADICTED",
                    f"Other decisions say otherwise of some of these profiles: {', '.join(told)}. "
                    "Withdraw what no longer holds, or leave it.",
                    ("profiles",),
                )
            )

    async def _around(self, made: Made, about: Mapping[str, Member]) -> Decisions[str]:
        """The decisions in force on the profiles of one, and on all whom people joined to them.

        Nobody asks for those of a profile that has no note of any.
        """
        bare = {key for key, one in about.items() if not one.decided}
        undone = {one.id for one in self.undone}
        known = {one.id: (one.kind, one.profiles) for one in (*self.made, made)}
        asked: set[str] = set()
        while frontier := _reached(made, known) - asked:
            asked |= frontier
            noted = sorted(frontier - bare)
            for row in await self.run(AROUND, profiles=noted) if noted else ():
                if row["id"] not in undone:
                    sides = {one["profile"]: one["side"] or "" for one in row["sides"]}
                    known[row["id"]] = row["kind"], sides
        return Decisions.of(_by_profile(known))


def _reached(made: Made, known: Mapping[str, tuple[str, Mapping[str, str]]]) -> set[str]:
    """The profiles of a decision, and those whom people joined to them as far as it is known."""
    reached = set(made.profiles)
    joins = [sides.keys() for kind, sides in known.values() if kind == ALWAYS]
    while more := [keys for keys in joins if not reached.isdisjoint(keys) and not keys <= reached]:
        reached.update(*more)
    return reached


def _by_profile(known: Mapping[str, tuple[str, Mapping[str, str]]]) -> dict[str, list[Decided]]:
    found: dict[str, list[Decided]] = {}
    for decision, (kind, sides) in known.items():
        for key, side in sides.items():
            found.setdefault(key, []).append(Decided(kind, decision, side))
    return found


def _noted(members: Mapping[str, Member], made: Made) -> dict[str, Member]:
    """The profiles that a decision is about with the decision noted at them."""
    return {
        key: one._replace(decided=(*one.decided, Decided(made.kind, made.id, made.profiles[key])))
        if key in made.profiles
        else one
        for key, one in members.items()
    }


def _without(members: Mapping[str, Member], decision: str | None) -> dict[str, Member]:
    """The profiles without the note of a decision."""
    return {
        key: one._replace(decided=tuple(x for x in one.decided if x.decision != decision))
        for key, one in members.items()
    }


def _generic(row: Row, policy: Policy) -> bool:
    """Whether an identifier is generic unless somebody blocks it."""
    counted = namespace_of(row["key"]) in policy.counted
    return counted and is_generic(row["people"] or 1, row["value"], policy)
