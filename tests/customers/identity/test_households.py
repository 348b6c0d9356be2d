"""Who lives together: one family name and an address, a landline or a mailbox that they share."""

from itertools import permutations
from typing import Any

import pytest

from customers.household import household_members
from customers.identity.component import Held, Member
from customers.identity.households import households
from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, read_policy
from customers.ids import household_id
from customers.traits import dumps
from cypher import Graph
from tests.conftest import Clusters, Ingest, Json, query
from tests.customers.ingest.test_writer import dump
from tests.rows import (
    born,
    by_id,
    customers,
    gone,
    people,
    reading,
    resolved_again,
    said,
    snapshot,
)
from tests.traits import said as traits_of

HIGH, LOW = "~address|leeds/7/high", "~address|york/1/low"
LINE, MAIL = "phone|+12125550101", "email|smiths@x.org"
AT_HIGH: dict[str, Any] = {"street": "7 High Street", "city": "Leeds"}
AT_LOW: dict[str, Any] = {"street": "1 Low Road", "city": "York"}


# The pure function


def member(number: int, family: str | None, *keys: str, source: str = "crm") -> Member:
    """A profile, and a customer of it alone."""
    return Member(
        key=f"crm|{number}",
        number=number,
        customer_id=f"cus_{number}",
        source=source,
        traits=dumps(traits_of((0, {"lastName": family} if family else {}))),
        customer=None,
        held=tuple(Held(key, None, generic=False) for key in keys),
    )


def found(policy: Policy, *parts: list[Member], people: dict[str, int] | None = None) -> Json:
    """The numbers of the customers by the number of the household, each from its id."""
    counts = {HIGH: 3, LOW: 3, LINE: 3, MAIL: 3} if people is None else people
    homes: dict[str, list[str]] = {}
    for customer, home in households(parts, counts, policy).items():
        homes.setdefault(home.removeprefix("hh_"), []).append(customer.removeprefix("cus_"))
    return homes


@pytest.mark.parametrize("shared", [HIGH, LINE, MAIL])
def test_one_family_name_and_something_of_the_home_make_a_household(
    policy: Policy, shared: str
) -> None:
    parts = [[member(1, "Smith", shared)], [member(2, "Smith", shared)]]
    assert found(policy, *parts) == {"1": ["1", "2"]}


@pytest.mark.parametrize("other", ["Jones", None])
def test_another_family_name_or_none_does_not_live_there(policy: Policy, other: str | None) -> None:
    parts = [[member(1, "Smith", HIGH, LINE)], [member(2, other, HIGH, LINE)]]
    assert found(policy, *parts) == {}


def test_a_house_known_by_its_city_is_a_home_unless_it_has_two_postal_codes(
    policy: Policy,
) -> None:
    city = "~address|berlin/5/haup"
    one = [member(1, "Smith", city, "~address|10827/5/haup")]
    other = [member(2, "Smith", city, "~address|13158/5/haup")]
    no_code = [member(3, "Smith", city)]
    elsewhere = [member(4, "Smith", city, "~address|80331/9/mari")]
    assert found(policy, one, no_code, elsewhere) == {"1": ["1", "3", "4"]}
    for parts in permutations([one, other, no_code]):
        assert found(policy, *parts) == {}


@pytest.mark.parametrize(("one", "other"), [("Smith", "SMYTH"), ("Müller", "Mueller")])
def test_a_family_name_may_be_written_in_two_ways(policy: Policy, one: str, other: str) -> None:
    assert found(policy, [member(1, one, HIGH)], [member(2, other, HIGH)]) == {"1": ["1", "2"]}


@pytest.mark.parametrize("shared", ["crmId|c1", "cookie|k", "device|d", "ssn|1", "~nameAddress|x"])
def test_nothing_but_an_address_a_mailbox_and_a_telephone_is_of_a_home(
    policy: Policy, shared: str
) -> None:
    parts = [[member(1, "Smith", shared)], [member(2, "Smith", shared)]]
    assert found(policy, *parts, people={shared: 2}) == {}


def test_a_mailbox_or_telephone_of_one_person_is_no_home(policy: Policy) -> None:
    parts = [[member(1, "Smith", LINE, MAIL)], [member(2, "Smith", LINE, MAIL)]]
    assert found(policy, *parts, people={LINE: 1, MAIL: 1}) == {}
    assert found(policy, *parts, people={LINE: 2, MAIL: 1}) == {"1": ["1", "2"]}


def test_what_is_generic_is_no_home(policy: Policy) -> None:
    crowd = (Held(HIGH, 40, generic=True), Held(LINE, 40, generic=True))
    parts = [[member(n, "Smith")._replace(held=crowd)] for n in (1, 2)]
    assert found(policy, *parts, people={}) == {}


def test_who_shares_with_one_and_another_lives_with_both(policy: Policy) -> None:
    parts = [
        [member(1, "Smith", HIGH)],
        [member(2, "Smith", LINE)],
        [member(3, "Smith", HIGH), member(4, "Smith", LINE)],
        [member(5, "Jones", HIGH, LINE)],
        [member(6, "Jones", LOW)],
    ]
    assert found(policy, *parts) == {"1": ["1", "2", "3"]}


def test_who_has_two_family_names_lives_with_both_families(policy: Policy) -> None:
    parts = [
        [member(1, "Smith", HIGH)],
        [member(2, "Smith", HIGH), member(3, "Jones", HIGH)],
        [member(4, "Jones", HIGH)],
    ]
    assert found(policy, *parts) == {"1": ["1", "2", "4"]}


def test_a_household_goes_by_its_lowest_customer_in_whatever_order_they_come(
    policy: Policy,
) -> None:
    parts = [
        [member(7, "Smith", LINE)],
        [member(3, "Smith", LINE, HIGH)],
        [member(5, "Smith", HIGH)],
        [member(9, "Jones", HIGH, LOW)],
        [member(8, "Jones", LOW)],
    ]
    for order in permutations(parts):
        homes = {home: sorted(inside) for home, inside in found(policy, *order).items()}
        assert homes == {"3": ["3", "5", "7"], "8": ["8", "9"]}


def test_nobody_lives_together_without_a_field_of_family_names(policy: Policy) -> None:
    fields = {name: one for name, one in policy.fields.items() if one.kind != "family"}
    nameless = Policy(namespaces=policy.namespaces, fields=fields)
    parts = [[member(1, "Smith", HIGH)], [member(2, "Smith", HIGH)]]
    assert found(nameless, *parts) == {}


# In the graph


async def homes(graph: Graph) -> dict[str, str]:
    """The household of every open customer that has one, by the sourceIds of its profiles."""
    rows = await query(
        graph,
        "MATCH (c:Customer)<-[:BELONGS_TO]-(p:Profile) "
        "RETURN c.id AS id, c.household AS home, p.sourceId AS profile",
    )
    found: dict[str, tuple[str | None, list[str]]] = {}
    for row in rows:
        found.setdefault(row["id"], (row["home"], []))[1].append(row["profile"])
    shown = {"+".join(sorted(profiles)): home for home, profiles in found.values() if home}
    # The property and the relationship say the same, and nobody else lives anywhere.
    lived = await query(
        graph,
        "MATCH (c:Customer)-[r:LIVES_IN]->(h:Household) RETURN c.id AS c, h.id AS h, r.key AS k",
    )
    assert sorted((row["c"], row["h"]) for row in lived) == sorted(
        (customer, home) for customer, (home, _) in found.items() if home
    )
    assert all(row["k"] == row["c"] for row in lived)
    closed = "MATCH (c:Customer) WHERE c.closedAt IS NOT NULL AND c.household IS NOT NULL RETURN c"
    assert await query(graph, closed) == []
    return shown


def person(name: str, day: float = 1, family: str = "Smith", **more: Any) -> Json:  # noqa: ANN401
    """A CRM row of somebody by first name."""
    identifiers = more.pop("identifiers", ())
    traits = {"firstName": name.title(), "lastName": family} | more
    return said(name, day, f"crmId:{name}", *identifiers, source="crm", **traits)


async def test_a_family_at_one_address_is_a_household_and_stays_three_people(
    ingest: Ingest, graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await ingest([person("ann", **AT_HIGH), person("ben", **AT_HIGH), person("ida", **AT_LOW)])
    await ingest([person("leo", family="Jones", **AT_HIGH), person("tim", **AT_HIGH)])
    own = await born(graph)
    home = household_id(own["ann"])
    assert await homes(graph) == {"ann": home, "ben": home, "tim": home}
    assert await clusters() == {frozenset([one]) for one in ("ann", "ben", "ida", "leo", "tim")}
    found = await by_id(graph, own["tim"])
    assert found is not None
    assert found.household == home
    assert await household_members(reading(graph), [home, "hh_none"]) == [
        [own["ann"], own["ben"], own["tim"]],
        [],
    ]
    assert not (await resolved_again(graph, policy)).did_anything


@pytest.mark.parametrize("shared", ["phone:+12125550101", "email:smiths@x.org"])
async def test_a_landline_or_a_mailbox_of_several_people_makes_a_household(
    ingest: Ingest, graph: Graph, clusters: Clusters, shared: str
) -> None:
    await ingest([person("ann", identifiers=[shared])])
    assert await homes(graph) == {}
    await ingest([person("ben", identifiers=[shared])])
    await ingest([person("leo", family="Jones", identifiers=[shared])])
    home = household_id((await born(graph))["ann"])
    assert await homes(graph) == {"ann": home, "ben": home}
    assert await clusters() == {frozenset(["ann"]), frozenset(["ben"]), frozenset(["leo"])}


async def test_a_house_of_a_crowd_is_no_household(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    names = ["ann", "ben", "cara", "dora", "emil"]
    await ingest([person(name, **AT_HIGH) for name in names])
    home = household_id((await born(graph))["ann"])
    assert await homes(graph) == dict.fromkeys(names, home)
    await ingest([person("fritz", **AT_HIGH)])
    assert await people(graph, HIGH) == (6, True)
    assert await homes(graph) == {}
    assert await household_members(reading(graph), [home]) == [[]]
    # And back, when one moves away.
    await ingest([snapshot("ben", 5, "crmId:ben", source="crm", firstName="Ben", **AT_LOW)])
    assert await homes(graph) == dict.fromkeys(["ann", "cara", "dora", "emil", "fritz"], home)
    assert not (await resolved_again(graph, policy)).did_anything


async def test_whoever_came_first_a_household_has_the_id_of_its_lowest_customer(
    ingest: Ingest, graph: Graph
) -> None:
    # Ann is the lowest, and the last to be known to live there.
    await ingest([person("ann"), person("ben", **AT_HIGH), person("tim", **AT_HIGH)], size=1)
    own = await born(graph)
    assert await homes(graph) == dict.fromkeys(["ben", "tim"], household_id(own["ben"]))
    await ingest([person("ann", 2, **AT_HIGH)])
    assert await homes(graph) == dict.fromkeys(["ann", "ben", "tim"], household_id(own["ann"]))


async def test_who_moves_leaves_the_household(ingest: Ingest, graph: Graph, policy: Policy) -> None:
    names = ["ann", "ben", "tim"]
    await ingest([person(name, **AT_HIGH) for name in names])
    own = await born(graph)
    versions = {name: await _version(graph, own[name]) for name in names}
    moved = snapshot(
        "ann", 5, "crmId:ann", source="crm", firstName="Ann", lastName="Smith", **AT_LOW
    )
    await ingest([moved])
    assert await homes(graph) == dict.fromkeys(["ben", "tim"], household_id(own["ben"]))
    # Whoever reads one of them while that happens sees that the answer is of two moments.
    for name in names:
        assert await _version(graph, own[name]) > versions[name]
    assert not (await resolved_again(graph, policy)).did_anything
    last = snapshot(
        "tim", 6, "crmId:tim", source="crm", firstName="Tim", lastName="Smith", **AT_LOW
    )
    await ingest([last])
    assert await homes(graph) == dict.fromkeys(["ann", "tim"], household_id(own["ann"]))
    assert not (await resolved_again(graph, policy)).did_anything


async def _version(graph: Graph, customer: str) -> int:
    found = await by_id(graph, customer)
    assert found is not None
    return found.version


async def test_two_who_turn_out_to_be_one_leave_one_place_in_the_household(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([person("ann", **AT_HIGH), person("ben", **AT_HIGH)])
    await ingest([said("ben2", 1, firstName="Ben", lastName="Smith", **AT_HIGH)])
    own = await born(graph)
    home = household_id(own["ann"])
    assert await customers(graph) == {"ann": own["ann"], "ben": own["ben"], "ben2": own["ben"]}
    assert await homes(graph) == {"ann": home, "ben+ben2": home}
    # Alone as two, and one person as one: nobody lives with themselves.
    await ingest([gone("ann", 5, source="crm")])
    assert await homes(graph) == {}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_household_ends_with_a_customer_who_is_deleted(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([person("ann", **AT_HIGH), person("ben", **AT_HIGH)])
    own = await born(graph)
    home = household_id(own["ann"])
    await ingest([gone("ann", 5, source="crm")])
    assert await homes(graph) == {}
    assert await household_members(reading(graph), [home]) == [[]]
    # Who comes back without an address lives with nobody.
    await ingest([person("ann", 6)])
    assert await homes(graph) == {}
    await ingest([person("ann", 7, **AT_HIGH)])
    assert await homes(graph) == {"ann": home, "ben": home}
    assert not (await resolved_again(graph, policy)).did_anything


async def test_what_nobody_moved_for_writes_no_household(ingest: Ingest, graph: Graph) -> None:
    records = [person("ann", **AT_HIGH), person("ben", **AT_HIGH)]
    await ingest(records)
    before = await dump(graph)
    await ingest(records)
    assert await dump(graph) == before
    own = await born(graph)
    version = await _version(graph, own["ben"])
    await ingest([person("ann", 2, plan="paid")])
    assert await _version(graph, own["ben"]) == version


async def test_whom_nobody_trusts_moves_in_with_nobody(ingest: Ingest, graph: Graph) -> None:
    guarded = read_policy(f"{default_text()}\n[sources.browser]\ntrusted = false\n")
    line, mail = "phone:+12125550101", "email:smiths@x.org"
    await ingest(
        [person("ann", identifiers=[line, mail]), person("ben", identifiers=[line, mail])],
        policy=guarded,
    )
    theirs: dict[str, Any] = {"family": "Jones", "identifiers": ["phone:+12125550102"]}
    await ingest([person("ida", **theirs), person("leo", **theirs)], policy=guarded)
    own = await born(graph)
    smiths, joneses = household_id(own["ann"]), household_id(own["ida"])
    expected = {"ann": smiths, "ben": smiths, "ida": joneses, "leo": joneses}
    assert await homes(graph) == expected
    # A stranger with the family's name, and one who would bring two families together.
    stranger = {"source": "browser", "firstName": "Eve", "lastName": "Smith"}
    bridge = {"source": "browser", "firstName": "Ann", "lastName": "Jones"}
    await ingest(
        [
            said("x", 9, line, mail, **stranger),
            said("y", 9, "crmId:ann", "phone:+12125550102", **bridge),
        ],
        policy=guarded,
    )
    lives = {
        one: home for inside, home in (await homes(graph)).items() for one in inside.split("+")
    }
    assert {one: lives.get(one) for one in [*expected, "x"]} == expected | {"x": None}
