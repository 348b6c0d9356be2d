"""Audit queue: entries of reads wait a moment, so that many go in with one transaction.

Writing costs more than most reads, so no answer waits for it. What waits is bounded: once the
database has refused it for so long that the queue is full, nobody reads unaudited any more.
"""

import asyncio
import contextvars
import time
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import ClassVar

import structlog

from customers.audit.entry import Action, Entry, entries, entry
from customers.audit.log import record_alone
from customers.audit.personal import reads_personal
from customers.principal import Principal
from cypher import Deadline, Graph, OverloadedError, ProfileGraphError

# How long an entry waits, at most, while the database takes it: what kill -9 can lose.
WAIT_S = 0.2
# What one transaction writes, in entries and in the ids that they name.
MOST_ENTRIES, MOST_IDS = 500, 5_000
# What may wait, in entries and the ids that they name; some 20 MB.
MOST_WAITING = 100_000
WRITE_S, CLOSE_S = 30.0, 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
HOUR_S = 3_600

_log = structlog.get_logger("profile_graph.audit")


class AuditFullError(OverloadedError):
    """Reads are refused since they cannot be written down."""

    code: ClassVar[str] = "OVERLOADED"


class AuditQueue:
    """The entries of a process that wait to be written, and the task that writes them.

    The task lives while anything waits; `close` writes what is left.
    """

    def __init__(
        self, graph: Graph, *, wait_s: float = WAIT_S, most_waiting: int = MOST_WAITING
    ) -> None:
        """Write to `graph` what waited for `wait_s`."""
        self._graph, self._wait_s, self._most = graph, wait_s, most_waiting
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._enough = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._used: dict[str, int] = {}

    @property
    def waiting(self) -> int:
        """Entries that wait."""
        return len(self._entries)

    async def close(self) -> None:
        """Write what is left; what the database does not take within ten seconds is lost."""
        self._closing = True
        self._enough.set()
        if self._task is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await self._task
        if self._entries:
            _log.error("audit entries lost", entries=len(self._entries))

    def read(
        self,
        principal: Principal,
        operation: str,
        fields: Collection[str],
        customers: Sequence[str],
    ) -> None:
        """Note that an answer to `operation` showed `fields` of `customers`, where it is to be.

        Who reads an identifier alone reads of people too, of whom no customer need be known.

        Raises:
            AuditFullError: it cannot be noted, so the answer must not be given.
        """
        if reads_personal(principal, fields):
            self.note(entries(principal, Action.READ, customers, operation=operation))

    def key_used(self, principal: Principal, key: str) -> None:
        """Note that a key was used: the first time in an hour that this process sees it.

        Raises:
            AuditFullError
        """
        hour = int(time.time()) // HOUR_S
        if self._used.get(key) != hour:
            self.note([entry(principal, Action.KEY_USED, [key])])
            self._used = {one: at for one, at in self._used.items() if at == hour} | {key: hour}

    def note(self, found: Sequence[Entry]) -> None:
        """Let entries wait to be written; all of them or, where there is no room, none.

        Raises:
            AuditFullError
        """
        size = sum(map(_size, found))
        if self._size + size > self._most or self._closing:
            raise AuditFullError(
                "The audit log cannot be written at the moment, and nothing personal is read "
                "without it; try again."
            )
        self._entries.extend(found)
        self._size += size
        if self._size >= MOST_IDS or len(self._entries) >= MOST_ENTRIES:
            self._enough.set()
        if self._task is None and self._entries:
            # In a context of its own: it works for everybody, not for the request that began it.
            self._task = asyncio.create_task(
                self._run(), name="audit", context=contextvars.Context()
            )

    async def _run(self) -> None:
        try:
            while self._entries:
                if not self._closing:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._wait_s):
                            await self._enough.wait()
                self._enough.clear()
                await self._write(self._batch())
        finally:
            self._task = None

    async def _write(self, batch: Sequence[Entry]) -> None:
        """Write the oldest entries; the same again, whole, until the database took them."""
        pause = FIRST_PAUSE_S
        while not await self._written(batch):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
        for one in batch:
            self._entries.popleft()
            self._size -= _size(one)

    async def _written(self, batch: Sequence[Entry]) -> bool:
        try:
            await record_alone(self._graph, batch, Deadline.after(WRITE_S))
        except ProfileGraphError as problem:
            _log.warning("audit waits", error=problem.code, entries=len(self._entries))
            return False
        except Exception:  # noqa: BLE001 - whatever it is, the next time is another try
            _log.exception("audit waits", entries=len(self._entries))
            return False
        return True

    def _batch(self) -> list[Entry]:
        batch: list[Entry] = []
        size = 0
        for one in self._entries:
            size += _size(one)
            if batch and (size > MOST_IDS or len(batch) >= MOST_ENTRIES):
                break
            batch.append(one)
        return batch


def _size(one: Entry) -> int:
    return 1 + len(one.about)
