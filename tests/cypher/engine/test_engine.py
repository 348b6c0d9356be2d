"""Real engine processes on directories of their own, and real kills."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError

from cypher.engine import Address, EngineError, attach, locks
from cypher.engine.data_dir import DataDir
from tests.engines import ON_EMBEDDED

pytestmark = ON_EMBEDDED
PROJECT = Path(__file__).parents[3]
ATTACH_AND_STAY = """
import pathlib, sys, time
from cypher.engine import attach
print(attach(pathlib.Path(sys.argv[1])).address.uri, flush=True)
time.sleep(600)
"""


def run(address: Address, statement: str) -> list[Any]:
    """The first column of what one auto-commit statement returns."""
    auth = (address.user, address.password)
    with (
        GraphDatabase.driver(address.uri, auth=auth) as driver,
        driver.session(database=address.database) as session,
    ):
        return session.run(statement).value()


def refusal(address: Address, statement: str) -> Neo4jError:
    with pytest.raises(Neo4jError) as caught:
        run(address, statement)
    return caught.value


def wait_until(condition: Callable[[], bool], limit_s: float = 30) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def pid(data_dir: Path) -> int:
    return int(json.loads((data_dir / "engine.json").read_text())["pid"])


def is_running(data_dir: Path) -> bool:
    with locks.opened(DataDir(data_dir).engine_lock) as engine:
        return not locks.take(engine)


def has_ended(data_dir: Path) -> bool:
    return not is_running(data_dir)


@contextlib.contextmanager
def user_process(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that attaches, prints the address and stays until it is killed."""
    command = [sys.executable, "-c", ATTACH_AND_STAY, str(data_dir)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Address]]:
    """An engine that stops a statement after one second, for tests that leave it as it is."""
    data_dir = tmp_path_factory.mktemp("engine") / "data"
    with attach(data_dir, command_timeout_ms=1000) as attachment:
        yield data_dir, attachment.address
    wait_until(lambda: has_ended(data_dir))


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with one profile in it, whose engine stopped with its last user."""
    data_dir = tmp_path_factory.mktemp("engine") / "data"
    with attach(data_dir) as attachment:
        run(attachment.address, "CREATE (:Profile {key: 'a'})")
    wait_until(lambda: has_ended(data_dir))
    return data_dir


@pytest.fixture
def data_dir(left_behind: Path, tmp_path: Path) -> Path:
    """A copy of `left_behind` for one test."""
    return Path(shutil.copytree(left_behind, tmp_path / "data"))


def profiles(address: Address) -> list[Any]:
    return run(address, "MATCH (p:Profile) RETURN p.key AS key ORDER BY key")


# While it runs


def test_only_the_owner_reads_the_address_the_password_and_the_directory(
    shared: tuple[Path, Address],
) -> None:
    data_dir, _ = shared
    modes = {name: (data_dir / name).stat().st_mode & 0o777 for name in ("engine.json", "password")}
    assert modes == {"engine.json": 0o600, "password": 0o600}
    assert data_dir.stat().st_mode & 0o777 == 0o700


def test_a_second_user_attaches_to_the_same_engine(shared: tuple[Path, Address]) -> None:
    data_dir, address = shared
    with attach(data_dir) as second:
        assert second.address == address
        assert second.writer_lock == data_dir / "writer.lock"
        assert run(second.address, "RETURN 1") == [1]
    assert run(address, "RETURN 2") == [2]


def test_the_password_does_not_show_in_the_address(shared: tuple[Path, Address]) -> None:
    _, address = shared
    assert address.password not in repr(address)


needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@needs_proc
def test_it_listens_on_loopback_only(shared: tuple[Path, Address]) -> None:
    data_dir, _ = shared
    addresses = list(listening(pid(data_dir)))
    assert len(addresses) == 2  # Bolt, and the HTTP server that cannot be turned off
    for address in addresses:
        assert address in {"0100007F", "0000000000000000FFFF00000100007F"}


def listening(pid: int) -> Iterator[str]:
    """Local addresses, in the kernel's notation, of the sockets on which `pid` listens."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and f"socket:[{rest[5]}]" in links:
                yield local.partition(":")[0]


def test_it_reads_neither_files_nor_addresses_for_a_statement(
    shared: tuple[Path, Address],
) -> None:
    _, address = shared
    for source in ("file:///etc/hostname", "http://127.0.0.1:1/x.csv"):
        refused = refusal(address, f"LOAD CSV FROM '{source}' AS line RETURN line")
        assert refused.code == "Neo.ClientError.Security.Forbidden"


def test_a_statement_that_takes_too_long_is_stopped(shared: tuple[Path, Address]) -> None:
    _, address = shared
    began = time.monotonic()
    endless = "UNWIND range(1, 99999) AS x UNWIND range(1, 99999) AS y WITH x WHERE x < 0 RETURN x"
    assert refusal(address, endless).code == "Neo.ClientError.Transaction.TransactionTimedOut"
    assert time.monotonic() - began < 10


def test_an_error_says_what_is_wrong(shared: tuple[Path, Address]) -> None:
    _, address = shared
    assert "nosuch" in str(refusal(address, "RETURN nosuch(1)").message)


def test_it_does_not_hear_ctrl_c(shared: tuple[Path, Address]) -> None:
    data_dir, address = shared
    os.kill(pid(data_dir), signal.SIGINT)
    assert os.getsid(pid(data_dir)) != os.getsid(0)
    time.sleep(0.5)
    assert run(address, "RETURN 1") == [1]


# Its end


def test_it_ends_with_its_last_user_and_the_data_stays(data_dir: Path) -> None:
    first = attach(data_dir)
    second = attach(data_dir)
    engine = pid(data_dir)
    first.close()
    first.close()  # twice is harmless
    time.sleep(1)
    assert pid(data_dir) == engine
    assert profiles(second.address) == ["a"]
    second.close()
    with pytest.raises(EngineError, match="Nobody is attached"):
        _ = second.address
    with pytest.raises(EngineError, match="is closed"):
        second.restart()
    wait_until(lambda: has_ended(data_dir))
    assert not (data_dir / "engine.json").exists()


def test_two_that_attach_at_once_share_one_engine_which_ends_when_both_are_killed(
    data_dir: Path,
) -> None:
    with user_process(data_dir) as one, user_process(data_dir) as other:
        addresses = {first_line(one), first_line(other)}
        assert len(addresses) == 1
        one.kill()
        time.sleep(1)
        assert is_running(data_dir)
        other.kill()
        wait_until(lambda: has_ended(data_dir))
    assert not (data_dir / "engine.json").exists()


def test_after_a_kill_of_the_engine_a_new_one_has_all_that_was_committed(data_dir: Path) -> None:
    with attach(data_dir) as attachment:
        run(attachment.address, "CREATE (:Profile {key: 'b'})")
        killed = pid(data_dir)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: has_ended(data_dir))
        assert (data_dir / "engine.json").exists()  # which nobody may believe
        address = attachment.restart()
        assert pid(data_dir) != killed
        assert attachment.address == address
        assert profiles(address) == ["a", "b"]
        assert attachment.restart() == address  # nothing had happened


def test_it_ends_when_its_starter_is_killed_on_the_way(data_dir: Path) -> None:
    with user_process(data_dir) as starter:
        wait_until(lambda: is_running(data_dir))
        starter.kill()
    wait_until(lambda: has_ended(data_dir))
    assert not (data_dir / "engine.json").exists()


def test_one_that_waits_for_a_killed_starter_gets_the_engine(data_dir: Path) -> None:
    with user_process(data_dir) as starter:
        wait_until(lambda: is_running(data_dir))
        with user_process(data_dir) as waiting:
            time.sleep(1)
            starter.kill()
            assert first_line(waiting) == json.loads((data_dir / "engine.json").read_text())["uri"]
            os.kill(pid(data_dir), signal.SIGTERM)  # as at the end of a machine's day
            wait_until(lambda: has_ended(data_dir))
    assert (data_dir / "files.json").exists()  # a clean stop


# What can be wrong


def test_a_start_that_takes_too_long_points_at_the_log_and_leaves_nothing(data_dir: Path) -> None:
    with pytest.raises(EngineError) as caught:
        attach(data_dir, start_timeout_s=0.9)
    assert str(data_dir / "engine.log") in str(caught.value)
    assert caught.value.code == "ENGINE_UNAVAILABLE"
    wait_until(lambda: has_ended(data_dir))


@pytest.mark.parametrize("name", ["schema.json", "dictionary.*", "Profile_0.*.bucket"])
def test_a_damaged_file_is_reported_with_the_directory_and_what_to_do(
    data_dir: Path, name: str
) -> None:
    for file in (data_dir / "databases" / "profile_graph").glob(name):
        file.write_bytes(os.urandom(file.stat().st_size))
    assert_damaged(data_dir)


def test_a_lost_schema_is_damage_too_and_not_an_empty_graph(data_dir: Path) -> None:
    for file in (data_dir / "databases" / "profile_graph").glob("schema*.json"):
        file.unlink()
    (data_dir / "files.json").unlink()
    assert_damaged(data_dir)


@pytest.mark.parametrize("text", ["", "{", '{"types": {}}'])
def test_after_a_kill_a_schema_that_does_not_tell_of_records_is_damage(
    data_dir: Path, text: str
) -> None:
    for file in (data_dir / "databases" / "profile_graph").glob("schema*.json"):
        file.write_text(text)
    (data_dir / "files.json").unlink()
    assert_damaged(data_dir)


def test_after_a_kill_the_schema_before_is_enough_where_it_tells_of_all(data_dir: Path) -> None:
    database = data_dir / "databases" / "profile_graph"
    shutil.copy(database / "schema.json", database / "schema.prev.json")
    (database / "schema.json").write_text("{")
    (data_dir / "files.json").unlink()
    with attach(data_dir) as attachment:
        assert profiles(attachment.address) == ["a"]


def test_damage_that_only_arcadedb_notices_is_reported_alike(data_dir: Path) -> None:
    for file in (data_dir / "databases" / "profile_graph").iterdir():
        if not file.name.startswith("schema"):
            file.write_bytes(os.urandom(1000))
    (data_dir / "files.json").unlink()  # as after a kill
    assert_damaged(data_dir)


def assert_damaged(data_dir: Path) -> None:
    with pytest.raises(EngineError, match="may be damaged") as caught:
        attach(data_dir)
    assert str(data_dir) in str(caught.value)
    assert "Restore a backup" in str(caught.value)
    assert "move it away" in str(caught.value)
    wait_until(lambda: has_ended(data_dir))


def test_a_database_that_another_arcadedb_has_open_is_left_to_it(
    shared: tuple[Path, Address], tmp_path: Path
) -> None:
    others, address = shared
    (tmp_path / "databases").symlink_to(others / "databases")
    with pytest.raises(EngineError, match=r"Another ArcadeDB has the database in .* open"):
        attach(tmp_path)
    assert run(address, "RETURN 1") == [1]


def test_a_file_in_place_of_the_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    for path in (tmp_path / "data", tmp_path / "data" / "below"):
        with pytest.raises(EngineError, match="is not a directory"):
            attach(path)


@needs_proc
def test_a_directory_that_cannot_be_written_is_named() -> None:
    with pytest.raises(EngineError, match=r"/proc/data cannot be used .* make it writable"):
        attach(Path("/proc/data"))


def test_a_missing_package_is_reported_with_what_to_install(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "arcadedb_embedded.py").write_text("raise ImportError('not here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"cannot be imported .*`make install`"):
        attach(data_dir)


def test_the_heap_is_what_its_starter_says(data_dir: Path) -> None:
    with attach(data_dir, heap_mb=320) as attachment:
        assert attachment.address.heap_mb == 320
        assert attachment.address.http is not None
        told = httpx2.get(
            f"{attachment.address.http}/api/v1/server",
            auth=(attachment.address.user, attachment.address.password),
        )
    found = told.json()["metrics"]["profiler"]
    assert 300 << 20 < found["ramHeapMax"]["space"] <= 320 << 20
    assert found["cacheMax"]["space"] == 160 << 20


def test_a_heap_that_java_refuses_is_reported_with_javas_words(data_dir: Path) -> None:
    with pytest.raises(EngineError, match=r"engine\.log"):
        attach(data_dir, heap_mb=1)


def test_queries_are_refused_for_nothing_that_nobody_holds_any_more(tmp_path: Path) -> None:
    # What a subquery groups is counted as held until Java collects it, and it has grown old here:
    # half a gigabyte may be held, and each of these leaves 120 MB behind.
    grouping = "CALL () { UNWIND range(1, 250000) AS k WITH k, count(*) AS n RETURN count(k) AS r }"
    with attach(tmp_path, heap_mb=1024) as attachment:
        for _ in range(10):
            assert run(
                attachment.address, f"{grouping} UNWIND range(1, 3000000) AS x RETURN count(x)"
            ) == [3_000_000]
