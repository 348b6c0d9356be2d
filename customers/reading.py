"""Reading: what every read is made with, so that all doors obey the same rules."""

from dataclasses import dataclass, field
from typing import Any

from customers.principal import Principal
from customers.versions import Versions
from cypher import Deadline, Graph, Row, Statement


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer in the making: for whom, until when, and which versions of customers it saw."""

    graph: Graph
    principal: Principal
    deadline: Deadline
    versions: Versions = field(default_factory=Versions)

    async def rows(self, statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - JSON-like
        """Rows of a read statement.

        Raises:
            ForbiddenError: the caller may not read.
            DeadlineExceededError, OverloadedError, DatabaseUnavailableError
        """
        self.principal.check_read()
        return await self.graph.read(statement, self.deadline, **params)

    async def check(self) -> None:
        """See whether the whole answer is as of one moment.

        Raises:
            StaleReadError: a customer changed meanwhile.
        """
        await self.versions.check(self.graph, self.deadline)
