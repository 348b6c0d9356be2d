"""Examples: the queries that the page opens with, a tab a file, in the order of their names."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """A query; its first line is a comment, which is its title."""

    title: str
    query: str


def examples() -> list[Example]:
    """All of them."""
    return [_read(path) for path in sorted(FOLDER.glob("*.graphql"))]


def _read(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    if not first.startswith("# "):
        raise ValueError(f"{path.name} has no title: its first line is no comment.")
    return Example(first.removeprefix("# "), text.rstrip())
