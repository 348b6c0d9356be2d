"""The page about limits says the numbers that there are."""

from collections.abc import Mapping

from graph_schema import document
from graph_schema.http.socket import MOST_OPERATIONS
from graph_schema.rules import MAX_COST, MAX_LISTED, REFUSED_POINTS
from graph_schema.variables import LONGEST_LIST, OBJECT, VALUES_A_POINT
from server.large_headers import MOST_BYTES, MOST_HEADERS
from server.settings import Settings
from tests.graph_schema.test_cost import cost
from tests.graph_schema.test_variables import RECORD, priced
from tests.pages import Page

PAGE = Page.of("limits.md")
VIEW = """{ customer(id: "c") { profiles(first: 20) { nodes { id } }
    identifiers(first: 20) { nodes { id } } devices(first: 20) { nodes { id } } } }"""
SEARCH = '{ search(text: "x") { customer { displayName } } }'
INGEST = """mutation($records: [RecordInput!]!) {
    ingest(records: $records) { results { index } } }"""


def ingesting(record: Mapping[str, object]) -> str:
    """What a thousand such records cost."""
    return f"{priced(INGEST, records=[record] * 1000):,}"


def test_each_limit_is_listed_with_its_number() -> None:
    listed = {row[0]: row[1] for row in PAGE.rows("## All limits")}
    settings = Settings(_env_file=None)
    assert listed == {
        "bytes of a request": f"{settings.max_body_bytes >> 20} MiB",
        "bytes of a request's first line and headers, headers": (
            f"{MOST_BYTES >> 10} KiB, {MOST_HEADERS}"
        ),
        "seconds until a request is there": f"{settings.receive_timeout:.0f}",
        "seconds for an operation": f"{settings.request_timeout:.0f}",
        "operations in a request": "1",
        "length of a document": f"{document.LENGTH:,} characters, {document.TOKENS:,} tokens",
        "depth": f"{document.DEPTH} fields",
        "fields, at the root, of one name": (
            f"{document.FIELDS}, {document.ROOT_FIELDS}, some 95 with fields of their own"
        ),
        "aliases, directives, fragments": (
            f"{document.ALIASES}, {document.DIRECTIVES}, {document.FRAGMENTS}"
        ),
        "objects, or lists, in one list of the variables": f"{LONGEST_LIST:,}",
        "objects on one way through lists": f"{MAX_LISTED:,}",
        "cost of an operation": f"{settings.max_cost:,} points",
        "cost in a minute, of a caller": f"{settings.cost_per_minute:,} points",
        "open sockets and streams": f"{settings.max_connections:,}",
        "of these, of one caller": f"{settings.max_connections_per_caller:,}",
        "operations on one socket at once": f"{MOST_OPERATIONS}",
    }
    assert settings.max_cost == MAX_COST
    assert f"refused as invalid costs {REFUSED_POINTS}." in PAGE.text
    assert (OBJECT, VALUES_A_POINT) == (2, 20)
    assert "an object 2 points, twenty values of objects and lists 1," in PAGE.text


def test_the_prices_are_those_that_are_asked() -> None:
    of_one = {key: RECORD[key] for key in ("source", "sourceId")} | {
        "identifiers": RECORD["identifiers"][:1]
    }
    assert {row[0]: row[1] for row in PAGE.rows("## Cost")} == {
        "a customer with 20 profiles, identifiers and devices each": f"{cost(VIEW).points}",
        "ten hits of a search, with their names": (f"{cost(SEARCH).points}"),
        "a page of 100 customers": f"{cost('{customers(first: 100) {nodes {id}}}').points}",
        "their `totalCount` besides": (
            f"{cost('{customers(first: 100) {totalCount nodes {id}}}').points}"
        ),
        "1,000 records of one identifier by `ingest`, with what became of each": ingesting(of_one),
        "1,000 records of 15 objects": ingesting(RECORD),
    }
