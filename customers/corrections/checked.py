"""Checked: whether a trait can be corrected, and what of its value is kept. Pure."""

import math
import unicodedata
from collections.abc import Collection
from typing import Any

import orjson

from customers.access.masks import Masks
from customers.decisions.asked import Refused, RefusedError
from customers.identity.dates import calendar_date
from customers.identity.normalise import RefusedError as NoIdentifierError
from customers.identity.normalise import identifier_key
from customers.identity.policy import Policy
from customers.traits import CHOSEN

LONGEST_VALUE = 500
OLDEST = 150


def checked_value(
    name: str, value: object, known: Collection[str], masks: Masks, policy: Policy
) -> str:
    """The value of a correction as JSON text.

    A trait can be corrected that the table of access names, or that the customer has already
    (`known`), but for what customers choose for themselves.

    Raises:
        RefusedError: it cannot, or the value is none of this trait.
    """
    if name.startswith(CHOSEN):
        raise _refused(
            "TRAIT_NOT_CORRECTABLE",
            "What customers prefer and agree to they say themselves: a record of a consent is "
            "ingested with its source.",
        )
    if name not in masks.traits and name not in known:
        raise _refused(
            "TRAIT_UNKNOWN",
            f"The customer has no trait {name!r:.80}. What it has can be corrected, and besides: "
            f"{', '.join(sorted(masks.traits))}.",
        )
    clean = _clean(value)
    if clean is None:
        raise _wrong(
            f"A value is a text of 1 to {LONGEST_VALUE} characters, a number, true or false."
        )
    if problem := _problem(name, clean, masks, policy):
        raise _wrong(problem)
    return orjson.dumps(clean).decode()


def _clean(value: object) -> str | float | bool | None:
    if isinstance(value, str):
        text = " ".join(value.split())
        text = unicodedata.normalize("NFC", text) if len(text) <= LONGEST_VALUE else ""
        return text if text and text.isprintable() and len(text) <= LONGEST_VALUE else None
    if isinstance(value, bool):
        return value
    finite = isinstance(value, int | float) and math.isfinite(value) and abs(value) < 2**53
    return value if finite else None  # type: ignore[return-value]


def _problem(name: str, value: Any, masks: Masks, policy: Policy) -> str | None:  # noqa: ANN401
    """What is wrong with a value of a trait whose values have a form."""
    kind = masks.kind_of_trait(name)
    if kind in {"name", "address", "place"} and not isinstance(value, str):
        return f"`{name}` is a text."
    if kind == "birthDate":
        return None if _is_date(value, policy) else f"`{name}` is a date, such as 1980-02-03."
    if name == "age":
        number = not isinstance(value, bool | str) and 0 <= value <= OLDEST
        return None if number else "`age` is a number of years."
    if name in _IDENTIFIERS:
        try:
            identifier_key(_IDENTIFIERS[name], str(value), policy)
        except NoIdentifierError as problem:
            return f"`{name}`: {problem}."
    return None


# Traits whose values are those of identifiers.
_IDENTIFIERS = {"email": "email", "phone": "phone", "mobile": "phone", "landline": "phone"}


def _is_date(value: object, policy: Policy) -> bool:
    return (
        isinstance(value, str) and calendar_date(value, month_first=policy.month_first) is not None
    )


def _refused(code: str, message: str) -> RefusedError:
    return RefusedError(Refused(code, message, ("name",)))


def _wrong(message: str) -> RefusedError:
    return RefusedError(Refused("VALUE_NOT_VALID", message, ("value",)))
