"""Production mode: who does not know the schema learns nothing of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from customers.services import Services
from graph_schema.schema import schema
from server.address import check_credentials
from server.settings import ConfigError, Settings
from tests.contract.serving import Served, served, subscribe

NAMES = sorted(
    {
        field
        for kind in schema._schema.type_map.values()
        for field in getattr(kind, "fields", {})
        if len(field) > 3
    }
)
UNFIT = {
    "message": "The document does not fit the schema.",
    "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
}


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Served]:
    """A server in production mode."""
    async with served(services, production=True) as running:
        yield running


async def errors(server: Served, query: str, **variables: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """What is wrong with an operation."""
    async with server.http() as client:
        answer = await client.post(server.url, json={"query": query, "variables": variables})
    found: list[dict[str, Any]] = answer.json()["errors"]
    return found


@pytest.mark.parametrize(
    "query",
    [
        "{ custome(id: 1) { id } }",  # a field
        "{ customer(idd: 1) { id } }",  # an argument
        "{ customer(id: 1) { id @inclde(if: true) } }",  # a directive
        "{ customer(id: 1) { id @include(iff: true) } }",  # its argument
        "{ node(id: 1) { ... on Custome { id } } }",  # a type
        "{ node(id: 1) { displayName } }",  # a type that has the field
        "{ customer(id: 1) }",  # a selection
        "{ ...Custome } fragment Customer on Query { __typename }",  # a fragment
        "query($w: CustomerWher) { customers(where: $w) { nodes { id } } }",  # an input
        "{ customers(orderBy: {field: NAM}) { nodes { id } } }",  # a value
        "{ customers(orderBy: {fild: NAME}) { nodes { id } } }",  # a field of an input
        '{ search(text: "x") { reasons { kind matche } } }',
        "{ customer(id: 1) { id } profile { id } }",  # arguments that are missing
    ],
)
async def test_what_does_not_fit_the_schema_is_one_error_that_names_nothing(
    server: Served, query: str
) -> None:
    assert await errors(server, query) == [UNFIT]


@pytest.mark.parametrize(
    ("type_", "field", "value"),
    [
        ("CustomerOrder", "orderBy", {"field": "NAM"}),  # of an enum
        ("CustomerOrder", "orderBy", {"fild": "NAME"}),  # of a field
        ("CustomerWhere", "where", {"trait": []}),
        ("CustomerWhere", "where", {"interactions": [{"som": {}}]}),  # below a list
    ],
)
async def test_variables_are_not_corrected_either(
    server: Served, type_: str, field: str, value: object
) -> None:
    query = f"query($v: {type_}) {{ customers({field}: $v) {{ nodes {{ id }} }} }}"
    [error] = await errors(server, query, v=value)
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert error["message"].startswith("Variable '$v'")
    assert "did you mean" not in str(error).lower()


async def test_the_same_is_suggested_outside_production(services: Services) -> None:
    async with served(services) as server:
        [error] = await errors(server, "{ custome(id: 1) { id } }")
        assert "Did you mean 'customer'" in error["message"]
        query = "query($v: CustomerOrder) { customers(orderBy: $v) { nodes { id } } }"
        [error] = await errors(server, query, v={"field": "NAM"})
        assert "Did you mean" in error["message"]


async def test_a_list_of_guesses_finds_no_field(server: Served) -> None:
    # As clairvoyance goes about it: many words at once, and what is not complained of is there.
    for begin in range(0, len(NAMES), 20):
        found = await errors(server, "{ " + " ".join(NAMES[begin : begin + 20]) + " }")
        assert found == [UNFIT]


async def test_a_socket_tells_no_more(server: Served) -> None:
    async with server.socket() as client:
        await client.send(subscribe("s", "subscription { chnges { seq } }"))
        message = await client.receive()
    assert message["type"] == "error"
    assert message["payload"] == [UNFIT]


async def test_whose_fault_a_syntax_error_is_is_still_said(server: Served) -> None:
    [error] = await errors(server, "{ customer(")
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert error["message"] == "Syntax Error: Expected Name, found <EOF>."


async def test_pages_keep_to_tls(server: Served, services: Services) -> None:
    async with server.http() as client:
        answer = await client.get(server.url.replace("graphql", "livez"))
    assert answer.headers["strict-transport-security"] == "max-age=63072000"
    async with served(services) as developing, developing.http() as client:
        answer = await client.get(developing.url.replace("graphql", "livez"))
    assert "strict-transport-security" not in answer.headers


def test_nobody_is_the_developer_in_production() -> None:
    check_credentials(Settings(), keys=False)
    check_credentials(Settings(production=True), keys=True)
    with pytest.raises(ConfigError, match="PROFILE_GRAPH_PRODUCTION"):
        check_credentials(Settings(production=True), keys=False)
