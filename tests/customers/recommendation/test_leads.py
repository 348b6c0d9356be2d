"""What a read brings along for recommendations, and of whom."""

from customers.customer import Facets, customers_by_identifiers, customers_by_ids
from customers.recommendation.leads import Leads
from cypher import Graph
from tests.conftest import Ingest
from tests.customers.recommendation.shop import customer_of, order
from tests.rows import reading, said

EVERYTHING = Facets(basket=True, alike=True)


async def leads(graph: Graph, who: str, facets: Facets = EVERYTHING) -> Leads | None:
    """What leads from somebody who is asked for alone."""
    [found] = await customers_by_ids(reading(graph), [await customer_of(graph, who)], facets)
    assert found is not None
    return found.leads


async def test_the_basket_comes_with_its_buyers_where_they_are_asked_for(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest([order("ann", 1, "tea", "rice"), order("ben", 2, "tea")])
    found = await leads(graph, "ann")
    assert found is not None
    assert found.buyers is not None
    [tea] = found.buyers  # nobody else has rice
    assert (tea.product, tea.count, sorted(tea.sizes)) == ("tea", 2, [1, 2])
    alone = await leads(graph, "ann", Facets(basket=True))
    assert alone == Leads(found.basket, None, found.own)
    assert len(found.own) == 1
    assert sorted(found.basket.owned) == ["rice", "tea"]
    assert await leads(graph, "ann", Facets()) is None


async def test_several_customers_bring_nothing_since_it_would_be_much(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea")])
    ids = [await customer_of(graph, who) for who in ("ann", "ben")]
    found = await customers_by_ids(reading(graph), ids, EVERYTHING)
    assert [one and one.leads for one in found] == [None, None]


async def test_nor_do_the_two_who_hold_one_identifier(graph: Graph, ingest: Ingest) -> None:
    desk = "email:desk@example.org"
    await ingest(
        [
            said("ann", 1, desk, source="till", firstName="Ann", birthDate="1980-01-01"),
            said("ben", 2, desk, source="till", firstName="Ben", birthDate="1950-05-05"),
        ]
    )
    key = "email|desk@example.org"
    [both] = await customers_by_identifiers(reading(graph), [key], 50, EVERYTHING)
    assert [one.leads for one in both] == [None, None]
    await ingest([said("ben", 3, source="till", deleted=True)])
    [[ann]] = await customers_by_identifiers(reading(graph), [key], 50, EVERYTHING)
    assert ann.leads is not None
