"""Everything resolved again: nothing changes, unless something was wrong."""

from typing import Any

import pytest

from customers.errors import ForbiddenError
from customers.identity.everything import Report, resolve_everything
from customers.identity.policy import Policy
from customers.principal import DEVELOPER, Principal, Role
from cypher import Graph
from tests.conftest import Clusters, Ingest, in_force, query
from tests.synthetic import stream


async def resolved(graph: Graph, policy: Policy) -> Report:
    """The report of a run."""
    return await resolve_everything(graph, in_force(policy), DEVELOPER, progress=lambda *_: None)


async def dump(graph: Graph) -> list[dict[str, Any]]:
    """Every node and relationship with its properties, but for the writers' turn."""
    nodes = await query(graph, "MATCH (n) WHERE NOT n:Counter RETURN labels(n) AS l, n {.*} AS p")
    links = await query(
        graph, "MATCH (a)-[r]->(b) RETURN a.key AS a, type(r) AS t, r {.*} AS p, b.key AS b"
    )
    return sorted(nodes + links, key=repr)


async def test_a_second_opinion_changes_nothing_at_all(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(stream(40, 3).records, 61)
    before = await dump(graph)
    steps: list[tuple[int, int]] = []
    report = await resolve_everything(
        graph, in_force(policy), DEVELOPER, progress=lambda done, of: steps.append((done, of))
    )
    assert (report.identifiers_changed, report.traits_changed, report.moved) == (0, 0, 0)
    assert report.changes == []
    profiles = await query(graph, "MATCH (p:Profile) RETURN count(p) AS n")
    customers = await query(
        graph, "MATCH (c:Customer) WHERE c.closedAt IS NULL RETURN count(c) AS n"
    )
    assert (report.profiles, report.customers) == (profiles[0]["n"], customers[0]["n"])
    assert steps == [(1, 2), (2, 2)]
    assert await dump(graph) == before


async def test_what_went_wrong_in_the_graph_is_put_right_and_told(
    graph: Graph, ingest: Ingest, policy: Policy, clusters: Clusters
) -> None:
    await ingest(stream(20, 3).records, 61)
    right = await clusters()
    # Somebody counted the people of all identifiers wrong, and lost the golden traits.
    await query(graph, "MATCH (i:Identifier) WHERE i.people = 1 SET i.people = 2, i.summary = '{}'")
    await query(graph, "MATCH (c:Customer) WHERE c.closedAt IS NULL SET c.traits = '{}'")
    report = await resolved(graph, policy)
    assert report.identifiers_changed > 0
    assert report.traits_changed > 0
    assert await clusters() == right
    assert (await resolved(graph, policy)).identifiers_changed == 0


async def test_another_policy_moves_profiles_and_the_first_moves_them_back(
    graph: Graph, ingest: Ingest, policy: Policy, clusters: Clusters
) -> None:
    await ingest(stream(20, 3).records, 61)
    before = await clusters()
    ids = await query(graph, "MATCH (p:Profile)-[:BELONGS_TO]->(c) RETURN p.key AS p, c.id AS c")
    nobody = policy.model_copy(update={"merge_bits": 1000.0})
    report = await resolved(graph, nobody)
    assert report.moved > 0
    assert {change["kind"] for change in report.changes} == {"split"}
    assert {change["cause"] for change in report.changes} == {"resolve"}
    assert all(len(cluster) == 1 for cluster in await clusters())
    back = await resolved(graph, policy)
    assert {change["kind"] for change in back.changes} == {"merged"}
    assert await clusters() == before
    again = await query(graph, "MATCH (p:Profile)-[:BELONGS_TO]->(c) RETURN p.key AS p, c.id AS c")
    assert sorted(again, key=repr) == sorted(ids, key=repr)


async def test_who_may_not_write_resolves_nothing(graph: Graph, policy: Policy) -> None:
    reader = Principal("reader", Role.ANALYST)
    with pytest.raises(ForbiddenError):
        await resolve_everything(graph, in_force(policy), reader, progress=lambda *_: None)
