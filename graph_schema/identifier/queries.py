"""Query.identifier."""

import strawberry

from graph_schema.context import Info
from graph_schema.identifier.types import Identifier, identifier_node
from graph_schema.pricing import Cost


@strawberry.input(
    description="Which identifier is meant; the value may be written in any notation."
)
class IdentifierInput:
    """A namespace and a value."""

    namespace: str
    value: str


@strawberry.type
class IdentifierQueries:
    """The identifier fields of Query."""

    @strawberry.field(
        description="An identifier; null where no record ever named it.",
        directives=[Cost(weight=10)],
    )
    async def identifier(self, info: Info, namespace: str, value: str) -> Identifier | None:
        """One identifier."""
        key = info.context.key(namespace, value)
        found = await info.context.loaders.identifiers_by_key.load(key) if key else None
        return identifier_node(found, info.context) if found else None
