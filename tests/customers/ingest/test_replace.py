"""Snapshots of rows: what is no longer named no longer holds, whatever order they come in."""

from itertools import permutations
from typing import Any

import pytest
from pydantic import ValidationError

from customers.export import export_customers
from customers.identity.policy import Policy
from customers.identity_graph import identity_graph
from customers.ingest.record import Record
from cypher import Graph, tally
from tests.conftest import Clusters, Ingest, Json, query
from tests.customers.ingest.test_writer import dump
from tests.rows import (
    born,
    bought,
    by_id,
    changes,
    customers,
    day_of,
    holders,
    links,
    open_links,
    people,
    reading,
    resolved_again,
    said,
    snapshot,
    traits,
)

MAIL, PHONE = "email:a@x.org", "phone:+12125550101"
NEW = "email:new@x.org"
MAIL_KEY, PHONE_KEY = "email|a@x.org", "phone|+12125550101"
NAMES = ["ann", "ben", "cara", "dora", "emil", "fritz", "gina"]


# What no longer holds


async def test_a_snapshot_closes_the_links_that_it_does_not_name(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL, PHONE)])
    await ingest([snapshot("a", 3, MAIL)])
    assert await links(graph) == {f"s|a>{MAIL_KEY}": None, f"s|a>{PHONE_KEY}": 3}
    # When the phone was theirs stays known.
    [link] = await query(
        graph,
        "MATCH ()-[r:HAS_IDENTIFIER]->(:Identifier {key: $key}) "
        "RETURN r.firstSeen AS first, r.lastSeen AS last, r.count AS n",
        key=PHONE_KEY,
    )
    assert (day_of(link["first"]), day_of(link["last"]), link["n"]) == (1, 1, 1)


async def test_a_record_that_is_no_snapshot_closes_nothing(ingest: Ingest, graph: Graph) -> None:
    await ingest([said("a", 1, MAIL, PHONE), said("a", 3, MAIL)], size=1)
    assert await links(graph) == {f"s|a>{MAIL_KEY}": None, f"s|a>{PHONE_KEY}": None}


async def test_a_closed_link_is_shown_nowhere(ingest: Ingest, graph: Graph, policy: Policy) -> None:
    await ingest([said("a", 1, MAIL, PHONE, "device:d1"), said("b", 2, PHONE)])
    await ingest([snapshot("a", 3, MAIL)])
    own = await born(graph)
    found = await by_id(graph, own["a"])
    assert found is not None
    assert [one.key for one in found.identifiers] == [MAIL_KEY]
    assert (found.identifier_count, found.device_count, found.size) == (1, 0, 1)
    assert await holders(graph, PHONE_KEY) == [own["b"]]
    exported = [one async for one in export_customers(reading(graph))]
    assert [one["identifiers"] for one in exported] == [
        [{"namespace": "email", "value": "a@x.org"}],
        [{"namespace": "phone", "value": "+12125550101"}],
    ]
    drawn = await identity_graph(reading(graph), policy, identifier=MAIL_KEY, first=10)
    assert [edge.identifier for edge in drawn.edges] == [MAIL_KEY]
    crossed = await identity_graph(reading(graph), policy, identifier=PHONE_KEY, first=10)
    assert [one.source_id for one in crossed.profiles.values()] == ["b"]


async def test_a_snapshot_drops_the_traits_that_it_does_not_name(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL, firstName="Ann", lastName="Smith", city="Leeds")])
    await ingest([snapshot("a", 3, MAIL, firstName="Ann", lastName="Jones")])
    assert await traits(graph, "a") == {"firstName": ["Ann"], "lastName": ["Jones"]}
    found = await by_id(graph, (await born(graph))["a"])
    assert found is not None
    assert {name: trait["value"] for name, trait in found.traits.items()} == {
        "firstName": "Ann",
        "lastName": "Jones",
    }
    assert found.traits["lastName"]["others"] == []


async def test_a_snapshot_takes_the_blocking_keys_of_what_it_does_not_name(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    ann: dict[str, Any] = {"firstName": "Ann", "lastName": "Smith", "birthDate": "1980-02-03"}
    await ingest([said("a", 1, MAIL, **ann), said("b", 1, **ann)])
    assert await clusters() == {frozenset("ab")}
    await ingest([snapshot("b", 2, firstName="Ann")])
    assert await clusters() == {frozenset("a"), frozenset("b")}
    rows = await query(graph, "MATCH (p)-[:HAS_KEY]->(k) RETURN p.sourceId AS p, k.key AS k")
    assert {row["p"] for row in rows} == {"a"}
    await ingest([snapshot("a", 2, MAIL)])
    # What nobody has any more is not kept: it was made of a name and a birth date.
    text = "MATCH (i:Identifier) WHERE i.key STARTS WITH '~' RETURN i.key AS key"
    assert await query(graph, text) == []


async def test_what_happened_stays_with_the_row(ingest: Ingest, graph: Graph) -> None:
    await ingest([said("a", 1, MAIL, interaction=bought("o-1", 1))])
    await ingest([snapshot("a", 3)])
    found = await by_id(graph, (await born(graph))["a"])
    assert found is not None
    assert [(one.type, one.count, one.sums) for one in found.totals] == [("track", 1, {"EUR": 500})]


# Who is who then


async def test_a_split_gives_the_parts_the_ids_of_their_anchors(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL, PHONE), said("c", 1, PHONE)], size=1)
    own, count = await born(graph), len(await changes(graph))
    assert await clusters() == {frozenset("abc")}
    [written] = await ingest([snapshot("b", 2, PHONE)])
    assert await clusters() == {frozenset("a"), frozenset("bc")}
    assert await customers(graph) == {"a": own["a"], "b": own["b"], "c": own["b"]}
    assert written.customer == own["b"]
    assert await changes(graph, count) == [("split", own["b"], own["a"], ["s|b", "s|c"])]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_an_anchor_that_leaves_keeps_its_id_and_the_others_get_their_own(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL, firstName="Ann"), said("b", 1, MAIL), said("c", 1, MAIL)])
    own = await born(graph)
    before = await by_id(graph, own["a"])
    await ingest([snapshot("a", 2, firstName="Ann")])
    assert await clusters() == {frozenset("a"), frozenset("bc")}
    assert await customers(graph) == {"a": own["a"], "b": own["b"], "c": own["b"]}
    left, others = await by_id(graph, own["a"]), await by_id(graph, own["c"])
    assert before is not None
    assert left is not None
    assert others is not None
    assert (before.size, left.size, others.size, others.id) == (3, 1, 2, own["b"])
    # What the row told of its holder went with it.
    assert ("firstName" in left.traits, "firstName" in others.traits) == (True, False)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_people_of_the_lost_identifier_are_counted_again(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([said(name, 1, PHONE, firstName=name) for name in NAMES[:3]])
    assert await people(graph, PHONE_KEY) == (3, False)
    await ingest([snapshot("ann", 2, firstName="ann")])
    assert await people(graph, PHONE_KEY) == (2, False)
    # It still holds the phone, and no longer tells a name.
    await ingest([snapshot("ben", 2, PHONE)])
    assert await people(graph, PHONE_KEY) == (1, False)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_who_only_shares_the_batch_with_a_snapshot_is_decided_on_too(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, MAIL)])
    own = await born(graph)
    # All other holders of the address are in the batch, for something else.
    others = [said(name, 2, MAIL, interaction=bought(f"o-{name}", 2)) for name in "bc"]
    await ingest([snapshot("a", 2), *others])
    assert await clusters() == {frozenset("a"), frozenset("bc")}
    assert await customers(graph) == {"a": own["a"], "b": own["b"], "c": own["b"]}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_value_that_turned_generic_turns_back_when_a_holder_leaves(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    strict = policy.model_copy(update={"crowd": 1})
    await ingest(
        [said("v0", 1, MAIL, "device:d0"), said("v1", 1, MAIL, "device:d1")], policy=strict
    )
    own = await born(graph)
    apart = {frozenset(["v0"]), frozenset(["v1"])}
    named = {frozenset(["ann"]), frozenset(["ben"])}
    ann, ben = said("ann", 1, MAIL, firstName="Ann"), said("ben", 1, MAIL, firstName="Ben")
    await ingest([ann, ben], policy=strict)
    assert (await people(graph, MAIL_KEY), await clusters()) == ((2, True), apart | named)
    # One no longer holds it.
    await ingest([snapshot("ben", 2, firstName="Ben")], policy=strict)
    assert await people(graph, MAIL_KEY) == (1, False)
    assert await clusters() == {frozenset(["v0", "v1", "ann"]), frozenset(["ben"])}
    assert (await customers(graph))["ann"] == own["v0"]
    assert not (await resolved_again(graph, strict)).did_anything
    await ingest([said("ben", 3, MAIL, firstName="Ben")], policy=strict)
    assert (await people(graph, MAIL_KEY), await clusters()) == ((2, True), apart | named)
    assert (await customers(graph))["v1"] == own["v1"]
    # One still holds it, and no longer says a name.
    await ingest([snapshot("ben", 4, MAIL)], policy=strict)
    assert await people(graph, MAIL_KEY) == (1, False)
    assert await clusters() == {frozenset(["v0", "v1", "ann", "ben"])}
    assert not (await resolved_again(graph, strict)).did_anything


async def test_a_link_that_is_stated_again_opens_again(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, PHONE), said("b", 1, PHONE)])
    own = await born(graph)
    await ingest([snapshot("b", 2, MAIL)])
    assert await clusters() == {frozenset("a"), frozenset("b")}
    await ingest([said("b", 3, PHONE)])
    assert await links(graph) == {
        f"s|a>{PHONE_KEY}": None,
        f"s|b>{PHONE_KEY}": None,
        f"s|b>{MAIL_KEY}": None,
    }
    [link] = await query(
        graph,
        "MATCH (:Profile {key: 's|b'})-[r:HAS_IDENTIFIER]->(:Identifier {key: $key}) "
        "RETURN r.firstSeen AS first, r.lastSeen AS last, r.count AS n",
        key=PHONE_KEY,
    )
    assert (day_of(link["first"]), day_of(link["last"]), link["n"]) == (1, 3, 2)
    assert await clusters() == {frozenset("ab")}
    assert await customers(graph) == {"a": own["a"], "b": own["a"]}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_recycled_number_works_for_its_new_owner_and_stays_in_the_old_one_s_history(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    ann = {"firstName": "Ann", "lastName": "Lee"}
    ben = {"firstName": "Ben", "lastName": "Ray"}
    await ingest(
        [
            said("c1", 1, "crmId:C1", PHONE, MAIL, source="crm", **ann),
            said("p1", 2, PHONE, source="till", **ann),
            said("c2", 5, "crmId:C2", PHONE, source="crm", **ben),
        ]
    )
    assert await people(graph, PHONE_KEY) == (2, False)
    await ingest([snapshot("c1", 9, "crmId:C1", MAIL, source="crm", **ann)])
    assert (await links(graph))[f"crm|c1>{PHONE_KEY}"] == 9
    own = await born(graph)
    # A call from the number, of which only the number is known.
    [call] = await ingest([said("t1", 10, PHONE, source="calls", **ben)])
    assert call.customer == own["c2"]
    assert own["c1"] not in await holders(graph, PHONE_KEY)
    assert {"c2", "t1"} <= {one.source_id for one in (await _known(graph, own["c2"])).profiles}
    # The till's own word still ties Ann's receipt to the number, until the till says otherwise.
    await ingest([snapshot("p1", 11, source="till", **ann)])
    assert await people(graph, PHONE_KEY) == (1, False)
    assert await holders(graph, PHONE_KEY) == [own["c2"]]
    assert not (await resolved_again(graph, policy)).did_anything


async def _known(graph: Graph, customer: str) -> Any:  # noqa: ANN401
    found = await by_id(graph, customer)
    assert found is not None
    return found


# Whatever the order


async def test_a_late_older_record_changes_nothing_of_what_a_newer_snapshot_says(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await ingest([snapshot("a", 5, MAIL, city="York"), said("b", 1, PHONE)])
    before = await customers(graph)
    await ingest([said("a", 3, PHONE, city="Leeds", plan="free")])
    # That it was so is kept, as history.
    assert await links(graph) == {
        f"s|a>{MAIL_KEY}": None,
        f"s|a>{PHONE_KEY}": 5,
        f"s|b>{PHONE_KEY}": None,
    }
    assert await traits(graph, "a") == {"city": ["York"]}
    assert await customers(graph) == before
    assert await clusters() == {frozenset("a"), frozenset("b")}
    assert await people(graph, PHONE_KEY) == (1, False)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_late_older_snapshot_closes_nothing_that_was_stated_since(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, "device:d1"), said("a", 5, PHONE, city="York")])
    await ingest([snapshot("a", 3, MAIL, city="Leeds", plan="free")])
    assert await links(graph) == {
        "s|a>device|d1": 3,
        f"s|a>{PHONE_KEY}": None,
        f"s|a>{MAIL_KEY}": None,
    }
    assert await traits(graph, "a") == {"city": ["York", "Leeds"], "plan": ["free"]}


ROW = [
    snapshot("a", 1, MAIL, PHONE, firstName="Ann", city="Leeds"),
    said("a", 2, "device:d1", NEW, plan="free", firstName="Anna"),
    snapshot("a", 3, MAIL, "crmId:C1", firstName="Ann", city="York"),
    snapshot("a", 5, MAIL, NEW, firstName="Ann", plan="paid"),
]


def of(order: int, record: Json) -> Json:
    """The record as one of another row and of other identifiers."""
    identifiers = []
    for one in record["identifiers"]:
        phone = one["namespace"] == "phone"
        value = f"+1212555{1000 + order}" if phone else f"{order}-{one['value']}"
        identifiers.append(one | {"value": value})
    return record | {"sourceId": f"{record['sourceId']}-{order}", "identifiers": identifiers}


async def stored(graph: Graph, order: int) -> Json:
    """What the graph has of a row, its links by namespace and their values without the order."""
    profile = "MATCH (p:Profile {key: $key}) RETURN p {.*} AS p"
    held = (
        "MATCH (:Profile {key: $key})-[r:HAS_IDENTIFIER]->(i:Identifier) "
        "RETURN i.namespace AS namespace, i.people AS people, i.firstSeen AS firstSeen, r {.*} AS r"
    )
    key = f"s|a-{order}"
    [row] = await query(graph, profile, key=key)
    known = row["p"]
    found: Json = {name: known.get(name) for name in ("traits", "firstSeen", "lastSeen")}
    found["replacedAt"] = known.get("replacedAt")
    found["digestTimes"] = sorted(known["digestTimes"])
    for link in await query(graph, held, key=key):
        value = link["r"].pop("key").split("|")[-1]
        for recorded in ("recordedAt", "turned"):  # when we learned of it, which differs
            link["r"].pop(recorded, None)
        shown = (
            link["namespace"] if link["namespace"] == "phone" else value.replace(f"{order}-", "")
        )
        found[shown] = link
    return found


async def all_orders(ingest: Ingest, chosen: list[Json]) -> int:
    """Write the records in every order, each that of another row; returns how many."""
    orders = list(permutations(chosen))
    others = [said("m", 1, MAIL), said("p", 1, PHONE), said("n", 1, NEW), said("d", 1, "device:d1")]
    # All the orders take the same few batches: one for the first records of each, and so on.
    await ingest([of(n, one) for n in range(len(orders)) for one in others])
    for turn in range(len(chosen)):
        await ingest([of(n, order[turn]) for n, order in enumerate(orders)])
    return len(orders)


SOME = [ROW, ROW[:3], [*ROW[:2], *ROW[3:]], [ROW[0], *ROW[2:]]]


@pytest.mark.parametrize("chosen", SOME)
async def test_any_order_of_a_row_s_records_gives_the_same(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy, chosen: list[Json]
) -> None:
    orders = await all_orders(ingest, chosen)
    rows = [await stored(graph, order) for order in range(orders)]
    for row in rows:
        for link in row.values():
            if isinstance(link, dict):
                link["r"]["closedAt"] = link["r"].get("closedAt") is not None
    assert [row for row in rows if row != rows[0]] == []
    parts: dict[str, set[frozenset[str]]] = {}
    for cluster in await clusters():
        [order] = {one.split("-")[1] for one in cluster}
        parts.setdefault(order, set()).add(frozenset(one.split("-")[0] for one in cluster))
    assert len(parts) == orders
    assert [found for found in parts.values() if found != parts["0"]] == []
    assert not (await resolved_again(graph, policy)).did_anything


@pytest.mark.xfail(reason="a late snapshot between two others does not move the date of a closing")
@pytest.mark.parametrize("chosen", [SOME[0], SOME[3]])
async def test_any_order_of_a_row_s_records_dates_what_closed_alike(
    ingest: Ingest, graph: Graph, chosen: list[Json]
) -> None:
    orders = await all_orders(ingest, chosen)
    rows = [await stored(graph, order) for order in range(orders)]
    assert [row for row in rows if row != rows[0]] == []


async def test_one_batch_gives_what_many_give(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    records = [said("m", 1, MAIL), said("p", 1, PHONE), *ROW]
    await ingest([of(0, one) for one in records])
    await ingest([of(1, one) for one in records], size=1)
    assert await stored(graph, 0) == await stored(graph, 1)
    assert await clusters() == {frozenset([f"m-{n}", f"a-{n}"]) for n in (0, 1)} | {
        frozenset([f"p-{n}"]) for n in (0, 1)
    }


async def test_two_snapshots_of_one_moment_hold_together(ingest: Ingest, graph: Graph) -> None:
    await ingest([said("a", 1, "device:d1")])
    await ingest([snapshot("a", 3, MAIL), snapshot("a", 3, PHONE)], size=1)
    assert await links(graph) == {
        "s|a>device|d1": 3,
        f"s|a>{MAIL_KEY}": None,
        f"s|a>{PHONE_KEY}": None,
    }


async def test_the_same_snapshot_again_changes_nothing(ingest: Ingest, graph: Graph) -> None:
    await ingest([said("a", 1, MAIL, PHONE), said("b", 1, PHONE)])
    records = [snapshot("a", 2, MAIL, city="York"), snapshot("b", 3)]
    assert [one.known for one in await ingest(records)] == [False, False]
    before = await dump(graph)
    assert [one.known for one in await ingest(records)] == [True, True]
    assert await dump(graph) == before


async def test_a_record_and_a_snapshot_that_say_the_same_are_two(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, PHONE), said("a", 2, MAIL)])
    assert await open_links(graph) == {f"s|a>{MAIL_KEY}", f"s|a>{PHONE_KEY}"}
    [written] = await ingest([snapshot("a", 2, MAIL)])
    assert not written.known
    assert await open_links(graph) == {f"s|a>{MAIL_KEY}"}


async def test_a_snapshot_that_closes_nothing_costs_no_more_than_a_record(ingest: Ingest) -> None:
    await ingest([said("a", 1, MAIL, firstName="Ann"), said("b", 1, MAIL)])
    with tally() as plain:
        await ingest([said("a", 2, MAIL, firstName="Ann")])
    with tally() as whole:
        await ingest([snapshot("a", 3, MAIL, firstName="Ann")])
    assert whole == plain


def test_what_has_no_id_in_its_source_has_no_snapshots() -> None:
    wanted = "only a record with a sourceId can be replaced or deleted"
    with pytest.raises(ValidationError, match=wanted):
        Record.model_validate(said(None, 1, MAIL, replace=True))
