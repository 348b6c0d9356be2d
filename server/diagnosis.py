"""Diagnosis: what a database and its directory are like, and what is wrong with them."""

import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ClassVar

from customers.identity.policy_in_force import policy_in_force
from customers.identity.resolve import BUCKET
from cypher import (
    Connection,
    Deadline,
    Graph,
    ProfileGraphError,
    connect,
    every,
    load,
    pending,
)
from cypher.engine.data_dir import DataDir
from cypher.engine.locks import opened, take

CONSTRAINTS = load("doctor/constraints")
INDEXES = load("doctor/indexes")
CLOCK = load("doctor/clock")
EDITION = load("doctor/edition")
MEMORY = load("doctor/memory")
UNFILED = load("doctor/unfiled")
UNCOUNTED = load("doctor/uncounted")
PENDING = load("metrics/pending")
COUNTERS = load("metrics/counters")
ASK_S = 5.0
# Below this a batch, its log and a copy of the database soon have no room.
LEAST_FREE_BYTES = 512 << 20
# Histories of several servers are told in one order as long as their clocks agree better than this.
MOST_APART_S = 5.0
# Buckets of customers that are looked at, spread over all: what an older version left is in most.
MOST_BUCKETS = 50
MOST_PRODUCTS = 500
_UNIQUE = re.compile(r"FOR \S*[(\[]\w:(\w+)[)\]]\S* REQUIRE \w\.(\w+) IS UNIQUE")
_INDEX = re.compile(r"CREATE INDEX .* FOR \(\w:(\w+)\) ON \(\w\.(\w+)\)")

Fact = tuple[str, str]
Look = Callable[[Graph], AsyncIterator[Fact]]
Key = tuple[str, str]  # a label or type, and its property


class WrongError(ProfileGraphError):
    """Something that the doctor found; the text says what to do."""

    code: ClassVar[str] = "WRONG"


@dataclass(slots=True)
class Findings:
    """What is in force, and what is wrong with it."""

    facts: list[Fact] = field(default_factory=list)
    wrong: list[ProfileGraphError] = field(default_factory=list)

    def check(self, look: Callable[[], Iterator[Fact]]) -> None:
        """Take the facts of `look`, up to what it finds wrong."""
        try:
            self.facts.extend(look())
        except ProfileGraphError as problem:
            self.add(problem)

    def add(self, problem: ProfileGraphError) -> None:
        """Note something wrong, once however many looks come by it."""
        if str(problem) not in map(str, self.wrong):
            self.wrong.append(problem)


async def ask(connection: Connection, found: Findings, *more: Look) -> None:
    """Ask the database everything, and `more`; one thing that is wrong hides no other."""
    looks: list[Look] = [_engine, _schema, _unique, _indexed, _policy, _waiting, _filed, _clock]
    looks += [partial(_memory, connection), *more]
    try:
        async with connect(connection, Deadline.after(ASK_S)) as graph:
            for look in looks:
                try:
                    async for fact in look(graph):
                        found.facts.append(fact)
                except ProfileGraphError as problem:
                    found.add(problem)
    except ProfileGraphError as problem:
        found.add(problem)


async def _engine(graph: Graph) -> AsyncIterator[Fact]:
    agent = await graph.server_version(_soon())
    [row] = await graph.read(EDITION, _soon())
    yield "answers as", f"{agent}, {row['edition']} edition"


async def _schema(graph: Graph) -> AsyncIterator[Fact]:
    missing = await pending(graph, _soon())
    names = ", ".join(migration.version for migration in missing)
    yield "schema", f"to be migrated: {names}" if names else "up to date"


async def _unique(graph: Graph) -> AsyncIterator[Fact]:
    if await pending(graph, _soon()):
        return
    wanted = _declared(_UNIQUE)
    rows = await graph.read(CONSTRAINTS, _soon())
    found = {(row["labelsOrTypes"][0], row["properties"][0]) for row in rows}
    if lost := wanted - found:
        raise WrongError(
            f"Constraints are missing, without which things may be doubled: {_named(lost)}. Stop "
            "the servers, and restore a backup or make them again as cypher/migrations/ has them."
        )
    yield "unique", f"all {len(wanted)} constraints are there"


async def _indexed(graph: Graph) -> AsyncIterator[Fact]:
    if await pending(graph, _soon()):
        return
    wanted = _declared(_UNIQUE) | _declared(_INDEX)
    rows = await graph.read(INDEXES, _soon())
    online = {
        (row["labelsOrTypes"][0], row["properties"][0])
        for row in rows
        if row["state"] == "ONLINE" and row["labelsOrTypes"]
    }
    if lost := wanted - online:
        raise WrongError(
            f"Indexes are missing or not online: {_named(lost)}. Everything is slow until they "
            "are: wait if the database has just started, else make them again as "
            "cypher/migrations/ has them."
        )
    yield "indexes", f"all {len(wanted)} are online"


async def _policy(graph: Graph) -> AsyncIterator[Fact]:
    row = await policy_in_force(graph, _soon())
    if row is None:
        yield "policy", "none yet: the first server or import puts one in force"
        return
    yield "policy", f"version {row['version']}, by {row['by']}, from the {row['origin']}"
    if row["resolvedAt"] is None:
        raise WrongError(
            f"Not everything is resolved by version {row['version']} of the policy: a running "
            "server does that, or profile-graph resolve --all."
        )


async def _waiting(graph: Graph) -> AsyncIterator[Fact]:
    rows = await graph.read(COUNTERS, _soon(), keys=["profiles", "changes"])
    numbers = {row["key"]: row["n"] for row in rows}
    yield (
        "numbers",
        f"{numbers.get('profiles', 0):,} profiles, {numbers.get('changes', 0):,} changes so far",
    )
    [row] = await graph.read(PENDING, _soon())
    if row["waiting"]:
        raise WrongError(
            f"{row['waiting']:,} customers wait to be resolved, since their component is above the "
            "limit: a running server does that, or profile-graph resolve."
        )
    yield "waiting", "no customer"


async def _filed(graph: Graph) -> AsyncIterator[Fact]:
    rows = await graph.read(COUNTERS, _soon(), keys=["profiles"])
    buckets = range((rows[0]["n"] if rows else 0) // BUCKET + 1)
    some = list(buckets[:: -(-len(buckets) // MOST_BUCKETS)])
    [row] = await graph.read(UNFILED, _soon(), buckets=some)
    if row["unfiled"]:
        raise WrongError(
            f"{row['unfiled']:,} customers or more were written by an older version: searches, "
            "filters, orders, stats and recommendations leave them out until profile-graph resolve "
            "--all, which may run beside servers."
        )
    [row] = await graph.read(UNCOUNTED, _soon(), most=MOST_PRODUCTS)
    if row["uncounted"]:
        raise WrongError(
            f"{row['uncounted']:,} products or more were written by an older version: to who has "
            "bought them others' purchases recommend little until profile-graph resolve --all, "
            "which may run beside servers."
        )
    whole = "all" if len(some) == len(buckets) else "as far as was looked"
    yield "found", f"customers by search, filter and order: {whole}"


async def _clock(graph: Graph) -> AsyncIterator[Fact]:
    before = time.time()
    [row] = await graph.read(CLOCK, _soon())
    # The answer was given somewhere between.
    apart = row["now"] / 1000 - (before + time.time()) / 2
    if abs(apart) > MOST_APART_S + (time.time() - before) / 2:
        raise WrongError(
            f"The clocks of this machine and of the database are {apart:.1f} s apart: set both by "
            "NTP, or the history of customers is told in the wrong order."
        )
    yield "clock", f"{apart * 1000:+.0f} ms at the database"


async def _memory(connection: Connection, graph: Graph) -> AsyncIterator[Fact]:
    # The embedded engine calls itself a Neo4j too; its heap is what its starter gave it.
    if not graph.embedded:
        rows = await graph.read(MEMORY, _soon())
        told = ", ".join(f"{row['name']} {row['value']}" for row in rows)
        yield "memory", told or "what Neo4j chose"
    elif (address := DataDir(connection.data_dir.absolute()).read_address()) and address.heap_mb:
        yield "memory", f"heap {address.heap_mb:,} MB"


def directory(path: Path) -> Iterator[Fact]:
    """The room on the disk of the data directory."""
    there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE_BYTES:
        raise WrongError(
            f"{path.absolute()} has {free >> 20:,} MiB free: make room, or name a directory on "
            "another disk in PROFILE_GRAPH_DATA_DIR."
        )
    yield "disk", f"{free >> 20:,} MiB free for {path.absolute()}"


def writer(connection: Connection) -> Iterator[Fact]:
    """Whether somebody writes right now."""
    if connection.uri is not None:
        yield "writers", "take turns in the database"
        return
    path = DataDir(connection.data_dir.absolute()).writer_lock
    if not path.exists():
        yield "writers", "nobody has written yet"
        return
    with opened(path) as lock:
        yield "writers", "nobody writes" if take(lock) else "somebody writes right now"


def _declared(pattern: re.Pattern[str]) -> set[Key]:
    """What the migrations make, by label or type and property."""
    return {
        found
        for statement in every()
        if statement.name.startswith("migrations/")
        for found in pattern.findall(statement.text)
    }


def _named(keys: set[Key]) -> str:
    return ", ".join(f"{name}.{key}" for name, key in sorted(keys))


def _soon() -> Deadline:
    return Deadline.after(ASK_S)
