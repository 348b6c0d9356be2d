"""Work whose client has gone ends, in the database too; so does work whose time is up."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from customers.services import Services
from cypher import Deadline, DeadlineExceededError, Graph, Row, Statement
from tests.conftest import query
from tests.contract.serving import Served, served

CLIENTS = 200
LONG_S = 60.0
# Nobody would wait for it.
SLOW = Statement(
    "tests/slow",
    "UNWIND range(1, 1000000000000) AS n WITH n WHERE n < 0 RETURN count(n) AS found",
    frozenset(),
    "read",
    "found",
)
READ = '{ profile(source: "crm", sourceId: "1") { id } }'
WRITE = 'mutation { ingest(records: [{source: "crm", sourceId: "1"}]) { errors { code } } }'


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Served]:
    """A server whose operations have a minute."""
    async with served(services, request_timeout=60) as running:
        yield running


@pytest.fixture
def working(services: Services, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Every read for an answer takes a minute; how many are at work."""
    read = services.graph.read
    works = 0

    async def slowly(statement: Statement, deadline: Deadline, **params: Any) -> list[Row]:  # noqa: ANN401
        nonlocal works
        if statement.name.startswith("keys/"):  # who asks is found out before, for all callers
            return await read(statement, deadline, **params)
        works += 1
        try:
            if not services.graph.embedded:  # whose statements go on until their own time is up
                return await read(SLOW, deadline)
            await asyncio.sleep(60)
            return await read(statement, deadline, **params)
        finally:
            works -= 1

    monkeypatch.setattr(services.graph, "read", slowly)
    return lambda: works


async def asked(server: Served, text: str) -> asyncio.StreamWriter:
    """A connection on which an operation was asked for."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    body = json.dumps({"query": text}).encode()
    head = "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
    writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return writer


async def until(done: Callable[[], bool | Awaitable[bool]]) -> float:
    """Wait until it is so, and say how long that took."""
    start = time.monotonic()
    async with asyncio.timeout(LONG_S):
        while True:
            is_so = done()
            if await is_so if isinstance(is_so, Awaitable) else is_so:
                return time.monotonic() - start
            await asyncio.sleep(0.02)


def idle(graph: Graph) -> Callable[[], Awaitable[bool]]:
    """Whether a Neo4j does nothing but answer this question."""

    async def look() -> bool:
        rows = await query(graph, "SHOW TRANSACTIONS YIELD currentQuery")
        return not any("1000000000000" in row["currentQuery"] for row in rows)

    return look


async def test_a_read_ends_when_its_client_leaves(
    server: Served, services: Services, working: Callable[[], int]
) -> None:
    writer = await asked(server, READ)
    await until(lambda: working() == 1)
    with capture_logs() as logs:
        writer.close()
        assert await until(lambda: working() == 0) < 5
        await until(lambda: any(line["event"] == "request" for line in logs))
    assert [(line["event"], line.get("status")) for line in logs] == [("request", 499)]
    if not services.graph.embedded:
        assert await until(idle(services.graph)) < 5


async def test_two_hundred_clients_that_leave_at_once_leave_room_for_the_next(
    server: Served,
    services: Services,
    working: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writers = [await asked(server, READ) for _ in range(CLIENTS)]
    # On a Neo4j as many are at work as there are connections; the others wait.
    await until(lambda: working() == CLIENTS)
    for writer in writers:
        writer.close()
    await until(lambda: working() == 0)
    if not services.graph.embedded:
        assert await until(idle(services.graph)) < 10
    monkeypatch.undo()
    assert (services.graph.in_flight, services.graph.waiting) == (0, 0)
    assert await server.ask(READ) == {"profile": None}


async def test_a_mutation_is_carried_out_whoever_leaves(
    server: Served, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()
    transaction = services.graph.transaction

    async def announced(*given: Any) -> Any:  # noqa: ANN401 - whatever it takes
        begun.set()
        await asyncio.sleep(0.3)
        return await transaction(*given)

    monkeypatch.setattr(services.graph, "transaction", announced)
    writer = await asked(server, WRITE)
    await asyncio.wait_for(begun.wait(), LONG_S)
    writer.close()

    async def written() -> bool:
        return (await server.ask(READ))["profile"] is not None

    await until(written)


async def test_half_a_request_whose_client_leaves_is_no_error(server: Served) -> None:
    with capture_logs() as logs:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 999\r\n\r\n{"
        )
        await asyncio.sleep(0.2)
        writer.close()
        await until(lambda: any(line["event"] == "request" for line in logs))
    assert [line["log_level"] for line in logs] == ["info"]


async def test_work_stops_within_a_second_of_its_deadline(graph: Graph) -> None:
    if graph.embedded:
        pytest.skip("The embedded engine has one time-out for all statements.")
    start = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        await graph.read(SLOW, Deadline.after(1.0))
    assert time.monotonic() - start < 3.0
    assert await until(idle(graph)) < 1.0


async def test_an_operation_stops_with_its_deadline(
    services: Services, working: Callable[[], int]
) -> None:
    if services.graph.embedded:
        pytest.skip("The embedded engine has one time-out for all statements.")
    async with served(services, request_timeout=1) as server, server.http() as client:
        answer = await client.post(server.url, json={"query": READ})
        assert answer.json()["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"
        assert await until(idle(services.graph)) < 1.0
        assert working() == 0
