"""The page's files. A name holds a hash of the content, so that browsers ask once."""

import gzip
from functools import cache
from pathlib import PurePath

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from server.graphiql.built import BUILT, manifest

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
}
NAMES = frozenset(name for name in manifest() if PurePath(name).suffix in TYPES)
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


async def file(request: Request) -> Response:
    """One of them, compressed for whoever takes that."""
    name = request.path_params["name"]
    if name not in NAMES:
        raise HTTPException(404)
    media_type = TYPES[PurePath(name).suffix]
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return FileResponse(BUILT / name, headers=HEADERS, media_type=media_type)
    packed = await run_in_threadpool(_packed, name)
    headers = HEADERS | {"Content-Encoding": "gzip"}
    return Response(packed, headers=headers, media_type=media_type)


@cache
def _packed(name: str) -> bytes:
    """Kept: all of them together are 2 MB."""
    return gzip.compress((BUILT / name).read_bytes(), compresslevel=6)
