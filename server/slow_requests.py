"""Slow requests: who does not send a whole request in time is hung up on; uvicorn would wait."""

import asyncio
from asyncio.events import TimerHandle
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from server.large_headers import Bounded

TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Config(uvicorn.Config):
    """uvicorn's, with the seconds that a request may take to arrive."""

    def __init__(self, app: ASGIApp, *, receive_timeout: float, **more: Any) -> None:  # noqa: ANN401
        """As uvicorn's."""
        super().__init__(app, http=Impatient, **more)
        self.receive_timeout = receive_timeout


class Impatient(Bounded):
    """A connection that is closed where a request takes too long to arrive.

    The time runs from the connection's beginning, later from the first byte of each request, to
    the last byte of the body. Between requests uvicorn's keep-alive counts.
    """

    config: Config
    _late: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._arrived()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins; its time does where it is not the connection's first."""
        super().on_message_begin()
        if self._late is None:
            self._wait()

    def on_message_complete(self) -> None:
        """The request is here."""
        self._arrived()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """A socket has time-outs of its own."""
        self._arrived()
        super().handle_websocket_upgrade()

    def _wait(self) -> None:
        self._late = self.loop.call_later(self.config.receive_timeout, self._hang_up)

    def _arrived(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _hang_up(self) -> None:
        self._late = None
        if self.transport.is_closing():
            return
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or not cycle.response_started or cycle.response_complete:
            self.transport.write(TOO_LATE)
        self.transport.close()
