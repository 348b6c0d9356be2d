"""A map as the TOML document that people write: which column is what part of a Record."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from customers.errors import InvalidInputError
from customers.ingest.mapping.amounts import Style
from customers.ingest.mapping.times import NAMED
from customers.ingest.record import NamespaceName, SourceName
from customers.part import Part
from customers.toml_document import read_document

Constant = str | int | float | bool


class InvalidMapError(InvalidInputError):
    """A map that cannot be used; the text says in which line, and why."""

    code: ClassVar[str] = "MAP_INVALID"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name}: Europe/Berlin is one") from None
    return name


def _time_format(text: str) -> str:
    if text not in NAMED:
        if "%" not in text:
            raise ValueError(f"{', '.join(NAMED)}, or a format such as %d.%m.%Y %H:%M")
        try:
            datetime.strptime(datetime(2026, 11, 1, 10).strftime(text), text)  # noqa: DTZ001, DTZ007
        except ValueError as problem:
            raise ValueError(f"not a format of times: {problem}") from None
    return text


def _short_form(value: object) -> object:
    """A text is a column, a list is several."""
    if isinstance(value, str):
        return {"column": value}
    return {"columns": value} if isinstance(value, list) else value


ColumnName = Annotated[str, Field(min_length=1)]
ZoneName = Annotated[str, AfterValidator(_zone)]
TimeFormat = Annotated[str, AfterValidator(_time_format)]


class Columns(Part):
    """One column or several."""

    column: ColumnName | None = None
    columns: tuple[ColumnName, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, whichever way they were written."""
        return (self.column,) if self.column is not None else self.columns


class Cell(Columns):
    """A text of a row, or one that is the same in all.

    Of several columns the first that is not empty, or all of them with `join` between. `values`
    says what to write for what stands there.
    """

    value: Constant | None = None
    join: str | None = None
    values: Mapping[str, Constant] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is not None) + bool(self.columns) + (self.value is not None) != 1:
            raise ValueError("name one of column, columns and value")
        if self.join is not None and not self.columns:
            raise ValueError("join is for several columns")
        return self


class IdentifierCells(Columns):
    """The values of a namespace: one of each column, or several with `split` between."""

    split: str | None = Field(None, min_length=1)
    values: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some_column(self) -> Self:
        if (self.column is not None) + bool(self.columns) != 1:
            raise ValueError("name one of column and columns")
        return self


class TraitCell(Cell):
    """A trait; text unless `as` says otherwise. A value that is none of those is refused."""

    as_: Literal["text", "number", "boolean", "date", "time", "list"] = Field("text", alias="as")
    format: TimeFormat | None = None
    time_zone: ZoneName | None = None
    decimal: Style | None = None
    split: str | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        for option, kinds in _OPTIONS.items():
            if getattr(self, option) is not None and self.as_ not in kinds:
                name = {"time_zone": "timeZone"}.get(option, option)
                raise ValueError(f'{name} is for as = "{kinds[0]}"')
        return self


_OPTIONS = {
    "format": ("date", "time"), "time_zone": ("time",), "decimal": ("number",), "split": ("list",),
}  # fmt: skip


class TimeCell(Cell):
    """When it happened; in the map's time zone unless it has one of its own."""

    format: TimeFormat = "iso"
    time_zone: ZoneName | None = None


class AmountCell(Cell):
    """A number; with `sum` those of all rows of a group together."""

    decimal: Style | None = None
    sum: bool = False


class Flag(Columns):
    """Yes where a column has one of the values `when`; case does not matter."""

    when: tuple[str, ...] = ("true", "yes", "1")
    always: bool = False


def _flag(value: object) -> object:
    return {"always": value} if isinstance(value, bool) else _short_form(value)


def _source(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


Text = Annotated[Cell, BeforeValidator(_short_form)]
Time = Annotated[TimeCell, BeforeValidator(_short_form)]
Amount = Annotated[AmountCell, BeforeValidator(_short_form)]
Trait = Annotated[TraitCell, BeforeValidator(_short_form)]
Identifiers = Annotated[IdentifierCells, BeforeValidator(_short_form)]
YesNo = Annotated[Flag, BeforeValidator(_flag)]


class DeviceMap(Part):
    """The device of a row."""

    namespace: NamespaceName = "device"
    value: Text
    platform: Text | None = None
    os: Text | None = None
    browser: Text | None = None
    model: Text | None = None


class ProductMap(Part):
    """A product of a row."""

    key: Text
    name: Text | None = None
    category: Text | None = None
    quantity: Amount | None = None
    amount: Amount | None = None


class InteractionMap(Part):
    """What happened, one of each row or of each group of rows."""

    id: Text | None = None
    type: Text | None = None
    name: Text | None = None
    channel: Text | None = None
    amount: Amount | None = None
    currency: Text | None = None
    order_id: Text | None = None
    products: tuple[ProductMap, ...] = ()
    properties: Mapping[str, Trait] = Field(default_factory=dict)


class FileMap(Part):
    """How the rows of a file become records."""

    source: Annotated[Cell, BeforeValidator(_source)]
    source_id: Text | None = None
    at: Time | None = None
    time_zone: ZoneName = "UTC"
    decimal: Style = "1234.56"
    empty: tuple[str, ...] = ()
    group_by: ColumnName | None = None
    identifiers: Mapping[NamespaceName, Identifiers] = Field(default_factory=dict)
    traits: Mapping[str, Trait] = Field(default_factory=dict)
    device: DeviceMap | None = None
    interaction: InteractionMap | None = None
    replace: YesNo = Flag()
    deleted: YesNo = Flag()

    @model_validator(mode="after")
    def _makes_records(self) -> Self:
        if not (self.source_id or self.identifiers or self.device):
            raise ValueError("a record needs a sourceId or at least one of identifiers")
        if self.group_by and self.interaction is None:
            raise ValueError("groupBy joins the rows of an interaction: it needs [interaction]")
        if not self.group_by and any(
            isinstance(cell, AmountCell) and cell.sum for _, cell in self.cells
        ):
            raise ValueError("interaction.amount: sum is for rows that groupBy joins")
        for name in ("replace", "deleted"):
            flag: Flag = getattr(self, name)
            if (flag.names or flag.always) and self.source_id is None:
                raise ValueError(f"{name} needs a sourceId")
        if isinstance(self.source.value, str):
            _SourceName(name=self.source.value)
        return self

    @cached_property
    def cells(self) -> tuple[tuple[tuple[str, ...], Columns], ...]:
        """Everything that may name columns, with its path in the document."""
        return tuple(_cells(self, ()))

    @cached_property
    def columns(self) -> frozenset[str]:
        """All columns that are named."""
        named = {name for _, cell in self.cells for name in cell.names}
        return frozenset(named | ({self.group_by} if self.group_by else set()))


class _SourceName(Part):
    name: SourceName


def _cells(part: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Columns]]:  # noqa: ANN401
    if isinstance(part, Columns):
        yield path, part
    elif isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            yield from _cells(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, Mapping):
        yield from _all_cells(part.items(), path)
    elif isinstance(part, tuple):
        yield from _all_cells(((str(n), one) for n, one in enumerate(part)), path)


def _all_cells(
    parts: Iterable[tuple[str, Any]], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Columns]]:
    for name, part in parts:
        yield from _cells(part, (*path, name))


def read_map(text: str, name: str = "map") -> FileMap:
    """The map that a TOML document says; `name` is what errors call the document.

    Raises:
        InvalidMapError: every mistake with its line.
    """
    return read_document(text, name, FileMap, InvalidMapError)
