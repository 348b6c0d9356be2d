"""Cursors: an empty one is none of ours, and no word for the first page."""

import pytest
from graphql import GraphQLObjectType

from graph_schema.schema import schema
from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask

# What leads to an object whose connections are asked for, by its type.
WAYS = {
    "Query": "{ %s }",
    "Customer": "{ customers { nodes { %s } } }",
    "Identifier": '{ identifier(namespace: "email", value: "ann@ann.io") { %s } }',
    "Decision": "{ decisions { nodes { %s } } }",
}


def connections(name: str) -> list[str]:
    """The fields of a type that go on after a cursor."""
    of = schema._schema.type_map[name]
    assert isinstance(of, GraphQLObjectType)
    return [field for field, one in of.fields.items() if "after" in one.args]


@pytest.mark.parametrize(
    ("way", "field"),
    [(way, field) for name, way in WAYS.items() for field in connections(name)],
)
async def test_an_empty_cursor_is_refused_everywhere(
    ask: Ask, ingest: Ingest, way: str, field: str
) -> None:
    email = {"namespace": "email", "value": "ann@ann.io"}
    await ingest([{"source": "crm", "sourceId": n, "identifiers": [email]} for n in ("1", "2")])
    apart = """mutation { splitProfiles(reason: "two", profiles: [{source: "crm", sourceId: "1"}])
        { errors { code } } }"""
    assert (await ask(apart)).data["splitProfiles"]["errors"] == []
    more = "of: TICKETS, " if field == "serviceQueue" else ""
    answer = await ask(way % f'{field}({more}after: "") {{ pageInfo {{ hasNextPage }} }}')
    assert set(answer.codes) == {"INVALID_INPUT"}, answer.body
