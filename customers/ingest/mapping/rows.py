"""Rows become entries: one each, or one of the rows of an order that follow each other."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from customers.ingest.formats.entry import Entry, Row
from customers.ingest.ingest import INVALID_RECORD
from customers.ingest.mapping.cells import text_of
from customers.ingest.mapping.mapping import Mapping as RowMapping
from customers.ingest.mapping.mapping import WrongRowError
from customers.ingest.queue import Rejected
from customers.ingest.record import MOST_PRODUCTS

# Of a group with more rows one more is kept, which is enough to refuse it.
MOST_ROWS = MOST_PRODUCTS + 1
# Groups that are remembered, to see that one goes on after another began.
REMEMBERED = 65_536
# Rows that cannot be read and that a group waits for, in case it goes on behind them.
MOST_HELD = 1_000


@dataclass(slots=True)
class _Group:
    """Rows that are one record; `wrong` is why they are none."""

    rows: list[Row] = field(default_factory=list)
    last: int = 0
    wrong: str | None = None

    def add(self, row: Row) -> None:
        if len(self.rows) < MOST_ROWS:
            self.rows.append(row)
        self.last = max(self.last, row.last)


def entries(
    rows: Iterable[Row], mapping: RowMapping, columns: Sequence[str], after: int = 0
) -> Iterator[Entry | None]:
    """What the rows say, in their order; None for each entry that ends by the line `after`."""
    groups = _one_by_one(rows) if mapping.group_by is None else _Grouped(mapping, columns).of(rows)
    for group in groups:
        yield _entry(group, mapping, columns) if group.last > after else None


def _entry(group: _Group, mapping: RowMapping, columns: Sequence[str]) -> Entry:
    first = group.rows[0]
    if group.wrong is not None:
        found: object = Rejected(group.wrong, INVALID_RECORD)
        return Entry(first.number, group.last, found, _came(group, columns))
    try:
        found, refused = mapping.record([row.values for row in group.rows])
    except WrongRowError as problem:
        found, refused = Rejected(str(problem), INVALID_RECORD), ()
    return Entry(first.number, group.last, found, _came(group, columns), refused)


def _came(group: _Group, columns: Sequence[str]) -> str | Mapping[str, object]:
    first = group.rows[0]
    if first.text is None:
        return dict(zip(columns, first.values, strict=True))
    return "".join(row.text or "" for row in group.rows).rstrip("\r\n")


def _one_by_one(rows: Iterable[Row]) -> Iterator[_Group]:
    for row in rows:
        yield _Group([row], row.last, row.wrong)


class _Grouped:
    """Rows by the column that says which belong together; rows without a value stand alone."""

    def __init__(self, mapping: RowMapping, columns: Sequence[str]) -> None:
        self._place = mapping.group_by or 0
        self._column = columns[self._place]
        self._seen: OrderedDict[int, int] = OrderedDict()

    def of(self, rows: Iterable[Row]) -> Iterator[_Group]:
        group, key = _Group(), ""
        broken: int | None = None
        # Entries come in the order of their first lines, and the group began before these.
        held: list[Row] = []
        for row in rows:
            if row.wrong is not None:
                broken = row.number
                held.append(row)
                if group.rows and len(held) < MOST_HELD:
                    continue
                if group.rows:
                    yield group
                    group, key = _Group(), ""
                yield from _one_by_one(held)
                held = []
                continue
            value = self._value(row)
            if not group.rows or value != key or not value:
                if group.rows:
                    yield group
                yield from _one_by_one(held)
                held = []
                group, key = _Group(wrong=self._came_before(value, row.number)), value
            elif broken is not None:
                # What stood in between was one of its lines: without it the order is another.
                group.wrong = f"line {broken}, in the middle of it, cannot be read"
            broken = None
            group.add(row)
        if group.rows:
            yield group
        yield from _one_by_one(held)

    def _value(self, row: Row) -> str:
        value = row.values[self._place]
        return "" if value is None else text_of(value).strip()

    def _came_before(self, value: str, number: int) -> str | None:
        """Why a group that begins here is none: another one began it."""
        if not value:
            return None
        known = hash(value)
        before = self._seen.get(known)
        if before is not None:
            return (
                f"rows of this {self._column} came before, at line {before}, and others between: "
                "sort the file by it"
            )
        self._seen[known] = number
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return None
