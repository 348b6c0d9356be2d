"""Serve: the application on a port, until a signal ends it."""

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from server.address import check_loopback, listen, url
from server.app import create_app
from server.settings import Settings

GRACE_S = 10


async def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address as soon as requests are answered.

    Raises:
        ConfigError: the address is not loopback, or cannot be listened on.
        EngineError, DatabaseUnavailableError, MigrationError
    """
    check_loopback(settings.host, mapped=settings.loopback_mapping)
    with listen(settings.host, settings.port) as listener:
        app = create_app(settings)
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="off",  # ours is around the server, so that its errors are raised here
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        async with app.router.lifespan_context(app):
            await _Server(config, lambda: ready(url(listener))).serve([listener])


class _Server(uvicorn.Server):
    """uvicorn, telling when it is ready, and leaving to us what comes after the last request."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn's own raises the signals again, which would end us before the services are closed.
        before = {one: signal.signal(one, self.handle_exit) for one in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
