"""Scalars and the money type."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from customers.money import to_major

JSON = NewType("JSON", object)
DateTime = datetime

SCALARS: dict[object, ScalarDefinition] = {
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    )
}


@strawberry.type(description="An amount in major units and its ISO 4217 currency.")
class Money:
    """12.50 EUR."""

    amount: Decimal
    currency: str


def money(minor: int | None, currency: str | None) -> Money | None:
    """Money out of minor units; None where there is no amount."""
    if minor is None or currency is None:
        return None
    return Money(amount=to_major(minor, currency), currency=currency)


def plain(value: Any) -> JSON:  # noqa: ANN401 - JSON is anything
    """A JSON value as the scalar."""
    return JSON(value)
