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
  ... on Household { customers { displayName } }
  ... on Device { os identifier { value } } ... on Change { seq kind customer { id } } } }"""
IDS = """{ customers { nodes { id displayName household { id } profiles { nodes { id sourceId } }
  identifiers { nodes { id value } } interactions { nodes { id name } }
  devices { nodes { id } } } } changes { nodes { id } } }"""


def person(source_id: str, first_name: str) -> dict[str, Any]:
    """Somebody at one address, who ordered something."""
    return {
        "source": "crm",
        "sourceId": source_id,
        "at": AT,
        "identifiers": [{"namespace": "crmId", "value": source_id}],
        "device": {"namespace": "device", "value": f"d-{source_id}", "os": "iOS"},
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
    data = (await ask(IDS)).data
    found: list[dict[str, Any]] = data["customers"]["nodes"]
    for customer, change in zip(found, data["changes"]["nodes"], strict=True):
        customer["change"] = change
    assert [one["displayName"] for one in found] == ["Ann Smith", "Zoltan Smith"]
    return found


def ids_of(customer: dict[str, Any]) -> list[str]:
    """The id of each kind that a customer has."""
    return [
        customer["id"],
        customer["profiles"]["nodes"][0]["id"],
        next(one["id"] for one in customer["identifiers"]["nodes"] if one["value"][0] == "C"),
        customer["interactions"]["nodes"][0]["id"],
        customer["household"]["id"],
        customer["devices"]["nodes"][0]["id"],
        customer["change"]["id"],
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
    kinds = ["Customer", "Profile", "Identifier", "Interaction", "Household", "Device", "Change"]
    assert [node and node["__typename"] for node in nodes] == [*kinds, None, *kinds, "Customer"]
    customer, profile, identifier, interaction, household, device, change = nodes[8:15]
    assert customer["displayName"] == "Ann Smith"
    assert (profile["sourceId"], profile["customer"]["id"]) == ("C1", ann["id"])
    assert identifier["value"] == "C1"
    assert interaction["name"] == "Order"
    assert interaction["products"] == [{"key": "p1"}, {"key": "p2"}]
    names = [one["displayName"] for one in household["customers"]]
    assert names == ["Ann Smith", "Zoltan Smith"]
    assert (device["os"], device["identifier"]["value"]) == ("iOS", "d-C1")
    assert (change["seq"], change["kind"], change["customer"]["id"]) == (1, "CREATED", ann["id"])
    reads = [name for name in answer.statements if name != "customers/versions"]
    # The customers of the second round are those that profiles and households lead to.
    assert sorted(set(reads)) == [
        "changes/by_seq",
        "customers/by_ids",
        "customers/household_members",
        "identity/identifiers_by_key",
        "profiles/by_ids",
        "timeline/interactions_by_keys",
    ]
    assert reads.count("customers/by_ids") <= 2
    assert len([name for name in reads if name != "customers/by_ids"]) == 5


async def test_one_node_is_what_nodes_gives_for_its_id(
    ask: Ask, customers: list[dict[str, Any]]
) -> None:
    for one in ids_of(customers[0]):
        answer = await ask("query($id: ID!) { node(id: $id) { id } }", id=one)
        assert answer.data == {"node": {"id": one}}
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
        "chg_",
        "chg_0",
        "chg_-1",
        "chg_²",
        "chg_9999999999999999999",
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
    identifier = ids_of(customers[0])[2].removeprefix("idn_")
    moved = [f"{prefix}_{identifier}" for prefix in ("int", "dev")]
    assert (await ask(NODES, ids=moved)).data == {"nodes": [None, None]}


async def test_at_most_a_hundred_ids_are_looked_up_at_once(ask: Ask) -> None:
    assert (await ask(NODES, ids=["cus_x"] * 100)).data == {"nodes": [None] * 100}
    refused = await ask(NODES, ids=["cus_x"] * 101)
    assert refused.codes == ["INVALID_INPUT"]
    assert refused.statements == []
