"""Whose pages may ask: this server's own, and those that a setting lists."""

import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from customers.services import Services
from tests.contract.serving import Served, served

SHOP, EVIL = "https://shop.example", "https://evil.example"
QUERY = {"query": "{ __typename }"}
MUTATION = "mutation { ingest(records: []) { errors { code } } }"


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Served]:
    """A server that a shop's pages may ask."""
    async with served(services, cors_origins=f"{SHOP}, https://other.example:443") as running:
        yield running


async def sent(
    server: Served, origin: str | None, method: str = "POST", **headers: str
) -> httpx2.Response:
    """A request of a page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if origin is not None:
        named["origin"] = origin
    async with server.http() as client:
        body = {"json": QUERY} if method == "POST" else {"params": QUERY}
        return await client.request(
            method,
            server.url,
            headers=named,
            **({} if method == "OPTIONS" else body),  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_of_another_site_is_refused(server: Served, method: str) -> None:
    for origin in (EVIL, "null", f"{SHOP}.evil.example", "http://shop.example", f"{SHOP}:8443"):
        answer = await sent(server, origin, method)
        assert answer.status_code == 403, origin
        assert answer.json()["errors"][0]["extensions"]["code"] == "FOREIGN_ORIGIN"
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_that_is_listed_may_ask_and_read(server: Served, method: str) -> None:
    for origin in (SHOP, "https://other.example"):
        answer = await sent(server, origin, method)
        assert answer.json() == {"data": {"__typename": "Query"}}
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in answer.headers


async def test_pages_of_the_server_itself_and_programs_may_ask(services: Services) -> None:
    async with served(services) as server:
        own = server.url.removesuffix("/graphql")
        for origin in (own, None):
            assert (await sent(server, origin)).status_code == 200
        # A proxy that has another name: the browser vouches for it.
        proxied = await sent(server, "https://graph.example", sec_fetch_site="same-origin")
        assert proxied.status_code == 200
        assert (await sent(server, SHOP)).status_code == 403


async def test_a_preflight_is_answered_for_what_is_listed_alone(server: Served) -> None:
    wanted = "authorization,content-type,x-api-key,x-reason"
    asked = {"access_control_request_method": "POST", "access_control_request_headers": wanted}
    answer = await sent(server, SHOP, "OPTIONS", **asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["access-control-allow-methods"] == "GET, POST"
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert set(wanted.split(",")) <= set(allowed)
    assert answer.headers["x-content-type-options"] == "nosniff"
    refused = await sent(server, EVIL, "OPTIONS", **asked)
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers
    cookies = await sent(
        server, SHOP, "OPTIONS", **asked | {"access_control_request_headers": "cookie"}
    )
    assert cookies.status_code == 400


async def test_without_a_list_there_are_no_preflights(services: Services) -> None:
    async with served(services) as server:
        asked = {"access_control_request_method": "POST"}
        answer = await sent(server, SHOP, "OPTIONS", **asked)
        assert "access-control-allow-origin" not in answer.headers


async def test_sockets_open_for_the_same_pages(server: Served) -> None:
    async with server.socket(origin=SHOP):
        pass
    for origin in (EVIL, "null"):
        with pytest.raises(InvalidStatus) as refused:
            async with server.socket(origin=origin):
                raise AssertionError("let in")
        response = refused.value.response
        assert response.status_code == 403
        assert json.loads(response.body)["errors"][0]["extensions"]["code"] == "FOREIGN_ORIGIN"


@pytest.mark.parametrize(
    "type_",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
async def test_what_a_page_can_send_unasked_mutates_nothing(server: Served, type_: str) -> None:
    # Simple requests: browsers send them across sites without a preflight.
    body = f'{{"query": "{MUTATION}"}}'
    async with server.http() as client:
        posted = await client.post(server.url, content=body, headers={"content-type": type_})
        got = await client.get(server.url, params={"query": MUTATION})
    assert (posted.status_code, got.status_code) == (415, 405)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_picture_of_another_page_asks_nothing(server: Served, site: str) -> None:
    answer = await sent(server, None, "GET", sec_fetch_site=site, sec_fetch_mode="no-cors")
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "FOREIGN_ORIGIN"
    assert (await sent(server, None, "GET", sec_fetch_site="none")).status_code == 200


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
async def test_whom_a_proxy_asks_for_is_not_the_developer(server: Served, name: str) -> None:
    async with server.http() as client:
        answer = await client.post(server.url, json=QUERY, headers={name: "203.0.113.9"})
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
