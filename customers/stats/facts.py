"""Facts: what a profile knows of purchases, refunds and tickets; those of several profiles add up.

They are counted as records come and never from the graph, but for profiles of earlier versions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

import orjson

from customers.meanings import is_purchase, is_refund
from customers.purchase import Sighting
from customers.stats.happened import Happened
from customers.tickets import Ticket

# A profile is one source's record of somebody. One that has more of these is a till or a mailbox,
# and keeps those with the most purchases, and the newest tickets.
MOST_NAMES, MOST_TICKETS = 200, 1_000
# They are thrown out when there are so many times too many, so that few records do it.
SLACK = 2
NOTHING = "{}"
# When something was said of a ticket, whether that settles it, and by which interaction.
Heard: TypeAlias = tuple[int, bool, str]


@dataclass(slots=True)
class Money:
    """Purchases and refunds in one currency, in minor units; what was given back is positive."""

    orders: int = 0
    gross: int = 0
    refunds: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        """What was paid and not given back."""
        return self.gross - self.refunded

    def add(self, other: "Money") -> None:
        """Take in another."""
        self.orders += other.orders
        self.gross += other.gross
        self.refunds += other.refunds
        self.refunded += other.refunded


@dataclass(slots=True)
class Tally:
    """Purchases of one channel or category: how many, the last, and what they came to."""

    times: int = 0
    last: int = 0
    amounts: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Take in another."""
        self.last = max(self.last, other.last) if self.times else other.last
        self.times += other.times
        for currency, amount in other.amounts.items():
            self.amounts[currency] = self.amounts.get(currency, 0) + amount


@dataclass(slots=True)
class Facts:
    """What is known of purchases, refunds and tickets. Times in epoch milliseconds.

    Of a ticket it has the newest that was said.
    """

    money: dict[str, Money] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    channels: dict[str, Tally] = field(default_factory=dict)
    categories: dict[str, Tally] = field(default_factory=dict)
    tickets: dict[str, Heard] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.money or self.tickets)

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read what `dumps` wrote."""
        if text == NOTHING:
            return cls()
        known = orjson.loads(text)
        return cls(
            {name: Money(*one) for name, one in known["money"].items()},
            known["first"],
            known["last"],
            {name: Tally(*one) for name, one in known["channels"].items()},
            {name: Tally(*one) for name, one in known["categories"].items()},
            {key: (at, settled, by) for key, (at, settled, by) in known["tickets"].items()},
        )

    def dumps(self) -> str:
        """JSON text, the same for equal facts."""
        if not self:
            return NOTHING
        return orjson.dumps(
            {
                "money": {
                    name: [one.orders, one.gross, one.refunds, one.refunded]
                    for name, one in self.money.items()
                },
                "first": self.first,
                "last": self.last,
                "channels": dict(_listed(self.channels)),
                "categories": dict(_listed(self.categories)),
                "tickets": self.tickets,
            },
            option=orjson.OPT_SORT_KEYS,
        ).decode()

    def take(self, one: Happened) -> None:
        """Count an interaction, whichever it is and whenever it comes."""
        if (ticket := one.ticket()) is not None:
            self._hear(ticket)
        if one.amount is None or one.currency is None:
            return
        if is_purchase(one.type, one.name, one.amount):
            self._buy(one, one.currency, one.amount)
        elif is_refund(one.type, one.name, one.amount):
            money = self.money.setdefault(one.currency, Money())
            money.refunds += 1
            money.refunded += abs(one.amount)

    def _hear(self, one: Ticket) -> None:
        key = f"{one.source}|{one.number}"
        word = (one.last.at, one.settled, one.last.key)
        self.tickets[key] = max(self.tickets.get(key, word), word)
        if len(self.tickets) > SLACK * MOST_TICKETS:
            newest = sorted(self.tickets.items(), key=lambda each: (each[1], each[0]))
            self.tickets = dict(newest[-MOST_TICKETS:])

    def _buy(self, one: Happened, currency: str, amount: int) -> None:
        money = self.money.setdefault(currency, Money())
        money.orders += 1
        money.gross += amount
        self.first = one.at if self.first is None else min(self.first, one.at)
        self.last = one.at if self.last is None else max(self.last, one.at)
        if one.channel:
            _count(self.channels, one.channel, one.at, currency, amount)
        for name, part in one.categories.items():
            _count(self.categories, name, one.at, currency, part)

    def add(self, other: "Facts") -> None:
        """Take in those of another profile."""
        for key, told in other.tickets.items():
            self.tickets[key] = max(self.tickets.get(key, told), told)
        for currency, money in other.money.items():
            self.money.setdefault(currency, Money()).add(money)
        times = [one for one in (self.first, self.last, other.first, other.last) if one is not None]
        self.first, self.last = min(times, default=None), max(times, default=None)
        for ours, theirs in ((self.channels, other.channels), (self.categories, other.categories)):
            for name, tally in theirs.items():
                ours.setdefault(name, Tally()).add(tally)

    def take_off(self, one: Sighting) -> None:
        """Leave out a purchase for which that of another source stands; its time stays.

        One that is not there is of a profile that an earlier version wrote, and was not counted.
        """
        amount, currency = one.amount or 0, str(one.currency)
        if (money := self.money.get(currency)) is None:
            return
        money.orders -= 1
        money.gross -= amount
        less = [(self.channels, {one.channel: amount} if one.channel else {})]
        less.append((self.categories, dict(one.categories)))
        for tallies, parts in less:
            for name, part in parts.items():
                if tally := tallies.get(str(name)):
                    tally.times -= 1
                    tally.amounts[currency] = tally.amounts.get(currency, 0) - part


def facts_of(happened: Iterable[Happened]) -> Facts:
    """The facts of all that happened to a profile."""
    facts = Facts()
    for one in happened:
        facts.take(one)
    return facts


def _count(tallies: dict[str, Tally], name: str, at: int, currency: str, amount: int) -> None:
    tally = tallies.get(name)
    if tally is None:
        tallies[name] = Tally(1, at, {currency: amount})
        if len(tallies) > SLACK * MOST_NAMES:
            _thin(tallies)
        return
    tally.times += 1
    tally.last = max(tally.last, at)
    tally.amounts[currency] = tally.amounts.get(currency, 0) + amount


def _listed(tallies: dict[str, Tally]) -> Iterator[tuple[str, Any]]:
    for name, one in tallies.items():
        yield name, [one.times, one.last, one.amounts]


def _thin(tallies: dict[str, Tally]) -> None:
    least = sorted(tallies, key=lambda name: (tallies[name].times, tallies[name].last, name))
    for name in least[:-MOST_NAMES]:
        del tallies[name]
