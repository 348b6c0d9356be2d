"""The adversarial streams through the graph, in several orders, batches and names."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from customers.identity.policy_document import default_policy
from cypher import Graph
from tests.conftest import Clusters, Ingest, wipe
from tests.scenarios import NAMES, SCENARIOS, Scenario

Records = list[dict[str, Any]]


def batches(records: Records, rng: random.Random) -> Iterator[Records]:
    place = 0
    while place < len(records):
        size = rng.randint(1, 9)
        yield records[place : place + size]
        place += size


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
async def test_a_scenario_comes_out_right(
    scenario: Scenario, graph: Graph, ingest: Ingest, clusters: Clusters
) -> None:
    rng = random.Random(scenario.name)
    await ingest(scenario.records)
    expected = await clusters()
    scenario.check(expected)

    await wipe(graph)
    # One record at a time; of the long one the last forty, since the rest only repeats them.
    backwards = scenario.records[::-1]
    await ingest(backwards[:-40] if len(backwards) > 100 else [], size=50)
    await ingest(backwards[-40:] if len(backwards) > 100 else backwards, size=1)
    assert await clusters() == expected

    await wipe(graph)
    for batch in batches(rng.sample(scenario.records, len(scenario.records)), rng):
        await ingest(batch)
    assert await clusters() == expected

    await wipe(graph)
    others, names = scenario.renamed(default_policy())
    await ingest(others.records)
    assert await clusters() == {frozenset(names[one] for one in keys) for keys in expected}
