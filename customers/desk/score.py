"""Score: who is to be served first. Points that add up, each with its reason. Pure.

- a ticket: 30 for each step of its severity (low 0, normal 30, high 60, urgent 90);
- a call: 30, and 10 for each further call that waits, up to 30;
- waiting: 4 for each day of a ticket, up to 56; 1 for each hour of a call, up to 48;
- the customer's value: 6 for each power of ten of hundreds of minor units of net spend in the main
  currency, up to 30. Minor units of currencies are nearer to each other than the currencies are.

An urgent ticket goes before every normal one that waits less than a fortnight; among equals who
waits longest, and then who buys most.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from customers.desk.calls import Call
from customers.money import to_major
from customers.stats.stats import Stats
from customers.tickets import SEVERITIES, Ticket
from customers.times import DAY_MS

HOUR_MS = DAY_MS // 24
SEVERITY, CALL, FURTHER_CALL, MOST_FURTHER = 30.0, 30.0, 10.0, 30.0
A_DAY, MOST_DAYS, AN_HOUR, MOST_HOURS = 4.0, 56.0, 1.0, 48.0
POWER_OF_TEN, MOST_VALUE = 6.0, 30.0
# The first word of each severity.
_NAMES = {rank: name for name, rank in reversed([*SEVERITIES.items()])}


@dataclass(frozen=True, slots=True)
class Value:
    """Net spend in a customer's main currency; those of two are never added up."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """As people write it."""
        return to_major(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class Points:
    """Points, and what they are for."""

    points: float
    why: str


def value_of(stats: Stats) -> Value | None:
    """The value of a customer of these stats; None where nothing was bought, or all given back."""
    main = stats.main
    return None if main is None or main.net <= 0 else Value(main.net, main.currency)


def of_ticket(one: Ticket, value: Value | None, now: int) -> list[Points]:
    """The points of an open ticket."""
    days = max(now - one.opened.at, 0) / DAY_MS
    return [
        Points(SEVERITY * one.urgency, f"severity {_NAMES[one.urgency]}"),
        Points(min(A_DAY * days, MOST_DAYS), f"waits for {_told(days, 'day')}"),
        *_value(value),
    ]


def of_calls(calls: Sequence[Call], value: Value | None, now: int) -> list[Points]:
    """The points of a customer whose calls wait; they are not none, and the newest is the first."""
    hours = max(now - calls[-1].at, 0) / HOUR_MS
    more = len(calls) - 1
    found = [Points(CALL, "called, and was not called back")]
    if more:
        found.append(
            Points(min(FURTHER_CALL * more, MOST_FURTHER), f"called {_told(more, 'more time')}")
        )
    found.append(Points(min(AN_HOUR * hours, MOST_HOURS), f"waits for {_told(hours, 'hour')}"))
    return [*found, *_value(value)]


def total(points: Iterable[Points]) -> float:
    """The score."""
    return round(sum(one.points for one in points), 2)


def _value(value: Value | None) -> list[Points]:
    if value is None:
        return []
    points = min(POWER_OF_TEN * math.log10(1 + value.minor / 100), MOST_VALUE)
    return [Points(points, f"net spend {value.amount:,} {value.currency}")]


def _told(count: float, unit: str) -> str:
    whole = int(count)
    return f"{whole} {unit}{'' if whole == 1 else 's'}"
