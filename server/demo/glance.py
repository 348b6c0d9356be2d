"""A glance at a profile of the demo: what its records show that makes somebody worth a look."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from server.demo.sighting import JsonRecord, Profile


@dataclass(slots=True)
class Glance:
    """`name` is first and family name as last written; `orders` are amounts by order number."""

    records: int = 0
    name: tuple[str | None, str | None] | None = None
    orders: dict[str, float] = field(default_factory=dict)
    open_tickets: set[str] = field(default_factory=set)

    def add(self, record: JsonRecord) -> None:
        """Take in a record; they come by their time."""
        self.records += 1
        if traits := record.get("traits"):
            self.name = traits.get("firstName"), traits.get("lastName")
        done = record.get("interaction", {})
        if "orderId" in done:
            self.orders[done["orderId"]] = done["amount"]
        if done.get("type") == "ticket":
            ticket = done["properties"]["ticket"]
            if done["properties"]["status"] == "open":
                self.open_tickets.add(ticket)
            else:
                self.open_tickets.discard(ticket)


def glances(records: Iterable[JsonRecord]) -> dict[Profile, Glance]:
    """A glance at each profile."""
    found: dict[Profile, Glance] = defaultdict(Glance)
    for one in records:
        found[one["source"], one["sourceId"]].add(one)
    return found
