"""The audit log: what is done stands in it, in one chain, and whatever is changed in it shows."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from customers.audit.chain import NOTHING
from customers.audit.entry import MOST_NAMED, Action, Entry, Recorded, entries, entry
from customers.audit.log import record, record_alone
from customers.audit.pages import PROBES, Wanted, audit_page, probes
from customers.audit.verify import Head, every_entry, head_of, verify
from customers.errors import ForbiddenError, InvalidInputError
from customers.identity.policy_document import default_text
from customers.identity.policy_in_force import put_in_force
from customers.principal import DEVELOPER, Principal, Role
from customers.reading import Reading
from cypher import Connection, Graph, Transaction, connect
from tests.conftest import query, soon

ANN = Principal("ann", Role.SELLER, reason="ticket 7")
BOB = Principal("bob", Role.SERVICE)


def seen(principal: Principal, *customers: str) -> Entry:
    return entry(principal, Action.READ, customers, operation="query customer")


async def whole(graph: Graph) -> list[Recorded]:
    """All entries."""
    return [one async for one in every_entry(graph, (await head_of(graph)).seq)]


async def written(graph: Graph, *found: Entry) -> list[Recorded]:
    await record_alone(graph, found, soon())
    return await whole(graph)


async def test_entries_stand_in_the_log_in_order_each_with_the_hash_before(graph: Graph) -> None:
    await written(graph, seen(ANN, "cus_1"))
    first, second, third = await written(graph, seen(BOB, "cus_2", "cus_1"), seen(ANN, "cus_1"))
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert (first.previous, second.previous, third.previous) == (NOTHING, first.hash, second.hash)
    assert (first.actor, first.role, first.reason) == ("ann", "seller", "ticket 7")
    assert (second.about, second.count, second.reason) == (("cus_2", "cus_1"), 2, None)
    assert second.operation == "query customer"
    verdict = await verify(graph)
    assert (verdict.entries, verdict.head, verdict.fault) == (3, Head(3, third.hash), None)


async def test_an_empty_log_is_whole(graph: Graph) -> None:
    verdict = await verify(graph)
    assert (verdict.entries, str(verdict.head), verdict.fault) == (0, f"0:{NOTHING}", None)


@pytest.fixture
async def three(graph: Graph) -> Sequence[Recorded]:
    """A log of three entries."""
    return await written(graph, *(seen(ANN, f"cus_{n}") for n in range(3)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("MATCH (e:AuditEntry {seq: 2}) SET e.actor = 'bob'", "entry 2 was changed"),
        ("MATCH (e:AuditEntry {seq: 2}) SET e.about = []", "entry 2 was changed"),
        ("MATCH (e:AuditEntry {seq: 2}) SET e.at = e.at + 1", "entry 2 was changed"),
        ("MATCH (e:AuditEntry {seq: 2}) REMOVE e.reason", "entry 2 was changed"),
        ("MATCH (e:AuditEntry {seq: 2}) DETACH DELETE e", "entry 2 is missing"),
        ("MATCH (e:AuditEntry {seq: 3}) DETACH DELETE e", "entry 3 is missing"),
        (
            "MATCH (e:AuditEntry {seq: 2}) SET e.previous = ''",
            "entry 2 does not follow from the one before it",
        ),
        (
            "CREATE (e:AuditEntry {seq: 4, id: 'aud_4'})",
            "entry 4 was added behind the end of the log",
        ),
        (
            "MATCH (c:Counter {key: 'audit'}) SET c.hash = ''",
            "entry 3 is not the one that the log ends with",
        ),
    ],
)
async def test_what_is_changed_in_the_log_is_found(
    graph: Graph, three: Sequence[Recorded], change: str, said: str
) -> None:
    await query(graph, change)
    assert (await verify(graph)).fault == said


async def test_an_end_that_is_cut_off_is_found_by_a_head_that_was_kept_elsewhere(
    graph: Graph, three: Sequence[Recorded]
) -> None:
    kept = await head_of(graph)
    await written(graph, seen(BOB, "cus_9"))
    assert (await verify(graph, kept)).fault is None
    # As somebody does it who knows how: the log that is left is whole in itself.
    await query(
        graph,
        "MATCH (e:AuditEntry) WHERE e.seq > 2 WITH collect(e) AS late "
        "FOREACH (e IN late | DETACH DELETE e) WITH 1 AS done "
        "MATCH (c:Counter {key: 'audit'}) SET c.n = 2, c.hash = $hash",
        hash=three[1].hash,
    )
    assert (await verify(graph)).fault is None
    said = "entries are missing at the end: there were 3 when the head was kept"
    assert (await verify(graph, kept)).fault == said
    await written(graph, seen(BOB, "cus_9"))
    said = "entry 3 is another one than it was when the head was kept"
    assert (await verify(graph, kept)).fault == said


def test_a_head_is_read_as_it_is_printed() -> None:
    assert Head.parse(f" 17:{'ab' * 32}\n") == Head(17, "ab" * 32)
    for text in ("", "17", f"17:{'ab' * 31}", f"-1:{NOTHING}", f"1:{NOTHING}0"):
        with pytest.raises(InvalidInputError, match="A head is SEQ:HASH"):
            Head.parse(text)


async def test_several_processes_make_one_chain(graph: Graph, connection: Connection) -> None:
    async with connect(connection) as other:
        await asyncio.gather(
            *(
                record_alone(opened, [seen(ANN, f"cus_{n}"), seen(BOB, f"cus_{n}")], soon())
                for n in range(20)
                for opened in (graph, other)
            )
        )
    verdict = await verify(graph)
    assert (verdict.entries, verdict.fault) == (80, None)


async def test_a_transaction_that_fails_leaves_no_entry(graph: Graph) -> None:
    async def work(transaction: Transaction) -> None:
        await record(transaction, [seen(ANN, "cus_1")])
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await graph.transaction("test", work, soon())
    assert await whole(graph) == []
    assert await query(graph, "MATCH (t:AuditTrail) RETURN t.key AS key") == []


async def test_what_is_repeated_since_its_answer_was_lost_is_in_the_log_once(graph: Graph) -> None:
    told = [seen(ANN, "cus_1"), seen(ANN, "cus_2")]
    await record_alone(graph, told, soon())
    await record_alone(graph, told, soon())
    assert [one.id for one in await whole(graph)] == [one.id for one in told]


async def test_times_of_the_log_never_go_back_whatever_the_clocks_say(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    for now in (2_000, 1_000, 3_000):
        monkeypatch.setattr("customers.audit.log.now_ms", lambda now=now: now)
        await record_alone(graph, [replace(seen(ANN, "cus_1"), at=now)], soon())
    found = await whole(graph)
    assert [(one.at, one.recorded_at) for one in found] == [
        (2_000, 2_000),
        (1_000, 2_000),
        (3_000, 3_000),
    ]
    assert (await verify(graph)).fault is None


def test_an_answer_that_shows_very_many_makes_several_entries() -> None:
    ids = [f"cus_{n}" for n in range(2 * MOST_NAMED + 1)]
    found = entries(ANN, Action.READ, ids, operation="query customers")
    assert [one.count for one in found] == [MOST_NAMED, MOST_NAMED, 1]
    assert [each for one in found for each in one.about] == ids
    [exported] = [entry(ANN, Action.EXPORTED, count=7)]
    assert (exported.about, exported.count) == ((), 7)


def test_what_a_caller_makes_up_is_one_line_of_a_bounded_length() -> None:
    made = entry(Principal("a" * 999, reason="why\n\x00 not\ud800" + "x" * 999), Action.READ, ["c"])
    assert (len(made.actor), len(made.reason or "")) == (200, 500)
    assert (made.reason or "").startswith("why not?x")


# Pages


async def pages(graph: Graph, wanted: Wanted, size: int) -> AsyncIterator[list[int]]:
    """The numbers of each page, from the first to the last."""
    after = None
    while True:
        page = await audit_page(Reading(graph, DEVELOPER, soon()), wanted, size, after)
        yield [one.entry.seq for one in page.items]
        if not page.has_next:
            return
        after = page.items[-1].position


async def test_pages_show_the_newest_first_and_every_entry_once(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("customers.audit.log.FULL_BLOCK", 4)
    monkeypatch.setattr("customers.audit.pages.MOST_NUMBERS", 7)
    for n in range(60):
        who = ANN if n % 3 else BOB
        monkeypatch.setattr("customers.audit.log.now_ms", lambda n=n: 1_000 + n // 2)
        await record_alone(graph, [seen(who, f"cus_{n % 5}", "cus_all")], soon())
    found = await whole(graph)
    for wanted in (
        Wanted(),
        Wanted(about="cus_1"),
        Wanted(about="cus_all"),
        Wanted(actor="bob"),
        Wanted(about="cus_1", actor="bob"),
        Wanted(since=1_010, until=1_020),
        Wanted(until=1_001),
        Wanted(until=1_000),
        Wanted(since=1_029),
        Wanted(since=2_000),
        Wanted(about="cus_all", since=1_005, until=1_012),
        Wanted(actor="nobody"),
        Wanted(about="cus_1", actor="nobody"),
    ):
        expected = [one.seq for one in reversed(found) if wanted.has(one)]
        for size in (1, 7, 100):
            got = [numbers async for numbers in pages(graph, wanted, size)]
            assert [seq for numbers in got for seq in numbers] == expected, (wanted, size)
            assert all(len(numbers) == size for numbers in got[:-1])


async def test_the_log_is_for_admins(graph: Graph) -> None:
    for role in set(Role) - {Role.ADMIN}:
        with pytest.raises(ForbiddenError):
            await audit_page(Reading(graph, Principal("x", role), soon()), Wanted(), 1)


def test_a_time_is_looked_for_at_a_few_places_at_once() -> None:
    assert probes(0, 3) == [1, 2, 3]
    assert probes(2, 3) == [3]
    places = probes(100, 100_000)
    assert (places[-1], len(places) <= PROBES + 1) == (100_000, True)


# What tells of itself


async def test_a_policy_that_is_put_in_force_is_in_the_log(graph: Graph) -> None:
    await put_in_force(graph, default_text(), "file", DEVELOPER, soon())
    await put_in_force(graph, default_text(), "file", DEVELOPER, soon())
    [one] = await whole(graph)
    assert (one.actor, one.action, one.about) == ("developer", "policy", ("policy_1",))
