"""Rows that are deleted: nothing is left of them but a tombstone that says who comes next."""

import json
from itertools import permutations
from typing import Any

import pytest
from pydantic import ValidationError

from customers.export import export_customers
from customers.identity.policy import Policy
from customers.ids import profile_id
from customers.ingest.record import Record
from cypher import Graph
from tests.conftest import Clusters, Ingest, Json, query
from tests.customers.ingest.test_writer import dump
from tests.rows import (
    born,
    bought,
    by_id,
    changes,
    customers,
    gone,
    holders,
    links,
    ms,
    people,
    reading,
    resolved_again,
    said,
    snapshot,
    traits,
)

MAIL, PHONE = "email:ann@x.org", "phone:+12125550101"
MAIL_KEY, PHONE_KEY = "email|ann@x.org", "phone|+12125550101"
ANN: dict[str, Any] = {
    "firstName": "Annabel",
    "lastName": "Smithers",
    "birthDate": "1980-02-03",
    "street": "7 High Street",
    "city": "Leeds",
}
TEA = [{"key": "tea", "name": "Tea"}]


async def whole(graph: Graph) -> str:
    """Everything in the graph, as one text."""
    return "\n".join(await dump(graph))


async def keys(graph: Graph, label: str) -> set[str]:
    """The keys of all nodes of a label."""
    return {row["key"] for row in await query(graph, f"MATCH (n:{label}) RETURN n.key AS key")}


async def tombstone(graph: Graph, source_id: str) -> Json:
    """What is left of a profile, and who succeeds it."""
    text = (
        "MATCH (p:Profile {key: $key}) OPTIONAL MATCH (p)-[:SUCCEEDED_BY]->(heir:Profile) "
        "RETURN p {.*} AS p, collect(heir.sourceId) AS heirs"
    )
    [row] = await query(graph, text, key=f"s|{source_id}")
    return dict(row["p"]) | {"heirs": row["heirs"]}


# What is erased


async def test_what_a_deleted_row_called_a_device_goes_and_what_others_say_stays(
    ingest: Ingest, graph: Graph
) -> None:
    def on_tv(row: str, day: float, **words: str) -> Json:
        return said(row, day) | {"device": {"namespace": "device", "value": "tv", **words}}

    shown = (
        "MATCH (i:Identifier {value: 'tv'}) RETURN i.model AS model, i.os AS os, i.browser AS web"
    )
    await ingest([on_tv("a", 1, model="Annabel's TV", os="webOS"), on_tv("b", 3, os="webOS 2")])
    await ingest([on_tv("a", 5, browser="Web"), on_tv("b", 7)])
    await ingest([gone("a", 4)])
    # What came after the deletion is told again, and so is what it says.
    assert await query(graph, shown) == [{"model": None, "os": None, "web": "Web"}]
    await ingest([on_tv("b", 8, os="webOS 3"), gone("a", 9)])
    assert await query(graph, shown) == [{"model": None, "os": "webOS 3", "web": None}]


async def test_nothing_of_a_deleted_row_is_left_but_its_key_and_the_ids_it_had(
    ingest: Ingest, graph: Graph
) -> None:
    order = bought("o-1", 2, products=TEA, properties={"note": "Annabel's gift"})
    visit = said("a", 3, "cookie:k1", interaction={"name": "Visit"})
    device = {"namespace": "device", "value": "d1", "model": "Phone X"}
    await ingest([said("a", 1, MAIL, PHONE, **ANN), said("a", 2, MAIL, interaction=order), visit])
    await ingest([said("a", 4) | {"device": device, "interaction": bought("o-2", 4)}])
    own = (await born(graph))["a"]
    [written] = await ingest([gone("a", 9)])
    assert (written.customer, written.profile, written.known) == (None, profile_id(own), False)
    left = await tombstone(graph, "a")
    assert left.pop("recordedAt") > 0
    assert left == {
        "key": "s|a",
        "number": 1,
        "customerId": own,
        "source": "s",
        "sourceId": "a",
        "firstSeen": ms(9),
        "lastSeen": ms(9),
        "traits": "{}",
        "digests": [],
        "digestTimes": [],
        "totals": "{}",
        "facts": "{}",
        "products": 0,
        "deletedAt": ms(9),
        "heirs": [],
    }
    for label in ("Identifier", "Period", "Interaction"):
        assert await keys(graph, label) == set(), label
    # The shop's own product stays, and who bought it does not.
    assert await keys(graph, "Product") == {"tea"}
    text = await whole(graph)
    birthday = "1980-02-03"
    for told in (
        "Annabel",
        "Smithers",
        birthday,
        "High",
        "Leeds",
        "ann@x.org",
        "5550101",
        "Phone X",
    ):
        assert told.lower() not in text.lower(), told
    relationships = await query(graph, "MATCH ()-[r]->() RETURN type(r) AS type")
    assert relationships == []


async def test_a_row_without_an_id_is_deleted_by_the_one_that_stands_for_it(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said(None, 1, MAIL, **ANN), said("a", 1, MAIL)])
    [row] = await query(graph, "MATCH (p:Profile {number: 1}) RETURN p.sourceId AS id")
    assert row["id"].startswith("~")
    [written] = await ingest([gone(row["id"], 2)])
    assert written.customer is None
    assert "Annabel" not in await whole(graph)
    assert await links(graph) == {f"s|a>{MAIL_KEY}": None}
    # A source's own ids may begin like that.
    await ingest([said("~own", 1, PHONE)])
    await ingest([gone("~own", 2)])
    assert await keys(graph, "Identifier") == {MAIL_KEY}


async def test_what_others_hold_and_did_stays(ingest: Ingest, graph: Graph, policy: Policy) -> None:
    await ingest(
        [
            said("a", 1, MAIL, "cookie:k1", interaction=bought("o-1", 1)),
            said("b", 1, MAIL, PHONE, interaction=bought("o-2", 1)),
            said("c", 1, "device:d1", interaction=bought("o-3", 1)),
        ]
    )
    await ingest([gone("a", 2)])
    assert await links(graph) == {
        f"s|b>{MAIL_KEY}": None,
        f"s|b>{PHONE_KEY}": None,
        "s|c>device|d1": None,
    }
    assert await keys(graph, "Identifier") == {MAIL_KEY, PHONE_KEY, "device|d1"}
    assert await keys(graph, "Interaction") == {"s|o-2", "s|o-3"}
    assert await keys(graph, "Period") == {"s|b|2026-01-01", "s|c|2026-01-01"}
    found = await by_id(graph, (await customers(graph))["b"])
    assert found is not None
    assert [(one.type, one.count, one.sums) for one in found.totals] == [("track", 1, {"EUR": 500})]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_link_that_was_closed_before_is_erased_with_what_it_led_to(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL, PHONE), snapshot("a", 2, MAIL)], size=1)
    await ingest([gone("a", 3)])
    assert await keys(graph, "Identifier") == set()
    assert await links(graph) == {}


async def test_many_interactions_are_erased_too(ingest: Ingest, graph: Graph) -> None:
    visits = [said("a", 1 + n / 100, interaction=bought(f"o-{n}", 1)) for n in range(450)]
    await ingest([*visits, said("b", 1, interaction=bought("mine", 1))])
    await ingest([gone("a", 30)])
    assert await keys(graph, "Interaction") == {"s|mine"}
    assert await keys(graph, "Period") == {"s|b|2026-01-01"}


# Who is who then


async def test_what_the_deleted_row_held_together_splits(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    records = [said("a", 1, MAIL), said("b", 1, MAIL, PHONE), said("c", 1, PHONE)]
    await ingest(records, size=1)
    own, count = await born(graph), len(await changes(graph))
    assert set((await customers(graph)).values()) == {own["a"]}
    await ingest([gone("b", 2)])
    assert await customers(graph) == {"a": own["a"], "c": own["c"]}
    assert await changes(graph, count) == [
        ("split", own["c"], own["a"], ["s|c"]),
        ("deleted", own["a"], None, ["s|b"]),
    ]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_the_change_log_says_what_was_deleted_and_from_whom(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL)])
    own = (await born(graph))["a"]
    await ingest([gone("a", 2)])
    assert await changes(graph) == [
        ("created", own, None, ["s|a"]),
        ("deleted", own, None, ["s|a"]),
    ]
    [row] = await query(graph, "MATCH (x:Change {kind: 'deleted'}) RETURN x {.*} AS x")
    assert (row["x"]["because"], row["x"]["by"], row["x"]["count"]) == ("s|a", "developer", 1)


async def test_the_customer_of_a_deleted_row_is_closed_and_listed_nowhere(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL, firstName="Ann"), said("b", 1, PHONE)])
    own = await born(graph)
    await ingest([gone("a", 2)])
    [row] = await query(graph, "MATCH (c:Customer {id: $id}) RETURN c {.*} AS c", id=own["a"])
    assert (row["c"]["size"], row["c"]["traits"], row["c"]["closedAt"] > 0) == (0, "{}", True)
    assert "bucket" not in row["c"]
    assert await by_id(graph, own["a"]) is None
    assert [one["id"] async for one in export_customers(reading(graph))] == [own["b"]]
    assert await holders(graph, MAIL_KEY) == []


async def test_people_of_what_the_deleted_row_held_are_counted_again(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    names = ["ann", "ben", "cara", "dora", "emil", "fritz"]
    await ingest([said(name, 1, PHONE, firstName=name) for name in names])
    assert await people(graph, PHONE_KEY) == (6, True)
    await ingest([gone("ann", 2), gone("ben", 2)])
    assert await people(graph, PHONE_KEY) == (4, False)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_who_only_shares_the_batch_with_a_deletion_is_decided_on_too(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said(name, 1, MAIL) for name in "abc"])
    own = await born(graph)
    others = [said(name, 2, MAIL, interaction=bought(f"o-{name}", 2)) for name in "bc"]
    outcomes = await ingest([gone("a", 2), *others])
    assert [one.customer for one in outcomes] == [None, own["b"], own["b"]]
    assert await customers(graph) == {"b": own["b"], "c": own["b"]}
    found = await by_id(graph, own["a"])
    assert found is not None
    assert (found.id, found.size) == (own["b"], 2)
    assert not (await resolved_again(graph, policy)).did_anything


# The ids of the past


async def test_an_erased_anchor_s_id_leads_to_its_successor(ingest: Ingest, graph: Graph) -> None:
    await ingest([said(name, 1, MAIL) for name in "abc"], size=1)
    own = await born(graph)
    await ingest([gone("a", 2)])
    for name in "abc":
        found = await by_id(graph, own[name])
        assert found is not None
        assert (found.id, found.size) == (own["b"], 2)
    assert (await tombstone(graph, "a"))["heirs"] == ["b"]


async def test_it_leads_there_in_one_step_after_the_successor_is_erased_too(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said(name, 1, MAIL) for name in "abcd"], size=1)
    own = await born(graph)
    for day, name in enumerate("abc", 2):
        await ingest([gone(name, day)])
    for name in "abcd":
        found = await by_id(graph, own[name])
        assert found is not None
        assert found.id == own["d"]
    assert [(await tombstone(graph, name))["heirs"] for name in "abc"] == [["d"]] * 3
    await ingest([gone("d", 9)])
    assert [await by_id(graph, own[name]) for name in "abcd"] == [None] * 4


async def test_several_of_one_customer_may_be_erased_at_once(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([said(name, 1, MAIL) for name in "abcd"], size=1)
    own = await born(graph)
    await ingest([gone("c", 2), gone("a", 2), gone("b", 2)])
    assert await customers(graph) == {"d": own["d"]}
    for name in "abc":
        found = await by_id(graph, own[name])
        assert found is not None
        assert found.id == own["d"]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_an_erased_row_that_was_no_anchor_leads_to_the_customer_it_was_of(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, PHONE), said("x", 1, MAIL, PHONE)], size=1)
    own = await born(graph)
    await ingest([gone("b", 2)])
    found = await by_id(graph, own["b"])
    assert found is not None
    assert found.id == own["a"]


# Again and out of order


async def test_a_late_older_record_of_it_is_ignored(ingest: Ingest, graph: Graph) -> None:
    await ingest([said("a", 1, MAIL), gone("a", 5)])
    before = await dump(graph)
    late = [said("a", 3, PHONE, firstName="Ann"), said("a", 4, interaction=bought("o-1", 4))]
    outcomes = await ingest([*late, snapshot("a", 5, PHONE), gone("a", 2)])
    assert [(one.known, one.customer) for one in outcomes] == [(True, None)] * 4
    assert await dump(graph) == before


async def test_a_newer_record_brings_it_back_with_its_own_id(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL, PHONE, city="Leeds"), said("b", 1, MAIL)], size=1)
    own = await born(graph)
    await ingest([gone("a", 5)])
    count = len(await changes(graph))
    [written] = await ingest([said("a", 7, "crmId:C1", city="York")])
    assert (written.customer, written.known) == (own["a"], False)
    assert await customers(graph) == {"a": own["a"], "b": own["b"]}
    assert await changes(graph, count) == [("created", own["a"], None, ["s|a"])]
    assert (await traits(graph, "a"), (await tombstone(graph, "a"))["heirs"]) == (
        {"city": ["York"]},
        [],
    )
    found = await by_id(graph, own["a"])
    assert found is not None
    assert (found.id, [one.key for one in found.identifiers]) == (own["a"], ["crmId|c1"])
    assert not (await resolved_again(graph, policy)).did_anything
    # It is the anchor again of whom it comes together with.
    await ingest([said("a", 8, MAIL)])
    assert await customers(graph) == {"a": own["a"], "b": own["a"]}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_what_was_before_the_deletion_stays_forgotten_after_a_newer_record(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL), gone("a", 5), said("a", 7, PHONE)], size=1)
    before = await dump(graph)
    outcomes = await ingest([said("a", 3, MAIL, city="Leeds"), gone("a", 5)], size=1)
    assert [one.known for one in outcomes] == [True, True]
    assert await dump(graph) == before


async def test_a_deletion_that_comes_late_takes_nothing_of_what_is_newer(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([said("a", 1, MAIL, city="Leeds"), said("a", 7, PHONE, plan="paid")], size=1)
    [written] = await ingest([gone("a", 5)])
    own = (await born(graph))["a"]
    assert (written.customer, written.known) == (own, False)
    assert await links(graph) == {f"s|a>{PHONE_KEY}": None}
    assert await traits(graph, "a") == {"plan": ["paid"]}
    [row] = await query(graph, "MATCH (p:Profile) RETURN p.firstSeen AS first, p.lastSeen AS last")
    assert (row["first"], row["last"]) == (ms(7), ms(7))
    assert await customers(graph) == {"a": own}


def ticket(day: float, status: str) -> Json:
    """What is said of the ticket 7 on a day."""
    about = {"ticket": "7", "status": status}
    return {"id": f"t-{day}", "type": "ticket", "name": "Ticket", "properties": about}


HISTORY = [
    said("a", 1, MAIL, "cookie:k1", city="Leeds"),
    said("a", 2.25, MAIL, interaction=bought("o-1", 2, products=TEA)),
    gone("a", 2.5),
    said("a", 2.75, interaction=bought("o-2", 2, products=TEA)),
    said("a", 3, PHONE, plan="paid", interaction=ticket(3, "open")),
]
# Parts of it of which each record says something that another takes back.
PARTS = [HISTORY, [*HISTORY[1:], gone("a", 2.9)], [*HISTORY[:3], gone("a", 4), gone("a", 1.5)]]


def of(row: int, record: Json) -> Json:
    """The record as one of another row, with identifiers and interactions of its own."""
    identifiers = [
        one
        | {
            "value": f"+1212555{1000 + row}"
            if one["namespace"] == "phone"
            else f"{row}-{one['value']}"
        }
        for one in record["identifiers"]
    ]
    mine = record | {"sourceId": f"a-{row}", "identifiers": identifiers}
    if happened := record.get("interaction"):
        mine["interaction"] = happened | {"id": f"{row}/{happened['id']}"}
    return mine


KEPT = """
MATCH (p:Profile {key: $key})
OPTIONAL MATCH (p)-[:BELONGS_TO]->(c:Customer)
RETURN p {.traits, .firstSeen, .lastSeen, .totals, .facts, .deletedAt, .products, .bought,
    .ticketSince} AS p, c.size AS size,
  [(p)-[held:HAS_IDENTIFIER]->(i:Identifier) | [i.namespace, held.lastSeen, i.holders]] AS held,
  [(p)-[:ACTIVE_IN]->(d:Period) | d {.at, .count, .types, .kinds, .earliest, .latest}] AS periods,
  [(p)-[:ACTIVE_IN]->(:Period)-[:HOLDS]->(n:Interaction) | [n.at, n.type, n.amount]] AS happened,
  [(p)-[b:BOUGHT]->(x:Product) | [x.key, b.times, b.first, b.last]] AS bought
"""


async def kept(graph: Graph, row: int) -> str:
    """What the graph has of a row, as one text."""
    [found] = await query(graph, KEPT, key=f"s|a-{row}")
    lists = ("held", "periods", "happened", "bought")
    found |= {name: sorted(json.dumps(one) for one in found[name]) for name in lists}
    return json.dumps(found, sort_keys=True).replace(f"s|{row}/", "s|")


@pytest.mark.parametrize("chosen", PARTS)
async def test_any_order_of_records_and_deletions_gives_the_same(
    ingest: Ingest, graph: Graph, policy: Policy, chosen: list[Json]
) -> None:
    orders = [*permutations(chosen)]
    # All the orders take the same few batches: one for the first records of each, and so on.
    for turn in range(len(chosen)):
        await ingest([of(n, order[turn]) for n, order in enumerate(orders)])
    # And once more all at once, in two orders.
    for n, order in enumerate((chosen, chosen[::-1]), len(orders)):
        await ingest([of(n, one) for one in order])
    rows = [await kept(graph, n) for n in range(len(orders) + 2)]
    assert [row for row in rows if row != rows[0]] == []
    buyers = len(rows) if "tea" in rows[0] else 0
    text = "MATCH (x:Product) RETURN x.buyers AS all, size(x.lastBuyers) AS last"
    assert await query(graph, text) == [{"all": buyers, "last": buyers}]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_row_that_is_deleted_twice_in_a_batch_leaves_no_customer(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL, **ANN, interaction=ticket(1, "open"))])
    await ingest([gone("a", 5), said("a", 6, PHONE, **ANN), gone("a", 7)])
    assert (await tombstone(graph, "a")).get("ticketOpen") is None
    assert "t-1" not in await whole(graph)
    [row] = await query(graph, "MATCH (c:Customer) RETURN c {.*} AS c")
    assert (row["c"]["size"], row["c"]["traits"], row["c"]["closedAt"] > 0) == (0, "{}", True)
    assert "Annabel" not in await whole(graph)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_row_may_be_deleted_and_come_back_again_and_again(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([said("b", 1, MAIL)])
    for day in (1, 4, 7):
        await ingest([said("a", day, MAIL)])
        await ingest([gone("a", day + 1)])
    own = await born(graph)
    assert await customers(graph) == {"b": own["b"]}
    await ingest([said("a", 10, MAIL)])
    assert await customers(graph) == {"a": own["b"], "b": own["b"]}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_profiles_get_numbers_after_one_that_is_only_known_as_deleted(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([gone("a", 5)])
    await ingest([said("b", 1, MAIL), gone("c", 5)])
    numbers = await query(graph, "MATCH (p:Profile) RETURN p.number AS n ORDER BY n")
    assert [row["n"] for row in numbers] == [1, 2, 3]


async def test_deleting_what_nobody_knows_does_no_harm_and_holds_for_late_records(
    ingest: Ingest, graph: Graph
) -> None:
    [written] = await ingest([gone("a", 5)])
    assert (written.customer, written.known) == (None, False)
    assert await changes(graph) == []
    assert await keys(graph, "Customer") == set()
    [late] = await ingest([said("a", 3, MAIL)])
    assert (late.customer, late.known) == (None, True)
    assert (await keys(graph, "Identifier"), await changes(graph)) == (set(), [])
    [newer] = await ingest([said("a", 6, MAIL)])
    assert newer.customer == (await born(graph))["a"]


async def test_a_row_that_is_deleted_once_more_was_known_to_be(ingest: Ingest) -> None:
    await ingest([said("a", 1, MAIL)])
    said_so = [await ingest([gone("a", day)]) for day in (5, 6)]
    assert [one.known for [one] in said_so] == [False, True]
    await ingest([said("a", 7, MAIL)])
    assert [one.known for one in await ingest([gone("a", 8)])] == [False]


async def test_the_same_file_again_changes_nothing(ingest: Ingest, graph: Graph) -> None:
    file = [
        said("a", 1, MAIL, **ANN),
        said("a", 2, PHONE, interaction=bought("o-1", 2)),
        said("b", 2, MAIL),
        gone("a", 5),
        gone("c", 5),
        said("d", 1, PHONE),
        gone("d", 2),
        said("d", 3, PHONE, interaction=bought("o-2", 3)),
    ]
    await ingest(file)
    before = await dump(graph)
    for size in (1000, 1):
        again = await ingest(file, size=size)
        assert [one.known for one in again] == [True] * len(file)
        assert await dump(graph) == before
    other = await ingest(list(reversed(file)), size=2)
    assert [one.known for one in other] == [True] * len(file)
    assert await dump(graph) == before


async def test_one_batch_may_make_erase_and_make_again(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    first = said("a", 1, MAIL, city="Leeds", interaction=bought("o-1", 1))
    again = said("a", 3, PHONE, city="York", interaction=bought("o-2", 3))
    outcomes = await ingest([first, gone("a", 2), again])
    own = (await born(graph))["a"]
    assert [one.customer for one in outcomes] == [own] * 3
    assert await customers(graph) == {"a": own}
    assert await traits(graph, "a") == {"city": ["York"]}
    assert await links(graph) == {f"s|a>{PHONE_KEY}": None}
    assert await keys(graph, "Interaction") == {"s|o-2"}
    assert await keys(graph, "Period") == {"s|a|2026-01-03"}
    # What only the first of them named was never there.
    assert await keys(graph, "Identifier") == {PHONE_KEY}
    assert not (await resolved_again(graph, policy)).did_anything
    # The same with what the graph has already.
    await ingest([said("a", 4, MAIL), gone("a", 5), said("a", 6, PHONE, city="Hull")])
    assert await keys(graph, "Identifier") == {PHONE_KEY}
    assert (await traits(graph, "a"), await keys(graph, "Interaction")) == (
        {"city": ["Hull"]},
        set(),
    )
    assert not (await resolved_again(graph, policy)).did_anything


async def test_one_batch_may_make_and_erase(ingest: Ingest, graph: Graph) -> None:
    await ingest([said("a", 1, MAIL, **ANN), gone("a", 2)])
    assert await keys(graph, "Identifier") == set()
    assert "Annabel" not in await whole(graph)
    assert (await customers(graph), await changes(graph)) == ({}, [])
    assert await by_id(graph, (await born(graph))["a"]) is None


async def test_an_interaction_s_id_is_free_again(ingest: Ingest, graph: Graph) -> None:
    await ingest([said("a", 1, interaction=bought("o-1", 1)), gone("a", 2)], size=1)
    [written] = await ingest([said("b", 3, interaction=bought("o-1", 3))])
    assert written.refused == ()
    assert await keys(graph, "Interaction") == {"s|o-1"}


# What is refused


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (said(None, 1, MAIL, deleted=True), "only a record with a sourceId can be replaced"),
        (gone("a", 1) | {"traits": {"a": 1}}, "a deleted record has source, sourceId and at alone"),
        (said("a", 1, MAIL, deleted=True), "a deleted record has source, sourceId and at alone"),
        (gone("a", 1, replace=True), "a deleted record has source, sourceId and at alone"),
        (gone("a", 1, interaction={}), "a deleted record has source, sourceId and at alone"),
        (
            gone("a", 1) | {"device": {"namespace": "device", "value": "d"}},
            "a deleted record has source, sourceId and at alone",
        ),
    ],
)
def test_a_deletion_that_says_more_is_refused_with_the_reason(record: Json, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Record.model_validate(record)


def test_a_deletion_is_a_line_of_a_file() -> None:
    line = json.loads('{"source": "crm", "sourceId": "a1", "deleted": true}')
    assert Record.model_validate(line).deleted
