"""Heads that are too large are refused before all of them is read; others never notice."""

import asyncio
import json
from contextlib import suppress

import pytest

from server.large_headers import MOST_BYTES, MOST_HEADERS
from tests.contract.serving import Served

BODY = b'{"query": "{ __typename }"}'
HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 27\r\n"
)
LONG_S = 30.0
UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


async def said(server: Served, *parts: bytes) -> tuple[int, str]:
    """The status and the code that the last of the parts, sent one by one, is answered with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for part in parts[:-1]:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0.01)
    writer.write(parts[-1])
    async with asyncio.timeout(LONG_S):
        answer = await reader.read()
    writer.close()
    *_, head, body = answer.split(b"\r\n\r\n")
    assert b"connection: close" in head
    status = int(head[head.rindex(b"HTTP/1.1 ") :].split()[1])
    return status, json.loads(body)["code"]


@pytest.mark.parametrize(
    "parts",
    [
        (HEAD + b"X: " + b"x" * MOST_BYTES,),
        (HEAD + b"X: " + b"x" * MOST_BYTES + b"\r\n\r\n" + BODY,),
        (HEAD, b"X: ", *[b"x" * 8_000] * 9),
        (HEAD + b"X: x\r\n" * MOST_HEADERS,),
        (HEAD + (b"X: " + b"x" * 1_000 + b"\r\n") * 66 + b"\r\n" + BODY,),
        (b"GET /graphql?query=" + b"x" * MOST_BYTES,),
        (b"GET /graphql?query=", *[b"x" * 8_000] * 9),
        (UPGRADE + b"X: " + b"x" * MOST_BYTES + b"\r\n\r\n",),
        (UPGRADE + b"X: x\r\n" * MOST_HEADERS + b"\r\n",),
    ],
    ids=[
        "no end",
        "one header",
        "drop by drop",
        "many",
        "many long",
        "request line",
        "request line, drop by drop",
        "socket",
        "socket of many",
    ],
)
async def test_a_head_that_is_too_large_is_refused(
    server: Served, parts: tuple[bytes, ...]
) -> None:
    assert await said(server, *parts) == (431, "HEADERS_TOO_LARGE")


async def test_it_is_refused_before_all_of_it_is_sent(server: Served) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(HEAD + b"X: ")
    sent = 0
    with suppress(ConnectionError):
        async with asyncio.timeout(LONG_S):
            while sent < 100 << 20:
                writer.write(b"x" * 65_536)
                await writer.drain()
                sent += 65_536
    assert sent < 20 << 20  # what fits into the buffers of sockets


async def test_also_the_second_head_of_a_connection_is(server: Served) -> None:
    whole = HEAD + b"\r\n" + BODY
    assert await said(server, whole, HEAD + b"X: " + b"x" * MOST_BYTES) == (
        431,
        "HEADERS_TOO_LARGE",
    )
    assert await said(server, whole, HEAD, b"X: ", *[b"x" * 8_000] * 9) == (
        431,
        "HEADERS_TOO_LARGE",
    )


async def test_headers_after_the_body_are_no_way_around(server: Served) -> None:
    chunked = HEAD.replace(b"Content-Length: 27", b"Transfer-Encoding: chunked")
    last = b"\r\n1b\r\n" + BODY + b"\r\n0\r\n"
    for trailers in ((b"X: x\r\n" * MOST_HEADERS,), (b"X: ", *[b"x" * 8_000] * 9)):
        assert await said(server, chunked + last, *trailers) == (431, "HEADERS_TOO_LARGE")


async def test_a_large_body_and_many_heads_are_no_large_head(server: Served) -> None:
    body = json.dumps({"query": "{ __typename }", "extensions": {"x": "x" * 1_000_000}})
    async with server.http() as client:
        for _ in range(20):
            headers = {"content-type": "application/json", "x-long": "x" * 8_000}
            answer = await client.post(server.url, content=body, headers=headers)
            assert answer.json() == {"data": {"__typename": "Query"}}


async def test_a_head_below_the_limits_is_taken(server: Served) -> None:
    headers = {"x-long": "x" * 60_000} | {f"x-{n}": "x" for n in range(MOST_HEADERS - 10)}
    async with server.http() as client:
        answer = await client.post(server.url, json={"query": "{ __typename }"}, headers=headers)
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_requests_in_one_go_are_all_answered(server: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write((HEAD + b"X: " + b"x" * 10_000 + b"\r\n\r\n" + BODY) * 20)
    async with asyncio.timeout(LONG_S):
        for _ in range(20):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            await reader.readuntil(b"}}")
    writer.close()


@pytest.mark.parametrize("head", [HEAD, UPGRADE], ids=["request", "socket"])
async def test_of_two_hosts_none_is_believed(server: Served, head: bytes) -> None:
    doubled = head + b"hOST: 127.0.0.1\r\n\r\n" + (BODY if head is HEAD else b"")
    assert await said(server, doubled) == (400, "BAD_REQUEST")
