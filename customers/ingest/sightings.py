"""Sightings: purchases whose order number several sources have are noted at their profiles.

Whether they are one is not decided here: that depends on whose profiles they are when it is asked.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable

from customers.identity.policy import Policy
from customers.ingest.state import NewInteraction
from customers.meanings import is_purchase
from cypher import Row, load

ORDERS = load("ingest/orders")
SIGHTINGS = load("ingest/sightings")
NOTE_SIGHTINGS = load("ingest/note_sightings")
DROP_ORDERS = load("ingest/drop_orders")
# A number that more purchases have ("0", "web") is no order's, however many sources send it.
MOST_PURCHASES = 50


async def note_sightings(
    run: Callable[..., Awaitable[list[Row]]], new: Iterable[NewInteraction], policy: Policy
) -> set[str]:
    """Note the purchases whose order several sources saw, once the new ones are written.

    Only trusted sources make a number nobody's: anybody could do so to the number of an order.

    Returns the customers of whose purchases that is noted no more, as they are now.
    """
    values = [one.value for one in new]
    wanted = {
        one.order_id
        for one in values
        if one.order_id is not None and is_purchase(one.type, one.name, one.amount)
    }
    if not wanted:
        return set()
    wanted -= {row["key"] for row in await run(ORDERS, keys=sorted(wanted))}
    orders: dict[str, list[Row]] = defaultdict(list)
    for row in await run(SIGHTINGS, keys=sorted(wanted)):
        if is_purchase(row["type"], row["name"], row["amount"]):
            orders[row["order"]].append(row)
    nobodys = sorted(
        key
        for key, rows in orders.items()
        if sum(policy.trusts(row["source"]) for row in rows) > MOST_PURCHASES
    )
    unnoted: set[str] = set()
    if nobodys:
        unnoted = {row["customer"] for row in await run(DROP_ORDERS, keys=nobodys)}
    rows = [
        {"profile": row["profile"], "key": row["key"]}
        for key, found in sorted(orders.items())
        if key not in nobodys and len({row["source"] for row in found}) > 1
        for row in found
        if not row["noted"]
    ]
    if rows:
        await run(NOTE_SIGHTINGS, rows=rows)
    return unnoted
