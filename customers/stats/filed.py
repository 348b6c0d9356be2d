"""Filed: by what customers are found and ordered for their stats, stored at each of them.

Text whose order is that of the values, which ends in the customer's number where an order goes by
it. What is shown is made of the facts; of these properties it is only found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from customers.stats.stats import NOTHING, Stats

# Minor units are written above this, so that debts come before it; no sum is as large.
ZERO = 10**16
BETWEEN = "\t"
# After whatever is filed.
TOP = "\uffff"


def by_orders(orders: int) -> str:
    """What customers are ordered by who ordered so often."""
    return f"{min(max(orders, 0), 10**10 - 1):010d}{BETWEEN}"


def by_purchase(at: int | None) -> str:
    """What customers are ordered by who bought last at `at`; never is longest ago."""
    return f"{0 if at is None else max(at, 1):016d}{BETWEEN}"


def by_tickets(tickets: int) -> str:
    """What customers are ordered by who have so many open tickets."""
    return f"{min(tickets, 10**10 - 1):010d}{BETWEEN}"


def by_spend(currency: str, net: int) -> str:
    """What customers are ordered by who spent so much in a currency, in minor units."""
    return f"{currency}{BETWEEN}{min(max(net + ZERO, 0), 2 * ZERO):017d}{BETWEEN}"


def any_spend(currency: str) -> tuple[str, str]:
    """Before and after whatever is spent in a currency."""
    return f"{currency}{BETWEEN}", f"{currency}{BETWEEN}{TOP}"


@dataclass(frozen=True, slots=True)
class Ranks:
    """Numbers that quintiles are made of: the last purchase, the orders and what was spent."""

    currency: str
    last_purchase: int
    orders: int
    net: int

    @classmethod
    def read(cls, purchase: str, orders: str, spend: str) -> "Ranks":
        """Read what was filed of a customer."""
        currency, net, _ = spend.split(BETWEEN)
        return cls(
            currency,
            int(purchase.partition(BETWEEN)[0]),
            int(orders.partition(BETWEEN)[0]),
            int(net) - ZERO,
        )


def filed_stats(stats: Stats, number: int) -> dict[str, Any]:
    """The properties of a customer of these stats; of `spends` the main currency's comes first."""
    end = f"{number:010d}"
    return {
        "byOrders": by_orders(stats.orders) + end,
        "byPurchase": by_purchase(stats.last_purchase) + end,
        "byTickets": by_tickets(stats.open_tickets) + end,
        "spends": [by_spend(one.currency, one.net) + end for one in stats.spend],
    }


# Of a closed customer.
UNFILED: Mapping[str, Any] = {
    "byOrders": None,
    "byPurchase": None,
    "byTickets": None,
    "spends": None,
}


def nothing_filed(number: int) -> dict[str, Any]:
    """The properties of a customer of whom no purchase and no ticket is known."""
    return filed_stats(NOTHING, number)


def spend_key(customer: str, place: str) -> str:
    """The key of the node by which a customer is found for what it spent in a currency."""
    return f"{customer}|{place.partition(BETWEEN)[0]}"
