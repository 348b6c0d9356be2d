"""Host header: only names that are ours, or any web page could reach a loopback server by DNS."""

from collections.abc import Collection

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class AllowedHosts:
    """Refuses requests for other hosts than loopback's names and `more`."""

    def __init__(self, app: ASGIApp, more: Collection[str]) -> None:
        """Wrap `app`."""
        self._app = app
        self._allowed = LOOPBACK | {name.lower() for name in more}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 to a host that is not ours."""
        if scope["type"] == "lifespan" or _host(scope) in self._allowed:
            await self._app(scope, receive, send)
            return
        refusal = JSONResponse(
            {
                "error": "This server does not go by that name: add it to "
                "PROFILE_GRAPH_ALLOWED_HOSTS.",
                "code": "MISDIRECTED",
            },
            421,
        )
        await refusal(scope, receive, send)


def _host(scope: Scope) -> str:
    """The Host header without its port."""
    header = next((value for name, value in scope["headers"] if name == b"host"), b"")
    text = header.decode("latin-1").lower()
    head, colon, port = text.rpartition(":")
    return head if colon and port.isdigit() else text
