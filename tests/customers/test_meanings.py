"""What an interaction was: one table, by which stats, recommendations, cautions and filters go."""

import pytest

from customers.meanings import is_purchase, is_refund, is_return, offer_of
from customers.principal import Role
from customers.services import Services
from tests.asking import asking_as
from tests.conftest import Ingest
from tests.rows import said

DEALT = [
    # type, name, amount: a purchase, a refund, a return
    ("track", "Order Completed", 500, "purchase"),
    ("track", "order completed", 0, "purchase"),
    ("order", None, 500, "purchase"),
    ("Purchase", None, 500, "purchase"),
    ("purchase", "Order Completed", 500, "purchase"),
    ("order", None, None, ""),
    ("track", "Order Completed", None, ""),
    ("track", None, 500, ""),
    ("track", "Order Shipped", 500, ""),
    ("order", "Order Shipped", -500, ""),
    ("page", None, -500, ""),
    ("order", None, -500, "refund return"),
    ("track", "Order Completed", -1, "refund return"),
    ("order", "Order Refunded", 500, "refund return"),
    ("track", "order refunded", -500, "refund return"),
    ("refund", "anything", 500, "refund return"),
    ("Refund", None, None, "return"),
    ("track", "Order Refunded", None, "return"),
    ("track", "Order Refunded", 0, "return"),
    ("track", "Refund", 500, "refund"),
    ("return", None, None, "return"),
    ("track", "Product Returned", None, "return"),
    ("track", "Item returned", 500, "return"),
]


@pytest.mark.parametrize(("type", "name", "amount", "what"), DEALT)
def test_what_was_dealt_goes_by_type_name_and_amount(
    type: str, name: str | None, amount: int | None, what: str
) -> None:
    kind = (type, name, amount)
    found = {"purchase": is_purchase(*kind), "refund": is_refund(*kind), "return": is_return(*kind)}
    assert " ".join(name for name, is_so in found.items() if is_so) == what


@pytest.mark.parametrize(
    ("type", "name", "properties", "offer"),
    [
        ("track", "Offer Shown", "", "shown"),
        ("track", "offer accepted", "{}", "accepted"),
        ("call", "Offer Refused", '{"outcome":"accepted"}', "refused"),
        ("offer", None, "{}", "shown"),
        ("offer", "Spring", '{"outcome":" Declined "}', "refused"),
        ("Offer", None, {"result": "yes"}, "accepted"),
        ("offer", None, {"outcome": None, "status": "rejected"}, "refused"),
        ("offer", None, {"outcome": ["no"]}, "shown"),
        ("offer", None, {"outcome": "later"}, "shown"),
        ("track", None, {"outcome": "no"}, None),
        ("track", "Order Completed", '{"status":"yes"}', None),
    ],
)
def test_an_offer_goes_by_its_name_or_its_outcome(
    type: str, name: str | None, properties: dict[str, object] | str, offer: str | None
) -> None:
    assert offer_of(type, name, properties) == offer


async def test_the_filter_finds_by_purchases_whom_stats_count_as_buyers(
    services: Services, ingest: Ingest
) -> None:
    await ingest(
        [
            said(
                f"{n}",
                1,
                f"crmId:{n}",
                lastName=f"L{n}",
                interaction={
                    "id": f"i{n}",
                    "type": kind,
                    "name": name,
                    "amount": amount,
                    "currency": "EUR",
                    "products": [{"key": "tea"}],
                },
            )
            for n, (kind, name, amount, _) in enumerate(DEALT)
        ]
    )
    buyers = [f"L{n}" for n, (*_, what) in enumerate(DEALT) if what == "purchase"]
    for where in ('{bought: [{product: "tea"}]}', "{stats: {orders: {gte: 1}}}"):
        text = f"{{ customers(where: {where}, first: 50) {{ nodes {{ displayName }} }} }}"
        answer = await asking_as(services)(Role.ADMIN, text)
        assert answer.data is not None, answer.errors
        names = [one["displayName"] for one in answer.data["customers"]["nodes"]]
        assert sorted(names) == sorted(buyers)
