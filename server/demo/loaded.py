"""Loaded: what the demo remembers in the data directory of what it has put into which graph."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from cypher import Connection


@dataclass(frozen=True, slots=True)
class Figures:
    """How large the demo is, how well its customers meet the truth, and whom to look at.

    `sources` are the records of each source, `stories` an e-mail for each that is told.
    """

    people: int
    seed: int
    records: int
    sources: dict[str, int]
    profiles: int
    customers: int
    wrongly_merged: int
    missed: int
    precision: float
    recall: float
    possible: float
    seconds: float
    example: str | None
    stories: dict[str, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The graph that the demo went into; `figures` are there when all of it is in."""

    graph: str
    figures: Figures | None = None

    @classmethod
    def read(cls, data_dir: Path) -> "Loaded | None":
        """What is remembered, or None; a file that is not whole says nothing."""
        try:
            found = orjson.loads(_file(data_dir).read_bytes())
            figures = found["figures"]
            return cls(found["graph"], Figures(**figures) if figures else None)
        except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError):
            return None

    def write(self, data_dir: Path) -> None:
        """Remember it."""
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = _file(data_dir).with_name(f"demo.json.{os.getpid()}")
        fresh.write_bytes(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2))
        fresh.replace(_file(data_dir))


def graph_of(connection: Connection) -> str:
    """Which graph it is, without a password that may be part of its address."""
    if connection.uri is None:
        return "embedded"
    return f"{urlsplit(connection.uri).netloc.rpartition('@')[2]}/{connection.database}"


def _file(data_dir: Path) -> Path:
    return data_dir / "demo.json"
