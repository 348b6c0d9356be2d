"""The pages for those who arrive are true: done in their order, all answers are those written."""

import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from customers.services import Services
from tests.contract.serving import LONG_S, served
from tests.pages import DOCS, Block, Page, Reader

PAGES = ("for-front-end-developers.md", "for-analysts.md", "for-sellers.md", "for-sellers-tools.md")
BEGIN = """export PROFILE_GRAPH_DATA_DIR=.try    # in each window
profile-graph import docs/examples/people.ndjson
profile-graph serve
"""


@pytest.fixture
async def reader(
    services: Services, cli_env: Mapping[str, str], tmp_path: Path
) -> AsyncIterator[Reader]:
    """Somebody who did what each of the pages begins with."""
    shutil.copytree(DOCS / "examples", tmp_path / "docs" / "examples")
    # A cold database on a busy machine plans its first statements slowly.
    async with served(services, request_timeout=LONG_S) as server:
        one = Reader(cli_env, tmp_path, server.url.removesuffix("/graphql"))
        said = await one.ask(Block("sh", BEGIN.splitlines()[1]))
        assert said.endswith("14 written, 0 known, 0 rejected\n")
        yield one


@pytest.mark.parametrize("name", PAGES)
async def test_its_commands_and_queries_answer_what_it_says(name: str, reader: Reader) -> None:
    page = Page.of(name)
    assert page.undone() == [BEGIN]
    await reader.follow(page, "sh", "graphql")


async def test_who_follows_the_page_on_access_makes_a_key_and_is_asked_for_it(
    reader: Reader,
) -> None:
    page = Page.of("access.md")
    assert len(page.undone()) == 2  # the beginning, and a server of tokens
    await reader.follow(page, "sh")


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js")
@pytest.mark.parametrize("name", PAGES[:1])
async def test_its_scripts_say_what_it_says(name: str, reader: Reader) -> None:
    page = Page.of(name)
    assert page.blocks("js")
    await reader.follow(page, "js")


@pytest.mark.parametrize("name", PAGES)
def test_it_comes_to_its_first_query_within_a_screen(name: str) -> None:
    page = Page.of(name)
    first = page.steps()[1].asked.text
    assert page.text[: page.text.index(first)].count("\n") < 25
