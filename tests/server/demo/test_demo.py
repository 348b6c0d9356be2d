"""`profile-graph demo`: loads once, keeps to its own graph, and says how good it is."""

import asyncio
import json
import signal
import socket
import subprocess
import urllib.request
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from cypher import Connection, Graph
from server.demo.loaded import Figures, Loaded, graph_of
from server.demo.records import stream
from tests.conftest import Ingest, query
from tests.server.cli.program import PROJECT, command, program

Env = Mapping[str, str]
PEOPLE = ["--people", "20"]


@pytest.fixture(autouse=True)
async def unmarked(graph: Graph, connection: Connection) -> AsyncIterator[None]:
    """A graph that the demo has never seen, before and after."""
    marker = connection.data_dir / "demo.json"
    marker.unlink(missing_ok=True)
    yield
    marker.unlink(missing_ok=True)


async def figures(env: Env, *arguments: str) -> dict[str, Any]:
    done = await program(env, "demo", "--no-serve", "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def changes(graph: Graph) -> int:
    rows = await query(graph, "MATCH (c:Change) RETURN count(*) AS n")
    return int(rows[0]["n"])


async def test_it_loads_once_and_remembers(graph: Graph, cli_env: Env) -> None:
    first = await figures(cli_env, *PEOPLE)
    made = stream(20)
    assert (first["people"], first["records"]) == (20, len(made.lines))
    assert sum(first["sources"].values()) == len(made.lines)
    assert first["profiles"] == len({(one["source"], one["sourceId"]) for one in made.records})
    assert first["loadedBefore"] is False
    assert first["wronglyMerged"] == 0
    assert first["precision"] > 0.98
    assert 0.8 < first["recall"] / first["possible"] <= 1
    rows = await query(graph, "MATCH (p:Profile) RETURN count(*) AS n")
    assert rows == [{"n": first["profiles"]}]
    logged = await changes(graph)

    again = await figures(cli_env, *PEOPLE)
    fewer = await figures(cli_env, "--people", "5")
    assert again == fewer == first | {"loadedBefore": True}
    assert await changes(graph) == logged


async def test_a_graph_that_was_emptied_is_loaded_again(
    graph: Graph, cli_env: Env, connection: Connection
) -> None:
    figures_before = Figures(5, 1, 100, {}, 60, 10, 0, 0, 1.0, 1.0, 1.0, 1.0, None, {})
    Loaded(graph_of(connection), figures_before).write(connection.data_dir)
    assert (await figures(cli_env, "--people", "5"))["loadedBefore"] is False


async def test_it_does_not_mix_with_customers_of_others(
    graph: Graph, cli_env: Env, ingest: Ingest
) -> None:
    await ingest([{"source": "crm", "sourceId": "c1", "traits": {"firstName": "Ann"}}])
    done = await program(cli_env, "demo", "--no-serve", *PEOPLE)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"has profiles that are not the demo's" in done.stderr
    assert b"PROFILE_GRAPH_DATA_DIR" in done.stderr
    rows = await query(graph, "MATCH (p:Profile) RETURN p.sourceId AS id")
    assert rows == [{"id": "c1"}]


async def test_a_port_that_is_taken_is_named_before_anything_is_loaded(
    graph: Graph, cli_env: Env
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = await program({**cli_env, "PROFILE_GRAPH_PORT": f"{port}"}, "demo", *PEOPLE)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is taken".encode())
    assert await query(graph, "MATCH (p:Profile) RETURN p.sourceId AS id LIMIT 1") == []


async def test_it_shows_a_table_and_serves_with_a_query_to_paste(
    graph: Graph, cli_env: Env
) -> None:
    env = {**cli_env, "PROFILE_GRAPH_PORT": "0"}
    said, answer, code = await asyncio.to_thread(_served, env)
    assert code == 0
    assert "wrongly merged customers" in said
    assert "missed: profiles that shared" in said
    assert "All 5,000 people: profile-graph demo --all" in said
    assert "is one of a household of three" in said
    customer = answer["data"]["customer"]
    assert len(customer["profiles"]["nodes"]) > 3
    assert customer["interactions"]["nodes"]


def _served(env: Env) -> tuple[str, dict[str, Any], int]:
    """What the demo says, what the query that it prints answers, and how it ends."""
    with subprocess.Popen(
        command("demo", *PEOPLE), cwd=PROJECT, env=dict(env), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            said = ""
            while not said.endswith("\n}\n") and (line := process.stdout.readline()):
                said += line
            url = said.split("GraphQL: ")[1].split(")")[0]
            answer = _asked(url, said[said.index("\n{\n") :])
            process.send_signal(signal.SIGINT)
            return said, answer, process.wait(60)
        finally:
            process.kill()


def _asked(url: str, text: str) -> dict[str, Any]:
    request = urllib.request.Request(
        url, json.dumps({"query": text}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
        return answer
