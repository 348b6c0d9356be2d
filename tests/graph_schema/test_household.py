"""Customer.household: who a customer lives with."""

from typing import Any

from tests.conftest import Ingest, Json
from tests.graph_schema.conftest import Ask
from tests.rows import said

VIEW = """query View($of: IdentifierInput!) {
  customer(identifier: $of) { id displayName household { id customers { id displayName } } }
}"""
HOME = {"street": "7 High Street", "city": "Leeds"}


def of(crm_id: str) -> Json:
    """How to ask for somebody."""
    return {"namespace": "crmId", "value": crm_id}


def person(name: str, family: str = "Smith", **more: Any) -> Json:  # noqa: ANN401
    """A CRM row of somebody by first name."""
    return said(name, 1, f"crmId:{name}", firstName=name.title(), lastName=family, **more)


async def test_a_household_names_its_customers_the_longest_known_first(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([person("ann", **HOME), person("leo", "Jones", **HOME), person("ben", **HOME)])
    answer = await ask(VIEW, of=of("ben"))
    assert answer.statements == [
        "customers/by_identifiers",
        "customers/household_members",
        "customers/by_ids",
        "customers/versions",
    ]
    ben = answer.data["customer"]
    ann, also_ben = ben["household"]["customers"]
    assert (ann["displayName"], also_ben["displayName"]) == ("Ann Smith", "Ben Smith")
    assert also_ben["id"] == ben["id"] != ann["id"]
    assert ben["household"]["id"] == ann["id"].replace("cus_", "hh_")
    anns = (await ask(VIEW, of=of("ann"))).data["customer"]
    assert anns["household"] == ben["household"]


async def test_who_lives_with_nobody_has_none_and_nobody_is_asked_for(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([person("ann", **HOME), person("leo", "Jones", **HOME)])
    answer = await ask(VIEW, of=of("ann"))
    assert answer.data["customer"]["household"] is None
    assert answer.statements == ["customers/by_identifiers"]


async def test_the_households_of_many_customers_are_read_together(ask: Ask, ingest: Ingest) -> None:
    records = [
        person(f"{name}{n}", f"Smi{'bdfgk'[n]}en", street=f"{n + 1} High Street", city="Leeds")
        for n in range(5)
        for name in ("ann", "ben")
    ]
    await ingest(records)
    answer = await ask("{ customers { nodes { id household { customers { id } } } } }")
    nodes = answer.data["customers"]["nodes"]
    assert len(nodes) == 10
    pairs = {tuple(one["id"] for one in node["household"]["customers"]) for node in nodes}
    assert len(pairs) == 5
    assert {one for pair in pairs for one in pair} == {node["id"] for node in nodes}
    assert answer.statements.count("customers/household_members") == 1
    assert answer.statements.count("customers/by_ids") <= 1


async def test_the_id_alone_asks_for_no_members(ask: Ask, ingest: Ingest) -> None:
    await ingest([person("ann", **HOME), person("ben", **HOME)])
    answer = await ask(
        "query($of: IdentifierInput!) { customer(identifier: $of) { household { id } } }",
        of=of("ben"),
    )
    assert answer.data["customer"]["household"]["id"].startswith("hh_")
    assert answer.statements == ["customers/by_identifiers"]
