"""What a profile keeps of its purchases: the same as is told of each product, whatever happened."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from customers.identity.policy import Policy
from customers.ingest import dealings
from customers.ingest.dealings import Bought, Purchases
from customers.recommendation.recommendation import Kind
from cypher import Graph
from tests.conftest import Ingest, Json, query, wipe
from tests.customers.recommendation.shop import SHELF, event, offered, order
from tests.rows import resolved_again, said

Known = tuple[str, int, int]  # a product, when it was first bought, and last
KEPT = (
    "MATCH (p:Profile) WHERE p.products > 0 RETURN p.sourceId AS who, "
    "p.bought AS products, p.boughtFirst AS firsts, p.boughtLast AS lasts"
)
TOLD = (
    "MATCH (p:Profile)-[b:BOUGHT]->(x:Product) WHERE b.times > 0 "
    "RETURN p.sourceId AS who, x.key AS product, b.first AS first, b.last AS last"
)
OF_ANN = "MATCH (p:Profile {key: 'till|ann'}) RETURN p.bought AS bought"
FORGET = "MATCH (p:Profile) REMOVE p.bought, p.boughtFirst, p.boughtLast"


def bought(product: str, first: int, last: int) -> Bought:
    return Bought("till|ann", product, times=1, first=first, last=last)


def test_the_last_bought_comes_first_and_of_equals_the_first_in_the_alphabet() -> None:
    kept = Purchases().renewed([bought("tea", 1, 5), bought("cup", 2, 7), bought("pot", 5, 5)])
    assert kept == Purchases(["cup", "pot", "tea"], [2, 5, 1], [7, 5, 5])
    again = kept.renewed([bought("tea", 1, 9), Bought("till|ann", "milk", returned=1)])
    assert again == Purchases(["tea", "cup", "pot"], [1, 2, 5], [9, 7, 5])


def test_what_was_bought_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealings, "LISTED", 2)
    kept = Purchases().renewed([bought("tea", 1, 1), bought("cup", 2, 2), bought("pot", 3, 3)])
    assert kept.products == ["pot", "cup"]
    assert kept.renewed([bought("tea", 1, 9)]) == Purchases(["tea", "pot"], [1, 3], [9, 3])


async def kept_and_told(graph: Graph) -> tuple[dict[str, set[Known]], dict[str, set[Known]]]:
    """By row, what the profiles keep, and what their relationships say."""
    kept = {
        row["who"]: set(zip(row["products"], row["firsts"], row["lasts"], strict=True))
        for row in await query(graph, KEPT)
    }
    told: dict[str, set[Known]] = {who: set() for who in kept}
    for row in await query(graph, TOLD):
        told[row["who"]].add((row["product"], row["first"], row["last"]))
    return kept, told


who = st.sampled_from(["ann", "ben"])
day = st.integers(1, 28)
things = st.lists(st.sampled_from(sorted(SHELF)), min_size=1, max_size=3, unique=True)
happened = st.one_of(
    st.builds(lambda one, on, some: order(one, on, *some), who, day, things),
    st.builds(lambda one, on, some: event(one, on, "Product Returned", *some), who, day, things),
    st.builds(lambda one, on: said(one, on, source="till", deleted=True), who, day),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(
    life=[
        order("ben", 1, "tea"),
        order("ann", 1, "tea"),
        said("ann", 5, source="till", deleted=True),
        order("ann", 9, "cup"),
    ],
    at_once=2,
)
@given(life=st.lists(happened, min_size=1, max_size=12), at_once=st.integers(1, 12))
async def test_whatever_happens_it_keeps_what_is_told_of_each_product(
    graph: Graph, ingest: Ingest, life: list[Json], at_once: int
) -> None:
    await wipe(graph)
    await ingest(life, at_once)
    kept, told = await kept_and_told(graph)
    assert kept == told


async def test_an_old_graph_keeps_it_when_all_is_resolved_and_recommends_by_it(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea", "pot")])
    await query(graph, FORGET)
    await ingest([order("ben", 9, "cup")])
    assert await offered(graph, "ann") == {}
    assert (await resolved_again(graph, policy)).summed_up == 2
    kept, told = await kept_and_told(graph)
    assert kept == told
    assert list(await offered(graph, "ann")) == ["cup", "pot"]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_of_a_profile_that_only_gave_back_nothing_is_kept_and_nothing_is_to_do(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([event("ann", 1, "Product Returned", "tea")])
    assert await query(graph, OF_ANN) == [{"bought": []}]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_who_moved_on_long_after_is_found_by_when_it_first_bought(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", -300, "tea"), order("ben", 20, "fine tea")])
    [offer] = (await offered(graph, "ann", Kind.UP_SELL)).values()
    assert offer.path.instead_of is not None
    assert (offer.product.key, offer.path.instead_of.key) == ("fine tea", "tea")
