"""Query.customers: pages in both directions."""

from typing import Any

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask


def visitors(count: int) -> list[dict[str, Any]]:
    """People who share nothing, with seven interactions each."""
    return [
        {
            "source": "web",
            "sourceId": f"v{n:03d}",
            "at": f"2026-01-{day + 1:02d}T00:00:00Z",
            "identifiers": [{"namespace": "cookie", "value": f"c{n}"}],
            "interaction": {"id": f"{n}.{day}", "type": "page", "name": f"day {day}"},
        }
        for n in range(count)
        for day in range(7)
    ]


async def test_a_page_of_fifty_with_identifiers_and_interactions_is_three_statements_at_most(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest(visitors(60))
    answer = await ask(
        "{ customers(first: 50) { nodes { id identifiers { nodes { value } }"
        " interactions(first: 5) { nodes { name } } } pageInfo { hasNextPage } } }"
    )
    nodes = answer.data["customers"]["nodes"]
    assert len(nodes) == 50
    assert answer.data["customers"]["pageInfo"]["hasNextPage"] is True
    assert [node["identifiers"]["nodes"][0]["value"] for node in nodes] == [
        f"c{n}" for n in range(50)
    ]
    newest = [{"name": f"day {day}"} for day in (6, 5, 4, 3, 2)]
    assert all(node["interactions"]["nodes"] == newest for node in nodes)
    assert answer.statements == [
        "customers/page_forward",
        "customers/standing",
        "timeline/interactions",
    ]


async def walk(ask: Ask, size: int, *, backward: bool) -> list[str]:
    """All customers by pages."""
    seen: list[str] = []
    cursor, more = "null", True
    while more:
        where = f"last: {size}, before: {cursor}" if backward else f"first: {size}, after: {cursor}"
        page = (
            await ask(
                f"{{ customers({where}) {{ nodes {{ id }} pageInfo {{ hasNextPage"
                " hasPreviousPage startCursor endCursor } } }"
            )
        ).data["customers"]
        ids = [node["id"] for node in page["nodes"]]
        seen = ids + seen if backward else seen + ids
        info = page["pageInfo"]
        more = info["hasPreviousPage"] if backward else info["hasNextPage"]
        cursor = f'"{info["startCursor"] if backward else info["endCursor"]}"'
    return seen


async def test_both_directions_show_every_customer_once_in_one_order(
    ask: Ask, ingest: Ingest
) -> None:
    # A person of very many receipts leaves many numbers without an anchor behind.
    receipts = [
        {
            "source": "pos",
            "sourceId": f"r{n}",
            "identifiers": [{"namespace": "crmId", "value": "C1"}],
        }
        for n in range(1500)
    ]
    outcomes = await ingest([*visitors(5), *receipts, *visitors(12)])
    expected = list(dict.fromkeys(outcome.customer for outcome in outcomes))
    assert len(expected) == 13
    for size in (1, 4, 50):
        assert await walk(ask, size, backward=False) == expected, size
        assert await walk(ask, size, backward=True) == expected, size


async def test_an_empty_graph_has_an_empty_page(ask: Ask) -> None:
    answer = await ask("{ customers(first: 5) { nodes { id } edges { cursor } pageInfo "
                       "{ hasNextPage hasPreviousPage startCursor endCursor } } }")  # fmt: skip
    assert answer.data["customers"] == {
        "nodes": [],
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


async def test_sizes_and_cursors_that_make_no_sense_are_refused(ask: Ask) -> None:
    for arguments in ("first: -1", "last: 501", "first: 1, last: 1", 'after: "x"', 'before: "é"'):
        answer = await ask(f"{{ customers({arguments}) {{ nodes {{ id }} }} }}")
        assert answer.codes == ["INVALID_INPUT"], arguments


async def test_a_cursor_of_another_connection_is_refused(ask: Ask, ingest: Ingest) -> None:
    await ingest(visitors(2))
    page = await ask("{ changes(first: 1) { pageInfo { endCursor } } }")
    cursor = page.data["changes"]["pageInfo"]["endCursor"]
    answer = await ask(f'{{ customers(first: 1, after: "{cursor}") {{ nodes {{ id }} }} }}')
    assert answer.codes == ["INVALID_INPUT"]
