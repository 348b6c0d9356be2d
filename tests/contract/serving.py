"""The application on a real port, over services that are open already, and clients of it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect

from customers.services import Services
from server.app import create_app
from server.serve import Server
from server.settings import Settings

PROTOCOL = "graphql-transport-ws"
LONG_S = 30.0


@dataclass(frozen=True)
class Served:
    """A server: its process would be `server`."""

    server: Server
    services: Services
    port: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/graphql"

    @asynccontextmanager
    async def http(self) -> AsyncIterator[httpx2.AsyncClient]:
        """An HTTP client."""
        async with httpx2.AsyncClient(timeout=LONG_S) as client:
            yield client

    @asynccontextmanager
    async def socket(
        self,
        name: str = "127.0.0.1",
        *,
        ready: bool = True,
        **more: Any,  # noqa: ANN401
    ) -> AsyncIterator["Socket"]:
        """A socket to the server under a name; `ready` to subscribe."""
        where = {"host": "127.0.0.1", "port": self.port}
        options = {"subprotocols": [PROTOCOL], **where, **more}
        async with connect(f"ws://{name}:{self.port}/graphql", **options) as opened:
            client = Socket(opened)
            if ready:
                await client.send({"type": "connection_init"})
                assert await client.receive() == {"type": "connection_ack"}
            yield client

    async def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """The data of a query."""
        async with self.http() as client:
            answer = await client.post(self.url, json={"query": query, "variables": variables})
        found: dict[str, Any] = answer.json()
        assert "errors" not in found, found
        data: dict[str, Any] = found["data"]
        return data

    async def followed_by(self, followers: int) -> None:
        """Wait until as many follow the changes, and the feed knows from where on."""
        async with asyncio.timeout(LONG_S):
            while self.services.changes.followers != followers or (
                followers and self.services.changes.last is None
            ):
                await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Socket:
    """A socket that speaks JSON."""

    raw: ClientConnection

    async def send(self, *messages: object) -> None:
        """Send messages; text and bytes as they are."""
        for one in messages:
            await self.raw.send(one if isinstance(one, str | bytes) else json.dumps(one))

    async def receive(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(LONG_S):
            text = await self.raw.recv()
        assert isinstance(text, str), "a binary frame"
        message: dict[str, Any] = json.loads(text)
        return message

    async def closed(self) -> int | None:
        """The code that the server closes it with."""
        async with asyncio.timeout(LONG_S):
            await self.raw.wait_closed()
        return self.raw.close_code


def subscribe(id: str, query: str, **variables: object) -> dict[str, object]:
    """The message that begins an operation."""
    return {"id": id, "type": "subscribe", "payload": {"query": query, "variables": variables}}


@asynccontextmanager
async def served(services: Services, **settings: Any) -> AsyncIterator[Served]:  # noqa: ANN401
    """A server on a free port."""
    chosen = Settings(**settings)
    app = create_app(chosen)
    app.state.services = services
    ready = asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(app, chosen, ready.set)
        serving = asyncio.create_task(server.serve([listener]))
        await asyncio.wait_for(ready.wait(), LONG_S)
        try:
            yield Served(server, services, listener.getsockname()[1])
        finally:
            server.should_exit = True
            await serving
