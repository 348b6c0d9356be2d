"""Entry: what a file says in one place, whatever its format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customers.ingest.prepare import Refused
from customers.ingest.queue import Rejected


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `values` in the order of the columns, or what is `wrong` with it.

    `number` and `last` are its first and last line, counted from 1; of Parquet, the row's number.
    `text` is the row as it came, None where the values are that.
    """

    number: int
    last: int
    values: Sequence[object]
    text: str | None = None
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A raw record from the lines `number` to `last`, or why there is none.

    `came` is what stood there, for the file of rejects; `refused` are values that its row had and
    the record has not.
    """

    number: int
    last: int
    found: object | Rejected
    came: bytes | str | Mapping[str, object]
    refused: tuple[Refused, ...] = ()

    @property
    def size(self) -> int:
        """About how much memory it takes, in bytes."""
        return len(self.came) if isinstance(self.came, bytes | str) else 100 * len(self.came)
