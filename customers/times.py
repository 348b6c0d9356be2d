"""Times: UTC epoch milliseconds inside, ISO 8601 outside."""

import time
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
_MS = timedelta(milliseconds=1)


def now_ms() -> int:
    """The time of receipt, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def to_ms(moment: datetime) -> int:
    """Epoch milliseconds; a time without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // _MS


def to_datetime(ms: int) -> datetime:
    """The moment of epoch milliseconds, in UTC."""
    return EPOCH + timedelta(milliseconds=ms)


def day_of(ms: int) -> str:
    """The UTC day, ``YYYY-MM-DD``."""
    return to_datetime(ms).date().isoformat()
