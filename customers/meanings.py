"""Meanings: what an interaction was, by its type, name, amount and outcome, in whatever case.

Stats, recommendations, cautions and the search for order numbers all go by these, and so does the
filter `bought` (`predicates/bought`).
"""

from collections.abc import Mapping
from typing import Any, Literal

import orjson

from customers.tickets import plain_text

# Segment's name of a purchase, and types that are one where no name says otherwise.
COMPLETED = "order completed"
ORDER_TYPES = frozenset({"order", "purchase"})
# Money came back, products came back.
REFUND_TYPES = frozenset({"refund"})
REFUND_NAMES = frozenset({"order refunded", "refund", "refunded"})
RETURN_TYPES = frozenset({"refund", "return"})
RETURN_NAMES = frozenset({"order refunded", "order returned", "product returned", "item returned"})

Offer = Literal["shown", "accepted", "refused"]
OFFER_NAMES: Mapping[str, Offer] = {
    "offer shown": "shown",
    "offer accepted": "accepted",
    "offer refused": "refused",
}
OFFER = "offer"
# The properties of an offer that tell how it ended, and what they say then.
OUTCOMES = ("outcome", "result", "status")
ANSWERS: Mapping[str, Offer] = {
    **dict.fromkeys(("accepted", "yes"), "accepted"),
    **dict.fromkeys(("refused", "declined", "rejected", "no"), "refused"),
}


def is_purchase(type: str, name: str | None, amount: int | None) -> bool:
    """Whether it is an order that was completed, and no refund, delivery or view."""
    if amount is None or amount < 0:
        return False
    return type.casefold() in ORDER_TYPES if name is None else name.casefold() == COMPLETED


def is_refund(type: str, name: str | None, amount: int | None) -> bool:
    """Whether it gave money back: by its type or name, or an order below zero."""
    if not amount:
        return False
    return _called(type, name, REFUND_TYPES, REFUND_NAMES) or _below_zero(type, name, amount)


def is_return(type: str, name: str | None, amount: int | None) -> bool:
    """Whether products came back by it: by its type or name, or an order below zero."""
    return _called(type, name, RETURN_TYPES, RETURN_NAMES) or _below_zero(type, name, amount)


def offer_of(type: str, name: str | None, properties: Mapping[str, Any] | str) -> Offer | None:
    """What became of an offer: by its name, or by the outcome that its properties tell.

    Of the type `offer` without an outcome it was shown. None where it is no offer. `properties` may
    be their JSON text.
    """
    if (found := OFFER_NAMES.get((name or "").casefold())) is not None:
        return found
    if type.casefold() != OFFER:
        return None
    told = orjson.loads(properties or "{}") if isinstance(properties, str) else properties
    said = (plain_text(told.get(one)) for one in OUTCOMES)
    outcome = next((text.casefold() for text in said if text), "")
    return ANSWERS.get(outcome, "shown")


def _called(type: str, name: str | None, types: frozenset[str], names: frozenset[str]) -> bool:
    return type.casefold() in types or (name is not None and name.casefold() in names)


def _below_zero(type: str, name: str | None, amount: int | None) -> bool:
    return amount is not None and amount < 0 and is_purchase(type, name, 0)
