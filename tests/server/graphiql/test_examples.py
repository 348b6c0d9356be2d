"""The examples: valid, answered on the demo, and the first is the README's."""

import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, print_ast, validate

from graph_schema.schema import sdl
from server.demo.records import stream
from server.graphiql.examples import Example, _read, examples
from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask, ask, client

__all__ = ["ask", "client"]

README = Path(__file__).parents[3] / "README.md"


def operation(query: str) -> OperationDefinitionNode:
    [found] = parse(query).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


def test_they_come_in_order_with_a_title_each() -> None:
    assert [one.title for one in examples()] == [
        "Who is this?",
        "Timeline: every touch with us, the newest first",
        "The graph around an e-mail: which profiles are one customer",
        "Why are these two one person: the evidence and its bits",
        "What if this e-mail linked nobody? Nothing is written",
        "Identity health: what may be wrong, each with the query that shows it",
        "Possible matches: who may be one person, and awaits somebody who decides",
        "Seller's brief: who it is, what waits, what to offer and why, and what not to do",
    ]


def test_a_file_without_a_title_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "1_untitled.graphql"
    path.write_text("{ __typename }\n")
    with pytest.raises(ValueError, match=r"1_untitled\.graphql has no title"):
        _read(path)


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.title)
def test_each_is_valid_and_has_a_name_for_its_tab(example: Example) -> None:
    assert validate(build_schema(sdl()), parse(example.query)) == []
    assert operation(example.query).name is not None


def test_the_first_asks_what_the_readme_asks() -> None:
    [query] = re.findall(r"^```graphql\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)
    asked = print_ast(operation(examples()[0].query).selection_set)
    [email] = re.findall(r'value: (".*?")', query)
    assert print_ast(parse(asked.replace("$email", email))) == print_ast(parse(query))


async def test_each_is_answered_on_the_demo(ask: Ask, ingest: Ingest) -> None:
    await ingest(stream(10).records)
    answers = {one.title.split(":")[0]: (await ask(one.query)).data for one in examples()}
    assert answers["Who is this?"]["customer"]["displayName"] == "Ruby Ayres"
    timeline = answers["Timeline"]["customer"]["interactions"]
    assert len(timeline["nodes"]) == 10
    assert any(node["products"] for node in timeline["nodes"])
    assert timeline["pageInfo"]["hasNextPage"] is True
    graph = answers["The graph around an e-mail"]["identityGraph"]
    assert graph["complete"] is True
    profiles = {one["id"]: one["sourceId"] for one in graph["profiles"]}
    identifiers = {one["id"] for one in graph["identifiers"]}
    assert {one["profileId"] for one in graph["edges"]} == set(profiles)
    assert {one["identifierId"] for one in graph["edges"]} == identifiers
    clusters = [{profiles[key] for key in one["profileIds"]} for one in graph["clusters"]]
    [hers] = [cluster for cluster in clusters if "C000002" in cluster]
    assert "S000002" in hers
    assert len(clusters) > 1
    reasons = answers["Why are these two one person"]["why"]
    assert reasons["linked"] is True
    assert reasons["path"][0]["fromProfile"] == {"source": "crm", "sourceId": "C000002"}
    assert reasons["steps"][-1]["score"] == reasons["score"] >= reasons["needed"]
    assert sum(one["bits"] for one in reasons["bits"]) == pytest.approx(reasons["score"])
    matches = answers["Possible matches"]["possibleMatches"]["nodes"]
    assert [(one["kind"], one["suggestion"]) for one in matches] == [("SCORE", "LOOK")] * 3
    assert all(one["why"]["text"] and len(one["customers"]) == 2 for one in matches)
    preview = answers["What if this e-mail linked nobody? Nothing is written"]["previewDecisions"]
    assert (preview["errors"], preview["split"]) == ([], 1)
    [split, *_] = preview["customers"]
    assert split["outcome"] == "SPLIT"
    assert sum(one["size"] for one in split["after"]) == split["before"][0]["size"]
    brief = answers["Seller's brief"]["customer"]
    assert brief["displayName"] == "Ruby Ayres"
    assert [one["kind"] for one in brief["doNot"]][:1] == ["NO_MARKETING"]
    assert len(brief["interactions"]["nodes"]) == 8
    assert brief["stats"]["orders"] > 0
