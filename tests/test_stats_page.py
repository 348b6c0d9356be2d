"""docs/stats.md is true: its records are taken, its queries have its answers, its table is ours."""

import json

from customers.stats.names import GRID
from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask, ask, client
from tests.pages import Page

__all__ = ["ask", "client"]

PAGE = Page.of("stats.md")


async def test_the_queries_have_these_answers(ask: Ask, ingest: Ingest) -> None:
    [records] = PAGE.blocks("ndjson")
    await ingest([json.loads(line) for line in records.text.splitlines()])
    assert len(PAGE.steps()) == 2
    for query, answer in PAGE.steps():
        assert answer is not None
        assert (await ask(query.text)).data == json.loads(answer.text)["data"]


def test_the_names_are_those_of_the_table() -> None:
    rows = [[cell.strip("` ") for cell in row] for row in PAGE.rows("## RFM")]
    ours = [[str(n), *(one.name for one in GRID[n - 1])] for n in (5, 4, 3, 2, 1)]
    assert rows == ours
