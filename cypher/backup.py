"""Backup and restore of the embedded engine, while others work on it."""

import asyncio
import time
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from cypher.connect import Connection, connect
from cypher.deadline import Deadline
from cypher.engine import BackupError, attach
from cypher.engine.copy import Facts, checked, copied, pack, unpack
from cypher.graph import Graph
from cypher.statement import load

NEWEST = load("schema/newest")
TURN_S = 120.0


async def backup(data_dir: Path, file: Path, heap_mb: int | None = None) -> Facts:
    """Copy the database of `data_dir` to `file` and return what the copy holds.

    Servers go on; who wants to write waits until the engine has made its copy.

    Raises:
        BackupError, EngineError
    """
    home = await asyncio.to_thread(checked, data_dir, file)
    with closing(await asyncio.to_thread(attach, data_dir, heap_mb=heap_mb)) as attachment:
        async with connect(Connection(data_dir)) as graph:
            async with graph.writer_turn(Deadline.after(TURN_S)):
                facts = await _facts(graph)
                archive = await asyncio.to_thread(copied, home, attachment.address)
            await asyncio.to_thread(pack, file, facts, archive, home)
    return facts


async def restore(data_dir: Path, file: Path, heap_mb: int | None = None) -> Facts:
    """Make the empty `data_dir` what it was when `file` was written, and look whether it is.

    Raises:
        BackupError, EngineError
    """
    facts = await asyncio.to_thread(unpack, file, data_dir)
    async with connect(Connection(data_dir, heap_mb=heap_mb)) as graph:
        found = await _facts(graph)
    if found["newest"] != facts["newest"]:
        raise BackupError(
            f"The restored database lacks something: its newest numbers are {found['newest']}, "
            f"those of the backup {facts['newest']}. Use another backup."
        )
    return facts


async def _facts(graph: Graph) -> Facts:
    rows = await graph.read(NEWEST, Deadline.after(TURN_S))
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "engine": version("arcadedb-embedded"),
        "newest": {row["key"]: [row["n"], row["profiles"], row["changes"]] for row in rows},
    }
