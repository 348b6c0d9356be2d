"""Demand: which facets an operation selects of its customers, so that one statement brings them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    VariableNode,
)

from customers.customer import Facets
from customers.page import LARGEST_PAGE
from graph_schema.connection import DEFAULT_FIRST

# Fields of Customer that a read brings as a page, and the facet that holds it.
PAGED = {
    "profiles": "profiles",
    "identifiers": "identifiers",
    "devices": "devices",
    "interactions": "periods",
}


def demand(selections: Iterable[SelectionSetNode], variables: Mapping[str, Any]) -> Facets:
    """The largest first page of each facet anywhere in an operation and its fragments.

    A field of the same name on another type asks for a little more than is needed, never for less.
    Pages after a cursor come through loaders.
    """
    sizes = dict.fromkeys(PAGED.values(), 0)
    totals = counts = False
    for field in (field for one in selections for field in _selected(one)):
        name = field.name.value
        if name in PAGED and not any(
            argument.name.value == "after" for argument in field.arguments or ()
        ):
            facet = PAGED[name]
            sizes[facet] = max(sizes[facet], _first(field, variables))
        totals = totals or name in ("totals", "counts")
        counts = counts or name == "counts"
    return Facets(**sizes, totals=totals, counts=counts)


def _first(field: FieldNode, variables: Mapping[str, Any]) -> int:
    for argument in field.arguments or ():
        if argument.name.value == "first":
            given: object = None
            if isinstance(argument.value, IntValueNode):
                given = int(argument.value.value)
            elif isinstance(argument.value, VariableNode):
                given = variables.get(argument.value.name.value)
            if isinstance(given, int):
                return min(max(given, 0), LARGEST_PAGE)
    return DEFAULT_FIRST


def _selected(selections: SelectionSetNode) -> Iterator[FieldNode]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        if isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set is not None:
            yield from _selected(node.selection_set)
