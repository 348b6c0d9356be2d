"""Whether the database's files are still those that a clean stop left behind.

ArcadeDB opens files that were cut short or overwritten without a word and then answers with fewer
rows. An engine that was killed leaves no sums: its write-ahead log repairs what it left, but not
the schema, without which there is an empty graph beside the records.
"""

import json
import zlib
from contextlib import suppress
from pathlib import Path

from cypher.engine.data_dir import DataDir, write_private

# A file's beginning and its size tell a damaged one, and take no time in a large database.
BEGINNING = 64 * 1024
# The second stands in for the first where that cannot be read.
SCHEMAS = ("schema.json", "schema.prev.json")


class DamagedError(Exception):
    """The database's files are not those that they should be."""


def record(home: DataDir) -> None:
    """Remember the files of a database that was just closed."""
    write_private(home.sums, json.dumps(_sums(home.database)))


def forget(home: DataDir) -> None:
    """Drop what was remembered, since the files are about to change."""
    home.sums.unlink(missing_ok=True)


def check(home: DataDir) -> None:
    """Raise DamagedError, with what is wrong, unless the files are what they should be."""
    if not home.sums.is_file():
        _check_schema(home.database)
        return
    found = _sums(home.database)
    expected = json.loads(home.sums.read_text())
    wrong = sorted(name for name, sums in expected.items() if found.get(name) != sums)
    if wrong:
        raise DamagedError(
            f"{', '.join(wrong[:3])} changed since the engine stopped; if that was on purpose, "
            f"delete {home.sums.name}"
        )


def _check_schema(folder: Path) -> None:
    """What ArcadeDB does not know the type of it leaves, and makes an empty graph beside it."""
    types = _types(folder)
    lost = sorted(
        file.name
        for file in folder.glob("*.bucket")
        # An empty one may be of a type that was about to be told of. Those with relationships of
        # nodes, and of nodes with many, have its name with more to it.
        if types is None
        or (file.stat().st_size and not any(file.name.startswith(f"{one}_") for one in types))
    )
    if lost:
        raise DamagedError(f"schema.json is missing, or does not tell of {', '.join(lost[:3])}")


def _types(folder: Path) -> list[str] | None:
    """Those of the schema that ArcadeDB is going to read; None where it can read none."""
    for name in SCHEMAS:
        with suppress(OSError, ValueError, LookupError):
            return [*json.loads((folder / name).read_text())["types"]]
    return None


def _sums(folder: Path) -> dict[str, list[int]]:
    if not folder.is_dir():
        return {}
    return {
        file.name: _sum(file) for file in folder.iterdir() if file.suffix not in {".lck", ".wal"}
    }


def _sum(file: Path) -> list[int]:
    with file.open("rb") as content:
        return [file.stat().st_size, zlib.crc32(content.read(BEGINNING))]
