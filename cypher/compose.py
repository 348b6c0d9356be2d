"""Compose: the one place where a statement is put together, of checked fragments from files.

A fragment is loaded like any statement. Its `// names:` line lists what may stand for a `<name>` in
its text; nothing else ever does, and values are parameters. So whatever a caller asks for, the text
is one that could have been written down beforehand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cypher.statement import NAME, PARAMETER, Statement, StatementError, bare, load


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A fragment with its values; `names` are chosen from those that its header declares."""

    fragment: str
    params: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A predicate on `c`. Its seeds, if any, find whoever may fulfil it, and perhaps others."""

    test: Piece
    seeds: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; none is no condition."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """A part holds; of none, none does."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition: TypeAlias = Leaf | Every | Some | Not


@dataclass(slots=True)
class Composed:
    """A statement in the making, and its parameters."""

    name: str
    texts: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)
    row: str = "none"
    leaves: int = 0

    def add(self, piece: Piece) -> "Composed":
        """Go on with a fragment under its own parameters."""
        fragment = load(piece.fragment)
        self.texts.append(_text(fragment, piece))
        self.params |= piece.params
        self.needed |= fragment.params
        self.row = fragment.row
        return self

    def where(self, condition: Condition | None) -> "Composed":
        """Go on with those that fulfil a condition."""
        if condition is not None:
            self.texts.append(f"WHERE {self._expression(condition)}")
        return self

    def union(self, branches: Iterable[Sequence[Piece]]) -> "Composed":
        """Rows of several branches, each of which has parameters of its own."""
        self.texts.append("\nUNION ALL\n".join(
            "\n".join(self._numbered(piece, place) for piece in branch)
            for place, branch in enumerate(branches)
        ))  # fmt: skip
        return self

    def statement(self) -> Statement:
        """The statement; facets that it ends in need parameters besides these."""
        params = frozenset(self.params.keys() | self.needed)
        return Statement(self.name, "\n".join(self.texts), params, "read", self.row)

    def _expression(self, condition: Condition) -> str:
        match condition:
            case Leaf():
                self.leaves += 1
                return self._numbered(condition.test, self.leaves)
            case Not():
                return f"NOT ({self._expression(condition.part)})"
            case Every() | Some():
                word, empty = (
                    (" AND ", "true") if isinstance(condition, Every) else (" OR ", "false")
                )
                return word.join(f"({self._expression(one)})" for one in condition.parts) or empty

    def _numbered(self, piece: Piece, place: int) -> str:
        """A fragment whose parameters are told apart from those of others by a number."""
        self.params |= {f"{name}_{place}": value for name, value in piece.params.items()}
        text = _text(load(piece.fragment), piece)
        return PARAMETER.sub(lambda found: f"${found[1]}_{place}", text)


def _text(fragment: Statement, piece: Piece) -> str:
    """The code of a fragment with its names; refuses any that the header does not list."""
    if fragment.mode != "fragment":
        raise StatementError(f"{fragment.name} is no fragment")
    declared = fragment.names
    if piece.names.keys() != declared.keys():
        raise StatementError(f"{fragment.name} has the names {sorted(declared)}")
    for name, chosen in piece.names.items():
        if chosen not in declared[name]:
            raise StatementError(f"{fragment.name}: {chosen!r} is not among its {name} names")
    return NAME.sub(lambda found: piece.names[found[1]], bare(fragment.text)).strip()
