"""The next batch, begun before its turn: when it holds, when not, and that it costs nobody."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from customers.identity.policy import Policy
from customers.ingest import writer
from customers.ingest.lookout import Begun, Lookout
from customers.ingest.prepare import Prepared, prepare
from customers.ingest.queue import Writer
from customers.ingest.record import Record
from customers.ingest.state import Applied, BatchState
from customers.ingest.writer import write_batch
from customers.principal import DEVELOPER, Principal
from cypher import Graph, tally
from tests.conftest import Clusters, Json, in_force, query, soon, wipe
from tests.customers.ingest.test_writer import rows
from tests.synthetic import stream

AT = 1_760_000_000_000


def said(policy: Policy, source_id: str, mail: str, name: str = "Ann") -> Prepared:
    raw = {
        "source": "crm",
        "sourceId": source_id,
        "identifiers": [{"namespace": "email", "value": mail}],
        "traits": {"firstName": name, "lastName": "Moor"},
    }
    return prepare(Record.model_validate(raw), policy, AT)


async def write(graph: Graph, policy: Policy, *records: Prepared) -> None:
    await write_batch(graph, records, in_force(policy), DEVELOPER, soon())


async def test_what_was_begun_before_its_turn_is_not_read_again(
    graph: Graph, policy: Policy
) -> None:
    first = [said(policy, "1", "ann@x.org")]
    second = [said(policy, "1", "ann@y.org"), said(policy, "2", "ann@y.org")]
    lookout = Lookout(iter([second, []]).__next__)
    with tally() as sent:
        for records in (first, second):
            await write_batch(graph, records, in_force(policy), DEVELOPER, soon(), lookout=lookout)
    assert [name for name in sent if name in {"ingest/take_turn", "ingest/read"}] == [
        "ingest/take_turn", "ingest/read", "ingest/read", "ingest/take_turn",
    ]  # fmt: skip
    assert len(await rows(graph, "Profile")) == 2
    assert len(await rows(graph, "Customer")) == 1


async def test_what_was_begun_is_not_made_out_again(
    graph: Graph, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    wanted = writer._wanted

    def watched(records: Sequence[Prepared], policy: Policy) -> set[str]:
        made.append(len(records))
        return wanted(records, policy)

    monkeypatch.setattr(writer, "_wanted", watched)
    first = [said(policy, "1", "ann@x.org")]
    second = [said(policy, "2", "ann@y.org"), said(policy, "3", "ann@y.org")]
    lookout = Lookout(iter([second, []]).__next__)
    for records in (first, second):
        await write_batch(graph, records, in_force(policy), DEVELOPER, soon(), lookout=lookout)
    assert made == [1, 2]


@pytest.mark.parametrize("between", ["writer", "policy", "records"])
async def test_what_was_begun_is_dropped_when_something_came_between(
    graph: Graph, policy: Policy, clusters: Clusters, between: str
) -> None:
    first, second = [said(policy, "1", "ann@x.org")], [said(policy, "2", "ann@x.org")]
    lookout = Lookout(iter([second, []]).__next__)
    policies = in_force(policy)
    await write_batch(graph, first, policies, DEVELOPER, soon(), lookout=lookout)
    if between == "writer":
        other = [said(policy, "2", "ann@y.org")]
        await write_batch(graph, other, in_force(policy), DEVELOPER, soon())
    elif between == "policy":
        policies.policy = policy.model_copy()
    else:
        second = [*second]
    with tally() as sent:
        await write_batch(graph, second, policies, DEVELOPER, soon(), lookout=lookout)
    names = ["ingest/take_turn", "ingest/read"]
    assert [name for name in sent if name in names] == names
    mails = [one["value"] for one in await held(graph, "2")]
    assert mails == (["ann@x.org", "ann@y.org"] if between == "writer" else ["ann@x.org"])
    assert await clusters() == {frozenset("12")}


async def held(graph: Graph, source_id: str) -> list[Json]:
    """The identifiers of a row."""
    return await query(
        graph,
        f"MATCH (p:Profile {{sourceId: '{source_id}'}})-[:HAS_IDENTIFIER]->(i:Identifier) "
        "RETURN i.value AS value ORDER BY value",
    )


async def test_what_fails_ahead_of_its_turn_fails_in_its_turn(
    graph: Graph, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = [said(policy, "1", "ann@x.org")], [said(policy, "2", "ann@x.org")]
    lookout = Lookout(iter([second, []]).__next__)
    apply = BatchState.apply

    def refuse(self: BatchState, record: Prepared) -> Applied:
        if record in second:
            raise ArithmeticError("the second")
        return apply(self, record)

    monkeypatch.setattr(BatchState, "apply", refuse)
    running = asyncio.all_tasks()
    await write_batch(graph, first, in_force(policy), DEVELOPER, soon(), lookout=lookout)
    with pytest.raises(ArithmeticError, match="the second"):
        await write_batch(graph, second, in_force(policy), DEVELOPER, soon(), lookout=lookout)
    assert asyncio.all_tasks() == running
    assert len(await rows(graph, "Profile")) == 1


async def test_batches_that_wait_for_each_other_come_to_what_they_come_to_alone(
    graph: Graph, policy: Policy, clusters: Clusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready: list[bool] = []
    begun = Lookout.begun

    async def watched(self: Lookout, *asked: Any) -> Begun | None:  # noqa: ANN401
        found = await begun(self, *asked)
        ready.append(found is not None)
        return found

    monkeypatch.setattr(Lookout, "begun", watched)
    records = [
        prepare(Record.model_validate(one), policy, AT) for one in stream(40, 5).records[:240]
    ]
    parts = [records[at : at + 8] for at in range(0, len(records), 8)]
    async with Writer(graph, in_force(policy)) as writer:
        # What has another author each is not joined.
        await asyncio.gather(
            *(writer.submit(part, Principal(f"author {n}"), soon()) for n, part in enumerate(parts))
        )
    assert ready == [False, *[True] * (len(parts) - 1)]
    together = await clusters()
    assert len(together) > 10
    await wipe(graph)
    for part in parts:
        await write_batch(graph, part, in_force(policy), DEVELOPER, soon())
    assert await clusters() == together


async def test_what_was_begun_serves_one_attempt(graph: Graph, policy: Policy) -> None:
    second = [said(policy, "2", "ann@x.org")]
    lookout = Lookout(iter([second, []]).__next__)
    await write_batch(
        graph, [said(policy, "1", "ann@x.org")], in_force(policy), DEVELOPER, soon(),
        lookout=lookout,
    )  # fmt: skip
    work = lookout._work
    assert work is not None
    turn: dict[str, Any] = {"before": lookout._turn}
    assert await lookout.begun(second, turn, policy) is await work
    assert await lookout.begun(second, turn, policy) is None
