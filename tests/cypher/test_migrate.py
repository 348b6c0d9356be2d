"""Migrations on a database that has none yet."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from cypher import Deadline, DeadlineExceededError, Graph, migrate, pending
from cypher.errors import MigrationError
from cypher.migrate import known
from tests.conftest import MARKER, Json, query, soon

PROJECT = Path(__file__).parents[2]
VERSIONS = [migration.version for migration in known()]
MIGRATE = """
import asyncio, os, pathlib
from cypher import Connection, Deadline, connect, migrate

async def main():
    where = {name.removeprefix("NEO4J_").lower(): os.environ[name] for name in os.environ
             if name.startswith("NEO4J_")}
    connection = Connection(pathlib.Path(os.environ["PROFILE_GRAPH_DATA_DIR"]), **where)
    async with connect(connection) as graph:
        for migration in await migrate(graph, Deadline.after(100)):
            print(migration.version)

asyncio.run(main())
"""


@pytest.fixture
async def fresh(graph: Graph) -> AsyncIterator[Graph]:
    """The graph without its schema."""
    await forget(graph)
    for row in await query(graph, "SHOW CONSTRAINTS YIELD name"):
        await query(graph, f"DROP CONSTRAINT `{row['name']}` IF EXISTS")
    for name in ("customer_bucket", "interaction_bucket"):
        await query(graph, f"DROP INDEX {name} IF EXISTS")
    yield graph
    await forget(graph)
    await migrate(graph, soon())


async def forget(graph: Graph) -> None:
    text = "MATCH (m:Migration) WHERE m.version <> $marker DETACH DELETE m"
    await query(graph, text, marker=MARKER)


async def migrations(graph: Graph) -> list[Json]:
    text = "MATCH (m:Migration) WHERE m.version <> $marker RETURN m {.*} AS m ORDER BY m.version"
    return [row["m"] for row in await query(graph, text, marker=MARKER)]


async def constraints(graph: Graph) -> set[str]:
    return {row["name"] for row in await query(graph, "SHOW CONSTRAINTS YIELD name")}


async def test_what_is_pending_is_told_and_nothing_is_written(fresh: Graph) -> None:
    assert [one.version for one in await pending(fresh, soon())] == VERSIONS
    assert await migrations(fresh) == []
    assert await constraints(fresh) == set()


async def test_a_migration_runs_once(fresh: Graph) -> None:
    ran = await migrate(fresh, soon())
    assert [one.version for one in ran] == VERSIONS == sorted(VERSIONS)
    assert {"profile_key", "belongs_to_key", "migration_version"} <= await constraints(fresh)
    applied = await migrations(fresh)
    assert [one["version"] for one in applied] == [*VERSIONS, "lock"]
    assert [one.get("checksum") for one in applied] == [*(one.checksum for one in ran), None]
    assert "holder" not in applied[-1]
    assert await pending(fresh, soon()) == []
    assert await migrate(fresh, soon()) == []
    assert await migrations(fresh) == applied


async def test_a_migration_that_was_cut_short_runs_again(fresh: Graph) -> None:
    await query(fresh, "CREATE CONSTRAINT profile_key FOR (n:Profile) REQUIRE n.key IS UNIQUE")
    assert [one.version for one in await migrate(fresh, soon())] == VERSIONS


async def test_two_processes_at_once_run_each_migration_once(
    fresh: Graph, cli_env: Mapping[str, str]
) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, cwd=PROJECT, env=cli_env, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    outputs = [(await process.communicate())[0].decode().split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(outputs) == [[], VERSIONS]
    assert [one["version"] for one in await migrations(fresh)] == [*VERSIONS, "lock"]


async def test_a_file_that_was_edited_after_it_ran_is_refused(fresh: Graph) -> None:
    await migrate(fresh, soon())
    edit = "MATCH (m:Migration {version: $version}) SET m.checksum = 'other'"
    await query(fresh, edit, version=VERSIONS[0])
    for refused in (pending, migrate):
        with pytest.raises(MigrationError, match=f"{VERSIONS[0]} was applied with other contents"):
            await refused(fresh, soon())


async def test_a_database_of_a_newer_program_is_refused(fresh: Graph) -> None:
    await query(fresh, "CREATE (:Migration {version: 'V9999__later', checksum: 'x', at: 1})")
    with pytest.raises(MigrationError, match=r"has V9999__later, .* upgrade profile-graph"):
        await migrate(fresh, soon())
    assert [one["version"] for one in await migrations(fresh)] == ["V9999__later"]


async def test_who_holds_the_lock_is_waited_for(fresh: Graph) -> None:
    await query(fresh, "CREATE (:Migration {version: 'lock', holder: 'x', until: 9999999999999})")
    with pytest.raises(DeadlineExceededError):
        await migrate(fresh, Deadline.after(1))
    [lock] = await migrations(fresh)
    assert (lock["version"], lock["holder"], lock["until"]) == ("lock", "x", 9999999999999)


async def test_the_lock_of_one_that_died_runs_out(fresh: Graph) -> None:
    await query(fresh, "CREATE (:Migration {version: 'lock', holder: 'x', until: 1})")
    assert [one.version for one in await migrate(fresh, soon())] == VERSIONS
