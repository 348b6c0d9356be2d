"""Reading: what every read is made with, so that all doors obey the same rules."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from customers.access.masks import Masks
from customers.ingest.turn import take_turn
from customers.principal import Principal
from customers.versions import Versions
from cypher import Deadline, Graph, Row, Statement, Transaction

T = TypeVar("T")
# What everybody who reads may do.
READ = "read customers"


class Rows(Protocol):
    """Whatever runs a read statement: the graph, or a transaction during which nobody writes."""

    async def read(self, statement: Statement, deadline: Deadline, **params: Any) -> list[Row]:  # noqa: ANN401
        """Rows of the statement."""


class _Quiet:
    """A transaction that holds the writers' turn; its statements go one after the other."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._one_at_a_time = asyncio.Lock()

    async def read(self, statement: Statement, deadline: Deadline, **params: Any) -> list[Row]:  # noqa: ANN401
        async with self._one_at_a_time:
            deadline.remaining()
            return await self._transaction.run(statement, **params)


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer in the making: for whom, until when, and which versions of customers it saw.

    What `hidden` sources say is left out of it.
    """

    graph: Graph
    principal: Principal
    deadline: Deadline
    versions: Versions = field(default_factory=Versions)
    source: Rows | None = None
    hidden: Sequence[str] = ()

    @property
    def masks(self) -> Masks:
        """How values of persons are shown in the answer."""
        return self.principal.masks

    async def rows(self, statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - JSON-like
        """Rows of a read statement.

        Raises:
            ForbiddenError: the caller may not read.
            DeadlineExceededError, OverloadedError, DatabaseUnavailableError
        """
        self.principal.check(READ)
        return await (self.source or self.graph).read(statement, self.deadline, **params)

    async def check(self) -> None:
        """See whether the whole answer is as of one moment.

        Raises:
            StaleReadError: a customer changed meanwhile.
        """
        await self.versions.check(self.rows)

    def again(self) -> "Reading":
        """The same reading from its start."""
        return replace(self, versions=Versions())

    async def quietly(self, work: Callable[["Reading"], Awaitable[T]]) -> T:
        """Read while every writer waits: for an answer under which customers always change."""

        async def alone(transaction: Transaction) -> T:
            await take_turn(transaction)
            quiet = replace(self, versions=Versions(), source=_Quiet(transaction))
            return await work(quiet)

        self.principal.check(READ)
        return await self.graph.transaction("reading/quietly", alone, self.deadline)
