"""What somebody can do who may write whatever they like, through a source that is not trusted."""

import random
from typing import Any

import orjson
import pytest

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, read_policy
from customers.ids import profile_id
from customers.ingest.ingest import ingest as ingest_raw
from customers.ingest.prepare import prepare
from customers.ingest.queue import Rejected
from customers.ingest.record import Record
from customers.ingest.state import TAKEN
from customers.ingest.writer import Written
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from cypher import Graph
from tests.conftest import Clusters, Ingest, Json, query, soon
from tests.rows import (
    born,
    bought,
    by_id,
    customers,
    gone,
    holders,
    people,
    resolved_again,
    said,
    snapshot,
    traits,
)
from tests.synthetic import stream

MAIL, CRM = "email:ann@x.org", "crmId:C1"
MAIL_KEY, CRM_KEY = "email|ann@x.org", "crmId|c1"
ANN = {"firstName": "Ann", "lastName": "Smith", "birthDate": "1980-02-03"}
BEN = {"firstName": "Ben", "lastName": "Jones", "birthDate": "1955-11-30"}
VICTIM = [
    said("c1", 1, CRM, MAIL, source="crm", **ANN),
    said("u1", 2, MAIL, source="shop", **ANN),
    said("t1", 3, CRM, source="till"),
]
OTHER = [
    said("c2", 1, "crmId:C2", "email:ben@x.org", source="crm", **BEN),
    said("u2", 2, "email:ben@x.org", source="shop", **BEN),
]


@pytest.fixture
def policy() -> Policy:
    """The default, but for browsers, which are not trusted."""
    return read_policy(f"{default_text()}\n[sources.browser]\ntrusted = false\n")


def browser(source_id: str | None, day: float, *identifiers: str, **parts: Any) -> Json:  # noqa: ANN401
    return said(source_id, day, *identifiers, source="browser", **parts)


async def shown(graph: Graph, customer: str) -> dict[str, Any]:
    """Golden traits of a customer."""
    found = await by_id(graph, customer)
    assert found is not None
    return {name: trait["value"] for name, trait in found.traits.items()}


# A claim


@pytest.mark.parametrize("claimed", [(MAIL,), (CRM,), (MAIL, CRM)])
@pytest.mark.parametrize("name", [{}, ANN, BEN, {"firstName": "Ann", "birthDate": "1999-09-09"}])
async def test_who_claims_a_victim_s_identifiers_changes_nothing_of_the_victim(
    ingest: Ingest, graph: Graph, policy: Policy, claimed: tuple[str, ...], name: dict[str, str]
) -> None:
    await ingest([*VICTIM, *OTHER])
    own = await born(graph)
    before = await shown(graph, own["c1"])
    [written] = await ingest([browser("x", 20, *claimed, **name)])
    # The answer tells nothing but the profile that was written.
    assert written.customer is None
    assert written.profile == profile_id((await born(graph))["x"])
    after = await customers(graph)
    assert {one: after[one] for one in ("c1", "u1", "t1", "c2", "u2")} == {
        "c1": own["c1"],
        "u1": own["c1"],
        "t1": own["c1"],
        "c2": own["c2"],
        "u2": own["c2"],
    }
    assert await shown(graph, own["c1"]) == before
    assert (await people(graph, MAIL_KEY), await people(graph, CRM_KEY)) == ((1, False), (1, False))
    assert not (await resolved_again(graph, policy)).did_anything


async def test_nobody_is_told_of_a_victim_when_the_claim_is_made_again(ingest: Ingest) -> None:
    await ingest(VICTIM)
    records = [browser("x", 20, MAIL), browser("x", 20, MAIL, interaction=bought("o-9", 20))]
    first, again = await ingest(records), await ingest(records)
    assert [one.known for one in (*first, *again)] == [False, False, True, True]
    assert {one.customer for one in (*first, *again)} == {None}


@pytest.mark.parametrize("crowd", [6, 60])
async def test_fake_names_on_a_victim_s_identifiers_make_no_crowd(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy, crowd: int
) -> None:
    await ingest(VICTIM)
    own = await born(graph)
    rng = random.Random(1)
    fakes = [
        browser(
            f"x{n}", 20, MAIL, CRM, f"userId:fake{n}", firstName=_name(rng), lastName=_name(rng)
        )
        for n in range(crowd)
    ]
    await ingest(fakes)
    assert (await people(graph, MAIL_KEY), await people(graph, CRM_KEY)) == ((1, False), (1, False))
    assert {
        frozenset(cluster - {f"x{n}" for n in range(crowd)}) for cluster in await clusters()
    } == {
        frozenset(["c1", "u1", "t1"]),
        frozenset(),
    }
    # The e-mail still tells who somebody is to whom a trusted source says it.
    [written] = await ingest([said("u9", 21, MAIL, source="shop")])
    assert written.customer == own["c1"]
    assert not (await resolved_again(graph, policy)).did_anything


def _name(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstv") + rng.choice("aeiou") for _ in range(4))


async def test_fake_names_that_were_there_first_count_until_somebody_trusted_comes(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    rng = random.Random(2)
    await ingest([browser(f"x{n}", 1, MAIL, firstName=_name(rng)) for n in range(8)])
    assert await people(graph, MAIL_KEY) == (8, True)
    await ingest([VICTIM[1]])
    assert await people(graph, MAIL_KEY) == (1, False)
    await ingest([VICTIM[0]])
    own = await born(graph)
    assert {(await customers(graph))[one] for one in ("c1", "u1")} == {own["u1"]}
    assert not (await resolved_again(graph, policy)).did_anything
    # And again, once nobody trusted says it any more.
    await ingest([gone("u1", 9, source="shop"), gone("c1", 9, source="crm")])
    assert await people(graph, MAIL_KEY) == (8, True)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_one_who_names_two_victims_merges_nobody(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([*VICTIM, *OTHER])
    own = await born(graph)
    await ingest(
        [
            browser("x", 20, MAIL, "email:ben@x.org"),
            browser("y", 20, CRM, "crmId:C2"),
            browser("z", 20, MAIL, "crmId:C2", "cookie:k"),
            browser("w", 20, "cookie:k", "email:ben@x.org"),
        ],
        size=1,
    )
    found = await customers(graph)
    assert {found["c1"], found["u1"], found["t1"]} == {own["c1"]}
    assert {found["c2"], found["u2"]} == {own["c2"]}
    assert (await holders(graph, CRM_KEY))[0] == own["c1"]
    assert not (await resolved_again(graph, policy)).did_anything


async def test_two_who_are_nobody_s_enemies_are_not_merged_by_a_stranger_either(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    # Nothing tells these two apart but that nothing says that they are one.
    await ingest(
        [said("a", 1, MAIL, source="shop"), said("b", 1, "phone:+12125550101", source="shop")]
    )
    own = await born(graph)
    bridge = browser("x", 20, MAIL, "phone:+12125550101")
    await ingest([bridge])
    found = await customers(graph)
    assert (found["a"], found["b"]) == (own["a"], own["b"])
    assert not (await resolved_again(graph, policy)).did_anything
    # A trusted source that says the same is believed.
    await ingest([bridge | {"source": "shop"}])
    found = await customers(graph)
    assert (found["a"], found["b"]) == (own["a"], own["a"])


async def test_an_anonymous_visit_is_linked_all_the_same(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest(VICTIM)
    own = await born(graph)
    await ingest([browser("login", 20, MAIL, "cookie:k1"), browser("visit", 21, "cookie:k1")])
    found = await customers(graph)
    assert (found["login"], found["visit"]) == (own["c1"], own["c1"])
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_name_and_a_birth_date_alone_bring_a_stranger_to_nobody(
    ingest: Ingest, graph: Graph
) -> None:
    home = {"street": "7 High Street", "city": "Leeds"}
    await ingest([said("c1", 1, CRM, source="crm", **ANN, **home)])
    own = await born(graph)
    await ingest([browser("x", 20, **ANN, **home)])
    assert (await customers(graph))["x"] == (await born(graph))["x"] != own["c1"]
    held = await query(graph, "MATCH (p:Profile {source: 'browser'})-[:HAS_KEY]->(k) RETURN k.key")
    assert held == []


async def test_trusted_profiles_are_one_as_if_nobody_else_had_written(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    records = stream(25, 4).records
    await ingest(records)
    expected = await clusters()
    counted = await _counts(graph)
    own = {one["sourceId"] for one in records}
    assert "browser" not in {one["source"] for one in records}
    rng = random.Random(5)
    known = [one for record in records for one in record["identifiers"]]
    attacks = [
        browser(f"attack{n}", 20, firstName=_name(rng), lastName=_name(rng))
        | {"identifiers": rng.sample(known, rng.randint(1, 4))}
        for n in range(80)
    ]
    await ingest(attacks, size=17)
    assert {frozenset(cluster & own) for cluster in await clusters()} - {frozenset()} == expected
    after = await _counts(graph)
    assert {key: after[key] for key in counted} == counted


async def _counts(graph: Graph) -> dict[str, tuple[int, bool]]:
    rows = await query(
        graph, "MATCH (i:Identifier) RETURN i.key AS key, i.people AS people, i.generic AS generic"
    )
    return {row["key"]: (row["people"], row["generic"]) for row in rows}


async def test_a_victim_keeps_the_id_even_if_the_attacker_was_there_first(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest([browser("x", 1, "cookie:k")])
    await ingest(VICTIM)
    own = await born(graph)
    await ingest([browser("x", 20, MAIL)])
    found = await customers(graph)
    assert [found[one] for one in ("c1", "u1", "t1")] == [own["c1"]] * 3


# What is nobody's but theirs


async def test_where_nobody_trusted_holds_an_identifier_the_others_count(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest(
        [browser(f"x{n}", n + 1, "cookie:kiosk", f"email:p{n}@x.org") for n in range(6)], size=2
    )
    assert await people(graph, "cookie|kiosk") == (6, True)
    assert await customers(graph) == await born(graph)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_values_that_are_not_trusted_fill_gaps_and_never_win(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest(VICTIM)
    own = (await born(graph))["c1"]
    await ingest(
        [browser("x", 20, MAIL, lastName="Smith", firstName="Annie", favourite="tea", city="Leeds")]
    )
    assert (await customers(graph))["x"] == own
    assert await shown(graph, own) == {**ANN, "favourite": "tea", "city": "Leeds"}
    found = await by_id(graph, own)
    assert found is not None
    assert found.traits["city"]["source"] == "browser"
    assert {(one["value"], one["source"]) for one in found.traits["firstName"]["others"]} == {
        ("Ann", "shop"),
        ("Annie", "browser"),
    }
    # A trusted value takes the place, however old it is.
    await ingest([said("u1", 0, MAIL, source="shop", city="York")])
    assert (await shown(graph, own))["city"] == "York"
    assert not (await resolved_again(graph, policy)).did_anything


# What is refused


@pytest.mark.parametrize("record", [snapshot("x", 9, MAIL), gone("x", 9)])
async def test_such_a_source_can_neither_replace_nor_delete(
    services: Services, graph: Graph, policy: Policy, record: Json
) -> None:
    told = "the source browser is not trusted: it can neither replace nor delete"
    own = browser("x", 1, MAIL, city="Leeds")
    with pytest.raises(InvalidInputError, match=told):
        prepare(Record.model_validate(record | {"source": "browser"}), policy, 0)
    outcomes = await ingest_raw(
        services.writer, policy, [own, record | {"source": "browser"}], DEVELOPER, soon()
    )
    assert isinstance(outcomes[0], Written)
    assert outcomes[1] == Rejected(told, "INVALID_RECORD")
    assert await traits(graph, "x", "browser") == {"city": ["Leeds"]}
    # A trusted one may, and not what is another source's.
    [outcome] = await ingest_raw(
        services.writer, policy, [record | {"source": "shop"}], DEVELOPER, soon()
    )
    assert isinstance(outcome, Written)
    assert await traits(graph, "x", "browser") == {"city": ["Leeds"]}


@pytest.mark.parametrize(
    ("source", "source_id"),
    [("browser", "c1"), ("browser", "crm|c1"), ("browser", "../crm|c1"), ("browser", "~t|c1")],
)
async def test_a_chosen_id_is_never_another_source_s_row(
    ingest: Ingest, graph: Graph, source: str, source_id: str
) -> None:
    await ingest(VICTIM)
    before = await _row(graph, "crm|c1")
    await ingest(
        [said(source_id, 20, "crmId:EVIL", source=source, lastName="Evil", firstName="Eve")]
    )
    assert await _row(graph, "crm|c1") == before
    rows = await query(graph, "MATCH (p:Profile {source: 'browser'}) RETURN p.sourceId AS id")
    assert rows == [{"id": source_id}]


async def _row(graph: Graph, key: str) -> Json:
    rows = await query(
        graph,
        "MATCH (p:Profile {key: $key})-[r]->(x) RETURN p {.*} AS p, r {.*} AS r, x.key AS to "
        "ORDER BY to",
        key=key,
    )
    return {"rows": rows}


async def test_a_device_that_a_trusted_source_described_keeps_its_name(
    ingest: Ingest, graph: Graph
) -> None:
    phone = {"namespace": "device", "value": "d1"}
    await ingest([browser("a", 1, device=phone | {"os": "Evil", "browser": "Old"})])
    await ingest([said("app", 2, source="app", device=phone | {"os": "iOS"})])
    await ingest([browser("b", 9, device=phone | {"os": "Evil", "browser": "New"})])
    [found] = await query(graph, "MATCH (i:Identifier) RETURN i.os AS os, i.browser AS browser")
    assert found == {"os": "iOS", "browser": "New"}


async def test_whose_an_interaction_s_id_is_nobody_learns_through_such_a_source(
    services: Services, policy: Policy
) -> None:
    taken = {"source": "browser", "sourceId": "mine", "interaction": bought("o-1", 1)}
    await ingest_raw(services.writer, policy, [taken], DEVELOPER, soon())
    again = taken | {"sourceId": "other"}
    for source, told in (("browser", []), (None, [TAKEN])):
        caller = Principal("web", Role.INGEST, source=source)
        [written] = await ingest_raw(services.writer, policy, [again], caller, soon())
        assert isinstance(written, Written)
        assert [one.reason for one in written.refused] == told


async def test_an_interaction_s_id_of_another_source_or_profile_overwrites_nothing(
    ingest: Ingest, graph: Graph
) -> None:
    await ingest(
        [
            said("c1", 1, CRM, source="crm", interaction=bought("o-1", 1)),
            browser("mine", 1, "cookie:k1", interaction=bought("o-1", 1, name="Mine")),
        ]
    )
    evil = bought("o-1", 20, name="Evil", amount=999)
    first, second, third = await ingest(
        [
            browser("x", 20, interaction=evil),
            browser("y", 20, interaction=bought("crm|o-1", 20, name="Evil")),
            browser("mine", 20, interaction=evil),
        ]
    )
    assert [(one.what, one.value, one.reason) for one in first.refused] == [
        ("interaction", "Evil", TAKEN)
    ]
    assert (second.refused, third.refused, third.known) == ((), (), True)
    rows = await query(
        graph, "MATCH (n:Interaction) RETURN n.key AS key, n.name AS name, n.amount AS amount"
    )
    assert sorted((row["key"], row["name"], row["amount"]) for row in rows) == [
        ("browser|crm%7Co-1", "Evil", 500),
        ("browser|o-1", "Mine", 500),
        ("crm|o-1", "Order Completed", 500),
    ]
    totals = await query(graph, "MATCH (p:Profile {source: 'crm'}) RETURN p.totals AS totals")
    assert orjson.loads(totals[0]["totals"]) == {"track": {"EUR": 500, "count": 1}}


async def test_what_a_stranger_says_of_a_device_names_nobody(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([*VICTIM, said("u1", 3, "device:d1", source="shop")])
    own = await born(graph)
    await ingest([browser(f"x{n}", 20, "device:d1", f"email:f{n}@x.org") for n in range(7)])
    assert await people(graph, "device|d1") == (1, False)
    found = await customers(graph)
    assert {found[one] for one in ("c1", "u1", "t1")} == {own["c1"]}
    assert not (await resolved_again(graph, policy)).did_anything
