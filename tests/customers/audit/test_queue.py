"""The audit queue: what waits is written soon, in order, once; nothing is read unaudited."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from customers.audit import queue as module
from customers.audit.entry import Action, Entry, entry
from customers.audit.log import record_alone
from customers.audit.personal import reads_personal
from customers.audit.queue import AuditFullError, AuditQueue
from customers.audit.verify import every_entry, head_of, verify
from customers.principal import DEVELOPER, Principal, Role
from cypher import DatabaseUnavailableError, Deadline, Graph

ANN = Principal("ann", Role.SELLER)
QUERY = "query customer"
FIELDS = {"Query.customer", "Customer.traits"}
LONG_S = 30.0


@pytest.fixture
async def audit(graph: Graph) -> AsyncIterator[AuditQueue]:
    made = AuditQueue(graph, wait_s=0.05, most_waiting=12)
    yield made
    await made.close()


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Whom the entries of each transaction are about; refused where `refusals` has more."""
    made: list[list[str]] = []

    async def noting(graph: Graph, entries: Sequence[Entry], deadline: Deadline) -> None:
        made.append([each for one in entries for each in one.about])
        await record_alone(graph, entries, deadline)

    monkeypatch.setattr(module, "record_alone", noting)
    return made


async def about(graph: Graph) -> list[str]:
    """Whom the entries are about, in their order."""
    head = await head_of(graph)
    return [each async for one in every_entry(graph, head.seq) for each in one.about]


async def settled(audit: AuditQueue) -> None:
    """Until nothing waits."""
    async with asyncio.timeout(LONG_S):
        while audit.waiting:
            await asyncio.sleep(0.01)


async def test_reads_that_come_together_are_written_in_one_transaction(
    audit: AuditQueue, graph: Graph, attempts: list[list[str]]
) -> None:
    for n in range(5):
        audit.read(ANN, QUERY, FIELDS, [f"cus_{n}"])
    assert audit.waiting == 5
    await settled(audit)
    assert attempts == [[f"cus_{n}" for n in range(5)]]
    assert await about(graph) == attempts[0]
    audit.read(ANN, QUERY, FIELDS, ["cus_9"])
    await settled(audit)
    assert await about(graph) == [*attempts[0], "cus_9"]


async def test_what_waits_when_the_server_stops_is_written(
    graph: Graph, attempts: list[list[str]]
) -> None:
    audit = AuditQueue(graph, wait_s=60)
    audit.read(ANN, QUERY, FIELDS, ["cus_1"])
    await asyncio.sleep(0.05)
    assert attempts == []
    await audit.close()
    assert await about(graph) == ["cus_1"]
    with pytest.raises(AuditFullError):
        audit.read(ANN, QUERY, FIELDS, ["cus_2"])


async def test_as_many_as_one_transaction_takes_do_not_wait(
    graph: Graph, attempts: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 3)
    audit = AuditQueue(graph, wait_s=60)
    for n in range(7):
        audit.read(ANN, QUERY, FIELDS, [f"cus_{n}"])
    async with asyncio.timeout(LONG_S):
        while len(attempts) < 1:
            await asyncio.sleep(0.01)
    await audit.close()
    assert [len(one) for one in attempts] == [3, 3, 1]
    assert await about(graph) == [f"cus_{n}" for n in range(7)]


async def test_while_the_database_refuses_entries_wait_and_then_nobody_reads(
    audit: AuditQueue, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = True

    async def refusing(graph: Graph, entries: Sequence[Entry], deadline: Deadline) -> None:
        if away:
            raise DatabaseUnavailableError("away")
        await record_alone(graph, entries, deadline)

    monkeypatch.setattr(module, "record_alone", refusing)
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    for n in range(5):
        audit.read(ANN, QUERY, FIELDS, [f"cus_{n}"])
    await asyncio.sleep(0.2)
    with pytest.raises(AuditFullError) as refused:
        audit.read(ANN, QUERY, FIELDS, ["cus_5", "cus_6"])
    assert refused.value.code == "OVERLOADED"
    assert audit.waiting == 5
    away = False
    await settled(audit)
    audit.read(ANN, QUERY, FIELDS, ["cus_5", "cus_6"])
    await settled(audit)
    assert await about(graph) == [f"cus_{n}" for n in range(7)]
    assert (await verify(graph)).fault is None


async def test_what_was_written_though_its_answer_was_lost_is_not_written_again(
    audit: AuditQueue, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = 2

    async def losing(graph: Graph, entries: Sequence[Entry], deadline: Deadline) -> None:
        nonlocal lost
        await record_alone(graph, entries, deadline)
        if lost:
            lost -= 1
            # More comes meanwhile, which must not be taken for written.
            audit.read(ANN, QUERY, FIELDS, [f"late_{lost}"])
            raise DatabaseUnavailableError("away")

    monkeypatch.setattr(module, "record_alone", losing)
    audit.read(ANN, QUERY, FIELDS, ["cus_1"])
    await settled(audit)
    assert await about(graph) == ["cus_1", "late_1", "late_0"]


async def test_a_key_is_noted_the_first_time_in_an_hour(
    audit: AuditQueue, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    for now, key in ((0, "key_a"), (1, "key_a"), (2, "key_b"), (3_601, "key_a"), (3_602, "key_b")):
        monkeypatch.setattr("time.time", lambda now=now: now)
        audit.key_used(ANN, key)
    await settled(audit)
    assert await about(graph) == ["key_a", "key_b", "key_a", "key_b"]


async def test_people_are_noted_and_neither_customers_nor_senders(
    audit: AuditQueue, graph: Graph
) -> None:
    for role in Role:
        audit.read(Principal("x", role), QUERY, FIELDS, [f"cus_{role}"])
    audit.read(DEVELOPER, QUERY, FIELDS, [])
    await settled(audit)
    see_nobody = {Role.CUSTOMER, Role.INGEST, Role.MARKETER}
    assert await about(graph) == [f"cus_{role}" for role in Role if role not in see_nobody]
    assert reads_personal(DEVELOPER, FIELDS)
    assert not reads_personal(DEVELOPER, {"Customer.id", "Customer.totals"})


async def test_a_closed_queue_says_how_many_it_lost(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refusing(*_: object) -> None:
        raise DatabaseUnavailableError("away")

    monkeypatch.setattr(module, "record_alone", refusing)
    monkeypatch.setattr(module, "CLOSE_S", 0.1)
    audit = AuditQueue(graph)
    audit.note([entry(ANN, Action.READ, ["cus_1"])])
    await audit.close()
    assert audit.waiting == 1
    assert await about(graph) == []
