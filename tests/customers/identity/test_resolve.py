"""What resolving writes: ids that stay, history, closed customers and the change log."""

import orjson
import pytest

from customers.identity.resolve import WRITE_RESOLUTION, Changed, Resolution, log_rows
from customers.ids import profile_id
from cypher import Graph
from tests.conftest import Clusters, Ingest, Json, query

PEOPLE = ["ann", "ben", "cara", "dora", "emil", "fritz", "gina"]


def record(source_id: str, *identifiers: str, **traits: str) -> Json:
    """A record of source ``s``; identifiers as ``namespace:value``."""
    pairs = [one.split(":", 1) for one in identifiers]
    return {
        "source": "s",
        "sourceId": source_id,
        "identifiers": [{"namespace": name, "value": value} for name, value in pairs],
        "traits": traits,
    }


@pytest.fixture
def seen(graph: Graph) -> "Seen":
    return Seen(graph)


class Seen:
    """What the graph shows of customers."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    async def own_id(self, source_id: str) -> str:
        """The customer id that a profile was born with."""
        text = "MATCH (p:Profile {key: $key}) RETURN p.customerId AS id"
        [row] = await query(self.graph, text, key=f"s|{source_id}")
        return str(row["id"])

    async def customer(self, source_id: str) -> Json:
        """The customer that a profile belongs to."""
        text = (
            "MATCH (p:Profile {key: $key})-[b:BELONGS_TO]->(c:Customer) "
            "RETURN c {.*} AS customer, b.since AS since, b.key AS key"
        )
        [row] = await query(self.graph, text, key=f"s|{source_id}")
        assert row["key"] == f"s|{source_id}"
        return dict(row["customer"]) | {"since": row["since"]}

    async def by_id(self, customer: str) -> Json | None:
        rows = await query(
            self.graph, "MATCH (c:Customer {id: $id}) RETURN c {.*} AS c", id=customer
        )
        return dict(rows[0]["c"]) if rows else None

    async def history(self, source_id: str) -> list[tuple[str, int, int]]:
        """Former customers of a profile: id, since, until."""
        text = (
            "MATCH (p:Profile {key: $key})-[b:BELONGED_TO]->(c:Customer) "
            "RETURN c.id AS id, b.since AS since, b.until AS until ORDER BY since, until"
        )
        rows = await query(self.graph, text, key=f"s|{source_id}")
        return [(row["id"], row["since"], row["until"]) for row in rows]

    async def changes(self, after: int = 0) -> list[Json]:
        """The change log, which has every number once."""
        text = "MATCH (x:Change) RETURN x {.*} AS x ORDER BY x.seq"
        rows = [row["x"] for row in await query(self.graph, text)]
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
        [counter] = await query(self.graph, "MATCH (c:Counter {key: 'changes'}) RETURN c.n AS n")
        assert counter["n"] == len(rows)
        return rows[after:]


def brief(changes: list[Json]) -> list[tuple[str, str, str | None, list[str]]]:
    return [
        (one["kind"], one["customerId"], one.get("fromId"), sorted(one["profiles"]))
        for one in changes
    ]


async def test_a_new_profile_is_a_customer_of_the_id_it_was_born_with(
    ingest: Ingest, seen: Seen
) -> None:
    [written] = await ingest([record("a", "email:a@x.org", firstName="Ann")])
    own = await seen.own_id("a")
    assert (written.customer, written.profile, written.known) == (own, profile_id(own), False)
    customer = await seen.customer("a")
    assert customer == {
        "id": own,
        "number": 1,
        "bucket": 0,
        "version": 1,
        "size": 1,
        "createdAt": customer["since"],
        "since": customer["since"],
        "traits": customer["traits"],
        "t_firstName": "ann",
        "byName": customer["byName"],
        "lastSeen": customer["lastSeen"],
        "bySeen": customer["bySeen"],
        "byOrders": "0000000000\t0000000001",
        "byPurchase": "0000000000000000\t0000000001",
        "byTickets": "0000000000\t0000000001",
        "spends": [],
        "card": customer["card"],
        "tokens": ["@x.org", "ann"],
    }
    golden = orjson.loads(customer["traits"])
    assert (golden["firstName"]["value"], golden["firstName"]["source"]) == ("Ann", "s")
    assert brief(await seen.changes()) == [("created", own, None, ["s|a"])]
    [change] = await seen.changes()
    assert (change["cause"], change["by"], change["count"]) == ("ingest", "developer", 1)
    assert change["at"] == customer["since"]


async def test_who_comes_together_is_one_customer_created_once(ingest: Ingest, seen: Seen) -> None:
    await ingest([record("a", "email:a@x.org"), record("b", "email:a@x.org")])
    own = await seen.own_id("a")
    assert (await seen.customer("b"))["id"] == own
    assert (await seen.customer("a"))["version"] == 1
    assert brief(await seen.changes()) == [("created", own, None, ["s|a", "s|b"])]


async def test_a_new_profile_joins_the_customer_that_is_there(ingest: Ingest, seen: Seen) -> None:
    await ingest([record("a", "email:a@x.org")])
    before = await seen.customer("a")
    [written] = await ingest([record("b", "email:a@x.org")])
    after = await seen.customer("a")
    assert written.customer == after["id"] == before["id"]
    assert (after["version"], after["size"]) == (before["version"] + 1, 2)
    assert (after["createdAt"], after["since"]) == (before["createdAt"], before["since"])
    assert brief(await seen.changes(1)) == [("joined", before["id"], None, ["s|b"])]
    assert await seen.history("a") == await seen.history("b") == []
    assert await seen.by_id(await seen.own_id("b")) is None


async def test_a_bridge_merges_two_customers_into_that_of_the_lowest_anchor(
    ingest: Ingest, seen: Seen, clusters: Clusters
) -> None:
    await ingest([record("a", "email:a@x.org"), record("b", "phone:+12125550199")])
    first, second = await seen.customer("a"), await seen.customer("b")
    assert first["id"] != second["id"]
    [written] = await ingest([record("x", "email:a@x.org", "phone:+12125550199")])
    assert written.customer == first["id"]
    assert await clusters() == {frozenset("abx")}
    merged = await seen.customer("b")
    assert (merged["id"], merged["size"], merged["number"]) == (first["id"], 3, 1)
    # One that has no profiles any more is closed and in no bucket, but not gone.
    closed = await seen.by_id(second["id"])
    assert closed is not None
    assert (closed["closedAt"], closed["size"], closed["traits"]) == (merged["since"], 0, "{}")
    assert "bucket" not in closed
    assert "number" not in closed
    assert closed["version"] == second["version"] + 1
    assert brief(await seen.changes(2)) == [
        ("joined", first["id"], None, ["s|x"]),
        ("merged", first["id"], second["id"], ["s|b"]),
    ]
    assert await seen.history("b") == [(second["id"], second["since"], merged["since"])]
    assert await seen.history("a") == []
    assert (await seen.customer("a"))["since"] == first["since"]


async def test_an_old_id_leads_to_the_customer_through_its_anchor(
    ingest: Ingest, seen: Seen, graph: Graph
) -> None:
    ids = [f"p{n}" for n in range(5)]
    await ingest([record(one, f"phone:+1212555010{n}") for n, one in enumerate(ids)], size=1)
    old = [await seen.own_id(one) for one in ids]
    phones = [f"phone:+1212555010{n}" for n in range(5)]
    await ingest([record("x", *phones)])
    text = (
        "UNWIND $ids AS id MATCH (p:Profile {customerId: id})-[:BELONGS_TO]->(c:Customer) "
        "RETURN DISTINCT c.id AS id"
    )
    assert await query(graph, text, ids=old) == [{"id": old[0]}]


async def test_an_identifier_that_turns_generic_splits_and_gives_the_parts_their_ids_back(
    ingest: Ingest, seen: Seen, clusters: Clusters, graph: Graph
) -> None:
    # Anonymous browsers on one address of a household, until it turns out to be a crowd's.
    await ingest([record(f"v{n}", "email:box@x.org", f"device:d{n}") for n in range(3)], size=1)
    own = [await seen.own_id(f"v{n}") for n in range(3)]
    assert await clusters() == {frozenset(["v0", "v1", "v2"])}
    before = await seen.customer("v0")
    joined = (await seen.customer("v1"))["since"]
    count = len(await seen.changes())
    crowd = [record(name, "email:box@x.org", firstName=name) for name in PEOPLE]
    await ingest(crowd)
    assert await clusters() == {frozenset([one]) for one in ["v0", "v1", "v2", *PEOPLE]}
    assert [(await seen.customer(f"v{n}"))["id"] for n in range(3)] == own
    [mail] = await query(
        graph,
        "MATCH (i:Identifier {key: 'email|box@x.org'}) RETURN i.generic AS generic, i.people AS n",
    )
    assert mail == {"generic": True, "n": len(PEOPLE)}
    split = await seen.customer("v1")
    assert (split["version"], split["size"], split["number"]) == (1, 1, 2)
    assert await seen.history("v1") == [(own[0], joined, split["since"])]
    assert await seen.history("v0") == []
    kept = await seen.customer("v0")
    assert (kept["size"], kept["since"]) == (1, before["since"])
    assert kept["version"] == before["version"] + 1
    told = brief(await seen.changes(count))
    assert [change for change in told if change[0] != "created"] == [
        ("split", own[1], own[0], ["s|v1"]),
        ("split", own[2], own[0], ["s|v2"]),
    ]
    assert [kind for kind, *_ in told].count("created") == len(PEOPLE)


async def test_a_closed_customer_opens_again_with_a_split(ingest: Ingest, seen: Seen) -> None:
    await ingest([record("a", "email:box@x.org"), record("b", "device:d")])
    own = await seen.own_id("b")
    created = (await seen.customer("b"))["createdAt"]
    await ingest([record("b", "email:box@x.org")])
    closed = await seen.by_id(own)
    assert closed is not None
    assert closed["closedAt"] > 0
    assert "bucket" not in closed
    count = len(await seen.changes())
    await ingest([record(name, "email:box@x.org", firstName=name) for name in PEOPLE])
    opened = await seen.customer("b")
    assert (opened["id"], opened["createdAt"], opened["version"]) == (own, created, 3)
    assert (opened["bucket"], opened["size"]) == (0, 1)
    assert "closedAt" not in opened
    assert ("split", own, await seen.own_id("a"), ["s|b"]) in brief(await seen.changes(count))
    assert [one for one, _, _ in await seen.history("b")] == [own, await seen.own_id("a")]


async def test_a_profile_that_turns_out_to_be_anothers_moves(
    ingest: Ingest, seen: Seen, clusters: Clusters
) -> None:
    # x is known by a cookie of Ann's only, until it logs in as Ben.
    await ingest(
        [
            record("a", "crmId:C1", "cookie:k", firstName="ann"),
            record("b", "crmId:C2", "email:ben@x.org", firstName="ben"),
        ]
    )
    await ingest([record("x", "cookie:k")])
    ann, ben = await seen.customer("a"), await seen.customer("b")
    assert (await seen.customer("x"))["id"] == ann["id"]
    since = (await seen.customer("x"))["since"]
    count = len(await seen.changes())
    await ingest([record("x", "crmId:C2", "email:ben@x.org", firstName="ben")])
    assert await clusters() == {frozenset("a"), frozenset("bx")}
    assert brief(await seen.changes(count)) == [("moved", ben["id"], ann["id"], ["s|x"])]
    moved = await seen.customer("x")
    assert await seen.history("x") == [(ann["id"], since, moved["since"])]
    assert (moved["version"], moved["size"]) == (ben["version"] + 1, 2)
    left = await seen.customer("a")
    assert (left["version"], left["size"]) == (ann["version"] + 1, 1)


async def test_what_changes_no_customer_writes_no_change(ingest: Ingest, seen: Seen) -> None:
    await ingest([record("a", "email:a@x.org", firstName="ann")])
    before = await seen.customer("a")
    await ingest([record("a", "email:a@x.org", firstName="ann", city="Leeds")])
    after = await seen.customer("a")
    assert len(await seen.changes()) == 1
    assert after["version"] == before["version"] + 1
    assert orjson.loads(after["traits"])["city"]["value"] == "Leeds"


async def test_a_hundred_anchors_share_a_bucket(ingest: Ingest, graph: Graph) -> None:
    await ingest([record(f"p{n}") for n in range(1, 202)])
    rows = await query(
        graph,
        "MATCH (c:Customer) RETURN c.bucket AS bucket, count(c) AS n ORDER BY bucket",
    )
    assert [(row["bucket"], row["n"]) for row in rows] == [(0, 99), (1, 100), (2, 2)]


async def test_a_merge_of_large_customers_moves_profiles_and_touches_no_evidence(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    def bought(name: str, number: int) -> Json:
        what = {"id": f"{name}{number}", "type": "track", "name": "Order Completed"}
        return record(f"{name}{number}", f"email:{name}@x.org", lastName="Roe") | {
            "interaction": what
        }

    await ingest([bought(name, number) for name in ("ann", "bea") for number in range(100)])
    await ingest([record("both", "email:ann@x.org")])
    before = await evidence(graph)
    assert len(before) == 100 * 2 * 3 + 1 + 2
    await ingest([record("both", "email:ann@x.org", "email:bea@x.org")])
    assert len(await clusters()) == 1
    now = await evidence(graph)
    changed = {key for key in now if now[key] != before.get(key)}
    assert changed == {"Profile s|both", "Identifier email|ann@x.org", "Identifier email|bea@x.org"}


async def evidence(graph: Graph) -> dict[str, Json]:
    """The properties of all that a record brings, by label and key."""
    labels = ("Profile", "Identifier", "Period", "Interaction")
    return {
        f"{label} {row['key']}": row["all"]
        for label in labels
        for row in await query(graph, f"MATCH (n:{label}) RETURN n.key AS key, n {{.*}} AS all")
    }


def test_whatever_a_change_tells_is_written() -> None:
    change = Changed("created", "cus_1", None, ("s|a",), "s|a")
    [row] = log_rows(Resolution(changes=[change]), 6, 1_000, "ingest", "developer")
    assert row["seq"] == 7
    for name in row:
        assert f"{name}: row.{name}" in WRITE_RESOLUTION.text
