"""Resolve everything again from the evidence; where all is well this changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

from pydantic.alias_generators import to_camel

from customers.identity.compared import blocking_keys
from customers.identity.component import Held, Member, bring, holders, numbered, of_customers
from customers.identity.evidence import namespace_of
from customers.identity.people import Summary, Told, is_generic
from customers.identity.policy import OURS, Policy
from customers.identity.policy_in_force import PolicyInForce, note_resolved
from customers.identity.resolve import Resolution, derived, log_rows, resolve, write
from customers.ingest.sum_up import count_buyers, sum_up
from customers.ingest.turn import take_turn
from customers.ingest.writer import DROP_KEYS, ERASE_IDENTIFIERS, stored_identifiers
from customers.matches.match import open_matches
from customers.principal import Principal
from customers.stats.filed import filed_stats
from customers.stats.recount import count_facts
from customers.stats.renew import renew_quintiles
from customers.stats.stats import NOTHING as NO_STATS
from customers.stats.stats import Stats
from customers.stats.write import stats_of_parts
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Transaction, load

RECOUNT = load("identity/recount")
GIVE_KEYS = load("identity/give_keys")
GOLDEN = load("identity/golden")
PENDING = load("identity/pending_customers")

# Profiles a transaction; ingest goes on between the transactions.
WINDOW = 1000
WINDOW_S = 120.0
# A component above the limit may take long, and nobody can write meanwhile.
COMPONENT_S = 600.0
# Changes that a report names; it counts them all.
NAMED_CHANGES = 1_000

T = TypeVar("T")
_Begun = tuple[Transaction, Policy, Row]  # a writer's turn: the policy in force, the last numbers


@dataclass(slots=True)
class Report:
    """What a resolution did; `changes` are the first of the new entries of the change log."""

    profiles: int = 0
    customers: int = 0
    keys_changed: int = 0
    facts_counted: int = 0
    summed_up: int = 0
    products_counted: int = 0
    identifiers_changed: int = 0
    traits_changed: int = 0
    housed: int = 0
    moved: int = 0
    matches_changed: int = 0
    changed: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)
    # Customers whose component was above the limit, with the profiles of that component.
    waited: dict[str, int] = field(default_factory=dict)
    # Possible matches that are open at the end.
    await_review: int = 0

    @property
    def did_anything(self) -> bool:
        """Whether anything is otherwise than before."""
        return bool(
            self.keys_changed
            or self.facts_counted
            or self.summed_up
            or self.products_counted
            or self.identifiers_changed
            or self.traits_changed
            or self.housed
            or self.moved
            or self.matches_changed
        )

    def as_json(self) -> dict[str, Any]:
        """The report in the names of JSON."""
        return {to_camel(name): value for name, value in asdict(self).items()}

    def add(self, other: "Report") -> None:
        """Take in what one transaction did."""
        self.customers += other.customers
        self.keys_changed += other.keys_changed
        self.identifiers_changed += other.identifiers_changed
        self.traits_changed += other.traits_changed
        self.housed += other.housed
        self.moved += other.moved
        self.matches_changed += other.matches_changed
        self.changed += other.changed
        self.changes += other.changes[: NAMED_CHANGES - len(self.changes)]
        self.waited |= other.waited


@dataclass(frozen=True, slots=True)
class _Turn(Generic[T]):
    """Work in a writer's turn, by the policy that is in force then."""

    policies: PolicyInForce
    work: Callable[[Transaction, Policy, Row], Awaitable[T]]

    async def __call__(self, transaction: Transaction) -> T:
        turn = await take_turn(transaction)
        await self.policies.keep_up(transaction.run, turn["policy"])
        return await self.work(transaction, self.policies.policy, turn)


async def resolve_everything(
    graph: Graph,
    policies: PolicyInForce,
    principal: Principal,
    *,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Report:
    """Make the blocking keys of every profile anew, then decide on every component.

    One transaction for a thousand profiles; readers see each customer as it was or as it is then.
    `progress` hears of the steps done and of all steps. Memory: a bit for each profile, and the
    keys of generic identifiers.
    """
    principal.check("resolve everything")
    report = Report()
    last = await graph.transaction("resolve/begin", _Turn(policies, _last), _soon())
    version = policies.version
    starts = range(0, last, WINDOW)
    for step, start in enumerate(starts, 1):
        keys, counted = await graph.transaction(
            "resolve/keys", _Turn(policies, _Keys(start)), _soon()
        )
        report.keys_changed += keys
        report.facts_counted += counted
        report.summed_up += await graph.transaction(
            "resolve/purchases", _Turn(policies, _Purchases(start)), _soon()
        )
        progress(step, 2 * len(starts))
    buyers = _Turn(policies, _buyers)
    while products := await graph.transaction("resolve/products", buyers, _soon()):
        report.products_counted += products
    done = _Done(last)
    crowds: set[str] = set()
    for step, start in enumerate(starts, 1):
        window = await graph.transaction(
            "resolve/decide",
            _Turn(policies, _Window(start, done, crowds, principal)),
            Deadline.after(COMPONENT_S),
        )
        window.tell(graph)
        done.add(window.numbers)
        crowds |= window.crowds
        report.add(window.report)
        progress(len(starts) + step, 2 * len(starts))
    report.profiles = done.count
    await renew_quintiles(graph, principal)
    report.await_review = await open_matches(graph, _soon())
    if policies.version == version:
        await note_resolved(graph, version, _soon())
    return report


async def resolve_waiting(graph: Graph, policies: PolicyInForce, principal: Principal) -> Report:
    """Resolve the components above the limit that wait for it."""
    principal.check("resolve everything")
    report = Report()
    while rows := await graph.read(PENDING, _soon(), most=1):
        decided = await graph.transaction(
            "resolve/waiting",
            _Turn(policies, _Waiting(rows[0]["id"], principal)),
            Deadline.after(COMPONENT_S),
        )
        decided.tell(graph)
        report.add(decided.report)
        report.profiles += len(decided.numbers)
    report.await_review = await open_matches(graph, _soon())
    return report


def _soon() -> Deadline:
    return Deadline.after(WINDOW_S)


async def _last(_transaction: Transaction, _policy: Policy, turn: Row) -> int:
    last: int = turn["profiles"]
    return last


async def _buyers(transaction: Transaction, policy: Policy, _turn: Row) -> int:
    return await count_buyers(transaction.run, policy)


class _Done:
    """Which profiles were decided on, a bit each."""

    def __init__(self, last: int) -> None:
        self.bits = bytearray(last // 8 + 1)
        self.count = 0

    def add(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if number // 8 < len(self.bits) and number not in self:
                self.bits[number // 8] |= 1 << number % 8
                self.count += 1

    def __contains__(self, number: int) -> bool:
        return number // 8 < len(self.bits) and bool(self.bits[number // 8] >> number % 8 & 1)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Give the profiles of a window the blocking keys that the policy makes of their traits.

    And those of an earlier version what is known of their purchases and tickets.
    """

    start: int

    async def __call__(
        self, transaction: Transaction, policy: Policy, _turn: Row
    ) -> tuple[int, int]:
        counted = await count_facts(transaction.run, policy, self.start, self.start + WINDOW)
        window = await numbered(transaction.run, self.start, self.start + WINDOW)
        new: list[Row] = []
        old: list[Row] = []
        for one in window.values():
            fields = one.compared(policy)
            wanted = blocking_keys(fields, policy) if policy.trusts(one.source) else frozenset()
            held = {link.key for link in one.held if link.key.startswith(OURS)}
            new += (_key_row(one.key, key) for key in sorted(wanted - held))
            old += (_key_row(one.key, key) for key in sorted(held - wanted))
        if new:
            await transaction.run(GIVE_KEYS, rows=new, now=now_ms())
        if old:
            await transaction.run(DROP_KEYS, rows=old)
            await transaction.run(
                ERASE_IDENTIFIERS, keys=sorted({row["identifier"] for row in old})
            )
        return len(new) + len(old), counted


@dataclass(frozen=True, slots=True)
class _Purchases:
    """Sum up what profiles of a window bought, where an older version wrote them."""

    start: int

    async def __call__(self, transaction: Transaction, policy: Policy, _turn: Row) -> int:
        return await sum_up(transaction.run, policy, self.start, self.start + WINDOW, now_ms())


def _key_row(profile: str, key: str) -> Row:
    return {"key": f"{profile}>{key}", "profile": profile, "identifier": key}


@dataclass(slots=True)
class _Decided:
    """What one transaction decided; `crowds` are the generic identifiers that it counted."""

    report: Report
    numbers: list[int]
    crowds: set[str]
    kinds: Counter[str]

    def tell(self, graph: Graph) -> None:
        """Tell the watcher of the changes, once they are committed."""
        for kind, count in self.kinds.items():
            graph.watcher.happened("change", kind, count)


@dataclass(frozen=True, slots=True)
class _Window:
    """Decide on the components of a window's profiles that no earlier window had."""

    start: int
    done: _Done
    crowds: set[str]
    principal: Principal

    async def __call__(self, transaction: Transaction, policy: Policy, turn: Row) -> _Decided:
        window = await numbered(transaction.run, self.start, self.start + WINDOW)
        seeds = {key: one for key, one in window.items() if one.number not in self.done}
        return await _decide((transaction, policy, turn), seeds, self.crowds, self.principal)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Decide on the component of a customer that waits."""

    customer: str
    principal: Principal

    async def __call__(self, transaction: Transaction, policy: Policy, turn: Row) -> _Decided:
        seeds = await of_customers(transaction.run, [self.customer])
        return await _decide((transaction, policy, turn), seeds, set(), self.principal)


async def _decide(
    turn: _Begun, seeds: Mapping[str, Member], crowds: set[str], principal: Principal
) -> _Decided:
    transaction, policy, last = turn
    members, counted, changed = await _counted(transaction, policy, seeds, crowds)
    faded = await _faded(transaction, policy, members)
    now = now_ms()
    resolution = resolve(members, faded, policy, now)
    rows = log_rows(resolution, last["changes"], now, "resolve", principal.name)
    await write(transaction, resolution, rows, last, now)
    report = Report(
        customers=len(set(resolution.customer_of.values())),
        identifiers_changed=changed,
        traits_changed=len(faded),
        housed=len(resolution.households),
        moved=len(resolution.moved),
        matches_changed=len(resolution.matches.rows) + len(resolution.matches.gone),
        changed=len(rows),
        changes=rows[:NAMED_CHANGES],
        waited=_waited(members, resolution),
    )
    kinds = Counter(row["kind"] for row in rows)
    return _Decided(report, [one.number for one in members.values()], counted, kinds)


def _waited(members: Mapping[str, Member], resolution: Resolution) -> dict[str, int]:
    return {
        resolution.customer_of[one.key]: len(members) for one in members.values() if one.pending
    }


async def _counted(
    transaction: Transaction, policy: Policy, seeds: Mapping[str, Member], crowds: set[str]
) -> tuple[dict[str, Member], set[str], int]:
    """The components of `seeds` with the people of their identifiers counted again.

    Also the generic identifiers that were counted besides `crowds`, and how many counts changed.
    """
    now: dict[str, Held] = {}
    generic: set[str] = set()
    changed = 0
    members = dict(seeds)
    back = True
    while back:
        members, _ = await bring(transaction.run, members, policy, now=now)
        held = {link.key: link for one in members.values() for link in one.held}
        keys = {
            key for key in held.keys() - now.keys() - crowds if namespace_of(key) in policy.counted
        }
        counts, rows = await _people(transaction, policy, keys, held, members)
        changed += len(rows)
        if rows:
            await transaction.run(RECOUNT, rows=rows)
        now |= counts
        generic |= {key for key, one in counts.items() if one.generic}
        members = {key: one.with_counts(now) for key, one in members.items()}
        # What is no longer generic leads to others, who are brought in turn.
        back = any(held[key].generic and not one.generic for key, one in counts.items())
    return members, generic, changed


async def _people(
    transaction: Transaction,
    policy: Policy,
    keys: set[str],
    held: Mapping[str, Held],
    members: Mapping[str, Member],
) -> tuple[dict[str, Held], list[Row]]:
    """The people of identifiers, and the rows of those whose stored count is another."""
    # Whoever holds what leads from profile to profile is a member; others must be asked for.
    astray = {key for key in keys if held[key].generic or namespace_of(key) not in policy.leads}
    others = await holders(transaction.run, astray, known=members) if astray else {}
    told: dict[str, list[Told]] = defaultdict(list)
    for one in (*members.values(), *others.values()):
        mine = keys.intersection(link.key for link in one.held)
        if mine:
            tells = one.tells(policy)
            for key in mine:
                told[key].append(tells)
    counts: dict[str, Held] = {}
    rows: list[Row] = []
    for row in await stored_identifiers(transaction.run, keys):
        key = row["key"]
        summary = Summary.of(told[key])
        people = summary.people(namespace_of(key), policy)
        generic = row["blockedBy"] is not None or is_generic(people, row["value"], policy)
        counts[key] = Held(key, people, generic, holders=held[key].holders)
        counted = {"key": key, "summary": summary.dumps(), "people": people, "generic": generic}
        if any(row[name] != value for name, value in counted.items()):
            rows.append(counted)
    return counts, rows


async def _faded(
    transaction: Transaction, policy: Policy, members: Mapping[str, Member]
) -> set[str]:
    """An anchor of each customer that stores other than what its profiles make of it."""
    parts: dict[str, list[Member]] = {}
    for one in sorted(members.values(), key=lambda one: one.number):
        if one.customer is not None:
            parts.setdefault(one.customer, []).append(one)
    rows = await transaction.run(GOLDEN, ids=sorted(parts))
    stored = {row["id"]: row["stored"] for row in rows}
    knowing = {customer: [one.key for one in part if one.facts] for customer, part in parts.items()}
    stats = await stats_of_parts(transaction.run, knowing)
    return {
        part[0].key
        for customer, part in parts.items()
        if not _stores(stored.get(customer, {}), derived(part, policy))
        or not _files(stored.get(customer, {}), stats.get(customer, NO_STATS))
    }


def _stores(stored: Row, wanted: Row) -> bool:
    """Whether a customer has the properties of `wanted`; those it is ordered by go on."""
    properties = wanted | wanted["filed"]
    ordered = {name: properties.pop(name) for name in ("byName", "bySeen")}
    del properties["filed"]
    return all(stored.get(name) == value for name, value in properties.items()) and all(
        (stored.get(name) or "").startswith(value) for name, value in ordered.items()
    )


def _files(stored: Row, stats: Stats) -> bool:
    """Whether a customer is found by these stats; a closed one, about to be another, is not."""
    number = stored.get("number")
    return number is not None and all(
        stored.get(name) == value for name, value in filed_stats(stats, number).items()
    )
