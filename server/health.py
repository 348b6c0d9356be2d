"""Health: `/livez` says that the process runs, `/readyz` that its database answers."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from cypher import Deadline, ProfileGraphError, load

PING = load("schema/ping")
READY_S = 2.0


async def livez(_: Request) -> JSONResponse:
    """200 as long as the process answers at all."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> JSONResponse:
    """200 when the database answers, else 503 with the reason."""
    try:
        await request.app.state.services.graph.read(PING, Deadline.after(READY_S))
    except ProfileGraphError as problem:
        return JSONResponse({"status": "unavailable", "reason": str(problem)}, 503)
    return JSONResponse({"status": "ok"})
