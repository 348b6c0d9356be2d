"""GraphiQL in a real browser, on people of the demo."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from cypher import Connection, Graph
from server.graphiql.examples import examples
from tests.browser import browser, served
from tests.conftest import wipe
from tests.demo_people import ingest_people
from tests.server.application import application

WAIT_MS = 60_000
# A proxy's path, so that whatever is asked from the root of the host is missed.
BELOW = "/below/this"
STORE = f"profile-graph:{BELOW}/:graphiql:"
EDITOR = "section[aria-label='Operation Editor'] .monaco-editor"
HEADERS = "section[aria-label='Headers'] .monaco-editor:visible"
TABS = "[role=tablist] [id^=graphiql-session-tab-]"
# Ruby is the second.
PEOPLE = 3
NAMES = re.findall(r"^query (\w+)", "\n".join(one.query for one in examples()), re.MULTILINE)
# GraphiQL keeps what is in its editors when nobody has typed for half a second.
KEPT_AFTER_MS = 1_000


class Recorder:
    """Passes requests on, and keeps the headers of those to `/graphql`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.seen: list[Headers] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/graphql"):
            self.seen.append(Headers(scope=scope))
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class Site:
    """A server that knows a few people of the demo, and what it was asked."""

    url: str
    chromium: Browser
    recorder: Recorder


@dataclass
class Visit:
    """A browser's first visit, with what its pages asked for and complained about."""

    url: str
    context: BrowserContext
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def open(self) -> Page:
        """The page in a new window, as soon as it takes a query."""
        page = await self.context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", lambda request: self.complaints.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        await page.goto(self.url)
        await page.locator(f"{EDITOR} .view-line").first.wait_for()
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
async def site(connection: Connection, open_graph: Graph) -> AsyncIterator[Site]:
    """One for all tests here, which only read."""
    await wipe(open_graph)
    app = application(connection)
    recorder = Recorder(app)
    below = Starlette(routes=[Mount(BELOW, recorder)])
    async with (
        browser() as chromium,
        app.router.lifespan_context(app),
        served(below) as root,
    ):
        await ingest_people(f"{root}{BELOW}/graphql", PEOPLE)
        yield Site(f"{root}{BELOW}/", chromium, recorder)


@pytest.fixture
async def visit(site: Site) -> AsyncIterator[Visit]:
    """Without anything kept from others."""
    context = await site.chromium.new_context()
    yield Visit(site.url, context)
    await context.close()


async def kept(page: Page, name: str, text: str) -> None:
    """Wait until the browser keeps a text under a name."""
    # Not by wait_for_function, which is an eval, and that the page's policy forbids.
    while text not in (await page.evaluate(f"localStorage['{STORE}{name}']") or ""):
        await page.wait_for_timeout(100)


async def run(page: Page) -> dict[str, Any]:
    """Run the query of the tab by its keys; the answer."""
    await page.click(f"{EDITOR} .view-line")
    async with page.expect_response("**/graphql") as response:
        await page.keyboard.press("Control+Enter")
    found: dict[str, Any] = await (await response.value).json()
    return found


async def write(page: Page, editor: str, text: str) -> None:
    """Put a text into an editor as a user does, over what is there."""
    await page.click(f"{editor} .view-lines")
    await page.keyboard.press("Control+a")
    await page.keyboard.insert_text(text)


async def test_every_example_runs_as_it_is_and_no_other_host_is_asked(visit: Visit) -> None:
    page = await visit.open()
    shown = page.locator("section[aria-label='Result Window']")
    tabs = page.locator(TABS)
    assert await tabs.all_text_contents() == NAMES
    for tab in await tabs.all():
        await tab.click()
        # GraphiQL goes by the name of the tab before until it has looked at this one's text.
        await page.locator(EDITOR).get_by_text(await tab.inner_text()).first.wait_for()
        await page.wait_for_timeout(KEPT_AFTER_MS)
        answer = await run(page)
        assert "errors" not in answer
        assert None not in answer["data"].values()
        await shown.get_by_text('"data"').wait_for()
    async with page.expect_response("**/graphql") as response:
        await page.click("button[aria-label^='Execute query']")
    assert (await response.value).status == 200
    assert {url for url in visit.asked if not url.startswith(visit.url)} == set()
    workers = {name for url in visit.asked if ".worker-" in (name := url.rpartition("/")[2])}
    assert {name.partition(".")[0] for name in workers} == {"editor", "graphql", "json"}
    assert visit.complaints == []


async def test_the_panes_open(visit: Visit) -> None:
    page = await visit.open()
    await run(page)
    pane = page.locator(".graphiql-plugin")

    await page.click("button[aria-label='Show Documentation Explorer']")
    await pane.get_by_role("link", name="Query", exact=True).click()
    await pane.get_by_role("link", name="identityGraph", exact=True).wait_for()

    await page.click("button[aria-label='Show GraphiQL Explorer']")
    await pane.locator("[data-field-name=displayName]").click()
    await page.locator(EDITOR).get_by_text("displayName").wait_for(state="detached")

    await page.click("button[aria-label='Show History']")
    await pane.get_by_text("WhoIsThis").wait_for()

    await page.click("button[aria-label='Show Examples']")
    await pane.get_by_text(examples()[1].title).click()
    await page.locator(EDITOR).get_by_text("Timeline").first.wait_for()
    assert await page.locator(TABS).count() == len(NAMES) + 1
    assert visit.complaints == []


async def test_a_header_reaches_the_server_and_is_kept_nowhere(visit: Visit, site: Site) -> None:
    page = await visit.open()
    await page.click("button[data-name=headers]")
    await write(page, HEADERS, '{"X-Reason": "t0ken"}')
    assert "errors" not in await run(page)
    assert site.recorder.seen[-1]["x-reason"] == "t0ken"
    await kept(page, "queries", "WhoIsThis")
    await page.wait_for_timeout(KEPT_AFTER_MS)
    assert "t0ken" not in await page.evaluate("JSON.stringify(localStorage)")
    assert visit.complaints == []


async def test_a_tab_that_was_changed_is_kept(visit: Visit) -> None:
    page = await visit.open()
    await write(page, EDITOR, "query Mine { customers(first: 1) { nodes { id } } }")
    await kept(page, "tabState", "query Mine")
    await page.close()
    page = await visit.open()
    assert await page.locator(TABS).all_text_contents() == ["Mine", *NAMES[1:]]
    assert len((await run(page))["data"]["customers"]["nodes"]) == 1
