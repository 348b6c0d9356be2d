"""Component: profiles that reach each other through identifiers that are not generic."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from customers.identity.evidence import Evidence, evidence, namespace_of
from customers.identity.policy import Policy
from customers.traits import Traits, compared, loads
from cypher import Row, load

HOLDERS = load("identity/holders")
NUMBERED = load("identity/numbered")

Run = Callable[..., Awaitable[list[Row]]]


@dataclass(frozen=True, slots=True)
class Held:
    """An identifier as one of its holders sees it."""

    key: str
    people: int | None
    generic: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A profile in a component; `customer` is the one it belongs to now, None while it is new."""

    key: str
    number: int
    customer_id: str
    source: str
    traits: Traits
    customer: str | None
    held: tuple[Held, ...]

    def evidence(self, policy: Policy) -> Evidence:
        """What the partition knows of the profile."""
        keys = (held.key for held in self.held if not held.generic)
        return evidence(keys, compared(self.traits, policy), policy)

    def at(self, now: Mapping[str, Held]) -> "Member":
        """The profile with its identifiers as they are in `now`, where they are there."""
        if not any(held.key in now for held in self.held):
            return self
        return replace(self, held=tuple(now.get(held.key, held) for held in self.held))

    def leads(self, policy: Policy) -> Iterable[str]:
        """The identifiers through which it reaches others."""
        return (
            held.key
            for held in self.held
            if not held.generic and namespace_of(held.key) in policy.links
        )


def member(row: Row) -> Member:
    """One of the members that `identity/members` gives."""
    return Member(
        key=row["key"],
        number=row["number"],
        customer_id=row["customerId"],
        source=row["source"],
        traits=loads(row["traits"]),
        customer=row["customer"],
        held=tuple(
            Held(link["key"], link["people"], link["generic"])
            for link in row["links"]
            if link["key"] is not None
        ),
    )


async def holders(run: Run, identifiers: Iterable[str]) -> dict[str, Member]:
    """The profiles that hold any of `identifiers`, by key."""
    [row] = await run(HOLDERS, identifiers=sorted(identifiers))
    return {found["key"]: member(found) for found in row["members"]}


async def numbered(run: Run, after: int, to: int) -> dict[str, Member]:
    """The profiles with a number in `(after, to]`, by key."""
    [row] = await run(NUMBERED, after=after, to=to)
    return {found["key"]: member(found) for found in row["members"]}


async def bring(
    run: Run,
    seeds: Mapping[str, Member],
    policy: Policy,
    *,
    now: Mapping[str, Held] = MappingProxyType({}),
    complete: Collection[str] = (),
) -> dict[str, Member]:
    """All members of the components of `seeds`, breadth first, one statement a hop.

    `now` are identifiers as they are about to be written, which the graph does not have yet. Of
    those in `complete` all holders are among the seeds: nobody need ask for them.
    Variable-length paths are not used: they enumerate paths, and cut silently at their bound.
    """
    members = dict(seeds)
    asked = set(complete)
    frontier: Iterable[Member] = list(members.values())
    while wanted := {key for one in frontier for key in one.leads(policy)} - asked:
        asked |= wanted
        held = await holders(run, wanted)
        fresh = [one.at(now) for key, one in held.items() if key not in members]
        members.update((one.key, one) for one in fresh)
        frontier = fresh
    return members


def components(members: Mapping[str, Member], policy: Policy) -> list[list[Member]]:
    """The members by component, each in the order of the profiles' numbers."""
    root = {key: key for key in members}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    first: dict[str, str] = {}
    for one in members.values():
        for identifier in one.leads(policy):
            root[find(one.key)] = find(first.setdefault(identifier, one.key))
    found: dict[str, list[Member]] = {}
    for one in sorted(members.values(), key=lambda one: one.number):
        found.setdefault(find(one.key), []).append(one)
    return list(found.values())
