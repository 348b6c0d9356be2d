"""docs/filtering.md is true: its queries run, and what it lists is there."""

import pytest

from customers.filed import FILED
from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask, ask, client
from tests.graph_schema.people import crowd
from tests.pages import Page

__all__ = ["ask", "client"]

PAGE = Page.of("filtering.md")
QUERIES = [block.text for block in PAGE.blocks("graphql")]


async def test_every_query_has_an_answer(ask: Ask, ingest: Ingest) -> None:
    await ingest(crowd(12)[1])
    assert len(QUERIES) == 6
    for query in QUERIES:
        assert "customers" in (await ask(query)).data, query


async def test_the_first_query_finds_who_it_says(ask: Ask, ingest: Ingest) -> None:
    await ingest(crowd(12)[1])
    found = (await ask(QUERIES[0].replace("toowoomba", "leeds"))).data["customers"]
    assert found["totalCount"] == len(found["nodes"]) == 4
    assert found["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize("trait", FILED)
def test_every_trait_that_can_be_asked_for_is_listed(trait: str) -> None:
    assert f"`{trait}`" in PAGE.text
