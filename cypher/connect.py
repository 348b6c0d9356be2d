"""From settings to a Graph: the embedded engine of a data directory, or a Neo4j by its address."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from neo4j import AsyncDriver, AsyncGraphDatabase, NotificationMinimumSeverity
from neo4j.exceptions import ConfigurationError

from cypher.deadline import Deadline
from cypher.engine import attach
from cypher.errors import DatabaseUnavailableError
from cypher.graph import Graph

OLDEST_NEO4J = (5, 26)
CONNECT_S = 15.0
SCHEMES = {f"{name}{tls}" for name in ("bolt", "neo4j") for tls in ("", "+s", "+ssc")}


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the graph is: `uri` of a Neo4j, or none for the embedded engine in `data_dir`.

    `heap_mb` is the embedded engine's, of whoever starts it; a share of the machine's for None.
    """

    data_dir: Path
    uri: str | None = None
    user: str = "neo4j"
    password: str = ""
    database: str = "neo4j"
    heap_mb: int | None = None


@asynccontextmanager
async def connect(connection: Connection, deadline: Deadline | None = None) -> AsyncIterator[Graph]:
    """An open Graph; the embedded engine is started when nobody has started it yet.

    Raises:
        EngineError: the embedded engine cannot start; the text says what to do.
        DatabaseUnavailableError: Neo4j is not there, refuses the credentials or is too old.
    """
    if connection.uri is not None:
        driver = _driver(connection.uri, connection.user, connection.password)
        async with driver:
            graph = Graph(driver, connection.database)
            await _check_version(graph, deadline or Deadline.after(CONNECT_S))
            yield graph
        return
    attachment = await asyncio.to_thread(attach, connection.data_dir, heap_mb=connection.heap_mb)
    try:
        async with AsyncExitStack() as drivers:
            address = attachment.address

            async def opened() -> AsyncDriver:
                driver = _driver(address.uri, address.user, address.password)
                return await drivers.enter_async_context(driver)

            async def reopened() -> AsyncDriver | None:
                nonlocal address
                found = await asyncio.to_thread(attachment.restart)
                if found == address:
                    return None
                address = found
                return await opened()

            lock = attachment.writer_lock
            yield Graph(await opened(), address.database, writer_lock=lock, reopen=reopened)
    finally:
        await asyncio.to_thread(attachment.close)


def _driver(uri: str, user: str, password: str) -> AsyncDriver:
    # The driver would take http:// as well, as a preview of something else; and its own error
    # repeats the address, which may have a password in it.
    refusal = DatabaseUnavailableError(
        "NEO4J_URI is not an address of a Neo4j, such as neo4j://host:7687 (user and password go "
        "into NEO4J_USER and NEO4J_PASSWORD)."
    )
    if uri.partition("://")[0] not in SCHEMES:
        raise refusal
    try:
        return AsyncGraphDatabase.driver(
            uri,
            auth=(user, password),
            # Every fresh database warns about labels it has not seen; a test reads them instead.
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            connection_acquisition_timeout=CONNECT_S,
            connection_timeout=5.0,
        )
    except (ConfigurationError, ValueError):
        raise refusal from None


async def _check_version(graph: Graph, deadline: Deadline) -> None:
    agent = await graph.server_version(deadline)
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if found and (int(found[1]), int(found[2])) < OLDEST_NEO4J:
        oldest = ".".join(map(str, OLDEST_NEO4J))
        raise DatabaseUnavailableError(
            f"{agent} is too old: profile-graph needs Neo4j {oldest} or later. Upgrade it, or "
            "unset NEO4J_URI to use the embedded engine."
        )
