"""Files as tests write them, and what is read of them."""

import asyncio
from pathlib import Path
from typing import Any

from customers.ingest.entry_file import EntryFile
from customers.ingest.formats.entry import Entry, Row
from customers.ingest.formats.layout import Layout
from customers.ingest.mapping.mapping import MapFile
from customers.ingest.queue import Rejected


def rows_of(
    path: Path, content: bytes, layout: Layout | None = None
) -> tuple[list[str], list[Row]]:
    """The columns and the rows of a table."""

    async def read() -> tuple[list[str], list[Row]]:
        path.write_bytes(content)
        with EntryFile(str(path), layout) as file:
            await file.look()
            columns, rows = file.table()
            return columns, list(rows)

    return asyncio.run(read())


def entries_of(path: Path, content: bytes, said: str, after: int = 0) -> list[Entry]:
    """What a map makes of a file, from the line `after` on."""

    async def read() -> list[Entry]:
        path.write_bytes(content)
        found: list[Entry] = []
        with EntryFile(str(path), None, MapFile.read(said, "map.toml")) as file:
            await file.look()
            await file.begin(after)
            while some := await file.next():
                found += some
        return found

    return asyncio.run(read())


def records_of(path: Path, content: bytes, said: str) -> list[Any]:
    """Raw records, or the reasons why there are none."""
    found = [entry.found for entry in entries_of(path, content, said)]
    return [one.reason if isinstance(one, Rejected) else one for one in found]
