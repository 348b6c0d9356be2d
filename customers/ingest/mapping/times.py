"""Times as people write them, in the format and the time zone that a map declares."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from customers.ingest.mapping.amounts import WrongValueError

ISO, SECONDS, MILLISECONDS = "iso", "seconds", "milliseconds"
NAMED = (ISO, SECONDS, MILLISECONDS)


def moments(form: str, zone: str) -> Callable[[object], datetime]:
    """A function that reads times of this format; those without a zone of their own are `zone`'s.

    It raises WrongValueError.
    """
    read = _reader(form)
    local = UTC if zone == "UTC" else ZoneInfo(zone)

    @lru_cache(maxsize=4_096)
    def of_text(text: str) -> datetime:
        try:
            found = read(text)
        except (ValueError, OverflowError, OSError):
            raise WrongValueError(text, f"not a time {_as(form)}") from None
        return found if found.tzinfo else found.replace(tzinfo=local)

    def moment(value: object) -> datetime:
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=local)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=local)
        return of_text(str(value).strip())

    return moment


def days(form: str) -> Callable[[object], str]:
    """A function that reads days of this format as ``YYYY-MM-DD``; it raises WrongValueError."""
    read = _reader(form)

    @lru_cache(maxsize=65_536)
    def of_text(text: str) -> str:
        try:
            return read(text).date().isoformat()
        except (ValueError, OverflowError, OSError):
            raise WrongValueError(text, f"not a date {_as(form)}") from None

    def day(value: object) -> str:
        if isinstance(value, datetime):
            return value.date().isoformat()
        return value.isoformat() if isinstance(value, date) else of_text(str(value).strip())

    return day


def _as(form: str) -> str:
    return f"in {form}" if form in NAMED else f"written as {form} says"


def _reader(form: str) -> Callable[[str], datetime]:
    if form == ISO:
        return datetime.fromisoformat
    if form == SECONDS:
        return lambda text: datetime.fromtimestamp(float(text), UTC)
    if form == MILLISECONDS:
        return lambda text: datetime.fromtimestamp(float(text) / 1000, UTC)
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the zone
