"""The page: GraphiQL with the examples in it, the same for everybody."""

from dataclasses import asdict

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse

from server.graphiql.built import BUILT
from server.graphiql.examples import examples

# The editor writes <style> elements and style attributes; all else is this server's own files.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "font-src 'self'; img-src data:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _page() -> str:
    tabs = orjson.dumps([asdict(one) for one in examples()]).decode()
    # Escaped, so that no query ends the element that it stands in.
    return (
        (BUILT / "index.html")
        .read_text(encoding="utf-8")
        .replace("{{examples}}", tabs.replace("<", r"\u003c"))
    )


PAGE = _page()


async def page(_: Request) -> HTMLResponse:
    """The page; it holds no customer."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})
