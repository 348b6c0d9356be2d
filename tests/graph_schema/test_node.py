"""Query.node and Query.nodes: anything by its id, in order, with one statement a kind."""

from typing import Any

import pytest

from customers.ids import IDENTIFIER, SealedIds
from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask

AT = "2026-01-01T00:00:00Z"
NODES = """query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
  ... on Customer { displayName } ... on Profile { sourceId customer { id } }
  ... on Identifier { value } ... on Interaction { name products { key } }
  ... on Household { customers { displayName } } } }"""
IDS = """{ customers { nodes { id displayName household { id } profiles { nodes { id sourceId } }
  identifiers { nodes { id value } } interactions { nodes { id name } } } } }"""


def person(source_id: str, first_name: str) -> dict[str, Any]:
    """Somebody at one address, who ordered something."""
    return {
        "source": "crm",
        "sourceId": source_id,
        "at": AT,
        "identifiers": [{"namespace": "crmId", "value": source_id}],
        "traits": {
            "firstName": first_name,
            "lastName": "Smith",
            "birthDate": f"198{source_id[-1]}-02-03",
            "street": "1 High St",
            "city": "Leeds",
            "postalCode": "LS1",
            "country": "GB",
        },
        "interaction": {
            "id": f"o-{source_id}",
            "name": "Order",
            "products": [{"key": "p1"}, {"key": "p2"}],
        },
    }


@pytest.fixture
async def customers(ingest: Ingest, ask: Ask) -> list[dict[str, Any]]:
    """Two of one household, as the connections show them."""
    await ingest([person("C1", "Ann"), person("C2", "Zoltan")])
    found: list[dict[str, Any]] = (await ask(IDS)).data["customers"]["nodes"]
    assert [one["displayName"] for one in found] == ["Ann Smith", "Zoltan Smith"]
    return found


def ids_of(customer: dict[str, Any]) -> list[str]:
    """The id of each kind that a customer has."""
    return [
        customer["id"],
        customer["profiles"]["nodes"][0]["id"],
        customer["identifiers"]["nodes"][0]["id"],
        customer["interactions"]["nodes"][0]["id"],
        customer["household"]["id"],
    ]


async def test_every_kind_of_id_that_is_given_out_is_found_in_order_one_statement_a_kind(
    ask: Ask, customers: list[dict[str, Any]]
) -> None:
    ann, zoltan = customers
    ids = [*ids_of(zoltan), "cus_nobody", *ids_of(ann), ann["id"]]
    answer = await ask(NODES, ids=ids)
    nodes = answer.data["nodes"]
    assert [node and node["id"] for node in nodes] == [
        None if one == "cus_nobody" else one for one in ids
    ]
    kinds = ["Customer", "Profile", "Identifier", "Interaction", "Household"]
    assert [node and node["__typename"] for node in nodes] == [*kinds, None, *kinds, "Customer"]
    assert nodes[6]["displayName"] == "Ann Smith"
    assert (nodes[7]["sourceId"], nodes[7]["customer"]["id"]) == ("C1", ann["id"])
    assert nodes[8]["value"] == "C1"
    assert nodes[9]["name"] == "Order"
    assert nodes[9]["products"] == [{"key": "p1"}, {"key": "p2"}]
    assert [one["displayName"] for one in nodes[10]["customers"]] == ["Ann Smith", "Zoltan Smith"]
    reads = [name for name in answer.statements if name != "customers/versions"]
    # The customers of the second round are those that profiles and households lead to.
    assert sorted(set(reads)) == [
        "customers/by_ids",
        "customers/household_members",
        "identity/identifiers_by_key",
        "profiles/by_ids",
        "timeline/interactions_by_keys",
    ]
    assert reads.count("customers/by_ids") <= 2
    assert len([name for name in reads if name != "customers/by_ids"]) == 4


async def test_one_node_is_what_nodes_gives_for_its_id(
    ask: Ask, customers: list[dict[str, Any]]
) -> None:
    for id in ids_of(customers[0]):
        answer = await ask("query($id: ID!) { node(id: $id) { id } }", id=id)
        assert answer.data == {"node": {"id": id}}
        assert len(answer.statements) == 1


@pytest.mark.parametrize(
    "id",
    [
        "",
        "_",
        "cus_",
        "cus_nobody",
        "prf_nobody",
        "hh_nobody",
        "idn_",
        "idn_é",
        "idn_nobody",
        "int_bm9ib2R5",
        "nobody",
        "Q3VzdG9tZXI6MQ==",
        SealedIds(b"another secret, of another server").seal(IDENTIFIER, "crmId|C1"),
    ],
)
async def test_an_id_that_nothing_has_is_null(
    ask: Ask, customers: list[dict[str, Any]], id: str
) -> None:
    assert (await ask(NODES, ids=[id])).data == {"nodes": [None]}


async def test_an_id_of_one_kind_is_no_id_of_another(
    ask: Ask, customers: list[dict[str, Any]]
) -> None:
    identifier = customers[0]["identifiers"]["nodes"][0]["id"]
    moved = "int_" + identifier.removeprefix("idn_")
    assert (await ask(NODES, ids=[moved])).data == {"nodes": [None]}


async def test_at_most_a_hundred_ids_are_looked_up_at_once(ask: Ask) -> None:
    assert (await ask(NODES, ids=["cus_x"] * 100)).data == {"nodes": [None] * 100}
    refused = await ask(NODES, ids=["cus_x"] * 101)
    assert refused.codes == ["INVALID_INPUT"]
    assert refused.statements == []
