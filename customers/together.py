"""Two pieces of work at once: the database's and this process's."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


# More items than this are worked on in a thread, so that the server goes on answering others. As
# many profiles are decided on in 20 ms; a thread beside them would hold them up as long.
AT_ONCE = 250


async def together(first: Awaitable[A], second: Awaitable[B]) -> tuple[A, B]:
    """What both come to, once both have ended. Raises what the first raised, else the second."""
    one, other = asyncio.ensure_future(first), asyncio.ensure_future(second)
    await asyncio.gather(one, other, return_exceptions=True)
    try:
        return one.result(), other.result()
    finally:
        # Asked for, so that asyncio does not report the one of two errors that is not raised.
        other.exception()


async def aside(work: Callable[[], A], items: int) -> A:
    """What `work` on so many items gives; on many in a thread."""
    return work() if items <= AT_ONCE else await asyncio.to_thread(work)


async def meanwhile(work: Callable[[], A], items: int) -> A:
    """What `work` gives, done while the database has what was begun just before."""
    # A statement is on its way once the loop has gone round.
    await asyncio.sleep(0)
    return await aside(work, items)
