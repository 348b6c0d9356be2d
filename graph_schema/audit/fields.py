"""Fields: what an operation reads, as coordinates of the schema such as `Customer.traits`."""

from functools import lru_cache

from graphql import (
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)

KEPT = 512


class _Fields(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = get_named_type(self._types.get_parent_type())
        if parent is not None:
            self.found.add(f"{parent.name}.{node.name.value}")


@lru_cache(maxsize=KEPT)
def fields_of(schema: GraphQLSchema, text: str) -> frozenset[str]:
    """The fields of all operations and fragments of a document."""
    types = TypeInfo(schema)
    fields = _Fields(types)
    visit(parse(text), TypeInfoVisitor(types, fields))
    return frozenset(fields.found)
