"""The page at `/`: write a query, see its answer. It asks no other host for anything."""

import base64
import hashlib
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse

PAGE = (Path(__file__).parent / "pages" / "query.html").read_text(encoding="utf-8")
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


def _policy(page: str) -> str:
    """What the page may do: its own script and style, by hash, and requests to this server."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, text in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    return (
        f"default-src 'none'; script-src {' '.join(hashes['script'])}; "
        f"style-src {' '.join(hashes['style'])}; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


HEADERS = {"Content-Security-Policy": _policy(PAGE)}


async def query_page(_: Request) -> HTMLResponse:
    """The page, the same for everybody: it holds no customer."""
    return HTMLResponse(PAGE, headers=HEADERS)
