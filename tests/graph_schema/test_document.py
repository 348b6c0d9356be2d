"""Documents: what is larger than a limit is refused, by its code, before it is validated."""

import time
from collections.abc import Callable

import pytest
from graphql import GraphQLError, get_introspection_query

from graph_schema.document import (
    ALIASES,
    DEPTH,
    DIRECTIVES,
    FIELDS,
    FRAGMENTS,
    LENGTH,
    ROOT_FIELDS,
    parsed,
)


def code(text: str) -> str | None:
    """What a document is refused with."""
    try:
        parsed(text)
    except GraphQLError as problem:
        return str((problem.extensions or {})["code"])
    return None


def many(count: int, text: str) -> str:
    """A text so often, numbered."""
    return " ".join(text.replace("#", f"{n}") for n in range(count))


# A document of so many, for a number around the limit.
LIMITS = [
    ("DOCUMENT_TOO_LARGE", LENGTH, "{a}".ljust),
    ("TOO_MANY_FIELDS", FIELDS, lambda n: f"{{ a {{ {many(n - 1, 'f#')} }} }}"),
    ("TOO_MANY_ROOT_FIELDS", ROOT_FIELDS, lambda n: f"{{ {many(n, 'f#')} }}"),
    ("TOO_MANY_ALIASES", ALIASES, lambda n: f"{{ a {{ {many(n, 'a#: f')} }} }}"),
    ("TOO_MANY_DIRECTIVES", DIRECTIVES, lambda n: f"{{ a {'@include(if: true) ' * n} }}"),
    ("TOO_MANY_FRAGMENTS", FRAGMENTS, lambda n: f"{{a}} {many(n, 'fragment f# on Q {a}')}"),
    ("DOCUMENT_TOO_DEEP", DEPTH, lambda n: "{a" * n + "}" * n),
    # Pairs of 98 fields are 4,753; those of `a` count twentyfold.
    ("TOO_MANY_REPEATED_FIELDS", 98, lambda n: "{ z {" + "a {b} " * n + "} }"),
]


@pytest.mark.parametrize(("refused", "most", "of"), LIMITS, ids=[one[0] for one in LIMITS])
def test_as_much_as_the_limit_is_taken_and_no_more(
    refused: str, most: int, of: Callable[[int], str]
) -> None:
    assert code(of(most)) is None
    assert code(of(most + 1)) == refused


def test_fragments_hide_neither_depth_nor_root_fields() -> None:
    deep = "{a{...F}} fragment F on A " + "{a" * DEPTH + "}" * DEPTH
    assert code(deep) == "DOCUMENT_TOO_DEEP"
    # Whichever is measured first.
    assert code(deep.replace("{a{...F}}", "{a{a{...F}} b{...F}}")) == "DOCUMENT_TOO_DEEP"
    wide = f"{{...F ... {{ {many(ROOT_FIELDS, 'f#')} }} }} fragment F on Query {{a}}"
    assert code(wide) == "TOO_MANY_ROOT_FIELDS"


def test_the_refusal_says_what_to_do() -> None:
    with pytest.raises(GraphQLError) as refused:
        parsed(f"{{ a {{ {many(ALIASES + 1, 'a#: f')} }} }}")
    assert refused.value.message == (
        "The document has more than 30 aliases, the most that is answered: ask for lists instead."
    )


def test_the_largest_introspection_there_is_fits() -> None:
    query = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert code(query) is None


@pytest.mark.parametrize(
    "text",
    [
        "{...A} fragment A on Query {...B} fragment B on Query {...A}",
        "{...A} fragment A on Query {a {...A}}",
        "{...A} " + many(49, "fragment A# on Query {...A#}"),
        "{...f0} " + " ".join(f"fragment f{n} on Q {{...f{n + 1} ...f{n + 1}}}" for n in range(48)),
    ],
)
def test_circles_and_bombs_of_fragments_are_measured_at_once(text: str) -> None:
    start = time.perf_counter()
    assert code(text) is None  # validation says what is wrong with them
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "text", ["{a" * 500, "{a(b:" + "[" * 1500, "query($a:" + "[" * 1500, "{" + "a" * 3_000_000]
)
def test_what_would_exhaust_the_stack_or_the_time_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(GraphQLError):
        parsed(text)
    assert time.perf_counter() - start < 2


def test_values_within_values_are_bounded_too() -> None:
    assert code("{a(b:" + "[" * 100 + "]" * 100 + ")}") is None
    assert code("{a(b:" + "[" * 120 + "]" * 120 + ")}") == "DOCUMENT_TOO_DEEP"
