"""What graphql-cop tries, twelve cases, in production mode: it finds nothing."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from customers.services import Services
from tests.contract.serving import Served, served

JSON = {"content-type": "application/json"}


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Served]:
    """A server in production mode."""
    async with served(services, production=True) as running:
        yield running


async def sent(server: Served, content: Any, **more: Any) -> httpx2.Response:  # noqa: ANN401
    """A POST with JSON, unless `more` says otherwise."""
    async with server.http() as client:
        return await client.post(server.url, json=content, **more)


def codes(answer: httpx2.Response) -> list[str]:
    """Of an answer without data."""
    body = answer.json()
    assert "data" not in body
    return [error["extensions"]["code"] for error in body["errors"]]


async def test_aliases_are_not_overloaded(server: Served) -> None:
    query = "query cop { " + " ".join(f"alias{n}: __typename" for n in range(101)) + " }"
    assert codes(await sent(server, {"query": query})) == ["TOO_MANY_ALIASES"]


async def test_queries_do_not_come_in_batches(server: Served) -> None:
    answer = await sent(server, [{"query": "query cop { __typename }"}] * 10)
    assert (answer.status_code, codes(answer)) == (400, ["BATCHING_OFF"])


async def test_directives_are_not_overloaded(server: Served) -> None:
    # One that does not exist, as graphql-cop has it, and one that does.
    for directive, code in (("@aa", "DOCUMENT_TOO_LARGE"), ("@skip(if: false)", None)):
        query = "query cop { __typename " + directive * (5000 if code else 60) + " }"
        assert codes(await sent(server, {"query": query})) == [code or "TOO_MANY_DIRECTIVES"]
    query = "query cop { __typename " + "@aa" * 10 + " }"
    assert codes(await sent(server, {"query": query})) == ["GRAPHQL_VALIDATION_FAILED"]


async def test_introspection_does_not_go_round_in_circles(server: Served) -> None:
    query = "query cop { __schema { types { fields { type { fields { type { name } } } } } } }"
    assert codes(await sent(server, {"query": query})) == ["GRAPHQL_VALIDATION_FAILED"]


async def test_fields_are_not_repeated_without_end(server: Served) -> None:
    query = "query cop { " + "__typename \n" * 500 + " }"
    assert codes(await sent(server, {"query": query})) == ["TOO_MANY_REPEATED_FIELDS"]


async def test_nothing_is_traced(server: Served) -> None:
    answer = await sent(server, {"query": "{ __typename }"}, headers={"X-Apollo-Tracing": "1"})
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_no_field_is_suggested(server: Served) -> None:
    for query in ("query cop { __schema { directive } }", "query cop { custome { id } }"):
        answer = await sent(server, {"query": query})
        assert codes(answer) == ["GRAPHQL_VALIDATION_FAILED"]
        assert "did you mean" not in answer.text.lower()


async def test_a_mutation_does_not_go_by_get(server: Served) -> None:
    async with server.http() as client:
        answer = await client.get(server.url, params={"query": "mutation cop { __typename }"})
    assert (answer.status_code, codes(answer)) == (405, ["METHOD_NOT_ALLOWED"])


async def test_an_operation_does_not_come_as_a_form(server: Served) -> None:
    async with server.http() as client:
        answer = await client.post(server.url, data={"query": "query cop { __typename }"})
    assert (answer.status_code, codes(answer)) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


async def test_the_schema_is_not_told(server: Served) -> None:
    for query in (
        "query cop { __schema { types { name } } }",
        '{ __type(name: "Query") { name } }',
    ):
        assert codes(await sent(server, {"query": query})) == ["GRAPHQL_VALIDATION_FAILED"]
    kept = await sent(server, {"query": "{ __typename }"})
    assert kept.json() == {"data": {"__typename": "Query"}}


async def test_there_is_no_page_to_try_it(server: Served) -> None:
    async with server.http() as client:
        for path in ("/", "/graphiql", "/playground", "/console", "/graphql/console"):
            page = await client.get(
                server.url.replace("/graphql", path), headers={"accept": "text/html"}
            )
            assert page.status_code == 404, path
            assert page.json()["code"] == "NOT_FOUND"
        asked = await client.get(server.url, headers={"accept": "text/html"})
    assert asked.status_code == 406


async def test_errors_tell_nothing_of_what_is_inside(server: Served) -> None:
    # graphql-cop takes a trace for a leak, and so do we.
    for content in ("qwerty cop { abc }", "{" * 900, "\x00", '{ customer(id: "\\ud800") { id } }'):
        answer = await sent(server, {"query": content})
        assert answer.status_code in {200, 400}
        for word in ("Traceback", "graphql-core", "strawberry", ".py", "exception"):
            assert word not in answer.text, content
