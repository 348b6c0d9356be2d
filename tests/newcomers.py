"""Newcomers: records of people whom nobody knows yet, written as an import writes them.

The writer itself writes them. What it reads beforehand about profiles, identifiers and their
holders would be nothing, and is not asked for: so many come in minutes.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, cast

from customers.identity.policy import Policy
from customers.identity.policy_in_force import PolicyInForce
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from customers.ingest.writer import READ, write_batch
from customers.principal import DEVELOPER
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Statement, Transaction

SECONDS = 300.0
NOTHING: Row = dict.fromkeys(("profiles", "identifiers", "periods", "interactions", "dealings"), ())
T = TypeVar("T")


class _Unread:
    """A transaction that finds nobody."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def run(self, statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401
        """Rows of the statement."""
        if statement is READ:
            return [NOTHING]
        if statement.mode == "read" and statement.name.startswith("identity/"):
            return []
        return await self._transaction.run(statement, **params)


class _Empty:
    """The graph as one that has nobody in it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.watcher = graph.watcher

    async def transaction(
        self, name: str, work: Callable[[Transaction], Awaitable[T]], deadline: Deadline
    ) -> T:
        """Run `work` in one write transaction."""

        async def unread(transaction: Transaction) -> T:
            return await work(cast("Transaction", _Unread(transaction)))

        return await self._graph.transaction(name, unread, deadline)


async def write_newcomers(graph: Graph, policy: Policy, records: Sequence[dict[str, Any]]) -> None:
    """Write records of people who share no identifier with anybody of another batch."""
    prepared = [prepare(Record.model_validate(one), policy, now_ms()) for one in records]
    policies = PolicyInForce(policy, 0, "")
    empty = cast("Graph", _Empty(graph))
    await write_batch(empty, prepared, policies, DEVELOPER, Deadline.after(SECONDS))
