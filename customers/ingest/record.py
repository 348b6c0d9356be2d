"""Record: one input line, the body of ``ingest`` and what every adapter makes."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from customers.part import Part

MOST_IDENTIFIERS = 100
MOST_PRODUCTS = 500
MOST_TRAITS = 200
LONGEST_ID_BYTES = 512
LONGEST_SOURCE = 128
MOST_REASONS = 5
# Of a quantity. A price is an amount by it, and must be a number of cents that a database has.
SMALLEST, LARGEST = 0.001, 1e9


def _text(value: object) -> object:
    """Numbers that sources write where a text belongs (a numeric customer number)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else value


def _short(value: str) -> str:
    if len(value.encode()) > LONGEST_ID_BYTES:
        raise ValueError(f"longer than {LONGEST_ID_BYTES} bytes")
    return value


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("control characters are not allowed")
    return value


def _countable(value: float) -> float:
    if value and not SMALLEST <= abs(value) <= LARGEST:
        raise ValueError(f"a quantity is 0, or from {SMALLEST:g} to {LARGEST:g}, of either sign")
    return value


def _namespace(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][\w.:-]{0,63}", value):
        raise ValueError("a namespace is a letter, then up to 63 letters, digits or _ . : -")
    return value


Text = Annotated[
    str,
    Field(min_length=1),
    BeforeValidator(_text),
    AfterValidator(_printable),
    AfterValidator(_short),
]
SourceName = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_SOURCE),
    BeforeValidator(_text),
    AfterValidator(_printable),
]
NamespaceName = Annotated[str, BeforeValidator(_text), AfterValidator(_namespace)]


class IdentifierValue(Part):
    """A value that may tell who it is: a namespace and what is unique in it."""

    namespace: NamespaceName
    value: Annotated[str, BeforeValidator(_text)]


class DeviceValue(IdentifierValue):
    """An identifier of a thing, with what is known of the thing."""

    described: ClassVar = ("platform", "os", "browser", "model")

    platform: Text | None = None
    os: Text | None = None
    browser: Text | None = None
    model: Text | None = None


class ProductLine(Part):
    """What an interaction was about; `amount` is the line's, in the interaction's currency."""

    key: Text
    name: Text | None = None
    category: Text | None = None
    quantity: Annotated[float, AfterValidator(_countable)] = Field(1, allow_inf_nan=False)
    amount: Decimal | None = Field(None, max_digits=12, allow_inf_nan=False)


class InteractionValue(Part):
    """Something that happened. With an `id` it is known by source and id, and counts once."""

    id: Text | None = None
    type: Text = "track"
    name: Text | None = None
    channel: Text | None = None
    amount: Decimal | None = Field(None, max_digits=12, allow_inf_nan=False)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    order_id: Text | None = None
    products: list[ProductLine] = Field(default_factory=list, max_length=MOST_PRODUCTS)
    properties: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _amounts_have_a_currency(self) -> "InteractionValue":
        money = self.amount is not None or any(line.amount is not None for line in self.products)
        if money and self.currency is None:
            raise ValueError("an amount needs a currency, such as EUR")
        return self


class Record(Part):
    """What one source says of somebody at one time.

    With `replace` it is all that the source knows of the row: what it does not name no longer
    holds. With `deleted` the row is gone, and all that was known by it is erased.
    """

    source: SourceName
    source_id: Text | None = None
    at: datetime | None = None
    identifiers: list[IdentifierValue] = Field(default_factory=list, max_length=MOST_IDENTIFIERS)
    traits: dict[str, Any] = Field(default_factory=dict, max_length=MOST_TRAITS)
    device: DeviceValue | None = None
    interaction: InteractionValue | None = None
    replace: bool = False
    deleted: bool = False

    @model_validator(mode="after")
    def _snapshots_are_of_a_row(self) -> "Record":
        if (self.replace or self.deleted) and not self.source_id:
            raise ValueError("only a record with a sourceId can be replaced or deleted")
        more = self.replace, self.interaction, self.device, self.identifiers, self.traits
        if self.deleted and any(more):
            raise ValueError("a deleted record has source, sourceId and at alone")
        return self

    @model_validator(mode="after")
    def _somebody(self) -> "Record":
        if not self.source_id and not self.identifiers and self.device is None:
            raise ValueError("a record needs a sourceId or at least one identifier")
        return self


def reasons(problem: ValidationError) -> str:
    """What is wrong with a record, in one line: ``identifiers.0.value: Field required; …``."""
    lines = []
    for error in problem.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in error["loc"])
        text = error["msg"].removeprefix("Value error, ")
        lines.append(f"{place}: {text}" if place else text)
    more = len(lines) - MOST_REASONS
    shown = lines[:MOST_REASONS] + ([f"and {more} more"] if more > 0 else [])
    return "; ".join(shown)
