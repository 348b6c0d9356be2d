"""Components above the limit: their records go in, and who is who waits for the background."""

import asyncio
import json
from collections.abc import Mapping

import pytest

from customers.errors import ForbiddenError
from customers.identity.background import background
from customers.identity.everything import Report, resolve_waiting
from customers.identity.policy import Policy
from customers.identity.policy_document import default_text
from customers.identity.policy_in_force import note_resolved, put_in_force
from customers.ingest.ingest import ingest as ingest_raw
from customers.ingest.writer import Written
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from cypher import Graph
from tests import pure
from tests.conftest import Clusters, Ingest, Json, in_force, query, soon
from tests.customers.ingest.test_writer import dump
from tests.graph_schema.conftest import Ask, ask, client
from tests.rows import (
    born,
    bought,
    by_id,
    changes,
    customers,
    gone,
    people,
    resolved_again,
    said,
    snapshot,
)
from tests.server.cli.program import program

__all__ = ["ask", "client"]  # fixtures

LIMIT, EACH = 100, 60
BOX = "email:box@x.org"
BOX_KEY = "email|box@x.org"


@pytest.fixture
def policy(policy: Policy) -> Policy:
    """The default, but that a hundred profiles are many."""
    return policy.model_copy(update={"component_limit": LIMIT})


def sessions(name: str, count: int = EACH, box: str = BOX) -> list[Json]:
    """Visits of somebody on a few browsers, who gives the family's mailbox and a first name."""
    return [
        said(f"{name}{n}", 1 + n / 100, box, f"cookie:{name}{n // 10}", firstName=name.title())
        for n in range(count)
    ]


FAMILY = [*sessions("ann"), *sessions("ben")]
FIRST, LATE = FAMILY[:90], FAMILY[90:]
PAIR = {
    frozenset(f"ann{n}" for n in range(EACH)),
    frozenset(f"ben{n}" for n in range(EACH)),
}


async def pending(graph: Graph) -> set[str]:
    """The ids of the customers that wait."""
    rows = await query(graph, "MATCH (c:Customer {pending: true}) RETURN c.id AS id")
    return {row["id"] for row in rows}


async def waited(graph: Graph, policy: Policy) -> Report:
    return await resolve_waiting(graph, in_force(policy), DEVELOPER)


async def put_in(ingest: Ingest) -> None:
    """The family, as far as the limit goes in one batch and the rest in another."""
    await ingest(FIRST)
    await ingest(LATE)


# What goes in


async def test_records_of_a_component_above_the_limit_go_in_and_their_customers_wait(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    await ingest(FIRST)
    before = await customers(graph)
    assert len(set(before.values())) == 2
    outcomes = await ingest(LATE)
    own, found = await born(graph), await customers(graph)
    # Each is a customer of its own, whom whoever wrote it can read; the others stay as they were.
    late = {record["sourceId"]: own[record["sourceId"]] for record in LATE}
    assert found == before | late
    assert [one.customer for one in outcomes] == list(late.values())
    assert await pending(graph) == set(late.values())
    waiting = await by_id(graph, own["ben59"])
    assert waiting is not None
    assert (waiting.pending, waiting.display_name, waiting.size) == (True, "Ben", 1)
    assert await clusters()
    # Nothing was cut: the evidence is whole.
    links = "MATCH (:Profile)-[r:HAS_IDENTIFIER]->(i:Identifier {key: $key}) RETURN count(r) AS n"
    assert await query(graph, links, key=BOX_KEY) == [{"n": 2 * EACH}]
    assert await people(graph, BOX_KEY) == (2, False)


async def test_another_record_of_who_waits_changes_no_customer(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    await put_in(ingest)
    own, before, count = await born(graph), await customers(graph), len(await changes(graph))
    # One who waits already, and one who was resolved while the component was small.
    late, early = (
        said(one, 9, BOX, "device:new", interaction=bought(one, 9), firstName=one[:3].title())
        for one in ("ben59", "ann3")
    )
    outcomes = await ingest([late, early])
    assert [one.customer for one in outcomes] == [own["ben59"], own["ann0"]]
    assert await customers(graph) == before
    assert len(await changes(graph)) == count
    waiting = {own[record["sourceId"]] for record in LATE}
    assert await pending(graph) == waiting | {own["ann0"]}


async def test_a_component_of_just_the_limit_is_resolved_at_once(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    await ingest(sessions("ann", LIMIT))
    assert await clusters() == {frozenset(f"ann{n}" for n in range(LIMIT))}
    assert await pending(graph) == set()
    await ingest(sessions("ann", LIMIT + 1)[LIMIT:])
    assert len(await pending(graph)) == 1


async def test_others_of_the_batch_are_resolved_as_ever(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    await ingest(FIRST)
    await ingest([*LATE, *sessions("cara", 5, "email:cara@x.org")])
    assert frozenset(f"cara{n}" for n in range(5)) in await clusters()
    assert len(await pending(graph)) == len(LATE)


# Who is who then


async def test_what_waited_is_resolved_to_what_the_partition_says(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await put_in(ingest)
    report = await waited(graph, policy)
    expected = pure.clusters(FAMILY, policy)
    assert {frozenset(f"s|{one}" for one in cluster) for cluster in await clusters()} == expected
    assert await clusters() == PAIR
    assert await pending(graph) == set()
    own = await born(graph)
    assert report.waited == {own["ben0"]: 2 * EACH}
    assert (report.profiles, report.customers, report.moved) == (2 * EACH, 2, len(LATE))
    found = await by_id(graph, own["ben59"])
    assert found is not None
    assert (found.id, found.pending, found.size) == (own["ben0"], False, EACH)
    # A second look finds nothing to do, whichever it is.
    before = await dump(graph)
    assert await waited(graph, policy) == Report()
    assert not (await resolved_again(graph, policy)).did_anything
    assert await dump(graph) == before


async def test_resolving_everything_resolves_what_waits_too(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await put_in(ingest)
    report = await resolved_again(graph, policy)
    assert await clusters() == PAIR
    assert await pending(graph) == set()
    assert (report.profiles, report.customers) == (2 * EACH, 2)
    assert report.waited == {(await born(graph))["ben0"]: 2 * EACH}


async def test_several_components_may_wait(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await put_in(ingest)
    await ingest(sessions("cara", LIMIT + 10, "email:cara@x.org"), size=80)
    report = await waited(graph, policy)
    assert await clusters() == PAIR | {frozenset(f"cara{n}" for n in range(LIMIT + 10))}
    assert (report.profiles, report.customers) == (2 * EACH + LIMIT + 10, 3)
    own = await born(graph)
    assert report.waited == {own["ben0"]: 2 * EACH, own["cara0"]: LIMIT + 10}
    assert await pending(graph) == set()


async def test_the_background_resolves_what_waits_while_a_server_runs(
    services: Services, graph: Graph, clusters: Clusters
) -> None:
    async with background(services, every_s=0.05):
        for records in (FIRST, LATE):
            outcomes = await ingest_raw(
                services.writer, services.policy, records, DEVELOPER, soon()
            )
            assert all(isinstance(one, Written) and one.customer for one in outcomes)
        async with asyncio.timeout(60):
            while await pending(graph) or len(set((await customers(graph)).values())) > 2:
                await asyncio.sleep(0.05)
    assert await clusters() == PAIR
    rows = await query(
        graph, "MATCH (x:Change {kind: 'merged'}) RETURN DISTINCT x.cause AS cause, x.by AS by"
    )
    assert rows == [{"cause": "resolve", "by": "background"}]


async def test_the_background_takes_up_a_policy_by_which_another_process_resolved(
    services: Services, graph: Graph
) -> None:
    text = default_text().replace("crowd = 5", "crowd = 7")
    other = await put_in_force(graph, text, "file", DEVELOPER, soon())
    assert (services.policies.policy.crowd, other.policy.crowd) == (5, 7)
    await note_resolved(graph, other.version, soon())
    async with background(services, every_s=0.05), asyncio.timeout(30):
        while services.policies.version != other.version:
            await asyncio.sleep(0.05)
    assert services.policies.policy.crowd == 7
    assert services.policies.text == text


async def test_the_command_says_what_waited_and_that_nothing_does(
    ingest: Ingest, graph: Graph, clusters: Clusters, cli_env: Mapping[str, str]
) -> None:
    await put_in(ingest)
    own = await born(graph)
    done = await program(cli_env, "resolve")
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[:2] == [
        "120 profiles are 2 customers.",
        f"{own['ben0']} waited: its component has 120 profiles.",
    ]
    assert lines[2].endswith(
        "the traits of 0 customers, the household of 0, the customer of 30 profiles, "
        "0 possible matches."
    )
    assert [json.loads(line)["kind"] for line in lines[3:]] == ["merged"] * len(LATE)
    assert await clusters() == PAIR
    again = await program(cli_env, "resolve")
    nothing = b"Nothing waits; --all decides again about everything.\n"
    assert (again.returncode, again.stdout) == (0, nothing)
    as_json = json.loads((await program(cli_env, "resolve", "--json")).stdout)
    assert (as_json["waited"], as_json["profiles"], as_json["moved"]) == ({}, 0, 0)


async def test_who_may_not_write_resolves_nothing(graph: Graph, policy: Policy) -> None:
    reader = Principal("reader", Role.ANALYST)
    with pytest.raises(ForbiddenError):
        await resolve_waiting(graph, in_force(policy), reader)


async def test_an_api_shows_that_a_customer_waits(
    ask: Ask, ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await put_in(ingest)
    own = await born(graph)
    asked = f'{{ customer(id: "{own["ben59"]}") {{ id resolutionPending }} }}'
    assert (await ask(asked)).data["customer"] == {"id": own["ben59"], "resolutionPending": True}
    await waited(graph, policy)
    assert (await ask(asked)).data["customer"] == {"id": own["ben0"], "resolutionPending": False}


# Who leaves


async def test_who_leaves_a_component_above_the_limit_takes_nobody_along(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await put_in(ingest)
    await waited(graph, policy)
    own = await born(graph)
    for name in ("ann5", "ann0", "ben0"):
        await ingest([snapshot(name, 9, f"device:{name}", firstName=name[:3].title())])
        # All is as it was for the others, or waits for the background.
        await _consistent(graph)
    await waited(graph, policy)
    expected = {frozenset(cluster - {"ann5", "ann0", "ben0"}) for cluster in PAIR}
    assert await clusters() == expected | {frozenset([one]) for one in ("ann5", "ann0", "ben0")}
    found = await customers(graph)
    assert (found["ann0"], found["ann7"], found["ben7"]) == (own["ann0"], own["ann1"], own["ben1"])
    assert not (await resolved_again(graph, policy)).did_anything


async def test_who_is_deleted_out_of_a_component_above_the_limit_takes_nobody_along(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await put_in(ingest)
    await waited(graph, policy)
    own = await born(graph)
    for name in ("ann5", "ann0", "ben0"):
        await ingest([gone(name, 9)])
        await _consistent(graph)
        found = await by_id(graph, own[name])
        assert found is not None
        assert found.display_name == name[:3].title()
    await waited(graph, policy)
    assert await customers(graph) == {
        f"{name}{n}": own[f"{name}1"]
        for name in ("ann", "ben")
        for n in range(EACH)
        if (name, n) not in {("ann", 5), ("ann", 0), ("ben", 0)}
    }
    for name, heir in (("ann5", "ann1"), ("ann0", "ann1"), ("ben0", "ben1")):
        found = await by_id(graph, own[name])
        assert found is not None
        assert (found.id, found.size) == (own[heir], 58 if heir == "ann1" else 59)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_the_change_log_calls_it_a_split_when_one_leaves_what_waits(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await put_in(ingest)
    await waited(graph, policy)
    own, count = await born(graph), len(await changes(graph))
    await ingest([snapshot("ann5", 9, "device:ann5", firstName="Ann")])
    assert await changes(graph, count) == [("split", own["ann5"], own["ann0"], ["s|ann5"])]
    assert await pending(graph) == {own["ann0"], own["ben0"]}


@pytest.mark.parametrize(
    "leaves", [gone("ben", 9), snapshot("ben", 9, "device:d", firstName="Ben")]
)
async def test_whom_it_concerns_that_another_left_waits_too(
    ingest: Ingest, graph: Graph, policy: Policy, leaves: Json
) -> None:
    # Whoever gave the mailbox and no name is Ann, but for Ben, who is alone.
    nameless = [one | {"traits": {}} for one in sessions("x", 50)]
    await ingest([*sessions("ann"), said("ben", 1, BOX, firstName="Ben")])
    await ingest(nameless)
    await waited(graph, policy)
    before, own = await customers(graph), await born(graph)
    assert (before["ann7"], before["ben"]) == (own["ann0"], own["ben"])
    assert {one for one in before if before[one] == own["ann0"]} == {f"ann{n}" for n in range(EACH)}
    await ingest([leaves])
    assert await people(graph, BOX_KEY) == (1, False)
    await waited(graph, policy)
    found = await customers(graph)
    assert {found[one["sourceId"]] for one in [*sessions("ann"), *nameless]} == {own["ann0"]}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_component_that_falls_below_the_limit_is_resolved_with_the_record(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest(sessions("ann", LIMIT + 1), size=LIMIT)
    assert await pending(graph) == {(await born(graph))["ann100"]}
    await ingest([gone("ann7", 9)])
    own = await born(graph)
    assert await customers(graph) == {f"ann{n}": own["ann0"] for n in range(LIMIT + 1) if n != 7}
    assert await pending(graph) == set()
    assert not (await resolved_again(graph, policy)).did_anything


async def _consistent(graph: Graph) -> None:
    """Every open customer has the profiles that it counts, or waits, and no closed one has any."""
    rows = await query(
        graph,
        "MATCH (c:Customer) OPTIONAL MATCH (c)<-[:BELONGS_TO]-(p:Profile) "
        "RETURN c.id AS id, c.size AS size, c.closedAt AS closed, c.pending AS pending, "
        "count(p) AS profiles",
    )
    wrong = [
        row
        for row in rows
        if (row["closed"] is not None and row["profiles"])
        or (row["closed"] is None and row["size"] != row["profiles"] and not row["pending"])
    ]
    assert wrong == []
    homeless = await query(
        graph,
        "MATCH (p:Profile) WHERE NOT (p)-[:BELONGS_TO]->(:Customer) AND p.deletedAt IS NULL "
        "RETURN p.key AS key",
    )
    assert homeless == []
