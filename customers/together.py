"""Two pieces of work at once, of which neither outlives the other."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def together(first: Coroutine[Any, Any, A], second: Coroutine[Any, Any, B]) -> tuple[A, B]:
    """What both come to, once both have ended. Raises what the first raised, else the second."""
    one, other = asyncio.create_task(first), asyncio.create_task(second)
    await asyncio.gather(one, other, return_exceptions=True)
    try:
        return one.result(), other.result()
    finally:
        # Asked for, so that asyncio does not report the one of two errors that is not raised.
        other.exception()
