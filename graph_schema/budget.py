"""Budget: the points that each caller may spend in a minute.

Kept in the memory of the process unless a storage is named: several servers have one each.
"""

import math
import time

from graphql import GraphQLError
from limits import RateLimitItemPerMinute
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
            GraphQLError: it has not as much left.
        """
        if caller == DEVELOPER:
            return None
        enough = await self._limiter.hit(self._item, caller.name, cost=points)
        reset, left = await self._limiter.get_window_stats(self._item, caller.name)
        if not enough:
            wait = max(math.ceil(reset - time.time()), 1)
            raise GraphQLError(
                f"This costs {points:,} points, and {left:,} of {self._item.amount:,} a minute are "
                f"left: try again in {wait} s.",
                extensions={"code": "RATE_LIMITED", "retryAfter": wait},
            )
        return left
