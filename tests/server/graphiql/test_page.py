"""The page and its files over HTTP."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from dataclasses import asdict

import httpx2
import pytest

from server.app import create_app
from server.graphiql import page
from server.graphiql.built import BUILT, manifest
from server.graphiql.examples import Example, examples
from server.settings import Settings

Client = httpx2.AsyncClient
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "data:",
    "style-src": "'self' 'unsafe-inline'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of an application without services: the page needs none."""
    transport = httpx2.ASGITransport(create_app(Settings()))
    async with Client(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_the_page_runs_and_asks_nothing_but_this_server(client: Client) -> None:
    answer = await client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    parts = answer.headers["content-security-policy"].split("; ")
    assert dict(part.split(" ", 1) for part in parts) == POLICY


async def test_the_page_holds_the_examples(client: Client) -> None:
    text = (await client.get("/")).text
    [held] = re.findall(r'<script type="application/json" id="examples">(.*?)</script>', text)
    assert json.loads(held) == [asdict(one) for one in examples()]


def test_no_example_ends_the_element_that_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    nasty = Example("Nasty", '# Nasty\n{ customer(id: "</script><script>") { id } }')
    monkeypatch.setattr(page, "examples", lambda: [nasty])
    made = page._page()
    assert made.count("<script") == page.PAGE.count("<script") == 2
    assert r"\u003c/script>\u003cscript>" in made


async def test_every_file_that_the_page_names_is_there(client: Client) -> None:
    text = (await client.get("/")).text
    named = re.findall(r'(?:src|href)="(?!data:)(.*?)"', text)
    assert len(named) == 3
    for path in named:
        # Relative, so that a proxy may have the page below any path.
        assert path.startswith("graphiql/")
        assert (await client.get(f"/{path}")).status_code == 200


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".ttf", "font/ttf"),
        (".txt", "text/plain; charset=utf-8"),
    ],
)
async def test_a_file_has_its_type_and_is_kept_for_good(
    client: Client, suffix: str, media_type: str
) -> None:
    name = next(name for name in manifest() if name.endswith(suffix))
    whole = (BUILT / name).read_bytes()
    plain = await client.get(f"/graphiql/{name}", headers={"Accept-Encoding": "identity"})
    packed = await client.get(f"/graphiql/{name}", headers={"Accept-Encoding": "gzip, br"})
    assert plain.content == packed.content == whole
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == f"{len(gzip.compress(whole, 6))}"
    for answer in (plain, packed):
        assert answer.headers["content-type"] == media_type
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name", ["nothing.js", "index.html", "manifest.json", "..%2Fpage.py", "..%2Fsource%2Fmain.jsx"]
)
async def test_nothing_else_is_handed_out(client: Client, name: str) -> None:
    answer = await client.get(f"/graphiql/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
