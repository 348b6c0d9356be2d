"""How names and dates are compared: pure functions on normalised text."""

import unicodedata
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

LONG_NAME = 5  # in a shorter name a slip makes another name
NEAR = 0.88  # Jaro-Winkler similarity from which two long names are one


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Text as compared: NFKC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=65_536)
def calendar_date(text: str) -> str | None:
    """An ISO date (a time after it is cut off), or None where there is no such day."""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def slip(a: str, b: str) -> bool:
    """At most one letter dropped, added, changed or two neighbours swapped."""
    return DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1


@lru_cache(maxsize=65_536)
def near(a: str, b: str) -> bool:
    """One name, perhaps with a slip where it is long enough to tell."""
    if a == b:
        return True
    if min(len(a), len(b)) < LONG_NAME:
        return False
    return JaroWinkler.similarity(a, b) >= NEAR or slip(a, b)


@lru_cache(maxsize=65_536)
def people_named(names: frozenset[str]) -> int:
    """How many people first names seem to be: names within a slip of each other are one."""
    heads: list[str] = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if not any(near(name, head) or slip(name, head) for head in heads):
            heads.append(name)
    return len(heads)
