"""Query.customers with a filter and an order."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers import listing
from tests.conftest import Ingest, Json
from tests.graph_schema.conftest import Answer, Ask
from tests.graph_schema.people import CHANNELS, CITIES, NAMES, SOURCES, at, crowd, fulfils, ordered

PAGE = """query($where: CustomerWhere, $order: CustomerOrder, $first: Int, $after: String,
  $last: Int, $before: String) {
  customers(where: $where, orderBy: $order, first: $first, after: $after, last: $last,
    before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
COUNTED = """query($where: CustomerWhere, $order: CustomerOrder) {
  customers(where: $where, orderBy: $order, first: 500) { totalCount nodes { id } }
}"""

texts = st.sampled_from([*CITIES, *NAMES, "l", "smi", "", "zzz", "') RETURN c //", "$value"])
days = st.integers(1, 28).map(at)
ages = st.integers(0, 90).map(str)
traits = st.one_of(
    st.builds(
        lambda name, how, value: {"name": name, how: [value, "York"] if how == "in" else value},
        st.sampled_from(["city", "lastName", "firstName", "plan"]),
        st.sampled_from(["equals", "in", "startsWith", "gte", "gt", "lte", "lt"]),
        texts,
    ),
    st.builds(
        lambda how, value: {"name": "age", how: value},
        st.sampled_from(["equals", "gte", "gt", "lte", "lt"]),
        ages,
    ),
    st.builds(
        lambda low, high: {"name": "birthDate", "gte": f"{low}-01-01", "lt": f"{high}-02-11"},
        st.integers(1950, 1990),
        st.integers(1950, 1990),
    ),
    st.builds(
        lambda name, there: {"name": name, "present": there},
        st.sampled_from(["city", "age", "plan"]),
        st.booleans(),
    ),
)
identifiers = st.one_of(
    st.builds(
        lambda n, there: {"namespace": "crmId", "value": f"C{n}", "present": there},
        st.integers(0, 45),
        st.booleans(),
    ),
    st.builds(
        lambda name, there: {"namespace": name, "present": there},
        st.sampled_from(["cookie", "crmId", "x' OR true OR '"]),
        st.booleans(),
    ),
)
interaction = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["track", "page"]),
        "name": st.sampled_from(["Order Completed", "Product Viewed"]),
        "channel": st.sampled_from(CHANNELS),
        "from": days,
        "to": days,
        "amount": st.builds(
            lambda low, high: {"currency": "EUR", "gte": str(low), "lte": str(high)},
            st.integers(0, 30),
            st.integers(10, 60),
        ),
    },
)
interactions = st.one_of(
    st.builds(lambda one: {"some": one}, interaction),
    st.builds(lambda one: {"none": one}, interaction),
    st.builds(
        lambda one, low, high: {"count": {"of": one, "gte": low, "lte": high}},
        interaction,
        st.integers(0, 2),
        st.integers(0, 4),
    ),
)
bought = st.fixed_dictionaries(
    {"product": st.sampled_from(["p1", "p2", "p3", "p4"])}, optional={"from": days, "to": days}
) | st.fixed_dictionaries({"category": st.sampled_from(["Food", "Books", "Toys"])})
counts = st.builds(
    lambda low, high: {"gte": low, "lte": high}, st.integers(0, 2), st.integers(0, 3)
)
stats = st.fixed_dictionaries(
    {},
    optional={
        "orders": counts,
        "openTickets": counts,
        "lastPurchase": st.fixed_dictionaries({}, optional={"from": days, "to": days}),
        "spend": st.builds(
            lambda currency, low, high: [{"currency": currency, "gte": str(low), "lte": str(high)}],
            st.sampled_from(["EUR", "SEK", "USD"]),
            st.integers(0, 30),
            st.integers(10, 60),
        ),
    },
)
part = st.one_of(
    st.builds(lambda one: {"stats": one}, stats),
    st.builds(lambda one: {"traits": [one]}, traits),
    st.builds(lambda one, two: {"traits": [one, two]}, traits, traits),
    st.builds(lambda one: {"identifiers": [one]}, identifiers),
    st.builds(lambda one: {"interactions": [one]}, interactions),
    st.builds(lambda one: {"bought": [one]}, bought),
    st.builds(lambda some: {"sources": some}, st.lists(st.sampled_from(SOURCES), max_size=2)),
)
filters = st.recursive(
    part,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"and": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"or": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda one, other: one | other, inner, inner),
    ),
    max_leaves=8,
)
orders = (
    st.none()
    | st.fixed_dictionaries(
        {"field": st.sampled_from(["CREATED", "NAME", "LAST_SEEN", "ORDERS", "LAST_PURCHASE"])},
        optional={"direction": st.sampled_from(["ASC", "DESC"])},
    )
    | st.fixed_dictionaries(
        {"field": st.just("SPEND"), "currency": st.sampled_from(["EUR", "SEK", "USD"])},
        optional={"direction": st.sampled_from(["ASC", "DESC"])},
    )
)


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Examples of a strategy, the same in every run; hypothesis itself runs no coroutines."""
    found: list[Any] = []

    @settings(max_examples=count)
    @given(strategy)
    def keep(one: Any) -> None:  # noqa: ANN401 - anything that can be drawn
        found.append(one)

    keep()
    return found


async def pages(ask: Ask, where: Json | None, order: Json | None, size: int) -> list[str]:
    """All customers of a listing by pages, which must be the same from the end."""
    there = await walk(ask, where, order, size, backward=False)
    assert there == await walk(ask, where, order, size, backward=True), (where, order)
    return there


async def walk(
    ask: Ask, where: Json | None, order: Json | None, size: int, *, backward: bool
) -> list[str]:
    """All customers by pages from one end; only the last may be short."""
    seen: list[str] = []
    more, window = True, {"last" if backward else "first": size}
    while more:
        page = (await ask(PAGE, where=where, order=order, **window)).data["customers"]
        ids, info = [node["id"] for node in page["nodes"]], page["pageInfo"]
        more = info["hasPreviousPage" if backward else "hasNextPage"]
        assert len(ids) == size or not more, (where, order)
        seen = ids + seen if backward else seen + ids
        if backward:
            window["before"] = info["startCursor"]
        else:
            window["after"] = info["endCursor"]
    return seen


@pytest.mark.parametrize("few", [1000, 3])
async def test_any_filter_in_any_order_finds_whom_it_describes(
    ask: Ask, ingest: Ingest, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    # With few candidates and short windows at most, a small graph is read as a large one is.
    monkeypatch.setattr(listing, "MOST_CANDIDATES", few)
    monkeypatch.setattr(listing, "FEW", few)
    monkeypatch.setattr(listing, "RUNGS", 5)
    people, records = crowd(30)
    ids = await identities(ingest, records)
    for where, order in drawn(st.tuples(filters, orders), 20):
        expected = [ids[one.place] for one in ordered(people, order) if fulfils(one, where)]
        assert await pages(ask, where, order, 12) == expected, (where, order)
        counted = (await ask(COUNTED, where=where, order=order)).data["customers"]
        assert counted["totalCount"] == len(counted["nodes"]) == len(expected), where


async def identities(ingest: Ingest, records: Sequence[Json]) -> dict[int, str]:
    """The customers by the number of the person."""
    outcomes = await ingest(records, 20)
    return {
        int(record["sourceId"]): outcome.customer or ""
        for record, outcome in zip(records, outcomes, strict=True)
    }


async def test_every_order_shows_everybody_once(
    ask: Ask, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "FEW", 3)
    people, records = crowd(16)
    ids = await identities(ingest, records)
    fields: list[Json] = [
        {"field": "CREATED"},
        {"field": "NAME"},
        {"field": "LAST_SEEN"},
        {"field": "SPEND", "currency": "EUR"},
        {"field": "ORDERS"},
        {"field": "LAST_PURCHASE"},
        {"field": "OPEN_TICKETS"},
    ]
    for field in fields:
        for direction in ("ASC", "DESC"):
            order = field | {"direction": direction}
            expected = [ids[one.place] for one in ordered(people, order)]
            for size in (1, 7):
                assert await pages(ask, None, order, size) == expected, (order, size)


async def statements(ask: Ask, where: Json | None, order: Json | None = None) -> list[str]:
    """What a first page of two sends."""
    answer = await ask(PAGE, where=where, order=order, first=2)
    assert answer.data["customers"]["nodes"]
    return answer.statements


async def test_a_page_takes_as_many_statements_as_it_has_windows(ask: Ask, ingest: Ingest) -> None:
    await ingest(crowd(12)[1])
    city = {"traits": [{"name": "city", "equals": "YORK"}]}
    found = ["customers/page", "customers/found"]
    assert await statements(ask, city) == ["customers/seeds", *found]
    both = {"or": [city, {"identifiers": [{"namespace": "crmId", "value": "C1"}]}]}
    assert await statements(ask, both) == ["customers/seeds", *found]
    assert await statements(ask, {"not": city}) == found
    everybody = ["customers/page_forward", "customers/standing"]
    assert await statements(ask, None) == everybody
    by_name = ["customers/last_number", *found]
    assert await statements(ask, None, {"field": "NAME"}) == by_name


async def test_whoever_is_not_counted_costs_no_statement(ask: Ask, ingest: Ingest) -> None:
    await ingest(crowd(5)[1])
    answer = await ask("{ customers(first: 1) { totalCount } }")
    assert answer.data["customers"] == {"totalCount": 5}
    assert answer.statements == [
        "customers/page_forward",
        "customers/standing",
        "customers/last_number",
        "customers/count",
    ]


async def refusal(ask: Ask, where: Json) -> tuple[str, str]:
    answer: Answer = await ask(PAGE, where=where)
    [error] = answer.body["errors"]
    return error["extensions"]["code"], error["message"]


async def test_a_trait_without_an_index_is_refused_with_those_that_have_one(ask: Ask) -> None:
    code, message = await refusal(ask, {"traits": [{"name": "shoeSize", "equals": "42"}]})
    assert code == "UNINDEXED_FILTER"
    assert "'shoeSize'" in message
    assert "birthDate, city" in message


@pytest.mark.parametrize(
    "trait",
    [
        {"name": "birthDate", "gte": "yesterday"},
        {"name": "age", "lt": "old"},
        {"name": "age", "startsWith": "4"},
        {"name": "city", "equals": "x" * 101},
    ],
)
async def test_a_value_that_the_trait_cannot_have_is_refused(ask: Ask, trait: Json) -> None:
    assert (await refusal(ask, {"traits": [trait]}))[0] == "INVALID_INPUT"


@pytest.mark.parametrize("amount", ["Infinity", "-Infinity", "NaN"])
async def test_an_amount_that_is_no_number_is_refused(ask: Ask, amount: str) -> None:
    spent: Json = {"stats": {"spend": [{"currency": "EUR", "gte": amount}]}}
    assert (await refusal(ask, spent))[0] == "INVALID_INPUT"


async def test_a_filter_has_bounds(ask: Ask) -> None:
    one: Json = {"sources": ["crm"]}
    deep: Json = one
    for _ in range(10):
        deep = {"not": deep}
    assert (await refusal(ask, deep))[0] == "FILTER_TOO_LARGE"
    assert (await refusal(ask, {"and": [one] * 31}))[0] == "FILTER_TOO_LARGE"
    empties: list[Json] = [{}, {"or": []}, {"not": {}}]
    for empty in empties:
        assert (await refusal(ask, {"or": [empty] * 31}))[0] == "FILTER_TOO_LARGE"
    many = {"traits": [{"name": "city", "in": [f"c{n}" for n in range(51)]}]}
    assert (await refusal(ask, many))[0] == "FILTER_TOO_LARGE"
    assert (await refusal(ask, {"sources": [f"s{n}" for n in range(51)]}))[0] == "FILTER_TOO_LARGE"
    allowed: Json = one
    for _ in range(9):
        allowed = {"not": allowed}
    assert (await ask(PAGE, where={"and": [one] * 30})).data["customers"]["nodes"] == []
    assert (await ask(PAGE, where={"and": [{}] * 30})).data["customers"]["nodes"] == []
    assert (await ask(PAGE, where=allowed)).data["customers"]["nodes"] == []


async def test_a_filter_of_thousands_of_levels_is_an_error_of_the_caller(ask: Ask) -> None:
    deep: Json = {"sources": ["crm"]}
    for _ in range(900):
        deep = {"not": deep}
    answer = await ask(PAGE, where=deep)
    assert answer.status == 200
    assert answer.codes[0] != "INTERNAL", answer.body


async def test_a_cursor_is_of_use_in_its_own_order_and_filter_alone(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest(crowd(12)[1])
    where = {"sources": ["crm"]}
    order = {"field": "NAME"}
    page = (await ask(PAGE, where=where, order=order, first=2)).data["customers"]
    cursor = page["pageInfo"]["endCursor"]
    assert (await ask(PAGE, where=where, order=order, after=cursor)).data
    others: list[tuple[Json | None, Json | None]] = [
        (None, order),
        ({"sources": ["shop"]}, order),
        (where, None),
        (where, {"field": "LAST_SEEN"}),
        (where, {"field": "NAME", "direction": "DESC"}),
    ]
    for other in others:
        answer = await ask(PAGE, where=other[0], order=other[1], after=cursor)
        assert answer.codes == ["CURSOR_MISMATCH"], other
        assert "`where` or `orderBy`" in answer.body["errors"][0]["message"]
    plain = (await ask(PAGE, first=2)).data["customers"]["pageInfo"]["endCursor"]
    assert (await ask(PAGE, where=where, after=plain)).codes == ["CURSOR_MISMATCH"]


async def test_text_of_a_caller_is_never_in_a_statement(ask: Ask, ingest: Ingest) -> None:
    await ingest(crowd(5)[1])
    evil = "x' OR true OR c.t_city = 'x"
    evils: list[Json] = [
        {"traits": [{"name": "city", "equals": evil}]},
        {"traits": [{"name": "city", "startsWith": evil}]},
        {"identifiers": [{"namespace": evil}]},
        {"identifiers": [{"namespace": evil, "value": evil}]},
        {"interactions": [{"some": {"name": evil}}]},
        {"bought": [{"category": evil}]},
        {"sources": [evil]},
    ]
    for where in evils:
        assert (await ask(PAGE, where=where)).data["customers"]["nodes"] == [], where
    unknown = {"traits": [{"name": evil, "present": True}]}
    assert (await refusal(ask, unknown))[0] == "UNINDEXED_FILTER"
