"""The schema, made once."""

from collections.abc import Callable, Iterator

import strawberry
from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import (
    SchemaExtension,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph_schema.audit.types import AuditQueries
from graph_schema.change.subscription import ChangeSubscriptions
from graph_schema.change.types import ChangeQueries
from graph_schema.correction.mutations import CorrectionMutations
from graph_schema.customer.queries import CustomerQueries
from graph_schema.decision.mutations import DecisionMutations
from graph_schema.decision.preview import PreviewQueries
from graph_schema.decision.types import DecisionQueries
from graph_schema.desk.queries import DeskQueries
from graph_schema.document import CACHED_DOCUMENTS, Parsed
from graph_schema.explanation.queries import ExplanationQueries
from graph_schema.identifier.queries import IdentifierQueries
from graph_schema.identity_graph.types import IdentityGraphQueries
from graph_schema.identity_health.types import IdentityHealthQueries
from graph_schema.ingest.types import IngestMutations
from graph_schema.label.types import LabelMutations, LabelQueries
from graph_schema.match.mutations import MatchMutations
from graph_schema.match.queries import MatchQueries
from graph_schema.me.types import MeMutations, MeQueries
from graph_schema.metered import Metered, Unintrospected
from graph_schema.node.queries import NodeQueries
from graph_schema.note.mutations import NoteMutations
from graph_schema.permission import Permission
from graph_schema.product.types import ProductQueries
from graph_schema.profile.types import ProfileQueries
from graph_schema.scalars import SCALARS
from graph_schema.search.types import SearchQueries
from graph_schema.watched import Watched

WHICH_OPERATION = "`operationName` is to name one of the operations in the document."
NO_OPERATION = "OPERATION_RESOLUTION_FAILURE"


@strawberry.type(description="What can be asked.")
class Query(
    MeQueries,
    CustomerQueries,
    SearchQueries,
    ProfileQueries,
    IdentifierQueries,
    ProductQueries,
    IdentityGraphQueries,
    IdentityHealthQueries,
    ExplanationQueries,
    ChangeQueries,
    AuditQueries,
    DecisionQueries,
    PreviewQueries,
    DeskQueries,
    LabelQueries,
    MatchQueries,
    NodeQueries,
):
    """The root of reads."""


@strawberry.type(description="What can be changed.")
class Mutation(
    IngestMutations,
    DecisionMutations,
    MatchMutations,
    LabelMutations,
    NoteMutations,
    CorrectionMutations,
    MeMutations,
):
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


_EXTENSIONS: list[Callable[[], SchemaExtension]] = [
    Watched,
    Unintrospected,
    Parsed,
    lambda: ValidationCache(maxsize=CACHED_DOCUMENTS),
    _OneOperation,
    Permission,
    Metered,
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
