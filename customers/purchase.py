"""Purchase: an order that several sources saw, which is one for the customer.

Derived from the profiles that are one customer now, so that a split puts it apart again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from cypher import Row


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one source saw of an interaction; `bucket` is its period, `amount` in minor units.

    `categories` has what its lines of each came to, where they were asked for.
    """

    key: str
    bucket: str
    source: str
    source_id: str
    type: str
    at: int
    channel: str | None
    amount: int | None
    currency: str | None
    order: str | None = None
    lines: int = 0
    categories: Mapping[str, int] = field(default_factory=dict, hash=False)


Purchase = Sequence[Sighting]


def sighting(row: Row) -> Sighting:
    """A sighting out of a row."""
    return Sighting(
        row["key"],
        row["bucket"],
        row["source"],
        row["sourceId"],
        row["type"],
        row["at"],
        row["channel"],
        row["amount"],
        row["currency"],
        row["order"],
        row["lines"],
        by_category(row.get("about", ())),
    )


def by_category(lines: Iterable[Row]) -> dict[str, int]:
    """What lines with a category came to, each with a `name` and an `amount`."""
    found: dict[str, int] = {}
    for line in lines:
        if line["name"]:
            found[line["name"]] = found.get(line["name"], 0) + (line["amount"] or 0)
    return found


def purchases(sightings: Iterable[Sighting]) -> list[Purchase]:
    """The purchases that several sources saw, each with its sightings, the first before the others.

    A source that names an order twice means two: the first of each source are one purchase, and the
    second of each are another.
    """
    orders: dict[tuple[str | None, str | None], dict[str, list[Sighting]]] = defaultdict(dict)
    for one in sorted(sightings, key=_place):
        orders[one.order, one.currency].setdefault(one.source, []).append(one)
    found: list[Purchase] = []
    for by_source in orders.values():
        for seen in zip_longest(*by_source.values()):
            purchase = sorted((one for one in seen if one is not None), key=_place)
            if len(purchase) > 1:
                found.append(purchase)
    return found


def hidden(found: Iterable[Purchase], shown: Callable[[Sighting], bool]) -> list[Sighting]:
    """The sightings for which another one of those `shown` stands.

    The one with the most product lines does, else the first.
    """
    behind: list[Sighting] = []
    for purchase in found:
        behind += sorted(filter(shown, purchase), key=lambda one: (-one.lines, _place(one)))[1:]
    return behind


def _place(one: Sighting) -> tuple[int, str]:
    return one.at, one.key
