"""Orders and page views: what people do with products, as the import format has it."""

import random
from typing import Any

from server.demo.products import CURRENCY, PRODUCTS, basket


def order(id: str, channel: str, draw: random.Random) -> dict[str, Any]:
    """A completed order."""
    lines = basket(draw)
    return {
        "id": id,
        "type": "track",
        "name": "Order Completed",
        "channel": channel,
        "orderId": f"O-{id}",
        "amount": sum(product.cents * quantity for product, quantity in lines) / 100,
        "currency": CURRENCY,
        "products": [product.line(quantity) for product, quantity in lines],
    }


def view(id: str, channel: str, draw: random.Random) -> dict[str, Any]:
    """A page seen, mostly a product's."""
    if draw.random() < 0.25:  # noqa: PLR2004 - one in four is the front page
        return {"id": id, "type": "page", "name": "Home", "channel": channel}
    return product_view(id, channel, draw)


def product_view(id: str, channel: str, draw: random.Random) -> dict[str, Any]:
    """A product's page seen."""
    product = draw.choice(PRODUCTS)
    return {
        "id": id,
        "type": "page",
        "name": "Product Viewed",
        "channel": channel,
        "products": [product.seen()],
    }
