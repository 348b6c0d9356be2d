"""One engine for the whole run, the one that the environment names, and an empty graph on it.

NEO4J_URI names a Neo4j, with NEO4J_USER, NEO4J_PASSWORD and NEO4J_DATABASE; without it the tests
start the embedded engine in a temporary directory. No test knows which one it has.
"""

import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from neo4j.exceptions import TransientError

from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from customers.identity.policy_in_force import PolicyInForce
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from customers.ingest.writer import Written, write_batch
from customers.principal import DEVELOPER
from customers.times import now_ms
from cypher import Connection, Deadline, Graph, connect, migrate

if TYPE_CHECKING:
    from customers.services import Services

# The same examples in every run: a failure is there for everybody, and is not gone tomorrow.
hypothesis.settings.register_profile("tests", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("tests")

LONG_S = 120.0
# The embedded engine deletes many nodes at once slower than one by one.
WIPED_AT_ONCE = 500
# Kept through every wipe; it says that this database is the tests' own.
MARKER = "wiped-by-tests"

Json = dict[str, Any]
Query = Callable[..., Awaitable[list[Json]]]
Ingest = Callable[..., Awaitable[list[Written]]]
Clusters = Callable[[], Awaitable[set[frozenset[str]]]]


def in_force(policy: Policy) -> PolicyInForce:
    """A policy that nobody put into the graph: version 0, as an empty graph has it."""
    return PolicyInForce(policy, 0, "")


def soon() -> Deadline:
    """A deadline that no healthy statement misses."""
    return Deadline.after(LONG_S)


async def query(graph: Graph, text: str, **params: object) -> list[Json]:
    """Rows of any statement, past the Graph and its rules."""
    async with graph._driver.session(database=graph._database) as session:
        result = await session.run(text, params)
        return [dict(zip(result.keys(), values, strict=True)) for values in await result.values()]


async def wipe(graph: Graph) -> None:
    """Delete everything but the record of the migrations."""
    text = "MATCH (n) WHERE NOT n:Migration RETURN DISTINCT labels(n)[0] AS label"
    while labels := [row["label"] for row in await query(graph, text)]:
        with suppress(TransientError):  # what was read is written down meanwhile
            await _wipe(graph, labels)


async def _wipe(graph: Graph, labels: Iterable[str | None]) -> None:
    """Delete the nodes of some labels, in one transaction.

    By label: without one, the embedded engine goes through all of them for every batch.
    """
    async with (
        graph._driver.session(database=graph._database) as session,
        await session.begin_transaction() as transaction,
    ):
        for label in labels:
            chosen = f"(n:`{label}`)" if label else "(n)"
            deleted = WIPED_AT_ONCE
            while deleted == WIPED_AT_ONCE:
                result = await transaction.run(
                    f"MATCH {chosen} WHERE NOT n:Migration WITH n LIMIT {WIPED_AT_ONCE} "
                    "DETACH DELETE n RETURN count(*) AS deleted"
                )
                [[deleted]] = await result.values()
        await transaction.commit()


async def claim(graph: Graph) -> None:
    """Make sure that nobody's data is wiped: the database is empty, or was the tests' before."""
    await query(
        graph,
        "OPTIONAL MATCH (n) WHERE NOT n:Migration WITH count(n) AS found WHERE found = 0 "
        "MERGE (m:Migration {version: $marker})",
        marker=MARKER,
    )
    if not await query(graph, "MATCH (m:Migration {version: $m}) RETURN m.version", m=MARKER):
        pytest.exit("The tests wipe their database, and NEO4J_URI names one with data in it.", 3)


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    """Where the graph of the tests is."""
    data_dir = tmp_path_factory.mktemp("graph") / "data"
    if "NEO4J_URI" not in os.environ:
        return Connection(data_dir)
    return Connection(
        data_dir,
        os.environ["NEO4J_URI"],
        os.environ.get("NEO4J_USER", "neo4j"),
        os.environ.get("NEO4J_PASSWORD", ""),
        os.environ.get("NEO4J_DATABASE", "neo4j"),
    )


@pytest.fixture(scope="session")
def cli_env(connection: Connection) -> Mapping[str, str]:
    """The environment of a program that works on the same graph."""
    ours = ("NEO4J_", "PROFILE_GRAPH_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env["PROFILE_GRAPH_DATA_DIR"] = str(connection.data_dir)
    if connection.uri is not None:
        env["NEO4J_URI"] = connection.uri
        env["NEO4J_USER"] = connection.user
        env["NEO4J_PASSWORD"] = connection.password
        env["NEO4J_DATABASE"] = connection.database
    return env


@pytest.fixture(scope="session")
async def open_graph(connection: Connection) -> AsyncIterator[Graph]:
    """The graph as the tests before left it."""
    async with connect(connection) as graph:
        await claim(graph)
        await migrate(graph, soon())
        yield graph


@pytest.fixture
async def graph(open_graph: Graph) -> Graph:
    """The migrated graph, empty."""
    await wipe(open_graph)
    return open_graph


@pytest.fixture
def policy() -> Policy:
    """What identity resolution believes unless a test says otherwise."""
    return default_policy()


@pytest.fixture
async def services(graph: Graph, policy: Policy) -> AsyncIterator["Services"]:
    """What the doors of the product work with, on the empty graph."""
    from customers.ingest.queue import Writer  # noqa: PLC0415 - only whoever asks pays for it
    from customers.services import Services  # noqa: PLC0415

    policies = in_force(policy)
    async with Writer(graph, policies) as writer:
        opened = Services(graph, writer, policies, secret=b"test" * 8)
        yield opened
        await opened.close()


@pytest.fixture
def ingest(graph: Graph, policy: Policy) -> Ingest:
    """Write raw records in batches, and return what became of each."""

    async def write(
        records: Iterable[Mapping[str, Any]],
        size: int = 1000,
        *,
        policy: Policy = policy,
        received: int | None = None,
    ) -> list[Written]:
        at = now_ms() if received is None else received
        prepared = [
            prepare(Record.model_validate(record), policy, at, place=str(n))
            for n, record in enumerate(records)
        ]
        written: list[Written] = []
        for begin in range(0, len(prepared), size):
            batch = prepared[begin : begin + size]
            written += await write_batch(graph, batch, in_force(policy), DEVELOPER, soon())
        return written

    return write


@pytest.fixture
def clusters(graph: Graph) -> Clusters:
    """The sourceIds by customer in the graph; every profile is in exactly one open customer."""

    async def read() -> set[frozenset[str]]:
        rows = await query(
            graph,
            "MATCH (p:Profile) OPTIONAL MATCH (p)-[:BELONGS_TO]->(c:Customer) "
            "RETURN p.key AS key, p.sourceId AS sourceId, c.id AS customer, "
            "c.closedAt AS closedAt, c.size AS size",
        )
        assert len({row["key"] for row in rows}) == len(rows), "a profile in two customers"
        assert all(row["customer"] and row["closedAt"] is None for row in rows)
        members: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            members[row["customer"]].add(row["sourceId"])
        assert all(row["size"] == len(members[row["customer"]]) for row in rows)
        empty = await query(
            graph,
            "MATCH (c:Customer) WHERE c.closedAt IS NULL AND NOT (c)<-[:BELONGS_TO]-() "
            "RETURN c.id AS id",
        )
        assert empty == [], "an open customer without profiles"
        counted = await query(
            graph,
            "MATCH (i:Identifier) OPTIONAL MATCH (i)<-[held:HAS_IDENTIFIER|HAS_KEY]-() "
            "WITH i, count(held) AS links WHERE i.holders <> links RETURN i.key AS key",
        )
        assert counted == [], "an identifier whose holders are miscounted"
        return {frozenset(keys) for keys in members.values()}

    return read
