"""Pricing: the directives that say in the schema what its fields cost.

They are those of IBM's cost specification, with whole numbers as weights, as Apollo has them.
"""

from collections.abc import Iterable
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)
from strawberry.schema_directive import Location

from graph_schema.connection import DEFAULT_FIRST
from graph_schema.cost import Price, Prices, Size

_BACKREF = "strawberry-definition"
# What a list of objects has whose field does not say: lines of an order, values that lost.
UNDECLARED = 5


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.ARGUMENT_DEFINITION],
    description="What a field costs besides its objects, which cost 1 each; of an argument, what "
    "each of its items costs.",
)
class Cost:
    """A weight."""

    weight: int


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="How long the list of a field is, or the lists in its object: as its arguments "
    "say, else as is assumed.",
)
class ListSize:
    """The length of a list, or of those in a connection."""

    assumed_size: int | None = strawberry.UNSET
    slicing_arguments: list[str] | None = strawberry.UNSET
    sized_fields: list[str] | None = strawberry.UNSET
    require_one_slicing_argument: bool | None = True


def listed(most: int, *arguments: str) -> ListSize:
    """A list of as many as one of the arguments says, else of so many."""
    return ListSize(
        assumed_size=most,
        slicing_arguments=list(arguments) if arguments else strawberry.UNSET,
        require_one_slicing_argument=False,
    )


def sized(assumed: int, arguments: Iterable[str], fields: Iterable[str]) -> ListSize:
    """An object whose lists are as long as one of the arguments says."""
    return ListSize(
        assumed_size=assumed,
        slicing_arguments=list(arguments),
        sized_fields=list(fields),
        require_one_slicing_argument=False,
    )


def paged(*arguments: str) -> ListSize:
    """A connection; without arguments it goes by `first`."""
    return sized(DEFAULT_FIRST, arguments or ("first",), ("edges", "nodes"))


def prices_of(schema: GraphQLSchema) -> Prices:
    """What each field of a schema costs, as its directives say."""
    return Prices(
        schema,
        {
            name: {field: _price(one) for field, one in kind.fields.items()}
            for name, kind in schema.type_map.items()
            if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        },
    )


def _price(field: GraphQLField) -> Price:
    cost, size = _of(field, Cost), _of(field, ListSize)
    weights = {name: one for name, arg in field.args.items() if (one := _of(arg, Cost))}
    named = get_named_type(field.type)
    return Price(
        of=named if is_composite_type(named) else None,
        weight=cost.weight if cost else 0,
        items={name: one.weight for name, one in weights.items()},
        is_list=_is_list(field.type),
        size=None if size is None else _size(field, size),
        undeclared=UNDECLARED,
    )


def _size(field: GraphQLField, size: ListSize) -> Size:
    arguments = size.slicing_arguments or []
    return Size(
        assumed=size.assumed_size or 1,
        arguments={name: field.args[name].default_value for name in arguments},
        fields=frozenset(size.sized_fields or ()),
    )


def _of(definition: Any, kind: type) -> Any:  # noqa: ANN401 - graphql-core's and Strawberry's own
    ours = definition.extensions.get(_BACKREF)
    return next((one for one in getattr(ours, "directives", ()) if isinstance(one, kind)), None)


def _is_list(type_: object) -> bool:
    if isinstance(type_, GraphQLNonNull):
        return _is_list(type_.of_type)
    return isinstance(type_, GraphQLList)
