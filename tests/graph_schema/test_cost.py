"""Cost: what an operation may come to, from its text and variables alone."""

import time
from typing import Any

import pytest
from graphql import (
    FragmentDefinitionNode,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.cost import Estimate, Prices
from graph_schema.pricing import prices_of
from graph_schema.schema import schema

PRICES: Prices = prices_of(schema._schema)


def cost(text: str, **variables: Any) -> Estimate:  # noqa: ANN401 - as JSON has them
    """Of a valid document's first operation."""
    document = parse(text)
    assert validate(schema._schema, document) == []
    [operation, *_] = [
        one for one in document.definitions if isinstance(one, OperationDefinitionNode)
    ]
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    return PRICES.estimate(operation, fragments, variables)


@pytest.mark.parametrize(
    ("text", "points", "listed"),
    [
        ("{ __typename }", 1, 1),
        # The field's 20, and the customer.
        ('{ customer(id: "c") { id displayName } }', 21, 1),
        # Ten profiles in a connection.
        ('{ customer(id: "c") { profiles { nodes { id } } } }', 32, 10),
        ('{ customer(id: "c") { profiles(first: 3) { nodes { id } } } }', 25, 3),
        # Edges and their nodes are objects, and so is what says where the page is.
        (
            '{customer(id: "c") {profiles(first: 3) {pageInfo {endCursor} edges {node {id}}}}}',
            29,
            3,
        ),
        ("{ customers(last: 7) { nodes { id } } }", 58, 7),
        ("{ customers { totalCount } }", 551, 1),
        ('{ search(text: "x") { score } }', 210, 10),
        ('{ search(text: "x", first: 50) { score } }', 250, 50),
        ('{ nodes(ids: ["a", "b"]) { id } }', 22, 2),
        ('{ identityGraph(customerId: "c") { complete } }', 101, 1),
        ('{ identityGraph(customerId: "c") { profiles { id } edges { count } } }', 501, 200),
        (
            "{ customers(first: 20) { nodes { identifiers(first: 30) { nodes { value } } } } }",
            50 + 1 + 20 * (1 + 1 + 30),
            600,
        ),
        ("{ __schema { types { name } } }", 50, 1),
        ("mutation { ingest(records: []) { errors { code } } }", 22, 1),
        (
            'mutation { ingest(records: [{source: "a"}, {source: "b"}]) { results { index } } }',
            20 + 2 * 5 + 1 + 2,
            2,
        ),
        ("subscription { changes { seq } }", 101, 1),
    ],
)
def test_each_field_costs_its_weight_and_each_object_a_point(
    text: str, points: int, listed: int
) -> None:
    assert cost(text) == Estimate(points, listed)


def test_lengths_come_from_variables_and_their_defaults() -> None:
    text = 'query($n: Int = 4) { customer(id: "c") { profiles(first: $n) { nodes { id } } } }'
    assert cost(text).listed == 4
    assert cost(text, n=9).listed == 9
    assert cost(text, n=None).listed == 10
    # What its type does not take is refused later; it must not be cheap.
    assert cost(text, n=-5).listed == 10
    ids = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert cost(ids, ids=["a"] * 60).listed == 60
    records = "mutation($r: [RecordInput!]!) { ingest(records: $r) { results { index } } }"
    assert cost(records, r=[{"source": "a"}] * 1000) == Estimate(20 + 5000 + 1 + 1000, 1000)


def test_what_is_answered_once_costs_once() -> None:
    one = cost('{ customer(id: "c") { profiles(first: 5) { nodes { id } } } }')
    twice = """query { ...F ...F customer(id: "c") { profiles(first: 5) { nodes { source } } } }
        fragment F on Query { customer(id: "c") { profiles(first: 5) { nodes { id } } } }"""
    assert cost(twice) == one
    aliased = '{ a: customer(id: "c") { id } b: customer(id: "c") { id } }'
    assert cost(aliased).points == 2 * 21


def test_what_is_left_out_costs_nothing() -> None:
    text = """query($more: Boolean = false) { customer(id: "c") { id
        profiles @include(if: $more) { nodes { id } }
        devices @skip(if: true) { nodes { id } } } }"""
    assert cost(text).points == 21
    assert cost(text, more=True).points == 32


def test_of_a_node_the_dearest_kind_counts() -> None:
    text = """{ node(id: "x") { id ... on Profile { identifiers { id } }
        ... on Customer { profiles(first: 50) { nodes { id } } } } }"""
    assert cost(text) == Estimate(20 + 1 + 1 + 50, 50)


def test_a_bomb_of_aliases_and_lists_is_priced_at_once() -> None:
    chain = " ".join(
        f"fragment f{n} on Customer {{ a: household {{ customers {{ ...f{n + 1} }} }} "
        f"b: household {{ customers {{ ...f{n + 1} }} }} }}"
        for n in range(12)
    )
    text = f'{{ customer(id: "c") {{ ...f0 }} }} {chain} fragment f12 on Customer {{ id }}'
    start = time.perf_counter()
    assert cost(text).points > 10**12
    assert time.perf_counter() - start < 2


def test_a_number_of_thousands_of_digits_is_dear_and_no_error() -> None:
    document = parse("{ customers(first: " + "9" * 5000 + ") { nodes { id } } }")
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert PRICES.estimate(operation, {}, {}).points > 10**9


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_never_costs_less(first: int, more: int) -> None:
    text = """query($n: Int) { customers(first: $n) { nodes { id household { id }
        interactions(first: $n) { nodes { products { key } } } } } }"""
    few, many = cost(text, n=max(first, 10)), cost(text, n=max(first, 10) + more)
    assert few.points <= many.points
    assert few.listed <= many.listed


def test_the_directives_of_the_schema_are_those_of_the_specification() -> None:
    printed = schema.as_str()
    assert "directive @cost(weight: Int!) on FIELD_DEFINITION | ARGUMENT_DEFINITION" in printed
    assert (
        "directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: "
        "[String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION" in printed
    )
    build_schema(printed)


def test_every_connection_says_what_it_is_sliced_by() -> None:
    unsized = [
        f"{name}.{field}"
        for name, fields in PRICES.of.items()
        for field, price in fields.items()
        if price.of is not None and price.of.name.endswith("Connection") and price.size is None
    ]
    assert unsized == []


def test_a_directive_on_an_argument_that_is_none_is_found_when_the_schema_is_made() -> None:
    for name, fields in PRICES.of.items():
        for field, price in fields.items():
            if price.size is not None:
                known = schema._schema.type_map[name].fields[field].args  # type: ignore[attr-defined]
                assert price.size.arguments.keys() <= known.keys(), f"{name}.{field}"
