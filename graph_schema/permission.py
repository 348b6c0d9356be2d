"""Permission: an operation is refused, whole, if it selects a field that is not for its caller."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_operation_ast,
    visit,
)
from graphql.type import GraphQLSchema
from strawberry.extensions import SchemaExtension

from customers.errors import ForbiddenError

# What the language has of its own; whether a schema is shown is another matter.
META = "__"
REMEMBERED = 512


class Permission(SchemaExtension):
    """Refuses, before anything is read, whatever the table does not give to the caller's role."""

    def on_execute(self) -> Iterator[None]:
        """Compare the selected fields with the table."""
        execution = self.execution_context
        document, name = execution.graphql_document, execution.operation_name
        if document is not None:
            fields = coordinates(execution.schema._schema, document, name)  # noqa: SLF001 - no other
            execution.context.fields = fields
            try:
                execution.context.reading.principal.check_fields(fields)
            except ForbiddenError as problem:
                raise GraphQLError(str(problem), original_error=problem) from problem
        yield


@lru_cache(maxsize=REMEMBERED)
def coordinates(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> frozenset[str]:
    """The fields that an operation selects, as `Type.field`, also in fragments and behind @skip.

    It is remembered by its document, which the parser's cache gives again for the same text.
    """
    operation = get_operation_ast(document, name)
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    seen = _Selected(TypeInfo(schema))
    todo: list[OperationDefinitionNode | FragmentDefinitionNode] = [operation] if operation else []
    done: set[str] = set()
    while todo:
        visit(todo.pop(), TypeInfoVisitor(seen.types, seen))
        fresh = (seen.spread - done) & fragments.keys()
        todo += [fragments[one] for one in fresh]
        done |= fresh
    return frozenset(seen.fields)


class _Selected(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.fields: set[str] = set()
        self.spread: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:  # noqa: ANN401 - graphql-core's own
        parent, name = self.types.get_parent_type(), node.name.value
        if parent is not None and not name.startswith(META) and not parent.name.startswith(META):
            self.fields.add(f"{parent.name}.{name}")

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:  # noqa: ANN401
        self.spread.add(node.name.value)
