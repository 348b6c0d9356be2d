"""Propose: pairs that a tool finds among all customers become possible matches; none is joined."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from customers.identity.component import Member, Run, numbered, of_customers
from customers.identity.policy import Policy
from customers.identity.policy_in_force import PolicyInForce
from customers.identity.proposed import Fate, Known, Scored, known, proposing
from customers.identity.resolve import write_matches
from customers.ingest.turn import take_turn
from customers.numbers import last_number
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Statement, Transaction

# Proposals that a run adds: more than people answer in days.
MOST = 1_000
# Profiles that are read at once, and pairs that are written at once.
WINDOW, PAIRS = 1_000, 100
WINDOW_S = 120.0

Parts = Mapping[str, Sequence[Member]]


class Proposer(Protocol):
    """A tool that compares all customers with each other."""

    @property
    def name(self) -> str:
        """Its name and version."""

    def add(self, customers: Iterable[tuple[str, Known]]) -> None:
        """Take in customers with what is known of them."""

    def scored(self, threshold: float) -> Iterator[Scored]:
        """Pairs of a probability from `threshold` on, the most probable first."""


@dataclass(slots=True)
class Proposals:
    """What a run did: who proposed, how many customers it compared, and what became of pairs."""

    by: str
    threshold: float
    compared: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """The report in the names of JSON."""
        counts = {fate.value: self.fates[fate] for fate in Fate}
        return {"by": self.by, "threshold": self.threshold, "compared": self.compared} | counts


async def propose(  # noqa: PLR0917 - what every write takes, and by whom and from where on
    graph: Graph,
    policies: PolicyInForce,
    principal: Principal,
    proposer: Proposer,
    threshold: float,
    most: int = MOST,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Proposals:
    """Have all customers compared, and note the strongest pairs that nobody knows or answered.

    Customers are read window after window; what was read is compared with what is so when a pair
    is written. `progress` hears of the profiles read and of all profiles.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check("resolve everything")
    done = Proposals(proposer.name, threshold)
    async for parts in _windows(graph, progress):
        rows = [(customer, known(part, policies.policy)) for customer, part in parts.items()]
        await asyncio.to_thread(proposer.add, rows)
        done.compared += len(rows)
    pairs = await asyncio.to_thread(proposer.scored, threshold)
    while (room := most - done.fates[Fate.ADDED]) > 0:
        if not (chunk := list(islice(pairs, min(PAIRS, room)))):
            break
        done.fates += await _note(graph, policies, chunk, proposer.name)
    done.fates[Fate.BEYOND] = sum(1 for _ in pairs)
    return done


async def _windows(graph: Graph, progress: Callable[[int, int], None]) -> AsyncIterator[Parts]:
    """All customers with their profiles, each where the profile is that gave it its id."""

    async def read(statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - JSON-like
        return await graph.read(statement, _soon(), **params)

    last = await last_number(read)
    for start in range(0, last, WINDOW):
        window = await numbered(read, start, start + WINDOW)
        anchors = {one.customer_id for one in window.values() if one.customer == one.customer_id}
        yield await _parts(read, anchors)
        progress(min(start + WINDOW, last), last)


async def _parts(run: Run, customers: Iterable[str]) -> Parts:
    parts: dict[str, list[Member]] = defaultdict(list)
    for one in (await of_customers(run, customers)).values():
        if one.customer is not None:
            parts[one.customer].append(one)
    return parts


async def _note(
    graph: Graph, policies: PolicyInForce, pairs: Sequence[Scored], by: str
) -> Counter[Fate]:
    """Write what of some pairs is new, in one transaction and the writers' turn."""

    async def work(transaction: Transaction) -> Counter[Fate]:
        turn = await take_turn(transaction)
        await policies.keep_up(transaction.run, turn["policy"])
        policy: Policy = policies.policy
        parts = await _parts(transaction.run, {one for pair in pairs for one in pair.pair})
        found, fates = proposing(pairs, parts, policy, now_ms(), by)
        await write_matches(transaction, found)
        return fates

    return await graph.transaction("matches/propose", work, _soon())


def _soon() -> Deadline:
    return Deadline.after(WINDOW_S)
