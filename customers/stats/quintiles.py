"""Quintiles: what divides the buyers of a currency into fifths, by which each is scored.

The method is Hughes' (Strategic Database Marketing, 1994): customers in the order of their last
purchase are cut into five groups of one size, and so by their number of orders and by what they
spent. Who is equal is in one group, the lower one, so that no order of theirs decides.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from customers.stats.filed import Ranks
from customers.stats.names import SCORES, Scores
from customers.stats.stats import Stats

FIFTHS = len(SCORES)
# Fifths of fewer say nothing.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Quintiles:
    """The greatest value of each fifth but the last, of those whose main currency it is.

    `recency` are times of last purchases in epoch milliseconds, so that a score does not change by
    waiting; `monetary` is net, in minor units. `at` is when they were made, out of `buyers`.
    """

    currency: str
    recency: Sequence[int]
    frequency: Sequence[int]
    monetary: Sequence[int]
    buyers: int
    at: int

    @classmethod
    def loads(cls, currency: str, text: str) -> "Quintiles":
        """Read what `dumps` wrote."""
        known = orjson.loads(text)
        return cls(currency, **known)

    def dumps(self) -> str:
        """JSON text, without the currency."""
        return orjson.dumps(
            {
                "recency": self.recency,
                "frequency": self.frequency,
                "monetary": self.monetary,
                "buyers": self.buyers,
                "at": self.at,
            }
        ).decode()

    def scores(self, stats: Stats) -> Scores | None:
        """The scores of a customer; None for whoever never bought, or in other money."""
        main = stats.main
        if main is None or not stats.orders or main.currency != self.currency:
            return None
        return Scores(
            1 + bisect_left(self.recency, stats.last_purchase or 0),
            1 + bisect_left(self.frequency, stats.orders),
            1 + bisect_left(self.monetary, main.net),
        )


def quintiles_of(sample: Iterable[Ranks], at: int) -> list[Quintiles]:
    """The quintiles of each currency that is the main one of enough buyers."""
    found: dict[str, list[Ranks]] = defaultdict(list)
    for one in sample:
        if one.orders:
            found[one.currency].append(one)
    return [
        Quintiles(
            currency,
            _cuts([one.last_purchase for one in ranks]),
            _cuts([one.orders for one in ranks]),
            _cuts([one.net for one in ranks]),
            len(ranks),
            at,
        )
        for currency, ranks in sorted(found.items())
        if len(ranks) >= FEWEST
    ]


def _cuts(values: list[int]) -> list[int]:
    """The greatest value of the first fifth, of the second, and so on."""
    values.sort()
    return [values[-(-len(values) * fifth // FIFTHS) - 1] for fifth in range(1, FIFTHS)]
