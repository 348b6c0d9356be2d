"""Purchases that an older version wrote are summed up by `resolve --all`, as if they came anew."""

from customers.identity.policy import Policy
from cypher import Graph
from tests.conftest import Ingest, Json, query
from tests.customers.recommendation.shop import event, offered, order
from tests.rows import resolved_again, said

LIFE = [
    order("ann", 1, "tea", "milk"),
    order("ann", 8, "tea", "tea"),
    event("ann", 9, "Product Returned", "milk"),
    event("ann", 9, "Offer Refused", "rice"),
    order("ben", 2, "tea", "cup"),
]
ALL = (
    "MATCH (p:Profile)-[b:BOUGHT|OFFERED]->(x:Product) "
    "RETURN b.key AS key, b {.*} AS b, x {.*} AS x, p.products AS n, "
    "p {.bought, .boughtFirst, .boughtLast} AS p"
)

LISTS = "p.bought, p.boughtFirst, p.boughtLast"


async def summed(graph: Graph) -> Json:
    """All that is kept of purchases and offers."""
    rows = await query(graph, ALL)
    for row in rows:
        row["b"]["days"] = sorted(row["b"].get("days", []))
    return {row.pop("key"): row for row in rows}


async def forget(graph: Graph) -> None:
    """Make the graph one of an older version."""
    await query(graph, "MATCH (:Profile)-[b:BOUGHT|OFFERED]->() DELETE b")
    await query(graph, f"MATCH (p:Profile) REMOVE p.products, {LISTS}")
    await query(graph, "MATCH (x:Product) REMOVE x.price, x.currency, x.pricedAt, x.buyers")


async def test_an_old_graph_gets_what_a_new_one_has(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(LIFE)
    before = await summed(graph)
    await forget(graph)
    report = await resolved_again(graph, policy)
    assert (report.summed_up, report.moved) == (2, 0)
    assert await summed(graph) == before
    assert not (await resolved_again(graph, policy)).did_anything


async def test_what_comes_before_that_is_summed_up_with_the_rest(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(LIFE)
    await forget(graph)
    await ingest([order("ann", 20, "tea"), order("cid", 20, "tea", "pot")])
    assert list(await offered(graph, "ann")) == []
    await resolved_again(graph, policy)
    after = await summed(graph)
    assert (after["till|ann>tea"]["b"]["times"], after["till|ann>tea"]["x"]["buyers"]) == (3, 3)
    assert list(await offered(graph, "ann")) == ["pot", "cup"]


async def test_records_in_any_order_and_batches_sum_up_alike(graph: Graph, ingest: Ingest) -> None:
    await ingest(LIFE, 1)
    forwards = await summed(graph)
    await ingest([said(who, 30, source="till", deleted=True) for who in ("ann", "ben")])
    assert await summed(graph) == {}
    assert {row["n"] for row in await query(graph, "MATCH (x:Product) RETURN x.buyers AS n")} == {0}
    late = [record | {"at": record["at"].replace("2026-01", "2026-03")} for record in LIFE]
    await ingest(late[::-1], 2)
    backwards = await summed(graph)
    assert {key: row["b"]["times"] for key, row in backwards.items() if "times" in row["b"]} == {
        key: row["b"]["times"] for key, row in forwards.items() if "times" in row["b"]
    }
    assert {key: row["n"] for key, row in backwards.items()} == {
        key: row["n"] for key, row in forwards.items()
    }
