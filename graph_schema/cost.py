"""Cost: what an operation may come to at most, from its text and variables, before it runs.

By IBM's specification of cost directives: a field costs its weight each time that it is asked for,
and every object of the answer costs a point. What is selected twice under one name costs once, as
it is answered once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    is_abstract_type,
)

LONGEST_NUMBER, MOST = 10, 10**9
# `__schema` and `__type` come from memory.
INTROSPECTION = 50

Selections: TypeAlias = tuple[SelectionSetNode, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How long a list is: as an argument says, else its default, else as is assumed."""

    assumed: int
    arguments: Mapping[str, object]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Price:
    """What a field costs: `of` is the type of its objects, `items` are weights of arguments."""

    of: GraphQLCompositeType | None = None
    weight: int = 0
    items: Mapping[str, int] = field(default_factory=dict)
    is_list: bool = False
    size: Size | None = None
    undeclared: int = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """`points` in all, and `listed`: the most objects that one way through the lists leads to."""

    points: int = 0
    listed: int = 1

    def times(self, count: int) -> "Estimate":
        """Of so many objects; each is a point itself."""
        return Estimate(count * (1 + self.points), count * self.listed)


@dataclass(frozen=True, slots=True)
class Prices:
    """What the fields of a schema cost."""

    schema: GraphQLSchema
    of: Mapping[str, Mapping[str, Price]]

    def estimate(
        self,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        inside: Mapping[str, int] | None = None,
    ) -> Estimate:
        """What an operation that is valid comes to at most, and at least a point.

        What is `inside` a variable costs once, and again for each field that takes it.
        """
        root = self.schema.get_root_type(operation.operation)
        assert root is not None  # noqa: S101 - validation has found it
        defaults = {
            one.variable.name.value: one.default_value
            for one in operation.variable_definitions or ()
            if one.default_value is not None
        }
        walk = _Walk(self, fragments, variables, defaults, inside or {})
        found = walk.of(root, (operation.selection_set,), None)
        points = found.points + sum((inside or {}).values())
        return Estimate(max(points, 1), found.listed)


class _Walk:
    """One operation; what is selected of a type is priced once, however often it is reached."""

    def __init__(
        self,
        prices: Prices,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        defaults: Mapping[str, ValueNode],
        inside: Mapping[str, int],
    ) -> None:
        self._prices, self._fragments = prices, fragments
        self._variables, self._defaults, self._inside = variables, defaults, inside
        self._known: dict[tuple[str, tuple[int, ...], tuple[int, int] | None], Estimate] = {}

    def of(
        self, type_: GraphQLCompositeType, selected: Selections, given: tuple[int, Size] | None
    ) -> Estimate:
        """One object of a type; `given` is the length of lists that its field was told."""
        size = None if given is None else (given[0], id(given[1]))
        key = (type_.name, tuple(map(id, selected)), size)
        if key not in self._known:
            self._known[key] = self._object(type_, selected, given)
        return self._known[key]

    def _object(
        self, type_: GraphQLCompositeType, selected: Selections, given: tuple[int, Size] | None
    ) -> Estimate:
        if is_abstract_type(type_):
            kinds = [
                self.of(one, selected, given)
                for one in self._prices.schema.get_possible_types(type_)
            ]
            return Estimate(max(one.points for one in kinds), max(one.listed for one in kinds))
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - the one kind that is left
        points, listed = 0, 1
        for nodes in self._fields(type_, selected).values():
            found = self._field(type_, nodes, given)
            points, listed = points + found.points, max(listed, found.listed)
        return Estimate(points, listed)

    def _field(
        self, type_: GraphQLCompositeType, nodes: list[FieldNode], given: tuple[int, Size] | None
    ) -> Estimate:
        first = nodes[0]
        name = first.name.value
        if name.startswith("__"):
            return Estimate(0 if name == "__typename" else INTROSPECTION)
        price = self._prices.of[type_.name][name]
        weight = price.weight + sum(
            each * self._length(first, argument, None) for argument, each in price.items.items()
        )
        if self._inside:
            taken = (name for one in first.arguments or () for name in _variables(one.value))
            weight += sum(self._inside.get(name, 0) for name in taken)
        if price.of is None:
            return Estimate(weight)
        length = self._sliced(first, price.size) if price.size else price.undeclared
        inner: tuple[int, Size] | None = None
        if price.size is not None and price.size.fields:
            inner = (length, price.size)
        if given is not None and name in given[1].fields:
            length = given[0]
        selected = tuple(one.selection_set for one in nodes if one.selection_set is not None)
        found = self.of(price.of, selected, inner).times(length if price.is_list else 1)
        return Estimate(weight + found.points, found.listed)

    def _sliced(self, node: FieldNode, size: Size) -> int:
        lengths = [self._length(node, name, default) for name, default in size.arguments.items()]
        return max(lengths, default=0) or size.assumed

    def _length(self, node: FieldNode, argument: str, default: object) -> int:
        """The number that an argument is, or the length of the list; 0 where it is not given."""
        for one in node.arguments or ():
            if one.name.value == argument:
                return self._number(one.value)
        return number_of(default)

    def _number(self, value: ValueNode) -> int:
        if isinstance(value, VariableNode):
            name = value.name.value
            if name in self._variables:
                return number_of(self._variables[name])
            return self._number(self._defaults[name]) if name in self._defaults else 0
        if isinstance(value, IntValueNode):
            # Python makes no number of thousands of digits; so long a one is refused later.
            return max(int(value.value), 0) if len(value.value) <= LONGEST_NUMBER else MOST
        return len(value.values) if isinstance(value, ListValueNode) else 1

    def _fields(self, type_: GraphQLObjectType, selected: Selections) -> dict[str, list[FieldNode]]:
        """The fields of one object by the names that they are answered under."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for one in selected:
            for node in self._selected(type_, one, seen):
                found.setdefault((node.alias or node.name).value, []).append(node)
        return found

    def _selected(
        self, type_: GraphQLObjectType, selected: SelectionSetNode, seen: set[str]
    ) -> Iterator[FieldNode]:
        for node in selected.selections:
            if not self._included(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._fits(type_, node.type_condition.name.value):
                    yield from self._selected(type_, node.selection_set, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._fits(type_, fragment.type_condition.name.value):
                    yield from self._selected(type_, fragment.selection_set, seen)

    def _fits(self, type_: GraphQLObjectType, condition: str) -> bool:
        return condition == type_.name or any(one.name == condition for one in type_.interfaces)

    def _included(self, directives: Iterable[DirectiveNode]) -> bool:
        for one in directives:
            name = one.name.value
            if name in {"skip", "include"} and one.arguments:
                value = self._flag(one.arguments[0].value)
                if value is (name == "skip"):
                    return False
        return True

    def _flag(self, value: ValueNode) -> object:
        """True or false; None where it cannot be known, which counts as included."""
        if isinstance(value, VariableNode):
            name = value.name.value
            if name in self._variables:
                return self._variables[name]
            return self._flag(self._defaults[name]) if name in self._defaults else None
        return value.value if isinstance(value, BooleanValueNode) else None


def _variables(value: ValueNode) -> Iterator[str]:
    """The names of the variables in a value; a document nests it no deeper than it may."""
    if isinstance(value, VariableNode):
        yield value.name.value
    elif isinstance(value, ListValueNode):
        for one in value.values:
            yield from _variables(one)
    elif isinstance(value, ObjectValueNode):
        for field in value.fields:
            yield from _variables(field.value)


def number_of(value: object) -> int:
    """How many a value stands for: itself, or its items where it is a list."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int | float):
        return max(int(value), 0)
    return len(value) if isinstance(value, list | tuple) else int(isinstance(value, dict))
