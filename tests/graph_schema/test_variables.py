"""Variables: what is in them costs, and too much is refused before anything is made of it."""

import time
from typing import Any

import pytest
from graphql import GraphQLError

from graph_schema.metered import _priced
from graph_schema.rules import MAX_COST
from graph_schema.schema import schema
from graph_schema.variables import LONGEST_LIST, points_of
from tests.graph_schema.conftest import Ask

FILTERED = "query($where: CustomerWhere) { customers(where: $where) { nodes { id } } }"
INGEST = "mutation($records: [RecordInput!]!) { ingest(records: $records) { errors { code } } }"
LINE = {"key": "p", "name": "Tea", "category": "tea", "quantity": 1, "amount": 1.5}
# Of fifteen objects, itself among them.
RECORD: dict[str, Any] = {
    "source": "crm",
    "sourceId": "1",
    "traits": {"firstName": "Ann", "lastName": "Moor", "city": "Leeds"},
    "identifiers": [{"namespace": "email", "value": f"ann{n}@mail.example"} for n in range(4)],
    "device": {"namespace": "cookie", "value": "d", "platform": "web", "os": "x", "browser": "y"},
    "interaction": {"type": "track", "currency": "EUR", "products": [LINE] * 7},
}
# What nobody pays for takes no longer than this, however much it is.
SOON_S = 1.0


def priced(text: str, **variables: object) -> int:
    """What an operation comes to with its variables."""
    return _priced(schema._schema, text, None).estimate(variables, MAX_COST).points


def code(variable: object) -> str:
    """What it is refused with."""
    with pytest.raises(GraphQLError) as refused:
        points_of(variable, MAX_COST)
    return str((refused.value.extensions or {})["code"])


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("text", 0),
        (7, 0),
        (None, 0),
        ({}, 2),
        ({"a": {"b": {}}}, 6),
        ([{}, {}], 4),
        (["text"] * 19, 0),
        (["text"] * 50_000, 2_500),
        ([{"source": "a"}] * 1_000, 2_000 + 100),
    ],
)
def test_an_object_costs_two_points_and_twenty_values_one(value: object, points: int) -> None:
    assert points_of(value, MAX_COST) == points


def test_a_list_of_objects_or_lists_has_at_most_a_thousand() -> None:
    items: list[Any] = [{}, []]
    for item in items:
        points_of([item] * LONGEST_LIST, MAX_COST)
        assert code([item] * (LONGEST_LIST + 1)) == "INVALID_INPUT"
        assert code({"or": ["text"] * LONGEST_LIST + [item]}) == "INVALID_INPUT"


def test_objects_are_found_at_any_depth() -> None:
    assert code({"or": [{"or": [{}] * 999}] * 51}) == "COST_EXCEEDED"
    deep: Any = {}
    for _ in range(60_000):
        deep = {"not": deep}
    assert code(deep) == "COST_EXCEEDED"


def test_what_is_in_a_variable_costs_again_for_each_field_that_takes_it() -> None:
    where: Any = {"or": [{}] * 500}  # 1,027 points
    assert priced(FILTERED) == 61
    assert priced(FILTERED, where=where) == 61 + 2 * 1_027
    twice = FILTERED.replace(
        "{ customers", "{ a: customers(where: $where) { nodes { id } } customers"
    )
    assert priced(twice, where=where) == 2 * 61 + 3 * 1_027
    hidden = FILTERED.replace("where: $where", "where: {and: [$where, {not: $where}]}")
    assert priced(hidden, where=where) == 61 + 3 * 1_027
    # It is read also where no field takes it.
    skipped = FILTERED.replace(") {", ") @skip(if: true) {", 2).replace(
        ") @skip(if: true) {", ") {", 1
    )
    assert priced(skipped, where=where) == 1_027


@pytest.mark.parametrize(
    "where",
    [{"or": [{}] * 250_000}, {"or": [{"or": [{}] * 999}] * 250}, {"sources": ["x"] * 1_000_000}],
    ids=["in one list", "in many lists", "texts"],
)
async def test_a_filter_without_end_is_refused_at_once(ask: Ask, where: dict[str, Any]) -> None:
    start = time.perf_counter()
    answer = await ask(FILTERED, where=where)
    assert time.perf_counter() - start < SOON_S
    assert answer.codes in (["INVALID_INPUT"], ["COST_EXCEEDED"])
    assert "data" not in answer.body
    assert answer.statements == []


async def test_a_record_with_products_without_end_is_refused_at_once(ask: Ask) -> None:
    record = {"source": "crm", "sourceId": "1", "interaction": {"products": [{}] * 160_000}}
    start = time.perf_counter()
    assert (await ask(INGEST, records=[record])).codes == ["INVALID_INPUT"]
    assert time.perf_counter() - start < SOON_S


async def test_a_thousand_records_of_fifteen_objects_each_are_affordable(ask: Ask) -> None:
    records = [RECORD] * 1_000
    assert priced(INGEST, records=records) == 73_221
    assert (await ask(INGEST, records=records)).data["ingest"]["errors"] == []
