"""The page about limits says the numbers that there are."""

from graph_schema import document
from graph_schema.http.socket import MOST_OPERATIONS
from graph_schema.rules import MAX_COST, MAX_LISTED, REFUSED_POINTS
from server.settings import Settings
from tests.graph_schema.test_cost import cost
from tests.pages import Page

PAGE = Page.of("limits.md")
VIEW = """{ customer(id: "c") { profiles(first: 20) { nodes { id } }
    identifiers(first: 20) { nodes { id } } devices(first: 20) { nodes { id } } } }"""
SEARCH = '{ search(text: "x") { customer { displayName } } }'
INGEST = """mutation($records: [RecordInput!]!) {
    ingest(records: $records) { results { index } } }"""


def test_each_limit_is_listed_with_its_number() -> None:
    listed = {row[0]: row[1] for row in PAGE.rows("## All limits")}
    settings = Settings(_env_file=None)
    assert listed == {
        "bytes of a request": f"{settings.max_body_bytes >> 20} MiB",
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
        "objects on one way through lists": f"{MAX_LISTED:,}",
        "cost of an operation": f"{settings.max_cost:,} points",
        "cost in a minute, of a caller": f"{settings.cost_per_minute:,} points",
        "open sockets and streams": f"{settings.max_connections:,}",
        "of these, of one caller": f"{settings.max_connections_per_caller:,}",
        "operations on one socket at once": f"{MOST_OPERATIONS}",
    }
    assert settings.max_cost == MAX_COST
    assert f"refused as invalid costs {REFUSED_POINTS}." in PAGE.text


def test_the_prices_are_those_that_are_asked() -> None:
    records = [{"source": "a"}] * 1000
    assert {row[0]: row[1] for row in PAGE.rows("## Cost")} == {
        "a customer with 20 profiles, identifiers and devices each": f"{cost(VIEW).points}",
        "ten hits of a search, with their names": (f"{cost(SEARCH).points}"),
        "a page of 100 customers": f"{cost('{customers(first: 100) {nodes {id}}}').points}",
        "their `totalCount` besides": (
            f"{cost('{customers(first: 100) {totalCount nodes {id}}}').points}"
        ),
        "1,000 records by `ingest`, with what became of each": (
            f"{cost(INGEST, records=records).points:,}"
        ),
    }
