"""Composed statements: fragments that say what may stand in them, joined with parameters alone."""

import pytest

from customers.conditions import MOST_CONDITIONS, candidates, count, driving
from customers.filed import FILED
from cypher import (
    Composed,
    Condition,
    Every,
    Graph,
    Leaf,
    Not,
    Piece,
    Some,
    Statement,
    StatementError,
    every,
    load,
)
from cypher.statement import parse
from tests.cypher.test_plans import explain

FRAGMENTS = [one for one in every() if one.name.startswith(("predicates/", "seeds/", "pages/"))]
ONE_BUCKET = Piece("pages/buckets", {"buckets": [1], "after": 0, "before": 9})
FOUND = Piece("seeds/found", {"place": 0, "limit": 10})


def piece(fragment: Statement) -> Piece:
    """A fragment with something in all its places."""
    params = {name: 10 if name in ("limit", "most") else None for name in fragment.params}
    return Piece(fragment.name, params, {name: min(of) for name, of in fragment.names.items()})


def text(condition: Condition) -> str:
    """What stands behind WHERE."""
    return " ".join(Composed("test").where(condition).statement().text.split())


def source(name: str) -> Leaf:
    return Leaf(Piece("predicates/source", {"sources": [name]}))


HAS_CITY = Leaf(Piece("predicates/trait_present", {}, {"trait": "city"}))


def test_conditions_are_joined_with_parentheses() -> None:
    has = "c.t_city IS NOT NULL"
    assert text(HAS_CITY) == f"WHERE {has}"
    assert text(Every((HAS_CITY, HAS_CITY))) == f"WHERE ({has}) AND ({has})"
    assert text(Some((HAS_CITY, Not(HAS_CITY)))) == f"WHERE ({has}) OR (NOT ({has}))"
    assert text(Every(())) == "WHERE true"
    assert text(Not(Some(()))) == "WHERE NOT (false)"


def test_every_leaf_has_parameters_of_its_own() -> None:
    composed = Composed("test").add(ONE_BUCKET).where(Some((source("a"), source("b"))))
    assert composed.params == {
        "buckets": [1], "after": 0, "before": 9, "sources_1": ["a"], "sources_2": ["b"],
    }  # fmt: skip
    assert composed.statement().params == composed.params.keys()
    assert "p.source IN $sources_1" in composed.statement().text
    assert "p.source IN $sources_2" in composed.statement().text


def test_a_value_is_no_part_of_the_text() -> None:
    evil = "x'}) DETACH DELETE c //"
    assert text(source(evil)) == text(source("crm"))


@pytest.mark.parametrize("name", ["shoeSize", "city IS NOT NULL OR c.t_city", "", "City"])
def test_a_name_that_the_header_does_not_list_is_refused(name: str) -> None:
    leaf = Leaf(Piece("predicates/trait_present", {}, {"trait": name}))
    with pytest.raises(StatementError, match="is not among its trait names"):
        text(leaf)


def test_a_name_must_be_given_and_a_statement_is_no_fragment() -> None:
    with pytest.raises(StatementError, match="has the names"):
        text(Leaf(Piece("predicates/trait_present")))
    with pytest.raises(StatementError, match="is no fragment"):
        text(Leaf(Piece("customers/versions", {"ids": []})))


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("// names: key = a | b", "RETURN c.key"),
        ("// row: none", "RETURN c.<key>"),
        ("// names: key = a | b c", "RETURN c.<key>"),
    ],
)
def test_names_are_declared_used_and_names(header: str, body: str) -> None:
    whole = f"// A.\n// params: none\n// mode: fragment\n// row: none\n{header}\n{body}\n"
    with pytest.raises(StatementError):
        parse("a/b", whole, "a/b.cypher")


def test_the_fragments_know_the_traits_that_are_filed_and_each_has_an_index() -> None:
    traits = [one for one in FRAGMENTS if "trait" in one.names]
    assert len(traits) == 11
    assert all(one.names == {"trait": FILED.keys()} for one in traits)
    migration = load("migrations/V0004__what_customers_are_found_by").text
    assert all(f"ON (n.t_{name});" in migration for name in FILED)


WINDOWS = [
    "pages/buckets",
    "pages/between",
    "pages/candidates",
    "pages/spent_between",
    "pages/spent_candidates",
]
SEEDS = [one for one in FRAGMENTS if one.name.startswith("seeds/") and "place" not in one.params]


async def scans(graph: Graph, composed: Composed, of: str = "") -> set[str]:
    """Scans in the plan; the embedded engine calls a range that it seeks a range scan."""
    found, deprecated = await explain(graph, composed.statement().text, composed.params, of=of)
    assert deprecated == set()
    return found - {"NodeIndexRangeScan", "rangeScan"} if graph.embedded else found


@pytest.mark.parametrize("seed", SEEDS, ids=lambda one: one.name)
async def test_a_seed_finds_by_an_index(open_graph: Graph, seed: Statement) -> None:
    composed = Composed("test").union([(piece(seed), FOUND)] * 2)
    assert await scans(open_graph, composed) == set()


@pytest.mark.parametrize("window", WINDOWS)
async def test_a_window_finds_by_an_index_whatever_is_asked(open_graph: Graph, window: str) -> None:
    everything = Every(
        tuple(Leaf(piece(one)) for one in FRAGMENTS if one.name.startswith("predicates/"))
    )
    composed = Composed("test").add(piece(load(window))).where(everything)
    # How Neo4j tests a condition for a customer it has depends on how much there is of everything.
    of = "" if open_graph.embedded else "c:Customer"
    assert await scans(open_graph, composed.add(Piece("pages/count")), of) == set()


# Candidates


def seeded(seed: Piece) -> Leaf:
    return Leaf(HAS_CITY.test, (seed,))


A, B, C = (Piece("seeds/identifier", {"key": name}) for name in "abc")


def test_all_parts_that_an_index_leads_to_narrow_the_candidates() -> None:
    found = {A: frozenset("123"), B: frozenset("234")}
    assert candidates(Every((seeded(A), seeded(B), HAS_CITY)), found) == frozenset("23")
    assert candidates(Every((seeded(A), seeded(C))), found) == frozenset("123")
    assert candidates(Every((HAS_CITY, seeded(C))), found) is None


def test_one_of_several_is_led_to_only_if_every_one_is() -> None:
    found = {A: frozenset("12"), B: frozenset("23")}
    assert candidates(Some((seeded(A), seeded(B))), found) == frozenset("123")
    assert candidates(Some((seeded(A), HAS_CITY)), found) is None
    assert candidates(Some(()), found) == frozenset()


def test_what_does_not_hold_leads_to_nobody() -> None:
    assert candidates(Not(seeded(A)), {A: frozenset("1")}) is None
    assert driving(Every((Not(seeded(A)), seeded(B)))) == [B]


def test_conditions_are_counted_below_every_node() -> None:
    assert count(Every((HAS_CITY, Not(Some((HAS_CITY, HAS_CITY)))))) == 3
    assert MOST_CONDITIONS == 30
