"""Who is let in, by every door, and for how long."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from customers.keys import keyring
from customers.keys.keys import Wanted, create_key, revoke_key
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from graph_schema.context import Context
from graph_schema.http.session import Session
from server import authentication
from tests.conftest import query, soon
from tests.contract.serving import LONG_S, Served, served, subscribe
from tests.contract.test_subscriptions import APOLLO, CHANGES, EVENTS, Reader, stream
from tests.distrust import distrust
from tests.tokens import AUDIENCE, ISSUER, Signer, jwks_file
from tests.unreachable import unreachable_graph

SIGNER = Signer("r1")
ASK = {"query": "{ __typename }"}
ANSWER = {"data": {"__typename": "Query"}}
SAID = "This request needs credentials, and has none that are right."
REFUSED = {"errors": [{"message": SAID, "extensions": {"code": "UNAUTHENTICATED"}}]}
INGEST = """mutation ($records: [RecordInput!]!) { ingest(records: $records) {
  results { index profileId customerId } errors { code message path } customers { id } } }"""


@pytest.fixture(autouse=True)
def soon_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of keys is a moment old at most."""
    monkeypatch.setattr(keyring, "KEPT_S", 0.2)
    monkeypatch.setattr(authentication, "KEPT_S", 0.2)
    monkeypatch.setattr(keyring, "AGAIN_S", 0.0)


@pytest.fixture
async def asking(services: Services, tmp_path: Path) -> AsyncIterator[Served]:
    """A server that takes keys and tokens."""
    async with served(services, **settings(tmp_path)) as running:
        yield running


def settings(folder: Path) -> dict[str, Any]:
    """Those by which a server takes the tokens of SIGNER to their last second."""
    return {
        "jwt_jwks": str(jwks_file(folder, SIGNER)),
        "jwt_issuer": ISSUER,
        "jwt_audience": AUDIENCE,
        "jwt_leeway": 0,
        "request_timeout": LONG_S,  # a cold database on a busy machine plans slowly
    }


async def new_key(services: Services, role: Role | None = Role.ADMIN, **more: Any) -> str:  # noqa: ANN401
    """The text of a new key."""
    _, text = await create_key(services.graph, Wanted("test", role, **more), DEVELOPER, soon())
    return text


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{text}:".encode()).decode()}


async def test_a_key_and_a_token_open_every_door(asking: Served) -> None:
    key = await new_key(asking.services)
    async with asking.http() as client:
        for headers in (bearer(key), {"X-API-Key": key}, basic(key), bearer(SIGNER.token())):
            posted = await client.post(asking.url, json=ASK, headers=headers)
            got = await client.get(asking.url, params=ASK, headers=headers)
            assert (posted.json(), got.json()) == (ANSWER, ANSWER)
            events = headers | {"Accept": EVENTS}
            streamed = await client.post(asking.url, json=ASK, headers=events)
            assert json.dumps(ANSWER).replace(" ", "") in streamed.text


@pytest.mark.parametrize("accept", ["*/*", "application/graphql-response+json", EVENTS, APOLLO])
async def test_who_shows_nothing_right_is_refused_and_not_told_what_was_wrong(
    asking: Served, accept: str
) -> None:
    key = await new_key(asking.services)
    other = await new_key(asking.services, Role.SELLER)
    swapped = key[:17] + other[17:]
    expired = f"{key[:-1]}{'a' if key[-1] != 'a' else 'b'}"
    async with asking.http() as client:
        for headers in (
            *({}, bearer(swapped), bearer(expired), {"X-API-Key": swapped}, basic("")),
            *(bearer("a.b.c"), bearer(Signer("r1").token()), bearer(SIGNER.token(aud="other"))),
            *(bearer(SIGNER.token(role="root")), {"Authorization": "Negotiate x"}),
            bearer(key) | {"X-API-Key": key},
        ):
            asked = {"Accept": accept, **headers}
            for answer in (
                await client.post(asking.url, json=ASK, headers=asked),
                await client.get(asking.url, params=ASK, headers=asked),
            ):
                assert (answer.status_code, answer.json()) == (401, REFUSED), headers
                assert answer.headers["www-authenticate"] == 'Bearer realm="profile-graph"'


async def test_whose_token_expired_is_told(asking: Served) -> None:
    async with asking.http() as client:
        token = SIGNER.token(exp=int(time.time()) - 1)
        answer = await client.post(asking.url, json=ASK, headers=bearer(token))
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"] == {"code": "TOKEN_EXPIRED"}


async def test_the_page_and_health_are_open_and_metrics_are_an_administrators(
    asking: Served,
) -> None:
    base = f"http://127.0.0.1:{asking.port}"
    async with asking.http() as client:
        for path in ("/", "/livez", "/readyz"):
            assert (await client.get(base + path)).status_code == 200
        answers = [
            await client.get(f"{base}/metrics", headers=headers)
            for headers in (
                {},
                bearer(await new_key(asking.services, Role.SELLER)),
                bearer(await new_key(asking.services)),
            )
        ]
    assert [answer.status_code for answer in answers] == [401, 403, 200]
    assert [answer.json()["code"] for answer in answers[:2]] == ["UNAUTHENTICATED", "FORBIDDEN"]


async def test_metrics_have_a_token_of_their_own_that_opens_nothing_else(
    services: Services,
) -> None:
    token = "metrics-" + "x" * 32
    async with served(services, metrics_token=token) as server, server.http() as client:
        metrics = f"http://127.0.0.1:{server.port}/metrics"
        key = await new_key(services)
        for headers, status in (
            *(
                ({}, 401),
                (bearer(key), 401),
                (bearer(f"{token}x"), 401),
                ({"X-API-Key": token}, 401),
            ),
            (bearer(token), 200),
        ):
            assert (await client.get(metrics, headers=headers)).status_code == status, headers
        answer = await client.post(server.url, json=ASK, headers=bearer(token))
        assert answer.status_code == 401


async def test_without_credentials_whoever_comes_is_the_developer_until_there_is_a_key(
    server: Served,
) -> None:
    async with server.http() as client:
        assert (await client.post(server.url, json=ASK)).json() == ANSWER
        made_up = await client.post(server.url, json=ASK, headers=bearer("pgk_x"))
        assert made_up.status_code == 401
        assert (await client.get(f"http://127.0.0.1:{server.port}/metrics")).status_code == 200
        key = await new_key(server.services)
        await asyncio.sleep(keyring.KEPT_S)
        assert (await client.post(server.url, json=ASK)).status_code == 401
        assert (await client.post(server.url, json=ASK, headers=bearer(key))).json() == ANSWER


@pytest.mark.parametrize("shown", [True, False])
async def test_what_was_closed_does_not_open_when_the_last_key_goes(
    server: Served, shown: bool
) -> None:
    key = await new_key(server.services)
    async with server.http() as client:
        await client.post(server.url, json=ASK, headers=bearer(key) if shown else {})
        await revoke_key(server.services.graph, key, DEVELOPER, soon())
        await asyncio.sleep(keyring.KEPT_S)
        for headers in ({}, bearer(key)):
            answer = await client.post(server.url, json=ASK, headers=headers)
            assert answer.status_code == 401
        assert (await client.get(f"http://127.0.0.1:{server.port}/metrics")).status_code == 401


async def test_required_credentials_are_required_before_there_are_any(services: Services) -> None:
    async with served(services, authentication="required") as server, server.http() as client:
        assert (await client.post(server.url, json=ASK)).status_code == 401
        key = await new_key(services)
        assert (await client.post(server.url, json=ASK, headers=bearer(key))).json() == ANSWER


async def test_an_address_that_others_reach_has_no_developer(services: Services) -> None:
    async with served(services, host="0.0.0.0") as server, server.http() as client:
        assert (await client.post(server.url, json=ASK)).status_code == 401


async def test_keys_that_cannot_be_read_let_nobody_in_and_metrics_tell(
    services: Services, unused_tcp_port: int
) -> None:
    async with unreachable_graph(unused_tcp_port) as away:
        gone = Services(away, services.writer, services.policies, services.secret)
        async with served(gone) as server, server.http() as client:
            for headers in ({}, bearer("pgk_23456789bcdf_" + "x" * 43)):
                answer = await client.post(server.url, json=ASK, headers=headers)
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
                code = answer.json()["errors"][0]["extensions"]["code"]
                assert code == "DATABASE_UNAVAILABLE"
            metrics = await client.get(f"http://127.0.0.1:{server.port}/metrics")
            assert "profile_graph_database_up 0.0" in metrics.text


# Sockets

IN_PAYLOAD = [
    lambda text: {"Authorization": f"Bearer {text}"},
    lambda text: {"authorization": f"Bearer {text}"},
    lambda text: {"headers": {"Authorization": f"Bearer {text}"}},
    lambda text: {"X-API-Key": text},
]


@pytest.mark.parametrize("payload", IN_PAYLOAD)
async def test_a_socket_is_opened_by_its_first_message(asking: Served, payload: Any) -> None:  # noqa: ANN401
    for text in (await new_key(asking.services), SIGNER.token()):
        async with asking.socket(ready=False) as client:
            await client.send({"type": "connection_init", "payload": payload(text)})
            assert await client.receive() == {"type": "connection_ack"}
            await client.send(subscribe("q", "{ __typename }"))
            assert (await client.receive())["payload"] == ANSWER


async def test_a_socket_is_opened_by_its_handshake(asking: Served) -> None:
    key = await new_key(asking.services)
    for headers in (bearer(key), {"X-API-Key": key}, basic(key)):
        async with asking.socket(additional_headers=headers) as client:
            await client.send(subscribe("q", "{ __typename }"))
            assert (await client.receive())["payload"] == ANSWER


async def test_a_handshake_with_wrong_credentials_is_refused(asking: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with asking.socket(additional_headers=bearer("a.b.c")):
            raise AssertionError("let in")
    response = refused.value.response
    assert (response.status_code, json.loads(response.body or b"")) == (401, REFUSED)


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        ({}, 4401, "UNAUTHENTICATED"),
        ({"payload": {}}, 4401, "UNAUTHENTICATED"),
        ({"payload": {"Authorization": "Bearer a.b.c"}}, 4401, "UNAUTHENTICATED"),
        ({"payload": {"Authorization": 5}}, 4401, "UNAUTHENTICATED"),
        ({"payload": {"headers": "x"}}, 4401, "UNAUTHENTICATED"),
        ({"payload": bearer(SIGNER.token(exp=1))}, 4403, "TOKEN_EXPIRED"),
        ({"payload": bearer(SIGNER.token()) | {"X-Reason": "\n"}}, 4400, "BAD_REQUEST"),
    ],
)
async def test_a_socket_whose_first_message_shows_nothing_right_is_closed(
    asking: Served, message: dict[str, object], code: int, reason: str
) -> None:
    async with asking.socket(ready=False) as client:
        await client.send({"type": "connection_init", **message})
        assert await client.closed() == code
        assert client.raw.close_reason == reason
    assert len(asking.server._graphql._open) == 0


async def test_a_socket_is_closed_when_its_token_expires_and_does_nothing_more(
    asking: Served,
) -> None:
    token = SIGNER.token(exp=int(time.time()) + 2)
    async with asking.socket(ready=False) as client:
        await client.send({"type": "connection_init", "payload": bearer(token)})
        await client.receive()
        await client.send(subscribe("q", "{ __typename }"))
        assert (await client.receive())["payload"] == ANSWER
        assert await client.closed() == 4403
        assert client.raw.close_reason == "TOKEN_EXPIRED"
    await asking.followed_by(0)


async def test_what_a_client_sends_after_its_socket_is_over_is_not_done(
    asking: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def only_noted(self: Session, _: object) -> None:
        self.over = True  # as if the close frame were still on its way

    monkeypatch.setattr(Session, "_close", only_noted)
    records = [{"source": "crm", "sourceId": "1"}]
    token = SIGNER.token(role="admin", exp=int(time.time()) + 1)
    async with asking.socket(ready=False) as client:
        await client.send({"type": "connection_init", "payload": bearer(token)})
        await client.receive()
        await asyncio.sleep(2)
        await client.send(subscribe("m", INGEST, records=records), {"type": "ping"})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.receive(), 1)
    assert await query(asking.services.graph, "MATCH (p:Profile) RETURN p.key AS key") == []


async def test_a_socket_and_a_stream_end_within_seconds_of_their_keys_end(asking: Served) -> None:
    key = await new_key(asking.services)
    async with (
        asking.socket(additional_headers=bearer(key)) as client,
        opened(asking, EVENTS, key) as reader,
    ):
        await asking.followed_by(1)
        await asyncio.sleep(3 * keyring.KEPT_S)  # it is looked at meanwhile, and is good
        began = time.monotonic()
        await revoke_key(asking.services.graph, key, DEVELOPER, soon())
        assert await client.closed() == 4401
        assert await ending(reader, EVENTS) == "UNAUTHENTICATED"
        assert time.monotonic() - began < LONG_S / 2
    await asking.followed_by(0)


@pytest.mark.parametrize("accept", [EVENTS, APOLLO, "multipart/mixed"])
async def test_a_stream_ends_with_an_error_when_its_token_expires(
    asking: Served, accept: str
) -> None:
    token = SIGNER.token(role="analyst", exp=int(time.time()) + 2)
    async with opened(asking, accept, token) as reader:
        assert await ending(reader, accept) == "TOKEN_EXPIRED"
    await asking.followed_by(0)


async def test_a_developers_stream_ends_when_there_is_a_key(server: Served) -> None:
    async with stream(server, EVENTS) as reader, server.socket() as client:
        await server.followed_by(1)
        await new_key(server.services)
        assert await ending(reader, EVENTS) == "UNAUTHENTICATED"
        assert await client.closed() == 4401


def opened(server: Served, accept: str, text: str) -> Any:  # noqa: ANN401 - a context manager
    """A stream of whoever shows `text`."""
    return stream(server, accept, headers=bearer(text))


async def ending(reader: Reader, accept: str) -> str:
    """The code of the error that ends a stream, after which there is nothing but its closing."""
    if accept == EVENTS:
        _, found = await reader.event()
        assert await reader.event() == ("complete", None)
        assert await reader.rest() == b""
    else:
        boundary = b"--graphql" if accept == APOLLO else b"---"
        await reader.until(boundary)
        found = await reader.part(boundary)
        assert (await reader.rest()).endswith(b"--\r\n")
    code: str = found["errors"][0]["extensions"]["code"]
    return code


# What a caller may do


@pytest.fixture
def principals(monkeypatch: pytest.MonkeyPatch) -> list[Principal]:
    """Whom operations work for, as they begin."""
    seen: list[Principal] = []
    init = Context.__init__

    def noted(self: Context, *arguments: Any) -> None:  # noqa: ANN401 - whatever it takes
        init(self, *arguments)
        seen.append(self.reading.principal)

    monkeypatch.setattr(Context, "__init__", noted)
    return seen


async def test_operations_work_for_whoever_asks_and_know_why(
    asking: Served, principals: list[Principal]
) -> None:
    why = {"X-Reason": "ticket 12"}
    async with asking.http() as client:
        for text in (await new_key(asking.services, Role.SELLER), SIGNER.token(role="steward")):
            await client.post(asking.url, json=ASK, headers=bearer(text) | why)
        await client.post(asking.url, json=ASK, headers=bearer(SIGNER.token()))
        bad = await client.post(
            asking.url, json=ASK, headers=bearer(text) | {"X-Reason": "x" * 201}
        )
    async with asking.socket(ready=False) as socket:
        payload = bearer(SIGNER.token(role="admin")) | {"x-reason": "Rückruf"}
        await socket.send({"type": "connection_init", "payload": payload})
        await socket.receive()
        await socket.send(subscribe("q", "{ __typename }"))
        await socket.receive()
    assert (bad.status_code, bad.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert [(one.role, one.reason) for one in principals] == [
        (Role.SELLER, "ticket 12"),
        (Role.STEWARD, "ticket 12"),
        (Role.CUSTOMER, None),
        (Role.ADMIN, "Rückruf"),
    ]
    assert principals[2].subject is not None


async def test_a_write_key_writes_for_its_source_and_learns_nothing(asking: Served) -> None:
    await distrust(asking.services.graph, "web")
    web = await new_key(asking.services, None, source="web")
    records = [
        {"source": source, "sourceId": f"{n}"} for n, source in enumerate(["web", "crm", "web"])
    ]
    variables = {"records": records}
    written = {"query": INGEST.replace("customers { id }", ""), "variables": variables}
    async with asking.http() as client:
        curious = {"query": INGEST, "variables": variables}
        refused = await client.post(asking.url, json=curious, headers=bearer(web))
        answer = await client.post(asking.url, json=written, headers=bearer(web))
        stored = answer.json()["data"]["ingest"]
        read = {"query": "{ customers { nodes { id } } }"}
        reading = await client.post(asking.url, json=read, headers=bearer(web))
        event = {"Accept": EVENTS}
        follow = {"query": CHANGES}
        following = await client.post(asking.url, json=follow, headers=bearer(web) | event)
    assert [(one["index"], one["customerId"]) for one in stored["results"]] == [
        (0, None),
        (2, None),
    ]
    assert stored["errors"] == [
        {
            "code": "FOREIGN_SOURCE",
            "message": "this caller writes for the source web alone",
            "path": ["records", "1"],
        }
    ]
    assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert reading.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert '"code":"FORBIDDEN"' in following.text
    rows = await query(asking.services.graph, "MATCH (p:Profile) RETURN p.source AS source")
    assert [row["source"] for row in rows] == ["web", "web"]
    changed = await query(asking.services.graph, "MATCH (x:Change) RETURN DISTINCT x.by AS by")
    assert [row["by"].startswith("key:") for row in changed] == [True]


async def test_who_is_here_to_read_writes_nothing(asking: Served) -> None:
    records = [{"source": "crm", "sourceId": "1"}]
    body = {"query": INGEST, "variables": {"records": records}}
    async with asking.http() as client:
        for text in (await new_key(asking.services, Role.SELLER), SIGNER.token()):
            answer = await client.post(asking.url, json=body, headers=bearer(text))
            assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await query(asking.services.graph, "MATCH (p:Profile) RETURN p.key AS key") == []
