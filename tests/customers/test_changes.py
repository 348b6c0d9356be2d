"""The change log alone tells who belonged to whom, at every number."""

import pytest

from customers.changes import Change, changes_between, last_change
from customers.principal import DEVELOPER
from customers.reading import Reading
from cypher import Graph
from tests.conftest import Ingest, Json, query, soon
from tests.rows import gone, said, snapshot

MAIL, PHONE = "email:ann@x.org", "phone:+442079460101"
# Created, joined, merged, split, merged again; deleted, where the rest falls apart; known again.
STORY: list[list[Json]] = [
    [said("a", 1, MAIL, "crmId:C1", source="crm"), said("b", 1, PHONE, source="shop")],
    [said("c", 1, MAIL, source="web")],
    [said("t", 1, MAIL, PHONE, source="till")],
    [snapshot("t", 2, PHONE, source="till")],
    [said("t", 3, MAIL, source="till")],
    [gone("a", 4, source="crm"), said("d", 4, "userId:U1", source="app")],
    [gone("t", 5, source="till")],
    [said("a", 6, MAIL, source="crm"), gone("d", 7, source="app")],
]


def rebuilt(log: list[Change]) -> dict[str, str]:
    """The customer of each profile, by what the log says."""
    found: dict[str, str] = {}
    for change in log:
        assert len(change.profiles) == change.count
        for profile in change.profiles:
            assert found.get(profile) == (
                change.customer if change.kind == "deleted" else change.came_from
            )
            if change.kind == "deleted":
                del found[profile]
            else:
                found[profile] = change.customer
    return found


async def members(graph: Graph) -> dict[str, str]:
    """The customer of each profile, by what the graph says."""
    rows = await query(
        graph, "MATCH (p:Profile)-[:BELONGS_TO]->(c:Customer) RETURN p.key AS key, c.id AS id"
    )
    return {row["key"]: row["id"] for row in rows}


@pytest.mark.parametrize("at_once", [1, len(STORY)], ids=["one by one", "all at once"])
async def test_membership_is_rebuilt_from_the_log_as_of_every_number(
    graph: Graph, ingest: Ingest, at_once: int
) -> None:
    seen: dict[int, dict[str, str]] = {}
    for begin in range(0, len(STORY), at_once):
        await ingest(one for batch in STORY[begin : begin + at_once] for one in batch)
        seen[await last_change(Reading(graph, DEVELOPER, soon()))] = await members(graph)
    log = await changes_between(Reading(graph, DEVELOPER, soon()), 1, max(seen))
    assert [one.seq for one in log] == list(range(1, max(seen) + 1))
    if at_once == 1:
        assert {one.kind for one in log} >= {"created", "joined", "merged", "split", "deleted"}
    for number, then in seen.items():
        assert rebuilt(log[:number]) == then
