"""Parquet: rows out of its columns, a few at a time; needs the extra `parquet`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from customers.errors import InvalidInputError
from customers.ingest.formats.entry import Row

BATCH_ROWS = 500
NEEDS = "Parquet is read by pyarrow, which is not installed: pip install 'profile-graph[parquet]'"


class ParquetTable:
    """The rows of a Parquet file; `columns` are the names in its schema.

    Raises:
        InvalidInputError: it is none, or pyarrow is missing.
    """

    def __init__(self, content: BinaryIO) -> None:
        try:
            from pyarrow import parquet  # noqa: PLC0415 - an extra
        except ImportError:
            raise InvalidInputError(NEEDS) from None
        with _explained():
            # Without reading ahead: a group of rows may be larger than memory.
            self._file = parquet.ParquetFile(content, pre_buffer=False, buffer_size=1 << 20)
            self.columns: list[str] = list(self._file.schema_arrow.names)

    def rows(self, wanted: Iterable[str] | None = None) -> Iterator[Row]:
        """The rows, of which only the `wanted` columns have values; the others are None."""
        names = self.columns if wanted is None else [n for n in self.columns if n in set(wanted)]
        places = [names.index(name) if name in names else None for name in self.columns]
        number = 0
        with _explained():
            for batch in self._file.iter_batches(BATCH_ROWS, columns=names):
                read = [_values(column) for column in batch.columns]
                nothing = [None] * batch.num_rows
                shown = [nothing if place is None else read[place] for place in places]
                for values in zip(*shown, strict=True):
                    number += 1
                    yield Row(number, number, values)


def _values(column: Any) -> list[object]:  # noqa: ANN401 - pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        # Python's times end at microseconds.
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    values: list[object] = column.to_pylist()
    return values


@contextmanager
def _explained() -> Iterator[None]:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise InvalidInputError(f"it cannot be read as Parquet: {problem}") from None
