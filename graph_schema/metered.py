"""Metered: an operation is priced before it runs; what is too dear, or too much, is refused."""

from collections.abc import AsyncIterator, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension

from graph_schema.cost import Estimate, Prices, number_of
from graph_schema.document import CACHED_DOCUMENTS, parsed
from graph_schema.pricing import prices_of
from graph_schema.variables import points_of

LENGTHS_KEPT = 64
_MISSING = object()


class Metered(SchemaExtension):
    """Prices what is valid, and charges its caller."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Before anything is read, and before the variables become arguments."""
        execution = self.execution_context
        meter = execution.context.meter
        priced = _priced(
            execution.schema._schema,  # noqa: SLF001 - Strawberry has no other way
            execution.query or "",
            execution.operation_name,
        )
        await meter.charge(priced.estimate(execution.variables or {}, meter.rules.max_cost))
        yield


class Unintrospected(SchemaExtension):
    """In production a schema is not told; `__typename` is."""

    def on_operation(self) -> Iterator[None]:
        """Add the rule that refuses it."""
        execution = self.execution_context
        if execution.context.meter.rules.production:
            execution.validation_rules = (
                *execution.validation_rules,
                NoSchemaIntrospectionCustomRule,
            )
        yield


class _Priced:
    """A valid operation, with what it came to for the variables that it had so far."""

    def __init__(self, schema: GraphQLSchema, text: str, name: str | None) -> None:
        document = parsed(text)
        operation = get_operation_ast(document, name)
        assert operation is not None  # noqa: S101 - it is valid
        self._prices, self._operation = _prices(schema), operation
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._names = [one.variable.name.value for one in operation.variable_definitions or ()]
        self._known: dict[tuple[object, ...], Estimate] = {}

    def estimate(self, variables: Mapping[str, Any], most: int) -> Estimate:
        """What it comes to at most.

        Raises:
            GraphQLError: a variable alone comes to more than `most`, or has too long a list.
        """
        inside = {
            name: points for name in self._names if (points := points_of(variables.get(name), most))
        }
        # A flag stays one; of anything else the number counts that it stands for.
        given = {
            name: value if isinstance(value, bool) else number_of(value)
            for name in self._names
            if (value := variables.get(name, _MISSING)) is not _MISSING
        }
        key = (
            tuple((name, value, type(value)) for name, value in given.items()),
            tuple(inside.items()),
        )
        if key not in self._known:
            if len(self._known) >= LENGTHS_KEPT:
                self._known.clear()
            self._known[key] = self._prices.estimate(
                self._operation, self._fragments, given, inside
            )
        return self._known[key]


# By text, as documents are; an operation that is asked for again costs its caller no time.
_priced = lru_cache(maxsize=CACHED_DOCUMENTS)(_Priced)


@cache
def _prices(schema: GraphQLSchema) -> Prices:
    return prices_of(schema)
