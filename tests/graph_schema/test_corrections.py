"""Corrections: a steward's word on a trait, which whatever comes later leaves as it is."""

import pytest

from customers.identity.policy import Policy
from customers.identity.policy_preview import preview_policy
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from customers.times import to_datetime
from cypher import Graph
from tests.asking import AskAs, asking_as, customer_of
from tests.conftest import Clusters, Ingest, Json, query
from tests.decisions import decided, merge, split, withdraw
from tests.rows import born, bought, gone, resolved_again, said, snapshot

CORRECT = """mutation($id: ID, $profile: ProfileRef, $name: String!, $value: JSON!) {
  correctTrait(customerId: $id, profile: $profile, name: $name, value: $value, reason: "passport")
  { correction { id name value reason by } customer { traits } errors { code path } }
}"""
WITHDRAW = """mutation($id: ID!) { withdrawCorrection(id: $id) {
  correction { withdrawnBy } customer { traits } errors { code }
} }"""
FIELDS = """query($id: ID!) { customer(id: $id) { fields {
  name value source others { value source } correction { reason by } } } }"""
EVE = Principal("eve", Role.STEWARD)
ROWS = [
    said("a", 1, "crmId:1", "email:ann@x.org", firstName="Ann", lastName="Smit"),
    said("b", 1, "crmId:2", firstName="Ben"),
]


@pytest.fixture
async def ask_as(services: Services, ingest: Ingest) -> AskAs:
    await ingest(ROWS)
    return asking_as(services)


async def correct(ask_as: AskAs, id: str, name: str, value: object, **more: Json) -> Json:
    answer = await ask_as(EVE, CORRECT, id=id, name=name, value=value, **more)
    assert answer.data is not None, answer.errors
    payload: Json = answer.data["correctTrait"]
    return payload


async def traits(ask_as: AskAs, id: str) -> Json:
    answer = await ask_as(EVE, "query($id: ID!) { customer(id: $id) { traits } }", id=id)
    assert answer.data is not None, answer.errors
    found: Json = answer.data["customer"]["traits"]
    return found


async def test_a_correction_wins_and_what_it_won_against_is_shown(
    graph: Graph, ask_as: AskAs
) -> None:
    own = await born(graph)
    done = await correct(ask_as, own["a"], "lastName", " Smith ")
    assert done["errors"] == []
    assert done["customer"]["traits"] == {"firstName": "Ann", "lastName": "Smith"}
    assert done["correction"] | {"id": None} == {
        "id": None, "name": "lastName", "value": "Smith", "reason": "passport", "by": "eve",
    }  # fmt: skip
    answer = await ask_as(EVE, FIELDS, id=own["a"])
    assert answer.data is not None
    assert answer.data["customer"]["fields"] == [
        {"name": "firstName", "value": "Ann", "source": "s", "others": [], "correction": None},
        {
            "name": "lastName",
            "value": "Smith",
            "source": "correction",
            "others": [{"value": "Smit", "source": "s"}],
            "correction": {"reason": "passport", "by": "eve"},
        },
    ]


async def test_it_survives_what_comes_later(
    graph: Graph, ask_as: AskAs, ingest: Ingest, policy: Policy
) -> None:
    own = await born(graph)
    await correct(ask_as, own["a"], "lastName", "Smith")
    await ingest(ROWS)
    await ingest(
        [said("a", 2, "crmId:1", lastName="Smid"), snapshot("a", 3, "crmId:1", city="Ely")]
    )
    assert await traits(ask_as, own["a"]) == {"city": "Ely", "lastName": "Smith"}
    report = await resolved_again(graph, policy)
    assert not report.did_anything
    assert await traits(ask_as, own["a"]) == {"city": "Ely", "lastName": "Smith"}


async def test_it_goes_where_its_profile_goes(
    graph: Graph, ask_as: AskAs, ingest: Ingest, policy: Policy
) -> None:
    own = await born(graph)
    await correct(ask_as, own["b"], "firstName", "Benedict")
    merged = await decided(graph, merge("ab"), policy)
    assert await traits(ask_as, own["a"]) == {"firstName": "Benedict", "lastName": "Smit"}
    await decided(graph, withdraw(merged), policy)
    assert (await traits(ask_as, own["a"]))["firstName"] == "Ann"
    assert await traits(ask_as, own["b"]) == {"firstName": "Benedict"}
    await ingest([said("c", 2, "crmId:1", firstName="Anna")])
    own = await born(graph)
    profile = {"source": "s", "sourceId": "c"}
    assert (await correct(ask_as, own["a"], "city", "Ely", profile=profile))["errors"] == []
    await decided(graph, split("c"), policy)
    assert "city" not in await traits(ask_as, own["a"])
    assert (await traits(ask_as, own["c"]))["city"] == "Ely"


async def test_withdrawing_brings_the_old_value_back(
    graph: Graph, ask_as: AskAs, policy: Policy
) -> None:
    own = await born(graph)
    stored = "MATCH (c:Customer) RETURN c.traits AS t, c.card AS d ORDER BY c.id"
    before = await query(graph, stored)
    first = (await correct(ask_as, own["a"], "lastName", "Smith"))["correction"]["id"]
    second = (await correct(ask_as, own["a"], "lastName", "Smythe"))["correction"]["id"]
    assert (await traits(ask_as, own["a"]))["lastName"] == "Smythe"
    done = await ask_as(EVE, WITHDRAW, id=second)
    assert done.data is not None
    assert done.data["withdrawCorrection"] == {
        "correction": {"withdrawnBy": "eve"},
        "customer": {"traits": {"firstName": "Ann", "lastName": "Smith"}},
        "errors": [],
    }
    await ask_as(EVE, WITHDRAW, id=first)
    assert await query(graph, stored) == before
    assert await query(graph, "MATCH (p:Profile) WHERE p.corrected IS NOT NULL RETURN p.key") == []
    again = await ask_as(EVE, WITHDRAW, id=first)
    assert again.data is not None
    assert again.data["withdrawCorrection"]["errors"] == [{"code": "ALREADY_WITHDRAWN"}]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_it_is_found_and_compares_nobody(
    graph: Graph, ask_as: AskAs, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([
        said("d", 1, "cookie:k1", firstName="Dora", lastName="Quill", birthDate="1980-02-03"),
        said("e", 1, "cookie:k2", firstName="Dora", lastName="Quilt", birthDate="1970-01-01"),
    ])  # fmt: skip
    before, own = await clusters(), await born(graph)
    await correct(ask_as, own["e"], "lastName", "Quill")
    await correct(ask_as, own["e"], "birthDate", "1980-02-03")
    assert (await preview_policy(graph, policy, DEVELOPER)).customers_then == len(before)
    await resolved_again(graph, policy)
    assert await clusters() == before
    search = '{ search(text: "dora quill") { customer { id } } }'
    hits = await ask_as(Role.SELLER, search)
    assert hits.data is not None
    assert {one["customer"]["id"] for one in hits.data["search"]} == {own["d"], own["e"]}
    where = """{ customers(where: {traits: [{name: "birthDate", equals: "1980-02-03"}]}) {
      nodes { id } } }"""
    listed = await ask_as(Role.ADMIN, where)
    assert listed.data is not None
    assert [one["id"] for one in listed.data["customers"]["nodes"]] == [own["d"], own["e"]]


async def test_an_erased_profile_leaves_no_correction(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    own = await born(graph)
    await correct(ask_as, own["a"], "lastName", "Smith")
    await ingest([gone("a", 3)])
    assert await query(graph, "MATCH (x:Correction) RETURN x.id") == []
    await ingest([said("a", 4, "crmId:1", lastName="Smit")])
    assert await traits(ask_as, own["a"]) == {"lastName": "Smit"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("birthDate", "yesterday", "VALUE_NOT_VALID"),
        ("birthDate", 19800203, "VALUE_NOT_VALID"),
        ("email", "not an address", "VALUE_NOT_VALID"),
        ("phone", "12", "VALUE_NOT_VALID"),
        ("age", "old", "VALUE_NOT_VALID"),
        ("lastName", "", "VALUE_NOT_VALID"),
        ("lastName", 7, "VALUE_NOT_VALID"),
        ("lastName", ["Smith"], "VALUE_NOT_VALID"),
        ("lastName", "x" * 501, "VALUE_NOT_VALID"),
        ("shoeSize", "42", "TRAIT_UNKNOWN"),
        ("consent.email", True, "TRAIT_NOT_CORRECTABLE"),
    ],
)
async def test_what_is_no_value_of_a_trait_is_refused(
    graph: Graph, ask_as: AskAs, name: str, value: object, code: str
) -> None:
    own = await born(graph)
    refused = await correct(ask_as, own["a"], name, value)
    path = "value" if code == "VALUE_NOT_VALID" else "name"
    assert refused == {
        "correction": None, "customer": None, "errors": [{"code": code, "path": [path]}],
    }  # fmt: skip
    assert await query(graph, "MATCH (x:Correction) RETURN x.id") == []
    assert await traits(ask_as, own["a"]) == {"firstName": "Ann", "lastName": "Smit"}


async def test_a_trait_that_the_customer_has_can_be_corrected(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    await ingest([said("a", 2, "crmId:1", shoeSize=41)])
    own = await born(graph)
    assert (await correct(ask_as, own["a"], "shoeSize", 42))["errors"] == []
    assert (await traits(ask_as, own["a"]))["shoeSize"] == 42


@pytest.mark.parametrize("role", [Role.SELLER, Role.SERVICE, Role.ANALYST, Role.MARKETER])
async def test_others_than_stewards_do_not_correct(graph: Graph, ask_as: AskAs, role: Role) -> None:
    own = await born(graph)
    assert (await ask_as(role, CORRECT, id=own["a"], name="lastName", value="X")).codes == [
        "FORBIDDEN"
    ]


async def test_why_is_for_colleagues_and_the_value_for_the_customer_too(
    graph: Graph, ask_as: AskAs
) -> None:
    own = await born(graph)
    await correct(ask_as, own["a"], "lastName", "Smith")
    analyst = await ask_as(Role.ANALYST, FIELDS, id=own["a"])
    assert analyst.data is not None
    assert analyst.data["customer"]["fields"][1]["correction"] == {"reason": None, "by": "eve"}
    mine = await ask_as(customer_of("crmId", "1"), "{ me { traits } }")
    assert mine.data == {"me": {"traits": {"firstName": "Ann", "lastName": "Smith"}}}


async def test_it_is_told_in_the_audit_log(graph: Graph, ask_as: AskAs) -> None:
    own = await born(graph)
    made = (await correct(ask_as, own["a"], "lastName", "Smith"))["correction"]["id"]
    await ask_as(EVE, WITHDRAW, id=made)
    rows = await query(
        graph,
        "MATCH (x:AuditEntry) WHERE x.action STARTS WITH 'correct' "
        "RETURN x.action AS action, x.actor AS actor, x.about AS about ORDER BY x.seq",
    )
    assert rows == [
        {"action": "correct", "actor": "eve", "about": [made, own["a"]]},
        {"action": "correctionWithdrawn", "actor": "eve", "about": [made, own["a"]]},
    ]


async def test_the_past_tells_what_is_corrected_today(graph: Graph, ask_as: AskAs) -> None:
    own = await born(graph)
    await correct(ask_as, own["a"], "lastName", "Smith")
    joined = "MATCH (:Profile {sourceId: 'a'})-[b:BELONGS_TO]->() RETURN b.since AS at"
    [row] = await query(graph, joined)
    text = "query($id: ID!, $at: DateTime!) { customer(id: $id, asOf: $at) { traits } }"
    answer = await ask_as(EVE, text, id=own["a"], at=to_datetime(row["at"]).isoformat())
    assert answer.data == {"customer": {"traits": {"firstName": "Ann", "lastName": "Smith"}}}


async def test_who_was_corrected_is_still_found_by_what_they_spent(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    own = await born(graph)
    await ingest([said("a", 2, "crmId:1", interaction=bought("o1", 2))])
    assert (await correct(ask_as, own["a"], "lastName", "Smith"))["errors"] == []
    text = "{ customers(where: {stats: {orders: {gte: 1}}}) { nodes { id } } }"
    answer = await ask_as(EVE, text)
    assert answer.data == {"customers": {"nodes": [{"id": own["a"]}]}}, answer.errors
