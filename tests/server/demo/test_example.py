"""The example: somebody found whole, and a query that the schema takes."""

from graphql import build_schema, parse, validate

from graph_schema.schema import sdl
from server.demo.example import example, query
from server.demo.found import Found
from server.demo.glance import Glance

CRM, SHOP, WEB = ("crm", "1"), ("shop", "1"), ("web", "1")


def test_the_customer_of_most_sources_is_shown_by_an_email_of_its_own() -> None:
    many = Found("1", {CRM: Glance(), SHOP: Glance(), WEB: Glance()}, ["a@mail.example"])
    one = Found("2", {("crm", "2"): Glance()}, ["b@mail.example"])
    assert example([one, many]) == "a@mail.example"
    assert example([]) is None


def test_of_these_one_whose_name_the_shop_wrote_another_way() -> None:
    same = Found("1", {CRM: Glance(name=("Ann", "Ash")), SHOP: Glance(name=("Ann", "Ash"))}, ["z@"])
    other = Found("2", {CRM: Glance(name=("Bea", "Oak")), SHOP: Glance(name=("Be", "Oak"))}, ["b@"])
    assert example([same, other]) == "b@"


def test_the_query_is_one_of_the_schema() -> None:
    text = query("a@mail.example")
    assert '"a@mail.example"' in text
    assert validate(build_schema(sdl()), parse(text)) == []
