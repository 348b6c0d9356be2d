"""The table of access.toml as Markdown: every role, and what it sees and may do."""

from collections.abc import Iterable, Iterator

from customers.access.masks import Kind, Sight
from customers.access.table import Table

YES, NO = "●", ""
SIGNS: dict[Sight, str] = {"clear": "●", "masked": "◐", "nothing": ""}


def matrix(table: Table) -> str:
    """Three tables: kinds of values, actions, fields by type."""
    kinds = ((kind, *_signs(table, kind)) for kind in table.sees[table.roles[0]])
    actions = ((name, *_marks(table, table.who(who))) for name, who in table.actions.items())
    parts = [
        "### Values\n\n● as they are, ◐ masked, empty: nothing\n",
        *_table("kind", table.roles, kinds),
        "\n### Actions\n",
        *_table("action", table.roles, actions),
        "\n### Fields\n",
        *_table("field", table.roles, _fields(table)),
    ]
    return "\n".join(parts) + "\n"


def _fields(table: Table) -> Iterator[tuple[str, ...]]:
    for name, roles in table.fields.items():
        yield f"`{name}`", *_marks(table, roles)


def _signs(table: Table, kind: Kind) -> Iterator[str]:
    return (SIGNS[table.sees[role][kind]] for role in table.roles)


def _marks(table: Table, roles: Iterable[str]) -> Iterator[str]:
    allowed = frozenset(roles)
    return (YES if role in allowed else NO for role in table.roles)


def _table(first: str, roles: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    heads = (first, *roles)
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
