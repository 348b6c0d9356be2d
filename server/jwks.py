"""JWKS: the public keys of an identity provider, from its URL or a file, as they change."""

import asyncio
import contextvars
import math
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import structlog
from jwt import PyJWK, PyJWKClient, PyJWKSet

from cypher import ProfileGraphError

# Keys this old are read again behind the answer that they are used for,
LIFESPAN_S = 300.0
# and are good for so long where they cannot be: an hour's outage there is none here.
STALE_S = 3_600.0
# A key that is not known may be new. Whoever makes up tokens asks the provider no more often.
COOLDOWN_S = 10.0
TIMEOUT_S = 5.0

_log = structlog.get_logger("profile_graph.jwks")


class JwksUnavailableError(ProfileGraphError):
    """The keys that tokens are signed with cannot be read."""

    code: ClassVar[str] = "JWKS_UNAVAILABLE"


class Jwks:
    """The keys at a place; nothing is read before somebody asks."""

    def __init__(self, place: str, algorithms: Collection[str]) -> None:
        """`place` is a URL or a path; keys for other `algorithms` are none."""
        self._place, self._algorithms = place, algorithms
        self._keys: dict[str | None, PyJWK] = {}
        self._read_at = self._tried_at = -math.inf
        self._reading: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading

    async def key(self, named: str | None) -> PyJWK | None:
        """The key of an id; without one the only key, where there is no other.

        Raises:
            JwksUnavailableError: no key is known at all, and none can be read.
        """
        found = self._find(named)
        if found is None or self._age() > STALE_S:
            await self._read_again()
            found = self._find(named)
        elif self._age() > LIFESPAN_S:
            self._begin()
        if self._age() > STALE_S:
            raise JwksUnavailableError(
                "The identity provider's keys cannot be read just now; try again."
            )
        return found

    async def load(self) -> int:
        """Read the keys, and count those of use.

        Raises:
            JwksUnavailableError: they cannot be read; the text says why.
        """
        try:
            async with asyncio.timeout(2 * TIMEOUT_S):
                # The library reads in a blocking way.
                found = await asyncio.to_thread(self._loaded)
        except Exception as problem:
            raise JwksUnavailableError(
                f"The keys at {self._place} cannot be read ({type(problem).__name__}): is it the "
                "address of a JWKS, and can this machine reach it?"
            ) from problem
        # What the setting does not allow, such as a secret of HMAC, is no key of ours.
        of_use = [
            key
            for key in found.keys
            if key.algorithm_name in self._algorithms and key.public_key_use in (None, "sig")
        ]
        self._keys = {key.key_id: key for key in of_use}
        if len(of_use) == 1:
            self._keys[None] = of_use[0]
        self._read_at = time.monotonic()
        return len(of_use)

    def _loaded(self) -> PyJWKSet:
        if "://" not in self._place:
            return PyJWKSet.from_json(Path(self._place).read_text(encoding="utf-8"))
        named = {"User-Agent": "profile-graph"}
        return PyJWKClient(
            self._place, cache_jwk_set=False, timeout=TIMEOUT_S, headers=named
        ).get_jwk_set()

    def _find(self, named: str | None) -> PyJWK | None:
        return self._keys.get(named)

    def _age(self) -> float:
        return time.monotonic() - self._read_at

    async def _read_again(self) -> None:
        if task := self._begin():
            await asyncio.shield(task)

    def _begin(self) -> asyncio.Task[None] | None:
        """What reads the keys, one at a time, and not again so soon after the last time."""
        if self._reading is not None and not self._reading.done():
            return self._reading
        if time.monotonic() - self._tried_at < COOLDOWN_S:
            return None
        self._tried_at = time.monotonic()
        # In a context of its own: it works for everybody, not for the request that began it.
        self._reading = asyncio.create_task(self._try(), name="jwks", context=contextvars.Context())
        return self._reading

    async def _try(self) -> None:
        try:
            await self.load()
        except JwksUnavailableError as problem:
            _log.warning("jwks", error=str(problem))
