"""The example: somebody found whole, and a query that the schema takes."""

from graphql import build_schema, parse, validate

from graph_schema.schema import sdl
from server.demo.example import example, query
from server.demo.records import Stream
from server.demo.scoring import Profile

CRM, SHOP, WEB, OTHER = ("crm", "1"), ("shop", "1"), ("web", "1"), ("crm", "2")
TRUTH = {CRM: "1", SHOP: "1", WEB: "1", OTHER: "2"}
LINKS: dict[Profile, set[str]] = {
    CRM: {"email|a@mail.example", "email|family@mail.example"},
    SHOP: {"email|a@mail.example"},
    WEB: {"cookie|ck"},
    OTHER: {"email|family@mail.example", "email|b@mail.example"},
}


def test_the_customer_of_most_sources_is_shown_by_an_email_of_its_own() -> None:
    stream = Stream([], TRUTH)
    assert example([[OTHER], [CRM, SHOP, WEB]], stream, LINKS) == "a@mail.example"


def test_whoever_is_not_found_whole_is_no_example() -> None:
    stream = Stream([], TRUTH)
    assert example([[OTHER], [CRM, SHOP], [WEB]], stream, LINKS) == "b@mail.example"
    assert example([[OTHER, CRM, SHOP], [WEB]], stream, LINKS) is None


def test_the_query_is_one_of_the_schema() -> None:
    text = query("a@mail.example")
    assert '"a@mail.example"' in text
    assert validate(build_schema(sdl()), parse(text)) == []
