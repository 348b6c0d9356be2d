"""Layout: the format of a file and how its text is written, as told or as found out."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from charset_normalizer import from_bytes

from customers.errors import InvalidInputError
from customers.ingest.formats.compression import STDIN

Format = Literal["csv", "tsv", "parquet", "ndjson"]

SUFFIXES: dict[str, Format] = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet", ".pq": "parquet",
    ".ndjson": "ndjson", ".jsonl": "ndjson",
}  # fmt: skip
COMPRESSED = frozenset({".gz", ".gzip", ".zst", ".zstd"})
PARQUET_MAGIC = b"PAR1"
DELIMITERS = ",;\t|"
QUOTES = "\"'"
NO_QUOTE = "none"
# Excel begins a file with this line, and then the delimiter.
SEP = "sep="
# Rows that tell the delimiter.
LOOKED_AT = 200
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Western Europe's, and those that are the same letters there and others elsewhere.
WESTERN = "cp1252"
# From so many zero bytes in a hundred it is text of two bytes a letter.
MANY_ZEROS = 20
# What no text has. A few of them are slips, which are told by row; of a hundredth, it is no text.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
FEW_CONTROLS, MANY_CONTROLS = 3, 100


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read; None is for us to find out. `quote` "none" is without any."""

    format: Format | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None

    def checked(self) -> "Layout":
        """The same, with the names that people have for a tab.

        Raises:
            InvalidInputError: it cannot be.
        """
        delimiter = {"tab": "\t", "\\t": "\t"}.get(self.delimiter or "", self.delimiter)
        if delimiter is not None and len(delimiter) != 1:
            raise InvalidInputError(
                f"{delimiter!r} cannot separate columns: name one character, or tab"
            )
        if self.quote is not None and self.quote != NO_QUOTE and len(self.quote) != 1:
            raise InvalidInputError(
                f"{self.quote!r} cannot quote: name one character, or {NO_QUOTE}"
            )
        if self.encoding is not None:
            _known(self.encoding)
        return replace(self, delimiter=delimiter)

    def told(self) -> str:
        """What was found out, for people."""
        if self.format not in ("csv", "tsv"):
            return str(self.format)
        between = {"\t": "tab"}.get(self.delimiter or "", f"'{self.delimiter}'")
        return f"columns by {between}, quote {self.quote}, {self.encoding}"


def format_of(path: str, head: bytes) -> Format:
    """The format of a file by its name or else by its first bytes."""
    suffixes = [one for one in Path(path).suffixes if one.lower() not in COMPRESSED]
    known = SUFFIXES.get(suffixes[-1].lower()) if suffixes and path != STDIN else None
    if known:
        return known
    if head.startswith(PARQUET_MAGIC):
        return "parquet"
    begin = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if begin.startswith(b"[") and begin[1:].lstrip().startswith((b"{", b"]")):
        raise InvalidInputError(
            "it is a list in JSON: one object a line can be imported, as jq -c '.[]' writes it"
        )
    return "ndjson" if not begin or begin.startswith(b"{") else "csv"


def text_layout(layout: Layout, sample: bytes) -> Layout:
    """The layout of a CSV or TSV file, completed by what a sample of it shows.

    Raises:
        InvalidInputError: it is not text.
    """
    encoding = layout.encoding or _encoding(sample)
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig" if sample.startswith(codecs.BOM_UTF8) else "utf-8"
    lines = sample.decode(encoding, "replace").splitlines(keepends=True)
    quote = layout.quote or _quote(lines)
    delimiter = layout.delimiter or ("\t" if layout.format == "tsv" else _delimiter(lines, quote))
    return replace(layout, delimiter=delimiter, quote=quote, encoding=encoding)


def reader(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """A reader that says what is wrong, where the standard one guesses what was meant."""
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=None if quote == NO_QUOTE else quote,
        quoting=csv.QUOTE_NONE if quote == NO_QUOTE else csv.QUOTE_MINIMAL,
        skipinitialspace=True,
        strict=True,
    )


def _known(encoding: str) -> None:
    try:
        "".encode(encoding)
    except LookupError:
        raise InvalidInputError(
            f"no encoding is called {encoding}: utf-8, utf-16, cp1252 and latin-1 are some"
        ) from None


def _encoding(sample: bytes) -> str:
    for bom, name in BOMS:
        if sample.startswith(bom):
            return name
    if sample.count(0) * 100 > len(sample) * MANY_ZEROS:
        # Letters of most languages have their zero in the upper byte.
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    if len(_CONTROLS.findall(sample)) > max(FEW_CONTROLS, len(sample) // MANY_CONTROLS):
        raise InvalidInputError(
            "it is not text: CSV, TSV, Parquet and NDJSON can be imported, plain, gzip or zstd"
        )
    told = [line for line in sample.split(b"\n") if not line.isascii()]
    # Text of another encoding is UTF-8 by chance only, and one bad line in UTF-8 is just that.
    return "utf-8" if 2 * sum(map(_is_utf8, told)) >= len(told) else _legacy(sample)


def _is_utf8(line: bytes) -> bool:
    try:
        # The sample may end in the middle of a letter.
        codecs.getincrementaldecoder("utf-8")().decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _legacy(sample: bytes) -> str:
    found = from_bytes(sample).best()
    if found is None:
        return WESTERN
    try:
        same = sample.decode(WESTERN) == sample.decode(found.encoding, "replace")
    except UnicodeDecodeError:
        same = False
    return WESTERN if same else found.encoding


def _quote(lines: list[str]) -> str:
    text = "".join(lines[:LOOKED_AT]).strip()
    return "'" if '"' not in text and text.startswith("'") else '"'


def _delimiter(lines: list[str], quote: str) -> str:
    """The one that gives the header the most columns and the rows as many.

    csv.Sniffer counts characters, and takes the comma of decimals or of addresses for it.
    """
    first = lines[0].strip() if lines else ""
    if first.lower().startswith(SEP) and len(first) == len(SEP) + 1:
        return first[-1]
    return max(DELIMITERS, key=lambda one: _fit(lines, one, quote))


def _fit(lines: list[str], delimiter: str, quote: str) -> tuple[float, int]:
    widths = []
    try:
        widths += [len(row) for row in islice(reader(lines, delimiter, quote), LOOKED_AT) if row]
    except csv.Error:
        # A broken row, or the end of the sample in the middle of one.
        widths += [len(row) for row in islice(csv.reader(lines, delimiter=delimiter), 1)]
    if not widths or widths[0] == 1:
        return 0.0, 0
    like_the_header = sum(width == widths[0] for width in widths)
    return round(like_the_header / len(widths), 1), widths[0]
