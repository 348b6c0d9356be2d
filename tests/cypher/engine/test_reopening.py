"""What those who use an engine notice when it is killed: nothing, where it starts again in time."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cypher import Connection, DatabaseUnavailableError, Deadline, Graph, Transaction, connect
from tests.conftest import soon
from tests.cypher.engine.test_engine import has_ended, pid, wait_until
from tests.cypher.test_graph import RAISE, READ
from tests.engines import ON_EMBEDDED

pytestmark = ON_EMBEDDED
ENDED = "engine had ended, and was started again"


@pytest.fixture
async def graph(tmp_path: Path) -> AsyncIterator[Graph]:
    """A graph with one node, on an engine of its own."""
    async with connect(Connection(tmp_path / "data")) as graph:
        await graph.write(RAISE, soon(), key="a")
        yield graph


def kill(data_dir: Path) -> None:
    os.kill(pid(data_dir), signal.SIGKILL)
    wait_until(lambda: has_ended(data_dir))


async def test_all_who_meet_a_killed_engine_are_answered_by_the_next(
    graph: Graph, tmp_path: Path
) -> None:
    for n in (1, 2):
        kill(tmp_path / "data")
        with capture_logs() as logs:
            found = await asyncio.gather(*(graph.read(READ, soon()) for _ in range(40)))
        assert found == [[{"n": n}]] * 40
        assert [line["event"] for line in logs] == [ENDED]
        assert await graph.write(RAISE, soon(), key="a") == [{"n": n + 1}]


async def test_work_that_was_broken_off_is_done_once(graph: Graph, tmp_path: Path) -> None:
    attempts = []

    async def work(transaction: Transaction) -> object:
        attempts.append(await transaction.run(RAISE, key="a"))
        if len(attempts) == 1:
            kill(tmp_path / "data")
        return await transaction.run(RAISE, key="a")

    assert await graph.transaction("test", work, soon()) == [{"n": 3}]
    assert attempts == [[{"n": 2}]] * 2


async def test_who_has_no_time_to_wait_is_told_so_and_the_next_is_answered(
    graph: Graph, tmp_path: Path
) -> None:
    kill(tmp_path / "data")
    with pytest.raises(DatabaseUnavailableError, match="is being started again"):
        await graph.read(READ, Deadline.after(0.2))
    assert await graph.read(READ, soon()) == [{"n": 1}]


async def test_one_that_does_not_start_again_is_in_the_log_with_its_directory(
    graph: Graph, tmp_path: Path
) -> None:
    kill(tmp_path / "data")
    for file in (tmp_path / "data" / "databases" / "profile_graph").glob("schema*.json"):
        file.write_bytes(b"{")
    with (
        capture_logs() as logs,
        pytest.raises(DatabaseUnavailableError, match="does not start again") as caught,
    ):
        await graph.read(READ, soon())
    assert str(tmp_path) not in str(caught.value)  # which is told to callers of the API
    [line] = logs
    assert line["event"] == "engine ended, and does not start"
    assert f"The database in {tmp_path / 'data'} cannot be opened" in line["reason"]
