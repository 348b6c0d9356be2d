"""graphql-transport-ws as its protocol has it: close codes, the order of messages, bounds."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs
from websockets.exceptions import InvalidStatus

from customers.services import Services
from tests.conftest import Ingest
from tests.contract.serving import PROTOCOL, Served, served, subscribe

QUERY = "{ __typename }"
CHANGES = "subscription { changes { seq } }"


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "[]",
        "1",
        {"type": "nonsense"},
        {"type": 1},
        {},
        {"type": "subscribe", "payload": {"query": QUERY}},
        subscribe("", QUERY),
        {**subscribe("1", QUERY), "id": 1},
        {"id": "1", "type": "subscribe", "payload": {}},
        {"id": "1", "type": "subscribe", "payload": "x"},
        {"id": "1", "type": "subscribe"},
        {"id": "1", "type": "subscribe", "payload": {"query": QUERY, "variables": []}},
        {"id": "1", "type": "subscribe", "payload": {"query": QUERY, "operationName": 1}},
        {"type": "complete"},
        b"\x00\x01",
    ],
)
async def test_a_message_that_is_none_closes_the_socket_with_4400(
    server: Served, message: object
) -> None:
    async with server.socket() as client:
        await client.send(message)
        assert await client.closed() == 4400


async def test_an_init_payload_that_is_no_object_closes_the_socket_with_4400(
    server: Served,
) -> None:
    async with server.socket(ready=False) as client:
        await client.send({"type": "connection_init", "payload": "x"})
        assert await client.closed() == 4400


async def test_nobody_subscribes_before_the_init_is_acknowledged(server: Served) -> None:
    async with server.socket(ready=False) as client:
        await client.send(subscribe("1", QUERY))
        assert await client.closed() == 4401


async def test_one_init_is_enough(server: Served) -> None:
    async with server.socket() as client:
        await client.send({"type": "connection_init"})
        assert await client.closed() == 4429


async def test_who_never_sends_an_init_is_closed(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = server.server._graphql._sockets._view
    assert view.connection_init_wait_timeout == timedelta(seconds=10)
    monkeypatch.setattr(view, "connection_init_wait_timeout", timedelta(seconds=0.2))
    async with server.socket(ready=False) as client:
        assert await client.closed() == 4408


async def test_an_id_names_one_operation_at_a_time(server: Served) -> None:
    async with server.socket() as client:
        await client.send(subscribe("1", CHANGES), subscribe("1", CHANGES))
        assert await client.closed() == 4409
    await server.followed_by(0)


async def test_another_protocol_is_not_spoken(server: Served) -> None:
    async with server.socket(ready=False, subprotocols=None) as client:
        assert await client.closed() == 4406


async def test_a_query_is_a_next_and_a_complete_and_its_id_is_free_again(server: Served) -> None:
    async with server.socket() as client:
        for _ in range(2):
            await client.send(subscribe("q", QUERY))
            assert await client.receive() == {
                "id": "q",
                "type": "next",
                "payload": {"data": {"__typename": "Query"}},
            }
            assert await client.receive() == {"id": "q", "type": "complete"}


async def test_a_mutation_goes_over_a_socket_too(server: Served) -> None:
    mutation = (
        'mutation { ingest(records: [{source: "crm", sourceId: "1"}]) { customers { version } } }'
    )
    async with server.socket() as client:
        await client.send(subscribe("m", mutation))
        message = await client.receive()
    assert message["payload"] == {"data": {"ingest": {"customers": [{"version": 1}]}}}


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", {}, "OPERATION_RESOLUTION_FAILURE"),
        ("subscription($n: Int!) { changes { seq } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { changes(after: "x") { seq } }', {}, "INVALID_INPUT"),
    ],
)
async def test_an_operation_that_cannot_begin_is_an_error_of_its_id_and_the_socket_stays(
    server: Served, query: str, variables: dict[str, Any], code: str
) -> None:
    async with server.socket() as client:
        await client.send(subscribe("e", query, **variables), subscribe("q", QUERY))
        messages = {one["id"]: one for one in [await client.receive() for _ in range(3)]}
    assert messages["e"]["type"] == "error"
    assert [one["extensions"]["code"] for one in messages["e"]["payload"]] == [code]
    assert messages["q"]["type"] == "complete"


async def test_ping_is_answered_and_pong_is_taken(server: Served) -> None:
    async with server.socket() as client:
        await client.send({"type": "pong"}, {"type": "ping", "payload": {"k": 1}})
        assert (await client.receive())["type"] == "pong"


async def test_complete_ends_a_subscription_and_an_id_that_is_none_is_ignored(
    server: Served,
) -> None:
    async with server.socket() as client:
        await client.send(subscribe("s", CHANGES))
        await server.followed_by(1)
        await client.send({"id": "nobody", "type": "complete"}, {"id": "s", "type": "complete"})
        await server.followed_by(0)
        await client.send(subscribe("q", QUERY))
        assert (await client.receive())["id"] == "q"


async def test_a_client_that_leaves_leaves_nothing_behind(server: Served) -> None:
    async with server.socket() as client:
        await client.send(subscribe("a", CHANGES), subscribe("b", CHANGES))
        await server.followed_by(2)
    await server.followed_by(0)


async def test_a_client_that_vanishes_amid_events_is_no_error(
    server: Served, ingest: Ingest
) -> None:
    await ingest([{"source": "crm", "sourceId": f"{n}"} for n in range(300)])
    [first] = (await server.ask("{ changes(first: 1) { edges { cursor } } }"))["changes"]["edges"]
    with capture_logs() as logs:
        async with server.socket() as client:
            query = f'subscription {{ changes(after: "{first["cursor"]}") {{ seq }} }}'
            await client.send(*[subscribe(f"{n}", query) for n in range(20)])
            await client.receive()
            client.raw.transport.abort()
        await server.followed_by(0)
    # A busy database may be a warning of whoever looks for changes.
    assert [line for line in logs if line["log_level"] == "error"] == []


async def test_operations_of_a_socket_are_bounded(server: Served) -> None:
    async with server.socket() as client:
        await client.send(*[subscribe(f"{n}", CHANGES) for n in range(100)])
        await server.followed_by(100)
        await client.send(subscribe("one more", CHANGES))
        message = await client.receive()
    assert (message["id"], message["type"]) == ("one more", "error")
    assert message["payload"][0]["extensions"]["code"] == "OVERLOADED"


async def test_sockets_and_streams_of_a_process_are_bounded(services: Services) -> None:
    async with served(services, max_connections=2) as server:
        async with server.socket(), server.socket(), server.http() as http:
            with pytest.raises(InvalidStatus) as refused:
                async with server.socket():
                    raise AssertionError("a third was let in")
            response = refused.value.response
            assert (response.status_code, response.headers["retry-after"]) == (503, "5")
            assert b'"OVERLOADED"' in (response.body or b"")
            stream = await http.post(
                server.url, json={"query": CHANGES}, headers={"accept": "text/event-stream"}
            )
            assert stream.status_code == 503
        async with server.socket():
            pass  # there is room again


async def test_a_page_of_another_site_opens_no_socket(server: Served) -> None:
    for name, origin, status in (
        ("127.0.0.1", "https://evil.example", 403),
        ("127.0.0.1", "null", 403),
        # A name of theirs that resolves to us.
        ("evil.example", f"http://evil.example:{server.port}", 421),
    ):
        with pytest.raises(InvalidStatus) as refused:
            async with server.socket(name, origin=origin):
                raise AssertionError("let in")
        assert refused.value.response.status_code == status


async def test_a_page_of_ours_opens_one(server: Served) -> None:
    async with server.socket(origin=f"http://127.0.0.1:{server.port}") as client:
        assert client.raw.subprotocol == PROTOCOL


async def test_a_server_that_stops_closes_its_sockets_with_1001(services: Services) -> None:
    async with served(services) as server:
        async with server.socket() as client, server.socket(ready=False) as silent:
            await client.send(subscribe("s", CHANGES))
            await server.followed_by(1)
            server.server.should_exit = True
            assert await client.closed() == 1001
            assert await silent.closed() == 1001
        assert services.changes.followers == 0
