"""Requests that take too long to arrive are hung up on; whoever sends in time never notices."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from customers.services import Services
from tests.contract.serving import Served, served

BODY = b'{"query": "{ __typename }"}'
HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 27\r\n\r\n"
)
PATIENCE_S = 1.0
LONG_S = 30.0


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Served]:
    """A server of little patience."""
    async with served(services, receive_timeout=PATIENCE_S) as running:
        yield running


async def hung_up(server: Served, *parts: bytes, every_s: float = 0.0) -> tuple[bytes, float]:
    """What the server said before it closed the connection, and after how long."""
    start = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)

    async def send() -> None:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(every_s)

    sending = asyncio.create_task(send())
    async with asyncio.timeout(LONG_S):
        said = await reader.read()
    took = time.monotonic() - start
    sending.cancel()
    writer.close()
    return said, took


@pytest.mark.parametrize(
    "parts",
    [(), (b"POST",), (HEAD[:-2],), (HEAD,), (HEAD, BODY[:-1])],
    ids=["nothing", "a word", "half a head", "no body", "half a body"],
)
async def test_half_a_request_is_hung_up_on(server: Served, parts: tuple[bytes, ...]) -> None:
    said, took = await hung_up(server, *parts)
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert PATIENCE_S <= took < PATIENCE_S + 5


async def test_a_byte_now_and_then_buys_no_time(server: Served) -> None:
    drops = tuple(bytes([byte]) for byte in HEAD)
    said, took = await hung_up(server, *drops, every_s=0.1)
    assert said.startswith(b"HTTP/1.1 408")
    assert PATIENCE_S <= took < PATIENCE_S + 5


async def test_a_second_request_has_its_own_time(server: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for _ in range(3):
        await asyncio.sleep(PATIENCE_S * 0.7)  # longer in all than one may take
        writer.write(HEAD + BODY)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        await reader.readuntil(b"}}")
    writer.write(HEAD)
    async with asyncio.timeout(LONG_S):
        assert (await reader.read()).startswith(b"HTTP/1.1 408")
    writer.close()


async def test_an_answer_that_takes_longer_is_not_cut_off(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = server.server._graphql._operations
    answer = operations.answer

    async def slowly(*given: object) -> object:
        await asyncio.sleep(PATIENCE_S * 2)
        return await answer(*given)

    monkeypatch.setattr(operations, "answer", slowly)
    assert await server.ask("{ __typename }") == {"__typename": "Query"}


async def test_a_socket_stays_open(server: Served) -> None:
    async with server.socket() as client:
        await asyncio.sleep(PATIENCE_S * 2)
        await client.send({"type": "ping"})
        assert await client.receive() == {"type": "pong"}


async def test_three_hundred_half_sent_requests_keep_nobody_out(server: Served) -> None:
    slow = [asyncio.create_task(hung_up(server, HEAD, BODY[:3])) for _ in range(300)]
    await asyncio.sleep(0.2)
    assert await server.ask("{ __typename }") == {"__typename": "Query"}
    assert {said[:12] for said, _ in await asyncio.gather(*slow)} == {b"HTTP/1.1 408"}
    async with asyncio.timeout(LONG_S):
        while server.server.server_state.connections:
            await asyncio.sleep(0.01)
