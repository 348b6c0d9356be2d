"""The life of a possible match on a real graph: found, answered, found again, gone."""

import random

import pytest

from customers.decisions.asked import Accept, Dismiss, KeepApart
from customers.decisions.decide import Outcome, decide
from customers.errors import ForbiddenError
from customers.identity.policy import Policy
from customers.matches.match import Status
from customers.matches.reopen import reopen_match
from customers.principal import DEVELOPER, Principal, Role
from customers.times import now_ms
from cypher import Graph, tally
from tests.conftest import Clusters, Ingest, Json, in_force, query, soon
from tests.decisions import WHY, block, decided, merge, split, withdraw
from tests.matches import dismissed, only, snoozed, standing, status, stored
from tests.rows import gone, reading, resolved_again, said, snapshot

MAIL, PHONE = "email:ann@x.org", "phone:+12125550101"
ANN = {"firstName": "Ann", "lastName": "Smith"}
OPEN = ("open", "unique", 10.5)


def codes(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.refused]


def two() -> list[Json]:
    """Two rows of a CRM that agree in all but their numbers."""
    return [said("a", 1, MAIL, "crmId:1", **ANN), said("b", 1, MAIL, "crmId:2", **ANN)]


async def answered(
    graph: Graph, policy: Policy, asked: Accept | Dismiss | KeepApart, who: Principal = DEVELOPER
) -> Outcome:
    return await decide(graph, in_force(policy), asked, WHY, who, soon())


async def test_a_match_is_dismissed_reopened_by_new_evidence_and_accepted(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest(two())
    assert await standing(graph) == {"a-b": OPEN}
    first = await only(graph)
    assert (first.suggestion, first.reopened) == ("merge", False)

    said_no = await dismissed(graph, policy)
    assert await status(graph) == (Status.DISMISSED, False)
    assert (await only(graph)).decision == said_no.decision
    await ingest(two())
    await ingest([said("a", 2, MAIL, "crmId:1", **ANN), said("b", 2, "loyaltyId:L")], 1)
    assert await status(graph) == (Status.DISMISSED, False)
    assert (await resolved_again(graph, policy)).did_anything is False
    strict = policy.model_copy(update={"merge_bits": 8.0})
    assert (await resolved_again(graph, strict)).moved == 0
    assert await status(graph) == (Status.DISMISSED, False)
    assert (await only(graph)).since == first.since

    await ingest([said("b", 3, PHONE), said("a", 3, PHONE)])
    assert await status(graph) == (Status.OPEN, True)
    assert (await only(graph)).decision == said_no.decision
    accepted = await answered(graph, policy, Accept((await only(graph)).id))
    assert await clusters() == {frozenset("ab")}
    assert await stored(graph) == []
    assert accepted.decision is not None
    await decided(graph, withdraw(accepted), policy)
    assert await standing(graph) == {"a-b": ("open", "unique", 10.5)}


async def test_a_dismissal_outlives_a_merge_and_a_split_of_its_customers(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest(two())
    await dismissed(graph, policy)
    merged = await decided(graph, merge("ab"), policy)
    assert await stored(graph) == []
    await decided(graph, withdraw(merged), policy)
    assert await status(graph) == (Status.DISMISSED, False)
    # A third comes to one side, first with nothing that the other side has too.
    await ingest([said("c", 2, "crmId:2", "cookie:k")])
    assert await clusters() == {frozenset("a"), frozenset("bc")}
    assert await status(graph) == (Status.DISMISSED, False)
    await ingest([said("c", 3, "crmId:2", birthDate="1980-02-03")])
    assert await status(graph) == (Status.DISMISSED, False)
    await ingest([said("a", 3, "crmId:1", birthDate="1980-02-03")])
    assert await status(graph) == (Status.OPEN, True)
    assert set(await standing(graph)) == {"a-bc"}


async def test_a_match_moves_on_with_a_customer_that_is_merged_and_keeps_its_age(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("x", 1, "crmId:9"), *two()])
    [before] = await stored(graph)
    await dismissed(graph, policy)
    # The older row x gives the merged customer its id, and so the match another.
    joined = await decided(graph, merge("xb"), policy)
    [after] = await stored(graph)
    assert after["id"] != before["id"]
    assert (after["rows"], after["since"]) == ("a-bx", before["since"])
    # It has two numbers now: what is compared is no longer what it was.
    assert await status(graph) == (Status.OPEN, True)
    await decided(graph, withdraw(joined), policy)
    assert await status(graph) == (Status.DISMISSED, False)
    [again] = await stored(graph)
    assert again["id"] == before["id"]


async def test_a_match_is_gone_with_what_made_it_one(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(two())
    await dismissed(graph, policy)
    blocked = await decided(graph, block("email|ann@x.org"), policy)
    assert await stored(graph) == []
    await decided(graph, withdraw(blocked), policy)
    assert await status(graph) == (Status.DISMISSED, False)
    await ingest([snapshot("b", 3, "crmId:2", **ANN)])
    assert await stored(graph) == []
    await ingest([said("b", 4, MAIL)])
    assert await status(graph) == (Status.DISMISSED, False)
    await ingest([gone("b", 5)])
    assert await stored(graph) == []
    await ingest([said("b", 6, MAIL, "crmId:2", **ANN)])
    assert await status(graph) == (Status.DISMISSED, False)
    # Where both are erased at once, nobody is left who could tell of it.
    await ingest([gone("a", 7), gone("b", 7)])
    assert await stored(graph) == []


async def test_a_tie_is_a_match_of_both_rivals(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([
        said("a", 1, "cookie:k", "crmId:1"), said("b", 1, "cookie:q", "crmId:2"),
        said("n", 1, "cookie:k", "cookie:q"),
    ])  # fmt: skip
    assert await clusters() == {frozenset(one) for one in "abn"}
    assert await standing(graph) == {
        "a-n": ("open", "tie", 9.0), "b-n": ("open", "tie", 9.0),
    }  # fmt: skip
    one, other = await stored(graph)
    assert (one["suggestion"], other["suggestion"]) == ("look", "look")
    await ingest([said("n", 2, "crmId:1")])
    assert await clusters() == {frozenset("an"), frozenset("b")}
    assert await stored(graph) == []


async def test_who_is_kept_apart_is_no_match(graph: Graph, ingest: Ingest, policy: Policy) -> None:
    await ingest([*two(), said("c", 1, MAIL, "crmId:2")])
    outcome = await answered(graph, policy, KeepApart((await only(graph)).id))
    assert await stored(graph) == []
    rows = await query(
        graph,
        "MATCH (x:Decision {kind: 'neverLink'})-[d:DECIDES]->(p) "
        "RETURN d.side AS side, p.sourceId AS row",
    )
    assert {(one["side"], one["row"]) for one in rows} == {
        ("rest", "a"), ("split", "b"), ("split", "c"),
    }  # fmt: skip
    await ingest([said("b", 2, PHONE), said("a", 2, PHONE)])
    assert await stored(graph) == []
    await decided(graph, withdraw(outcome), policy)
    assert (await status(graph))[0] is Status.OPEN


async def test_a_split_makes_no_match_and_a_match_can_be_split_into(
    graph: Graph, ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    await ingest([*two(), said("n", 1, MAIL, "crmId:2")])
    assert set(await standing(graph)) == {"a-bn"}
    await decided(graph, split("n"), policy)
    assert await clusters() == {frozenset(one) for one in "abn"}
    assert set(await standing(graph)) == {"a-b", "a-n"}


async def test_a_snoozed_match_comes_back_when_its_time_has_come(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(two())
    await snoozed(graph, policy, now_ms() + 60_000)
    found = await only(graph)
    assert (found.status, found.reopened) == (Status.SNOOZED, False)
    assert found.until is not None
    again = await snoozed(graph, policy, now_ms() - 1)
    found = await only(graph)
    assert (found.status, found.reopened, found.until) == (Status.OPEN, False, None)
    # The later word took the place of the earlier one.
    rows = await query(graph, "MATCH (x:Decision) WHERE x.withdrawnAt IS NULL RETURN x.id AS id")
    assert [one["id"] for one in rows] == [again.decision]


async def test_the_last_word_can_be_taken_back(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(two())
    match = (await only(graph)).id
    assert codes(await reopen_match(reading(graph), in_force(policy), match)) == ["MATCH_OPEN"]
    outcome = await dismissed(graph, policy)
    reopened = await reopen_match(reading(graph), in_force(policy), match)
    assert reopened.decision == outcome.decision
    assert await status(graph) == (Status.OPEN, False)
    assert await query(graph, "MATCH (p:Profile) WHERE p.decided IS NOT NULL RETURN p.key") == []
    unknown = await reopen_match(reading(graph), in_force(policy), "mat_x")
    assert codes(unknown) == ["MATCH_UNKNOWN"]


async def test_what_is_no_longer_as_it_was_seen_is_not_answered(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest(two())
    seen = await only(graph)
    await ingest([said("b", 3, PHONE), said("a", 3, PHONE)])
    for asked in (Accept(seen.id, seen.evidence), Dismiss(seen.id, seen.evidence)):
        assert codes(await answered(graph, policy, asked)) == ["MATCH_CHANGED"]
    assert codes(await answered(graph, policy, Accept("mat_x"))) == ["MATCH_UNKNOWN"]
    assert await status(graph) == (Status.OPEN, False)
    assert await query(graph, "MATCH (x:Decision) RETURN x.id") == []
    now = await only(graph)
    assert codes(await answered(graph, policy, Dismiss(now.id, now.evidence))) == []


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SELLER, Role.MARKETER, Role.INGEST])
async def test_only_who_decides_on_identity_answers(
    graph: Graph, ingest: Ingest, policy: Policy, role: Role
) -> None:
    await ingest(two())
    with pytest.raises(ForbiddenError):
        await answered(graph, policy, Dismiss((await only(graph)).id), Principal("one", role))


async def test_matches_of_the_same_records_are_the_same_in_any_order(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    records = [
        *two(),
        said("c", 1, MAIL, "crmId:1", firstName="Bob", lastName="Smith"),
        said("d", 1, MAIL, PHONE, firstName="Ann"),
        said("e", 1, PHONE, "crmId:3", lastName="Jones"),
        said("f", 1, PHONE, "crmId:4", firstName="Anna", lastName="Jones"),
        said("g", 1, "cookie:k", "crmId:4"),
        said("h", 1, "cookie:k", PHONE, firstName="Eve"),
    ]  # fmt: skip
    found = []
    for seed in range(4):
        shuffled = random.Random(seed).sample(records, len(records))
        await query(graph, "MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
        await ingest(shuffled, 1 + seed)
        found.append(
            {
                (one["rows"], one["kind"], one["score"], one["suggestion"], one["evidence"])
                for one in await stored(graph)
            }
        )
        assert (await resolved_again(graph, policy)).did_anything is False
    assert len(found[0]) > 2
    assert found == [found[0]] * 4


async def test_where_nothing_is_possible_a_batch_sends_what_it_sent_before(
    graph: Graph, ingest: Ingest
) -> None:
    with tally() as statements:
        await ingest([said("a", 1, MAIL, "crmId:1", **ANN), said("b", 1, MAIL, **ANN)])
    assert [one for one in statements if one.startswith("matches/")] == []
    with tally() as statements:
        await ingest([said("c", 1, MAIL, "crmId:2", **ANN)])
    assert [one for one in statements if one.startswith("matches/")] == ["matches/write"]
    with tally() as statements:
        await ingest([said("c", 2, MAIL, "crmId:2", **ANN)])
    assert [one for one in statements if one.startswith("matches/")] == []
    assert graph is not None
