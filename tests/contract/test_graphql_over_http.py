"""GraphQL over HTTP as its specification has it: methods, types, statuses, batches."""

import gzip
from typing import Any

import httpx2
import pytest

from customers.services import Services
from tests.contract.serving import Served, served

JSON, RESPONSE = "application/json", "application/graphql-response+json"
QUERY = "{ __typename }"
MUTATION = "mutation { ingest(records: []) { errors { code } } }"
NEW = "application/graphql-response+json, application/json;q=0.9"


async def sent(
    server: Served,
    content: object = None,
    *,
    method: str = "POST",
    params: dict[str, str] | None = None,
    **headers: str,
) -> httpx2.Response:
    """A request; JSON unless it is text."""
    raw = {"content": content} if isinstance(content, str | bytes) else {"json": content}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with server.http() as client:
        body: dict[str, Any] = {} if content is None else raw
        return await client.request(method, server.url, params=params, headers=named, **body)


def code(answer: httpx2.Response) -> str:
    """The code of the one error of an answer without data."""
    [error] = answer.json()["errors"]
    assert list(answer.json()) == ["errors"]
    found: str = error["extensions"]["code"]
    return found


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        ("application/json; charset=utf-8", JSON),
        (RESPONSE, RESPONSE),
        (NEW, RESPONSE),
        ("application/json, application/graphql-response+json;q=0.5", JSON),
        ("application/graphql-response+json;q=0, */*", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("APPLICATION/JSON", JSON),
        # urql names streams in every request; a query has one answer all the same.
        ("application/graphql-response+json, text/event-stream, multipart/mixed", RESPONSE),
        ("text/event-stream, application/json", JSON),
    ],
)
async def test_an_answer_has_the_type_that_is_liked_best(
    server: Served, accept: str, type_: str
) -> None:
    answer = await sent(server, {"query": QUERY}, accept=accept)
    assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})
    assert answer.headers["content-type"] == f"{type_}; charset=utf-8"


@pytest.mark.parametrize("lines", [("text/html", RESPONSE), (JSON + ";q=0.5", RESPONSE)])
async def test_several_accept_lines_are_one_list(server: Served, lines: tuple[str, str]) -> None:
    async with server.http() as client:
        headers = [("accept", one) for one in lines]
        answer = await client.post(server.url, json={"query": QUERY}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{RESPONSE}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*, text/plain"])
async def test_a_type_that_no_answer_has_is_406(server: Served, accept: str) -> None:
    answer = await sent(server, {"query": QUERY}, accept=accept)
    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "type_",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=iso-8859-1",
        "application/jsonp",
        "text/plain; application/json",
        "",
    ],
)
async def test_what_a_form_of_another_site_can_send_is_415(server: Served, type_: str) -> None:
    answer = await sent(server, f'{{"query": "{MUTATION}"}}', content_type=type_)
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert answer.headers["accept"] == JSON


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip", "x-unknown"])
async def test_a_body_that_is_coded_is_415(server: Served, coding: str) -> None:
    body = gzip.compress(b'{"query": "{ __typename }"}')
    answer = await sent(server, body, content_type=JSON, content_encoding=coding)
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert answer.headers["accept-encoding"] == "identity"
    assert "Content-Encoding" in answer.json()["errors"][0]["message"]
    plain = await sent(server, {"query": QUERY}, content_encoding="Identity")
    assert plain.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("type_", ["application/json;charset=utf-8", "Application/JSON"])
async def test_json_in_utf8_is_taken(server: Served, type_: str) -> None:
    answer = await sent(server, f'{{"query": "{QUERY}"}}', content_type=type_)
    assert answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
async def test_other_methods_are_405_and_told_which_there_are(server: Served, method: str) -> None:
    answer = await sent(server, {"query": QUERY}, method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_get_has_queries_and_nothing_else(server: Served) -> None:
    params = {
        "query": "query A { __typename } query B($n: Int) { changes(first: $n) { nodes { id } } }",
        "operationName": "B",
        "variables": '{"n": 1}',
        "extensions": "{}",
    }
    answer = await sent(server, method="GET", params=params)
    assert answer.json() == {"data": {"changes": {"nodes": []}}}
    for type_ in (JSON, RESPONSE, "text/event-stream"):
        answer = await sent(server, method="GET", params={"query": MUTATION}, accept=type_)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert code(answer) == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"query": "\xc3\x28"}',
        b"null",
        b"1",
        b'"{ __typename }"',
        b"{}",
        b'{"query": null}',
        b'{"query": 1}',
        b'{"query": {}}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": "{}"}',
        b'{"query": "{ __typename }", "operationName": 1}',
        b'{"query": "{ __typename }", "extensions": []}',
    ],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE])
async def test_what_is_no_operation_is_400(server: Served, content: bytes, accept: str) -> None:
    answer = await sent(server, content, content_type=JSON, accept=accept)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_get_without_a_query_or_with_variables_that_are_no_json_is_400(
    server: Served,
) -> None:
    for params in ({}, {"query": QUERY, "variables": "{"}, {"query": QUERY, "variables": "[]"}):
        answer = await sent(server, method="GET", params=params)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": ""}, "BAD_REQUEST"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        (
            {"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": {}}},
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ({"query": QUERY, "operationName": "Other"}, "OPERATION_RESOLUTION_FAILURE"),
        (
            {"query": "query A { __typename } query B { __typename }"},
            "OPERATION_RESOLUTION_FAILURE",
        ),
    ],
)
async def test_what_cannot_be_executed_has_no_data_and_is_400_for_who_knows_the_new_type(
    server: Served, content: object, expected: str
) -> None:
    for type_, status in ((JSON, 200), (RESPONSE, 400)):
        answer = await sent(server, content, accept=type_)
        assert (answer.status_code, code(answer)) == (status, expected)


async def test_an_error_of_a_field_leaves_the_rest_and_the_status(server: Served) -> None:
    answer = await sent(
        server, {"query": '{ customer { id } node(id: "cus_x") { id } }'}, accept=RESPONSE
    )
    assert answer.status_code == 200
    assert answer.json()["data"] == {"customer": None, "node": None}
    [error] = answer.json()["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["customer"], "INVALID_INPUT")


async def test_a_subscription_wants_a_stream(server: Served) -> None:
    for accept in (JSON, "*/*"):
        answer = await sent(server, {"query": "subscription { changes { seq } }"}, accept=accept)
        assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


async def test_batches_are_off_unless_they_are_set(server: Served) -> None:
    answer = await sent(server, [{"query": QUERY}])
    assert (answer.status_code, code(answer)) == (400, "BATCHING_OFF")


async def test_each_operation_of_a_batch_has_its_own_answer(services: Services) -> None:
    async with served(services, batching=5) as server:
        answer = await sent(
            server,
            [
                {"query": QUERY},
                {"query": "{ nothing }"},
                {"query": '{ node(id: "cus_x") { id } }', "variables": None},
                1,
                {"query": "subscription { changes { seq } }"},
            ],
        )
        assert answer.status_code == 200
        first, second, third, fourth, fifth = answer.json()
        assert (first, third) == ({"data": {"__typename": "Query"}}, {"data": {"node": None}})
        codes = [one["errors"][0]["extensions"]["code"] for one in (second, fourth, fifth)]
        assert codes == ["GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST", "BAD_REQUEST"]
        for count in (0, 6):
            answer = await sent(server, [{"query": QUERY}] * count)
            assert (answer.status_code, code(answer)) == (400, "BATCH_SIZE")
