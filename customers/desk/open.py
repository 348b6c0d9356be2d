"""Open: what waits for us of customers, out of the desks of their profiles."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.desk.calls import Call, waiting
from customers.desk.desk import Desk, called_back, tickets_of
from customers.reading import Reading
from customers.tickets import Ticket
from customers.times import now_ms
from cypher import load

OF_CUSTOMERS = load("desk/of_customers")


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits: the open tickets, the longest waiting first, and the calls, the newest first."""

    tickets: Sequence[Ticket] = ()
    calls: Sequence[Call] = ()


def waits(desks: Sequence[Desk], now: int) -> Waits:
    """What waits of one customer."""
    known = tickets_of(desks)
    calls = (one for desk in desks for one in desk.calls)
    return Waits(
        [one for one in known if not one.settled],
        waiting(calls, called_back(desks), known, now),
    )


async def waits_of_customers(reading: Reading, ids: Sequence[str]) -> list[Waits]:
    """What waits of each customer."""
    rows = await reading.rows(OF_CUSTOMERS, ids=sorted(set(ids)), hidden=reading.hidden)
    reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
    now = now_ms()
    found = {
        row["customer"]: waits(
            [Desk.loads(one["source"], one["desk"]) for one in row["desks"]], now
        )
        for row in rows
    }
    return [found.get(one, Waits()) for one in ids]
