"""A graph whose database is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from neo4j import AsyncGraphDatabase

from cypher import Graph


@asynccontextmanager
async def unreachable_graph(port: int) -> AsyncIterator[Graph]:
    """A Graph on a port that nobody listens on."""
    async with AsyncGraphDatabase.driver(
        f"bolt://127.0.0.1:{port}", auth=("none", "none")
    ) as driver:
        yield Graph(driver, "none")
