"""EntryFile: the entries of a file of any format, a few at a time."""

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from customers.errors import InvalidInputError
from customers.ingest.formats.compression import SAMPLE_BYTES, STDIN, Input, explained
from customers.ingest.formats.delimited import Table
from customers.ingest.formats.entry import Entry, Row
from customers.ingest.formats.layout import Layout, format_of, text_layout
from customers.ingest.formats.ndjson import read_ndjson
from customers.ingest.formats.parquet import ParquetTable
from customers.ingest.mapping.mapping import MapFile
from customers.ingest.mapping.rows import entries

T = TypeVar("T")

# Entries are brought a few at a time: whoever else uses the loop waits while they are worked on.
SLICE_ENTRIES = 40
SLICE_BYTES = 256 << 10


class MapNeededError(InvalidInputError):
    """A table whose columns nobody has explained."""

    code = "MAP_NEEDED"


class EntryFile(Input):
    """The entries of the file `path`, or of standard input (``-``); use it as a context manager.

    `layout` is what is known of it beforehand, `said` the map of its columns. First `look`, then
    `begin`, then `next` until there is nothing.
    """

    def __init__(
        self, path: str, layout: Layout | None = None, said: MapFile | None = None
    ) -> None:
        super().__init__(path)
        self.layout = (layout or Layout()).checked()
        self.digest = ""
        # Entries that were read and left out, because they are in already.
        self.skipped = 0
        self._said = said
        self._sample = b""
        self._entries: Iterator[Entry | None] = iter(())
        self._damage: InvalidInputError | None = None

    @property
    def how(self) -> str:
        """By what a way of reading is known: the map and all that was found out."""
        parts = repr((self.layout, self._said and self._said.text))
        return hashlib.sha256(parts.encode()).hexdigest()[:16]

    async def look(self) -> None:
        """Find out the digest of the content and how it is to be read.

        Raises:
            InvalidInputError: it cannot be read, or is damaged.
            MapNeededError
        """
        await self._done(self._look)

    async def begin(self, after: int = 0) -> None:
        """Begin to read, and leave out what ends by the line `after`.

        Raises:
            InvalidInputError: it is not what its format says.
            InvalidMapError: the map names columns that it has not.
        """
        await self._done(lambda: self._begin(after))

    async def next(self) -> list[Entry]:
        """The next few entries; none at the end.

        Raises:
            InvalidInputError: it cannot be read, or is damaged.
        """
        while True:
            if self.regular:
                await asyncio.sleep(0)  # a file answers sooner than a thread would start
                some = self._slice()
            else:
                some = await _in_thread(self._slice)
            wanted = [one for one in some if one is not None]
            self.skipped += len(some) - len(wanted)
            if wanted or not some:
                return wanted

    def table(self) -> tuple[list[str], Iterator[Row]]:
        """The columns and the rows of a table, without a map.

        Raises:
            InvalidInputError: it is not a table, or cannot be read.
        """
        with explained(self.path), self._named():
            if self.layout.format == "parquet":
                found = ParquetTable(self.seekable())
                return found.columns, found.rows()
            if self.layout.format == "ndjson":
                raise InvalidInputError("a line of NDJSON is a record already and needs no map")
            text = Table(self.content(), self.layout)
            return text.columns, text.rows()

    async def _done(self, work: Callable[[], None]) -> None:
        if self.regular:
            await asyncio.to_thread(work)
        else:
            await _in_thread(work)

    def _look(self) -> None:
        survey = self.survey()
        self.digest, self._sample = survey.digest, survey.sample
        with self._named():
            found = self.layout.format or format_of(self.path, survey.sample)
        self.layout = replace(self.layout, format=found)
        if found in ("csv", "tsv"):
            self._sample = self._sample or self.head(SAMPLE_BYTES)
            with self._named():
                self.layout = text_layout(self.layout, self._sample)

    def _begin(self, after: int) -> None:
        if self.layout.format == "ndjson":
            if self._said is not None:
                self.table()
            self._entries = read_ndjson(self.content(), after)
            return
        if self._said is None:
            raise MapNeededError(_map_needed(self.path, str(self.layout.format)))
        with explained(self.path), self._named():
            columns, rows = self._wanted(self._said)
        self._entries = entries(rows, self._said.bind(columns), columns, after)

    def _wanted(self, said: MapFile) -> tuple[list[str], Iterator[Row]]:
        if self.layout.format != "parquet":
            return self.table()
        found = ParquetTable(self.seekable())
        return found.columns, found.rows(said.said.columns)

    def _slice(self) -> list[Entry | None]:
        if self._damage is not None:
            raise self._damage
        some: list[Entry | None] = []
        size = 0
        try:
            with explained(self.path):
                for entry in islice(self._entries, SLICE_ENTRIES):
                    some.append(entry)
                    size += entry.size if entry else 0
                    if size > SLICE_BYTES:
                        break
        except InvalidInputError as problem:
            if not some:
                raise
            # What was read before it comes first.
            self._damage = problem
        return some

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except InvalidInputError as problem:
            raise InvalidInputError(f"{self.path}: {problem}") from None


def _map_needed(path: str, found: str) -> str:
    what = "standard input" if path == STDIN else path
    kind = {"parquet": "Parquet"}.get(found, found.upper())
    return (
        f"{what} is {kind}, and nothing says what its columns mean. Have a map proposed, read it, "
        f"and import with it:\n"
        f"  profile-graph import {path} --suggest-map > map.toml\n"
        f"  profile-graph import {path} --map map.toml --dry-run\n"
        f"  profile-graph import {path} --map map.toml"
    )


async def _in_thread(function: Callable[[], T]) -> T:
    """Like `asyncio.to_thread`, but nobody waits for it at the end: a pipe may never say a word."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(act: Callable[..., None], value: object) -> None:
        if not answer.done():
            act(value)

    def run() -> None:
        try:
            value = function()
        except BaseException as problem:  # noqa: BLE001 - handed over
            loop.call_soon_threadsafe(settle, answer.set_exception, problem)
        else:
            loop.call_soon_threadsafe(settle, answer.set_result, value)

    threading.Thread(target=run, name="pipe", daemon=True).start()
    return await answer
