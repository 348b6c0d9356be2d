"""Component: profiles that reach each other through identifiers that are not generic."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Container, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from customers.identity.compared import Fields, compared
from customers.identity.corrected import Corrected
from customers.identity.decided import ALWAYS, Decided
from customers.identity.evidence import Evidence, evidence, namespace_of
from customers.identity.people import Told, told_by
from customers.identity.policy import Policy
from customers.stats.facts import NOTHING
from customers.together import AT_ONCE, aside, meanwhile, together
from customers.traits import loads
from cypher import Row, load

HOP = load("identity/hop")
HOLDERS = load("identity/holders")
NUMBERED = load("identity/numbered")
CUSTOMER_MEMBERS = load("identity/customer_members")
PROFILE_MEMBERS = load("identity/profile_members")
DECIDED_MEMBERS = load("identity/decided_members")
MEMBERS_BY_ID = load("identity/members_by_id")

Run = Callable[..., Awaitable[list[Row]]]
# All pairs of those who hold one identifier are looked at: 30 who all differ take 19 ms, 100 half a
# second. Members of whom fewer share one take 0.08 ms each.
SHARED_AT_ONCE = 30
# Of longer traits what is compared is read each time: whoever may write could fill the memory.
REMEMBERED = 4_096


class Held(NamedTuple):
    """An identifier as one of its holders sees it; `used` is when it was last seen with it.

    `holders` counts the links to it, open and closed; None where nobody counted.
    """

    key: str
    people: int | None
    generic: bool
    used: int = 0
    holders: int | None = None

    def used_at(self, used: int) -> "Held":
        """The same, last seen then; made for every link of every member, and so by position."""
        return Held(self.key, self.people, self.generic, used, self.holders)


class Member(NamedTuple):
    """A profile in a component; `customer` is the one it belongs to now, None while it is new.

    `traits` is the text that is stored: a component has many members, and few are read in full.
    `size` is how many profiles its customer has, `seen` when it was last seen itself. `fields` are
    the values that are compared, where somebody has them already. `decided` is what people said of
    it, `corrected` what they said of its customer's traits; `matches` are the texts of its
    customer's possible matches, `facts` says whether it knows of purchases or tickets.
    """

    key: str
    number: int
    customer_id: str
    source: str
    traits: str
    customer: str | None
    held: tuple[Held, ...]
    household: str | None = None
    pending: bool = False
    size: int = 0
    seen: int = 0
    fields: Fields | None = None
    decided: tuple[Decided, ...] = ()
    facts: bool = False
    matches: tuple[str, ...] = ()
    corrected: tuple[Corrected, ...] = ()

    def compared(self, policy: Policy) -> Mapping[str, frozenset[str]]:
        """The values that resolution compares, by field."""
        if self.fields is not None:
            return self.fields
        read = _remembered if len(self.traits) <= REMEMBERED else _read
        return read(self.traits, policy)

    def evidence(self, policy: Policy) -> Evidence:
        """What the partition knows of the profile."""
        used = {held.key: held.used for held in self.held if not held.generic}
        return evidence(
            used, self.compared(policy), policy, used=used, trusted=policy.trusts(self.source)
        )

    def tells(self, policy: Policy) -> Told:
        """What it tells of its holder to each of its identifiers."""
        held = [one.key for one in self.held]
        trusted = policy.trusts(self.source)
        return told_by(held, self.compared(policy), policy, trusted=trusted)

    def with_counts(self, counts: Mapping[str, Held]) -> "Member":
        """The member with its identifiers as they are counted now."""
        held = (
            counts[one.key].used_at(one.used) if one.key in counts else one for one in self.held
        )
        return self._replace(held=tuple(held))

    def rank(self, policy: Policy) -> tuple[bool, int]:
        """The first by it is the anchor of a customer: the lowest number, of the trusted if any."""
        return not policy.trusts(self.source), self.number

    def leads(self, policy: Policy) -> list[Held]:
        """The identifiers through which it reaches others."""
        leads = policy.leads
        return [held for held in self.held if not held.generic and namespace_of(held.key) in leads]

    def joined(self) -> list[str]:
        """The decisions through which it reaches others."""
        return [one.decision for one in self.decided if one.kind == ALWAYS]

    def ways(self, policy: Policy) -> list[str]:
        """All through which it reaches others: identifiers, blocking keys and decisions."""
        return [*(held.key for held in self.leads(policy)), *self.joined()]


def _read(traits: str, policy: Policy) -> Mapping[str, frozenset[str]]:
    return compared(loads(traits), policy)


# The profiles of a household come again and again while its records arrive.
_remembered = lru_cache(maxsize=16_384)(_read)


NOTHING_NEW: Mapping[str, Held] = MappingProxyType({})


def _members(row: Row, now: Mapping[str, Held], known: Container[str] = ()) -> dict[str, Member]:
    """The members that `identity/members` gives, by key, without those that are `known`.

    Their identifiers are as they are in `now`.
    """
    return {one[0]: _member(one, now) for one in row["members"] if one[0] not in known}


def _member(columns: Sequence[Any], now: Mapping[str, Held]) -> Member:
    """A member of its columns: those of `Member`, but for what is read of them here."""
    (key, number, customer_id, source, traits, customer, household, pending, size, seen, facts,
     decided, corrected, matches, links) = columns  # fmt: skip
    return Member(
        key,
        number,
        customer_id,
        source,
        traits,
        customer,
        tuple(
            now[held].used_at(used or 0)
            if held in now
            else Held(held, people, generic, used or 0, count)
            for held, people, generic, count, used in links
        ),
        household,
        bool(pending),
        size or 0,
        seen,
        decided=tuple(map(Decided.loads, decided or ())),
        facts=(facts or NOTHING) != NOTHING,
        matches=tuple(matches or ()),
        corrected=tuple(map(Corrected.loads, corrected or ())),
    )


async def holders(
    run: Run,
    identifiers: Iterable[str],
    *,
    now: Mapping[str, Held] = NOTHING_NEW,
    known: Container[str] = (),
) -> dict[str, Member]:
    """The profiles that hold any of `identifiers`, by key, without those that are `known`."""
    [row] = await run(HOLDERS, identifiers=sorted(identifiers))
    return _members(row, now, known)


async def numbered(run: Run, after: int, to: int) -> dict[str, Member]:
    """The profiles with a number in `(after, to]`, by key."""
    [row] = await run(NUMBERED, after=after, to=to)
    return _members(row, NOTHING_NEW)


async def with_id(run: Run, customer_id: str) -> dict[str, Member]:
    """The profile that was given a customer's id, or the one that succeeded it."""
    [row] = await run(MEMBERS_BY_ID, ids=[customer_id])
    return _members(row, NOTHING_NEW)


async def of_customers(
    run: Run,
    ids: Iterable[str],
    *,
    now: Mapping[str, Held] = NOTHING_NEW,
    known: Container[str] = (),
) -> dict[str, Member]:
    """The profiles of customers, by key, without those that are `known`."""
    [row] = await run(CUSTOMER_MEMBERS, ids=sorted(ids))
    return _members(row, now, known)


async def of_profiles(
    run: Run, profiles: Iterable[str], ids: Iterable[str] = ()
) -> dict[str, Member]:
    """Profiles by key, and by the customer ids that they were born with; by key."""
    [row] = await run(PROFILE_MEMBERS, profiles=sorted(profiles), ids=sorted(ids))
    return _members(row, NOTHING_NEW)


async def of_decisions(
    run: Run, decisions: Iterable[str], *, now: Mapping[str, Held], known: Container[str]
) -> dict[str, Member]:
    """The profiles that decisions are about, by key, without those that are `known`."""
    [row] = await run(DECIDED_MEMBERS, decisions=sorted(decisions))
    return _members(row, now, known)


async def bring(
    run: Run,
    seeds: Mapping[str, Member],
    policy: Policy,
    *,
    now: Mapping[str, Held] = NOTHING_NEW,
    limit: int | None = None,
    skip: Collection[str] = (),
    enough: Callable[[Mapping[str, Member]], Collection[str]] | None = None,
) -> tuple[dict[str, Member], dict[str, Member]]:
    """All members of the components of `seeds`, breadth first, one statement a hop.

    The second result are the members, as far as they were brought, of components of more than
    `limit` profiles; the first has none of them. `now` are identifiers as they are about to be
    written, which the graph does not have yet. Nobody asks for an identifier whose holders have all
    come. What people joined is followed too, even if nothing else leads there. Those in `skip` are
    about to go. Variable-length paths are not used: they enumerate paths,
    and cut silently at their bound. Of those whom the first statement brings, whoever is `enough`
    of a component is not followed until somebody else who comes leads there.

    A hop brings customers whole, since all profiles of a customer are in one component. Those of
    whom that is no longer so, as the policy is another, are brought whole, too: none must be closed
    while some of its profiles are still in it.
    """
    members = dict(seeds)
    beyond = _beyond(members, policy, limit)
    asked: set[str] = set()
    said: set[str] = set()
    followed: set[str] = set()
    came: Counter[str] = Counter()
    whole: set[str | None] = set()
    frontier: Collection[Member] = [one for one in members.values() if one.key not in beyond]
    resting: dict[str, Member] = {}
    while True:
        led = [(held, one.customer) for one in frontier for held in one.leads(policy)]
        came.update(held.key for held, _ in led)
        said |= {decision for one in frontier for decision in one.joined()}
        known = {*members, *skip} if skip else members
        if wanted := {held.key for held, _ in led if came[held.key] != held.holders} - asked:
            asked |= wanted
            [row], _ = await together(
                run(HOP, wanted=_hop(wanted, led, whole)),
                meanwhile(partial(_compare, frontier, policy), threaded=len(frontier) > AT_ONCE),
            )
            fresh = _members(row, now, known)
            whole |= {one.customer for one in fresh.values()}
        elif unasked := said - followed:
            followed |= unasked
            fresh = await of_decisions(run, unasked, now=now, known=known)
        elif parted := _parted(members, beyond) - whole:
            fresh = await of_customers(run, parted, now=now, known=known)
            whole |= parted
        else:
            break
        members |= fresh
        beyond |= _beyond(members, policy, limit)
        if enough is not None:
            # Asked once: to look at all that came after each of a thousand hops takes a minute.
            still = await aside(partial(enough, members), threaded=len(members) > AT_ONCE)
            enough = None
            resting = {key: fresh.pop(key) for key in [*fresh] if key in still}
            ways = {way for one in resting.values() for way in one.ways(policy)}
        elif resting and not all(ways.isdisjoint(one.ways(policy)) for one in fresh.values()):
            fresh, resting = fresh | resting, {}
        frontier = [one for one in fresh.values() if one.key not in beyond]
    return {key: one for key, one in members.items() if key not in beyond}, beyond


def _compare(members: Iterable[Member], policy: Policy) -> None:
    """Have what will be compared of them; the decision finds it remembered."""
    for one in members:
        one.compared(policy)


def _hop(
    wanted: Iterable[str], led: Iterable[tuple[Held, str | None]], whole: Container[str | None]
) -> list[Row]:
    """The `wanted` identifiers of a hop, each with the `whole` customers from whom it was `led`."""
    known: dict[str, set[str | None]] = {key: set() for key in sorted(wanted)}
    for held, customer in led:
        if held.key in known and customer in whole:
            known[held.key].add(customer)
    return [{"identifier": key, "known": [*customers]} for key, customers in known.items()]


def _beyond(members: Mapping[str, Member], policy: Policy, limit: int | None) -> dict[str, Member]:
    """The members of components of more than `limit`, as far as they were brought."""
    if limit is None or len(members) <= limit:
        return {}
    return {
        one.key: one
        for component in components(members, policy)
        if len(component) > limit
        for one in component
    }


def _parted(members: Mapping[str, Member], beyond: Container[str]) -> set[str]:
    """The customers of which some profiles are members, and some are not."""
    found = Counter(one.customer for one in members.values())
    return {
        one.customer
        for one in members.values()
        if one.customer is not None and found[one.customer] < one.size and one.key not in beyond
    }


def take_long(members: Mapping[str, Member], policy: Policy) -> bool:
    """Whether to decide on members takes longer than the server may keep others waiting."""
    if len(members) > AT_ONCE:
        return True
    shared = Counter(held.key for one in members.values() for held in one.leads(policy))
    return max(shared.values(), default=0) > SHARED_AT_ONCE


def people_of(members: Iterable[Member]) -> dict[str, int]:
    """How many people seem to hold each identifier that is not generic; one if nobody counted."""
    return {held.key: held.people or 1 for one in members for held in one.held if not held.generic}


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
        for way in one.ways(policy):
            if (before := first.setdefault(way, one.key)) != one.key:
                root[find(one.key)] = find(before)
    found: dict[str, list[Member]] = {}
    for one in sorted(members.values(), key=lambda one: one.number):
        found.setdefault(find(one.key), []).append(one)
    return list(found.values())
