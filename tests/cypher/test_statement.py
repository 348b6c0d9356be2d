"""The header of a statement is a promise, and its body is held to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cypher import Statement, StatementError, every, load, statement
from cypher.statement import parcelled, parse

WHERE = "somewhere/names.cypher"


def text(body: str, *, params: str = "none", mode: str = "read") -> str:
    return f"// Names.\n// params: {params}\n// mode: {mode}\n// row: name\n{body}"


def parsed(body: str, *, params: str = "none", mode: str = "read") -> Statement:
    return parse("names", text(body, params=params, mode=mode), WHERE)


def refusal(whole: str) -> str:
    with pytest.raises(StatementError) as caught:
        parse("names", whole, WHERE)
    return str(caught.value)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Put a statement into a package of statements of the test's own."""
    monkeypatch.setattr(statement, "ROOT", tmp_path)
    load.cache_clear()

    def put(name: str, whole: str) -> None:
        (tmp_path / f"{name}.cypher").write_text(whole)

    yield put
    load.cache_clear()


# What a header says


def test_a_statement_is_its_name_its_text_and_what_its_header_says() -> None:
    whole = text("MATCH (n {a: $a}) RETURN n.b LIMIT $limit", params="a, limit")
    assert parse("names", whole, WHERE) == Statement(
        "names", whole, frozenset({"a", "limit"}), "read", "name"
    )


@pytest.mark.parametrize("field", ["params", "mode", "row"])
def test_a_header_that_lacks_a_line_names_it(field: str) -> None:
    lines = text("RETURN 1").splitlines()
    whole = "\n".join(line for line in lines if not line.startswith(f"// {field}:"))
    assert refusal(whole) == f"{WHERE}:1: the header lacks `// {field}:`"


@pytest.mark.parametrize("cut", ["// Names.\n", "// "])
def test_a_header_begins_with_a_sentence(cut: str) -> None:
    assert refusal(text("RETURN 1").replace(cut, "", 1)).startswith(f"{WHERE}:1: the header ")


def test_an_unknown_mode_is_refused_with_its_line() -> None:
    problem = refusal(text("RETURN 1", mode="reed"))
    assert problem.startswith(f"{WHERE}:3: unknown mode `reed`, not one of ")


@pytest.mark.parametrize("body", ["", "\n \n", "// only words\n", ";\n", "\n/* nothing */\n"])
def test_an_empty_statement_is_refused(body: str) -> None:
    assert "the statement is empty" in refusal(text(body))
    assert refusal(text(body)).startswith(f"{WHERE}:")


# Parameters


def test_an_undeclared_parameter_is_refused_with_its_line() -> None:
    whole = text("MATCH (n)\nWHERE n.a = $a\n  AND n.b = $b\nRETURN n.c", params="a")
    assert refusal(whole) == f"{WHERE}:7: parameter $b is not declared"


def test_a_declared_parameter_that_is_not_used_is_refused_with_the_headers_line() -> None:
    whole = text("RETURN $a", params="a, b")
    assert refusal(whole) == f"{WHERE}:2: parameter $b is declared but not used"


def test_lines_are_counted_through_a_comment_of_several_lines() -> None:
    whole = text("/* one\ntwo\nthree */\nRETURN $x")
    assert refusal(whole) == f"{WHERE}:8: parameter $x is not declared"


def test_a_parameter_in_a_comment_or_a_string_is_none() -> None:
    body = "RETURN '$a', \"$b\", 'it\\'s $c' // $d\n/* $e\n$f */"
    assert parsed(body).params == frozenset()


def test_a_parameter_that_only_a_comment_or_a_string_uses_is_not_used() -> None:
    whole = text("RETURN '$a' // $a", params="a")
    assert refusal(whole) == f"{WHERE}:2: parameter $a is declared but not used"


def test_what_looks_like_a_comment_in_a_string_is_part_of_it() -> None:
    assert refusal(text("RETURN 'http://x', $a")).endswith("parameter $a is not declared")


# Modes


@pytest.mark.parametrize(
    "write",
    [
        "CREATE (n)",
        "MERGE (n)",
        "SET n.a = 1",
        "DETACH DELETE n",
        "REMOVE n.a",
        "FOREACH (a IN [1] | SET n.a = a)",
        "DROP INDEX a",
        "set n.a = 1",
    ],
)
def test_a_write_in_a_read_statement_is_refused_with_its_line(write: str) -> None:
    words = {"CREATE", "MERGE", "SET", "DELETE", "REMOVE", "FOREACH", "DROP"}
    word = next(word for word in write.upper().split() if word in words)
    problem = refusal(text(f"MATCH (n)\n{write}\nRETURN n.a"))
    assert problem.startswith(f"{WHERE}:6: {word} in a statement of mode read")


def test_a_write_in_a_write_statement_is_what_it_is_for() -> None:
    assert parsed("CREATE (n)", mode="write").mode == "write"


def test_words_of_a_write_in_comments_strings_and_names_are_none() -> None:
    body = "MATCH (n) // SET n.a = 1\nWHERE n.a = 'CREATE' RETURN n.created, n.offset, \"DELETE\""
    assert parsed(body).mode == "read"


# Files


def test_a_schema_file_falls_into_its_statements() -> None:
    body = "CREATE INDEX a; // first; of two\nCREATE INDEX b;\n"
    assert parsed(body, mode="schema").parts == ["CREATE INDEX a", "CREATE INDEX b"]


def test_a_statement_without_a_file_is_refused_with_the_path_it_would_have() -> None:
    with pytest.raises(StatementError, match=r"cypher/no/such\.cypher: no such statement"):
        load("no/such")


def test_a_parcel_has_all_parameters_and_leaves_comments_and_strings() -> None:
    text = (
        """// $key\nMATCH (n {key: $key}) WHERE n.x IN $list_1 // '$x'\nRETURN '$y //', "$z" AS p"""
    )
    assert parcelled(text) == (
        """// $key\nMATCH (n {key: $p.key}) WHERE n.x IN $p.list_1 // '$x'"""
        """\nRETURN '$y //', "$z" AS p"""
    )


def test_a_statement_is_read_once() -> None:
    assert load("ingest/read") is load("ingest/read")


def test_every_file_of_the_package_keeps_its_promise() -> None:
    names = [one.name for one in every()]
    assert names == sorted(names)
    assert {"ingest/read", "migrations/V0001__keys_and_lookups"} <= set(names)


# Fragments


def test_a_statement_that_goes_on_in_a_fragment_is_both(
    write: Callable[[str, str], None],
) -> None:
    begins = "// Begins.\n// params: a\n// mode: read\n// row: x\n// then: end\nWITH $a AS x\n"
    ends = "// Ends.\n// params: b\n// mode: fragment\n// row: y\nRETURN x + $b AS y\n"
    write("begin", begins)
    write("end", ends)
    both = load("begin")
    assert (both.name, both.params, both.mode, both.row, both.then) == (
        "begin", frozenset({"a", "b"}), "read", "y", None,
    )  # fmt: skip
    assert both.text == begins + ends


def test_a_statement_goes_on_in_fragments_only(write: Callable[[str, str], None]) -> None:
    write("begin", text("RETURN 1").replace("// row", "// then: end\n// row"))
    write("end", text("RETURN 1"))
    with pytest.raises(StatementError, match="begin goes on in end, which is no fragment"):
        load("begin")
