"""Keyring: the usable keys, as a process knows them, a few seconds old at most.

All of them are read at once. So a key that was revoked ends everywhere within that time, nobody
learns by the time of an answer which ids there are, and made-up keys bring no statement each.
"""

import asyncio
import contextvars
import math
import time

import structlog

from customers.keys.key import Key, opens, parts
from customers.keys.keys import MOST_KEYS, USABLE
from customers.times import now_ms
from cypher import Deadline, Graph, ProfileGraphError, load

USED = load("keys/used")

# How long a revoked key is of use at most, beside the time of one small read.
KEPT_S = 3.0
# A key that is not known may be new: it is looked for in what is no older than this.
AGAIN_S = 0.25
READ_S = 10.0
# How exactly it is known when a key was used.
USED_MS = 60_000

_log = structlog.get_logger("profile_graph.keys")


class Keyring:
    """The keys of a graph; nothing is read before somebody asks."""

    def __init__(self, graph: Graph) -> None:
        """Of `graph`."""
        self._graph = graph
        self._keys: dict[str, Key] = {}
        self._read_at = -math.inf
        self._reading = asyncio.Lock()
        self._noted: dict[str, int] = {}
        self._unwritten: dict[str, int] = {}
        self._writing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Wait for what is being written."""
        if self._writing is not None:
            await self._writing

    async def find(self, text: str) -> Key | None:
        """The usable key of this text, which then counts as used.

        Raises:
            DatabaseUnavailableError, OverloadedError, DeadlineExceededError
        """
        for age_s in (KEPT_S, AGAIN_S):
            await self._read(age_s)
            if key := self._opened(text):
                self._note(key)
                return key
        return None

    async def holds(self, id: str) -> bool:
        """Whether the key with this id is usable.

        Raises:
            DatabaseUnavailableError, OverloadedError, DeadlineExceededError
        """
        await self._read(KEPT_S)
        return self._usable(id) is not None

    async def holds_any(self) -> bool:
        """Whether there is a usable key at all.

        Raises:
            DatabaseUnavailableError, OverloadedError, DeadlineExceededError
        """
        await self._read(KEPT_S)
        return any(map(self._usable, self._keys))

    def _opened(self, text: str) -> Key | None:
        found = parts(text)
        if found is None:
            return None
        named, secret = found
        key = self._usable(named)
        return key if opens(secret, key) else None

    def _usable(self, id: str) -> Key | None:
        key = self._keys.get(id)
        return key if key is not None and key.state(now_ms()) == "usable" else None

    async def _read(self, age_s: float) -> None:
        """Know the keys as they were `age_s` ago or later; who waits meanwhile shares the read."""
        if time.monotonic() - self._read_at <= age_s:
            return
        async with self._reading:
            began = time.monotonic()
            if began - self._read_at <= age_s:
                return
            rows = await self._graph.read(
                USABLE, Deadline.after(READ_S), now=now_ms(), limit=MOST_KEYS
            )
            self._keys = {row["id"]: Key.of(row) for row in rows}
            self._read_at = began

    def _note(self, key: Key) -> None:
        """Have it written that the key was used, at most once a minute, and not now."""
        now = now_ms()
        known = self._noted.get(key.id, key.last_used_at or 0)
        if now - known < USED_MS:
            return
        self._noted = {one: at for one, at in self._noted.items() if one in self._keys}
        self._noted[key.id] = self._unwritten[key.id] = now
        if self._writing is None or self._writing.done():
            # In a context of its own: it works for everybody, not for the request that began it.
            self._writing = asyncio.create_task(
                self._write(), name="keys", context=contextvars.Context()
            )

    async def _write(self) -> None:
        while self._unwritten:
            uses = [{"id": one, "at": at} for one, at in self._unwritten.items()]
            self._unwritten = {}
            try:
                await self._graph.write(USED, Deadline.after(READ_S), uses=uses)
            except ProfileGraphError as problem:
                _log.warning("uses of keys", error=problem.code)  # the next minute is another try
            except Exception:  # noqa: BLE001 - whatever it is, nobody waits for it
                _log.exception("uses of keys")
