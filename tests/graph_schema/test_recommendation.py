"""Customer.recommendations and ruledOut, as the roles that may ask for them see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from customers.access.table import table
from customers.principal import Role
from customers.services import Services
from tests.asking import asking_as, customer_of
from tests.conftest import Ingest
from tests.customers.recommendation.shop import event, order
from tests.graph_schema.conftest import Ask
from tests.rows import FIRST

VIEW = """query View($of: IdentifierInput!, $kind: RecommendationKind!) {
  customer(identifier: $of) {
    displayName
    recommendations(kind: $kind, first: 3) {
      kind reason strength shown dueAt product { key name category price { amount currency } }
      path { compared customers recent household byPlace shared { customers product { key } }
             insteadOf { key } times lastAt everyDays }
    }
    ruledOut(kind: $kind, first: 3) { reason at product { key } }
  }
}"""
ANN = {"namespace": "email", "value": "ann@example.org"}
# The days of the shop, so that the last is yesterday.
LATE = (datetime.now(UTC) - FIRST) / timedelta(days=1)


async def shop(ingest: Ingest) -> None:
    """Ann and five more who bought tea with her; Ben refused a cup."""
    crowd = [order(f"o{n}", LATE - 2, "tea", "cup", "fine tea") for n in range(5)]
    tea = [order("ann", LATE - day, "tea") for day in (20, 10, 4)]
    await ingest([*tea, *crowd, event("ann", LATE - 1, "Offer Refused", "fine tea")])


async def test_recommendations_and_what_is_ruled_out_come_with_the_same_statements(
    ask: Ask, ingest: Ingest
) -> None:
    await shop(ingest)
    answer = await ask(VIEW, of=ANN, kind="CROSS_SELL")
    assert answer.statements == [
        "customers/by_identifier_with_leads",
        "recommendations/lately",
        "customers/versions",
    ]
    ann = answer.data["customer"]
    [cup] = ann["recommendations"]
    assert cup["product"] == {
        "key": "cup",
        "name": "Cup",
        "category": "Kitchen",
        "price": {"amount": "8.00", "currency": "EUR"},
    }
    assert cup["reason"] == (
        "5 of the 5 customers who buy most alike bought it in the last 90 days, 5 of them in the "
        "last 30 days. They also bought Tea (5), as this customer did."
    )
    path: dict[str, Any] = cup["path"]
    assert (path["compared"], path["customers"], path["recent"]) == (5, 5, 5)
    assert path["shared"] == [{"customers": 5, "product": {"key": "tea"}}]
    assert [(one["reason"], one["product"]["key"]) for one in ann["ruledOut"]] == [
        ("REFUSED", "fine tea"),
        ("OWNED", "tea"),
    ]


async def test_what_is_due_is_told_with_its_day(ask: Ask, ingest: Ingest) -> None:
    await shop(ingest)
    answer = await ask(VIEW, of=ANN, kind="REPLENISH")
    assert answer.statements == ["customers/by_identifier_with_leads"]
    [tea] = answer.data["customer"]["recommendations"]
    assert (tea["path"]["times"], tea["path"]["everyDays"]) == (3, 8.0)
    due = datetime.fromisoformat(tea["dueAt"]) - datetime.fromisoformat(tea["path"]["lastAt"])
    assert due == timedelta(days=8)


async def test_a_product_names_what_goes_with_it(ask: Ask, ingest: Ingest) -> None:
    await shop(ingest)
    view = """{ tea: product(key: "tea") { name boughtWith(first: 1) { reason product { key } } }
      none: product(key: "none") { key } }"""
    answer = await ask(view)
    assert answer.statements == ["recommendations/products", "recommendations/bought_with"]
    assert answer.data["none"] is None
    [pair] = answer.data["tea"]["boughtWith"]
    assert pair["product"]["key"] == "cup"
    assert pair["reason"].startswith("5 of the 6 customers who bought it bought this, too")


async def test_more_than_fifty_are_refused(ask: Ask, ingest: Ingest) -> None:
    await shop(ingest)
    query = VIEW.replace("recommendations(kind: $kind, first: 3)", "recommendations(first: 51)")
    answer = await ask(query, of=ANN, kind="CROSS_SELL")
    assert answer.codes == ["INVALID_INPUT"]


async def test_every_reader_is_answered_and_a_customer_about_itself(
    services: Services, ingest: Ingest
) -> None:
    await shop(ingest)
    ask = asking_as(services)
    mine = "{ me { recommendations { product { key } path { household recent } } } }"
    found = await ask(customer_of("email", "ann@example.org"), mine)
    assert found.data == {
        "me": {
            "recommendations": [{"product": {"key": "cup"}, "path": {"household": 0, "recent": 5}}]
        }
    }
    for role in Role:
        may = table().may_see(role, "Customer.recommendations")
        assert may == (role is not Role.INGEST), role
    text = "query V($of: IdentifierInput!) { customer(identifier: $of) { ruledOut { reason } } }"
    assert (await ask(Role.SELLER, text, of=ANN)).errors == []
    assert (await ask(Role.INGEST, text, of=ANN)).codes == ["FORBIDDEN"]


SEVERAL = """{ customers(first: 50) { nodes {
  recommendations(kind: CROSS_SELL, first: 1) { product { key } }
  again: recommendations(kind: REPLENISH, first: 1) { product { key } }
} } }"""


async def test_of_several_customers_each_is_looked_at_by_itself(ask: Ask, ingest: Ingest) -> None:
    await shop(ingest)
    answer = await ask(SEVERAL)
    found = answer.data["customers"]["nodes"]
    assert {
        (one["recommendations"][0]["product"]["key"], len(one["again"]))
        for one in found
        if one["recommendations"]
    } == {("cup", 1)}
    assert answer.statements.count("customers/by_id_with_leads") == len(found) == 6
    assert answer.statements.count("recommendations/lately") == 6


async def test_both_kinds_that_compare_share_what_is_read(ask: Ask, ingest: Ingest) -> None:
    await shop(ingest)
    both = """query Both($of: IdentifierInput!) { customer(identifier: $of) {
      cross: recommendations(kind: CROSS_SELL) { product { key } }
      up: recommendations(kind: UP_SELL) { product { key } }
    } }"""
    answer = await ask(both, of=ANN)
    assert answer.statements == [
        "customers/by_identifier_with_leads",
        "recommendations/lately",
        "customers/versions",
    ]
    assert [one["product"]["key"] for one in answer.data["customer"]["cross"]] == ["cup"]
