"""The endpoint: faults of a request are told clearly, our own are masked."""

import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

import graph_schema
from graph_schema.context import Context
from graph_schema.schema import sdl
from tests.graph_schema.conftest import Ask


async def test_faults_of_a_request_have_stable_codes(ask: Ask) -> None:
    for query, code in (
        ("{ customers(", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { customers(first: $n) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{" + " ".join(f"a{n}: __typename" for n in range(40)) + "}", "TOO_MANY_ALIASES"),
        ("{" + "customers { nodes { id } } " * 1000 + "}", "DOCUMENT_TOO_LARGE"),
    ):
        assert (await ask(query)).codes == [code], query[:60]


async def test_bodies_that_are_not_json_or_not_utf8_are_refused(client: httpx2.AsyncClient) -> None:
    for body in (b"\xff\xfe", b"{", b"[1", b'{"query": "\xc3\x28"}'):
        answer = await client.post("/", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_mutation_by_get_or_as_text_is_refused(client: httpx2.AsyncClient) -> None:
    mutation = "mutation { ingest(records: []) { errors { code } } }"
    by_get = await client.get("/", params={"query": mutation})
    assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")
    as_text = await client.post("/", content=mutation, headers={"content-type": "text/plain"})
    assert as_text.status_code == 415


async def test_an_unexpected_error_is_masked(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    # A bug of ours, of which no client may learn more than that there is one.
    monkeypatch.setattr(Context, "facets", property(lambda _: 1 / 0))
    answer = await ask('{ customer(id: "cus_x") { id } }')
    assert answer.codes == ["INTERNAL"]
    assert "division" not in str(answer.body)


def test_the_committed_schema_is_the_one_in_force() -> None:
    committed = Path(graph_schema.__file__).with_name("schema.graphql").read_text(encoding="utf-8")
    assert committed == sdl(), "run: profile-graph schema > graph_schema/schema.graphql"


async def test_a_document_is_validated_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    validated: list[str] = []
    # The name `schema` of the package hides its module.
    strawberry_schema = sys.modules["strawberry.schema.schema"]
    seen = strawberry_schema.validate

    def counting(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever it takes
        validated.append("once")
        return seen(*arguments, **more)

    monkeypatch.setattr(strawberry_schema, "validate", counting)
    for _ in range(3):
        await ask('{ customer(id: "cus_validated_once") { id } }')
    assert validated == ["once"]
