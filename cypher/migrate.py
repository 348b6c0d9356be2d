"""Migrations: ordered files ``migrations/V0001__what_it_does.cypher``, checksummed and locked."""

import asyncio
import hashlib
import time
import uuid
from dataclasses import dataclass

from cypher.deadline import Deadline
from cypher.errors import MigrationError
from cypher.graph import Graph
from cypher.statement import Statement, every, load

MIGRATION_KEY = load("schema/migration_key")
APPLIED = load("schema/applied")
TAKE_LOCK = load("schema/take_lock")
UNFINISHED = load("transfer/unfinished")
LEAVE_LOCK = load("schema/leave_lock")
RECORD_MIGRATION = load("schema/record_migration")
# A process that died with the lock holds it no longer than this.
LOCK_MS = 60_000
# The lock is given back even when the caller's time is up.
LEAVE_S = 5.0


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the schema's history."""

    version: str
    statement: Statement
    checksum: str


def known() -> list[Migration]:
    """The migrations of this program, in order."""
    return [
        Migration(
            version=statement.name.removeprefix("migrations/"),
            statement=statement,
            checksum=hashlib.sha256(statement.text.encode()).hexdigest(),
        )
        for statement in every()
        if statement.name.startswith("migrations/")
    ]


async def pending(graph: Graph, deadline: Deadline) -> list[Migration]:
    """The migrations that this database lacks; writes nothing.

    Raises:
        MigrationError: the database was changed by another version of a file that we know, or by a
            newer program, or holds half of a transfer.
    """
    if await graph.read(UNFINISHED, deadline):
        raise MigrationError(
            "A transfer into this database did not end, so half of the customers may be missing: "
            "begin it again with profile-graph transfer --again."
        )
    applied = {row["version"]: row["checksum"] for row in await graph.read(APPLIED, deadline)}
    ours = known()
    for migration in ours:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            raise MigrationError(
                f"{migration.version} was applied with other contents: a file that has run is "
                "never edited. Restore the file, or the database that belongs to it."
            )
    if newer := sorted(applied.keys() - {migration.version for migration in ours}):
        raise MigrationError(
            f"The database has {newer[-1]}, which this program does not know: "
            "upgrade profile-graph."
        )
    return [migration for migration in ours if migration.version not in applied]


async def migrate(graph: Graph, deadline: Deadline) -> list[Migration]:
    """Bring the schema up to date and return what ran; several processes take turns."""
    if not await pending(graph, deadline):
        return []
    await graph.define(MIGRATION_KEY, deadline)
    holder = uuid.uuid4().hex
    while not await _locked(graph, holder, deadline):  # noqa: ASYNC110 - another process has it
        await asyncio.sleep(0.1)
    try:
        missing = await pending(graph, deadline)
        for migration in missing:
            await graph.define(migration.statement, deadline)
            await graph.write(
                RECORD_MIGRATION,
                deadline,
                version=migration.version,
                checksum=migration.checksum,
                at=_now(),
            )
        return missing
    finally:
        await graph.write(LEAVE_LOCK, Deadline.after(LEAVE_S), holder=holder)


async def _locked(graph: Graph, holder: str, deadline: Deadline) -> bool:
    now = _now()
    rows = await graph.write(TAKE_LOCK, deadline, holder=holder, now=now, until=now + LOCK_MS)
    return bool(rows[0]["holder"] == holder)


def _now() -> int:
    return time.time_ns() // 1_000_000
