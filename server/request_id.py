"""Request ids: every answer has one, and so has every line that is logged on the way to it."""

import re
import secrets
import time
from collections.abc import Collection

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-Id"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
OTHER = "other"
# What the client never saw, since it had gone.
CLIENT_GONE = 499
SWITCHED, FORBIDDEN = 101, 403
# The messages that begin an answer: of HTTP, of a handshake that is refused, of one that is not.
_BEGUN = {"http.response.start", "websocket.http.response.start", "websocket.accept"}

_log = structlog.get_logger("profile_graph.access")


class RequestIds:
    """Takes the caller's `X-Request-Id` or makes one, returns it, and logs one line a request.

    What nobody expected ends here: logged once, masked for the caller.
    """

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        """Wrap `app`; `paths` are those that are logged, since others may hold anything."""
        self.app, self.paths = app, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await _Exchange(scope, send, request_id, self.paths).run(self.app, receive)


class _Exchange:
    """One request on its way, with the status of its answer once that has begun."""

    def __init__(self, scope: Scope, send: Send, request_id: str, paths: Collection[str]) -> None:
        self.scope, self.request_id, self.paths = scope, request_id, paths
        self.status = 0
        self._send = send

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        start = time.perf_counter()
        try:
            await app(self.scope, receive, self.send)
        except Exception:
            _log.exception("unexpected error")
            if self.status:
                raise  # half an answer is out: only closing the connection tells the client
            await _masked(self.request_id)(self.scope, receive, self.send)
        finally:
            _log.info(
                "request",
                method=self.scope.get("method", "WEBSOCKET"),
                path=self.path,
                status=self.status or CLIENT_GONE,
                ms=round((time.perf_counter() - start) * 1000, 1),
            )

    @property
    def path(self) -> str:
        """One of ours, or the route that it led to: the rest and the query may hold anything."""
        route = getattr(self.scope.get("route"), "path", OTHER)
        return str(self.scope["path"] if self.scope["path"] in self.paths else route)

    async def send(self, message: Message) -> None:
        if message["type"] in _BEGUN:
            self.status = message.get("status", SWITCHED)
            MutableHeaders(scope=message)[HEADER] = self.request_id
        elif message["type"] == "websocket.close" and not self.status:
            self.status = FORBIDDEN  # as which a handshake fails that is closed before it ended
        await self._send(message)


def _masked(request_id: str) -> JSONResponse:
    return JSONResponse(
        {
            "error": "Something went wrong here. Tell the operator the request id.",
            "code": "INTERNAL",
            "requestId": request_id,
        },
        500,
    )
