"""Backups of the embedded engine, made while others work, and what is made of them."""

import asyncio
import json
import stat
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from customers.identity.everything import resolve_everything
from customers.ingest.ingest import ingest
from customers.principal import DEVELOPER
from customers.services import Services, open_services
from cypher import Connection
from cypher.backup import backup, restore
from cypher.engine import BackupError
from tests.conftest import query, soon
from tests.contract.canonical import exported
from tests.server.cli.program import program
from tests.synthetic import JsonRecord, stream

RECORDS = stream(500, 3).records  # more than any machine writes while a backup is made
BATCH = 20


async def write(
    services: Services, records: list[JsonRecord], enough: asyncio.Event | None = None
) -> list[JsonRecord]:
    """Write records in batches until it is enough; which of them were written."""
    written: list[JsonRecord] = []
    while len(written) < len(records) and not (enough and enough.is_set()):
        batch = records[len(written) : len(written) + BATCH]
        await ingest(services.writer, services.policy, batch, DEVELOPER, soon())
        written += batch
    return written


def profiles(records: list[JsonRecord]) -> int:
    return len({(one["source"], one["sourceId"]) for one in records})


async def test_a_backup_made_while_others_write_restores_to_a_graph_that_is_whole(
    tmp_path: Path, cli_env: Mapping[str, str]
) -> None:
    env = {name: value for name, value in cli_env.items() if not name.startswith("NEO4J_")}
    here = {**env, "PROFILE_GRAPH_DATA_DIR": str(tmp_path / "data")}
    early, late = tmp_path / "early.backup", tmp_path / "late.backup"
    async with open_services(Connection(tmp_path / "data"), b"s" * 32) as services:
        (tmp_path / "data" / "secret").write_text("kept")
        enough = asyncio.Event()
        writing = asyncio.create_task(write(services, RECORDS, enough))
        while not await query(services.graph, "MATCH (x:Change) RETURN x.seq AS seq LIMIT 1"):
            await asyncio.sleep(0.01)
        await backup(tmp_path / "data", early)
        assert not writing.done()
        enough.set()
        written = await writing
        # What was written last is in a copy that is made at once.
        done = await program(here, "backup", str(late), "--json")
        expected = await exported(services.graph)
        assert list((tmp_path / "data" / "backups").rglob("*.zip")) == []
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["bytes"] == late.stat().st_size
    assert stat.S_IMODE(late.stat().st_mode) == 0o600
    await restore(tmp_path / "again", late)
    assert (tmp_path / "again" / "secret").read_text() == "kept"
    assert not (tmp_path / "again" / "restoring").exists()
    async with open_services(Connection(tmp_path / "again"), b"s" * 32) as services:
        assert await exported(services.graph) == expected
    await restore(tmp_path / "earlier", early)
    async with open_services(Connection(tmp_path / "earlier"), b"s" * 32) as services:
        report = await resolve_everything(services.graph, services.policies, DEVELOPER)
        assert not report.did_anything
        assert 0 < report.profiles < profiles(written)
        numbers = await query(services.graph, "MATCH (x:Change) RETURN x.seq AS seq ORDER BY seq")
        assert [row["seq"] for row in numbers] == list(range(1, len(numbers) + 1))
        await write(services, written)
        # As many as there would be without any backup: nothing is doubled.
        [count] = await query(services.graph, "MATCH (p:Profile) RETURN count(p) AS profiles")
        assert count["profiles"] == profiles(written)


@pytest.fixture(scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small backup."""
    place = tmp_path_factory.mktemp("backup")
    async with open_services(Connection(place / "data"), b"s" * 32):
        await backup(place / "data", place / "file")
    return place / "file"


async def test_a_restore_replaces_nothing(made: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(BackupError, match="is not empty, and a restore replaces nothing"):
        await restore(tmp_path, made)
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


async def test_a_backup_replaces_nothing_and_needs_a_database(made: Path, tmp_path: Path) -> None:
    before = made.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        await backup(made.parent / "data", made)
    assert made.read_bytes() == before
    with pytest.raises(BackupError, match="There is no database in"):
        await backup(tmp_path / "nothing", tmp_path / "file")
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("what", ["cut", "changed", "other", "empty"])
async def test_a_file_that_is_damaged_or_no_backup_is_refused_and_leaves_nothing(
    made: Path, tmp_path: Path, what: str
) -> None:
    whole = made.read_bytes()
    middle = len(whole) // 2
    content = {
        "cut": whole[:middle],
        "changed": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "other": b"no backup " * 1000,
        "empty": b"",
    }
    (tmp_path / "file").write_bytes(content[what])
    with pytest.raises(BackupError, match="is no backup of profile-graph, or damaged"):
        await restore(tmp_path / "data", tmp_path / "file")
    assert list((tmp_path / "data").iterdir()) == []


async def test_a_copy_that_lacks_what_was_written_last_is_told(made: Path, tmp_path: Path) -> None:
    with tarfile.open(made) as whole, tarfile.open(tmp_path / "file", "w") as other:
        for member in whole.getmembers():
            content = whole.extractfile(member)
            assert content is not None
            if member.name.endswith(".json"):
                manifest = json.loads(content.read())
                manifest["newest"]["changes"] = [9, 0, 1]
                (tmp_path / "manifest").write_text(json.dumps(manifest))
                other.add(tmp_path / "manifest", member.name)
            else:
                other.addfile(member, content)
    with pytest.raises(BackupError, match="lacks something"):
        await restore(tmp_path / "data", tmp_path / "file")


async def test_the_command_refuses_a_damaged_file_in_one_line_and_exits_with_1(
    made: Path, cli_env: Mapping[str, str], tmp_path: Path
) -> None:
    env = {name: value for name, value in cli_env.items() if not name.startswith("NEO4J_")}
    env["PROFILE_GRAPH_DATA_DIR"] = str(tmp_path / "data")
    (tmp_path / "file").write_bytes(made.read_bytes()[:-20_000])
    done = await program(env, "restore", str(tmp_path / "file"))
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"is no backup of profile-graph, or damaged" in done.stderr
    assert done.stderr.count(b"\n") == 1


async def test_for_a_neo4j_its_own_command_is_named(
    cli_env: Mapping[str, str], tmp_path: Path
) -> None:
    env = {**cli_env, "NEO4J_URI": "bolt://127.0.0.1:1", "NEO4J_DATABASE": "mine"}
    for command, other in (
        ("backup", "dump mine --to-path="),
        ("restore", "load mine --from-path"),
    ):
        done = await program(env, command, str(tmp_path / "file"))
        assert done.returncode == 1
        assert f"neo4j-admin database {other}" in done.stderr.decode()
