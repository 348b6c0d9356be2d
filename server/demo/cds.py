"""CDs: the orders of CDNOW's customers, of whom each of our people has some.

The file comes with the package ``Lifetimes``: 69,659 orders of 23,570 customers in 18 months, the
first of whom all came in one quarter. Rows that are the same are orders that are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.demo.chance import chance
from server.demo.homes import Resident
from server.demo.packages import data_file
from server.demo.people import MOST_PEOPLE
from server.demo.products import CURRENCY
from server.demo.sighting import Sighting, record

SHIFT = timedelta(weeks=1478)  # from the data's 18 months to the demo's last
PHONE_RATE = 0.15


@dataclass(frozen=True, slots=True)
class CdOrder:
    """A row of the file; `dollars` are taken for Australian ones, and are written as they are."""

    number: int
    customer: int
    day: str
    quantity: int
    dollars: str


def cd_orders() -> Iterator[CdOrder]:
    """All rows.

    Raises:
        DemoDataError
    """
    path = data_file("lifetimes", "datasets", "CDNOW_master.txt")
    with path.open(encoding="utf-8") as file:
        next(file)  # the names of the columns
        for number, row in enumerate(file):
            customer, day, quantity, dollars = row.split()
            yield CdOrder(
                number=number,
                customer=int(customer),
                day=day,
                quantity=int(quantity),
                dollars=dollars,
            )


def cd_orders_of(positions: Collection[int]) -> dict[int, list[CdOrder]]:
    """The orders of each of our people, who among them have those of all customers.

    Raises:
        DemoDataError
    """
    found: dict[int, list[CdOrder]] = defaultdict(list)
    for order in cd_orders():
        position = order.customer % MOST_PEOPLE
        if position in positions:
            found[position].append(order)
    return found


def cds(resident: Resident, made: Sequence[CdOrder], seed: int) -> Iterator[Sighting]:
    """Orders with the account in the shop, now and then by phone."""
    draw = chance(seed, "cds", resident.position)
    for order in made:
        day = datetime.fromisoformat(order.day).replace(tzinfo=UTC) + SHIFT
        at = day + timedelta(minutes=draw.randrange(8 * 60, 22 * 60))
        amount = float(order.dollars)
        line = {"key": "cd", "name": "CDs", "category": "Music"}
        interaction = {
            "id": f"cd-{order.number}",
            "type": "track",
            "name": "Order Completed",
            "channel": "phone" if draw.random() < PHONE_RATE else "web",
            "orderId": f"O-cd-{order.number}",
            "amount": amount,
            "currency": CURRENCY,
            "products": [line | {"quantity": order.quantity, "amount": amount}],
        }
        bought = record("shop", resident.shop_id, at, [], interaction=interaction)
        yield Sighting(at, bought, str(resident.person.number))
