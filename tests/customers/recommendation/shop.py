"""A small shop: who bought what on which day of January 2026, and what is recommended then."""

from typing import Any

from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from customers.principal import DEVELOPER, Principal
from customers.reading import Reading
from customers.recommendation.recommend import RecommendationsWanted, Recommended, recommend
from customers.recommendation.recommendation import Kind, Recommendation
from cypher import Graph
from tests.conftest import Json, query, soon
from tests.rows import ms, said

# By product: its category and what one costs.
SHELF = {
    "tea": ("Drinks", 3),
    "fine tea": ("Drinks", 5),
    "gold tea": ("Drinks", 20),
    "cup": ("Kitchen", 8),
    "pot": ("Kitchen", 9),
    "milk": ("Dairy", 1),
    "rice": ("Food", 2),
}
TODAY = 31


def line(product: str) -> Json:
    """One of a product."""
    category, price = SHELF[product]
    named: Json = {"key": product, "name": product.title(), "category": category}
    return named | {"quantity": 1, "amount": price}


def order(who: str, day: float, *products: str, **parts: Any) -> Json:  # noqa: ANN401 - JSON
    """Somebody's order at the till; `where` is another source, `traits` are said with it."""
    source = parts.pop("where", "till")
    traits = parts.pop("traits", {})
    number = parts.pop("id", f"{who}{day}{''.join(products)}")
    lines = [line(one) for one in products]
    interaction: Json = {
        "id": number,
        "type": "track",
        "name": "Order Completed",
        "orderId": number,
        "amount": sum(one["amount"] for one in lines),
        "currency": "EUR",
        "products": lines,
    }
    return said(
        who,
        day,
        f"email:{who}@example.org",
        source=source,
        interaction=interaction | parts,
        **traits,
    )


def event(who: str, day: float, name: str, *products: str) -> Json:
    """Something else about products, such as an offer."""
    return order(who, day, *products, id=f"{who}{day}{name}", name=name, orderId=None)


async def customer_of(graph: Graph, who: str, source: str = "till") -> str:
    """The customer that somebody's row belongs to."""
    text = "MATCH (:Profile {key: $key})-[:BELONGS_TO]->(c:Customer) RETURN c.id AS id"
    [row] = await query(graph, text, key=f"{source}|{who}")
    found: str = row["id"]
    return found


async def answer(
    graph: Graph,
    who: str,
    kind: Kind = Kind.CROSS_SELL,
    first: int = 10,
    *,
    principal: Principal = DEVELOPER,
    policy: Policy | None = None,
    day: float = TODAY,
) -> Recommended:
    """What is recommended on a day."""
    wanted = RecommendationsWanted(await customer_of(graph, who), kind, first)
    reading = Reading(graph, principal, soon())
    [found] = await recommend(reading, policy or default_policy(), [wanted], ms(day))
    return found


async def offered(
    graph: Graph,
    who: str,
    kind: Kind = Kind.CROSS_SELL,
    **more: Any,  # noqa: ANN401 - as `answer`
) -> dict[str, Recommendation]:
    """The recommendations by product, in their order."""
    return {one.product.key: one for one in (await answer(graph, who, kind, **more)).offered}
