"""The application over a real database: health, headers, limits, request ids, errors."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from customers.services import Services
from cypher import Connection
from tests.server.application import application
from tests.unreachable import unreachable_graph

Client = httpx2.AsyncClient


@pytest.fixture
def app(connection: Connection, services: Services) -> Starlette:
    """The application, with services that are open already."""
    app = application(connection, max_body_bytes=1024)
    app.state.services = services
    return app


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[Client]:
    transport = httpx2.ASGITransport(app)
    async with Client(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_the_lifespan_opens_the_services_and_closes_them(connection: Connection) -> None:
    app = application(connection, max_body_bytes=1024)
    async with app.router.lifespan_context(app):
        services = app.state.services
        transport = httpx2.ASGITransport(app)
        async with Client(transport=transport, base_url="http://127.0.0.1") as client:
            assert (await client.get("/readyz")).status_code == 200
    assert services.writer._task.done()


async def test_a_process_that_runs_is_alive(client: Client) -> None:
    answer = await client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_database_that_answers_makes_it_ready(client: Client) -> None:
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_database_that_is_away_makes_it_unavailable(
    app: Starlette, client: Client, services: Services, unused_tcp_port: int
) -> None:
    async with unreachable_graph(unused_tcp_port) as graph:
        app.state.services = Services(graph, services.writer, services.policies, services.secret)
        answer = await client.get("/readyz")
        assert (await client.get("/livez")).status_code == 200
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "reason": "The database cannot be reached: is it running, and is NEO4J_URI right?",
    }


async def test_graphql_answers(client: Client) -> None:
    answer = await client.post("/graphql", json={"query": "{ __typename }"})
    assert answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("path", ["/graphql/", "/livez/", "/customers/cus_x/brief/"])
async def test_a_path_with_a_slash_too_many_is_not_there(client: Client, path: str) -> None:
    for answer in (await client.get(path), await client.post(path)):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_what_is_not_there_is_told_in_json(client: Client) -> None:
    answer = await client.get("/nothing")
    assert answer.status_code == 404
    assert answer.json() == {
        "error": "There is nothing at this path: the API is at /graphql, a page to try it at /.",
        "code": "NOT_FOUND",
    }
    answer = await client.post("/livez")
    assert answer.status_code == 405
    assert answer.json() == {"error": "POST is not possible here.", "code": "METHOD_NOT_ALLOWED"}
    assert sorted(answer.headers["allow"].split(", ")) == ["GET", "HEAD"]


async def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(
    client: Client,
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 512

    headers = {"Content-Type": "application/json"}
    said = await client.post("/graphql", content=b" " * 1025, headers=headers)
    unsaid = await client.post("/graphql", content=chunks(), headers=headers)
    for answer in (said, unsaid):
        assert answer.status_code == 413
        assert answer.json()["code"] == "BODY_TOO_LARGE"
        assert answer.headers["x-content-type-options"] == "nosniff"
    fits = await client.post("/graphql", json={"query": "{ __typename }" + " " * 900})
    assert fits.status_code == 200


@pytest.mark.parametrize("path", ["/", "/livez", "/nothing"])
async def test_every_answer_has_the_headers_that_protect_it(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("camera=(), ")
    assert headers["x-permitted-cross-domain-policies"] == "none"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


async def test_a_request_id_is_taken_over(client: Client) -> None:
    answer = await client.get("/livez", headers={"X-Request-Id": "from-the.proxy_1"})
    assert answer.headers["x-request-id"] == "from-the.proxy_1"


@pytest.mark.parametrize("given", [b"", b"x" * 65, b"a b", b"a\tb", "é".encode()])
async def test_a_request_id_that_is_no_such_thing_is_replaced(client: Client, given: bytes) -> None:
    answer = await client.get("/livez", headers={b"X-Request-Id": given})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])


async def test_a_request_is_one_line_without_its_query_or_a_path_that_is_not_ours(
    client: Client,
) -> None:
    with capture_logs() as logs:
        await client.get("/no%0Athing?email=ann@example.org", headers={"X-Request-Id": "r1"})
    [line] = logs
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request", "log_level": "info", "method": "GET", "path": "other", "status": 404,
    }  # fmt: skip


async def test_what_nobody_expected_is_masked_and_logged_once(
    app: Starlette, client: Client
) -> None:
    async def broken(_: Request) -> Response:
        raise ValueError("ann@example.org")

    app.router.routes.append(Route("/broken", broken))
    with capture_logs() as logs:
        answer = await client.get("/broken", headers={"X-Request-Id": "r1"})
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "Something went wrong here. Tell the operator the request id.",
        "code": "INTERNAL",
        "requestId": "r1",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [line["event"] for line in logs] == ["unexpected error", "request"]


async def test_a_name_that_is_not_ours_is_refused_whatever_it_resolves_to(client: Client) -> None:
    # A page of attacker.example whose name resolves to 127.0.0.1 sends its own name as Host.
    for host in ("attacker.example", "attacker.example:8000", "127.0.0.1.attacker.example"):
        answer = await client.post(
            "/graphql", json={"query": "{ __typename }"}, headers={"host": host}
        )
        assert (answer.status_code, answer.json()["code"]) == (421, "MISDIRECTED"), host
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        answer = await client.get("/livez", headers={"host": host})
        assert answer.status_code == 200, host
