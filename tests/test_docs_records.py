"""Pages with records of their own are true: these are taken, and the queries have their answers."""

import json

import pytest

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask, ask, client
from tests.pages import Page

__all__ = ["ask", "client"]


@pytest.mark.parametrize("name", ["timeline.md", "stats.md"])
async def test_the_queries_have_these_answers(name: str, ask: Ask, ingest: Ingest) -> None:
    page = Page.of(name)
    [records] = page.blocks("ndjson")
    await ingest([json.loads(line) for line in records.text.splitlines()])
    assert len(page.steps()) == 2
    for query, answer in page.steps():
        assert answer is not None
        assert (await ask(query.text)).data == json.loads(answer.text)["data"]
