"""Decisions on a real graph: they hold whatever comes later, and go without a trace."""

import asyncio

import pytest

from customers.audit.pages import Wanted, audit_page
from customers.decisions.asked import Asked
from customers.decisions.decide import Outcome
from customers.errors import ForbiddenError
from customers.identity.policy import Policy
from customers.principal import Principal, Role
from customers.reading import Reading
from cypher import Graph, tally
from tests.conftest import Clusters, Ingest, query, soon
from tests.decisions import block, decided, exported, merge, split, withdraw
from tests.rows import gone, resolved_again, said, snapshot

MAIL, PHONE = "email:ann@x.org", "phone:+12125550101"


def groups(*texts: str) -> set[frozenset[str]]:
    return {frozenset(text) for text in texts}


def codes(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.refused]


async def test_a_merge_joins_two_customers_and_is_told_in_the_log(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, "crmId:1"), said("b", 1, "crmId:2"), said("x", 1, "crmId:2")])
    before = await exported(graph)
    steward = Principal("steward")
    outcome = await decided(graph, merge("ab"), policy, steward)
    assert await clusters() == groups("abx")
    [customer] = await exported(graph)
    assert outcome.customers == (customer["id"],) == (before[0]["id"],)
    [change] = await query(graph, "MATCH (x:Change {seq: 3}) RETURN x {.*} AS x")
    told = {name: change["x"][name] for name in ("kind", "cause", "because", "by", "profiles")}
    assert told == {
        "kind": "merged",
        "cause": "decided",
        "because": outcome.decision,
        "by": "steward",
        "profiles": ["s|b", "s|x"],
    }
    taken_back = await decided(graph, withdraw(outcome), policy)
    assert set(taken_back.customers) == {one["id"] for one in before}
    assert await exported(graph) == before
    [decision] = await query(graph, "MATCH (x:Decision) RETURN x {.*} AS x")
    assert decision["x"]["withdrawnBy"] == "developer"
    assert await query(graph, "MATCH (p:Profile) WHERE p.decided IS NOT NULL RETURN p.key") == []


async def test_a_split_restores_who_they_were_before_a_bridge_came(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("c", 1, MAIL), said("b", 1, PHONE)])
    before = await exported(graph)
    await ingest([said("x", 2, MAIL, PHONE)])
    assert await clusters() == groups("abcx")
    await decided(graph, split("b"), policy)
    assert await clusters() == groups("acx", "b")
    await decided(graph, split("x"), policy)
    assert await clusters() == groups("ac", "b", "x")
    assert [one for one in await exported(graph) if one["profiles"][0]["sourceId"] != "x"] == before


async def test_a_split_holds_whatever_comes_later(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    records = [said("a", 1, MAIL), said("b", 1, MAIL, PHONE), said("c", 1, MAIL)]
    await ingest(records)
    await decided(graph, split("b"), policy)
    apart = groups("ac", "b")
    assert await clusters() == apart
    await ingest(records)
    await ingest([said(one["sourceId"], 2, MAIL, PHONE) for one in records], 1)
    assert await clusters() == apart
    assert (await resolved_again(graph, policy)).moved == 0
    lenient = policy.model_copy(update={"merge_bits": 1.0})
    assert (await resolved_again(graph, lenient)).moved == 0
    assert await clusters() == apart


async def test_a_merge_holds_whatever_comes_later(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    records = [said("a", 1, "crmId:1"), said("b", 1, "crmId:2"), said("c", 1, "crmId:3")]
    await ingest(records)
    await decided(graph, merge("ab"), policy)
    await ingest(records, 1)
    await ingest([snapshot("b", 3, "crmId:4", birthDate="1980-02-03")])
    assert await clusters() == groups("ab", "c")
    strict = policy.model_copy(update={"merge_bits": 1000.0})
    assert (await resolved_again(graph, strict)).moved == 0
    assert (await resolved_again(graph, policy)).moved == 0
    # Who comes with either number is the same person.
    await ingest([said("n", 4, "crmId:1"), said("m", 4, "crmId:4")])
    assert await clusters() == groups("abmn", "c")


async def test_a_later_record_goes_to_the_side_that_more_speaks_for_or_to_none(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL, PHONE)])
    await decided(graph, split("b"), policy)
    await ingest([said("n", 2, MAIL)])
    assert await clusters() == groups("a", "b", "n")
    await ingest([said("n", 3, PHONE)])
    assert await clusters() == groups("a", "bn")


async def test_an_erased_profile_leaves_its_decision_idle_until_it_is_known_again(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, "crmId:3")])
    await decided(graph, split("b"), policy)
    joined = await decided(graph, merge("bc"), policy)
    await ingest([gone("b", 2)])
    rows = await query(
        graph,
        "MATCH (p:Profile)-[:BELONGS_TO]->(c) WHERE c.closedAt IS NULL AND c.id = p.customerId "
        "RETURN p.sourceId AS name",
    )
    assert {row["name"] for row in rows} == {"a", "c"}
    # Nobody may be told by it of whom it was joined with, though what it says still counts.
    assert codes(await decided(graph, merge("ac"), policy)) == ["DECISION_CONTRADICTED"]
    await ingest([said("b", 3, MAIL)])
    assert await clusters() == groups("a", "bc")
    assert (await resolved_again(graph, policy)).moved == 0
    await decided(graph, withdraw(joined), policy)
    assert await clusters() == groups("a", "b", "c")


async def test_a_blocked_identifier_links_nobody_until_that_is_withdrawn(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL, PHONE), said("c", 1, PHONE)])
    before = await exported(graph)
    outcome = await decided(graph, block("email|ann@x.org"), policy)
    assert await clusters() == groups("a", "bc")
    assert codes(await decided(graph, block("email|ann@x.org"), policy)) == ["ALREADY_BLOCKED"]
    await ingest([said("n", 2, MAIL)])
    assert (await resolved_again(graph, policy)).did_anything is False
    assert await clusters() == groups("a", "bc", "n")
    await ingest([gone("n", 3)])
    await decided(graph, withdraw(outcome), policy)
    assert await exported(graph) == before


async def test_a_blocked_identifier_stays_blocked_when_nobody_has_it_any_more(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL, firstName="Ann")])
    outcome = await decided(graph, block("email|ann@x.org"), policy)
    await ingest([gone("a", 2)])
    [left] = await query(graph, "MATCH (i:Identifier {namespace: 'email'}) RETURN i {.*} AS i")
    assert "Ann" not in str(left)
    assert left["i"]["summary"] == "{}"
    await ingest([said("b", 3, MAIL), said("c", 3, MAIL), said("a", 3, PHONE)])
    assert await clusters() == groups("a", "b", "c")
    await ingest([gone("b", 4), gone("c", 4)])
    await decided(graph, withdraw(outcome), policy)
    assert await query(graph, "MATCH (i:Identifier {namespace: 'email'}) RETURN i.key") == []


async def test_what_is_refused_is_told_and_changes_nothing(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, PHONE)])
    count = "MATCH (n) WHERE NOT n:Counter RETURN count(n) AS n"
    before = await query(graph, count)
    refused: dict[str, Asked] = {
        "PROFILES_TOO_FEW": merge("aa"),
        "PROFILE_UNKNOWN": merge("az"),
        "SEVERAL_CUSTOMERS": split("ac"),
        "NOTHING_TO_SPLIT": split("ab"),
        "IDENTIFIER_UNKNOWN": block("email|nobody@x.org"),
        "DECISION_UNKNOWN": withdraw(Outcome("dec_nothing")),
    }
    for code, asked in refused.items():
        outcome = await decided(graph, asked, policy)
        assert (codes(outcome), outcome.decision, outcome.customers) == ([code], None, ())
    assert await query(graph, count) == before
    [unknown] = (await decided(graph, merge("az"), policy)).refused
    assert unknown.path == ("profiles", "1")
    made = await decided(graph, merge("ac"), policy)
    [again] = (await decided(graph, merge("ca"), policy)).refused
    assert (again.code, again.message) == ("ALREADY_MERGED", f"{made.decision} says so already.")
    await decided(graph, withdraw(made), policy)
    assert codes(await decided(graph, withdraw(made), policy)) == ["ALREADY_WITHDRAWN"]
    assert (await decided(graph, merge("ca"), policy)).decision is not None


async def test_a_contradiction_is_refused_and_names_the_decisions(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, PHONE)])
    never = await decided(graph, split("a"), policy)
    always = await decided(graph, merge("bc"), policy)
    before = await exported(graph)
    for asked in (merge("ab"), merge("ac")):
        [why] = (await decided(graph, asked, policy)).refused
        assert why.code == "DECISION_CONTRADICTED"
        assert str(never.decision) in why.message
    assert str(always.decision) in why.message
    [why] = (await decided(graph, split("c"), policy)).refused
    assert str(always.decision) in why.message
    assert await exported(graph) == before
    await decided(graph, withdraw(never), policy)
    await decided(graph, merge("ac"), policy)
    assert await clusters() == groups("abc")


async def test_of_two_contradictory_decisions_at_once_one_is_refused(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL)])
    for _ in range(3):
        outcomes = await asyncio.gather(
            decided(graph, merge("ab"), policy), decided(graph, split("a"), policy)
        )
        assert sorted(codes(one) for one in outcomes) == [[], ["DECISION_CONTRADICTED"]]
        [made] = [one for one in outcomes if one.decision]
        assert await clusters() == (groups("ab") if outcomes[0].decision else groups("a", "b"))
        await decided(graph, withdraw(made), policy)


async def test_who_only_looks_at_identity_decides_nothing(graph: Graph, policy: Policy) -> None:
    with pytest.raises(ForbiddenError):
        await decided(graph, merge("ab"), policy, Principal("analyst", Role.ANALYST))


async def test_records_ask_for_decisions_only_where_there_are_some(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, "crmId:2")])
    with tally() as sent:
        await ingest([said("c", 2, MAIL)])
    assert sent == [
        "ingest/take_turn",
        "ingest/read",
        "identity/hop",
        "ingest/write_evidence",
        "identity/write_resolution",
    ]
    await decided(graph, merge("ab"), policy)
    with tally() as sent:
        await ingest([said("d", 3, MAIL)])
    assert sent == [
        "ingest/take_turn",
        "ingest/read",
        "identity/hop",
        "identity/decided_members",
        "ingest/write_evidence",
        "identity/write_resolution",
    ]


async def test_a_component_above_the_limit_waits_with_its_decision(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    tight = policy.model_copy(update={"component_limit": 2})
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, MAIL)])
    await decided(graph, split("c"), tight)
    pending = await query(graph, "MATCH (c:Customer {pending: true}) RETURN c.size AS size")
    assert pending == [{"size": 3}]
    assert (await resolved_again(graph, tight)).moved == 1


async def test_the_audit_log_has_what_was_decided_and_nothing_that_was_refused(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("a", 1, "crmId:1"), said("b", 1, "crmId:2")])
    steward = Principal("steward", Role.STEWARD)
    outcome = await decided(graph, merge("ab"), policy, steward)
    assert (await decided(graph, merge("az"), policy, steward)).refused
    await decided(graph, withdraw(outcome), policy, steward)
    page = await audit_page(Reading(graph, Principal("boss"), soon()), Wanted(), 10)
    assert [(one.entry.action, one.entry.about, one.entry.actor) for one in page.items] == [
        ("withdraw", (outcome.decision,), "steward"),
        ("merge", (outcome.decision,), "steward"),
    ]
