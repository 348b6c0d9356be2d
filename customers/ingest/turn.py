"""The writers' turn: one at a time, whatever process it is in, decides or reads undisturbed."""

import secrets
from collections.abc import Sequence

from cypher import Row, Transaction, load

TAKE_TURN = load("ingest/take_turn")


async def take_turn(transaction: Transaction, sources: Sequence[Row] = ()) -> Row:
    """Wait for the turn, and enter the `sources` that are about to write.

    Returns the numbers given last, the version of the policy in force, this `turn` and the one
    `before` it.
    """
    turn = secrets.randbits(62)
    [row] = await transaction.run(TAKE_TURN, turn=turn, sources=list(sources))
    return row | {"turn": turn}
