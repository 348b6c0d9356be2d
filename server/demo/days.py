"""Days of the demo: two years that end on a fixed day, so that every run has the same."""

import random
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2024, 11, 1, tzinfo=UTC)
END = datetime(2026, 11, 1, tzinfo=UTC)
# When some phone numbers are given up, and when the same numbers have a new owner.
GIVEN_UP = datetime(2025, 10, 1, tzinfo=UTC)
TAKEN_OVER = datetime(2025, 11, 1, tzinfo=UTC)


def some_time(draw: random.Random) -> datetime:
    """A minute of the two years, with an hour to spare."""
    minutes = int((END - BEGIN) / timedelta(minutes=1)) - 60
    return BEGIN + timedelta(minutes=draw.randrange(minutes))


def iso(at: datetime) -> str:
    """A time as records have it."""
    return at.isoformat().replace("+00:00", "Z")
