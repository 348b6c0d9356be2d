"""Whether the database's files are still those that a clean stop left behind.

ArcadeDB opens files that were cut short or overwritten without a word and then answers with fewer
rows. An engine that was killed leaves no sums: its write-ahead log repairs what it left.
"""

import json
import zlib
from pathlib import Path

from cypher.engine.data_dir import DataDir, write_private

# A file's beginning and its size tell a damaged one, and take no time in a large database.
BEGINNING = 64 * 1024


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
    found = _sums(home.database)
    has_records = any(name.endswith(".bucket") for name in found)
    if has_records and not {"schema.json", "schema.prev.json"} & found.keys():
        # ArcadeDB would create an empty database over the records.
        raise DamagedError("schema.json is missing")
    if not home.sums.is_file():
        return
    expected = json.loads(home.sums.read_text())
    wrong = sorted(name for name, sums in expected.items() if found.get(name) != sums)
    if wrong:
        raise DamagedError(
            f"{', '.join(wrong[:3])} changed since the engine stopped; if that was on purpose, "
            f"delete {home.sums.name}"
        )


def _sums(folder: Path) -> dict[str, list[int]]:
    if not folder.is_dir():
        return {}
    return {
        file.name: _sum(file) for file in folder.iterdir() if file.suffix not in {".lck", ".wal"}
    }


def _sum(file: Path) -> list[int]:
    with file.open("rb") as content:
        return [file.stat().st_size, zlib.crc32(content.read(BEGINNING))]
