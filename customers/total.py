"""Total: how often interactions of a type happened to a customer, and what they came to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from customers.purchase import Sighting, hidden, purchases


@dataclass(frozen=True, slots=True)
class Total:
    """How often interactions of a type happened; `sums` in minor units by currency."""

    type: str
    count: int
    sums: Mapping[str, int]


def totals_of(texts: Iterable[str], sightings: Iterable[Sighting]) -> list[Total]:
    """The totals of all profiles, by type; a purchase that several sources saw counts once."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for kind, amounts in orjson.loads(text).items():
            sums[kind].update(amounts)
    for one in hidden(purchases(sightings), lambda _: True):
        total = sums[one.type]
        total["count"] -= 1
        total[str(one.currency)] -= one.amount or 0
        if not total[str(one.currency)]:
            del total[str(one.currency)]
    return [
        Total(
            kind,
            amounts["count"],
            {name: amounts[name] for name in sorted(amounts) if name != "count"},
        )
        for kind, amounts in sorted(sums.items())
        if amounts["count"]
    ]
