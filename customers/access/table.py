"""The table of access.toml: which role may see and do what. Read once, when it is first asked."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Self, get_args

from pydantic import Field, model_validator

from customers.access.masks import Kind, Masks, Sight
from customers.errors import InvalidInputError
from customers.part import Part
from customers.toml_document import read_document

# Either the name of a group, or the roles.
Who = str | tuple[str, ...]
# What a search goes by: whoever may search must see it clear, or the hits would tell it.
SEARCHED: tuple[Kind, ...] = ("name", "contact", "place")


class InvalidAccessError(InvalidInputError):
    """A table that cannot be used; the text has the lines of the mistakes."""


class Shapes(Part):
    """Types that only hold others together; a `*` stands for any beginning."""

    types: tuple[str, ...]


class Personal(Part):
    """What is of a person: kinds of values, and the fields that show them."""

    kinds: frozenset[Kind]
    fields: frozenset[str]


class Table(Part):
    """Who may see and do what. Roles are those of the group `everybody`."""

    groups: Mapping[str, tuple[str, ...]]
    sees: Mapping[str, Mapping[Kind, Sight]]
    traits: Mapping[Kind, tuple[str, ...]]
    prefixes: Mapping[Kind, tuple[str, ...]]
    namespaces: Mapping[Kind, tuple[str, ...]]
    personal: Personal
    actions: Mapping[str, Who]
    shapes: Shapes
    # By type; a line may name several fields.
    field_lines: Mapping[str, Mapping[str, Who]] = Field(alias="fields")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for who in (*self.actions.values(), *self._lines()):
            if unknown := sorted(set(self.who(who)) - set(self.roles)):
                raise ValueError(f"no such role or group: {', '.join(unknown)}")
        for role in self.roles:
            if missing := sorted(set(get_args(Kind)) - self.sees.get(role, {}).keys()):
                raise ValueError(f"sees.{role} does not say of: {', '.join(missing)}")
        for role in sorted(self.fields.get("Query.search", ())):
            if hidden := [kind for kind in SEARCHED if self.sees[role][kind] != "clear"]:
                raise ValueError(f"{role} may search and does not see clear: {', '.join(hidden)}")
        return self

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles."""
        return self.groups["everybody"]

    @cached_property
    def fields(self) -> Mapping[str, frozenset[str]]:
        """The roles of each field, by `Type.field`."""
        return {
            f"{type_}.{name}": frozenset(self.who(who))
            for type_, lines in self.field_lines.items()
            for names, who in lines.items()
            for name in names.split()
        }

    @cached_property
    def masks(self) -> Mapping[str, Masks]:
        """What each role sees."""
        kinds = [dict(_by_name(one)) for one in (self.traits, self.prefixes, self.namespaces)]
        return {role: Masks(self.sees[role], *kinds) for role in self.roles}

    def may(self, role: str, action: str) -> bool:
        """Whether a role may do something; what the table does not know nobody may."""
        return role in self.who(self.actions.get(action, ()))

    def may_see(self, role: str, field: str) -> bool:
        """Whether a role may ask for `Type.field`."""
        allowed = self.fields.get(field)
        return self.is_shape(field.partition(".")[0]) if allowed is None else role in allowed

    def tells_of_persons(self, role: str, fields: Collection[str]) -> bool:
        """Whether a role reads of persons, unmasked, with these fields."""
        return not self.personal.fields.isdisjoint(fields) and any(
            self.sees[role][kind] == "clear" for kind in self.personal.kinds
        )

    def is_shape(self, type: str) -> bool:
        """Whether a type only holds others together."""
        return any(
            type.endswith(one[1:]) if one.startswith("*") else type == one
            for one in self.shapes.types
        )

    def _lines(self) -> Iterator[Who]:
        for lines in self.field_lines.values():
            yield from lines.values()

    def who(self, who: Who) -> Iterable[str]:
        """The roles that are meant."""
        return self.groups.get(who, (who,)) if isinstance(who, str) else who


def _by_name(kinds: Mapping[Kind, tuple[str, ...]]) -> Iterator[tuple[str, Kind]]:
    for kind, names in kinds.items():
        yield from ((name, kind) for name in names)


@cache
def table() -> Table:
    """The table of this program."""
    path = Path(__file__).with_name("access.toml")
    return read_document(path.read_text(encoding="utf-8"), path.name, Table, InvalidAccessError)
