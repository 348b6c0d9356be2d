"""Answers up to the names of ids: what two runs, two engines or two orders must agree on."""

from collections.abc import Iterable
from typing import Any

from customers.export import export_customers
from customers.principal import DEVELOPER
from customers.reading import Reading
from cypher import Graph
from tests.conftest import soon

Json = dict[str, Any]


def canonical(customers: Iterable[Json]) -> list[Json]:
    """Exported customers without their ids, in the order of their first profiles."""
    named = [
        {name: value for name, value in one.items() if name != "id"}
        | {"profiles": sorted(one["profiles"], key=lambda p: (p["source"], p["sourceId"]))}
        for one in customers
    ]
    return sorted(named, key=lambda one: [tuple(p.values()) for p in one["profiles"]])


async def exported(graph: Graph) -> list[Json]:
    """Everything that an export shows, with ids."""
    return [one async for one in export_customers(Reading(graph, DEVELOPER, soon()))]
