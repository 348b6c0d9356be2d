"""Expiry: when a key ends, in the words of whoever makes it."""

import re
from datetime import datetime

from customers.errors import InvalidInputError
from customers.times import DAY_MS, to_ms

NEVER = "never"
UNIT_MS = {"h": DAY_MS // 24, "d": DAY_MS, "w": 7 * DAY_MS}
_FOR = re.compile(r"(\d{1,5})([hdw])")


def expiry(text: str, now: int) -> int | None:
    """The end that `text` names: ``90d``, ``12h``, ``4w``, a date or time (UTC), or ``never``.

    Raises:
        InvalidInputError: it is none of these, or is past.
    """
    if text == NEVER:
        return None
    end = _after(text, now)
    if end <= now:
        raise InvalidInputError(f"{text} is past: a key ends in the future.")
    return end


def _after(text: str, now: int) -> int:
    if found := _FOR.fullmatch(text):
        return now + int(found[1]) * UNIT_MS[found[2]]
    try:
        return to_ms(datetime.fromisoformat(text))
    except ValueError:
        raise InvalidInputError(
            f"{text} is no end of a key: write 90d, 12h, 4w, a date such as 2027-01-31, or {NEVER}."
        ) from None
