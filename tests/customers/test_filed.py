"""What customers are found and ordered by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.errors import InvalidInputError
from customers.filed import LONGEST, NOTHING_FILED, asked, by_name, by_seen, filed, fold, sortable
from customers.identity.dates import calendar_date
from customers.identity.policy import Policy
from customers.identity.resolve import WRITE_RESOLUTION
from customers.traits import LONG_VALUE
from cypher import Graph
from tests.conftest import Ingest, Json, query
from tests.rows import resolved_again, said


def golden(**values: object) -> dict[str, Json]:
    return {name: {"value": value} for name, value in values.items()}


numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(numbers, numbers)
def test_numbers_as_text_have_the_order_of_numbers(one: float, other: float) -> None:
    first, second = sortable(repr(one)), sortable(repr(other))
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)
    assert (first == second) == (one == other)


@pytest.mark.parametrize("text", ["", "ten", "nan", "inf", "1,5"])
def test_what_is_no_number_has_no_place_among_them(text: str) -> None:
    assert sortable(text) is None


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_values_are_filed_by_their_kind() -> None:
    found = filed(
        golden(city=" LÜBECK ", birthDate="3.2.1980", age=41, plan={"a": 1}, title="", shoe="42"),
        month_first=False,
    )
    assert found.keys() == NOTHING_FILED.keys()
    assert {name: value for name, value in found.items() if value is not None} == {
        "t_city": "lubeck",
        "t_birthDate": "1980-02-03",
        "t_age": sortable("41"),
        "byName": "1\t",
    }


def test_a_long_text_begins_with_what_it_begins_with_and_equals_nothing() -> None:
    long = filed(golden(city="x" * 300), month_first=False)["t_city"]
    assert long is not None
    assert long.startswith(asked("city", "X" * LONGEST))
    assert long != asked("city", "X" * LONGEST)
    # Of which marks that count for nothing are most.
    marked = filed(golden(city="x" + "\u0301" * 300), month_first=False)["t_city"]
    assert marked is not None
    assert marked != asked("city", "x")


@pytest.mark.parametrize("name", ["city", "age", "birthDate"])
def test_who_asks_for_a_text_of_any_length_is_told_and_it_stays_in_no_memory(name: str) -> None:
    before = fold.cache_info().currsize, calendar_date.cache_info().currsize
    with pytest.raises(InvalidInputError, match=f"`{name}` is compared up to {LONGEST} characters"):
        asked(name, "1" + " " * LONG_VALUE)
    assert (fold.cache_info().currsize, calendar_date.cache_info().currsize) == before


def test_names_are_ordered_by_the_last_then_the_first_and_nobodys_come_last() -> None:
    names = [
        by_name("Adams", "Zoë", None), by_name("Smith", None, None), by_name("smith", "Ann", None),
        by_name(None, None, "Zebra Ltd"), by_name(None, None, None),
    ]  # fmt: skip
    assert names == sorted(names)
    assert by_seen(999) < by_seen(1000) < by_seen(1_800_000_000_000)


def test_whatever_is_filed_is_written_with_its_customer() -> None:
    for name in NOTHING_FILED:
        assert f"{name}: row.filed.{name}" in WRITE_RESOLUTION.text


async def test_customers_from_before_get_it_when_everything_is_resolved(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("a", 3, lastName="Smith", city="Leeds"), said("b", 4, lastName="Adams")])
    text = (
        "MATCH (c:Customer) RETURN c {.t_city, .byName, .bySeen, .lastSeen} AS c ORDER BY c.number"
    )
    before = await query(graph, text)
    assert before[0]["c"]["t_city"] == "leeds"
    await query(
        graph,
        "MATCH (c:Customer) "
        "SET c.t_city = null, c.byName = null, c.bySeen = null, c.lastSeen = null",
    )
    assert (await resolved_again(graph, policy)).traits_changed == 2
    assert await query(graph, text) == before
    assert (await resolved_again(graph, policy)).traits_changed == 0
