"""Serve: the application on a port, until a signal ends it."""

import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from uvicorn.server import HANDLED_SIGNALS

from server.address import check_credentials, listen, url
from server.app import create_app
from server.settings import Settings
from server.slow_requests import Config

GRACE_S = 10


async def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address as soon as requests are answered.

    Raises:
        ConfigError: others reach the address, and there is nothing to know them by; or it cannot
            be listened on.
        EngineError, DatabaseUnavailableError, MigrationError
    """
    with listen(settings.host, settings.port) as listener:
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            check_credentials(settings, keys=await app.state.services.keys.holds_any())
            if settings.production:
                # Also when the last key is revoked before anybody came.
                app.state.authentication.required = True
            server = Server(app, settings, lambda: ready(url(listener)))
            await server.serve([listener])


class Server(uvicorn.Server):
    """uvicorn, telling when it is ready, and leaving to us what comes after the last request."""

    def __init__(self, app: Starlette, settings: Settings, ready: Callable[[], None]) -> None:
        """Serve `app`, whose lifespan is around the server, so that its errors are raised there."""
        super().__init__(
            Config(
                app,
                receive_timeout=settings.receive_timeout,
                loop="uvloop",
                ws="websockets-sansio",
                ws_max_size=settings.max_body_bytes,
                ws_per_message_deflate=False,  # a third of a megabyte a socket, for small messages
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._ready, self._graphql = ready, app.state.graphql

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell."""
        await super().startup(sockets)
        # What was made so far stays: the collector need not go through it while somebody waits.
        gc.collect()
        gc.freeze()
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what stays open by itself first: uvicorn would wait for it, and then cut it off."""
        await self._graphql.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals; uvicorn raises them again, which ends us before the services are closed."""
        before = {one: signal.signal(one, self.handle_exit) for one in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
