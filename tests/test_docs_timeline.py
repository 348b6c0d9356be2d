"""docs/timeline.md is true: its records are taken, and its queries have its answers."""

import json

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask, ask, client
from tests.pages import Page

__all__ = ["ask", "client"]

PAGE = Page.of("timeline.md")


async def test_the_queries_have_these_answers(ask: Ask, ingest: Ingest) -> None:
    [records] = PAGE.blocks("ndjson")
    await ingest([json.loads(line) for line in records.text.splitlines()])
    assert len(PAGE.steps()) == 2
    for query, answer in PAGE.steps():
        assert answer is not None
        assert (await ask(query.text)).data == json.loads(answer.text)["data"]
