"""Mapping: rows of a file with known columns become raw records."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from customers.ingest.formats.delimited import names_of
from customers.ingest.mapping.amounts import WrongValueError
from customers.ingest.mapping.cells import Cells, Read, Values, columns_of
from customers.ingest.mapping.document import (
    AmountCell,
    DeviceMap,
    FileMap,
    InteractionMap,
    InvalidMapError,
    ProductMap,
    read_map,
)
from customers.ingest.prepare import Refused
from customers.toml_document import line_of, told

Money = Callable[[Values, str | None], Any]
Raw = dict[str, Any]


class WrongRowError(Exception):
    """A row that makes no record; the text is the reason."""


@dataclass(frozen=True, slots=True)
class MapFile:
    """A map with the document that says it, for errors."""

    text: str
    name: str
    said: FileMap

    @classmethod
    def read(cls, text: str, name: str) -> "MapFile":
        """The map in a document.

        Raises:
            InvalidMapError
        """
        return cls(text, name, read_map(text, name))

    def bind(self, columns: Sequence[str]) -> "Mapping":
        """The mapping of a file with these columns.

        Raises:
            InvalidMapError: it lacks some that the map names, each with its line.
        """
        used = [(path, name) for path, cell in self.said.cells for name in cell.names]
        if self.said.group_by:
            used.append((("groupBy",), self.said.group_by))
        wrong = [
            (line_of(self.text, path), ".".join(path), f"the file has no column {name!r}{near}")
            for path, name in used
            if name not in columns and (near := _near(name, columns)) is not None
        ]
        if wrong:
            lines = [told(self.name, *one) for one in sorted(wrong)]
            raise InvalidMapError("\n".join([*lines, f"The columns are: {names_of(columns)}"]))
        return Mapping(self.said, columns)


class Mapping:
    """What a map makes of the rows of a file with certain columns."""

    def __init__(self, said: FileMap, columns: Sequence[str]) -> None:
        cells = Cells(said, columns)
        self._source = cells.text(said.source)
        self._source_id = cells.text(said.source_id) if said.source_id else None
        self._at = (
            cells.moment(said.at, said.at.format, said.at.time_zone) if said.at else None
        )  # fmt: skip
        self._at_columns = columns_of(said.at) if said.at else ""
        self._identifiers = [
            (name, cells.identifiers(one)) for name, one in said.identifiers.items()
        ]
        self._traits = [(name, cells.trait(one)) for name, one in said.traits.items()]
        self._device = _Device(said.device, cells) if said.device else None
        self._interaction = _Interaction(said.interaction, cells) if said.interaction else None
        self._replace, self._deleted = cells.flag(said.replace), cells.flag(said.deleted)
        self.group_by = None if said.group_by is None else cells.place(said.group_by)

    def record(self, rows: Sequence[Values]) -> tuple[Raw, tuple[Refused, ...]]:
        """The raw record of a row, or of the rows of a group, and the values it could not take.

        Raises:
            WrongRowError: it has an amount, a number or a time that cannot be read.
        """
        first = rows[0]
        raw: Raw = {"source": self._source(first)}
        if self._source_id and (source_id := self._source_id(first)) is not None:
            raw["sourceId"] = source_id
        if self._at:
            at = _named(self._at_columns, self._at, first)
            if at is not None:
                raw["at"] = at
        if self._deleted(first):
            return raw | {"deleted": True}, ()
        refused: list[Refused] = []
        raw["identifiers"] = [
            {"namespace": namespace, "value": value}
            for namespace, read in self._identifiers
            for value in read(first)
        ]
        raw["traits"] = _taken(self._traits, first, "trait", refused)
        if self._device and (device := self._device.of(first)):
            raw["device"] = device
        if self._interaction:
            raw["interaction"] = self._interaction.of(rows, refused)
        if self._replace(first):
            raw["replace"] = True
        return raw, tuple(refused)


class _Device:
    def __init__(self, said: DeviceMap, cells: Cells) -> None:
        self._namespace = said.namespace
        self._value = cells.text(said.value)
        self._described = [
            (name, cells.text(cell))
            for name in ("platform", "os", "browser", "model")
            if (cell := getattr(said, name)) is not None
        ]

    def of(self, values: Values) -> Raw | None:
        value = self._value(values)
        if value is None:
            return None
        return {"namespace": self._namespace, "value": value} | _present(self._described, values)


class _Interaction:
    def __init__(self, said: InteractionMap, cells: Cells) -> None:
        named = ("id", "type", "name", "channel", "orderId")
        self._texts = [
            (name, cells.text(cell))
            for name, cell in zip(
                named, (said.id, said.type, said.name, said.channel, said.order_id), strict=True
            )
            if cell is not None
        ]
        self._currency = cells.text(said.currency) if said.currency else None
        self._amount = _money(said.amount, cells)
        self._amount_columns = columns_of(said.amount) if said.amount else ""
        self._sum = said.amount is not None and said.amount.sum
        self._products = [_Product(one, cells) for one in said.products]
        self._properties = [(name, cells.trait(one)) for name, one in said.properties.items()]

    def of(self, rows: Sequence[Values], refused: list[Refused]) -> Raw:
        first = rows[0]
        raw = _present(self._texts, first)
        currency = self._currency(first) if self._currency else None
        amount = self._total(rows, currency)
        products = [
            product
            for values in rows
            for one in self._products
            if (product := one.of(values, currency)) is not None
        ]
        if amount is not None:
            raw["amount"] = amount
        # Without an amount a currency says nothing.
        if currency is not None and (
            amount is not None or any("amount" in one for one in products)
        ):
            raw["currency"] = currency
        if products:
            raw["products"] = products
        raw["properties"] = _taken(self._properties, first, "property", refused)
        return raw

    def _total(self, rows: Sequence[Values], currency: str | None) -> Any:  # noqa: ANN401
        if self._amount is None:
            return None
        read = self._amount
        found = [
            amount
            for values in (rows if self._sum else rows[:1])
            if (amount := _named(self._amount_columns, read, values, currency)) is not None
        ]
        return sum(found[1:], found[0]) if found else None


class _Product:
    def __init__(self, said: ProductMap, cells: Cells) -> None:
        self._key = cells.text(said.key)
        self._texts = [
            (name, cells.text(cell))
            for name in ("name", "category")
            if (cell := getattr(said, name)) is not None
        ]
        self._numbers = [
            (name, columns_of(cell), money)
            for name, cell in (("quantity", said.quantity), ("amount", said.amount))
            if cell is not None and (money := _money(cell, cells)) is not None
        ]

    def of(self, values: Values, currency: str | None) -> Raw | None:
        key = self._key(values)
        if key is None:
            return None
        raw: Raw = {"key": key} | _present(self._texts, values)
        for name, columns, read in self._numbers:
            number = _named(columns, read, values, currency if name == "amount" else None)
            if number is not None:
                raw[name] = number
        return raw


def _money(cell: AmountCell | None, cells: Cells) -> Money | None:
    return cells.amount(cell, cell.decimal) if cell else None


def _present(reads: Sequence[tuple[str, Read]], values: Values) -> Raw:
    return {name: value for name, read in reads if (value := read(values)) is not None}


def _taken(
    reads: Sequence[tuple[str, Read]], values: Values, what: str, refused: list[Refused]
) -> Raw:
    """What can be read; the rest is refused, and its row goes in without it."""
    taken: Raw = {}
    for name, read in reads:
        try:
            value = read(values)
        except WrongValueError as problem:
            refused.append(Refused(f"{what} {name}", problem.value, problem.reason))
            continue
        if value is not None:
            taken[name] = value
    return taken


def _named(columns: str, read: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """What `read` gives; an error of it names the columns."""
    try:
        return read(*arguments)
    except WrongValueError as problem:
        raise WrongRowError(f"{columns}: {problem}") from None


def _near(name: str, columns: Sequence[str]) -> str:
    """A column that may be meant."""
    near = difflib.get_close_matches(name.lower(), [one.lower() for one in columns], 1, 0.7)
    found = [one for one in columns if near and one.lower() == near[0]]
    return f"; did you mean {found[0]!r}?" if found else ""
