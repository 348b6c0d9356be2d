"""TOML documents that people write, read into a model, and where in one a mistake is."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from customers.errors import InvalidInputError

HEADER = re.compile(r"\s*(\[+)([^\]]+)\]+")
ASSIGNMENT = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w.-])+)\s*=""")
PART = re.compile(r"""\s*("[^"]*"|'[^']*'|[^.]+)\s*\.?""")

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[str, ...]


def read_document(
    text: str, name: str, model: type[Model], error: type[InvalidInputError]
) -> Model:
    """What a document says, as `model`; `name` is what errors call the document.

    Raises:
        error: every mistake with its line.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise error(f"{name}: not TOML: {problem}") from None
    try:
        return model.model_validate(said)
    except ValidationError as problem:
        lines = dict(_places(text))
        mistakes = []
        for one in problem.errors(include_url=False, include_input=False, include_context=False):
            path = tuple(str(part) for part in one["loc"])
            message = one["msg"].removeprefix("Value error, ")
            if one["type"] == "extra_forbidden":
                message = "no such setting"
            mistakes.append((_line(path, message, lines), ".".join(path), message))
        raise error("\n".join(told(name, *one) for one in sorted(mistakes))) from None


def line_of(text: str, path: Path) -> int:
    """The line of the setting `path` in a document, or of the nearest table that it is in."""
    return _line(path, "", dict(_places(text)))


def told(name: str, line: int, path: str, why: str) -> str:
    """A mistake as people read it; line 0 is where nobody knows."""
    place = f"{name}, line {line}" if line else name
    return ": ".join(filter(None, (place, path, why)))


def _places(text: str) -> Iterator[tuple[Path, int]]:
    """The line of every table and setting, by its path; tables of a list are numbered from 0."""
    table: Path = ()
    seen: Counter[Path] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.fullmatch(line.split("#")[0].rstrip()):
            table = _path(header[2])
            if header[1] == "[[":
                place = str(seen[table])
                seen[table] += 1
                table = (*table, place)
            yield table, number
        elif setting := ASSIGNMENT.match(line):
            yield (*table, *_path(setting[1])), number


def _path(text: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in PART.findall(text))


def _line(path: Path, message: str, lines: dict[Path, int]) -> int:
    """The line of the nearest table or setting that a mistake is in; 0 where nobody knows."""
    if not path and (named := re.match(r"([\w.~-]+)", message)):
        path = _path(named[1])
    while path and path not in lines:
        inside = [line for place, line in lines.items() if place[: len(path)] == path]
        if inside:
            return min(inside)
        path = path[:-1]
    return lines.get(path, 0)
