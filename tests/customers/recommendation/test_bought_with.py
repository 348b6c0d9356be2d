"""What the buyers of a product bought besides, counted by hand."""

from customers.identity.policy_document import default_policy
from customers.principal import DEVELOPER, Principal, Role, Subject
from customers.reading import Reading
from customers.recommendation.bought_with import Besides, bought_with
from customers.recommendation.wording import besides
from cypher import Graph
from tests.conftest import Ingest, soon
from tests.customers.recommendation.shop import TODAY, order
from tests.rows import ms, said

OWN = Principal("customer:test", Role.CUSTOMER, Subject("email", "ann@example.org"))


async def pairs(graph: Graph, product: str, principal: Principal = DEVELOPER) -> list[Besides]:
    """What goes with a product on the last day."""
    reading = Reading(graph, principal, soon())
    [found] = await bought_with(reading, default_policy(), [(product, 10)], ms(TODAY))
    return found


async def test_each_customer_counts_once_whatever_rows_it_has(graph: Graph, ingest: Ingest) -> None:
    await ingest(
        [
            order("ann", 1, "tea"),
            order("ann", 20, "cup", where="shop"),
            order("ben", 0.5, "tea", "cup", "milk"),
            order("cid", 0.5, "milk"),
            order("dan", 0.5, "tea"),
        ]
    )
    cup, milk = await pairs(graph, "tea")
    assert (cup.product.key, cup.compared, cup.customers, cup.recent) == ("cup", 3, 2, 1)
    assert (milk.product.key, milk.compared, milk.customers, milk.recent) == ("milk", 3, 1, 0)
    assert besides(cup) == (
        "2 of the 3 customers who bought it bought this, too, 1 of them in the last 30 days."
    )
    assert await pairs(graph, "pot") == []


async def test_a_token_of_ones_own_gets_what_five_did(graph: Graph, ingest: Ingest) -> None:
    await ingest([order(f"o{n}", n / 10, "tea", *(["cup"] if n else [])) for n in range(5)])
    assert await pairs(graph, "tea", OWN) == []
    await ingest([order("o0", 20, "cup")])
    [cup] = await pairs(graph, "tea", OWN)
    assert (cup.customers, cup.recent) == (5, None)


async def test_what_a_crowd_bought_besides_fits_into_the_memory_of_a_query(
    graph: Graph, ingest: Ingest
) -> None:
    names = ["tea", *(f"p{n}" for n in range(40))]
    lines = [{"key": name, "name": name, "amount": 1} for name in names]
    bought = {"name": "Order Completed", "amount": 41, "currency": "EUR", "products": lines}
    await ingest([said(f"c{n}", 1, interaction=bought | {"id": f"o{n}"}) for n in range(400)])
    found = await pairs(graph, "tea")
    assert len(found) == 10
    assert {(one.compared, one.customers) for one in found} == {(400, 400)}
