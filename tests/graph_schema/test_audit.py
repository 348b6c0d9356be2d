"""The audit of reads, and its log by GraphQL: who looked at whom, in ids alone."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest

from customers.cursor import Cursors
from customers.principal import Principal, Role
from customers.services import Services
from cypher import Graph
from graph_schema.change.types import CHANGES
from graph_schema.operations import Asked, Operations
from tests.asking import customer_of
from tests.conftest import Ingest, Json, query
from tests.graph_schema.conftest import Ask

SECRETS = ("ann.moor@example.org", "Annabel", "Moorcroft", "+447700900123", "C-4711", "12 Elm Row")
ANN: Json = {
    "source": "crm",
    "sourceId": "C-4711",
    "at": "2026-01-01T00:00:00Z",
    "identifiers": [
        {"namespace": "email", "value": SECRETS[0]},
        {"namespace": "phone", "value": SECRETS[3]},
    ],
    "traits": {"firstName": SECRETS[1], "lastName": SECRETS[2], "street": SECRETS[5]},
}
BOB: Json = {
    "source": "crm",
    "sourceId": "b",
    "identifiers": [{"namespace": "email", "value": "bob@example.org"}],
}
LOG = """query($about: ID, $actor: String, $from: DateTime, $to: DateTime, $first: Int,
  $after: String) {
  audit(about: $about, actor: $actor, from: $from, to: $to, first: $first, after: $after) {
    nodes { seq actor role action operation about count reason hash previous }
    pageInfo { hasNextPage endCursor } } }"""
DOORS = {
    "query customer": "{ customer(id: $id) { traits } }",
    "query customers": "{ customers(first: 1) { nodes { displayName } } }",
    "query search": '{ search(text: "Moorcroft") { customer { displayName } } }',
    "query profile": '{ profile(source: "crm", sourceId: "C-4711") { traits } }',
    "query node": "{ node(id: $id) { ... on Customer { displayName } } }",
    "query identityGraph": "{ identityGraph(customerId: $id) { profiles { traits } } }",
    "query several": "{ a: customer(id: $id) { traits } customers(first: 1) { nodes { id } } }",
}


async def written(services: Services) -> None:
    """Until nothing waits."""
    async with asyncio.timeout(30):
        while services.audit.waiting:
            await asyncio.sleep(0.01)


async def log(ask: Ask, services: Services, **wanted: object) -> list[Json]:
    """The entries of a page, the newest first."""
    await written(services)
    found: list[Json] = (await ask(LOG, **wanted)).data["audit"]["nodes"]
    return found


async def ids(ingest: Ingest, records: Iterable[Json]) -> list[str]:
    return [one.customer or "" for one in await ingest(records)]


@pytest.mark.parametrize("name", DOORS)
async def test_whoever_is_shown_is_in_one_entry_of_the_operation(
    ask: Ask, services: Services, ingest: Ingest, name: str
) -> None:
    [ann] = await ids(ingest, [ANN])
    text = DOORS[name]
    head = "query($id: ID!)" if "$id" in text else "query"
    variables = {"id": ann} if "$id" in text else {}
    assert (await ask(head + text, **variables)).data
    [entry] = await log(ask, services)
    assert entry | {"hash": "", "previous": ""} == {
        "seq": 1, "actor": "developer", "role": "admin", "action": "read", "operation": name,
        "about": [ann], "count": 1, "reason": None, "hash": "", "previous": "",
    }  # fmt: skip


async def test_an_operation_that_shows_nobody_is_not_noted(
    ask: Ask, services: Services, ingest: Ingest
) -> None:
    await ingest([ANN])
    assert (await ask('{ customer(id: "cus_nobody") { traits } }')).data == {"customer": None}
    assert (await ask("{ customers { nodes { id } } }")).data
    assert (await ask("{ changes { nodes { customerId } } }")).data
    assert (await ask("{ customer(id: 1, nonsense: 2) { id } }")).codes
    assert await log(ask, services) == []


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("query identifier", '{ identifier(namespace: "email", value: "%s") { value } }'),
        ("query search", '{ search(text: "%s") { score reasons { matched } } }'),
    ],
)
async def test_a_read_of_somebody_of_whom_no_customer_is_named_is_noted_too(
    ask: Ask, services: Services, ingest: Ingest, operation: str, text: str
) -> None:
    await ingest([BOB])
    assert (await ask(text % "bob@example.org")).data
    [entry] = await log(ask, services)
    assert (entry["action"], entry["operation"]) == ("read", operation)
    assert (await ask(text % "nobody@example.org")).status == 200
    assert await log(ask, services) == [entry]


async def test_who_sees_no_person_is_not_noted(
    services: Services, ask: Ask, ingest: Ingest
) -> None:
    await ingest([ANN])
    marketer = Principal("max", Role.MARKETER)
    asked = Asked("{ customers { nodes { displayName traits } } }")
    assert (await Operations(lambda: services, 30).answer(asked, marketer)).errors is None
    assert await log(ask, services) == []


async def test_an_audited_read_sends_no_statement_more(
    ask: Ask, services: Services, ingest: Ingest
) -> None:
    [ann] = await ids(ingest, [ANN])
    answer = await ask("query($id: ID!) { customer(id: $id) { traits } }", id=ann)
    assert answer.statements == ["customers/by_ids"]


async def test_what_cannot_be_noted_is_not_shown(
    ask: Ask, services: Services, ingest: Ingest
) -> None:
    await ingest([ANN])
    services.audit._most = 0
    answer = await ask(DOORS["query customers"])
    assert (answer.status, answer.codes) == (503, ["OVERLOADED"])
    assert "data" not in answer.body
    assert (await ask("{ changes { nodes { customerId } } }")).status == 200


async def test_why_and_who_of_others_and_no_word_of_a_customers_own_reads(
    ask: Ask, services: Services, ingest: Ingest
) -> None:
    ann, bob = await ids(ingest, [ANN, BOB])
    operations = Operations(lambda: services, 30)
    asked = Asked("query($id: ID!) { customer(id: $id) { traits } }", {"id": ann})
    everybody = Asked("{ customers { nodes { displayName } } }")
    own = customer_of("email", SECRETS[0])
    seller = Principal("sue", Role.SELLER, reason="call back\nat 5")
    assert (await operations.answer(Asked("{ me { traits } }"), own)).errors is None
    await operations.answer(asked, seller)
    await operations.answer(everybody, seller)
    newest, first = await log(ask, services)
    assert (first["actor"], first["role"], first["reason"]) == ("sue", "seller", "call back at 5")
    assert (newest["operation"], newest["about"]) == ("query customers", [ann, bob])
    answer = await operations.answer(Asked("{ audit { nodes { seq } } }"), seller)
    assert [error.extensions for error in answer.errors or ()] == [{"code": "FORBIDDEN"}]


async def test_an_event_of_a_subscription_is_noted_when_it_shows_somebody(
    ask: Ask, services: Services, ingest: Ingest
) -> None:
    ann, bob = await ids(ingest, [ANN, BOB])
    operations = Operations(lambda: services, 30)
    beginning = Cursors(services.secret).encode(CHANGES, 0)
    for fields, expected in (("customerId", []), ("customer { displayName }", [[bob], [ann]])):
        text = f"subscription($after: String) {{ changes(after: $after) {{ {fields} }} }}"
        events = operations.events(
            Asked(text, {"after": beginning}), Principal("sue", Role.STEWARD)
        )
        for _ in range(2):
            assert (await anext(events)).data
        await events.aclose()
        found = await log(ask, services)
        assert [one["about"] for one in found] == expected
    assert {one["operation"] for one in found} == {"subscription changes"}


async def test_the_log_is_read_in_pages_by_whom_it_names_who_acted_and_when(
    ask: Ask, services: Services, ingest: Ingest
) -> None:
    ann, bob = await ids(ingest, [ANN, BOB])
    one = "query($id: ID!) { customer(id: $id) { traits } }"
    for who in (ann, bob, ann):
        await ask(one, id=who)
    assert [found["seq"] for found in await log(ask, services)] == [3, 2, 1]
    assert [found["seq"] for found in await log(ask, services, about=ann)] == [3, 1]
    assert await log(ask, services, actor="nobody") == []
    assert len(await log(ask, services, actor="developer")) == 3
    assert await log(ask, services, to="2020-01-01T00:00:00Z") == []
    assert len(await log(ask, services, **{"from": "2020-01-01T00:00:00Z"})) == 3
    page = (await ask(LOG, about=ann, first=1)).data["audit"]
    assert page["pageInfo"]["hasNextPage"]
    cursor = page["pageInfo"]["endCursor"]
    later = (await ask(LOG, about=ann, first=1, after=cursor)).data["audit"]
    assert ([found["seq"] for found in later["nodes"]], later["pageInfo"]["hasNextPage"]) == (
        [1],
        False,
    )
    assert later["nodes"][0]["hash"] == (await log(ask, services))[1]["previous"]
    assert (await ask(LOG, about=bob, after=cursor)).codes == ["CURSOR_MISMATCH"]
    assert (await ask(LOG, after="nonsense")).codes == ["INVALID_INPUT"]


async def test_entries_hold_no_value_of_a_person_and_stay_when_the_person_is_erased(
    ask: Ask, services: Services, ingest: Ingest, graph: Graph
) -> None:
    [ann] = await ids(ingest, [ANN])
    for text in DOORS.values():
        head = "query($id: ID!)" if "$id" in text else "query"
        assert (await ask(head + text, **({"id": ann} if "$id" in text else {}))).data
    before = await log(ask, services)
    await ingest([{"source": "crm", "sourceId": "C-4711", "deleted": True}])
    assert (await ask("query($id: ID!) { customer(id: $id) { id } }", id=ann)).data == {
        "customer": None
    }
    assert await log(ask, services) == before
    assert len(before) == len(DOORS)
    rows: list[dict[str, Any]] = []
    for label in ("AuditEntry", "AuditTrail", "AuditBlock"):
        rows += await query(graph, f"MATCH (n:{label}) RETURN properties(n) AS all")
    assert len(rows) == len(DOORS) + 4
    text = json.dumps(rows).lower()
    assert ann in text
    for secret in SECRETS:
        assert secret.lower() not in text
        assert secret.lower().replace("+", "") not in text
