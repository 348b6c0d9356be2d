"""Looks: what the values of a column look like, in a sample of rows."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from customers.ingest.mapping.amounts import SEPARATORS, Style, style_of

EMAIL = re.compile(r"[^@\s;,|]+@[^@\s;,|]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"(\+|00)[1-9][\d\s()./-]{6,18}")
MANY_EMAILS = re.compile(r"([;,|/])\s*[^@\s;,|]+@")
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d",
        "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y")  # fmt: skip
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", ", %H:%M",
          " %H:%M:%S.%f")  # fmt: skip
# Of so many of a hundred a column is what it looks like; a few are always written otherwise.
MOST = 80
# Of times fewer will do: nothing else is written like one.
ENOUGH = 60
# Seconds and milliseconds since 1970 of this century's first decades.
SECONDS, MILLISECONDS = re.compile(r"1[0-9]{9}(\.\d+)?"), re.compile(r"1[0-9]{12}")


def share(texts: Sequence[str], pattern: re.Pattern[str]) -> int:
    """How many of a hundred values are like this."""
    return 100 * sum(bool(pattern.fullmatch(text)) for text in texts) // len(texts) if texts else 0


def time_formats(values: Sequence[object]) -> list[str]:
    """The formats that most values can be read in, the likeliest first; "iso" for ISO 8601."""
    if values and all(isinstance(value, date) for value in values):
        return ["iso"]
    texts = [str(value) for value in values]
    if share(texts, SECONDS) >= MOST:
        return ["seconds"]
    if share(texts, MILLISECONDS) >= MOST:
        return ["milliseconds"]
    if _most(texts, "iso"):
        return ["iso"]
    return [
        form
        for day in DAYS
        for clock in CLOCKS
        if any(_reads(text, form := day + clock) for text in texts[:5]) and _most(texts, form)
    ]


def split_of(texts: Sequence[str]) -> str | None:
    """What stands between several e-mails in one value."""
    found = [match[1] for text in texts if (match := MANY_EMAILS.search(text))]
    return max(found, key=found.count) if found else None


def amount_style(texts: Sequence[str]) -> tuple[Style | None, bool]:
    """The style of amounts, and whether another is as likely: 1.234 may be a thousand or one."""
    found = style_of(list(texts))
    if found is None:
        return None, True
    decimals = re.compile(r".*[.,]\d{1,2}\D*|.*[.,]\d{4,}\D*")
    separated = [text for text in texts if re.search(r"\d[.,]\d", text)]
    clear = not separated or any(decimals.fullmatch(text) for text in separated)
    return found, not clear or found not in SEPARATORS


def _most(texts: Sequence[str], form: str) -> bool:
    read = sum(_reads(text, form) for text in texts)
    return bool(texts) and 100 * read >= ENOUGH * len(texts)


def _reads(text: str, form: str) -> bool:
    try:
        if form == "iso":
            datetime.fromisoformat(text)
        else:
            datetime.strptime(text, form)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True
