"""The writer queue: requests joined into batches, poison alone, callers that go away."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import pytest

from customers.identity.policy import Policy
from customers.ingest import queue
from customers.ingest.prepare import Prepared, prepare
from customers.ingest.queue import Rejected, Writer
from customers.ingest.record import Record
from customers.ingest.writer import WRITE_EVIDENCE, Found, Written, _Batch
from customers.principal import DEVELOPER, Principal
from cypher import (
    DatabaseUnavailableError,
    Deadline,
    DeadlineExceededError,
    Graph,
    OverloadedError,
    Row,
    Statement,
    Transaction,
)
from tests.conftest import in_force, query, soon
from tests.unreachable import unreachable_graph

T = TypeVar("T")
ANN = Principal("ann")


def row(policy: Policy, source_id: str) -> Prepared:
    raw = {"source": "crm", "sourceId": source_id, "traits": {"firstName": "Ann"}}
    return prepare(Record.model_validate(raw), policy, 1_760_000_000_000)


class Watched:
    """A graph whose batches are noted, can be held up, and refuse some profiles."""

    def __init__(self, graph: Graph, *, poison: frozenset[str] = frozenset()) -> None:
        self.graph, self.poison, self.watcher = graph, poison, graph.watcher
        self.batches: list[list[str]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def transaction(
        self, name: str, work: Callable[[Transaction], Awaitable[T]], deadline: Deadline
    ) -> T:
        await self.open.wait()

        async def watched(transaction: Transaction) -> T:
            return await work(cast("Transaction", _WatchedTransaction(transaction, self)))

        return await self.graph.transaction(name, watched, deadline)


class _WatchedTransaction:
    def __init__(self, transaction: Transaction, watched: Watched) -> None:
        self.transaction, self.watched = transaction, watched

    async def run(self, statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401
        if statement is WRITE_EVIDENCE:
            keys = [one["key"].partition("|")[2] for one in params["newProfiles"]]
            self.watched.batches.append(keys)
            if self.watched.poison & set(keys):
                raise ValueError("ann@example.org cannot be stored")
        return await self.transaction.run(statement, **params)


def writer_on(watched: Watched, policy: Policy) -> Writer:
    return Writer(cast("Graph", watched), in_force(policy))


@contextmanager
def held(watched: Watched) -> Iterator[None]:
    watched.open.clear()
    try:
        yield
    finally:
        watched.open.set()


async def submitted(count: int = 3) -> None:
    """Let tasks come as far as they can."""
    for _ in range(count):
        await asyncio.sleep(0)


async def profiles(graph: Graph) -> list[str]:
    rows = await query(graph, "MATCH (p:Profile) RETURN p.sourceId AS id")
    return sorted(one["id"] for one in rows)


async def test_requests_that_wait_are_joined_into_one_batch(graph: Graph, policy: Policy) -> None:
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer, asyncio.TaskGroup() as group:
        with held(watched):
            tasks = [
                group.create_task(writer.submit([row(policy, f"{n}")], DEVELOPER, soon()))
                for n in range(4)
            ]
            await submitted()
    assert watched.batches == [["0", "1", "2", "3"]]
    outcomes = [outcome for task in tasks for outcome in task.result()]
    assert all(isinstance(outcome, Written) and not outcome.known for outcome in outcomes)
    assert await profiles(graph) == ["0", "1", "2", "3"]


async def test_two_callers_never_share_a_batch(graph: Graph, policy: Policy) -> None:
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer, asyncio.TaskGroup() as group:
        with held(watched):
            for n, who in enumerate([DEVELOPER, DEVELOPER, ANN, DEVELOPER, ANN]):
                group.create_task(writer.submit([row(policy, f"{n}")], who, soon()))
            await submitted()
    assert watched.batches == [["0", "1", "3"], ["2", "4"]]
    authors = await query(graph, "MATCH (c:Change) RETURN c.by AS by, count(*) AS n ORDER BY by")
    assert authors == [{"by": "ann", "n": 2}, {"by": "developer", "n": 3}]


async def test_live_requests_go_before_bulk_ones(graph: Graph, policy: Policy) -> None:
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer, asyncio.TaskGroup() as group:
        with held(watched):
            for name, bulk in [("first", True), ("bulk", True), ("live", False)]:
                group.create_task(writer.submit([row(policy, name)], DEVELOPER, soon(), bulk=bulk))
                await submitted()
    assert watched.batches == [["first"], ["live"], ["bulk"]]


async def test_a_batch_of_live_requests_has_a_bound(
    graph: Graph, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queue.LIVE_BATCH_ROWS == 1000
    monkeypatch.setattr(queue, "LIVE_BATCH_ROWS", 10)
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer, asyncio.TaskGroup() as group:
        with held(watched):
            for size in (1, 6, 4, 2):
                rows = [row(policy, f"{size}-{n}") for n in range(size)]
                group.create_task(writer.submit(rows, DEVELOPER, soon()))
                await submitted()
    assert [len(batch) for batch in watched.batches] == [1, 10, 2]


async def test_a_row_does_not_fail_for_the_batch_that_comes_next(
    graph: Graph, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = _Batch.read

    async def refuse(self: _Batch, records: Sequence[Prepared], wanted: set[str]) -> Found:
        if any(one.source_id == "bad" for one in records):
            raise ValueError("cannot be asked for")
        return await read(self, records, wanted)

    monkeypatch.setattr(_Batch, "read", refuse)
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer, asyncio.TaskGroup() as group:
        with held(watched):
            good = group.create_task(writer.submit([row(policy, "good")], DEVELOPER, soon()))
            bad = group.create_task(writer.submit([row(policy, "bad")], ANN, soon()))
            await submitted()
    assert isinstance(good.result()[0], Written)
    assert isinstance(bad.result()[0], Rejected)
    assert await profiles(graph) == ["good"]


async def test_a_poison_row_fails_alone_and_is_logged_once_without_its_values(
    graph: Graph, policy: Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = Watched(graph, poison=frozenset({"5"}))
    async with writer_on(watched, policy) as writer:
        rows = [row(policy, f"{n}") for n in range(8)]
        outcomes = await writer.submit(rows, DEVELOPER, soon())
    assert outcomes[5] == Rejected(
        "the database refuses this record (ValueError); the others went in", "POISON_RECORD"
    )
    assert [type(outcome) for outcome in outcomes] == [Written] * 5 + [Rejected] + [Written] * 2
    assert await profiles(graph) == ["0", "1", "2", "3", "4", "6", "7"]
    logged = capsys.readouterr()
    assert (logged.out + logged.err).count("poison record") == 1
    assert "ann@example.org" not in logged.out + logged.err


async def test_a_database_that_is_away_fails_all_that_wait(
    policy: Policy, unused_tcp_port: int
) -> None:
    async with (
        unreachable_graph(unused_tcp_port) as graph,
        Writer(graph, in_force(policy), transaction_s=0.3) as writer,
    ):
        failed = await asyncio.gather(
            writer.submit([row(policy, "1")], DEVELOPER, soon()),
            writer.submit([row(policy, "2")], ANN, soon()),
            writer.submit([row(policy, "3")], DEVELOPER, soon(), bulk=True),
            return_exceptions=True,
        )
    assert [type(problem) for problem in failed] == [DatabaseUnavailableError] * 3


async def test_a_request_whose_deadline_passes_before_its_turn_is_not_written(
    graph: Graph, policy: Policy
) -> None:
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer, asyncio.TaskGroup() as group:
        with held(watched):
            group.create_task(writer.submit([row(policy, "first")], DEVELOPER, soon()))
            await submitted()
            with pytest.raises(DeadlineExceededError):
                await writer.submit([row(policy, "late")], DEVELOPER, Deadline.after(0.05))
    assert await profiles(graph) == ["first"]


async def test_a_caller_that_goes_away_takes_nobody_along(graph: Graph, policy: Policy) -> None:
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer:
        with held(watched):
            begun = asyncio.create_task(writer.submit([row(policy, "begun")], DEVELOPER, soon()))
            await submitted()
            waits = asyncio.create_task(writer.submit([row(policy, "waits")], DEVELOPER, soon()))
            stays = asyncio.create_task(writer.submit([row(policy, "stays")], DEVELOPER, soon()))
            await submitted()
            begun.cancel()
            waits.cancel()
            await asyncio.gather(begun, waits, return_exceptions=True)
        await stays
        await writer.submit([row(policy, "later")], DEVELOPER, soon())
    assert await profiles(graph) == ["begun", "later", "stays"]


async def test_too_many_live_rows_are_refused_and_bulk_rows_wait(
    graph: Graph, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_WAITING_ROWS", 2)
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer, asyncio.TaskGroup() as group:
        with held(watched):
            for name in ("taken", "a", "b"):
                group.create_task(writer.submit([row(policy, name)], DEVELOPER, soon()))
                await submitted()
            with pytest.raises(OverloadedError):
                await writer.submit([row(policy, "c")], DEVELOPER, soon())
            for n in range(4):
                group.create_task(
                    writer.submit([row(policy, f"bulk {n}")], DEVELOPER, soon(), bulk=True)
                )
            await submitted()
            with pytest.raises(DeadlineExceededError):
                await writer.submit(
                    [row(policy, "never")], DEVELOPER, Deadline.after(0.05), bulk=True
                )
    assert await profiles(graph) == ["a", "b", "bulk 0", "bulk 1", "bulk 2", "bulk 3", "taken"]


async def test_closing_waits_for_what_is_in_flight_and_then_refuses(
    graph: Graph, policy: Policy
) -> None:
    async with Writer(graph, in_force(policy)) as writer:
        task = asyncio.create_task(writer.submit([row(policy, "1")], DEVELOPER, soon()))
        await submitted()
    assert await profiles(graph) == ["1"]
    assert [type(outcome) for outcome in await task] == [Written]
    with pytest.raises(OverloadedError):
        await writer.submit([row(policy, "2")], DEVELOPER, soon())


async def test_nothing_submitted_sends_nothing(graph: Graph, policy: Policy) -> None:
    watched = Watched(graph)
    async with writer_on(watched, policy) as writer:
        assert await writer.submit([], DEVELOPER, soon()) == []
    assert watched.batches == []
