"""Cells: functions that read one part of a record out of a row."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from customers.ingest.mapping.amounts import Style, WrongValueError, amount_of
from customers.ingest.mapping.document import Cell, Columns, FileMap, Flag, IdentifierCells
from customers.ingest.mapping.document import TraitCell as Trait
from customers.ingest.mapping.times import days, moments

Values = Sequence[object]
# The value of a part of a record; None where the row has none.
Read = Callable[[Values], Any]
YES = frozenset({"true", "yes", "y", "1", "x", "on", "ja", "oui", "si", "sí"})
NO = frozenset({"false", "no", "n", "0", "off", "nein", "non"})


class Cells:
    """Makes the functions of a map for a file with these columns."""

    def __init__(self, said: FileMap, columns: Sequence[str]) -> None:
        self._said = said
        self._places = {name: place for place, name in enumerate(columns)}
        self._empty = frozenset({"", *(one.strip() for one in said.empty)})

    def place(self, column: str) -> int:
        """Where in a row a column is."""
        return self._places[column]

    def value(self, cell: Cell) -> Read:
        """What stands there; None where it is empty."""
        if cell.value is not None:
            constant = cell.value
            return lambda _values: constant
        places = [self._places[name] for name in cell.names]
        if cell.join is not None:
            read = self._joined(places, cell.join)
        elif len(places) == 1:
            read = self._one(places[0])
        else:
            read = self._first(places)
        return _translated(read, cell.values) if cell.values else read

    def text(self, cell: Cell) -> Read:
        """What stands there, as text."""
        read = self.value(cell)

        def text(values: Values) -> str | None:
            value = read(values)
            return value if value is None or isinstance(value, str) else text_of(value)

        return text

    def identifiers(self, cells: IdentifierCells) -> Callable[[Values], list[str]]:
        """All values of a namespace."""
        reads = [self._one(self._places[name]) for name in cells.names]
        split, empty, known = cells.split, self._empty, cells.values

        def found(values: Values) -> list[str]:
            texts: list[str] = []
            for read in reads:
                value = read(values)
                if value is None:
                    continue
                if isinstance(value, list):
                    texts += [text_of(one).strip() for one in value if one is not None]
                    continue
                text = value if isinstance(value, str) else text_of(value)
                texts += [one.strip() for one in text.split(split)] if split else [text]
            return [known.get(text, text) for text in texts if text not in empty]

        return found

    def amount(self, cell: Cell, style: Style | None) -> Callable[[Values, str | None], Any]:
        """A number, in the style that was declared; the second argument is its currency."""
        read, written = self.value(cell), style or self._said.decimal

        def amount(values: Values, currency: str | None = None) -> Decimal | None:
            value = read(values)
            return None if value is None else number_of(value, written, currency)

        return amount

    def moment(self, cell: Cell, form: str, zone: str | None) -> Read:
        """A time with its zone."""
        return _over(self.value(cell), moments(form, zone or self._said.time_zone))

    def trait(self, cell: Trait) -> Read:
        """A trait of the kind that the map says."""
        read = self.value(cell)
        if cell.as_ == "date":
            return _over(read, days(cell.format or "iso"))
        if cell.as_ == "time":
            moment = moments(cell.format or "iso", cell.time_zone or self._said.time_zone)
            return _over(read, lambda value: moment(value).isoformat())
        if cell.as_ == "number":
            style = cell.decimal or self._said.decimal
            return _over(read, lambda value: _json_number(number_of(value, style, None)))
        if cell.as_ == "boolean":
            return _over(read, yes_or_no)
        if cell.as_ == "list":
            return _over(read, lambda value: self._list(value, cell.split or ","))
        return _over(read, json_of)

    def flag(self, flag: Flag) -> Callable[[Values], bool]:
        """Whether a column has one of some values."""
        if not flag.names:
            return lambda _values: flag.always
        reads = [self._one(self._places[name]) for name in flag.names]
        wanted = {one.strip().lower() for one in flag.when}
        return lambda values: any(
            value is not None and text_of(value).lower() in wanted
            for value in (read(values) for read in reads)
        )

    def _list(self, value: object, split: str) -> list[object]:
        if isinstance(value, list):
            return value
        return [
            one.strip() for one in text_of(value).split(split) if one.strip() not in self._empty
        ]

    def _one(self, place: int) -> Read:
        empty = self._empty

        def one(values: Values) -> object:
            value = values[place]
            if isinstance(value, str):
                value = value.strip()
                return None if value in empty else value
            return value

        return one

    def _first(self, places: list[int]) -> Read:
        reads = [self._one(place) for place in places]
        return lambda values: next(
            (value for read in reads if (value := read(values)) is not None), None
        )

    def _joined(self, places: list[int], between: str) -> Read:
        reads = [self._one(place) for place in places]

        def joined(values: Values) -> str | None:
            found = [text_of(value) for read in reads if (value := read(values)) is not None]
            return between.join(found) or None

        return joined


def columns_of(part: Columns) -> str:
    """The columns of a cell, for an error."""
    return " and ".join(part.names) or "value"


def _translated(read: Read, known: Mapping[str, Any]) -> Read:
    def translated(values: Values) -> object:
        value = read(values)
        return value if value is None else known.get(text_of(value), value)

    return translated


def _over(read: Read, function: Callable[[Any], Any]) -> Read:
    def over(values: Values) -> object:
        value = read(values)
        return None if value is None else function(value)

    return over


def text_of(value: object) -> str:
    """A value as text; whole numbers without the point that spreadsheets give them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


def json_of(value: object) -> object:
    """A value that JSON can hold."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return _json_number(value)
    if isinstance(value, list | dict):
        return orjson.loads(orjson.dumps(value, default=str))
    return text_of(value)


def number_of(value: object, style: Style, currency: str | None) -> Decimal:
    """A number that was written or that is one already.

    Raises:
        WrongValueError
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return amount_of(text_of(value), style, currency)


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def yes_or_no(value: object) -> bool:
    """What people write for yes and for no.

    Raises:
        WrongValueError
    """
    text = text_of(value).lower()
    if text in YES or text in NO:
        return text in YES
    raise WrongValueError(text, "neither yes nor no")
