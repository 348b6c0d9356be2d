"""Numbers: profiles are numbered in the order in which they came, and windows walk them."""

from collections.abc import Awaitable, Callable

from cypher import Row, load

LAST_NUMBER = load("customers/last_number")


async def last_number(run: Callable[..., Awaitable[list[Row]]]) -> int:
    """The number that a profile got last, 0 where there is none; `run` reads a statement."""
    rows = await run(LAST_NUMBER)
    return int(rows[0]["last"]) if rows else 0
