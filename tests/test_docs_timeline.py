"""docs/timeline.md is true: its records are taken, and its queries have its answers."""

import json
import re
from pathlib import Path

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask, ask, client

__all__ = ["ask", "client"]

PAGE = (Path(__file__).parent.parent / "docs" / "timeline.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


async def test_the_queries_have_these_answers(ask: Ask, ingest: Ingest) -> None:
    await ingest([json.loads(line) for line in blocks("ndjson")[0].splitlines()])
    queries, answers = blocks("graphql"), blocks("json")
    assert len(queries) == len(answers) == 2
    for query, answer in zip(queries, answers, strict=True):
        assert (await ask(query)).data == json.loads(answer)["data"]
