"""What a batch of records leaves in the graph."""

import asyncio
import json
from dataclasses import replace
from itertools import permutations
from typing import Any

import orjson
import pytest

from customers.identity.policy import Policy
from customers.identity.policy_document import read_policy
from customers.identity.resolve import Resolution, resolve
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from customers.ingest.state import KEPT_DIGESTS, TAKEN
from customers.ingest.writer import write_batch
from customers.principal import DEVELOPER, Principal
from cypher import Graph, tally
from tests.conftest import Clusters, Ingest, Json, in_force, query, soon
from tests.distrust import distrusting
from tests.synthetic import stream

DAY = 86_400_000
PLACEHOLDER = "a placeholder, blocked by the policy"


def record(source_id: str | None = "1", *identifiers: str, **parts: Any) -> Json:  # noqa: ANN401
    """A record of source ``web``; identifiers as ``namespace:value``."""
    pairs = [one.split(":", 1) for one in identifiers]
    found = [{"namespace": name, "value": value} for name, value in pairs]
    return {"source": "web", "sourceId": source_id, "identifiers": found} | parts


def order(number: str | None, **parts: Any) -> Json:  # noqa: ANN401
    return {"id": number, "type": "track", "name": "Order Completed"} | parts


async def dump(graph: Graph) -> list[str]:
    """Everything in the graph but the turn, which every batch takes."""
    nodes = await query(graph, "MATCH (n) RETURN labels(n) AS labels, properties(n) AS has")
    links = await query(
        graph,
        "MATCH (a)-[r]->(b) RETURN type(r) AS type, properties(r) AS has, "
        "properties(a) AS from, properties(b) AS to",
    )
    for node in nodes:
        node["labels"].sort()
        if "Counter" in node["labels"]:
            node["has"].pop("turn", None)
    return sorted(json.dumps(row, sort_keys=True) for row in [*nodes, *links])


async def rows(graph: Graph, label: str) -> list[Json]:
    """The properties of all nodes of a label, by key."""
    text = f"MATCH (n:{label}) RETURN properties(n) AS n"
    found = [row["n"] for row in await query(graph, text)]
    return sorted(found, key=lambda one: str(one.get("key")))


async def one(graph: Graph, label: str) -> Json:
    [found] = await rows(graph, label)
    return found


# Once and again

DEVICE = {"namespace": "device", "value": "d", "os": "x"}
VISIT = {"type": "page", "name": "Home"}
PRODUCTS = [{"key": "p1", "name": "Tea", "amount": 5}, {"key": "p2", "quantity": 2}]
PURCHASE = order("o-1", amount=12.5, currency="EUR", products=PRODUCTS)
MIXED = [
    record("1", "email:Ann@x.org", "cookie:k", traits={"firstName": "Ann"}, at="2026-01-01"),
    record("1", "email:ann@x.org", "crmId:0", traits={"firstName": "Ann", "plan": "free"}),
    record("2", "cookie:k", at="2026-01-02T10:00:00Z", device=DEVICE),
    record(None, "email:ann@x.org", at="2026-01-03T10:00:00Z", interaction=PURCHASE),
    record("2", "cookie:k", at="2026-01-03T11:00:00Z", interaction=VISIT),
    record("2", "cookie:k", at="2026-01-03T11:00:00Z", interaction=VISIT),
]


async def test_the_same_batch_again_changes_nothing(ingest: Ingest, graph: Graph) -> None:
    first = await ingest(MIXED)
    before = await dump(graph)
    assert [one.known for one in first] == [False] * len(MIXED)
    again = await ingest(MIXED)
    assert await dump(graph) == before
    assert [one.known for one in again] == [True] * len(MIXED)
    assert [(one.profile, one.customer, one.refused) for one in again] == [
        (one.profile, one.customer, one.refused) for one in first
    ]


async def test_a_stream_again_in_other_batches_changes_nothing(
    ingest: Ingest, graph: Graph
) -> None:
    records = stream(25, 5).records
    await ingest(records, size=40)
    before = await dump(graph)
    again = await ingest(records[::-1], size=23)
    assert await dump(graph) == before
    assert {one.known for one in again} == {True}


async def test_a_record_whose_interaction_is_refused_is_known_again_too(
    ingest: Ingest, graph: Graph
) -> None:
    records = [
        record("1", "cookie:a", interaction=order("o-1"), at="2026-01-01T00:00:00Z"),
        record("2", "cookie:b", interaction=order("o-1"), at="2026-01-01T00:00:00Z"),
    ]
    await ingest(records)
    before = await dump(graph)
    await ingest(records)
    assert await dump(graph) == before


async def test_a_profile_knows_a_bounded_number_of_records(ingest: Ingest, graph: Graph) -> None:
    at = "2026-01-01T{:02d}:{:02d}:00Z"
    times = [at.format(n // 60, n % 60) for n in range(KEPT_DIGESTS + 88)]
    records = [record("1", "cookie:a", at=time) for time in times]
    await ingest(records, size=200)
    profile = await one(graph, "Profile")
    assert len(profile["digests"]) == len(profile["digestTimes"]) == KEPT_DIGESTS == 512
    assert max(profile["digestTimes"]) - min(profile["digestTimes"]) == (KEPT_DIGESTS - 1) * 60_000
    before = await dump(graph)
    assert {one.known for one in await ingest(records, size=300)} == {True}
    assert await dump(graph) == before
    [link] = await query(graph, "MATCH ()-[r:HAS_IDENTIFIER]->() RETURN r.count AS n")
    assert link["n"] == 600


# Profiles and identifiers


async def test_the_records_of_a_profile_add_up(ingest: Ingest, graph: Graph) -> None:
    await ingest(
        [
            record("1", "email:b@x.org", traits={"city": "York"}, at="2026-01-03T00:00:00Z"),
            record("1", "email:a@x.org", traits={"city": "Leeds"}, at="2026-01-01T00:00:00Z"),
            record("1", "email:b@x.org", traits={"plan": "free"}, at="2026-01-02T00:00:00Z"),
        ],
        size=2,
    )
    profile = await one(graph, "Profile")
    first, last = 1_767_225_600_000, 1_767_225_600_000 + 2 * DAY
    assert (profile["key"], profile["source"], profile["sourceId"]) == ("web|1", "web", "1")
    assert (profile["firstSeen"], profile["lastSeen"], profile["number"]) == (first, last, 1)
    assert orjson.loads(profile["traits"]) == {
        "city": [['"York"', last], ['"Leeds"', first]],
        "plan": [['"free"', first + DAY]],
    }
    links = await query(
        graph,
        "MATCH (:Profile {key: 'web|1'})-[r:HAS_IDENTIFIER]->(i:Identifier) "
        "RETURN r.key AS key, r.firstSeen AS first, r.lastSeen AS last, r.count AS n, i.key AS to "
        "ORDER BY to",
    )
    assert links == [
        {
            "key": "web|1>email|a@x.org",
            "first": first,
            "last": first,
            "n": 1,
            "to": "email|a@x.org",
        },
        {
            "key": "web|1>email|b@x.org",
            "first": first + DAY,
            "last": last,
            "n": 2,
            "to": "email|b@x.org",
        },
    ]
    [mail, _] = await rows(graph, "Identifier")
    assert (mail["namespace"], mail["value"], mail["people"], mail["generic"]) == (
        "email", "a@x.org", 1, False,
    )  # fmt: skip


async def test_profiles_are_numbered_as_they_come(ingest: Ingest, graph: Graph) -> None:
    await ingest([record(name) for name in "cab"], size=2)
    numbers = {row["sourceId"]: row["number"] for row in await rows(graph, "Profile")}
    assert numbers == {"c": 1, "a": 2, "b": 3}
    ids = {row["customerId"] for row in await rows(graph, "Profile")}
    assert len(ids) == 3
    assert all(one.startswith("cus_") and len(one) == 24 for one in ids)


async def test_what_is_refused_is_told_with_the_reason_and_the_rest_is_written(
    ingest: Ingest, graph: Graph
) -> None:
    [written] = await ingest(
        [
            record(
                "1", "crmId:0000", "email:nobody", "phone:12", "loyaltyId:L1",
                f"cookie:{'x' * 513}", traits={"a": 2**70, "city": "York"},
            )
        ]
    )  # fmt: skip
    reasons = [(one.what, one.reason) for one in written.refused]
    assert reasons[:4] == [
        ("identifier crmId", PLACEHOLDER),
        ("identifier email", "not an e-mail address"),
        ("identifier phone", "not a possible phone number"),
        ("identifier cookie", "longer than 512 bytes"),
    ]
    assert reasons[4][0] == "trait"
    assert [one["key"] for one in await rows(graph, "Identifier")] == ["loyaltyId|l1"]
    assert orjson.loads((await one(graph, "Profile"))["traits"]).keys() == {"city"}


async def test_values_that_differ_in_case_are_one_and_the_lesser_is_shown(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([record("1", "crmId:c1"), record("2", "crmId:C1")], size=1)
    identifier = await one(graph, "Identifier")
    assert (identifier["key"], identifier["value"]) == ("crmId|c1", "C1")


async def test_values_of_five_hundred_and_twelve_bytes_are_keys(
    ingest: Ingest, clusters: Clusters
) -> None:
    value = "ü" * 256
    await ingest([record("|" * 512, f"crmId:{value}"), record("x" * 512, f"crmId:{value}")])
    assert await clusters() == {frozenset(["|" * 512, "x" * 512])}


async def test_an_undeclared_namespace_is_kept_and_links_nobody(
    ingest: Ingest, clusters: Clusters, graph: Graph
) -> None:
    await ingest(
        [record("1", "shoeSize:42", "ip:10.0.0.1"), record("2", "shoeSize:42", "ip:10.0.0.1")]
    )
    assert await clusters() == {frozenset("1"), frozenset("2")}
    assert [
        (row["key"], row.get("people"), row["generic"]) for row in await rows(graph, "Identifier")
    ] == [
        ("ip|10.0.0.1", None, False),
        ("shoeSize|42", None, False),
    ]


async def test_a_device_is_marked_and_has_what_is_known_of_it(ingest: Ingest, graph: Graph) -> None:
    await ingest([record("1", device={"namespace": "device", "value": "D1", "platform": "ios"})])
    await ingest([record("2", device={"namespace": "device", "value": "d1", "model": "X"})])
    device = await one(graph, "Identifier")
    assert (device["key"], device["device"]) == ("device|d1", True)
    assert (device["platform"], device["model"]) == ("ios", "X")


async def test_a_device_is_called_what_is_newest_in_any_order(ingest: Ingest, graph: Graph) -> None:
    said = [(1, {"os": "iOS 1", "model": "X"}), (3, {"os": "iOS 3"}), (2, {"os": "iOS 2"})]
    for turn, order in enumerate(permutations(said)):
        name = {"namespace": "device", "value": f"d{turn}"}
        for at, what in order:
            await ingest([record(f"{turn}-{at}", at=at, device=name | what)])
    devices = await rows(graph, "Identifier")
    assert [(one["os"], one["model"]) for one in devices] == [("iOS 3", "X")] * 6


@pytest.mark.parametrize("turn", [1, -1])
async def test_a_price_in_two_currencies_at_one_moment_is_the_same_in_any_order(
    ingest: Ingest, graph: Graph, turn: int
) -> None:
    for currency in ("EUR", "USD")[::turn]:
        tea = [{"key": "tea", "amount": 2}]
        sold = order(currency, amount=2, currency=currency, products=tea)
        await ingest([record(currency, at=1, interaction=sold)])
    product = await one(graph, "Product")
    assert (product["price"], product["currency"]) == (200, "USD")


@pytest.mark.parametrize(
    "source", ["CRM Süd", "a|b", "50%", "~t", "日本", "'; MATCH (n) DELETE n //"]
)
async def test_a_source_of_an_odd_name_is_a_source(
    ingest: Ingest, graph: Graph, clusters: Clusters, source: str
) -> None:
    records = [record(name, "email:a@x.org") | {"source": source} for name in ("a|b", "~c")]
    await ingest(records)
    assert await clusters() == {frozenset(["a|b", "~c"])}
    assert await rows(graph, "Source") == [
        {"name": source, "kind": "other", "priority": 0, "trusted": True}
    ]
    assert {row["source"] for row in await rows(graph, "Profile")} == {source}
    before = await dump(graph)
    await ingest(records)
    assert await dump(graph) == before


async def test_a_source_of_the_policy_is_written_as_it_says(ingest: Ingest, graph: Graph) -> None:
    await ingest([record("1") | {"source": "crm"}])
    assert await rows(graph, "Source") == [
        {"name": "crm", "kind": "crm", "priority": 30, "trusted": True}
    ]


async def test_an_impossible_birth_date_is_kept_and_not_compared(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    await ingest(
        [
            record(
                "1", "email:a@x.org", traits={"birthDate": "1980-02-31"}, at="2026-01-01T00:00:00Z"
            ),
            record(
                "2", "email:a@x.org", traits={"birthDate": "1955-06-07"}, at="2026-01-01T00:00:00Z"
            ),
        ]
    )
    assert await clusters() == {frozenset("12")}
    first, _ = await rows(graph, "Profile")
    assert orjson.loads(first["traits"]) == {"birthDate": [['"1980-02-31"', 1_767_225_600_000]]}
    # Two days that are days, a generation apart, are two people.
    await ingest([record("1", traits={"birthDate": "1980-02-03"})])
    assert await clusters() == {frozenset("1"), frozenset("2")}


# Interactions


async def test_an_interaction_counts_once(ingest: Ingest, graph: Graph) -> None:
    value = record(
        "1", interaction=order("o-1", amount=5, currency="EUR"), at="2026-01-01T01:00:00Z"
    )
    outcomes = await ingest([value, value]) + await ingest([value])
    assert [one.known for one in outcomes] == [False, True, True]
    assert (await one(graph, "Interaction"))["amount"] == 500
    assert (await one(graph, "Period"))["count"] == 1
    assert orjson.loads((await one(graph, "Profile"))["totals"]) == {
        "track": {"count": 1, "EUR": 500}
    }


async def test_another_profile_s_interaction_is_refused_and_its_evidence_is_kept(
    ingest: Ingest, graph: Graph
) -> None:
    for n, size in enumerate((2, 1)):
        written = await ingest(
            [
                record(f"a{n}", interaction=order(f"o-{n}"), at="2026-01-01T00:00:00Z"),
                record(
                    f"b{n}",
                    f"email:b{n}@x.org",
                    interaction=order(f"o-{n}"),
                    at="2026-01-02T00:00:00Z",
                ),
            ],
            size=size,
        )
        assert written[0].refused == ()
        assert [(r.what, r.value, r.reason) for r in written[1].refused] == [
            ("interaction", "Order Completed", TAKEN)
        ]
        assert not written[1].known
    assert [row["bucket"] for row in await rows(graph, "Interaction")] == [
        "web|a0|2026-01-01",
        "web|a1|2026-01-01",
    ]
    assert [row["key"] for row in await rows(graph, "Period")] == [
        "web|a0|2026-01-01",
        "web|a1|2026-01-01",
    ]
    assert len(await rows(graph, "Identifier")) == 2
    totals = {row["sourceId"]: row["totals"] for row in await rows(graph, "Profile")}
    assert (totals["b0"], totals["b1"]) == ("{}", "{}")


async def test_one_id_in_two_sources_is_two_interactions(ingest: Ingest, graph: Graph) -> None:
    value = record("1", interaction=order("o-1"))
    await ingest([value, value | {"source": "app"}])
    assert [row["key"] for row in await rows(graph, "Interaction")] == ["app|o-1", "web|o-1"]


async def test_periods_and_totals_count_what_happened(ingest: Ingest, graph: Graph) -> None:
    def happened(n: int, at: str, **parts: Any) -> Json:  # noqa: ANN401
        return record("1", at=at, interaction=order(f"o-{n}", **parts))

    records = [
        happened(1, "2026-01-01T00:00:00Z", amount=5, currency="EUR"),
        happened(2, "2026-01-01T23:59:59.999Z", amount=2.5, currency="EUR"),
        happened(3, "2026-01-01T12:00:00Z", type="page"),
        happened(4, "2026-01-02T00:00:00Z", amount=300, currency="JPY"),
        happened(5, "2025-12-31T23:59:59Z", amount=-1, currency="EUR"),
    ]
    await ingest(records, size=2)
    day = 1_767_225_600_000
    periods = [
        (row["key"], row["profile"], row["at"], row["count"], orjson.loads(row["types"]))
        for row in await rows(graph, "Period")
    ]
    assert periods == [
        ("web|1|2025-12-31", "web|1", day - DAY, 1, {"track": 1}),
        ("web|1|2026-01-01", "web|1", day, 3, {"page": 1, "track": 2}),
        ("web|1|2026-01-02", "web|1", day + DAY, 1, {"track": 1}),
    ]
    spans = [(row["earliest"] - day, row["latest"] - day) for row in await rows(graph, "Period")]
    assert spans == [(-1000, -1000), (0, DAY - 1), (DAY, DAY)]
    assert orjson.loads((await one(graph, "Profile"))["totals"]) == {
        "page": {"count": 1},
        "track": {"count": 4, "EUR": 650, "JPY": 300},
    }
    held = await query(
        graph,
        "MATCH (p:Profile)-[:ACTIVE_IN]->(d:Period)-[:HOLDS]->(n:Interaction) "
        "RETURN p.key AS profile, d.key AS period, n.bucket AS bucket",
    )
    assert len(held) == 5
    assert all(row["period"] == row["bucket"] and row["profile"] == "web|1" for row in held)


async def test_an_interaction_has_its_products_and_its_device(ingest: Ingest, graph: Graph) -> None:
    products = [
        {"key": "p1", "name": "Tea", "category": "Food", "quantity": 2, "amount": "5.10"},
        {"key": "p1", "quantity": 0.5},
    ]
    value = order("o-1", orderId="A7", channel="web", amount=6, currency="EUR", products=products)
    device = {"namespace": "device", "value": "d1"}
    await ingest([record("1", interaction=value, device=device, at="2026-01-01T01:00:00Z")])
    interaction = await one(graph, "Interaction")
    assert (interaction["key"], interaction["at"]) == ("web|o-1", 1_767_229_200_000)
    assert (interaction["channel"], interaction["orderId"]) == ("web", "A7")
    assert interaction["properties"] == "{}"
    about = await query(
        graph,
        "MATCH (:Interaction {key: 'web|o-1'})-[r:ABOUT]->(x:Product) RETURN r.place AS place, "
        "r.quantity AS quantity, r.amount AS amount, x.key AS key, x.name AS name, "
        "x.category AS category ORDER BY place",
    )
    shared = {"key": "p1", "name": "Tea", "category": "Food"}
    assert about == [
        {"place": 0, "quantity": 2.0, "amount": 510} | shared,
        {"place": 1, "quantity": 0.5, "amount": None} | shared,
    ]
    text = "MATCH (n:Interaction)-[:ON]->(d:Identifier) RETURN n.key AS n, d.key AS d"
    assert await query(graph, text) == [{"n": "web|o-1", "d": "device|d1"}]


async def test_a_product_is_called_what_its_newest_interaction_calls_it(
    ingest: Ingest, graph: Graph
) -> None:
    for n, (day, name) in enumerate([(2, "Tea"), (3, "Green tea"), (1, "Leaves"), (4, None)]):
        value = order(f"o-{n}", products=[{"key": "p", "name": name}])
        await ingest([record("1", interaction=value, at=f"2026-01-0{day}T00:00:00Z")])
    assert (await one(graph, "Product"))["name"] == "Green tea"


SAID: list[tuple[int, Json]] = [
    (4, {"quantity": 1, "amount": 9}),
    (1, {"name": "Leaves", "category": "Garden", "quantity": 1, "amount": 5}),
    (3, {"name": "Tea"}),
    (2, {"category": "Drinks", "quantity": 2, "amount": 6}),
    (3, {"name": "Green tea"}),
    (3, {"name": "Black tea", "quantity": 1}),
]


@pytest.mark.parametrize("turn", range(len(SAID)))
@pytest.mark.parametrize("batch", [1, 3])
async def test_what_is_known_of_a_product_does_not_depend_on_what_came_first(
    ingest: Ingest, graph: Graph, turn: int, batch: int
) -> None:
    records = [
        record(
            "1",
            interaction=order(f"o-{n}", currency="EUR", products=[{"key": "p"} | said]),
            at=f"2026-01-0{day}T00:00:00Z",
        )
        for n, (day, said) in enumerate([*SAID[turn:], *SAID[:turn]])
    ]
    await ingest(records, batch)
    found = await one(graph, "Product")
    # Of three names of one day the last in the alphabet.
    assert (found["name"], found["category"], found["price"]) == ("Tea", "Drinks", 900)


async def test_who_is_not_trusted_names_only_what_nobody_else_names(
    ingest: Ingest, graph: Graph
) -> None:
    wary = read_policy(distrusting("web"))

    async def say(source: str, day: int, name: str, amount: int) -> None:
        line = {"key": "p", "name": name, "quantity": 1, "amount": amount}
        value = order(f"{source}-{day}", currency="EUR", products=[line])
        said = record("1", interaction=value, at=f"2026-01-0{day}T00:00:00Z")
        await ingest([said | {"source": source}], policy=wary)

    await say("web", 3, "Call 0900 now", 1)
    assert (await one(graph, "Product"))["name"] == "Call 0900 now"
    await say("till", 1, "Tea", 4)
    await say("web", 5, "Call 0900 at once", 2)
    found = await one(graph, "Product")
    assert (found["name"], found["price"]) == ("Tea", 400)


async def test_properties_that_json_cannot_hold_are_refused_and_the_record_is_kept(
    ingest: Ingest, graph: Graph
) -> None:
    value = order("o-1", properties={"x": 2**70})
    [written] = await ingest([record("1", interaction=value)])
    assert [one.what for one in written.refused] == ["properties"]
    assert (await one(graph, "Interaction"))["properties"] == "{}"


# The batch


async def test_a_batch_is_written_whole_or_not_at_all(graph: Graph, policy: Policy) -> None:
    good = prepare(Record.model_validate(record("1", "email:a@x.org")), policy, 1)
    value = prepare(Record.model_validate(record("2", interaction=order("o-1"))), policy, 1)
    assert value.interaction is not None
    bad = replace(value, interaction=replace(value.interaction, properties=object()))  # type: ignore[arg-type]
    before = await dump(graph)
    with pytest.raises(Exception, match="object"):
        await write_batch(graph, [good, bad], in_force(policy), DEVELOPER, soon())
    assert await dump(graph) == before


async def test_a_decision_that_fails_is_what_is_raised_and_leaves_nothing(
    graph: Graph, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **_also: object) -> None:
        raise ArithmeticError("the decision")

    monkeypatch.setattr("customers.ingest.writer.resolve", fail)
    prepared = [prepare(Record.model_validate(one), policy, 0) for one in MIXED]
    running = asyncio.all_tasks()
    with pytest.raises(ArithmeticError, match="the decision"):
        await write_batch(graph, prepared, in_force(policy), DEVELOPER, soon())
    assert asyncio.all_tasks() == running
    assert await rows(graph, "Profile") == []


async def test_the_database_writes_evidence_while_it_is_decided(
    graph: Graph, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decide(*args: Any, **kwargs: Any) -> Resolution:  # noqa: ANN401
        begun.append("ingest/write_evidence" in sent)
        return resolve(*args, **kwargs)

    begun: list[bool] = []
    monkeypatch.setattr("customers.ingest.writer.resolve", decide)
    prepared = [prepare(Record.model_validate(one), policy, 0) for one in MIXED]
    with tally() as sent:
        await write_batch(graph, prepared, in_force(policy), DEVELOPER, soon())
    assert begun == [True]


async def test_a_customer_that_is_decided_on_was_seen_when_its_profiles_were(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([record("1", "email:ann@x.org", at="2026-01-01")])
    await ingest(
        [
            record("1", "email:ann@x.org", at="2026-01-03", interaction=VISIT),
            record("2", "email:ann@x.org", at="2026-01-02"),
        ]
    )
    customer = await one(graph, "Customer")
    seen = 1_767_398_400_000
    assert (customer["size"], customer["lastSeen"]) == (2, seen)
    assert customer["bySeen"] == f"{seen:016d}\t{1:010d}"


async def test_outcomes_come_in_the_order_of_the_records(ingest: Ingest, graph: Graph) -> None:
    written = await ingest([record(name) for name in ("c", "a", "c", "b")])
    own = {row["sourceId"]: row["customerId"] for row in await rows(graph, "Profile")}
    assert [one.customer for one in written] == [own["c"], own["a"], own["c"], own["b"]]


async def test_a_change_says_who_wrote_it(graph: Graph, policy: Policy) -> None:
    value = prepare(Record.model_validate(record("1")), policy, 1)
    await write_batch(graph, [value], in_force(policy), Principal("till"), soon())
    assert (await one(graph, "Change"))["by"] == "till"


async def test_a_batch_sends_a_fixed_number_of_statements(ingest: Ingest) -> None:
    def batch(n: int) -> list[Json]:
        return [record(f"{n}.{m}", f"cookie:{n}.{m}") for m in range(n)]

    with tally() as small:
        await ingest(batch(2))
    with tally() as large:
        await ingest(batch(60))
    assert (
        small
        == large
        == [
            "ingest/take_turn",
            "ingest/read",
            "ingest/write_evidence",
            "identity/write_resolution",
        ]
    )
    with tally() as known:
        await ingest([record("1", at="2026-01-01T00:00:00Z")])
        known.clear()
        await ingest([record("1", at="2026-01-01T00:00:00Z")])
    assert known == ["ingest/take_turn", "ingest/read"]
