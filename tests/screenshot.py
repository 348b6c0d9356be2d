"""The picture in the README: GraphiQL, and who somebody of the demo is (`make screenshot`)."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Page

from server.app import create_app
from server.settings import Settings
from tests.browser import browser, served
from tests.demo_people import ingest_people

PICTURE = Path(__file__).parent.parent / "docs" / "graphiql.png"
# As many as the README's answer is from.
PEOPLE = 60
# Until the editors have drawn what they hold.
DRAWN_MS = 2_000


async def take(page: Page) -> None:
    """The answer of the first example."""
    await page.locator("section[aria-label='Operation Editor'] .view-line").first.wait_for()
    await page.click("button[aria-label='Hide editor tools']")
    async with page.expect_response("**/graphql"):
        await page.click("button[aria-label^='Execute query']")
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(DRAWN_MS)
    await page.screenshot(path=PICTURE)


async def main() -> None:
    """Serve a graph of its own, for as long as it takes."""
    with tempfile.TemporaryDirectory(prefix="profile-graph-screenshot-") as folder:
        app = create_app(Settings(data_dir=Path(folder), neo4j_uri=None, request_timeout=120))
        async with app.router.lifespan_context(app), served(app) as url, browser() as chromium:
            await ingest_people(f"{url}/graphql", PEOPLE)
            page = await chromium.new_page(viewport={"width": 1400, "height": 760})
            await page.goto(url)
            await take(page)
    print(f"{PICTURE}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    asyncio.run(main())
