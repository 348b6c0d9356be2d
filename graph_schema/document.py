"""Documents: the text of a request, parsed and measured before anything else is done with it.

Validation compares fields of one name with each other, so its time grows with the square of what a
document repeats: 1,000 times `customer {id}` took 3 s. So a document is measured before it is
validated, in one walk, and refused by the first limit that it exceeds.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)
from strawberry.extensions import SchemaExtension

# Generous for people and front-ends, small for attacks.
DEPTH = 15  # the introspection query of graphql.js needs all of them
ALIASES = 30
TOKENS = 4_000
LENGTH = 100_000  # 4,000 tokens of 25 characters; read by the lexer in some 10 ms
FIELDS = 500  # the introspection query has 60, the largest screen that we know of 150
ROOT_FIELDS = 30  # each has a statement of its own at least
FRAGMENTS = 50  # each is compared with each other
DIRECTIVES = 50  # a screen that leaves out parts has ten
NESTING = 120  # a field is two nodes deep, a list in a list one; Python's stack ends at 1,000
# Pairs of fields of one name, those with fields of their own twentyfold: some 100 ms of validation.
PAIRS = 100_000
PAIR_OF_OBJECTS = 20
CACHED_DOCUMENTS = 512


class Parsed(SchemaExtension):
    """Parses a document once, and refuses one that is too large before it is validated."""

    def on_parse(self) -> Iterator[None]:
        """Parse the text, unless it is known."""
        execution = self.execution_context
        execution.graphql_document = parsed(execution.query or "")
        yield


@lru_cache(maxsize=CACHED_DOCUMENTS)
def parsed(text: str) -> DocumentNode:
    """The document of a text.

    Raises:
        GraphQLError: it is no GraphQL, or larger than a limit.
    """
    if len(text) > LENGTH:
        raise _refused("DOCUMENT_TOO_LARGE", f"{LENGTH:,} characters", "split the operation")
    try:
        document = parse(text, max_tokens=TOKENS)
    except GraphQLSyntaxError as problem:
        if _of_the_limit(problem):
            raise _refused("DOCUMENT_TOO_LARGE", f"{TOKENS:,} tokens", "use variables") from None
        raise
    _measure(document)
    return document


def _of_the_limit(problem: GraphQLSyntaxError) -> bool:
    return f"contains more than {TOKENS} tokens" in problem.message


def _measure(document: DocumentNode) -> None:
    """Refuse a document that exceeds a limit; nothing here recurses as deep as the document."""
    counted: Counter[str] = Counter()
    leaves: Counter[str] = Counter()
    objects: Counter[str] = Counter()
    waiting: list[tuple[Node, int]] = [(one, 0) for one in document.definitions]
    while waiting:
        node, nested = waiting.pop()
        if nested > NESTING:
            raise _too_deep()
        if isinstance(node, FieldNode):
            counted["fields"] += 1
            counted["aliases"] += node.alias is not None
            name = (node.alias or node.name).value
            (leaves if node.selection_set is None else objects)[name] += 1
        elif isinstance(node, DirectiveNode):
            counted["directives"] += 1
        elif isinstance(node, FragmentDefinitionNode):
            counted["fragments"] += 1
        waiting += [(child, nested + 1) for child in _children(node)]
    for what, code, most, instead in (
        ("fields", "TOO_MANY_FIELDS", FIELDS, "ask in several operations"),
        ("aliases", "TOO_MANY_ALIASES", ALIASES, "ask for lists instead"),
        ("directives", "TOO_MANY_DIRECTIVES", DIRECTIVES, "give a fragment one for all"),
        ("fragments", "TOO_MANY_FRAGMENTS", FRAGMENTS, "ask in several operations"),
    ):
        if counted[what] > most:
            raise _refused(code, f"{most} {what}", instead)
    pairs = sum(n * (n - 1) // 2 for n in leaves.values())
    pairs += sum(n * (n - 1) // 2 for n in objects.values()) * PAIR_OF_OBJECTS
    if pairs > PAIRS:
        raise _refused(
            "TOO_MANY_REPEATED_FIELDS", "as many fields of one name", "name each where it is used"
        )
    _Selections(document).check()


def _children(node: Node) -> Iterator[Node]:
    for key in node.keys:
        value = getattr(node, key, None)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple | list):
            yield from (one for one in value if isinstance(one, Node))


class _Selections:
    """How deep operations select, and how many fields they begin with, through fragments."""

    def __init__(self, document: DocumentNode) -> None:
        self._document = document
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._heights: dict[str, int] = {}
        self._entered: set[str] = set()

    def check(self) -> None:
        for one in self._document.definitions:
            if isinstance(one, OperationDefinitionNode):
                self._height(one.selection_set, 0)
                if sum(1 for _ in self._roots(one.selection_set, set())) > ROOT_FIELDS:
                    raise _refused(
                        "TOO_MANY_ROOT_FIELDS",
                        f"{ROOT_FIELDS} fields at its root",
                        "ask in several operations",
                    )
        for fragment in self._fragments.values():
            self._height(fragment.selection_set, 0)  # also those that nobody spreads

    def _height(self, selections: SelectionSetNode, above: int) -> int:
        """How many fields there are on the longest way down, below `above` others."""
        highest = 0
        for node in selections.selections:
            highest = max(highest, self._height_of(node, above))
            if above + highest > DEPTH:
                raise _too_deep()
        return highest

    def _height_of(self, node: SelectionNode, above: int) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self._height_of_fragment(node.name.value, above)
        inner: SelectionSetNode | None = getattr(node, "selection_set", None)
        own = int(isinstance(node, FieldNode))
        if above + own > DEPTH:
            raise _too_deep()
        return own + (self._height(inner, above + own) if inner is not None else 0)

    def _height_of_fragment(self, name: str, above: int) -> int:
        if name not in self._heights:
            if name not in self._fragments or name in self._entered:
                return 0  # unknown, or in a circle: validation says so
            self._entered.add(name)
            self._heights[name] = self._height(self._fragments[name].selection_set, above)
            self._entered.discard(name)
        return self._heights[name]

    def _roots(self, selections: SelectionSetNode, seen: set[str]) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif not isinstance(node, FragmentSpreadNode):
                yield from self._roots(node.selection_set, seen)  # type: ignore[attr-defined]
            elif node.name.value not in seen and node.name.value in self._fragments:
                seen.add(node.name.value)
                yield from self._roots(self._fragments[node.name.value].selection_set, seen)


def _too_deep() -> GraphQLError:
    return _refused("DOCUMENT_TOO_DEEP", f"{DEPTH} fields above each other", "ask in two steps")


def _refused(code: str, most: str, instead: str) -> GraphQLError:
    return GraphQLError(
        f"The document has more than {most}, the most that is answered: {instead}.",
        extensions={"code": code},
    )
