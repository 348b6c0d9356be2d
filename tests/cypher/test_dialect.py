"""The wordings that mean something else on one of the two engines, and that no file may have.

Each rule is a function from code to what is wrong in it; a rule on text, so it is rather strict.
Not checked here: that a `collect` after an expand is ordered, since many collect what has no order.
"""

import re
from collections.abc import Callable

import pytest

from cypher import Statement, every

Rule = Callable[[str], list[str]]

AGGREGATE = re.compile(
    r"\b(?:count|collect|sum|avg|min|max|stdevp?|percentile(?:cont|disc))\s*\(", re.IGNORECASE
)
NOT_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
CLOSING = {"(": ")", "[": "]", "{": "}"}
# A brace after one of these opens a subquery, not a map.
SUBQUERY = re.compile(r"(?:\b(?:CALL|EXISTS|COUNT|COLLECT)|\bCALL\s*\([^()]*\))\s*$", re.IGNORECASE)
CLAUSE = r"\b(?:MATCH|MERGE|CREATE|SET|WITH|RETURN|UNWIND|CALL|FOREACH|WHERE|DELETE|REMOVE)\b"


def code(text: str) -> str:
    """The text with comments and the insides of strings blanked out."""

    def blank(found: re.Match[str]) -> str:
        return " " if found[0][0] == "/" else "''"

    return NOT_CODE.sub(blank, text)


def enclosing(text: str, place: int) -> list[tuple[str, str]]:
    """The open brackets around a place, outermost first: ``map`` or ``query`` or ``(`` or ``[``."""
    opened: list[tuple[str, str]] = []
    for n, sign in enumerate(text[:place]):
        if sign in CLOSING:
            before = text[:n]
            kind = sign
            if sign == "{":
                kind = "query" if SUBQUERY.search(before) else "map"
            opened.append((kind, before))
        elif sign in CLOSING.values() and opened:
            opened.pop()
    return opened


def end_of(text: str, place: int) -> int:
    """The place after the bracket that closes the one at `place`."""
    depth = 0
    for n in range(place, len(text)):
        depth += (text[n] in CLOSING) - (text[n] in CLOSING.values())
        if depth == 0:
            return n + 1
    return len(text)


def line(text: str, place: int) -> str:
    return text[text.rfind("\n", 0, place) + 1 :].split("\n", 1)[0].strip()


# Rules


def expression_around_an_aggregate(text: str) -> list[str]:
    """An aggregate stands alone in a WITH or RETURN; what is around it gives wrong rows."""
    return [
        line(text, found.start()) for found in AGGREGATE.finditer(text) if not alone(text, found)
    ]


def alone(text: str, found: re.Match[str]) -> bool:
    around = enclosing(text, found.start())
    if around and around[-1][0] != "query":
        return False
    before = text[: found.start()].rstrip()
    after = text[end_of(text, found.end() - 1) :].lstrip()
    begins = before.endswith(",") or re.search(
        r"\b(WITH|RETURN)(\s+DISTINCT)?$", before, re.IGNORECASE
    )
    ends = re.match(r"AS\b|,|\}|;|$|ORDER\b|LIMIT\b", after, re.IGNORECASE)
    return bool(begins and ends)


def aggregate_in_a_map(text: str) -> list[str]:
    """`p {.a, all: collect(x)}` is null."""
    return [
        line(text, found.start())
        for found in AGGREGATE.finditer(text)
        if any(kind == "map" for kind, _ in enclosing(text, found.start()))
    ]


def projection_inside_a_map(text: str) -> list[str]:
    """`{a: 1, b: x {.y}}` is the inner map alone."""
    found = []
    for brace in re.finditer(r"\w\s*\{", text):
        if SUBQUERY.search(text[: brace.end() - 1]):
            continue
        around = [kind for kind, _ in enclosing(text, brace.start() + 1) if kind != "["]
        if around and around[-1] == "map":
            found.append(line(text, brace.start()))
    return found


def dynamic_label_in_create(text: str) -> list[str]:
    """`CREATE (n:$($label))` makes a node without labels; a dynamic type is a syntax error."""
    create = rf"\bCREATE\b(?:(?!{CLAUSE}).)*:\s*\$\("
    return re.findall(create, text, re.DOTALL | re.IGNORECASE) + re.findall(
        r"\[\w*\s*:\s*\$\(", text
    )


def word_of_one_engine(text: str) -> list[str]:
    """What only one engine knows, or what no file has any business with."""
    words = (
        r"\bfulltext\b", r"\bvector\b", r"\bSHORTEST\b", r"\bawaitIndexes\b", r"^\s*CYPHER\b",
        r"^\s*USE\b", r"\bNODE\s+KEY\b", r"\bRELATIONSHIP\s+KEY\b", r"\bLOAD\s+CSV\b",
        r"^\s*(?:LET|FILTER)\b", r"\bREQUIRE\b[^;]*\bIS\s+NOT\s+NULL\b", r"\bTEXT\s+INDEX\b",
    )  # fmt: skip
    return [
        found[0]
        for word in words
        for found in re.finditer(word, text, re.IGNORECASE | re.MULTILINE)
    ]


def temporal_value(text: str) -> list[str]:
    """Times are epoch milliseconds from Python; the engines write temporal values differently."""
    names = "datetime|date|time|localdatetime|localtime|duration|timestamp"
    return re.findall(rf"(?<!\.)\b(?:{names})(?:\.\w+)?\s*\(", text, re.IGNORECASE)


def schema_without_name_or_if_not_exists(text: str) -> list[str]:
    """A constraint or index is named, and may be there already."""
    every_one = re.finditer(
        r"\bCREATE\s+(?:\w+\s+)?(?:CONSTRAINT|INDEX)\b[^;]*", text, re.IGNORECASE
    )
    right = re.compile(
        r"CREATE\s+(?:\w+\s+)?(?:CONSTRAINT|INDEX)\s+(?!IF\b|FOR\b|ON\b)\w+\s+IF\s+NOT\s+EXISTS\b",
        re.IGNORECASE,
    )
    return [found[0] for found in every_one if not right.match(found[0])]


def delete_of_a_node_without_detach(text: str) -> list[str]:
    """The engines refuse a node that has relationships with different errors."""
    relationships = set(re.findall(r"-\[\s*(\w+)", text))
    wrong = []
    for found in re.finditer(
        r"(\bDETACH\s+)?\bDELETE\s+([\w\s,]+?)(?=$|\n|\)|;)", text, re.IGNORECASE
    ):
        names = {name.strip() for name in found[2].split(",")}
        if not found[1] and names - relationships:
            wrong.append(found[0])
    return wrong


def variable_length(text: str) -> list[str]:
    """Paths are enumerated, and cut at their bound without a word."""
    star = re.findall(r"-\[[^\]]*\*[^\]]*\]-", text)
    return star + re.findall(r"\)\s*\{\s*\d*\s*,?\s*\d*\s*\}|[\])]-?>?\s*[+*]\s*\(", text)


def limit_without_order(text: str) -> list[str]:
    """Which rows a LIMIT keeps is anybody's guess, unless they are only counted."""
    wrong = []
    for found in re.finditer(r"\bLIMIT\b", text, re.IGNORECASE):
        around = enclosing(text, found.start())
        if any(re.search(r"\b(COUNT|EXISTS)\s*$", before, re.IGNORECASE) for _, before in around):
            continue
        projection = list(re.finditer(r"\b(WITH|RETURN)\b", text[: found.start()], re.IGNORECASE))[
            -1
        ]
        if not re.search(
            r"\bORDER\s+BY\b", text[projection.start() : found.start()], re.IGNORECASE
        ):
            wrong.append(line(text, found.start()))
    return wrong


def unique_keys() -> set[tuple[str, str]]:
    """(label or type, property) of every uniqueness constraint."""
    pattern = re.compile(
        r"FOR\s*(?:\(\w+:(\w+)\)|\(\)-\[\w+:(\w+)\]-\(\))\s*REQUIRE\s+\w+\.(\w+)\s+IS\s+UNIQUE"
    )
    schemas = (code(one.text) for one in every() if one.mode == "schema")
    return {(a or b, key) for text in schemas for a, b, key in pattern.findall(text)}


def merge_without_a_unique_key(text: str) -> list[str]:
    """A MERGE names one property that a constraint makes unique, and never a null one."""
    unique = unique_keys()
    wrong = []
    for found in re.finditer(
        rf"\bMERGE\b(.*?)(?=\bON\s+(?:CREATE|MATCH)\b|{CLAUSE}|$)", text, re.DOTALL
    ):
        pattern = found[1]
        for name, properties in re.findall(r"[(\[]\w*:(\w+)\s*(\{[^}]*\})?", pattern):
            keys = re.findall(r"(\w+)\s*:\s*([^,}]+)", properties)
            if f"[:{name}]" in pattern:  # between bound nodes, by the one writer
                continue
            if len(keys) != 1 or (name, keys[0][0]) not in unique or keys[0][1].strip() == "null":
                wrong.append(found[0].strip())
    return wrong


def several_items_in_a_set(text: str) -> list[str]:
    """`SET x.a = 1, x.b = 2` writes x twice, with all its indexes; `SET x += {a: 1, b: 2}` once.

    What follows `ON CREATE` is written with the node.
    """
    found = []
    for begin in re.finditer(r"(?<!ON CREATE )\bSET\s+", text, re.IGNORECASE):
        rest = re.split(CLAUSE, text[begin.end() :], maxsplit=1, flags=re.IGNORECASE)[0]
        items = [
            name[1]
            for name in re.finditer(r"(?:^|,)\s*(\w+)(?:\.\w+\s*=|\s*\+=)", rest)
            if not enclosing(rest, name.start(1))
        ]
        found += [name for name in set(items) if items.count(name) > 1]
    return found


RULES: list[tuple[Rule, list[str], list[str]]] = [
    (
        expression_around_an_aggregate,
        [
            "MATCH (p) RETURN p.key, head(collect(p.x)) IS NOT NULL AS has",
            "MATCH (p) RETURN collect(p.x)[0] AS first",
            "MATCH (p) RETURN p.n + count(p) AS n",
            "MATCH (p) RETURN count(p) + 1 AS n",
            "MATCH (p) RETURN count(p) IS NULL AS n",
            "MATCH (p) RETURN [count(p)] AS n",
            "MATCH (p) WITH p ORDER BY count(p) RETURN p.key",
            "MATCH (p) RETURN toFloat(percentileCont(p.x, 0.5)) AS n",
        ],
        [
            "MATCH (p) WITH p, collect(p.x) AS l RETURN l[0] IS NOT NULL AS has",
            "MATCH (p) RETURN count(DISTINCT p) AS n, max(p.at) AS at",
            "MATCH (p) WITH DISTINCT collect(p.x) AS l RETURN l",
            "MATCH (p) CALL (p) { MATCH (p)--(q) RETURN count(q) AS n } RETURN n",
            "MATCH (p) RETURN COUNT { (p)--() } + 1 AS n, size(p.collected) AS s",
        ],
    ),
    (
        aggregate_in_a_map,
        [
            "MATCH (p) RETURN p {.key, ids: collect(p.x)} AS p",
            "MATCH (p) RETURN {n: count(p)} AS p",
            "MATCH (p) RETURN {a: [sum(p.x)]} AS p",
        ],
        [
            "MATCH (p {key: 1}) WITH p, collect(p.x) AS ids RETURN p {.key, ids: ids} AS p",
            "CALL () { MATCH (p) RETURN count(p) AS n } RETURN {n: n} AS m",
        ],
    ),
    (
        projection_inside_a_map,
        [
            "MATCH (x) RETURN {a: 1, b: x {.y}} AS m",
            "MATCH (x) RETURN {a: 1, b: [x {.y}]} AS m",
            "MATCH (x) RETURN x {.a, b: x {.y}} AS m",
        ],
        [
            "MATCH (x) RETURN x {.y} AS m",
            "MATCH (x:X {key: 1})-[r:R {key: 2}]->() RETURN {a: {b: x.y}} AS m",
            "MATCH (x) RETURN {n: COUNT { (x)--() }, l: [(x)--(y:Y {k: 1}) | y.k]} AS m",
            "CALL (x) { MATCH (y) RETURN y {.z} AS m } RETURN m",
        ],
    ),
    (
        dynamic_label_in_create,
        ["CREATE (n:$($labels) {a: 1})", "MATCH (a) CREATE (a)-[:$($type)]->(a)"],
        ["CREATE (n:Fixed {a: 1}) SET n:$($labels)"],
    ),
    (
        word_of_one_engine,
        [
            "CREATE FULLTEXT INDEX a IF NOT EXISTS FOR (n:N) ON EACH [n.a]",
            "CALL db.index.fulltext.queryNodes('a', 'b') YIELD node RETURN node.a",
            "CREATE VECTOR INDEX a IF NOT EXISTS FOR (n:N) ON (n.a)",
            "MATCH p = SHORTEST 1 (a)--(b) RETURN 1",
            "CYPHER 25 RETURN 1",
            "USE graph RETURN 1",
            "CALL db.awaitIndexes()",
            "CREATE CONSTRAINT a IF NOT EXISTS FOR (n:N) REQUIRE n.a IS NODE KEY",
            "CREATE CONSTRAINT a IF NOT EXISTS FOR (n:N) REQUIRE n.a IS NOT NULL",
            "LOAD CSV FROM 'file:///a' AS line RETURN line",
            "MATCH (a)\nFILTER a.b = 1\nRETURN 1",
        ],
        [
            "MATCH (n) WHERE n.a IS NOT NULL RETURN n.a",
            "MATCH p = shortestPath((a)-[:R]-(b)) RETURN length(p) AS n, 'use vector'",
        ],
    ),
    (
        temporal_value,
        ["RETURN datetime() AS now", "RETURN date('2026-01-01') AS d", "RETURN timestamp() AS t"],
        ["MATCH (n) RETURN n.date AS date, n.at / 1000 AS time"],
    ),
    (
        schema_without_name_or_if_not_exists,
        [
            "CREATE CONSTRAINT FOR (n:N) REQUIRE n.a IS UNIQUE",
            "CREATE CONSTRAINT a FOR (n:N) REQUIRE n.a IS UNIQUE",
            "CREATE CONSTRAINT IF NOT EXISTS FOR (n:N) REQUIRE n.a IS UNIQUE",
            "CREATE RANGE INDEX a FOR (n:N) ON (n.a)",
        ],
        [
            "CREATE CONSTRAINT a IF NOT EXISTS FOR (n:N) REQUIRE n.a IS UNIQUE;",
            "CREATE INDEX b IF NOT EXISTS FOR (n:N) ON (n.a)",
        ],
    ),
    (
        delete_of_a_node_without_detach,
        ["MATCH (n) DELETE n", "MATCH (a)-[r:R]->(b) DELETE r, b", "MATCH (n)\nDELETE n\nRETURN 1"],
        [
            "MATCH (n) DETACH DELETE n",
            "MATCH ()-[r:R]->() DELETE r",
            "MATCH ()-[r:R]->()\nDELETE r\n",
        ],
    ),
    (
        variable_length,
        [
            "MATCH (a)-[:R*]->(b) RETURN b.k",
            "MATCH (a)-[r:R*1..4]-(b) RETURN b.k",
            "MATCH (a)((x)-[:R]->(y)){0,8}(b) RETURN b.k",
            "MATCH (a)-[:R]->+(b) RETURN b.k",
        ],
        ["MATCH (a)-[r:R]->(b) RETURN a.x * (b.y + 1) AS n, b {.*} AS all"],
    ),
    (
        limit_without_order,
        [
            "MATCH (n) RETURN n.a LIMIT 1",
            "MATCH (n) WITH n ORDER BY n.a WITH n LIMIT 3 RETURN n.a",
            "MATCH (n) CALL (n) { MATCH (n)--(m) RETURN m LIMIT 1 } RETURN m.a ORDER BY m.a",
        ],
        [
            "MATCH (n) RETURN n.a AS a ORDER BY a LIMIT $first",
            "MATCH (n) WITH n ORDER BY n.a DESC SKIP 1 LIMIT 3 RETURN n.a",
            "MATCH (n) RETURN COUNT { MATCH (n)--(m) RETURN m LIMIT 100 } AS n",
        ],
    ),
    (
        merge_without_a_unique_key,
        [
            "MERGE (p:Profile {key: 1, source: 2})",
            "MERGE (p:Profile {source: 2})",
            "MERGE (p:Profile)",
            "MERGE (p:Profile {key: null})",
            "MERGE (p:Nobody {key: 1})",
            "MATCH (a), (b) MERGE (a)-[r:BELONGS_TO {since: 1}]->(b)",
            "MATCH (a), (b) MERGE (a)-[r:BELONGED_TO]->(b) ON CREATE SET r.a = 1",
        ],
        [
            "MERGE (p:Profile {key: row.key}) ON CREATE SET p.source = row.source",
            "MATCH (a), (b) MERGE (a)-[r:BELONGS_TO {key: a.key}]->(b) SET r.since = 1",
            "MATCH (a), (b) MERGE (a)-[:HOLDS]->(b)",
        ],
    ),
]
BY_NAME = {rule.__name__: rule for rule, _, _ in RULES}


BAD = [(rule.__name__, text) for rule, wrong, _ in RULES for text in wrong]
GOOD = [(rule.__name__, text) for rule, _, right in RULES for text in right]


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_wording_is_caught(rule: str, example: str) -> None:
    assert BY_NAME[rule](code(example))


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_the_right_wording_passes(rule: str, example: str) -> None:
    assert BY_NAME[rule](code(example)) == []


@pytest.mark.parametrize("rule", BY_NAME)
def test_comments_and_strings_are_no_code(rule: str) -> None:
    for _, bad, _ in RULES:
        for example in bad:
            quoted = example.replace("'", "").replace("\n", " ")
            assert BY_NAME[rule](code(f"// {quoted}\nRETURN '{quoted}' AS text")) == []


# What a rule is not about, and why.
ALLOWED = {
    ("temporal_value", "doctor/clock"),  # compares the clocks, of which neither is right by itself
    ("limit_without_order", "transfer/empty"),  # all of them go, whichever is first
}


@pytest.mark.parametrize("statement", list(every()), ids=lambda statement: statement.name)
@pytest.mark.parametrize("rule", BY_NAME)
def test_every_statement_means_the_same_on_both_engines(rule: str, statement: Statement) -> None:
    if rule == "limit_without_order" and re.search(
        r"^// unordered: \S", statement.text, re.MULTILINE
    ):
        pytest.skip("its header says why any rows will do")
    found = BY_NAME[rule](code(statement.text))
    assert bool(found) == ((rule, statement.name) in ALLOWED), found


def test_the_constraints_are_read_from_the_migrations() -> None:
    assert {
        ("Profile", "key"),
        ("HAS_IDENTIFIER", "key"),
        ("Migration", "version"),
    } <= unique_keys()
    assert ("Interaction", "bucket") not in unique_keys()


# What every record goes through. Elsewhere a write more or less is not felt.
BUSY = [one for one in every() if one.name.partition("/")[0] in {"identity", "ingest", "search"}]


@pytest.mark.parametrize("statement", BUSY, ids=lambda statement: statement.name)
def test_a_record_on_its_way_writes_nothing_twice(statement: Statement) -> None:
    assert several_items_in_a_set(code(statement.text)) == []


@pytest.mark.parametrize(
    ("example", "twice"),
    [
        ("MATCH (n) SET n.a = 1, n.b = 2", ["n"]),
        ("MATCH (n) SET n += {a: 1}, n.b = n.c\nRETURN n.a", ["n"]),
        ("MATCH (n), (m) SET n.a = 1, m.a = 2, n.b = 3", ["n"]),
        ("MATCH (n) SET n += {a: 1, b: n.c, d: coalesce(n.d, 0) + 1}", []),
        ("MATCH (n), (m) SET n.a = 1, m.a = 2", []),
        ("MERGE (p:Profile {key: 1}) ON CREATE SET p.a = 1, p.b = 2", []),
        ("MATCH (n) SET n.a = CASE WHEN n.b = 1 THEN n.c ELSE 2 END", []),
    ],
)
def test_what_a_set_writes_twice_is_told(example: str, twice: list[str]) -> None:
    assert several_items_in_a_set(code(example)) == twice
