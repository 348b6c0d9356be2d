"""Marks: texts whose normalisation would take for ever, which nobody writes."""

import unicodedata
from functools import lru_cache

# As in the Stream-Safe Text Format of Unicode (UAX #15, section 13): Python sorts the marks of one
# letter by insertion: 16,000 of them take 0.2 s, and four times that twice as many.
MOST_MARKS = 30


def too_many_marks(text: str) -> bool:
    """Whether more combining marks follow one another than any language has."""
    if text.isascii():
        return False
    row = 0
    for letter in text:
        before, after, alone = _marks(letter)
        row += before
        if row > MOST_MARKS:
            return True
        row = row if alone else after
    return False


@lru_cache(maxsize=65_536)
def _marks(letter: str) -> tuple[int, int, bool]:
    """How many marks a letter has before and behind it, taken apart, and whether it has no more."""
    apart = [unicodedata.combining(one) > 0 for one in unicodedata.normalize("NFKD", letter)]
    if all(apart):
        return len(apart), len(apart), True
    return apart.index(False), apart[::-1].index(False), False
