"""Proposals on a real graph: added, answered, and gone with what they were made of."""

from typing import Any

import pytest

from customers.decisions.asked import Accept, KeepApart
from customers.decisions.decide import decide
from customers.errors import ForbiddenError
from customers.identity.policy import Policy
from customers.matches.match import Status
from customers.matches.propose import propose
from customers.matches.reopen import reopen_match
from customers.principal import DEVELOPER, Principal, Role
from cypher import Graph
from tests.conftest import Clusters, Ingest, Json, in_force, soon
from tests.decisions import WHY, decided, merge, withdraw
from tests.matches import dismissed, only, snoozed, standing, status, stored
from tests.proposals import MadeUp, proposed
from tests.rows import customers, gone, reading, resolved_again, said, snapshot

ANN: Json = {"firstName": "Ann", "lastName": "Smithson"}
AN: Json = {"firstName": "An", "lastName": "Smitson"}
OPEN = ("open", "proposed", 20.0)


@pytest.fixture(autouse=True)
async def rows(ingest: Ingest) -> None:
    """Rows that share nothing which resolution compares by."""
    await ingest([
        said("a", 1, "email:ann@x.org", **ANN), said("b", 1, "email:ann@y.org", **AN),
        said("c", 1, "email:bob@x.org", firstName="Bob"),
    ])  # fmt: skip


async def answered(graph: Graph, policy: Policy, asked: Any) -> None:  # noqa: ANN401
    found = await decide(graph, in_force(policy), asked, WHY, DEVELOPER, soon())
    assert found.refused == ()


async def test_a_proposal_joins_nobody_and_is_added_once(
    graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    assert await proposed(graph, policy, "ab") == {"added": 1}
    assert await clusters() == {frozenset(one) for one in "abc"}
    assert await standing(graph) == {"a-b": OPEN}
    found = await only(graph)
    assert (found.proposed_by, found.suggestion) == ("made-up 1.0", "look")
    assert found.probability == pytest.approx(0.999999, abs=1e-6)
    assert await proposed(graph, policy, "ba") == {"kept": 1}
    assert [row["since"] for row in await stored(graph)] == [found.since]


async def test_resolution_leaves_proposals_while_nothing_changed(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await proposed(graph, policy, "ab")
    assert (await resolved_again(graph, policy)).did_anything is False
    await ingest([said("a", 2, "email:ann@x.org", **ANN), said("b", 2, "cookie:k")])
    assert await standing(graph) == {"a-b": OPEN}


async def test_a_proposal_goes_when_what_it_was_made_of_changes_on_either_side(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await proposed(graph, policy, "ab")
    await ingest([said("b", 2, city="Ulm")])
    assert await stored(graph) == []
    assert await proposed(graph, policy, "ab") == {"added": 1}
    await ingest([snapshot("a", 3, "email:ann@x.org", firstName="Ann")])
    assert await stored(graph) == []


async def test_a_proposal_goes_with_either_of_its_customers(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    assert await proposed(graph, policy, "ab", "bc") == {"added": 2}
    await ingest([gone("a", 2)])
    assert set(await standing(graph)) == {"b-c"}
    await ingest([said("d", 3, "email:bob@x.org", firstName="Bob")])
    assert set(await standing(graph)) == {"b-cd"}
    joined = await decided(graph, merge("bc"), policy)
    assert await stored(graph) == []
    await decided(graph, withdraw(joined), policy)
    assert await stored(graph) == []


async def test_an_accepted_proposal_is_one_customer(
    graph: Graph, clusters: Clusters, policy: Policy
) -> None:
    await proposed(graph, policy, "ab")
    await answered(graph, policy, Accept((await only(graph)).id))
    assert await clusters() == {frozenset("ab"), frozenset("c")}
    assert await stored(graph) == []


async def test_a_dismissed_proposal_stays_so_until_its_evidence_changes(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await proposed(graph, policy, "ab")
    await dismissed(graph, policy)
    await ingest([said("a", 2, "cookie:k")])
    await resolved_again(graph, policy)
    assert await status(graph) == (Status.DISMISSED, False)
    assert await proposed(graph, policy, "ab") == {"dismissed": 1}
    await reopen_match(reading(graph), in_force(policy), (await only(graph)).id)
    assert await status(graph) == (Status.OPEN, False)
    await dismissed(graph, policy)
    await ingest([said("a", 3, birthDate="1980-02-03")])
    assert await stored(graph) == []
    assert await proposed(graph, policy, "ab") == {"added": 1}
    assert await status(graph) == (Status.OPEN, True)


async def test_a_snoozed_proposal_is_snoozed_after_the_next_run(
    graph: Graph, policy: Policy
) -> None:
    await proposed(graph, policy, "ab")
    await snoozed(graph, policy, 4_000_000_000_000)
    assert await proposed(graph, policy, "ab") == {"kept": 1}
    assert await status(graph) == (Status.SNOOZED, False)


async def test_who_is_kept_apart_is_not_proposed(graph: Graph, policy: Policy) -> None:
    await proposed(graph, policy, "ab")
    await answered(graph, policy, KeepApart((await only(graph)).id))
    assert await stored(graph) == []
    assert await proposed(graph, policy, "ab") == {"keptApart": 1}
    await resolved_again(graph, policy)
    assert await stored(graph) == []


async def test_what_the_partition_finds_itself_is_its_own(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([
        said("e", 1, "email:e@x.org", "crmId:1", **ANN), said("f", 1, "crmId:2", **AN),
    ])  # fmt: skip
    assert await proposed(graph, policy, "ef") == {"added": 1}
    before = (await only(graph)).since
    # Now both share an e-mail, and are two for their numbers alone.
    await ingest([said("f", 2, "email:e@x.org", **ANN)])
    [(_, kind, _)] = (await standing(graph)).values()
    assert (kind, (await only(graph)).proposed_by) == ("unique", None)
    assert (await only(graph)).since == before
    assert await proposed(graph, policy, "ef") == {"listed": 1}
    await dismissed(graph, policy)
    strict = policy.model_copy(update={"possible_bits": 100.0, "merge_bits": 101.0})
    await resolved_again(graph, strict)
    assert await stored(graph) == []
    assert await proposed(graph, strict, "ef") == {"dismissed": 1}


async def test_a_run_adds_so_many_and_the_strongest(graph: Graph, policy: Policy) -> None:
    found = await proposed(graph, policy, "ac", "ab", "bc", most=2)
    assert found == {"added": 2, "beyond": 1}
    assert set(await standing(graph)) == {"a-b", "a-c"}


async def test_what_changed_since_it_was_read_is_not_proposed(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    of = await customers(graph)

    class Slow(MadeUp):
        """Of whose customers more is known when it is done."""

        def add(self, customers: Any) -> None:  # noqa: ANN401 - pairs
            super().add((one, dict(told) | {"city": "ulm"}) for one, told in customers)

    slow = Slow({(of["a"], of["b"]): 9.0})
    found = await propose(graph, in_force(policy), DEVELOPER, slow, 0.9)
    assert found.as_json()["changed"] == 1
    assert await stored(graph) == []


async def test_who_may_not_resolve_everything_may_not_propose(graph: Graph, policy: Policy) -> None:
    seller = Principal("one", Role.SELLER)
    with pytest.raises(ForbiddenError):
        await proposed(graph, policy, "ab", who=seller)
    assert await stored(graph) == []
