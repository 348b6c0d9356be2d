"""Demand: which facets an operation selects of its customers, so that one statement brings them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    SelectionSetNode,
    VariableNode,
)

from customers.cautions import CHOSEN, CONTACTS, LOOKED_AT
from customers.customer import Facets
from customers.errors import InvalidInputError
from customers.page import END, LARGEST_PAGE
from customers.recommendation.recommendation import Kind
from customers.timeline_filter import EVERYTHING, TimelineFilter, timeline_filter
from graph_schema.connection import DEFAULT_FIRST

# Fields of Customer that a read brings as a page, and the facet that holds it.
PAGED = {
    "profiles": "profiles",
    "identifiers": "identifiers",
    "devices": "devices",
    "interactions": "periods",
}
# Fields of Customer that need what it bought.
OUT_OF_THE_BASKET = {"recommendations", "ruledOut"}
FILTERS = {"types", "channels", "from", "to"}
# So many timelines of a customer one statement brings; any more are read for themselves.
MOST_TIMELINES = 8

# The arguments of a field as its resolver gets them.
Arguments: TypeAlias = Callable[[FieldNode], Mapping[str, Any]]


def demand(
    selections: Iterable[SelectionSetNode], variables: Mapping[str, Any], arguments: Arguments
) -> Facets:
    """The largest first page of each facet anywhere in an operation and its fragments.

    A field of the same name on another type asks for a little more than is needed, never for less.
    Pages after a cursor come through loaders.
    """
    sizes = dict.fromkeys(PAGED.values(), 0)
    timelines: dict[TimelineFilter, None] = {}
    selected: set[str] = set()
    totals = stats = counts = basket = alike = False
    for field in (field for one in selections for field in _selected(one)):
        name = field.name.value
        if name in PAGED:
            selected.add(PAGED[name])
        if name in PAGED and not _goes_on(field, variables):
            facet = PAGED[name]
            sizes[facet] = max(sizes[facet], _first(field, variables))
            if name == "interactions" and (chosen := _timeline(field, arguments)) is not None:
                timelines[chosen] = None
        if name == "doNot":
            sizes["identifiers"] = max(sizes["identifiers"], CONTACTS)
            sizes["periods"] = max(sizes["periods"], LOOKED_AT)
            timelines[CHOSEN] = None
        totals = totals or name in ("totals", "counts", "stats")
        stats = stats or name == "stats"
        counts = counts or name == "counts"
        if name in OUT_OF_THE_BASKET:
            basket, alike = True, alike or _compares(field, arguments)
    brought = tuple(timelines)[:MOST_TIMELINES]
    return Facets(
        profiles=sizes["profiles"],
        identifiers=sizes["identifiers"],
        devices=sizes["devices"],
        periods=sizes["periods"],
        timelines=brought,
        totals=totals,
        stats=stats,
        counts=counts,
        basket=basket,
        alike=alike,
        selected=frozenset(selected),
    )


def _timeline(field: FieldNode, arguments: Arguments) -> TimelineFilter | None:
    """The timeline that a field asks for, if the facets can bring it: one that ends comes alone."""
    if FILTERS.isdisjoint(argument.name.value for argument in field.arguments or ()):
        return EVERYTHING
    try:
        given = arguments(field)
        chosen = timeline_filter(*(given.get(name) for name in ("types", "channels", "from", "to")))
    except (GraphQLError, InvalidInputError):
        return None  # its resolver will say what is wrong
    return None if chosen.nothing or chosen.until != END else chosen


def _compares(field: FieldNode, arguments: Arguments) -> bool:
    """Whether recommendations go by what others bought, too."""
    try:
        return arguments(field).get("kind") != Kind.REPLENISH
    except GraphQLError:
        return True  # its resolver will say what is wrong


def _goes_on(field: FieldNode, variables: Mapping[str, Any]) -> bool:
    """Whether a field asks for a page after a cursor; clients send a null one with the first."""
    for argument in field.arguments or ():
        if argument.name.value == "after":
            if isinstance(argument.value, VariableNode):
                return variables.get(argument.value.name.value) is not None
            return not isinstance(argument.value, NullValueNode)
    return False


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
