"""A transfer into Neo4j: everything is there as it was, and work goes on there."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from customers.about import About
from customers.corrections.correct import Asked as Correcting
from customers.corrections.correct import correct_trait
from customers.decisions.asked import Asked, Block, Merge, ProfileRef
from customers.decisions.decide import decide
from customers.identity.everything import resolve_everything
from customers.identity.policy import Policy
from customers.ingest.ingest import ingest
from customers.ingest.queue import Writer
from customers.ingest.sightings import MOST_PURCHASES
from customers.keys.keys import Wanted, create_key
from customers.labels.say import Pair, say
from customers.notes.write import add_note
from customers.principal import DEVELOPER, Role
from customers.services import open_services
from cypher import (
    Connection,
    Graph,
    TransferError,
    every,
    migrate,
    moving,
    transfer,
)
from cypher.errors import MigrationError
from cypher.statement import code_alone
from tests.conftest import in_force, query, soon
from tests.contract.canonical import exported
from tests.contract.test_engines_agree import records
from tests.engines import ON_NEO4J
from tests.server.cli.program import program

MANY = 200
HOME = {
    "lastName": "Moore",
    "street": "1 High St",
    "city": "Leeds",
    "postalCode": "LS1",
    "country": "GB",
}


def everything() -> list[dict[str, Any]]:
    """Records that lead to every label, type and property that there is."""
    family: list[dict[str, Any]] = [
        {
            "source": "crm",
            "sourceId": f"home-{name}",
            "at": "2026-01-02T03:04:05Z",
            "identifiers": [
                {"namespace": "email", "value": "moores@mail.org"},
                {"namespace": "crmId", "value": f"M-{name}"},
            ],
            "traits": {"firstName": name, **HOME},
        }
        for name in ("Ada", "Bob")
    ]
    twice: list[dict[str, Any]] = [
        {
            "source": source,
            "sourceId": "gone",
            "at": "2026-01-02T03:04:05Z",
            "identifiers": [{"namespace": "crmId", "value": "G-1"}],
            "traits": {"firstName": "Gil", "lastName": "Gone"},
        }
        for source in ("crm", "shop")
    ]
    # A number that so many purchases have is no order's; another that two sources have is one's.
    bought: list[dict[str, Any]] = [
        {
            "source": source,
            "sourceId": f"order-{n}",
            "at": "2026-01-02T03:04:05Z",
            "identifiers": [{"namespace": "crmId", "value": "O-1"}],
            "interaction": {
                "id": f"order-{n}",
                "name": "Order Completed",
                "amount": 5,
                "currency": "EUR",
                "orderId": number,
                "products": [{"key": "tea"}],
            },
        }
        for n, (source, number) in enumerate(
            [*[("shop", "web")] * (MOST_PURCHASES + 1), ("shop", "A-1"), ("till", "A-1")]
        )
    ]
    refused = bought[0]["interaction"] | {"id": "offer", "name": "Offer Refused"}
    offered = bought[0] | {"interaction": refused}
    return [*records()[:MANY], *family, *twice, *bought, offered]


NEW = {"source": "crm", "sourceId": "new", "identifiers": [{"namespace": "crmId", "value": "N-1"}]}
DELETED = {"source": "crm", "sourceId": "gone", "deleted": True}


async def write(services: Any, raw: list[dict[str, Any]]) -> None:  # noqa: ANN401
    for start in range(0, len(raw), 97):
        batch = raw[start : start + 97]
        await ingest(services.writer, services.policy, batch, DEVELOPER, soon())


@pytest.fixture(scope="session")
async def full(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Graph]:
    """An embedded engine that has everything."""
    data_dir = tmp_path_factory.mktemp("full") / "data"
    async with open_services(Connection(data_dir), b"s" * 32) as services:
        await write(services, everything())
        await write(services, [DELETED])
        await create_key(services.graph, Wanted("shop", Role.SELLER), DEVELOPER, soon())
        pair = [ProfileRef.of("shop", name, None) for name in ("gone", "order-0")]
        asked: Asked
        for asked in (Merge(pair), Block("crmId|o-1")):
            made = await decide(services.graph, services.policies, asked, "why", DEVELOPER, soon())
            assert made.decision is not None, made.refused
        about = About(None, ProfileRef.of("shop", "order-1", None))
        noted = await add_note(services.graph, about, "rude", DEVELOPER, soon())
        city = Correcting(about, "city", "York", "moved")
        corrected = await correct_trait(services.graph, services.policies, city, DEVELOPER, soon())
        assert noted.refused == corrected.refused == ()
        [labelled] = await say(
            services.graph, [Pair(pair[0], pair[1], same=True)], DEVELOPER, soon()
        )
        assert labelled.refused == ()
        # What a batch at a time can leave to the background.
        await query(services.graph, "MATCH (c:Customer) WITH c LIMIT 1 SET c.pending = true")
        await resolve_everything(services.graph, services.policies, DEVELOPER)
        yield services.graph


async def nodes(graph: Graph) -> list[str]:
    rows = await query(
        graph,
        "MATCH (n) WHERE NOT n:Migration RETURN labels(n) AS labels, properties(n) AS properties",
    )
    return sorted(told(row["labels"], row["properties"]) for row in rows)


async def relationships(graph: Graph) -> list[str]:
    rows = await query(
        graph,
        "MATCH (a)-[r]->(b) RETURN type(r) AS type, properties(r) AS properties, "
        "labels(a) AS la, properties(a) AS a, labels(b) AS lb, properties(b) AS b",
    )
    return sorted(
        told(row["type"], row["properties"], row["la"], row["a"], row["lb"], row["b"])
        for row in rows
    )


def told(*parts: Any) -> str:  # noqa: ANN401 - whatever a graph holds
    """Values and their kinds, without properties that are null, which Neo4j does not keep."""
    return json.dumps(
        [
            {
                name: [type(value).__name__, value]
                for name, value in part.items()
                if value is not None
            }
            if isinstance(part, dict)
            else part
            for part in parts
        ],
        sort_keys=True,
    )


def test_every_type_that_a_statement_creates_is_transferred() -> None:
    written = {
        name
        for statement in every()
        if statement.mode == "write" and not statement.name.startswith("transfer/")
        for pattern in re.findall(r"\b(?:CREATE|MERGE)\b[^\n]*", code_alone(statement.text))
        for name in re.findall(r"-\[\w*:(\w+)", pattern)
    }
    assert written == moving.KNOWN_TYPES


async def test_the_graph_that_is_transferred_has_everything(full: Graph) -> None:
    labels = {row["label"] for row in await full.read(moving.LABELS, soon())}
    types = {row["type"] for row in await full.read(moving.TYPES, soon())}
    made = {
        name
        for statement in every()
        if statement.mode == "write" and not statement.name.startswith(("transfer/", "schema/"))
        for pattern in re.findall(r"\b(?:CREATE|MERGE)\b[^\n]*", code_alone(statement.text))
        for name in re.findall(r"\(\w*:(\w+)", pattern)
    }
    assert labels == made, "fill the graph of this test with the new label too"
    assert types == moving.KNOWN_TYPES


async def test_a_walk_over_places_finds_every_node_and_relationship_once(full: Graph) -> None:
    census = await full.read(moving.CENSUS, soon())
    ids: list[str] = []
    ties = 0
    for row in census:
        place = {"bucket": row["bucket"], "start": 0, "end": row["last"]}
        ids += [one["id"] for one in await full.read(moving.NODES, soon(), **place)]
        ties += len(await full.read(moving.RELATIONSHIPS, soon(), **place))
    [counted] = await query(full, "MATCH (n) RETURN count(n) AS nodes")
    assert len(ids) == len(set(ids)) == counted["nodes"] == sum(row["count"] for row in census)
    [counted] = await query(full, "MATCH ()-[r]->() RETURN count(r) AS ties")
    assert ties == counted["ties"]


@pytest.fixture
async def empty(graph: Graph) -> AsyncIterator[Graph]:
    """A Neo4j without anything, and without a mark of a transfer afterwards."""
    yield graph
    await graph.write(moving.END, soon())


@ON_NEO4J
async def test_everything_arrives_as_it_was_and_work_goes_on_there(
    full: Graph, empty: Graph, policy: Policy
) -> None:
    moved = await transfer(full, empty)
    assert moved.nodes.total() == len(await nodes(full))
    assert await nodes(empty) == await nodes(full)
    assert await relationships(empty) == await relationships(full)
    assert await exported(empty) == await exported(full)
    [before] = await query(empty, "MATCH (p:Counter {key: 'profiles'}) RETURN p.n AS profiles")
    [log] = await query(empty, "MATCH (x:Change) RETURN max(x.seq) AS last")
    policies = in_force(policy)
    async with Writer(empty, policies) as writer:
        again = await ingest(writer, policy, everything()[:MANY], DEVELOPER, soon())
        assert all(one.known for one in again)  # type: ignore[union-attr]
        await ingest(writer, policy, [NEW], DEVELOPER, soon())
    [profile] = await query(empty, "MATCH (p:Profile {sourceId: 'new'}) RETURN p.number AS number")
    assert profile["number"] == before["profiles"] + 1
    [change] = await query(empty, "MATCH (x:Change) RETURN max(x.seq) AS last")
    assert change["last"] == log["last"] + 1
    report = await resolve_everything(empty, policies, DEVELOPER)
    assert not report.did_anything


@ON_NEO4J
async def test_half_a_transfer_is_marked_refused_and_begun_anew(
    full: Graph, empty: Graph, policy: Policy
) -> None:
    def killed(done: int, total: int) -> None:
        if done > total / 4:
            raise KeyError

    with pytest.raises(KeyError):
        await transfer(full, empty, tell=killed)
    assert await nodes(empty) != []
    with pytest.raises(MigrationError, match="did not end"):
        await migrate(empty, soon())
    with pytest.raises(TransferError, match="--again empties"):
        await transfer(full, empty)
    moved = await transfer(full, empty, again=True)
    assert moved.nodes.total() == len(await nodes(empty))
    assert await migrate(empty, soon()) == []
    with pytest.raises(TransferError, match="The database is not empty"):
        await transfer(full, empty, again=True)


@ON_NEO4J
async def test_the_command_transfers_and_exports_are_equal_byte_by_byte(
    graph: Graph, cli_env: Mapping[str, str], tmp_path: Path
) -> None:
    there = {**cli_env, "PROFILE_GRAPH_DATA_DIR": str(tmp_path / "data")}
    here = {name: value for name, value in there.items() if not name.startswith("NEO4J_")}
    async with open_services(Connection(tmp_path / "data"), b"s" * 32) as services:
        await write(services, everything()[-4:])
        before = await program(here, "export", "customers")
        done = await program(there, "transfer", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["nodes"]["Profile"] == 4
    after = await program(there, "export", "customers")
    assert after.stdout == before.stdout != b""
    again = await program(there, "transfer")
    assert again.returncode == 1
    assert b"The database is not empty" in again.stderr
