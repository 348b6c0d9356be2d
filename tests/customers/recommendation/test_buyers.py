"""Who buys a product, and again: kept true by what is ingested, and what it lets be offered."""

import pytest

from customers.identity.policy import Policy
from customers.identity.policy_document import read_policy
from customers.ingest import rows, writer
from customers.recommendation.recommendation import Kind
from customers.recommendation.replenish import FEWEST_BUYERS
from customers.recommendation.wording import reason
from cypher import Graph
from tests.conftest import Ingest, query
from tests.customers.recommendation.shop import event, offered, order
from tests.distrust import distrusting
from tests.rows import resolved_again, said

OURS = "x.again, x.lastBuyers, x.lastSizes, x.leftOut"
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


def crowds_of(buyers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Call more buyers than these a crowd."""
    for module in (rows, writer):
        monkeypatch.setattr(module, "CROWD", buyers)


async def known(graph: Graph) -> dict[str, list[tuple[str, int]]]:
    """Of each product, whom it keeps, with how many products each had bought."""
    found = await query(graph, "MATCH (p:Profile) RETURN p.number AS number, p.sourceId AS who")
    names = {row["number"]: row["who"] for row in found}
    text = "MATCH (x:Product) RETURN x.key AS key, x.lastBuyers AS buyers, x.lastSizes AS sizes"
    return {
        row["key"]: [
            (names[number], size) for number, size in zip(row["buyers"], row["sizes"], strict=True)
        ]
        for row in await query(graph, text)
    }


async def test_a_product_keeps_who_began_to_buy_it(graph: Graph, ingest: Ingest) -> None:
    await ingest([*LIFE, event("dan", 5, "Product Viewed", "pot")])
    assert await known(graph) == {
        "tea": [("ann", 2), ("ben", 1), ("cid", 1)],
        "cup": [("ann", 2)],
        "pot": [],
    }
    await ingest([order("ben", 20, "cup", "tea"), order("dan", 21, "pot", "cup", "milk")])
    assert await known(graph) == {
        "tea": [("ann", 2), ("ben", 1), ("cid", 1)],
        "cup": [("ann", 2), ("ben", 2), ("dan", 3)],
        "pot": [("dan", 3)],
        "milk": [("dan", 3)],
    }


async def test_of_a_crowd_it_keeps_the_last(
    graph: Graph, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowds_of(3, monkeypatch)
    await ingest([order(f"c{n}", 2, "milk") for n in range(4)])
    await ingest([order(who, 3, "milk") for who in ("c4", "c5")])
    assert [who for who, _ in (await known(graph))["milk"]] == ["c3", "c4", "c5"]
    await ingest([said("c4", 9, source="till", deleted=True)])
    assert [who for who, _ in (await known(graph))["milk"]] == ["c3", "c5"]
    await ingest([said(who, 9, source="till", deleted=True) for who in ("c1", "c5")])
    assert [who for who, _ in (await known(graph))["milk"]] == ["c0", "c2", "c3"]


async def test_a_crowd_of_which_most_known_are_deleted_is_looked_for_again(
    graph: Graph, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowds_of(4, monkeypatch)
    await ingest([order(f"c{n}", 2 + n, "milk") for n in range(9)], 1)
    await ingest([said(f"c{n}", 20, source="till", deleted=True) for n in (6, 8)])
    assert [who for who, _ in (await known(graph))["milk"]] == ["c5", "c7"]
    await ingest([said("c5", 20, source="till", deleted=True)])
    assert [who for who, _ in (await known(graph))["milk"]] == ["c2", "c3", "c4", "c7"]


async def test_who_only_gives_it_back_is_not_kept_until_it_buys(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    back = event("ann", 2, "Product Returned", "tea")
    await ingest([order("ben", 1, "tea"), back])
    assert await known(graph) == {"tea": [("ben", 1)]}
    await query(graph, "MATCH (x:Product) REMOVE x.leftOut")
    await resolved_again(graph, policy)
    assert await known(graph) == {"tea": [("ben", 1)]}
    await ingest([order("ann", 1.5, "tea")])
    await ingest([order("ann", 3, "tea")])
    assert await known(graph) == {"tea": [("ben", 1), ("ann", 1)]}


async def test_who_returns_after_deletion_is_kept_once(graph: Graph, ingest: Ingest) -> None:
    await ingest(LIFE)
    await ingest([said("ann", 30, source="till", deleted=True)])
    assert await known(graph) == {"tea": [("ben", 1), ("cid", 1)], "cup": []}
    await ingest([order("ann", 40, "tea")])
    assert await known(graph) == {"tea": [("ben", 1), ("cid", 1), ("ann", 1)], "cup": []}


async def test_who_is_not_trusted_is_not_kept(graph: Graph, ingest: Ingest) -> None:
    wary = read_policy(distrusting("web"))
    records = [*LIFE, order("eve", 7, "tea", "cup", where="web")]
    await ingest(records, policy=wary)
    assert [who for who, _ in (await known(graph))["tea"]] == ["ann", "ben", "cid"]
    await ingest([said("ben", 30, source="till", deleted=True)], policy=wary)
    assert [who for who, _ in (await known(graph))["tea"]] == ["ann", "cid"]
    assert not (await resolved_again(graph, wary)).did_anything


async def test_who_is_not_trusted_stays_out_when_a_crowd_is_one_no_more(
    graph: Graph, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowds_of(3, monkeypatch)
    wary = read_policy(distrusting("web"))
    crowd = [order(f"c{n}", 2, "milk") for n in range(4)]
    await ingest([*crowd, order("eve", 1, "milk", where="web")], policy=wary)
    gone = [said(who, 9, source="till", deleted=True) for who in ("c1", "c2")]
    await ingest(gone, policy=wary)
    assert [who for who, _ in (await known(graph))["milk"]] == ["c0", "c3"]


async def test_who_is_trusted_no_more_is_left_out_and_who_is_now_comes_in(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    wary = read_policy(distrusting("web"))
    await ingest([*LIFE, order("eve", 7, "tea", "cup", where="web")], policy=wary)
    assert (await resolved_again(graph, policy)).products_counted == 2
    assert [who for who, _ in (await known(graph))["tea"]] == ["ann", "ben", "cid", "eve"]
    assert not (await resolved_again(graph, policy)).did_anything
    assert (await resolved_again(graph, wary)).products_counted == 2
    assert [who for who, _ in (await known(graph))["tea"]] == ["ann", "ben", "cid"]


async def test_what_an_older_version_left_is_known_when_all_is_resolved_and_not_in_part(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(LIFE)
    await query(graph, f"MATCH (x:Product) REMOVE {OURS}")
    await ingest([order("dan", 20, "tea")])
    await ingest([said("ben", 30, source="till", deleted=True)])
    text = "MATCH (x:Product {key: 'tea'}) RETURN x.buyers AS buyers, x.lastBuyers AS known"
    assert await query(graph, text) == [{"buyers": 3, "known": None}]
    await resolved_again(graph, policy)
    assert [who for who, _ in (await known(graph))["tea"]] == ["ann", "cid", "dan"]


async def test_who_is_summed_up_later_comes_in_by_when_it_began(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea")])
    await query(graph, f"MATCH (p:Profile)-[b:BOUGHT]->(x) DELETE b REMOVE p.products, {OURS}")
    await query(graph, "MATCH (x:Product) REMOVE x.buyers")
    await ingest([order("cid", 9, "tea")])
    await resolved_again(graph, policy)
    assert [who for who, _ in (await known(graph))["tea"]] == ["ann", "ben", "cid"]


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
    await query(graph, f"MATCH (x:Product) REMOVE {OURS}")
    await ingest([order("cid", 20, "tea", "pot")])
    assert (await counted(graph))["pot"] == (1, 0)
    report = await resolved_again(graph, policy)
    assert (report.products_counted, report.summed_up) == (2, 0)
    assert await counted(graph) == {"tea": (3, 3), "cup": (1, 0), "pot": (1, 0)}
    assert await known(graph) == {
        "tea": [("ann", 2), ("ben", 1), ("cid", 2)],
        "cup": [("ann", 2)],
        "pot": [("cid", 2)],
    }
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
