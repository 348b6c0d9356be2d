"""How the engine in force would run each statement: by seeks, or the header says why not."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from cypher import Graph, Statement, every
from cypher.graph import sent
from cypher.statement import bare
from tests.conftest import query, soon
from tests.engines import ON_NEO4J

# Operators that go through a whole label, type or index, and pairs that nothing joins.
SCAN = re.compile(r"\b\w*(?:Scan|CartesianProduct)\b")
MAY_SCAN = re.compile(r"^// scans: \S", re.MULTILINE)
# SHOW is about the database and not its data, and has no plan on the embedded engine.
STATEMENTS = [
    statement
    for statement in every()
    if statement.mode in {"read", "write"} and not bare(statement.text).strip().startswith("SHOW")
]


async def explain(
    graph: Graph, text: str, params: Mapping[str, object], *, of: str = ""
) -> tuple[set[str], set[str]]:
    """Scans in the plan, in steps that name `of`, and the deprecations that the engine tells of."""
    async with graph._driver.session(
        database=graph._database, notifications_min_severity="INFORMATION"
    ) as session:
        text, given = sent(f"EXPLAIN {bare(text).strip()}", dict(params), embedded=graph.embedded)
        result = await session.run(text, given)
        summary = await result.consume()
    assert summary.plan is not None
    plan = [step for step in steps(summary.plan) if of in step]
    told = {status.gql_status for status in summary.gql_status_objects}
    return (
        {found for step in plan for found in SCAN.findall(step)},
        {status for status in told if status.startswith("01N0")},
    )


def steps(plan: Mapping[str, Any]) -> Iterator[str]:
    """Neo4j gives a tree of operators, the embedded engine one text."""
    args = plan.get("args", {})
    operator = plan["operatorType"].partition("@")[0]
    # Neo4j's first operator has the text of the whole plan besides.
    yield f"{operator} {args.get('Details', args.get('string-representation', ''))}"
    for child in plan.get("children", ()):
        yield from steps(child)


def placeholders(statement: Statement) -> dict[str, object]:
    """Null fits anywhere but where a number of rows must stand."""
    return {
        name: 10 if re.search(rf"\b(?:LIMIT|SKIP)\s+\${name}\b", statement.text) else None
        for name in statement.params
    }


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.name)
async def test_a_statement_finds_what_it_names_without_a_scan(
    open_graph: Graph, statement: Statement
) -> None:
    scans, deprecated = await explain(open_graph, statement.text, placeholders(statement))
    assert deprecated == set()
    if not MAY_SCAN.search(statement.text):
        assert scans == set(), "a line `// scans: why` in the header allows it"


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (p:Profile) RETURN p.key AS key",
        "MATCH (p:Profile) WHERE p.traits = $traits RETURN p.key AS key",
    ],
)
async def test_a_scan_shows_in_the_plan(open_graph: Graph, text: str) -> None:
    scans, _ = await explain(open_graph, text, {"traits": None})
    assert scans == {"NodeByLabelScan"}


async def test_a_seek_is_no_scan(open_graph: Graph) -> None:
    text = "MATCH (p:Profile {key: $key}) RETURN p.key AS key"
    assert await explain(open_graph, text, {"key": "a"}) == (set(), set())


@ON_NEO4J
async def test_a_statement_is_planned_once_however_long_its_lists_and_texts_are(
    open_graph: Graph,
) -> None:
    text = "UNWIND $list AS one WITH one WHERE one = $text RETURN count(one) AS n"
    statement = Statement("test", text, frozenset({"list", "text"}), "read", "n")
    await forget_plans(open_graph)
    for length in (0, 1, 2, 11, 101, 1001):
        rows = await open_graph.read(statement, soon(), list=["a"] * length, text="a" * length)
        assert rows == [{"n": length == 1}]
    assert await forget_plans(open_graph) == 1


async def forget_plans(graph: Graph) -> int:
    """How many plans Neo4j had kept, of statements but this one."""
    [row] = await query(graph, "CALL db.clearQueryCaches() YIELD value RETURN value")
    return int(re.findall(r"\d+", row["value"])[0])
