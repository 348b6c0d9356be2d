"""How many buy a product again: kept true by what is ingested, and what it lets be offered."""

from customers.identity.policy import Policy
from customers.recommendation.recommendation import Kind
from customers.recommendation.replenish import FEWEST_BUYERS
from customers.recommendation.wording import reason
from cypher import Graph
from tests.conftest import Ingest, query
from tests.customers.recommendation.shop import offered, order
from tests.rows import resolved_again, said

LIFE = [
    order("ann", 1, "tea"),
    order("ann", 1.2, "tea", "cup"),
    order("ann", 9, "tea"),
    order("ben", 3, "tea"),
    order("ben", 2, "tea"),
    order("cid", 4, "tea"),
]


async def counted(graph: Graph) -> dict[str, tuple[int, int]]:
    """Of each product, how many bought it and how many did again."""
    text = "MATCH (x:Product) RETURN x.key AS key, x.buyers AS buyers, x.again AS again"
    return {row["key"]: (row["buyers"], row["again"]) for row in await query(graph, text)}


async def test_who_buys_on_two_days_buys_again(graph: Graph, ingest: Ingest) -> None:
    await ingest(LIFE[:2])
    assert await counted(graph) == {"tea": (1, 0), "cup": (1, 0)}
    await ingest(LIFE[2:])
    assert await counted(graph) == {"tea": (3, 2), "cup": (1, 0)}
    await ingest([order("ann", 20, "tea"), order("cid", 4.5, "tea")])
    assert (await counted(graph))["tea"] == (3, 2)


async def test_batches_and_their_order_count_alike(graph: Graph, ingest: Ingest) -> None:
    await ingest(LIFE[::-1], 1)
    assert await counted(graph) == {"tea": (3, 2), "cup": (1, 0)}


async def test_a_deleted_row_no_longer_counts(graph: Graph, ingest: Ingest) -> None:
    await ingest(LIFE)
    await ingest([said(who, 30, source="till", deleted=True) for who in ("ann", "cid")])
    assert await counted(graph) == {"tea": (1, 1), "cup": (0, 0)}


async def test_an_old_graph_counts_when_all_is_resolved(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(LIFE)
    await query(graph, "MATCH (x:Product) REMOVE x.again")
    await ingest([order("cid", 20, "tea", "pot")])
    assert (await counted(graph))["pot"] == (1, 0)
    report = await resolved_again(graph, policy)
    assert (report.products_counted, report.summed_up) == (2, 0)
    assert await counted(graph) == {"tea": (3, 3), "cup": (1, 0), "pot": (1, 0)}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_what_was_bought_once_is_offered_again_if_others_do_so(
    graph: Graph, ingest: Ingest
) -> None:
    crowd = [order(f"c{n}", day, "milk") for n in range(FEWEST_BUYERS - 2) for day in (2, 5)]
    await ingest([order("ann", 1, "milk", "cup"), order("ben", 3, "cup"), *crowd])
    assert list(await offered(graph, "ann", Kind.REPLENISH)) == []
    await ingest([order("ben", 4, "milk")])
    found = await offered(graph, "ann", Kind.REPLENISH)
    assert list(found) == ["milk"]
    path = found["milk"].path
    assert (path.times, path.due, path.every_days) == (1, None, None)
    assert reason(found["milk"]) == (
        "Bought once, last on 2026-01-01. Of those who bought it, 60% did so again."
    )


async def test_what_is_bought_again_comes_before_what_others_only_might(
    graph: Graph, ingest: Ingest
) -> None:
    crowd = [order(f"c{n}", day, "milk") for n in range(FEWEST_BUYERS) for day in (2, 5)]
    own = [order("ann", day, "tea") for day in (1, 11, 21)]
    await ingest([*crowd, *own, order("ann", 21.1, "milk")])
    found = await offered(graph, "ann", Kind.REPLENISH)
    assert list(found) == ["tea", "milk"]
    assert found["tea"].path.every_days == 10


async def test_what_few_buy_again_is_not_offered_to_who_bought_it_once(
    graph: Graph, ingest: Ingest
) -> None:
    crowd = [order(f"c{n}", 2, "cup", "milk") for n in range(FEWEST_BUYERS)]
    await ingest([order("ann", 1, "cup"), *crowd, order("c0", 5, "cup", "milk")])
    assert (await counted(graph))["cup"] == (6, 1)
    assert list(await offered(graph, "ann", Kind.REPLENISH)) == []
    await ingest([order(f"c{n}", 9, "cup") for n in (1, 2)])
    assert list(await offered(graph, "ann", Kind.REPLENISH)) == ["cup"]
