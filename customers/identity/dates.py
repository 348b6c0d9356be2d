"""Dates of birth as people write them, and whether two are one with a slip."""

import re
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

NUMBERS = re.compile(r"(\d{1,4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,4})(?:[T ].*)?")
YEAR_DIGITS = 4
YOUNGEST_PARENT = 14


@lru_cache(maxsize=65_536)
def calendar_date(text: str, *, month_first: bool = False) -> str | None:
    """The date that a text says, ISO, or None where there is no such day.

    Reads ``1980-02-03`` (a time after it is cut off), ``19800203``, ``3.2.1980`` and ``3/2/1980``;
    of two numbers that could both be the month, slashes put it first where `month_first`.
    """
    text = text.strip()
    if text.isdigit():
        return _day(text[:4], text[4:6], text[6:]) if len(text) == len("YYYYMMDD") else None
    if not (found := NUMBERS.fullmatch(text)):
        return None
    first, second, third = found.groups()
    if len(first) == YEAR_DIGITS:
        return _day(first, second, third)
    if len(third) != YEAR_DIGITS:
        return None
    if month_first and "." not in text:
        return _day(third, first, second) or _day(third, second, first)
    return _day(third, second, first) or _day(third, first, second)


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def date_slip(a: str, b: str) -> bool:
    """One digit wrong, dropped or swapped with its neighbour, or day and month changed over.

    Of two that may stand for a year alone, not the year of somebody's child.
    """
    if OSA.distance(a, b, score_cutoff=1) <= 1:
        return _of_one_generation(a, b) or not (is_new_year(a) and is_new_year(b))
    return a == f"{b[:4]}-{b[8:]}-{b[5:7]}"


def is_new_year(day: str) -> bool:
    """Whether an ISO date is a 1 January, as is written where nobody knows more than the year."""
    return day.endswith("-01-01")


def of_year(a: str, b: str) -> bool:
    """Whether one may stand for the year of the other alone."""
    return a[:4] == b[:4] and (is_new_year(a) or is_new_year(b))


def one_part_off(a: str, b: str) -> bool:
    """Whether two ISO dates have two of year, month and day in common.

    Of two that are a generation apart a child may have the day.
    """
    same = sum(x == y for x, y in zip(a.split("-"), b.split("-"), strict=True))
    return same == len("ymd") - 1 and _of_one_generation(a, b)


def _of_one_generation(a: str, b: str) -> bool:
    """Whether nobody born on one day has a child who was born on the other."""
    return abs(int(a[:4]) - int(b[:4])) < YOUNGEST_PARENT
