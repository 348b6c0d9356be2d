"""Metrics: what an operator sees of a server, and that no customer shows in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from customers.principal import DEVELOPER
from customers.services import Services
from cypher import Connection, every
from graph_schema.http import Endpoint
from graph_schema.operations import Asked
from server.app import create_app
from server.metrics import Metrics, Requests
from server.settings import Settings
from tests.conftest import query
from tests.unreachable import unreachable_graph

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
INGEST = """mutation AnnSecret($records: [RecordInput!]!) {
  ingest(records: $records) { errors { code } } }"""
ANN = {
    "source": "crmSecret",
    "sourceId": "idSecret",
    "identifiers": [
        {"namespace": "email", "value": "ann.secret@mail.org"},
        {"namespace": "phone", "value": "12secret"},
    ],
    "traits": {"firstName": "Secret"},
}


@pytest.fixture
def app(connection: Connection, services: Services, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """The application, with services that are open already and tell its metrics."""
    app = create_app(Settings(data_dir=connection.data_dir))
    app.state.services = services
    monkeypatch.setattr(services.graph, "watcher", app.state.metrics)
    return app


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def scraped(client: httpx2.AsyncClient) -> Samples:
    """Every sample by its name, without our prefix, and its labels."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("profile_graph_"), tuple(sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def graphql(client: httpx2.AsyncClient, text: str, **variables: object) -> Any:  # noqa: ANN401
    answer = await client.post("/graphql", json={"query": text, "variables": variables})
    return answer.json()


def one(samples: Samples, name: str, **labels: str) -> float:
    """A sample, 0 where there has been none yet."""
    return samples.get((name, tuple(sorted(labels.items()))), 0.0)


async def test_records_and_changes_are_counted_by_what_became_of_them(
    client: httpx2.AsyncClient,
) -> None:
    await graphql(client, INGEST, records=[ANN, {"source": "crm"}])
    await graphql(client, INGEST, records=[ANN])
    found = await scraped(client)
    assert one(found, "records_total", outcome="written") == 1
    assert one(found, "records_total", outcome="known") == 1
    assert one(found, "rejected_records_total", code="INVALID_RECORD") == 1
    assert one(found, "refused_values_total", part="identifier") == 2
    assert one(found, "changes_total", kind="created") == 1
    assert one(found, "profiles_numbered") == 1
    assert one(found, "change_log_end") == 1
    assert one(found, "statement_seconds_count", statement="ingest/take_turn") == 2


async def test_operations_go_by_the_names_of_the_schema(client: httpx2.AsyncClient) -> None:
    await graphql(client, "query Secret { secret: customers(first: 1) { nodes { id } } }")
    await graphql(client, "{ a: __typename changes(first: 1) { nodes { seq } } }")
    await graphql(client, "{ secretField }")
    await graphql(client, "{ customers(")
    await graphql(client, "query SecretName { __typename }")
    found = await scraped(client)
    assert operations(found) == {
        "query customers": 1,
        "query several": 1,
        "query __typename": 1,
        "other": 2,
    }
    assert one(found, "errors_total", code="GRAPHQL_VALIDATION_FAILED") == 1
    assert one(found, "errors_total", code="GRAPHQL_PARSE_FAILED") == 1


async def test_requests_go_by_our_paths(client: httpx2.AsyncClient) -> None:
    await client.get("/livez")
    await client.get("/ann.secret@mail.org")
    await client.get("/graphql-secret")
    found = await scraped(client)
    assert one(found, "http_request_seconds_count", path="/livez", status="200") == 1
    assert one(found, "http_request_seconds_count", path="other", status="404") == 2


async def test_the_files_of_a_page_go_by_their_route(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/graphiql/secret.js")).status_code == 404
    found = await scraped(client)
    path = "/graphiql/{name}"
    assert one(found, "http_request_seconds_count", path=path, status="404") == 1


@pytest.mark.parametrize(
    ("content_type", "told"), [("text/event-stream; charset=utf-8", 1), ("application/json", 0)]
)
async def test_a_stream_is_timed_to_its_beginning(content_type: str, told: int) -> None:
    requests = []

    class Noted(Metrics):
        def request(self, path: str, status: int, seconds: float) -> None:
            requests.append((path, status))

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", content_type.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        assert len(requests) == told
        await send({"type": "http.response.body", "body": b""})

    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(Requests(app, Noted(), {"/graphql"})),
        base_url="http://127.0.0.1",
    ) as client:
        await client.post("/graphql")
    assert requests == [("/graphql", 200)]


def operations(found: Samples) -> dict[str, float]:
    """How many operations there were of each name."""
    return {
        dict(labels)["operation"]: value
        for (name, labels), value in found.items()
        if name == "operation_seconds_count"
    }


@pytest.mark.parametrize("leaves", [True, False])
async def test_a_subscription_is_an_operation_once_by_a_name_of_the_schema(
    app: Starlette, client: httpx2.AsyncClient, leaves: bool
) -> None:
    served: Endpoint = app.state.graphql
    for text, code in (
        ('subscription Secret { changes(after: "x") { kind } }', "INVALID_INPUT"),
        ("subscription { secretField }", "GRAPHQL_VALIDATION_FAILED"),
    ):
        events = served._operations.events(Asked(text), DEVELOPER)
        async with aclosing(events):
            async for event in events:
                assert [one.extensions for one in event.errors or ()] == [{"code": code}]
                if leaves:  # as a WebSocket does after an error
                    break
    found = await scraped(client)
    assert operations(found) == {"subscription changes": 1, "other": 1}
    assert one(found, "errors_total", code="INVALID_INPUT") == 1
    assert one(found, "errors_total", code="GRAPHQL_VALIDATION_FAILED") == 1


async def test_a_subscription_is_told_with_the_time_it_took_to_begin(
    app: Starlette, client: httpx2.AsyncClient
) -> None:
    served: Endpoint = app.state.graphql
    waited = 1.0
    events = served._operations.events(Asked("subscription { changes { kind } }"), DEVELOPER)
    first = asyncio.ensure_future(anext(events))
    await asyncio.sleep(waited)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await events.aclose()
    found = await scraped(client)
    assert operations(found) == {"subscription changes": 1}
    assert one(found, "operation_seconds_sum", operation="subscription changes") < waited / 2


async def test_an_operation_that_fails_keeps_its_name(client: httpx2.AsyncClient) -> None:
    await graphql(client, "{ customers(first: -1) { nodes { id } } }")
    assert operations(await scraped(client)) == {"query customers": 1}


async def test_no_value_of_a_customer_and_no_unknown_label_is_on_the_page(
    client: httpx2.AsyncClient,
) -> None:
    await graphql(client, INGEST, records=[ANN, {"source": "secret"}])
    read = '{ customer(identifier: {namespace: "email", value: "ann.secret@mail.org"}) { id } }'
    assert (await graphql(client, read))["data"]["customer"]["id"]
    await client.get("/secret", headers={"x-request-id": "secret"})
    assert "secret" not in (await client.get("/metrics")).text.lower()
    statements = {statement.name for statement in every()}
    for name, labels in await scraped(client):
        told = dict(labels)
        assert told.keys() <= {
            *("path", "status", "operation", "statement", "code", "outcome", "part", "kind"),
            *("lane", "version", "python", "le"),
        }, name
        assert told.get("statement", "schema/ping") in statements


async def test_the_state_of_the_graph_and_the_process_is_shown(
    client: httpx2.AsyncClient, services: Services
) -> None:
    await query(services.graph, "UNWIND range(1, 3) AS n CREATE (:Customer {id: n, pending: true})")
    found = await scraped(client)
    assert one(found, "pending_customers") == 3
    assert one(found, "open_matches") == 0
    assert one(found, "database_up") == 1
    assert one(found, "database_in_flight_limit") == 32
    assert (one(found, "database_in_flight"), one(found, "database_waiting")) == (0, 0)
    assert one(found, "writer_queue_rows", lane="live") == 0
    assert one(found, "writer_queue_rows", lane="bulk") == 0
    assert [name for name, _ in found].count("build_info") == 1
    assert found["process_resident_memory_bytes", ()] > 0


async def test_a_database_that_is_away_is_said_and_not_waited_for(
    app: Starlette, client: httpx2.AsyncClient, services: Services, unused_tcp_port: int
) -> None:
    async with unreachable_graph(unused_tcp_port) as away:
        app.state.services = Services(away, services.writer, services.policies, b"")
        away.watcher = app.state.metrics
        found = await scraped(client)
        assert one(found, "database_up") == 0
        assert one(found, "database_refusals_total", code="ServiceUnavailable") > 0


async def test_two_applications_count_apart(client: httpx2.AsyncClient) -> None:
    Metrics().happened("record", "written", 5)
    assert one(await scraped(client), "records_total", outcome="written") == 0


async def test_metrics_can_be_switched_off(connection: Connection) -> None:
    app = create_app(Settings(data_dir=connection.data_dir, metrics=False))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.get("/metrics")).status_code == 404
