"""Moving: everything of an embedded engine's graph into an empty Neo4j, all of it or nothing.

Nodes are read by their places in the engine's files, a page of places at a time, so nothing is
sorted and nothing can be missed; whatever labels and properties there are come along.
"""

import re
import time
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from cypher.deadline import Deadline
from cypher.errors import ProfileGraphError
from cypher.graph import Graph, Row
from cypher.migrate import migrate
from cypher.statement import Statement, load

CENSUS = load("transfer/census")
NODES = load("transfer/nodes")
RELATIONSHIPS = load("transfer/relationships")
CREATE_NODES = load("transfer/create_nodes")
CREATE_RELATIONSHIPS = load("transfer/create_relationships")
LABELS = load("transfer/labels")
TYPES = load("transfer/types")
BEGIN = load("transfer/begin")
END = load("transfer/end")
UNFINISHED = load("transfer/unfinished")
EMPTY = load("transfer/empty")
ANY = load("transfer/any")

# Places a page of the engine's files has; not all are taken.
PLACES = 2048
ROWS = 2000
EMPTIED_AT_ONCE = 5000
STEP_S = 120.0
# The database's own, which its migrations made there.
LEFT_OUT = "Migration"
KNOWN_TYPES = frozenset(re.findall(r"\[r:(\w+)\]", CREATE_RELATIONSHIPS.text))

Tell = Callable[[int, int], None]


class TransferError(ProfileGraphError):
    """The graph cannot be transferred, or was not as a whole; the text says what to do."""

    code = "TRANSFER_FAILED"


@dataclass(slots=True)
class Moved:
    """How much was transferred, by label and by type."""

    nodes: Counter[str] = field(default_factory=Counter)
    relationships: Counter[str] = field(default_factory=Counter)


async def transfer(
    source: Graph, target: Graph, *, again: bool = False, tell: Tell = lambda *_: None
) -> Moved:
    """Copy everything of `source`, an embedded engine, into `target`, an empty Neo4j.

    Whoever writes to `source` waits meanwhile. `again` empties what an unfinished transfer left in
    `target`; `tell` hears of the places done and of all. Memory: 8 bytes a place, some 16 a node.

    Raises:
        TransferError, MigrationError, DatabaseUnavailableError
    """
    await _make_ready(target, again=again)
    await migrate(source, _soon())
    async with source.writer_turn(Deadline.after(STEP_S)):
        census = await source.read(CENSUS, _soon())
        await target.write(BEGIN, _soon(), at=time.time_ns() // 1_000_000)
        moved = await _Move(source, target, census, tell).run()
        await _check(moved, census, target)
        await target.write(END, _soon())
    return moved


async def _make_ready(target: Graph, *, again: bool) -> None:
    if await target.read(UNFINISHED, _soon()):
        if not again:
            raise TransferError(
                "An earlier transfer into this database did not end: --again empties the database "
                "and begins anew."
            )
        while (await target.write(EMPTY, _soon(), most=EMPTIED_AT_ONCE))[0]["deleted"]:
            pass
        await target.write(END, _soon())
    [found] = await target.read(ANY, _soon())
    if found["full"]:
        raise TransferError(
            "The database is not empty: a transfer fills an empty one, and adds to none."
        )
    await migrate(target, _soon())


class _Move:
    """One transfer; `here` are the numbers in the new ids of nodes, by bucket and place."""

    def __init__(self, source: Graph, target: Graph, census: list[Row], tell: Tell) -> None:
        self._source, self._target, self._tell = source, target, tell
        self._census = [row for row in census if row["label"] != LEFT_OUT]
        self._here = {row["bucket"]: array("q", [-1]) * (row["last"] + 1) for row in self._census}
        self._prefix = ""
        self._done = 0
        self._all = 2 * sum(map(len, self._here.values()))

    async def run(self) -> Moved:
        moved = Moved()
        async for rows in self._pages(NODES):
            for row in await self._created(CREATE_NODES, rows):
                self._note(row["id"], row["here"])
            moved.nodes.update(row["labels"][0] for row in rows)
        async for rows in self._pages(RELATIONSHIPS):
            if unknown := {row["type"] for row in rows} - KNOWN_TYPES:
                raise TransferError(
                    f"There are relationships that a transfer does not know: {sorted(unknown)}. "
                    "Use the version of profile-graph that wrote them."
                )
            found = [
                row | {"from": self._found(row["from"]), "to": self._found(row["to"])}
                for row in rows
            ]
            await self._created(CREATE_RELATIONSHIPS, found)
            moved.relationships.update(row["type"] for row in rows)
        return moved

    async def _pages(self, statement: Statement) -> AsyncIterator[list[Row]]:
        for row in self._census:
            for start in range(0, row["last"] + 1, PLACES):
                end = min(start + PLACES - 1, row["last"])
                yield await self._source.read(
                    statement, _soon(), bucket=row["bucket"], start=start, end=end
                )
                self._done += end - start + 1
                self._tell(self._done, self._all)

    async def _created(self, statement: Statement, rows: list[Row]) -> list[Row]:
        created = []
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            created += await self._target.write(statement, _soon(), rows=part)
        return created

    def _note(self, id: str, here: str) -> None:
        bucket, place = id.split(":")
        self._prefix, _, number = here.rpartition(":")
        self._here[bucket][int(place)] = int(number)

    def _found(self, id: str) -> str:
        bucket, place = id.split(":")
        return f"{self._prefix}:{self._here[bucket][int(place)]}"


async def _check(moved: Moved, census: list[Row], target: Graph) -> None:
    """Compare what the one has, what was read, and what the other has now."""
    expected: Counter[str] = Counter()
    for row in census:
        expected[row["label"]] += row["count"]
    del expected[LEFT_OUT]
    labels = {row["label"]: row["count"] for row in await target.read(LABELS, _soon())}
    types = {row["type"]: row["count"] for row in await target.read(TYPES, _soon())}
    wrong = {**_differences(expected, moved.nodes), **_differences(expected, labels)}
    wrong |= _differences(moved.relationships, types)
    if wrong:
        raise TransferError(
            f"Not everything arrived ({wrong}); the copy is of no use. Transfer it --again."
        )


def _differences(
    expected: Counter[str], found: "Counter[str] | dict[str, int]"
) -> dict[str, tuple[int, int]]:
    return {
        name: (expected.get(name, 0), found.get(name, 0))
        for name in expected.keys() | found.keys()
        if expected.get(name, 0) != found.get(name, 0)
    }


def _soon() -> Deadline:
    return Deadline.after(STEP_S)
