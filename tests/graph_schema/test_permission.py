"""Who may ask for what: fields by role, before anything is read; values as the role sees them."""

from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, parse

from customers.access.table import table
from customers.principal import Principal, Role
from customers.services import Services
from graph_schema.operations import Asked, Operations
from graph_schema.permission import coordinates
from graph_schema.schema import schema
from tests.asking import AskAs, asking_as
from tests.conftest import Ingest, Json
from tests.rows import said

PEOPLE = [
    said(
        "c1", 1, "crmId:C00017", "email:ann@x.org", "ssn:512345689", source="crm",
        firstName="Ann", lastName="Smith", birthDate="1980-02-03", city="Leeds",
        street="1 High St", churnRisk=0.9, notes="rude",
        interaction={"id": "i1", "type": "call", "properties": {"topic": "bill", "pin": "4711"}},
    ),
    said("c2", 1, "crmId:C00018", "email:ben@y.org", source="crm", firstName="Ben"),
]  # fmt: skip
TYPES = {
    name: kind
    for name, kind in schema._schema.type_map.items()
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
}


@pytest.fixture
async def ask_as(services: Services, ingest: Ingest) -> AskAs:
    await ingest(PEOPLE)
    return asking_as(services)


# The table and the schema


def test_every_field_of_the_schema_has_a_line_in_the_table() -> None:
    fields = {f"{name}.{field}" for name, kind in TYPES.items() for field in kind.fields}
    shapes = {one for one in fields if table().is_shape(one.partition(".")[0])}
    assert fields - shapes - table().fields.keys() == set()
    assert table().fields.keys() - fields == set(), "lines of fields that are not there"


def test_only_an_admin_has_every_field_that_is_not_a_customers_own() -> None:
    own = {"Query.me", "Mutation.setPreference", "Mutation.setConsent", "SelfPayload.me"}
    refused = {one for one in table().fields if not table().may_see("admin", one)}
    assert refused == own | {"SelfPayload.errors"}


# Fields


def fields(text: str, name: str | None = None) -> frozenset[str]:
    return coordinates(schema._schema, parse(text), name)


def test_the_fields_of_an_operation_are_known_however_they_are_written() -> None:
    assert fields("{ customer(id: 1) { a: id household { id } } }") == {
        "Query.customer", "Customer.id", "Customer.household", "Household.id",
    }  # fmt: skip
    text = """
      query A { node(id: 1) { ...F ... on Profile @skip(if: true) { source } } }
      query B { __typename }
      fragment F on Customer { ...G }
      fragment G on Customer { traits }
      fragment H on Customer { version }
    """
    assert fields(text, "A") == {"Query.node", "Customer.traits", "Profile.source"}
    assert fields(text, "B") == frozenset()


REFUSED: list[tuple[Role, str, str]] = [
    (Role.CUSTOMER, '{ customer(id: "cus_1") { id } }', "Query.customer"),
    (Role.CUSTOMER, '{ node(id: "cus_1") { id } }', "Query.node"),
    (Role.CUSTOMER, "{ me { household { id } } }", "Customer.household"),
    (Role.CUSTOMER, "{ me { identifiers { nodes { count } } } }", "Identifier.count"),
    (Role.CUSTOMER, "{ me { ...F } } fragment F on Customer { a: counts { profiles } }",
     "Counts.profiles"),
    (Role.SELLER, '{ identityGraph(customerId: "cus_1") { complete } }', "IdentityGraph.complete"),
    (Role.SELLER, "{ changes { nodes { by } } }", "Change.by"),
    (Role.SELLER, "mutation { ingest(records: []) { errors { code } } }", "IngestPayload.errors"),
    (Role.INGEST, "{ customers { nodes { id } } }", "Customer.id"),
    (Role.MARKETER, '{ search(text: "ann") { score } }', "CustomerHit.score"),
    (Role.MARKETER, "{ customers { nodes { identifiers { nodes { value } } } } }",
     "Customer.identifiers"),
    (Role.ADMIN, "{ me { id } }", "Query.me"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "text", "field"), REFUSED)
async def test_a_field_that_is_not_for_a_role_is_refused_before_anything_is_read(
    ask_as: AskAs, role: Role, text: str, field: str
) -> None:
    answer = await ask_as(role, text)
    assert answer.data is None
    assert answer.codes == ["FORBIDDEN"]
    assert f"{role} may not ask for " in answer.errors[0]["message"]
    assert not table().may_see(role, field)
    assert answer.statements == []


async def test_a_refusal_names_all_fields_at_once(ask_as: AskAs) -> None:
    answer = await ask_as(Role.CUSTOMER, "{ me { household { id } counts { profiles } } }")
    assert answer.errors[0]["message"] == (
        "The role customer may not ask for Counts.profiles, Customer.counts, Customer.household, "
        "Household.id."
    )


async def test_another_operation_of_the_document_is_not_asked_for(services: Services) -> None:
    both = "query Mine { __typename } query Theirs { changes { nodes { by } } }"
    seller = Principal("sue", Role.SELLER)
    operations = Operations(lambda: services, 30)
    mine = await operations.answer(Asked(both, operation_name="Mine"), seller)
    assert (mine.data, mine.errors) == ({"__typename": "Query"}, None)
    theirs = await operations.answer(Asked(both, operation_name="Theirs"), seller)
    assert theirs.data is None


async def test_a_subscription_is_refused_as_well(services: Services) -> None:
    seller = Principal("sue", Role.SELLER)
    asked = Asked("subscription { changes { seq } }")
    found = [one async for one in Operations(lambda: services, 30).events(asked, seller)]
    assert [one.data for one in found] == [None]
    errors = found[0].errors or []
    assert [(error.extensions or {})["code"] for error in errors] == ["FORBIDDEN"]


# Values

WHOLE = """{ customers(first: 1) { nodes {
  displayName traits interactions { nodes { properties } }
} } }"""


async def shown(ask_as: AskAs, role: Role) -> Json:
    answer = await ask_as(role, WHOLE)
    assert answer.data is not None, answer.errors
    found: Json = answer.data["customers"]["nodes"][0]
    return found


async def test_a_marketer_sees_no_person(ask_as: AskAs) -> None:
    assert await shown(ask_as, Role.MARKETER) == {
        "displayName": "A•• S••",
        "traits": {"birthDate": "1980", "city": "Leeds", "firstName": "A••", "lastName": "S••"},
        "interactions": {"nodes": [{"properties": {"topic": "bill"}}]},
    }


async def test_a_seller_sees_whom_to_call(ask_as: AskAs) -> None:
    found = await shown(ask_as, Role.SELLER)
    assert found["displayName"] == "Ann Smith"
    assert found["traits"] == {
        "birthDate": "1980", "churnRisk": "••", "city": "Leeds", "firstName": "Ann",
        "lastName": "Smith", "notes": "rude", "street": "1 High St",
    }  # fmt: skip
    assert found["interactions"]["nodes"] == [{"properties": {"pin": "••", "topic": "bill"}}]


async def test_profiles_and_identifiers_are_masked_wherever_they_are_met(ask_as: AskAs) -> None:
    answer = await ask_as(
        Role.SELLER,
        """{ profile(source: "crm", sourceId: "c1") {
          traits identifiers { namespace value }
          customer { identifiers { nodes { value } } fields { name value others { value } } }
        } }""",
    )
    assert answer.data is not None, answer.errors
    found = answer.data["profile"]
    assert found["traits"]["birthDate"] == "1980"
    values = {one["namespace"]: one["value"] for one in found["identifiers"]}
    assert values == {"crmId": "C00017", "email": "ann@x.org", "ssn": "••"}
    assert "512345689" not in repr(found)
    assert "1980-02-03" not in repr(found)
    seen = await ask_as(
        Role.ANALYST,
        '{ identityGraph(of: {namespace: "email", value: "ann@x.org"}) '
        "{ identifiers { namespace value } profiles { traits } } }",
    )
    assert seen.data is not None, seen.errors
    graph = seen.data["identityGraph"]
    assert {"namespace": "ssn", "value": "••89"} in graph["identifiers"]
    assert graph["profiles"][0]["traits"]["street"] == "••"
    assert "notes" not in graph["profiles"][0]["traits"]


def where(text: str) -> str:
    return f"{{ customers(where: {{{text}}}) {{ totalCount }} }}"


MASKED = [
    (Role.SELLER, where('traits: [{name: "birthDate", gte: "1980"}]')),
    (Role.SELLER, where('not: {traits: [{name: "birthDate", present: true}]}')),
    (Role.MARKETER, where('traits: [{name: "lastName", startsWith: "s"}]')),
    (Role.MARKETER, where('or: [{identifiers: [{namespace: "email", value: "ann@x.org"}]}]')),
    (Role.MARKETER, where('identifiers: [{namespace: "ssn"}]')),
    (Role.MARKETER, "{ customers(orderBy: {field: NAME}) { nodes { id } } }"),
    (Role.MARKETER, '{ customer(identifier: {namespace: "email", value: "ann@x.org"}) { id } }'),
    (Role.SELLER, '{ identifier(namespace: "ssn", value: "512345689") { id } }'),
    (Role.ANALYST, '{ identityGraph(of: {namespace: "ssn", value: "512345689"}) { complete } }'),
]


@pytest.mark.parametrize(("role", "text"), MASKED)
async def test_what_is_masked_is_nothing_to_find_or_order_by(
    ask_as: AskAs, role: Role, text: str
) -> None:
    answer = await ask_as(role, text)
    assert answer.codes == ["MASKED"]
    assert answer.statements == []


async def test_a_search_finds_nobody_by_a_number_that_is_masked(ask_as: AskAs) -> None:
    text = "query($text: String!) { search(text: $text) { reasons { matched } } }"
    found: dict[Role, Any] = {}
    for role in (Role.ADMIN, Role.SELLER):
        answer = await ask_as(role, text, text="512345689")
        assert answer.data is not None, answer.errors
        found[role] = answer.data["search"]
    assert len(found[Role.ADMIN]) == 1
    assert found[Role.SELLER] == []
    card = await ask_as(Role.SELLER, text, text="C00017")
    assert card.data == {"search": [{"reasons": [{"matched": "crmId c00017"}]}]}


async def test_a_row_that_is_known_by_its_identifiers_is_not_looked_up_by_a_guess(
    ask_as: AskAs, ingest: Ingest
) -> None:
    [written] = await ingest([said(None, 1, "ssn:987654321", source="gov", firstName="Cleo")])
    shown_as = f'{{ node(id: "{written.profile}") {{ ... on Profile {{ sourceId }} }} }}'
    found = await ask_as(Role.ADMIN, shown_as)
    assert found.data is not None, found.errors
    guess = found.data["node"]["sourceId"]
    assert guess.startswith("~")
    assert len(guess) > 20
    text = "query($guess: String!) { %s }"
    asked = {
        "profile": 'profile(source: "gov", sourceId: $guess) { id }',
        "search": "search(text: $guess) { score }",
    }
    seen = await ask_as(Role.ADMIN, text % asked["profile"], guess=guess)
    assert seen.data == {"profile": {"id": written.profile}}
    refused = await ask_as(Role.SELLER, text % asked["profile"], guess=guess)
    assert (refused.data, refused.codes) == ({"profile": None}, ["MASKED"])
    hits = await ask_as(Role.SELLER, text % asked["search"], guess=guess)
    assert hits.data == {"search": []}
    assert (await ask_as(Role.SELLER, shown_as)).data == {"node": {"sourceId": "~••"}}
    log = "{ changes { nodes { profiles because } } }"
    assert guess[1:] in repr((await ask_as(Role.ADMIN, log)).data)
    assert guess[1:] not in repr((await ask_as(Role.ANALYST, log)).data)


async def test_that_there_is_something_is_told_to_whom_its_kind_is_for(
    ask_as: AskAs, ingest: Ingest
) -> None:
    [written] = await ingest([said("c9", 1, "crmId:C9", source="crm")])
    text = "query($id: ID!) { node(id: $id) { id } }"
    for known_by, role, there in (
        (written.profile, Role.SELLER, True),
        (written.profile, Role.MARKETER, False),
        (written.customer, Role.MARKETER, True),
        ("chg_1", Role.ANALYST, True),
        ("chg_1", Role.SELLER, False),
    ):
        answer = await ask_as(role, text, id=known_by)
        assert answer.data == {"node": {"id": known_by} if there else None}, (known_by, role)


async def test_nobody_writes_for_customers_but_themselves(ask_as: AskAs) -> None:
    text = """mutation { ingest(records: [{source: "self", sourceId: "x",
      identifiers: [{namespace: "email", value: "ann@x.org"}]}]) { errors { code } } }"""
    answer = await ask_as(Role.ADMIN, text)
    assert answer.data == {"ingest": {"errors": [{"code": "FOREIGN_SOURCE"}]}}
