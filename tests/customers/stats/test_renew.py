"""Quintiles are made of what customers are found by, kept in the graph, and renewed in time."""

import asyncio

import pytest

from customers.errors import ForbiddenError
from customers.identity import background as module
from customers.identity.background import BACKGROUND, background
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from customers.stats import renew
from customers.stats.quintiles import Quintiles
from customers.stats.renew import quintiles, renew_if_due, renew_quintiles
from cypher import Graph
from tests.conftest import Ingest, query, soon
from tests.rows import bought, gone, said


async def kept(graph: Graph) -> dict[str, Quintiles]:
    return await quintiles(lambda statement: graph.read(statement, soon()))


def crowd(count: int, currency: str = "EUR") -> list[dict[str, object]]:
    """Buyers of as many orders as their place, and somebody else's page between two of them."""
    return [
        said(f"{currency}{n}", 1 + n, interaction=bought(f"{currency}{n}", 1, currency=currency))
        for n in range(count)
    ] + [said(f"{currency}page{n}", 1, "cookie:k") for n in range(count)]


async def test_they_are_of_all_who_bought_and_nobody_else(graph: Graph, ingest: Ingest) -> None:
    await ingest(crowd(20))
    made = await renew_quintiles(graph, DEVELOPER)
    [found] = (await kept(graph)).values()
    assert made == [found]
    assert (found.currency, found.buyers) == ("EUR", 20)
    assert (found.frequency, found.monetary) == ([1] * 4, [500] * 4)


async def test_a_sample_is_of_some_customers_evenly(
    graph: Graph, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renew, "SAMPLED", 25)
    monkeypatch.setattr(renew, "AT_ONCE", 7)
    await ingest(crowd(60)[:60])
    [found] = await renew_quintiles(graph, DEVELOPER)
    assert found.buyers == 30


async def test_they_hold_for_a_day_and_go_with_their_buyers(graph: Graph, ingest: Ingest) -> None:
    assert await renew_if_due(graph, DEVELOPER)
    assert await kept(graph) == {}
    await ingest(crowd(20))
    assert await renew_if_due(graph, DEVELOPER)
    assert not await renew_if_due(graph, DEVELOPER)
    known = (await kept(graph))["EUR"]
    old = Quintiles(**{name: getattr(known, name) for name in known.__slots__} | {"at": 5})
    await query(graph, "MATCH (q:Quintiles) SET q.text = $old", old=old.dumps())
    await ingest([*crowd(20, "USD"), gone("EUR3", 40)])
    assert await renew_if_due(graph, DEVELOPER)
    assert (await kept(graph)).keys() == {"USD"}


async def test_who_may_not_resolve_may_not_renew(graph: Graph) -> None:
    with pytest.raises(ForbiddenError):
        await renew_quintiles(graph, Principal("analyst", Role.ANALYST))


async def test_a_server_makes_them(
    services: Services, graph: Graph, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BACKGROUND.may("resolve everything")
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    await ingest(crowd(20))
    async with background(services, every_s=0.01), asyncio.timeout(30):
        while not await kept(graph):
            await asyncio.sleep(0.01)
