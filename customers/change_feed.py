"""Change feed: what happened to customers, as it happens, to everybody who follows.

One task a process asks the graph for changes while anybody follows: at once when this process
wrote, else a few times a second, since other processes write too. Followers share the newest
changes, each knows only its own place in the log, so that nothing queues up for one that is slow.
"""

import asyncio
import contextvars
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress

import structlog

from customers.changes import Change, changes_between, last_change
from customers.errors import StoppingError, TooSlowError
from customers.principal import Principal
from customers.reading import READ, Reading
from cypher import DatabaseUnavailableError, Deadline, Graph, ProfileGraphError

# How late another process's change is at most, and how often at most it is looked for one.
EVERY_S, PAUSE_S = 0.25, 0.025
# A follower that is further behind than this many changes is dropped.
KEPT = 2_000
PAGE = 500
READ_S = 10.0
# A number that is given is visible with its commit; on a replica a little later.
REPLICA_S, LOOK_AGAIN_S = 2.0, 0.05
STOPPING = "The server is stopping: follow on from the last cursor."
FEED = Principal("feed")

_log = structlog.get_logger("profile_graph.changes")


class _News:
    """What followers wait for: that the feed moved, or why it cannot."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.problem: ProfileGraphError | None = None

    async def wait(self) -> None:
        await self.came.wait()
        if self.problem is not None:
            # One each: an exception collects the traceback of everybody who raises it.
            raise type(self.problem)(*self.problem.args)


class ChangeFeed:
    """The changes of a graph, from `floor` (excluded) to `last`, and the task that reads on."""

    def __init__(self, graph: Graph, *, every_s: float = EVERY_S, kept: int = KEPT) -> None:
        """Feed from `graph`; nothing is read before somebody follows."""
        self._graph, self._every_s, self._kept = graph, every_s, kept
        self.changes: dict[int, Change] = {}
        self.floor = 0
        self.last: int | None = None
        self.followers = 0
        self._news = _News()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def close(self) -> None:
        """End every follower, and the task."""
        self._closed = True
        self._tell(StoppingError(STOPPING))
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Read on while this is open.

        Raises:
            StoppingError: the server is.
        """
        if self._closed:
            raise StoppingError(STOPPING)
        self.followers += 1
        if self._task is None:
            # In a context of its own: it works for everybody, not for the request that began it.
            self._task = asyncio.create_task(
                self._run(), name="changes", context=contextvars.Context()
            )
        try:
            yield
        finally:
            self.followers -= 1

    async def moved(self) -> None:
        """Wait until there is more.

        Raises:
            DatabaseUnavailableError: the database is away.
            StoppingError: the server is.
        """
        if self._closed:
            raise StoppingError(STOPPING)
        await self._news.wait()

    async def _run(self) -> None:
        try:
            while self.followers:
                committed = self._graph.committed
                await self._look()
                # The pause bounds the statements that a busy writer brings about.
                await asyncio.sleep(PAUSE_S)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._every_s):
                        await committed.wait()
        finally:
            self.changes, self.last, self._task = {}, None, None

    async def _look(self) -> None:
        try:
            await self._read_on()
        except DatabaseUnavailableError as problem:
            self._tell(problem)
        except ProfileGraphError as problem:
            _log.warning("changes", error=problem.code)  # busy; the next look is another try
        except Exception:  # noqa: BLE001 - whatever it is, the next look is another try
            _log.exception("changes")

    async def _read_on(self) -> None:
        newest = await last_change(_reading(self._graph))
        if self.last is None:
            self.floor = self.last = newest
            self._tell()
        while self.last < newest:
            last = min(newest, self.last + PAGE)
            found = await visible(lambda: _reading(self._graph), self.last + 1, last)
            self._keep(found, last)
            self._tell()

    def _keep(self, found: list[Change], last: int) -> None:
        self.changes |= {one.seq: one for one in found}
        self.last = last
        for seq in range(self.floor + 1, last - self._kept + 1):
            self.changes.pop(seq, None)
            self.floor = seq

    def _tell(self, problem: ProfileGraphError | None = None) -> None:
        news, self._news = self._news, _News()
        news.problem = problem
        news.came.set()


class Follower:
    """Somebody who follows; `position` is the number of the last change that was dealt with."""

    def __init__(
        self,
        feed: ChangeFeed,
        reading: Callable[[], Reading],
        after: int | None,
        customers: frozenset[str] = frozenset(),
    ) -> None:
        """Follow from `after` on, else from now on: all `customers`, or those that are named.

        `reading` begins a read with a deadline of its own.
        """
        self._feed, self._reading = feed, reading
        self._customers = customers
        self.position = after

    async def changes(self) -> AsyncGenerator[Change, None]:
        """Each change once, in order, for as long as it is asked for.

        Raises:
            TooSlowError: more happened meanwhile than the feed keeps.
            ForbiddenError, DatabaseUnavailableError, StoppingError
        """
        with self._feed.followed():
            seen = self.position
            if seen is None:
                seen = await last_change(self._reading())
            async for change in self._all(seen):
                self.position = change.seq
                if self._wants(change):
                    yield change
                # A long log is read in one go otherwise, and nobody else is heard meanwhile.
                await asyncio.sleep(0)

    async def _all(self, seen: int) -> AsyncGenerator[Change, None]:
        self.position = seen
        feed, live = self._feed, False
        self._reading().principal.check(READ)
        while True:
            while feed.last is None or seen >= feed.last:
                await feed.moved()
            if seen >= feed.floor:
                seen, live = seen + 1, True
                if change := feed.changes.get(seen):
                    yield change
            elif live:
                raise TooSlowError(
                    "Changes happened faster than they were taken: follow on from the cursor."
                )
            else:
                last = min(seen + PAGE, feed.last)
                for change in await visible(self._reading, seen + 1, last):
                    yield change
                seen = last

    def _wants(self, change: Change) -> bool:
        if not self._customers:
            return True
        if change.came_from in self._customers and change.kind == "merged":
            self._customers |= {change.customer}  # whom it merged into is who it now is
        return not self._customers.isdisjoint((change.customer, change.came_from))


async def visible(reading: Callable[[], Reading], first: int, last: int) -> list[Change]:
    """The changes from `first` to `last`, all of which were committed.

    What a replica does not show yet is waited for; what nobody shows after that is no more.
    """
    until = time.monotonic() + REPLICA_S
    while True:
        found = await changes_between(reading(), first, last)
        if len(found) == last - first + 1 or time.monotonic() > until:
            return found
        await asyncio.sleep(LOOK_AGAIN_S)


def _reading(graph: Graph) -> Reading:
    return Reading(graph, FEED, Deadline.after(READ_S))
