"""Filed: what a customer is found and ordered by, beside its traits.

Golden traits are one JSON text. Those listed here are also properties of the customer, each with an
index, as folded text whose order is the order of the values.
"""

import math
import struct
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from customers.errors import InvalidInputError
from customers.identity.dates import calendar_date
from customers.traits import LONG_VALUE

Kind = Literal["text", "date", "number"]
# The traits that can be asked for. One more is a line here, in `cypher/predicates`, and an index.
FILED: Mapping[str, Kind] = {
    "age": "number",
    "birthDate": "date",
    "city": "text",
    "company": "text",
    "country": "text",
    "firstName": "text",
    "gender": "text",
    "lastName": "text",
    "plan": "text",
    "postalCode": "text",
    "state": "text",
    "title": "text",
}
# A longer text is cut and marked, so that it begins with what it begins with and equals nothing.
LONGEST = 100
_CUT = "\u2026"
# Above this the two engines order text differently; in a sort key it all comes last.
_LAST_LETTER = "\ud7ff"
_NAMED, _UNNAMED = "0", "1"
_BETWEEN = "\t"


def filed(golden: Mapping[str, Mapping[str, Any]], *, month_first: bool) -> dict[str, str | None]:
    """The properties by which a customer of these golden traits is found; None: it has none."""
    values = {name: _plain(golden[name]["value"]) for name in _READ & golden.keys()}
    found = {
        f"t_{name}": _value(kind, values.get(name), month_first) for name, kind in FILED.items()
    }
    return found | {"byName": by_name(*(values.get(name) for name in _NAMES))}


_NAMES = ("lastName", "firstName", "name")
_READ = FILED.keys() | set(_NAMES)
NOTHING_FILED: Mapping[str, None] = dict.fromkeys([*(f"t_{name}" for name in FILED), "byName"])


def _plain(value: object) -> str | None:
    """A value as text; None for lists, objects, and what is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if isinstance(value, str | int | float) else ""
    # No more is read of it, since what is read is remembered.
    return text[:LONG_VALUE] if text.strip() else None


@lru_cache(maxsize=65_536)
def _value(kind: Kind, plain: str | None, month_first: bool) -> str | None:
    """A value as it is filed; what is no such value is not."""
    if plain is None:
        return None
    if kind == "date":
        return calendar_date(plain, month_first=month_first)
    if kind == "number":
        return sortable(plain)
    folded = fold(plain)
    whole = len(folded) <= LONGEST and len(plain) < LONG_VALUE
    return folded if whole else folded[:LONGEST] + _CUT


@lru_cache(maxsize=65_536)
def by_name(last: str | None, first: str | None, whole: str | None) -> str:
    """What customers are ordered by: last name, then first name; else the whole name; else last.

    The number of the customer follows where it is written, so that no two are equal.
    """
    names = [fold(one or "")[:LONGEST] for one in (last, first)]
    if not any(names):
        names = [fold(whole or "")[:LONGEST]]
    known = "".join(min(letter, _LAST_LETTER) for letter in _BETWEEN.join(names))
    return (_NAMED + known if any(names) else _UNNAMED) + _BETWEEN


def by_seen(at: int) -> str:
    """What customers are ordered by who were last seen at `at`; a number follows here, too."""
    return f"{max(at, 0):016d}{_BETWEEN}"


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Text without case, accents and superfluous space: `Zoë ` and `ZOE` are one."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def sortable(text: str) -> str | None:
    """A number as text of the same order; None for what is no number."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    (bits,) = struct.unpack(">q", struct.pack(">d", number + 0.0))
    # A positive number gets the sign bit; of a negative one all bits turn.
    ordered = bits + (1 << 63) if bits >= 0 else ~bits & (1 << 63) - 1
    return f"{ordered:016x}"


def asked(name: str, value: str, *, prefix: bool = False, month_first: bool = False) -> str:
    """A value of a caller as it would be filed.

    Raises:
        InvalidInputError: it is no value of this trait.
    """
    kind = FILED[name]
    if len(value) >= LONG_VALUE:
        raise InvalidInputError(f"`{name}` is compared up to {LONGEST} characters.")
    if kind == "text" or (prefix and kind == "date"):
        folded = fold(value)
        if len(folded) > LONGEST:
            raise InvalidInputError(f"`{name}` is compared up to {LONGEST} characters.")
        return folded
    if prefix:
        raise InvalidInputError(f"`{name}` is a number: it has no beginning to compare.")
    found = calendar_date(value, month_first=month_first) if kind == "date" else sortable(value)
    if found is None:
        wanted = "a date such as 1980-02-03" if kind == "date" else "a number"
        raise InvalidInputError(f"`{name}` is compared with {wanted}, not with {value!r:.50}.")
    return found
