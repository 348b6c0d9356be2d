"""Watched: each operation is told to the watcher, by a name that is the schema's own."""

import time
from collections.abc import Iterator, Sequence

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, get_operation_ast
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionContext
from strawberry.types.graphql import OperationType

from graph_schema.errors import code_of

OTHER, SEVERAL = "other", "several"
META = {"__typename", "__schema", "__type"}


class Watched(SchemaExtension):
    """Tells how long an operation took and which errors it had; of a read repeated, each time.

    A subscription is told when it ends, with the time that it took to begin.
    """

    _begun: float | None = None

    def on_operation(self) -> Iterator[None]:
        """From the text of the operation to its answer."""
        start = time.perf_counter()
        execution = self.execution_context
        refused: Sequence[GraphQLError] = ()
        told = True
        try:
            yield
        except GraphQLError as problem:  # a text that is no GraphQL
            refused = (problem,)
            raise
        except InvalidOperationTypeError:  # a subscription, which is sent again as what it is
            told = False
            raise
        finally:
            if told:
                found = refused or execution.pre_execution_errors
                errors = found or getattr(execution.result, "errors", None) or ()
                execution.context.services.graph.watcher.operation(
                    name_of(execution),
                    (self._begun or time.perf_counter()) - start,
                    [code_of(error) for error in errors],
                )

    def on_execute(self) -> Iterator[None]:
        """Until there is an answer, or the first event may come."""
        self.execution_context.context.name = name_of(self.execution_context)
        yield
        if self.execution_context.operation_type is OperationType.SUBSCRIPTION:
            self._begun = time.perf_counter()


def name_of(execution: ExecutionContext) -> str:
    """Such as `query customer`: what its caller calls an operation may be anything."""
    document = execution.graphql_document
    operation = document and get_operation_ast(document, execution.operation_name)
    if not isinstance(operation, OperationDefinitionNode):
        return OTHER
    fields = {
        field.name.value
        for field in operation.selection_set.selections
        if isinstance(field, FieldNode)
    }
    root = execution.schema._schema.get_root_type(operation.operation)  # noqa: SLF001 - no other way
    # What fails the validation has names that the schema does not know.
    if root is None or not fields <= root.fields.keys() | META:
        return OTHER
    return f"{operation.operation.value} {fields.pop() if len(fields) == 1 else SEVERAL}"
