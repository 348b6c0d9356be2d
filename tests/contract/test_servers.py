"""Several servers on one graph, and the ways to reach it."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx2

from customers.identity.policy import Policy
from cypher import Connection, Graph, connect
from tests import pure
from tests.conftest import Clusters, query, soon, wipe
from tests.contract.test_concurrency import agree
from tests.contract.test_kill import send, serving
from tests.contract.test_subscriptions import Reader
from tests.engines import ON_NEO4J
from tests.synthetic import stream

SEED, PEOPLE, CHUNK = 11, 60, 40
COUNT = "{ customers(first: 500) { nodes { profiles(first: 40) { nodes { id } } } } }"
LOG = """query($after: String) {
  changes(after: $after, first: 500) { nodes { seq kind customerId } pageInfo { endCursor } }
}"""
FOLLOW = "subscription($after: String) { changes(after: $after) { seq kind customerId } }"
ENV = {
    "PROFILE_GRAPH_SECRET": "the same for all servers of a graph",
    "PROFILE_GRAPH_REQUEST_TIMEOUT": "60",  # two servers and a database on a busy machine
}
RECORDS = stream(PEOPLE, SEED).records
CHUNKS = [RECORDS[start : start + CHUNK] for start in range(0, len(RECORDS), CHUNK)]


async def test_two_servers_that_write_at_once_end_as_one_does(
    graph: Graph, clusters: Clusters, policy: Policy, cli_env: Mapping[str, str]
) -> None:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx2.AsyncClient())
        # Both at once, so that their migrations and policies meet too.
        urls = [
            url
            for _, url in await asyncio.gather(
                *(stack.enter_async_context(serving({**cli_env, **ENV})) for _ in range(2))
            )
        ]

        async def write(url: str, chunks: list[list[dict[str, object]]]) -> None:
            for chunk in chunks:
                await send(client, url, chunk)

        # Every record through both, from either end.
        await asyncio.gather(write(urls[0], CHUNKS), write(urls[1], CHUNKS[::-1]))
        answers = [
            (await client.post(url, json={"query": COUNT}, timeout=60)).json() for url in urls
        ]
    await agree(graph, clusters, policy)
    assert answers[0]["data"] == answers[1]["data"]
    seen = [
        profile["id"]
        for customer in answers[0]["data"]["customers"]["nodes"]
        for profile in customer["profiles"]["nodes"]
    ]
    expected = pure.clusters(RECORDS, policy)
    assert len(seen) == len(set(seen)) == sum(len(keys) for keys in expected)


async def test_two_processes_each_tell_what_both_write_once_and_in_order(
    graph: Graph, cli_env: Mapping[str, str]
) -> None:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx2.AsyncClient(timeout=60))
        urls = [
            url
            for _, url in await asyncio.gather(
                *(stack.enter_async_context(serving({**cli_env, **ENV})) for _ in range(2))
            )
        ]

        async def log(url: str, after: str | None) -> Any:  # noqa: ANN401 - JSON is anything
            asked = {"query": LOG, "variables": {"after": after}}
            return (await client.post(url, json=asked)).json()["data"]["changes"]

        await send(client, urls[0], CHUNKS[0])
        cursor = (await log(urls[1], None))["pageInfo"]["endCursor"]
        body = {"query": FOLLOW, "variables": {"after": cursor}}
        readers = [
            Reader(
                await stack.enter_async_context(
                    client.stream("POST", url, json=body, headers={"accept": "text/event-stream"})
                )
            )
            for url in urls
        ]
        await asyncio.gather(send(client, urls[0], CHUNKS[1]), send(client, urls[1], CHUNKS[2]))
        expected = (await log(urls[0], cursor))["nodes"]
        assert len(expected) > CHUNK // 2
        for reader in readers:
            told = [(await reader.event())[1]["data"]["changes"] for _ in expected]
            assert told == expected


@ON_NEO4J  # an embedded engine does not route
async def test_a_routing_address_reads_and_writes(
    graph: Graph, connection: Connection, cli_env: Mapping[str, str]
) -> None:
    assert connection.uri is not None
    routed = connection.uri.replace("bolt://", "neo4j://")
    async with connect(replace(connection, uri=routed)) as opened:
        await wipe(opened)
        assert (await opened.server_version(soon())).startswith("Neo4j/")
    async with (
        serving({**cli_env, **ENV, "NEO4J_URI": routed}) as (_, url),
        httpx2.AsyncClient() as client,
    ):
        assert await send(client, url, CHUNKS[0]) == [False] * CHUNK
        assert await send(client, url, CHUNKS[0]) == [True] * CHUNK
        answer = (await client.post(url, json={"query": COUNT}, timeout=60)).json()
    assert "errors" not in answer
    [counted] = await query(graph, "MATCH (p:Profile) RETURN count(p) AS profiles")
    assert counted["profiles"] > 0
