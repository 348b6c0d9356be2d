"""Open connections: the sockets and streams of this process, bounded, and closed together."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from customers.principal import Principal
from graph_schema.http.refused import RefusedError

Close = Callable[[], Awaitable[None]]
RETRY_S = 5
# A peer that does not take its close frame in this time does without.
CLOSE_S = 2.0


async def _by_itself() -> None:
    """What ends with whatever it follows needs no closing."""


class OpenConnections:
    """Connections that stay open; at most `most` of them, and `each` of one caller."""

    def __init__(self, most: int, each: int) -> None:
        """None is open."""
        self._most, self._each = most, each
        self._callers: Counter[str] = Counter()
        self._open: dict[object, Close] = {}
        self._closed = False

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    @contextmanager
    def one(self, close: Close = _by_itself) -> Iterator[None]:
        """Have one more open; `close` ends it when the server stops.

        Raises:
            RefusedError: there are too many, or the server is stopping.
        """
        if self._closed or len(self._open) >= self._most:
            code = "SERVER_STOPPING" if self._closed else "OVERLOADED"
            raise RefusedError(
                503,
                code,
                "No more connections can be opened here now; try again.",
                {"Retry-After": f"{RETRY_S}"},
            )
        key = object()
        self._open[key] = close
        try:
            yield
        finally:
            del self._open[key]

    @contextmanager
    def of(self, caller: Principal) -> Iterator[None]:
        """Count an open one as this caller's, once it is known whose it is.

        Raises:
            RefusedError: the caller has too many.
        """
        if self._callers[caller.name] >= self._each:
            raise RefusedError(
                429,
                "TOO_MANY_CONNECTIONS",
                f"You have {self._each} connections open, the most that one caller may have: close "
                "one, or follow several things on one socket.",
                {"Retry-After": f"{RETRY_S}"},
            )
        self._callers[caller.name] += 1
        try:
            yield
        finally:
            self._callers[caller.name] -= 1
            self._callers += Counter()  # forgets who has none

    async def close(self) -> None:
        """Close what is open, and refuse what comes."""
        self._closed = True
        await asyncio.gather(*(_closed(one) for one in self._open.values()))


async def _closed(close: Close) -> None:
    try:
        async with asyncio.timeout(CLOSE_S):
            await close()
    except (TimeoutError, RuntimeError, OSError):
        return  # it was going anyway
