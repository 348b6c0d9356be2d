"""Session: who opened a socket, known by its handshake or else by its first message."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress

from starlette.datastructures import Headers
from starlette.websockets import WebSocket
from strawberry.http.exceptions import WebSocketDisconnected

from customers.principal import Principal
from graph_schema.http.caller import CREDENTIALS, Authenticate, Caller
from graph_schema.http.open_connections import OpenConnections
from graph_schema.http.refused import RefusedError

# What a client says of itself in connection_init, as graphql-ws and Apollo write it.
NAMES = (*CREDENTIALS, "x-reason")
# Close codes: who is told 4401 gives up, who is told 4403 comes again with a new token.
CLOSE_CODES = {400: 4400, 401: 4401, 429: 1013, 503: 1013}
EXPIRED, EXPIRED_CODE = "TOKEN_EXPIRED", 4403


class Session:
    """The opener of one socket, for as long as it stays open."""

    def __init__(
        self, socket: WebSocket, authenticate: Authenticate, connections: OpenConnections
    ) -> None:
        """Nobody yet."""
        self._socket, self._authenticate = socket, authenticate
        self._open, self._counted = connections, ExitStack()
        self._caller: Caller | None = None
        self._watch: asyncio.Task[None] | None = None
        # Strawberry puts the payload of connection_init here.
        self.connection_params: Mapping[str, object] = {}
        self.over = False

    @property
    def principal(self) -> Principal:
        """Whom the operations of the socket work for."""
        assert self._caller is not None  # noqa: S101 - there are none before connection_init
        return self._caller.principal

    async def look_at_handshake(self) -> None:
        """Know the opener by the handshake, if that shows credentials.

        Raises:
            RefusedError: they are wrong, or the opener has too many sockets.
        """
        if any(name in self._socket.headers for name in CREDENTIALS):
            self._caller = await self._authenticate(self._socket.headers)
            self._counted.enter_context(self._open.of(self._caller.principal))

    async def begin(self) -> None:
        """Know the opener by the payload of connection_init, and watch over the credentials.

        Raises:
            WebSocketDisconnected: they were wrong, or are of an opener who has too many sockets,
                and the socket was closed.
        """
        if self._caller is None:
            try:
                self._caller = await self._authenticate(_headers(self.connection_params))
                self._counted.enter_context(self._open.of(self._caller.principal))
            except RefusedError as problem:
                await self._close(problem)
                raise WebSocketDisconnected from problem
        self._watch = asyncio.create_task(self._until_over(self._caller))

    async def end(self) -> None:
        """Watch no more, and count no more."""
        self._counted.close()
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch

    async def _until_over(self, caller: Caller) -> None:
        await self._close(await caller.until())

    async def _close(self, problem: RefusedError) -> None:
        self.over = True
        code = CLOSE_CODES.get(problem.status, CLOSE_CODES[401])
        with suppress(RuntimeError, OSError):  # it was going anyway
            await self._socket.close(
                EXPIRED_CODE if problem.code == EXPIRED else code, problem.code
            )


def _headers(payload: Mapping[str, object]) -> Headers:
    """What the payload says as headers would."""
    return Headers(raw=[*_named(payload)] or [*_named(payload.get("headers"))])


def _named(values: object) -> Iterator[tuple[bytes, bytes]]:
    for name, value in values.items() if isinstance(values, Mapping) else ():
        if isinstance(name, str) and name.lower() in NAMES and isinstance(value, str):
            yield name.lower().encode(), value.encode()
