"""What another policy would do, found out without writing: the same as applying it."""

import pytest

from customers.errors import ForbiddenError
from customers.identity.compared_customers import compared
from customers.identity.policy import Policy
from customers.identity.policy_preview import PolicyPreview, preview_policy
from customers.principal import DEVELOPER, Principal, Role
from cypher import Graph
from tests.conftest import Ingest, query
from tests.decisions import block, decided, merge, split
from tests.evidence import changed
from tests.rows import resolved_again, said
from tests.synthetic import stream

MAIL = "email:ann@x.org"


async def members(graph: Graph) -> dict[str, str]:
    """The customer of every profile, oldest first."""
    text = "MATCH (p:Profile)-[:BELONGS_TO]->(c) RETURN p.key AS key, c.id AS c, p.number AS n"
    rows = sorted(await query(graph, text), key=lambda row: row["n"])
    return {row["key"]: row["c"] for row in rows}


async def previewed(graph: Graph, policy: Policy) -> PolicyPreview:
    return await preview_policy(graph, policy, DEVELOPER)


@pytest.mark.parametrize(
    "settings",
    [{}, {"mergeBits": 12.0}, {"crowd": 1}, {"blocking": {}}],
    ids=lambda settings: next(iter(settings), "the same"),
)
async def test_a_policy_does_what_its_preview_said(
    graph: Graph, ingest: Ingest, policy: Policy, settings: dict[str, object]
) -> None:
    await ingest(stream(30, 5).records)
    other = changed(policy, **settings)
    before = await members(graph)
    nodes = await query(graph, "MATCH (n) RETURN n {.*} AS n")
    found = await previewed(graph, other)
    assert await query(graph, "MATCH (n) RETURN n {.*} AS n") == nodes
    await resolved_again(graph, other)
    after = await members(graph)
    expected = compared(before, after)
    assert found.profiles == len(before)
    assert (found.customers, found.customers_then) == (
        len(set(before.values())),
        len(set(after.values())),
    )
    assert sum(found.fates.values()) == len(expected)
    for fate, count in found.fates.items():
        same = [one for one in expected if one.fate == fate]
        assert count == len(same)
        assert all(one in same for one in found.samples[fate])
    assert bool(settings) == (found.fates["keep"] < len(expected))


async def test_what_people_decided_holds_in_a_preview_too(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, "crmId:3")])
    await ingest([said("d", 1, "email:d@x.org"), said("e", 1, "email:d@x.org")])
    await decided(graph, split("b"), policy)
    await decided(graph, merge("bc"), policy)
    await decided(graph, block("email|d@x.org"), policy)
    found = await previewed(graph, changed(policy, mergeBits=3.0))
    assert (found.fates, found.customers, found.customers_then) == ({"keep": 4}, 4, 4)
    found = await previewed(graph, changed(policy, mergeBits=1000.0))
    assert found.fates == {"keep": 4}


async def test_progress_goes_to_the_end_and_an_empty_graph_has_nobody(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    assert (await previewed(graph, policy)).as_json()["customers"] == 0
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL)])
    steps: list[tuple[int, int]] = []
    await preview_policy(graph, policy, DEVELOPER, progress=lambda *step: steps.append(step))
    assert steps == [(2, 4), (4, 4)]


async def test_a_policy_is_previewed_for_who_works_on_identity(
    graph: Graph, policy: Policy
) -> None:
    with pytest.raises(ForbiddenError):
        await preview_policy(graph, policy, Principal("seller", Role.SELLER))
