"""Services: what a process needs to work on the graph, opened and closed together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from customers.identity.policy import Policy, default_policy
from customers.ingest.queue import Writer
from cypher import Connection, Deadline, Graph, connect, migrate

MIGRATE_S = 60.0


@dataclass(frozen=True, slots=True)
class Services:
    """The open graph, its one writer and what both go by; `secret` keys ids and cursors."""

    graph: Graph
    writer: Writer
    policy: Policy
    secret: bytes = field(repr=False)


@asynccontextmanager
async def open_services(connection: Connection, secret: bytes) -> AsyncIterator[Services]:
    """Connect, bring the schema up to date and start the writer; closed in reverse.

    Raises:
        EngineError, DatabaseUnavailableError, MigrationError
    """
    policy = default_policy()
    async with connect(connection) as graph:
        await migrate(graph, Deadline.after(MIGRATE_S))
        async with Writer(graph, policy) as writer:
            yield Services(graph, writer, policy, secret)
