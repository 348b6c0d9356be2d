"""The log: entries go in at its end, in a transaction of their own or of what they tell of."""

import secrets
from collections.abc import Iterable, Sequence

from customers.audit.chain import NOTHING, chained
from customers.audit.entry import Entry, Recorded
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Transaction, load

TAKE_TURN = load("audit/take_turn")
APPEND = load("audit/append")
# Numbers that a block of a trail has at least before the next begins.
FULL_BLOCK = 100


async def record(transaction: Transaction, entries: Sequence[Entry]) -> None:
    """Add entries to the log within a transaction: what they tell of commits with them or not.

    Make the entries before the transaction, which may be run again; the log has them once. Take
    the writers' turn first where both are taken. It holds the log's end until the commit.
    """
    if not entries:
        return
    [head] = await transaction.run(TAKE_TURN, turn=secrets.randbits(62), id=entries[-1].id)
    if head["written"] is not None:
        return  # by the same transaction before, whose answer was lost
    found = chained(entries, head["last"], head["hash"] or NOTHING, max(now_ms(), head["at"] or 0))
    await transaction.run(
        APPEND,
        entries=[one.row() for one in found],
        trails=_trails(found),
        full=FULL_BLOCK,
        last=found[-1].seq,
        hash=found[-1].hash,
        at=found[-1].recorded_at,
    )


async def record_alone(graph: Graph, entries: Sequence[Entry], deadline: Deadline) -> None:
    """Add entries to the log in a transaction of their own.

    Raises:
        DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    await graph.transaction("audit/append", lambda one: record(one, entries), deadline)


def trail_about(id: str) -> str:
    """The key of the trail of entries that name `id`."""
    return f"about|{id}"


def trail_by(actor: str) -> str:
    """The key of the trail of what `actor` did."""
    return f"by|{actor}"


def _trails(found: Iterable[Recorded]) -> list[Row]:
    numbers: dict[str, list[int]] = {}
    for one in found:
        for key in (trail_by(one.actor), *map(trail_about, one.about)):
            numbers.setdefault(key, []).append(one.seq)
    return [{"key": key, "numbers": numbers[key]} for key in sorted(numbers)]
