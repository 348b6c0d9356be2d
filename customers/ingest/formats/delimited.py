"""CSV and TSV: rows of text, with a bad one kept for its sender and the next one read."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence

from customers.errors import InvalidInputError
from customers.ingest.formats.entry import Row
from customers.ingest.formats.layout import SEP, Layout, reader

# A row of more characters is not read.
LONGEST_ROW = 1 << 20
# What is kept of a longer one, so that its sender finds it.
KEPT_OF_LONG_ROW = 1_024
# Bytes that are no letters of the encoding: single ones stay to be shown, others are replaced.
# UTF-7 can have half a surrogate pair, too, which is no letter of any.
UNDECODED = re.compile("[\ud800-\udfff]")
HALF_A_PAIR = re.compile("[\ud800-\udc7f\udd00-\udfff]")
REPLACED = "\ufffd"
WIDE = ("utf-16", "utf-32")


class _Lines:
    """Lines of text that can be taken back; `number` is the last one taken, counted from 1."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._length += len(line)
        if self._length >= LONGEST_ROW:
            self._skip(line)
            raise csv.Error(f"longer than {LONGEST_ROW} characters")
        return line

    def begin(self) -> None:
        """The row is over; the next line begins another."""
        self.taken = []
        self._length = 0

    def give_back(self) -> None:
        """Let the lines of the row be read again, without the first."""
        self._back.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        del self.taken[1:]

    def _skip(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(LONGEST_ROW)


class Table:
    """The rows of a CSV or TSV file; `columns` are the names in its first row.

    Raises:
        InvalidInputError: it has no such row.
    """

    def __init__(self, content: io.BufferedReader, layout: Layout) -> None:
        encoding = layout.encoding or "utf-8"
        wide = encoding.lower().replace("_", "-").startswith(WIDE)
        self._encoding = encoding
        self._wrong = re.compile(REPLACED) if wide else UNDECODED
        self._lines = _Lines(
            io.TextIOWrapper(
                content, encoding, errors="replace" if wide else "surrogateescape", newline=""
            )
        )
        self._reader = reader(self._lines, layout.delimiter or ",", layout.quote or '"')
        self.columns = self._header()

    def rows(self) -> Iterator[Row]:
        """The rows after the header; those that are all blank are left out."""
        lines, width, wrong = self._lines, len(self.columns), self._wrong
        while True:
            lines.begin()
            number = lines.number + 1
            try:
                values = next(self._reader)
            except StopIteration:
                return
            except csv.Error as problem:
                yield self._broken(problem)
                continue
            if not any(values) or (len(values) == 1 and width > 1 and not values[0].strip()):
                continue
            text = lines.taken[0] if len(lines.taken) == 1 else "".join(lines.taken)
            if not text.isascii() and wrong.search(text):
                yield Row(number, lines.number, (), _shown(text), self._undecoded(text))
            elif len(values) == width or _trimmed(values, width):
                yield Row(number, lines.number, values, text)
            else:
                yield Row(number, lines.number, (), text, _ragged(len(values), width))

    def _header(self) -> list[str]:
        try:
            for values in self._reader:
                first = self._lines.taken[0].strip().lower()
                self._lines.begin()
                if any(values) and not (first.startswith(SEP) and len(first) == len(SEP) + 1):
                    return _named(values)
        except csv.Error as problem:
            raise InvalidInputError(
                f"the first row, which names the columns, cannot be read: {problem}"
            ) from None
        raise InvalidInputError("it has no first row that names the columns")

    def _broken(self, problem: csv.Error) -> Row:
        """A row that cannot be taken apart: its first line alone, so that the others are read."""
        if self._lines.taken:
            self._lines.give_back()
        text = "".join(self._lines.taken)
        if len(text) > KEPT_OF_LONG_ROW and "longer" in str(problem):
            text = text[:KEPT_OF_LONG_ROW]
        return Row(self._lines.number, self._lines.number, (), _shown(text), _why(problem))

    def _undecoded(self, text: str) -> str:
        found = self._wrong.search(text)
        place = found.start() + 1 if found else 0
        return f"not {self._encoding}, at character {place}: --encoding names another"


def _named(values: list[str]) -> list[str]:
    """The names of the columns; one without a name is called by its place."""
    names = [value.strip() or f"column {n}" for n, value in enumerate(values, 1)]
    while len(names) > 1 and not values[len(names) - 1].strip():
        names.pop()
    twice = [name for name, times in Counter(names).items() if times > 1]
    for name in twice:
        # The first keeps its name; a map can name the others so.
        for n, place in enumerate([p for p, one in enumerate(names) if one == name][1:], 2):
            names[place] = f"{name} ({n})"
    return names


def _trimmed(values: list[str], width: int) -> bool:
    """Whether the values are as many as the columns without the empty ones at their end."""
    while len(values) > width and not values[-1]:
        values.pop()
    return len(values) == width


def _ragged(found: int, wanted: int) -> str:
    return f"{found} columns where the first row names {wanted}"


def _why(problem: csv.Error) -> str:
    text = str(problem)
    if "expected after" in text:
        return "a quoted value goes on after its closing quote"
    if "unexpected end of data" in text or "field larger" in text:
        return "a quoted value without its closing quote"
    return text


def _shown(text: str) -> str:
    """The text with bytes that are no letters written out."""
    text = HALF_A_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def names_of(columns: Sequence[str]) -> str:
    """Columns for an error, not too many."""
    most = 40
    more = f" and {len(columns) - most} more" if len(columns) > most else ""
    return ", ".join(columns[:most]) + more
