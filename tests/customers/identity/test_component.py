"""Components: who is asked for, and who need not be."""

from collections.abc import Mapping
from typing import Any

import pytest

from customers.identity.component import HOP, SHARED_AT_ONCE, Member, bring, of_profiles, take_long
from customers.identity.policy import Policy
from customers.ingest.keys import known_key
from customers.together import AT_ONCE
from cypher import Graph, Row, Statement
from cypher.graph import tally
from tests import pure
from tests.conftest import Clusters, Ingest, query, soon
from tests.rows import gone, said, snapshot

MAIL, PHONE, CARD = "email:ann@x.org", "phone:+12125550101", "loyalty:L-1"


async def holders(graph: Graph) -> dict[str, int]:
    """How many holders each identifier and blocking key is said to have."""
    rows = await query(graph, "MATCH (i:Identifier) RETURN i.key AS key, i.holders AS holders")
    return {row["key"]: row["holders"] for row in rows}


async def test_the_links_of_an_identifier_are_counted_as_they_come_and_go(
    ingest: Ingest, graph: Graph
) -> None:
    born = {"firstName": "Ann", "lastName": "Smith", "birthDate": "1980-02-03"}
    await ingest([said("a", 1, MAIL, PHONE, **born), said("b", 1, MAIL), said("c", 1, PHONE)])
    shared = {"email|ann@x.org": 2, "phone|+12125550101": 2}
    keys = {key: 1 for key in await holders(graph) if key.startswith("~nameBirth|")}
    assert keys
    assert await holders(graph) == shared | keys
    # A closed link stays, and so it counts.
    await ingest([snapshot("b", 2, CARD, **born)])
    both = dict.fromkeys(keys, 2)
    assert await holders(graph) == shared | both | {"loyalty|l-1": 1}
    await ingest([gone("b", 3), said("c", 3, PHONE)])
    assert await holders(graph) == shared | keys | {"email|ann@x.org": 1}
    await ingest([snapshot("a", 4, MAIL, lastName="Jones")])
    assert await holders(graph) == shared | {"email|ann@x.org": 1}


async def test_nobody_asks_for_an_identifier_whose_holders_have_all_come(ingest: Ingest) -> None:
    await ingest([said("a", 1, MAIL, PHONE)])
    with tally() as sent:
        await ingest([said("b", 2, MAIL)])
    assert sent.count("identity/hop") == 1
    with tally() as sent:
        await ingest([said("c", 3, CARD), said("d", 3, CARD)])
    assert sent.count("identity/hop") == 0


async def test_identifiers_that_nobody_counted_are_asked_for(
    ingest: Ingest, graph: Graph, clusters: Clusters
) -> None:
    await ingest([said("a", 1, MAIL, PHONE), said("b", 1, PHONE)])
    await query(graph, "MATCH (i:Identifier) SET i.holders = null")
    await ingest([said("c", 2, MAIL)])
    assert await clusters() == {frozenset("abc")}
    assert set((await holders(graph)).values()) == {None}


async def test_components_are_followed_to_their_end(ingest: Ingest, clusters: Clusters) -> None:
    chain = [
        said(str(n), 1, f"phone:+1212555010{n}", f"phone:+1212555010{n + 1}") for n in range(6)
    ]
    for one in chain:
        await ingest([one])
    assert await clusters() == {frozenset(str(n) for n in range(6))}


async def test_a_hop_brings_whole_customers(ingest: Ingest) -> None:
    await ingest(
        [said(str(n), 1, f"phone:+1212555010{n}", f"phone:+1212555010{n + 1}") for n in range(6)]
    )
    with tally() as sent:
        await ingest([said("z", 2, "phone:+12125550100")])
    assert sent.count("identity/hop") == 1


async def test_no_more_is_brought_of_a_component_that_is_told_again(
    ingest: Ingest, clusters: Clusters
) -> None:
    home, bobs = "phone:+12125550102", "email:bob@x.org"
    await ingest(
        [
            said("a", 1, "crmId:1", MAIL),
            said("b", 1, MAIL, PHONE, home, firstName="Ann", lastName="Smith"),
            said("c", 1, PHONE, bobs, firstName="Bob", lastName="Jones"),
            said("d", 1, home, firstName="Cleo", lastName="Fox"),
        ]
    )
    again = ("crmId:1", MAIL)
    with tally() as sent:
        await ingest([said("e", 2, *again)])
    assert sent.count("identity/hop") == 1
    # Whoever else is told something new may be led to them, and then all of them matter.
    with tally() as sent:
        await ingest([said("f", 3, *again), said("g", 3, bobs)])
    assert sent.count("identity/hop") == 2
    assert await clusters() == {frozenset("abef"), frozenset("cg"), frozenset("d")}


async def test_who_was_enough_is_followed_once_somebody_else_leads_there(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    """A receipt is Ann's at once; Zoe leads to Yann, to Bob, to Ann, and she to Cleo."""
    home, yanns, zoes = (f"phone:+1212555010{n}" for n in (2, 3, 4))
    await ingest(
        [
            said("ann", 1, MAIL, PHONE, home, firstName="Ann", lastName="Smith"),
            said("bob", 1, PHONE, yanns, firstName="Bob", lastName="Jones"),
            said("cleo", 1, home, firstName="Cleo", lastName="Fox"),
            said("receipt", 1, MAIL),
            said("yann", 1, yanns, zoes, firstName="Yann", lastName="Petit"),
            said("zoe", 1, zoes, firstName="Zoe", lastName="Bell"),
        ]
    )
    key = {name: known_key("s", name) for name in ("ann", "bob", "cleo", "receipt", "yann", "zoe")}
    asked: list[int] = []

    async def run(statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401
        return await graph.read(statement, soon(), **params)

    def enough(members: Mapping[str, Member]) -> set[str]:
        asked.append(len(members))
        return {key["ann"], key["receipt"]}

    seeds = await of_profiles(run, [key["receipt"]])
    members, _ = await bring(run, seeds, policy, enough=enough)
    assert {*members} == {key["ann"], key["receipt"]}
    assert asked == [2]
    seeds |= await of_profiles(run, [key["zoe"]])
    members, _ = await bring(run, seeds, policy, enough=enough)
    assert {*members} == {*key.values()}
    # However many hops there are, it is asked once.
    assert asked == [2, 4]


async def test_no_customer_comes_by_a_second_hop(
    ingest: Ingest, graph: Graph, policy: Policy, clusters: Clusters
) -> None:
    await ingest(
        [
            said("a", 1, "crmId:1", MAIL),
            said("b", 1, MAIL, PHONE, firstName="Ann", lastName="Smith"),
            said("c", 1, "email:bob@x.org", PHONE, firstName="Bob", lastName="Jones"),
            said("d", 1, "crmId:2", "email:bob@x.org"),
        ]
    )
    assert await clusters() == {frozenset("ab"), frozenset("cd")}
    hops: list[list[str]] = []

    async def run(statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401
        rows = await graph.read(statement, soon(), **params)
        if statement is HOP:
            hops.append(sorted(key for key, *_ in rows[0]["members"]))
        return rows

    first, second, third, fourth = (known_key("s", one) for one in "abcd")
    members, _ = await bring(run, await of_profiles(run, [first]), policy)
    assert {*members} == {first, second, third, fourth}
    assert hops == [sorted([first, second]), sorted([third, fourth])]


@pytest.mark.parametrize(
    ("many", "shared", "long"),
    [
        (AT_ONCE, 1, False),
        (AT_ONCE + 1, 1, True),
        (SHARED_AT_ONCE, SHARED_AT_ONCE, False),
        (SHARED_AT_ONCE + 1, SHARED_AT_ONCE + 1, True),
    ],
)
def test_many_members_and_many_of_one_identifier_take_long(
    policy: Policy, many: int, shared: int, *, long: bool
) -> None:
    mails = [f"email:m{min(n, many - shared)}@x.org" for n in range(many)]
    members = pure.members((said(f"{n}", 1, mail) for n, mail in enumerate(mails)), policy)
    assert len(members) == many
    assert take_long(members, policy) == long
