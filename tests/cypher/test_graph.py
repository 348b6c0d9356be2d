"""The one door to the database: retries, deadlines, bounds and errors, on a real engine."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from neo4j.exceptions import ClientError, ConstraintError
from structlog.testing import capture_logs

from cypher import (
    Connection,
    DatabaseUnavailableError,
    Deadline,
    DeadlineExceededError,
    Graph,
    OverloadedError,
    Statement,
    Transaction,
    Watcher,
    connect,
    tally,
)
from cypher.engine import attach
from cypher.statement import parse
from tests.conftest import soon
from tests.unreachable import unreachable_graph


def statement(name: str, body: str, *, mode: str = "read", params: str = "none") -> Statement:
    header = f"// For a test.\n// params: {params}\n// mode: {mode}\n// row: n\n"
    return parse(name, header + body, f"{name}.cypher")


ONE = statement("test/one", "RETURN 1 AS n")
ECHO = statement("test/echo", "RETURN $n AS n, $other AS other", params="n, other")
SLOW = statement(
    "test/slow",
    "UNWIND range(1, $long) AS x UNWIND range(1, 5000) AS y WITH x, y WHERE x + y < 0 "
    "RETURN count(x) AS n",
    params="long",
)
RAISE = statement(
    "test/raise",
    "MERGE (c:Counter {key: $key}) ON CREATE SET c.n = 0 SET c.n = c.n + 1 RETURN c.n AS n",
    mode="write",
    params="key",
)
READ = statement("test/read", "MATCH (c:Counter) RETURN c.n AS n ORDER BY n")
CLASH = statement("test/clash", "CREATE (:Counter {key: $key})", mode="write", params="key")


# Statements and their parameters


async def test_rows_are_maps_of_what_the_statement_returns(graph: Graph) -> None:
    rows = await graph.read(ECHO, soon(), n=[1, None, {"a": 2.5}], other="ü")
    assert rows == [{"n": [1, None, {"a": 2.5}], "other": "ü"}]


async def test_rows_are_not_written_out_for_the_driver_s_log(
    graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="neo4j"):
        rows = [{"mail": "ann@x.org"}, {"mail": "bob@x.org"}]
        assert await graph.read(ECHO, soon(), n=rows, other=[]) == [{"n": rows, "other": []}]
    assert "C: RUN" in caplog.text
    assert "ann@x.org" not in caplog.text


@pytest.mark.parametrize("params", [{"n": 1}, {"n": 1, "other": 2, "more": 3}])
async def test_parameters_are_checked_before_anything_is_sent(
    graph: Graph, params: dict[str, int]
) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run(ECHO, **params)

    with tally() as sent:
        with pytest.raises(ValueError, match="test/echo: missing or unknown parameters"):
            await graph.read(ECHO, soon(), **params)
        with pytest.raises(ValueError, match="test/echo: missing or unknown parameters"):
            await graph.transaction("test", work, soon())
    assert sent == []


async def test_a_write_does_not_go_where_reads_go(graph: Graph) -> None:
    with tally() as sent, pytest.raises(ValueError, match="test/raise is not a read statement"):
        await graph.read(RAISE, soon(), key="a")
    assert sent == []


async def test_the_tally_has_what_was_sent_while_it_was_open(graph: Graph) -> None:
    await graph.read(ONE, soon())
    with tally() as sent:
        await graph.read(ONE, soon())
        await graph.write(RAISE, soon(), key="a")
        await asyncio.gather(graph.read(READ, soon()), graph.read(READ, soon()))
        with tally() as inner:
            await graph.read(ONE, soon())
    await graph.read(ONE, soon())
    assert sent == ["test/one", "test/raise", "test/read", "test/read"]
    assert inner == ["test/one"]


async def test_a_transaction_is_written_whole_or_not_at_all(graph: Graph) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run(RAISE, key="a")
        assert await transaction.run(READ) == [{"n": 1}]
        raise LookupError

    with pytest.raises(LookupError):
        await graph.transaction("test", work, soon())
    assert await graph.read(READ, soon()) == []


async def test_what_a_statement_gets_wrong_is_an_error_of_its_own(graph: Graph) -> None:
    with pytest.raises(ClientError):
        await graph.read(statement("test/wrong", "RETURN nosuch(1) AS n"), soon())


# Races


async def test_the_loser_of_a_race_does_its_work_again(graph: Graph) -> None:
    # Without the file lock, so that they do meet, on both engines.
    racing = Graph(graph._driver, graph._database)
    for key in ("a", "b"):
        await racing.write(RAISE, soon(), key=key)
    both_hold_one = asyncio.Barrier(2)
    attempts = []

    async def raise_both(first: str, second: str) -> None:
        met = False

        async def work(transaction: Transaction) -> None:
            nonlocal met
            attempts.append(first)
            await transaction.run(RAISE, key=first)
            if not met:
                met = True
                await both_hold_one.wait()
            await transaction.run(RAISE, key=second)

        await racing.transaction("test", work, soon())

    await asyncio.gather(raise_both("a", "b"), raise_both("b", "a"))
    assert len(attempts) >= 3
    assert await racing.read(READ, soon()) == [{"n": 3}, {"n": 3}]


async def test_a_violation_that_stays_is_raised_after_a_few_tries(graph: Graph) -> None:
    await graph.write(RAISE, soon(), key="a")
    with tally() as sent, pytest.raises(ConstraintError):
        await graph.write(CLASH, Deadline.after(5), key="a")
    assert sent == ["test/clash"] * 5


async def test_what_the_database_refuses_is_counted_by_its_own_code(graph: Graph) -> None:
    class Counting(Watcher):
        def happened(self, what: str, kind: str, count: int = 1) -> None:
            heard.append((what, kind, count))

    heard: list[tuple[str, str, int]] = []
    watched = Graph(graph._driver, graph._database)
    watched.watcher = Counting()
    await watched.write(RAISE, soon(), key="a")
    assert heard == []
    with pytest.raises(ConstraintError):
        await watched.write(CLASH, Deadline.after(5), key="a")
    assert heard == [("refusal", "Neo.ClientError.Schema.ConstraintValidationFailed", 1)] * 5


async def test_a_refusal_that_a_caller_is_told_of_is_in_the_log_with_its_code(
    unused_tcp_port: int,
) -> None:
    async with unreachable_graph(unused_tcp_port) as graph:
        with capture_logs() as logs, pytest.raises(DatabaseUnavailableError):
            await graph.read(ONE, Deadline.after(0.1))
    assert logs == [
        {
            "log_level": "warning",
            "event": "refused by the database",
            "work": "test/one",
            "code": "ServiceUnavailable",
        }
    ]


async def test_writers_with_a_lock_file_take_turns(graph: Graph, tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    one, other = (Graph(graph._driver, graph._database, writer_lock=lock) for _ in range(2))
    inside, leave = asyncio.Event(), asyncio.Event()

    async def stay(transaction: Transaction) -> None:
        inside.set()
        await leave.wait()

    first = asyncio.create_task(one.transaction("test", stay, soon()))
    await inside.wait()
    with pytest.raises(DeadlineExceededError):
        await other.write(RAISE, Deadline.after(0.2), key="a")
    second = asyncio.create_task(other.write(RAISE, soon(), key="a"))
    assert await other.read(ONE, soon()) == [{"n": 1}]  # who reads waits for nobody
    await asyncio.sleep(0.1)
    assert not second.done()
    leave.set()
    await first
    assert await second == [{"n": 1}]


async def test_who_waits_for_the_turn_keeps_no_reader_out(graph: Graph, tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    few = Graph(graph._driver, graph._database, writer_lock=lock, in_flight=2, waiting=3)
    async with few.writer_turn(soon()):
        writes = [asyncio.create_task(few.write(RAISE, soon(), key="a")) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert (few.in_flight, few.waiting) == (0, 3)
        assert await few.read(ONE, Deadline.after(2)) == [{"n": 1}]
        with pytest.raises(OverloadedError, match="Too many requests are waiting"):
            await few.write(RAISE, soon(), key="a")
    assert sorted([row["n"] for [row] in await asyncio.gather(*writes)]) == [1, 2, 3]
    assert (few.in_flight, few.waiting) == (0, 0)


# Deadlines and bounds


async def test_a_slow_statement_ends_with_its_deadline_and_the_graph_goes_on(graph: Graph) -> None:
    # The embedded engine does it to the end, a warm Neo4j would be through with as much in time.
    long = 5_000 if graph.embedded else 500_000

    async def work(transaction: Transaction) -> None:
        await transaction.run(SLOW, long=long)

    began = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        await graph.read(SLOW, Deadline.after(0.3), long=long)
    with pytest.raises(DeadlineExceededError):
        await graph.transaction("test", work, Deadline.after(0.3))
    assert time.monotonic() - began < 5
    assert await graph.read(ONE, soon()) == [{"n": 1}]
    assert await graph.write(RAISE, soon(), key="a") == [{"n": 1}]


async def test_nothing_is_sent_after_the_deadline(graph: Graph) -> None:
    with tally() as sent, pytest.raises(DeadlineExceededError) as caught:
        await graph.read(ONE, Deadline.after(-1))
    assert sent == []
    assert caught.value.code == "DEADLINE_EXCEEDED"


async def test_a_deadline_that_passes_before_the_next_try_says_what_that_was_for(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cypher.graph.FIRST_DELAY_S", 0.2)
    deadline = Deadline.after(0.4)
    async with unreachable_graph(unused_tcp_port) as graph:
        # The pause after the first try is 0.1 to 0.3 s, and nobody is waked while this goes on.
        asyncio.get_running_loop().call_later(0.08, time.sleep, 0.5)
        with pytest.raises(DatabaseUnavailableError, match="is it running"):
            await graph.read(ONE, deadline)


@asynccontextmanager
async def busy(graph: Graph, waiting: int) -> AsyncIterator[Graph]:
    """A Graph whose only place is taken."""
    full = Graph(graph._driver, graph._database, in_flight=1, waiting=waiting)
    inside, leave = asyncio.Event(), asyncio.Event()

    async def stay(transaction: Transaction) -> None:
        inside.set()
        await leave.wait()

    task = asyncio.create_task(full.transaction("test", stay, soon()))
    await inside.wait()
    yield full
    leave.set()
    await task


async def test_more_than_the_bound_is_refused_at_once(graph: Graph) -> None:
    async with busy(graph, waiting=1) as full:
        waits = asyncio.create_task(full.read(ONE, soon()))
        await asyncio.sleep(0)
        began = time.monotonic()
        with pytest.raises(OverloadedError, match="Too many requests are waiting") as caught:
            await full.read(ONE, Deadline.after(3))
        assert time.monotonic() - began < 0.5
        assert caught.value.code == "OVERLOADED"
        assert not waits.done()
    assert await waits == [{"n": 1}]
    assert await full.read(ONE, soon()) == [{"n": 1}]


async def test_who_waits_for_a_place_waits_no_longer_than_the_deadline(graph: Graph) -> None:
    async with busy(graph, waiting=5) as full:
        with pytest.raises(OverloadedError, match="No database connection became free in time"):
            await full.read(ONE, Deadline.after(0.1))
    assert await full.read(ONE, soon()) == [{"n": 1}]


# What can be wrong with the address


@pytest.fixture
def address(connection: Connection) -> Iterator[Connection]:
    """The engine in force by its address, whichever it is."""
    if connection.uri is not None:
        yield connection
        return
    with attach(connection.data_dir) as attachment:
        at = attachment.address
        yield Connection(connection.data_dir, at.uri, at.user, at.password, at.database)


def other_uri(address: Connection, uri: str) -> Connection:
    return Connection(address.data_dir, uri, address.user, address.password, address.database)


async def refusal(connection: Connection) -> str:
    with pytest.raises(DatabaseUnavailableError) as caught:
        async with connect(connection, Deadline.after(2)):
            pass
    assert caught.value.code == "DATABASE_UNAVAILABLE"
    return str(caught.value)


async def test_an_engine_is_reached_by_its_address(address: Connection) -> None:
    async with connect(address) as graph:
        assert await graph.read(ONE, soon()) == [{"n": 1}]


async def test_a_wrong_password_says_which_settings_to_check(address: Connection) -> None:
    assert address.uri is not None
    wrong = Connection(address.data_dir, address.uri, address.user, "wrong", address.database)
    assert await refusal(wrong) == (
        "The database refuses the user name or the password: check NEO4J_USER and NEO4J_PASSWORD."
    )


async def test_a_database_that_is_not_there_is_named_by_its_setting(address: Connection) -> None:
    wrong = Connection(address.data_dir, address.uri, address.user, address.password, "nosuch")
    with pytest.raises(DatabaseUnavailableError, match="check NEO4J_DATABASE"):
        async with connect(wrong) as graph:
            await graph.read(ONE, Deadline.after(5))


async def test_an_address_where_nobody_listens_says_so(address: Connection) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        uri = f"bolt://127.0.0.1:{probe.getsockname()[1]}"
        problem = await refusal(other_uri(address, uri))
    assert problem == "The database cannot be reached: is it running, and is NEO4J_URI right?"


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\0\0\0\0", b"\0\0\x05\x01"]
)
async def test_a_port_of_something_else_says_so(address: Connection, greeting: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(greeting)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        problem = await refusal(other_uri(address, f"bolt://127.0.0.1:{port}"))
    assert "NEO4J_URI" in problem


@pytest.mark.parametrize("uri", ["http://127.0.0.1:7474", "127.0.0.1", ""])
async def test_what_is_no_address_is_refused_with_an_example(address: Connection, uri: str) -> None:
    assert await refusal(other_uri(address, uri)) == (
        "NEO4J_URI is not an address of a Neo4j, such as neo4j://host:7687 (user and password "
        "go into NEO4J_USER and NEO4J_PASSWORD)."
    )
