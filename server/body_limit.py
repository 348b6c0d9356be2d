"""Bodies that say that they are too large, answered in JSON before they are read."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class DeclaredSize:
    """Refuses by Content-Length. Starlette's own limit counts what comes without one."""

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self.app, self.max_body_size = app, max_body_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        declared = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if declared.isdecimal() and int(declared) > self.max_body_size:
            await too_large(self.max_body_size)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def too_large(limit: int) -> JSONResponse:
    """413, with what to do."""
    return JSONResponse(
        {
            "error": f"The body is larger than {limit} bytes: send less at a time, or raise "
            "PROFILE_GRAPH_MAX_BODY_BYTES.",
            "code": "BODY_TOO_LARGE",
        },
        413,
        headers={"Connection": "close"},
    )
