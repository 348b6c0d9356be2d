"""Rows of a source as records by day of January 2026, and what the graph has of them then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from customers.customer import Customer, Facets, customers_by_identifiers, customers_by_ids
from customers.identity.everything import Report, resolve_everything
from customers.identity.policy import Policy
from customers.principal import DEVELOPER
from customers.reading import Reading
from cypher import Graph
from tests.conftest import Json, in_force, query, soon

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
FACETS = Facets(profiles=50, identifiers=50, devices=50, counts=True, totals=True)


def ms(day: float) -> int:
    """A day of January 2026 in epoch milliseconds."""
    return round(FIRST.timestamp() * 1000 + (day - 1) * DAY_MS)


def day_of(at: int) -> float:
    """The day of January 2026 at which epoch milliseconds lie."""
    return (at - FIRST.timestamp() * 1000) / DAY_MS + 1


def said(
    source_id: str | None,
    day: float,
    *identifiers: str,
    source: str = "s",
    **parts: Any,  # noqa: ANN401 - a record's parts are JSON
) -> Json:
    """A record; identifiers as ``namespace:value``, what is no part of a record is a trait."""
    pairs = [one.split(":", 1) for one in identifiers]
    known = {
        name: parts.pop(name)
        for name in ("replace", "deleted", "interaction", "device")
        if name in parts
    }
    record: Json = {
        "source": source,
        "sourceId": source_id,
        "at": (FIRST + timedelta(days=day - 1)).isoformat(),
        "identifiers": [{"namespace": name, "value": value} for name, value in pairs],
    }
    return record | ({"traits": parts} if parts else {}) | known


def snapshot(source_id: str, day: float, *identifiers: str, **parts: Any) -> Json:  # noqa: ANN401
    """A record that is all that its source knows of the row."""
    return said(source_id, day, *identifiers, replace=True, **parts)


def gone(source_id: str, day: float, **parts: Any) -> Json:  # noqa: ANN401
    """A record that says that the row is deleted."""
    return said(source_id, day, deleted=True, **parts)


def bought(number: str, day: float, **parts: Any) -> Json:  # noqa: ANN401
    """An interaction of 5 EUR."""
    return {"id": number, "name": "Order Completed", "amount": 5, "currency": "EUR"} | parts


async def links(graph: Graph) -> dict[str, float | None]:
    """All links as ``source|sourceId>namespace|value``: the day from which one no longer holds."""
    rows = await query(
        graph, "MATCH (:Profile)-[r:HAS_IDENTIFIER]->() RETURN r.key AS key, r.closedAt AS at"
    )
    return {row["key"]: None if row["at"] is None else day_of(row["at"]) for row in rows}


async def open_links(graph: Graph) -> set[str]:
    """The links that hold."""
    return {key for key, closed in (await links(graph)).items() if closed is None}


async def traits(graph: Graph, source_id: str, source: str = "s") -> dict[str, list[Any]]:
    """The values of a profile's traits, the newest first."""
    text = "MATCH (p:Profile {key: $key}) RETURN p.traits AS traits"
    [row] = await query(graph, text, key=f"{source}|{source_id}")
    return {
        name: [orjson.loads(value) for value, _ in values]
        for name, values in orjson.loads(row["traits"]).items()
    }


async def people(graph: Graph, key: str) -> tuple[int, bool] | None:
    """How many people an identifier has, and whether it is generic; None where there is none."""
    text = "MATCH (i:Identifier {key: $key}) RETURN i.people AS people, i.generic AS generic"
    rows = await query(graph, text, key=key)
    return (rows[0]["people"], rows[0]["generic"]) if rows else None


async def customers(graph: Graph) -> dict[str, str]:
    """The customer of every profile that has one, by sourceId."""
    rows = await query(
        graph,
        "MATCH (p:Profile)-[:BELONGS_TO]->(c:Customer) RETURN p.sourceId AS id, c.id AS customer",
    )
    return {row["id"]: row["customer"] for row in rows}


async def born(graph: Graph) -> dict[str, str]:
    """The customer id that every profile was born with, by sourceId."""
    rows = await query(graph, "MATCH (p:Profile) RETURN p.sourceId AS id, p.customerId AS own")
    return {row["id"]: row["own"] for row in rows}


async def changes(graph: Graph, after: int = 0) -> list[tuple[str, str, str | None, list[str]]]:
    """The change log after so many: kind, customer, the one it came from, profiles."""
    rows = await query(graph, "MATCH (x:Change) RETURN x {.*} AS x ORDER BY x.seq")
    found = [row["x"] for row in rows]
    assert [one["seq"] for one in found] == list(range(1, len(found) + 1))
    return [
        (one["kind"], one["customerId"], one.get("fromId"), sorted(one["profiles"]))
        for one in found[after:]
    ]


def reading(graph: Graph) -> Reading:
    """Somebody who may read."""
    return Reading(graph, DEVELOPER, soon())


async def by_id(graph: Graph, customer: str) -> Customer | None:
    """The customer that an id leads to."""
    [found] = await customers_by_ids(reading(graph), [customer], FACETS)
    return found


async def holders(graph: Graph, key: str) -> list[str]:
    """The customers that an identifier leads to."""
    [found] = await customers_by_identifiers(reading(graph), [key], 50, FACETS)
    return [one.id for one in found]


async def resolved_again(graph: Graph, policy: Policy) -> Report:
    """What a resolution of everything finds to do; nothing where all is well."""
    return await resolve_everything(graph, in_force(policy), DEVELOPER)
