"""Worth: a customer's stats with what they are compared with, as they are shown."""

from dataclasses import dataclass

from customers.stats.names import Scores
from customers.stats.stats import NOTHING, Stats
from customers.times import DAY_MS


@dataclass(frozen=True, slots=True)
class Worth:
    """The stats of a customer, and since when it is known, in epoch milliseconds.

    `interactions` is how much happened in all, `scores` its place among the buyers of its main
    currency where that is known.
    """

    stats: Stats = NOTHING
    first_seen: int | None = None
    interactions: int = 0
    scores: Scores | None = None

    def recency_days(self, now: int) -> int | None:
        """Whole days since the last purchase; None who never bought."""
        return _days(self.stats.last_purchase, now)

    def tenure_days(self, now: int) -> int | None:
        """Whole days since it was first seen."""
        return _days(self.first_seen, now)


def _days(since: int | None, now: int) -> int | None:
    """Whole days; what another clock dates later is today."""
    return None if since is None else max(now - since, 0) // DAY_MS
