"""Baskets: what is bought at the till, on the web, or there and collected here: one order twice."""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from server.demo import contacts, grocery
from server.demo.chance import chance
from server.demo.grocery import Row
from server.demo.homes import Resident
from server.demo.products import CURRENCY
from server.demo.sighting import Sighting, record

WEB_RATE, COLLECTED_RATE = 0.15, 0.15  # the rest are bought at the till alone
CARD_RATE = 0.9  # who has no card along has the receipt sent by e-mail


@dataclass(slots=True)
class Basket:
    """What was bought at once; `lines` as the import format has them. Dollars stay as they are."""

    number: int
    store: int
    at: datetime
    lines: list[dict[str, Any]] = field(default_factory=list)
    departments: set[str] = field(default_factory=set)
    saved: float = 0.0


def baskets_of(positions: Collection[int]) -> dict[int, list[Basket]]:
    """Some baskets of each.

    Raises:
        DemoDataError
    """
    bought = grocery.lines_of(positions)
    products = grocery.products({row["product_id"] for _, row in bought})
    found: dict[int, dict[int, Basket]] = defaultdict(dict)
    for position, row in bought:
        number = row["basket_id"]
        at = grocery.shifted(row["transaction_timestamp"], position)
        basket = found[position].setdefault(number, Basket(number, row["store_id"], at))
        basket.saved += row["retail_disc"]
        if product := products.get(row["product_id"]):
            basket.departments.add(product["department"].title())
        basket.lines.append(_line(row) | (_named(product) if product else {}))
    return {position: list(of.values()) for position, of in found.items()}


def _line(row: Row) -> dict[str, Any]:
    amount = round(row["sales_value"], 2)
    return {"key": f"{row['product_id']}", "quantity": row["quantity"], "amount": amount}


def _named(product: Row) -> dict[str, str]:
    department, size = product["department"], product["package_size"]
    name = (product["product_type"] or department).capitalize()
    return {
        "name": f"{name}, {size.lower()}" if size else name,
        "category": (product["product_category"] or department).capitalize(),
    }


def baskets(resident: Resident, made: Sequence[Basket], seed: int) -> Iterator[Sighting]:
    """A basket at the till, on the web, or both under one `orderId`."""
    draw = chance(seed, "baskets", resident.position)
    for basket in made:
        where = draw.random()
        collected = where < COLLECTED_RATE
        if where < COLLECTED_RATE + WEB_RATE:
            before = timedelta(minutes=draw.randrange(60, 24 * 60)) if collected else timedelta()
            yield _on_the_web(resident, basket, basket.at - before, draw)
        if collected or where >= COLLECTED_RATE + WEB_RATE:
            yield _at_the_till(resident, basket, draw)


def _at_the_till(resident: Resident, basket: Basket, draw: random.Random) -> Sighting:
    """On the card's account, or a receipt that stands alone."""
    by_card = draw.random() < CARD_RATE
    email = contacts.mailbox(resident, draw)
    receipt = record(
        "till",
        f"K{resident.position:06d}" if by_card else f"R{basket.number}",
        basket.at,
        [("loyaltyId", resident.loyalty_id) if by_card else ("email", email)],
        traits={} if by_card else contacts.name(resident, draw),
        interaction=_order(basket, "store"),
    )
    return Sighting(basket.at, receipt, str(resident.person.number))


def _on_the_web(resident: Resident, basket: Basket, at: datetime, draw: random.Random) -> Sighting:
    cookie, email = resident.cookies[0], contacts.mailbox(resident, draw)
    order = record(
        "web",
        f"{cookie}.{contacts.login(email, resident)}",
        at,
        [("ip", resident.home.network), ("email", email)],
        traits=contacts.name(resident, draw),
        device={"namespace": "cookie", "value": cookie},
        interaction=_order(basket, "web"),
    )
    return Sighting(at, order, str(resident.person.number))


def _order(basket: Basket, channel: str) -> dict[str, Any]:
    return {
        "id": f"basket-{basket.number}",
        "type": "track",
        "name": "Order Completed",
        "channel": channel,
        "orderId": f"O-{basket.number}",
        "amount": round(sum(line["amount"] for line in basket.lines), 2),
        "currency": CURRENCY,
        "products": basket.lines,
        "properties": {
            "store": basket.store,
            "departments": sorted(basket.departments),
            "saved": round(basket.saved, 2),
        },
    }
