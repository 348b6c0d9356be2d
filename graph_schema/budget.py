"""Budget: the points that each caller may spend in a minute.

Kept in the memory of the process unless a storage is named: several servers have one each.
"""

import math
from dataclasses import replace
from typing import cast

from graphql import GraphQLError
from limits import RateLimitItemPerMinute
from limits.aio.storage import SlidingWindowCounterSupport
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from customers.principal import DEVELOPER, Principal

MEMORY = "async+memory://"


class Budget:
    """What callers have left of this minute; the developer spends what it likes."""

    def __init__(self, points: int, storage: str = MEMORY) -> None:
        """So many points a minute, counted in a storage of the library `limits`.

        Raises:
            limits.errors.ConfigurationError, ValueError: there is no such storage.
        """
        self._item = RateLimitItemPerMinute(points)
        self._limiter = SlidingWindowCounterRateLimiter(storage_from_string(storage))

    async def spend(self, caller: Principal, points: int) -> int | None:
        """What the caller has left after it spent some; None where nobody counts.

        Raises:
            GraphQLError: it has not as much left; what it has stays.
        """
        if replace(caller, reason=None) == DEVELOPER:
            return None
        enough = await self._limiter.hit(self._item, caller.name, cost=points)
        _, left = await self._limiter.get_window_stats(self._item, caller.name)
        if not enough:
            wait = await self._wait(caller, points)
            raise GraphQLError(
                f"This costs {points:,} points, and {left:,} of {self._item.amount:,} a minute are "
                f"left: try again in {wait} s.",
                extensions={"code": "RATE_LIMITED", "retryAfter": wait},
            )
        return left

    async def _wait(self, caller: Principal, points: int) -> int:
        """Seconds until so many points are left, if the caller spends none meanwhile.

        A point that was spent in the window before this one counts by the part of that window
        which is not yet a minute ago.
        """
        minute, room = self._item.get_expiry(), max(self._item.amount - points, 0)
        storage = cast("SlidingWindowCounterSupport", self._limiter.storage)
        before, before_ends, now, now_ends = await storage.get_sliding_window(
            self._item.key_for(caller.name), minute
        )
        if now > room:  # those of this window must fade, too, which they do in the next one
            wait = now_ends - room * minute / now
        else:
            wait = before_ends - (room - now) * minute / before if before else 0.0
        return max(math.ceil(wait), 1)
