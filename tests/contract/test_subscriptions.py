"""Subscription.changes over every transport: once, in order, resumable, and ended with reasons."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from customers.change_feed import ChangeFeed
from customers.reading import Reading
from customers.services import Services
from graph_schema import operations
from graph_schema.change.types import change_node
from graph_schema.http import Endpoint, Limits, endpoint, sse
from graph_schema.http.accept import accepted
from graph_schema.http.multipart import Multipart
from tests.callers import always
from tests.conftest import Ingest
from tests.contract.serving import LONG_S, Served, served, subscribe
from tests.unreachable import unreachable_graph

EVENTS, APOLLO = "text/event-stream", 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'
CHANGES = "subscription($after: String) { changes(after: $after) { seq } }"
CURSORS = "{ changes { edges { cursor node { cursor seq } } } }"


def record(source_id: str, **more: object) -> dict[str, object]:
    return {"source": "crm", "sourceId": source_id, "at": "2026-01-01T00:00:00Z", **more}


async def cursors(server: Served) -> list[str]:
    """The cursors of the first changes, as the connection has them and as the nodes do."""
    edges = (await server.ask(CURSORS))["changes"]["edges"]
    found = [edge["cursor"] for edge in edges]
    assert found == [edge["node"]["cursor"] for edge in edges]
    return found


@asynccontextmanager
async def stream(
    server: Served,
    accept: str,
    query: str = CHANGES,
    *,
    headers: Mapping[str, str] | None = None,
    **variables: object,
) -> AsyncIterator["Reader"]:
    """An HTTP response that goes on."""
    body = {"query": query, "variables": variables}
    sent = {"accept": accept, **(headers or {})}
    async with (
        server.http() as client,
        client.stream("POST", server.url, json=body, headers=sent) as response,
    ):
        assert response.status_code == 200, await response.aread()
        yield Reader(response)


class Reader:
    """The raw bytes of a response, up to one separator after the other."""

    def __init__(self, response: httpx2.Response) -> None:
        self.type = response.headers["content-type"]
        self._bytes = response.aiter_raw()
        self._rest = b""

    async def until(self, separator: bytes) -> bytes:
        async with asyncio.timeout(LONG_S):
            while separator not in self._rest:
                self._rest += await anext(self._bytes)
        found, _, self._rest = self._rest.partition(separator)
        return found

    async def event(self) -> tuple[str, Any]:
        """The next event that is no heartbeat, and its data."""
        while (text := await self.until(b"\n\n")) == b":":
            pass
        kind, data = text.decode().split("\n")
        assert kind.startswith("event: ")
        assert data.startswith("data:")
        content = data.removeprefix("data:").strip()
        return kind.removeprefix("event: "), json.loads(content) if content else None

    async def part(self, boundary: bytes = b"--graphql") -> Any:  # noqa: ANN401 - JSON is anything
        """The next part that is no heartbeat."""
        found: Any = {}
        while found == {}:
            head, _, content = (await self.until(b"\r\n" + boundary)).partition(b"\r\n\r\n")
            assert b"Content-Type: application/json; charset=utf-8" in head
            found = json.loads(content)
        return found

    async def rest(self) -> bytes:
        async with asyncio.timeout(LONG_S):
            return self._rest + b"".join([one async for one in self._bytes])


def change(seq: int) -> dict[str, Any]:
    return {"data": {"changes": {"seq": seq}}}


async def test_events_come_over_server_sent_events_with_line_feeds_alone(
    server: Served, ingest: Ingest
) -> None:
    async with stream(server, EVENTS) as reader:
        await server.followed_by(1)
        await ingest([record("1"), record("2")])
        assert reader.type == "text/event-stream; charset=utf-8"
        assert [await reader.event() for _ in range(2)] == [("next", change(n)) for n in (1, 2)]
        assert b"\r" not in reader._rest
    await server.followed_by(0)


async def test_events_come_as_the_parts_of_apollos_protocol(server: Served, ingest: Ingest) -> None:
    async with stream(server, APOLLO) as reader:
        await server.followed_by(1)
        await ingest([record("1"), record("2")])
        assert reader.type == 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"'
        assert await reader.until(b"--graphql") == b""
        assert [await reader.part() for _ in range(2)] == [{"payload": change(n)} for n in (1, 2)]
    await server.followed_by(0)


async def test_events_come_as_parts_that_say_whether_there_are_more(
    server: Served, ingest: Ingest
) -> None:
    async with stream(server, "multipart/mixed") as reader:
        await server.followed_by(1)
        await ingest([record("1")])
        assert await reader.until(b"---") == b""
        assert await reader.part(b"---") == {**change(1), "hasNext": True}
        await server.services.changes.close()
        last = await reader.part(b"---")
        assert last["errors"][0]["extensions"]["code"] == "SERVER_STOPPING"
        assert (await reader.rest()).endswith(b'{"hasNext":false}\r\n-----\r\n')


async def test_a_query_over_a_stream_is_one_event_that_completes(server: Served) -> None:
    async with stream(server, EVENTS, "{ __typename }") as reader:
        assert await reader.event() == ("next", {"data": {"__typename": "Query"}})
        assert await reader.event() == ("complete", None)
        assert await reader.rest() == b""
    async with stream(server, APOLLO, "{ __typename }") as reader:
        assert await reader.until(b"--graphql") == b""
        assert await reader.part() == {"payload": {"data": {"__typename": "Query"}}}
        assert await reader.rest() == b"--\r\n"


async def test_a_browser_follows_by_get(server: Served, ingest: Ingest) -> None:
    await ingest([record("1"), record("2")])
    [first, _] = await cursors(server)
    params = {"query": CHANGES, "variables": json.dumps({"after": first})}
    async with (
        server.http() as client,
        client.stream("GET", server.url, params=params, headers={"accept": EVENTS}) as response,
    ):
        assert await Reader(response).event() == ("next", change(2))


async def test_what_cannot_begin_is_told_and_completed(server: Served) -> None:
    for query, code in (
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { changes(after: "x") { seq } }', "INVALID_INPUT"),
        ('subscription { changes(after: "") { seq } }', "INVALID_INPUT"),
    ):
        async with stream(server, EVENTS, query) as reader:
            kind, result = await reader.event()
            assert (kind, list(result)) == ("next", ["errors"])
            assert result["errors"][0]["extensions"]["code"] == code
            assert await reader.event() == ("complete", None)


async def test_every_transport_goes_on_after_the_cursor_of_the_connection_and_of_the_event(
    server: Served, ingest: Ingest
) -> None:
    await ingest([record(f"{n}") for n in range(5)])
    found = await cursors(server)
    async with stream(server, EVENTS, after=found[2]) as reader:
        assert [await reader.event() for _ in range(2)] == [("next", change(n)) for n in (4, 5)]
    async with stream(server, APOLLO, after=found[3]) as reader:
        await reader.until(b"--graphql")
        assert await reader.part() == {"payload": change(5)}
    async with server.socket() as client:
        await client.send(subscribe("s", CHANGES, after=found[0]))
        seen = [(await client.receive())["payload"] for _ in range(4)]
        assert seen == [change(n) for n in (2, 3, 4, 5)]


async def test_of_one_customer_there_is_nothing_of_others(server: Served, ingest: Ingest) -> None:
    written = await ingest([record("1"), record("2"), record("1b", identifiers=[])])
    query = "subscription($id: ID) { changes(customerId: $id) { customerId kind } }"
    async with stream(server, EVENTS, query, id=written[1].customer) as reader:
        await server.followed_by(1)
        await ingest([record("3"), record("2", deleted=True)])
        _, result = await reader.event()
        assert result == {
            "data": {"changes": {"customerId": written[1].customer, "kind": "DELETED"}}
        }


async def test_two_servers_on_one_graph_both_tell_everything_once(
    services: Services, ingest: Ingest
) -> None:
    other = Services(services.graph, services.writer, services.policies, services.secret)
    async with (
        served(services) as one,
        served(other) as two,
        stream(one, EVENTS) as first,
        two.socket() as second,
    ):
        await second.send(subscribe("s", CHANGES))
        await one.followed_by(1)
        await two.followed_by(1)
        for n in range(10):
            await ingest([record(f"{n}")])
        expected = [change(n) for n in range(1, 11)]
        assert [await first.event() for _ in expected] == [("next", one) for one in expected]
        assert [(await second.receive())["payload"] for _ in expected] == expected


async def test_each_event_has_a_deadline_of_its_own_and_the_customer_as_it_is_then(
    services: Services, ingest: Ingest
) -> None:
    query = "subscription { changes { customer { id version profiles { nodes { sourceId } } } } }"
    async with (
        served(services, request_timeout=1.0) as server,
        stream(server, EVENTS, query) as reader,
    ):
        await server.followed_by(1)
        for version in (1, 2):
            await asyncio.sleep(1.2)  # longer than an operation may take
            await ingest(
                [record(f"{version}", identifiers=[{"namespace": "email", "value": "a@b.org"}])]
            )
            _, result = await reader.event()
            assert "errors" not in result, result
            customer = result["data"]["changes"]["customer"]
            assert customer["version"] == version
            assert len(customer["profiles"]["nodes"]) == version


async def test_an_event_under_which_a_customer_changed_is_read_again(
    server: Served, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[str] = []
    stale = operations._stale

    async def stale_at_first(*arguments: Any) -> bool:  # noqa: ANN401 - whatever it takes
        checks.append("once")
        return len(checks) == 2 or await stale(*arguments)

    async with stream(server, EVENTS) as reader:
        await server.followed_by(1)
        monkeypatch.setattr(operations, "_stale", stale_at_first)
        await ingest([record("1"), record("2"), record("3")])
        assert [await reader.event() for _ in range(3)] == [("next", change(n)) for n in (1, 2, 3)]
    assert len(checks) == 4


@pytest.mark.parametrize("accept", [EVENTS, APOLLO, "socket"])
async def test_a_database_that_is_away_ends_a_subscription_with_a_code_and_a_cursor(
    services: Services, ingest: Ingest, unused_tcp_port: int, accept: str
) -> None:
    await ingest([record("1")])
    async with unreachable_graph(unused_tcp_port) as away:
        gone = Services(away, services.writer, services.policies, services.secret)
        # Who asks is known: that there are no keys was read while there was a database.
        object.__setattr__(gone, "keys", services.keys)
        async with served(services) as healthy:
            [cursor] = await cursors(healthy)
        with capture_logs() as logs:
            async with served(gone) as server:
                [error] = await _errors(server, accept, cursor)
    assert error["extensions"] == {"cursor": cursor, "code": "DATABASE_UNAVAILABLE"}
    assert "exc_info" not in json.dumps(logs, default=str)


@pytest.mark.parametrize("accept", [EVENTS, APOLLO, "socket"])
async def test_a_follower_that_is_too_slow_is_told_where_to_go_on(
    services: Services, ingest: Ingest, accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It takes nothing while more happens than is kept.
    feed = ChangeFeed(services.graph, every_s=0.05, kept=3)
    object.__setattr__(services, "changes", feed)
    held, go_on = asyncio.Event(), asyncio.Event()

    def holding(*arguments: Any) -> Any:  # noqa: ANN401 - whatever it takes
        held.set()
        return change_node(*arguments)

    monkeypatch.setattr("graph_schema.change.subscription.change_node", holding)
    check = Reading.check

    async def slowly(self: Reading) -> None:
        if held.is_set():
            await go_on.wait()
        await check(self)

    monkeypatch.setattr(Reading, "check", slowly)

    async def write() -> None:
        async with asyncio.timeout(LONG_S):
            while not feed.followers or feed.last is None:
                await asyncio.sleep(0.01)
            await ingest([record("1")])
            await held.wait()
            await ingest([record(f"{n}") for n in range(2, 9)])
            while feed.last != 8:
                await asyncio.sleep(0.01)
            go_on.set()

    async with served(services) as server:
        writing = asyncio.create_task(write())
        [error] = await _errors(server, accept, None)
        await writing
        first = (await cursors(server))[0]
    assert error["extensions"] == {"cursor": first, "code": "TOO_SLOW"}


async def _errors(server: Served, accept: str, after: str | None) -> list[dict[str, Any]]:
    """The errors that end a subscription, however they come; events before them are passed."""
    found: list[dict[str, Any]]
    if accept == "socket":
        async with server.socket() as client:
            await client.send(subscribe("s", CHANGES, after=after))
            while (message := await client.receive())["type"] == "next":
                pass
            assert message["type"] == "error"
            found = message["payload"]
        return found
    async with stream(server, accept, after=after) as reader:
        if accept == APOLLO:
            await reader.until(b"--graphql")
            while (part := await reader.part())["payload"] is not None:
                pass
            assert await reader.rest() == b"--\r\n"
            found = part["errors"]
            return found
        while "errors" not in (result := (await reader.event())[1]):
            pass
        assert await reader.event() == ("complete", None)
        found = result["errors"]
        return found


@pytest.mark.parametrize("form", [sse.ServerSentEvents, Multipart])
async def test_silence_is_filled_with_heartbeats(
    server: Served, monkeypatch: pytest.MonkeyPatch, form: Callable[[], Any]
) -> None:
    assert form().heartbeat_s < 15
    monkeypatch.setattr(form, "heartbeat_s", 0.05)
    accept = APOLLO if form is Multipart else EVENTS
    async with stream(server, accept) as reader:
        for _ in range(4):
            await reader.until(form().heartbeat)


async def test_a_stream_is_ended_when_the_server_stops(services: Services) -> None:
    async with served(services) as server, stream(server, EVENTS) as reader:
        await server.followed_by(1)
        server.server.should_exit = True
        _, result = await reader.event()
        [error] = result["errors"]
        assert error["extensions"]["code"] == "SERVER_STOPPING"
        assert error["extensions"]["cursor"]
        assert await reader.event() == ("complete", None)
        assert await reader.rest() == b""


async def test_a_reader_who_takes_nothing_is_given_up(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "SEND_S", 0.1)
    app = Endpoint(lambda: services, Limits(request_timeout=30), always())
    body = json.dumps({"query": CHANGES}).encode()
    requests = [{"type": "http.request", "body": body, "more_body": False}]
    headers = [(b"content-type", b"application/json"), (b"accept", EVENTS.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}

    async def receive() -> dict[str, Any]:
        return requests.pop() if requests else await asyncio.Future()

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Future()

    await asyncio.wait_for(app(scope, receive, send), LONG_S)
    assert (len(app._open), services.changes.followers) == (0, 0)


async def test_what_nobody_expected_is_masked_with_the_request_id_over_a_socket_too(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reading, "rows", lambda *_, **__: 1 / 0)
    with capture_logs() as logs:
        headers = {"X-Request-Id": "r1"}
        async with server.socket(additional_headers=headers) as client:
            await client.send(subscribe("s", '{ node(id: "cus_x") { id } }'))
            message = await client.receive()
    [error] = message["payload"]["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "r1"}
    assert "division" not in json.dumps(message)
    assert [line["event"] for line in logs] == ["unexpected error", "request"]


def test_who_takes_several_forms_of_a_stream_has_the_one_it_likes_best() -> None:
    for header, type_ in (
        ("text/event-stream, multipart/mixed", "text/event-stream; charset=utf-8"),
        ("text/event-stream;q=0.5, multipart/mixed", 'multipart/mixed; boundary="-"'),
        (f"{APOLLO}, application/json", Multipart().headers["Content-Type"]),
    ):
        form = accepted(header).stream
        assert form is not None
        assert form.headers["Content-Type"] == type_
