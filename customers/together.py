"""Two pieces of work at once, such as the database's and this process's."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


# More items than this are worked on in a thread, so that the server goes on answering others.
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


async def aside(work: Callable[[], A], *, threaded: bool) -> A:
    """What `work` gives, in a thread where it takes long.

    The thread goes on when this is cancelled, so that what is `threaded` must write nothing.
    """
    return await asyncio.to_thread(work) if threaded else work()


async def meanwhile(work: Callable[[], A], *, threaded: bool = False) -> A:
    """What `work` gives, done while the database has what was begun just before."""
    # A statement is on its way once the loop has gone round.
    await asyncio.sleep(0)
    return await aside(work, threaded=threaded)
