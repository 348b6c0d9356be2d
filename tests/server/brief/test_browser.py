"""The page of a customer in a real browser: on a phone, on paper, and for who does not see it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from customers.services import Services
from cypher import Connection, Graph
from tests.browser import browser, served
from tests.conftest import Ingest
from tests.rows import born, said
from tests.server.application import application

WAIT_MS = 60_000
PHONE: ViewportSize = {"width": 360, "height": 740}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
# What of a page a reader of the screen needs, without the programs that look for more.
LACKS = """() => {
  const lacks = [];
  if (!document.documentElement.lang) lacks.push("lang");
  if (!document.title) lacks.push("title");
  if (document.querySelectorAll("h1").length !== 1) lacks.push("one h1");
  if (!document.querySelector("main")) lacks.push("main");
  let last = 1;
  for (const one of document.querySelectorAll("h1, h2, h3")) {
    const level = Number(one.tagName[1]);
    if (level > last + 1) lacks.push(`a heading between ${last} and ${level}`);
    last = level;
  }
  for (const one of document.querySelectorAll("section")) {
    const by = document.getElementById(one.getAttribute("aria-labelledby") || "");
    if (!by || !by.textContent.trim()) lacks.push("the name of a section");
  }
  for (const one of document.querySelectorAll("table")) {
    if (!one.caption) lacks.push("a caption");
    if (one.querySelectorAll("th:not([scope])").length) lacks.push("a scope");
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  if (new Set(ids).size !== ids.length) lacks.push("ids of their own");
  return lacks;
}"""
CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((n) => n / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return Math.min(...[...document.querySelectorAll("h1, h2, p, li, span, dt, dd, td, caption")]
    .map((one) => [light(getComputedStyle(one).color), light(behind(one))])
    .map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)));
}"""


@dataclass
class Visit:
    """A page, and what it asked for and complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as opened:
        yield opened


@pytest.fixture
async def visit(
    chromium: Browser, connection: Connection, graph: Graph, services: Services, ingest: Ingest
) -> AsyncIterator[Visit]:
    """The page of somebody of whom much is known, on a phone."""
    happened = [
        {
            "id": f"o{n}", "type": "order", "name": LONG, "channel": "web", "amount": 9,
            "currency": "EUR", "products": [{"key": "p", "name": LONG}],
        }
        for n in range(8)
    ]  # fmt: skip
    ticket = {"id": "t", "type": "ticket", "name": LONG, "properties": {"ticket": LONG}}
    await ingest([
        *(said("a", n + 1, f"email:{LONG[:60].lower()}@x.org", interaction=one)
          for n, one in enumerate(happened)),
        said("a", 9, "crmId:1", "n" * 64 + ":1", interaction=ticket),
        said("a", 9, "crmId:1", firstName=LONG, lastName="Moor", street=LONG),
    ])  # fmt: skip
    own = (await born(graph))["a"]
    app = application(connection)
    app.state.services = services
    context = await chromium.new_context(viewport=PHONE)
    async with served(app) as root:
        page = await context.new_page()
        page.set_default_timeout(WAIT_MS)
        seen = Visit(page)
        page.on("request", lambda request: seen.asked.append(request.url))
        page.on("console", lambda said: seen.complaints.append(said.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        await page.goto(f"{root}/customers/{own}/brief")
        yield seen
    await context.close()


async def test_it_is_one_answer_that_fits_a_phone_and_is_read_aloud(visit: Visit) -> None:
    page = visit.page
    assert await page.locator("h1").inner_text() == f"{LONG} Moor"
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert await page.evaluate(LACKS) == []
    assert await page.evaluate(CONTRAST) >= 4.5
    # The style was taken: it is the one whose hash the policy has.
    assert (
        await page.locator(".do-not").evaluate("one => getComputedStyle(one).borderRadius") == "8px"
    )
    assert [url for url in visit.asked if "favicon" not in url] == [page.url]
    assert visit.complaints == []


async def test_it_prints_on_paper(visit: Visit) -> None:
    page = visit.page
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": 794, "height": 1123})
    assert (
        await page.locator("section").first.evaluate("one => getComputedStyle(one).breakInside")
        == "avoid"
    )
    assert await page.evaluate("document.documentElement.scrollWidth") <= 794
    paper = await page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    # A4, in points of a seventy-second of an inch.
    boxes = [one.split() for one in paper.split(b"/MediaBox [")[1:]]
    assert {(round(float(box[2])), round(float(box[3].rstrip(b"]")))) for box in boxes} <= {
        (595, 842), (596, 842), (595, 841), (594, 841),
    }  # fmt: skip
    assert 1 <= len(boxes) <= 2
