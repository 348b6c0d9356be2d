"""NDJSON: one Record a line, numbered, none of them without bound."""

from collections.abc import Iterator
from typing import BinaryIO

import orjson

from customers.ingest.formats.entry import Entry
from customers.ingest.ingest import INVALID_RECORD
from customers.ingest.queue import Rejected

LONGEST_LINE_BYTES = 1 << 20
# What is kept of a longer one, so that its sender finds it.
KEPT_OF_LONG_LINE = 1_024
BOM = b"\xef\xbb\xbf"


def read_ndjson(content: BinaryIO, after: int = 0) -> Iterator[Entry | None]:
    """What the lines say, blank ones left out; None for each one up to the line `after`."""
    number = 0
    while text := content.readline(LONGEST_LINE_BYTES + 1):
        number += 1
        whole = len(text) <= LONGEST_LINE_BYTES or text.endswith(b"\n")
        if not whole:
            _skip_line(content)
            text = text[:KEPT_OF_LONG_LINE]
        if number == 1:
            text = text.removeprefix(BOM)
        if text := text.strip():
            yield _entry(number, text, whole=whole) if number > after else None


def _entry(number: int, text: bytes, *, whole: bool) -> Entry:
    found: object
    if whole:
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError as problem:
            found = Rejected(_unreadable(text, problem), INVALID_RECORD)
    else:
        found = Rejected(f"longer than {LONGEST_LINE_BYTES} bytes", INVALID_RECORD)
    return Entry(number, number, found, text)


def _unreadable(text: bytes, problem: orjson.JSONDecodeError) -> str:
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        return f"not UTF-8, at byte {wrong.start + 1}"
    return f"not JSON: {problem.msg} at character {problem.pos + 1}"


def _skip_line(content: BinaryIO) -> None:
    while (text := content.readline(LONGEST_LINE_BYTES)) and not text.endswith(b"\n"):
        pass
