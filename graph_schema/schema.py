"""The schema, made once."""

from collections.abc import Callable, Iterator

import strawberry
from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import (
    AddValidationRules,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    SchemaExtension,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph_schema.audit.types import AuditQueries
from graph_schema.change.subscription import ChangeSubscriptions
from graph_schema.change.types import ChangeQueries
from graph_schema.customer.queries import CustomerQueries
from graph_schema.explanation.queries import ExplanationQueries
from graph_schema.identifier.queries import IdentifierQueries
from graph_schema.identity_graph.types import IdentityGraphQueries
from graph_schema.ingest.types import IngestMutations
from graph_schema.me.types import MeMutations, MeQueries
from graph_schema.node.queries import NodeQueries
from graph_schema.permission import Permission
from graph_schema.profile.types import ProfileQueries
from graph_schema.scalars import SCALARS
from graph_schema.search.types import SearchQueries
from graph_schema.watched import Watched

# Generous for people and front-ends, small for attacks; introspection needs a depth of 13.
DEPTH, ALIASES, TOKENS = 15, 30, 4000
CACHED_DOCUMENTS = 512
WHICH_OPERATION = "`operationName` is to name one of the operations in the document."
NO_OPERATION = "OPERATION_RESOLUTION_FAILURE"


@strawberry.type(description="What can be asked.")
class Query(
    MeQueries,
    CustomerQueries,
    SearchQueries,
    ProfileQueries,
    IdentifierQueries,
    IdentityGraphQueries,
    ExplanationQueries,
    ChangeQueries,
    AuditQueries,
    NodeQueries,
):
    """The root of reads."""


@strawberry.type(description="What can be changed.")
class Mutation(IngestMutations, MeMutations):
    """The root of writes."""


@strawberry.type(description="What can be followed.")
class Subscription(ChangeSubscriptions):
    """The root of events."""


class _Schema(strawberry.Schema):
    """Errors are logged where they are turned into what a client sees, and nowhere else."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing here."""


class _OneOperation(SchemaExtension):
    """Of several operations, the one that is meant has to be named; Strawberry takes the first."""

    def on_execute(self) -> Iterator[None]:
        """Refuse to guess."""
        document = self.execution_context.graphql_document
        named = self.execution_context._provided_operation_name  # noqa: SLF001 - else the first
        if named is None and document is not None:
            kinds = [
                one for one in document.definitions if isinstance(one, OperationDefinitionNode)
            ]
            if len(kinds) > 1:
                raise GraphQLError(WHICH_OPERATION, extensions={"code": NO_OPERATION})
        yield


# Made once: the cache knows a document by its rules too, and a limiter makes new ones each time.
_RULES = [
    *QueryDepthLimiter(max_depth=DEPTH).validation_rules,
    *MaxAliasesLimiter(max_alias_count=ALIASES).validation_rules,
]

_EXTENSIONS: list[Callable[[], SchemaExtension]] = [
    Watched,
    lambda: ParserCache(maxsize=CACHED_DOCUMENTS),
    lambda: ValidationCache(maxsize=CACHED_DOCUMENTS),
    lambda: AddValidationRules(_RULES),
    lambda: MaxTokensLimiter(max_token_count=TOKENS),
    _OneOperation,
    Permission,
]

schema = _Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=_EXTENSIONS,
)


def sdl() -> str:
    """The schema in the definition language, as ``schema.graphql`` has it."""
    return schema.as_str() + "\n"
