"""Proposal: a map for a file, proposed from its beginning."""

from itertools import islice

from customers.ingest.entry_file import EntryFile
from customers.ingest.formats.compression import explained
from customers.ingest.formats.layout import Layout
from customers.ingest.mapping.suggest import SAMPLE_ROWS, suggest_map


async def propose_map(path: str, layout: Layout) -> str:
    """A map for the file `path`, as a TOML document.

    Raises:
        InvalidInputError: it cannot be read, or needs no map.
    """
    with EntryFile(path, layout) as file:
        await file.look()
        columns, rows = file.table()
        with explained(path):
            sample = [row.values for row in islice(rows, SAMPLE_ROWS) if row.wrong is None]
    return suggest_map(path, columns, sample)
