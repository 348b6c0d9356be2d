"""Watched: each operation is told to the watcher, by a name that is the schema's own."""

import time
from collections.abc import Iterator, Sequence

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, get_operation_ast
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionContext

from graph_schema.errors import code_of

OTHER, SEVERAL = "other", "several"


class Watched(SchemaExtension):
    """Tells how long an operation took and which errors it had; of a read repeated, each time.

    Of a subscription: how long it took to begin.
    """

    def on_operation(self) -> Iterator[None]:
        """From the text of the operation to its answer."""
        start = time.perf_counter()
        execution = self.execution_context
        refused: Sequence[GraphQLError] = ()
        begun = True
        try:
            yield
            refused = execution.pre_execution_errors or ()
        except GraphQLError as problem:  # a text that is no GraphQL
            refused = (problem,)
            raise
        except InvalidOperationTypeError:  # a subscription, which is begun in another way
            begun = False
            raise
        finally:
            if begun:
                errors = refused or getattr(execution.result, "errors", None) or ()
                execution.context.services.graph.watcher.operation(
                    # What failed the validation has names that the schema does not know.
                    OTHER if refused else name_of(execution),
                    time.perf_counter() - start,
                    [code_of(error) for error in errors],
                )


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
    return f"{operation.operation.value} {fields.pop() if len(fields) == 1 else SEVERAL}"
