"""What is stored of customers' stats is what computing them from scratch gives, come what may."""

import random
from collections.abc import Sequence

import pytest

from customers.customer import Facets, customers_by_ids
from customers.decisions.asked import Merge, ProfileRef, Split
from customers.identity.policy import Policy
from customers.ingest import sightings
from customers.stats.filed import filed_stats, spend_key
from cypher import Graph
from tests.conftest import Ingest, Json, query
from tests.customers.stats.scratch import scratch
from tests.decisions import decided
from tests.rows import gone, reading, resolved_again, said

PEOPLE, STEPS = ("email:p0@x.org", "cookie:p1", "cookie:p2"), 14
SOURCES, CHANNELS, CATEGORIES = ("web", "till", "erp"), ("web", "store", None), ("Food", "Books")
STORED = """
MATCH (c:Customer)
OPTIONAL MATCH (c)-[:SPENT]->(s:Spend)
WITH c, s
ORDER BY s.place
WITH c, collect({key: s.key, place: s.place}) AS nodes
RETURN c.id AS id, c.number AS number, nodes,
       {byOrders: c.byOrders, byPurchase: c.byPurchase, byTickets: c.byTickets, spends: c.spends} AS filed
"""  # noqa: E501


class World:
    """A few people of whom anything may be told; those of another `name` are others."""

    def __init__(self, name: str, seed: int) -> None:
        self.name, self.draw = name, random.Random(seed)
        self.told: dict[str, Json] = {}
        self.records: list[Json] = []

    def step(self) -> list[Json]:
        """What comes next: something new, something old again, or something that no longer is."""
        draw = self.draw
        kind = draw.choices(
            ("order", "refund", "ticket", "page", "link", "part", "gone", "again"),
            (10, 3, 3, 1, 2, 2, 1, 2),
        )[0]
        who, source = draw.choice(PEOPLE), draw.choice(SOURCES)
        day = draw.choice(range(1, 28)) + draw.choice((0, 0.25, 0.5))
        row = f"{self.name}.{source}.{who}"
        if kind == "again" and self.records:
            return [draw.choice(self.records)]
        if kind == "gone":
            return [gone(row, day, source=source)]
        if kind in ("link", "part"):
            others = draw.sample(PEOPLE, 2 if kind == "link" else 1)
            pairs = [self._own(one) for one in others]
            return [said(f"{self.name}.crm", 28 + len(self.records) / 99, *pairs, replace=True)]
        record = said(row, day, self._own(who), source=source, interaction=self._did(kind, source))
        self.records.append(record)
        return [record]

    def _own(self, who: str) -> str:
        namespace, value = who.split(":")
        return f"{namespace}:{self.name}{value}"

    def _did(self, kind: str, source: str) -> Json:
        draw = self.draw
        number = f"{self.name}.{len(self.told)}"
        one: Json = {"id": number, "type": "track", "channel": draw.choice(CHANNELS)}
        if kind == "ticket":
            status = draw.choice(("open", "closed"))
            one |= {"type": "ticket"}
            one |= {"properties": {"ticket": f"T{draw.randrange(3)}", "status": status}}
        elif kind == "page":
            one |= {"type": "page"}
        else:
            name = "Order Completed" if kind == "order" else "Order Refunded"
            amount = draw.choice((5, 7, -2)) if kind == "order" else 3
            one |= {"name": name, "amount": amount, "currency": draw.choice(("EUR", "USD"))}
            one |= {"orderId": f"{self.name}.{draw.randrange(3)}"} if draw.random() < 0.7 else {}
            one["products"] = [
                {"key": f"{self.name}.p{n}", "amount": n + 1}
                | ({"category": draw.choice(CATEGORIES)} if draw.random() < 0.8 else {})
                for n in range(draw.randrange(3))
            ]
        self.told[f"{source}|{number}"] = one
        return one


async def differences(graph: Graph, worlds: Sequence[World]) -> list[object]:
    """Customers of whom something else is stored, or shown, than all that happened comes to."""
    told = {key: one for world in worlds for key, one in world.told.items()}
    true = await scratch(graph, told)
    rows = await query(graph, STORED)
    shown = await customers_by_ids(reading(graph), sorted(true), Facets(stats=True))
    wrong: list[object] = [
        (customer, one and one.worth.stats, true[customer])
        for customer, one in zip(sorted(true), shown, strict=True)
        if one is None or one.worth.stats != true[customer]
    ]
    for row in rows:
        nodes = [one for one in row["nodes"] if one["key"] is not None]
        wanted = filed_stats(true[row["id"]], row["number"]) if row["id"] in true else None
        if wanted is None:
            wrong += [row] if nodes or any(row["filed"].values()) else []
        else:
            keys = {one["key"]: one["place"] for one in nodes}
            places = {spend_key(row["id"], place): place for place in wanted["spends"]}
            wrong += [(row, wanted)] if row["filed"] != wanted or keys != places else []
    return wrong


async def decide_something(graph: Graph, policy: Policy, worlds: Sequence[World]) -> None:
    """Somebody joins or parts profiles of each world."""
    rows = await query(
        graph, "MATCH (p:Profile)-[:BELONGS_TO]->() RETURN p.source AS s, p.sourceId AS i"
    )
    for world in worlds:
        mine = sorted((row["s"], row["i"]) for row in rows if row["i"].startswith(f"{world.name}."))
        if len(mine) > 1:
            refs = [ProfileRef.of(*one, None) for one in world.draw.sample(mine, 2)]
            asked = Merge(refs) if world.draw.random() < 0.5 else Split(refs[:1])
            await decided(graph, asked, policy)


async def test_stats_are_true_after_anything_in_any_order(
    graph: Graph, ingest: Ingest, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An order number of more purchases is nobody's.
    monkeypatch.setattr(sightings, "MOST_PURCHASES", 3)
    worlds = [World(f"w{n}", n) for n in range(8)]
    for step in range(STEPS):
        size = 1 + step % 3
        for _ in range(2):
            await ingest([one for world in worlds for one in world.step()], 8 * size)
        if step % 5 == 4:
            await decide_something(graph, policy, worlds)
        assert await differences(graph, worlds) == [], step
    kinds = {row["kind"] for row in await query(graph, "MATCH (x:Change) RETURN x.kind AS kind")}
    assert kinds >= {"created", "joined", "merged", "split", "deleted"}
    assert await query(graph, "MATCH (o:Order) RETURN o.key") != []
    assert not (await resolved_again(graph, policy)).did_anything

    # As an earlier version left it.
    await query(graph, "MATCH (p:Profile) SET p.facts = null")
    await query(graph, "MATCH (s:Spend) DETACH DELETE s")
    await query(
        graph,
        "MATCH (c:Customer) SET c.byOrders = null, c.byPurchase = null, c.byTickets = null,"
        " c.spends = null",
    )
    assert (await resolved_again(graph, policy)).facts_counted > 0
    assert await differences(graph, worlds) == []
    assert not (await resolved_again(graph, policy)).did_anything
