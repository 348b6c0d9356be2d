"""Resolve everything again from the evidence; where all is well this changes nothing."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from customers.identity.component import Member, bring, holders, numbered
from customers.identity.evidence import namespace_of
from customers.identity.people import Summary, Told, told_by
from customers.identity.policy import Policy
from customers.identity.resolve import golden_text, log_rows, resolve, write
from customers.ingest.writer import FINISH, IDENTIFIERS, TAKE_TURN
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Transaction, load

RECOUNT = load("identity/recount")
GOLDEN = load("identity/golden")

# Profiles a transaction; ingest goes on between the transactions.
WINDOW = 1000
WINDOW_S = 120.0


@dataclass(slots=True)
class Report:
    """What a resolution of everything did; `changes` are the new entries of the change log."""

    profiles: int = 0
    customers: int = 0
    identifiers_changed: int = 0
    traits_changed: int = 0
    moved: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Window:
    """What one transaction of the second pass decided."""

    numbers: frozenset[int]
    customers: int
    traits_changed: int
    moved: int
    changes: list[Row]


async def resolve_everything(
    graph: Graph,
    policy: Policy,
    principal: Principal,
    *,
    progress: Callable[[int, int], None],
) -> Report:
    """Recount the people of every identifier, then decide on every component.

    `progress` hears of the steps done and of all steps.
    """
    principal.check_write()
    report = Report()
    turn = await graph.transaction("resolve/begin", _take_turn, Deadline.after(WINDOW_S))
    starts = range(0, turn["profiles"], WINDOW)
    counted: set[str] = set()
    for step, start in enumerate(starts, 1):
        found, changed = await graph.transaction(
            "resolve/recount", _Recount(start, counted, policy), Deadline.after(WINDOW_S)
        )
        counted |= found
        report.identifiers_changed += changed
        progress(step, 2 * len(starts))
    done: set[int] = set()
    for step, start in enumerate(starts, 1):
        window = await graph.transaction(
            "resolve/decide", _Decide(start, done, policy, principal), Deadline.after(WINDOW_S)
        )
        done |= window.numbers
        report.customers += window.customers
        report.traits_changed += window.traits_changed
        report.moved += window.moved
        report.changes += window.changes
        progress(len(starts) + step, 2 * len(starts))
    report.profiles = len(done)
    return report


async def _take_turn(transaction: Transaction) -> Row:
    [row] = await transaction.run(TAKE_TURN, turn=secrets.randbits(62), sources=[])
    return row


@dataclass(frozen=True, slots=True)
class _Recount:
    """Count the people of the identifiers of a window's profiles from all their holders."""

    start: int
    counted: Collection[str]
    policy: Policy

    async def __call__(self, transaction: Transaction) -> tuple[set[str], int]:
        await _take_turn(transaction)
        window = await numbered(transaction.run, self.start, self.start + WINDOW)
        keys = {
            held.key
            for one in window.values()
            for held in one.held
            if namespace_of(held.key) in self.policy.links
        } - set(self.counted)
        if not keys:
            return keys, 0
        counted = self._counted(keys, (await holders(transaction.run, keys)).values())
        [stored] = await transaction.run(IDENTIFIERS, keys=sorted(keys))
        rows = [
            counted[row["key"]]
            for row in stored["found"]
            if any(row[name] != value for name, value in counted[row["key"]].items())
        ]
        if rows:
            await transaction.run(RECOUNT, rows=rows)
        return keys, len(rows)

    def _counted(self, keys: set[str], members: Collection[Member]) -> dict[str, Row]:
        told: dict[str, list[Told]] = {key: [] for key in keys}
        for one in members:
            held = [link.key for link in one.held]
            tells = told_by(held, one.compared(self.policy), self.policy)
            for key in keys.intersection(held):
                told[key].append(tells)
        rows = {}
        for key, tellings in told.items():
            summary = Summary.of(tellings)
            people = summary.people(namespace_of(key), self.policy)
            rows[key] = {
                "key": key,
                "summary": summary.dumps(),
                "people": people,
                "generic": people > self.policy.crowd,
            }
        return rows


@dataclass(frozen=True, slots=True)
class _Decide:
    """Decide on the components of a window's profiles that no earlier window had."""

    start: int
    done: Collection[int]
    policy: Policy
    principal: Principal

    async def __call__(self, transaction: Transaction) -> _Window:
        last = await _take_turn(transaction)
        window = await numbered(transaction.run, self.start, self.start + WINDOW)
        seeds = {key: one for key, one in window.items() if one.number not in self.done}
        members = await bring(transaction.run, seeds, self.policy)
        faded = await self._faded(transaction, members)
        now = now_ms()
        resolution = resolve(members, faded, self.policy, now)
        await write(transaction, resolution, now)
        rows = log_rows(resolution, last["changes"], now, "resolve", self.principal.name)
        if rows:
            await transaction.run(
                FINISH, rows=rows, changes=last["changes"] + len(rows), profiles=last["profiles"]
            )
        return _Window(
            numbers=frozenset(one.number for one in members.values()),
            customers=len(set(resolution.customer_of.values())),
            traits_changed=len(faded),
            moved=len(resolution.moved),
            changes=rows,
        )

    async def _faded(self, transaction: Transaction, members: dict[str, Member]) -> set[str]:
        """An anchor of each customer whose stored golden traits are not those of its profiles."""
        parts: dict[str, list[Member]] = {}
        for one in sorted(members.values(), key=lambda one: one.number):
            if one.customer is not None:
                parts.setdefault(one.customer, []).append(one)
        rows = await transaction.run(GOLDEN, ids=sorted(parts))
        stored = {row["id"]: row["traits"] for row in rows}
        return {
            part[0].key
            for customer, part in parts.items()
            if golden_text(part, self.policy) != stored.get(customer)
        }
