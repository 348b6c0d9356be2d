"""Statements: one ``.cypher`` file each, with a header that is checked when it is loaded.

The header is the block of ``//`` lines at the top: a sentence or more, then

    // params: keys, limit        (or: none)
    // mode: read                 (read, write, schema or fragment)
    // row: profileKey, count     (what one row is; or: none)
    // then: customers/facets     (where the text goes on in a file of mode fragment)
    // names: key = number | at   (what may stand for `<key>` in a fragment; `;` between several)
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, cast

ROOT = Path(__file__).parent
MODES = ("read", "write", "schema", "fragment")
Mode = Literal["read", "write", "schema", "fragment"]

_FIELD = re.compile(r"^//\s*(params|mode|row|then|names):\s*(.*)$")
_STRING_OR_COMMENT = re.compile(
    r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*|/\*.*?\*/", re.DOTALL
)
PARAMETER = re.compile(r"\$(\w+)")
PARCEL = "p"
_PARAMETER_OR_NOT = re.compile(
    rf"{_STRING_OR_COMMENT.pattern}|{PARAMETER.pattern}", _STRING_OR_COMMENT.flags
)
NAME = re.compile(r"<(\w+)>")
# The embedded engine runs a write in a read session without a word, so the rule is ours to hold.
_WRITES = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|FOREACH|DROP)\b", re.IGNORECASE)


class StatementError(Exception):
    """A ``.cypher`` file whose header and body disagree; the text names file and line."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A parameterised statement; ``name`` is also its span name, metric label and metadata."""

    name: str
    text: str
    params: frozenset[str]
    mode: Mode
    row: str
    then: str | None = None
    names: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    @property
    def parts(self) -> list[str]:
        """The single statements of a schema file, which are separated by semicolons."""
        return [part.strip() for part in bare(self.text).split(";") if part.strip()]


def bare(text: str) -> str:
    """`text` without comments; its lines keep their numbers."""
    return _STRING_OR_COMMENT.sub(
        lambda found: _newlines(found[0]) if found[0][0] == "/" else found[0], text
    )


def code_alone(text: str) -> str:
    """`text` without comments and with empty strings, so that rules see code and nothing else."""
    return _STRING_OR_COMMENT.sub(
        lambda found: _newlines(found[0]) if found[0][0] == "/" else "''" + _newlines(found[0]),
        text,
    )


@lru_cache(maxsize=1024)  # composed texts, besides those of the files
def parcelled(text: str) -> str:
    """`text` whose parameters are entries of a single one, the map PARCEL.

    Neo4j plans a text anew for every length of the lists and texts among its parameters, by orders
    of magnitude: of eight lists, for each of hundreds of combinations, half a second at a time. It
    does not look into a map.
    """
    return _PARAMETER_OR_NOT.sub(
        lambda found: f"${PARCEL}.{found[1]}" if found[1] else found[0], text
    )


def _newlines(text: str) -> str:
    return "\n" * text.count("\n")


@cache
def load(name: str) -> Statement:
    """The statement in ``cypher/<name>.cypher``.

    Raises:
        StatementError: the file is missing, or its header does not fit its body.
    """
    path = ROOT / f"{name}.cypher"
    if not path.is_file():
        raise StatementError(f"{path}: no such statement")
    statement = parse(name, path.read_text(encoding="utf-8"), str(path))
    return statement if statement.then is None else _continued(statement, load(statement.then))


def _continued(statement: Statement, fragment: Statement) -> Statement:
    if fragment.mode != "fragment":
        raise StatementError(f"{statement.name} goes on in {fragment.name}, which is no fragment")
    return replace(
        statement,
        text=f"{statement.text.rstrip()}\n{fragment.text}",
        params=statement.params | fragment.params,
        row=fragment.row,
        then=None,
    )


def every() -> Iterator[Statement]:
    """All statements of the package, migrations included, in the order of their names."""
    for path in sorted(ROOT.rglob("*.cypher")):
        yield load(path.relative_to(ROOT).with_suffix("").as_posix())


def parse(name: str, text: str, where: str) -> Statement:
    """Check `text` and make a statement of it; `where` is the file that errors name."""
    lines = text.splitlines()
    length = next((n for n, line in enumerate(lines) if not line.startswith("//")), len(lines))
    fields: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines[:length], 1):
        if found := _FIELD.match(line):
            fields[found[1]] = (number, found[2].strip())
    for needed in ("params", "mode", "row"):
        if needed not in fields:
            raise StatementError(f"{where}:1: the header lacks `// {needed}:`")
    if not lines[0].startswith("// ") or _FIELD.match(lines[0]):
        raise StatementError(f"{where}:1: the header must begin with a sentence")
    mode_line, mode = fields["mode"]
    if mode not in MODES:
        raise StatementError(f"{where}:{mode_line}: unknown mode `{mode}`, not one of {MODES}")
    code = "\n" * length + code_alone("\n".join(lines[length:]))
    if not code.strip(" \n;"):
        raise StatementError(f"{where}:{length + 1}: the statement is empty")
    _check_parameters(code, fields["params"], where)
    _check_names(code, _declared(fields["names"][1]) if "names" in fields else {}, where)
    if mode in ("read", "fragment"):
        _check_read_only(code, where)
    return Statement(
        name,
        text,
        frozenset(_names(fields["params"][1])),
        cast("Mode", mode),
        fields["row"][1],
        fields["then"][1] if "then" in fields else None,
        _declared(fields["names"][1]) if "names" in fields else {},
    )


def _declared(listed: str) -> dict[str, frozenset[str]]:
    pairs = (one.partition("=") for one in listed.split(";"))
    return {
        name.strip(): frozenset(choice.strip() for choice in choices.split("|"))
        for name, _, choices in pairs
    }


def _names(listed: str) -> list[str]:
    return [] if listed == "none" else [name.strip() for name in listed.split(",")]


def _check_parameters(code: str, params: tuple[int, str], where: str) -> None:
    line, listed = params
    declared = _names(listed)
    for number, text in enumerate(code.splitlines(), 1):
        for used in PARAMETER.findall(text):
            if used not in declared:
                raise StatementError(f"{where}:{number}: parameter ${used} is not declared")
    used_somewhere = set(PARAMETER.findall(code))
    for name in declared:
        if name not in used_somewhere:
            raise StatementError(f"{where}:{line}: parameter ${name} is declared but not used")


def _check_names(code: str, declared: Mapping[str, frozenset[str]], where: str) -> None:
    used = set(NAME.findall(code))
    if used != declared.keys():
        raise StatementError(f"{where}:1: names {sorted(used ^ declared.keys())} are not both "
                             "declared and used")  # fmt: skip
    for choice in (one for choices in declared.values() for one in choices):
        if not choice.isidentifier():
            raise StatementError(f"{where}:1: {choice!r} is no name of a property")


def _check_read_only(code: str, where: str) -> None:
    for number, text in enumerate(code.splitlines(), 1):
        if found := _WRITES.search(text):
            raise StatementError(
                f"{where}:{number}: {found[0].upper()} in a statement of mode read"
            )
