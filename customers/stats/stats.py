"""Stats: what a customer bought, gave back and asked for, out of the facts of its profiles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from customers.purchase import Sighting, hidden, purchases
from customers.stats.facts import Facts, Tally


@dataclass(frozen=True, slots=True)
class Spend:
    """Purchases and refunds in a currency, in minor units; both amounts are positive."""

    currency: str
    orders: int
    gross: int
    refunds: int
    refunded: int

    @property
    def net(self) -> int:
        """What was paid and not given back; below zero where more was given back."""
        return self.gross - self.refunded

    @property
    def average(self) -> int | None:
        """What an order came to, half a minor unit rounded up; None without any."""
        return (2 * self.gross + self.orders) // (2 * self.orders) if self.orders else None


@dataclass(frozen=True, slots=True)
class Favourite:
    """The channel or category of most purchases; `amount` is what they came to in `currency`."""

    name: str
    times: int
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Stats:
    """What is known of a customer's purchases and tickets; times in epoch milliseconds.

    The first of `spend` is in its main currency: that of most orders, else of the most that was
    spent, else the first by name.
    """

    spend: tuple[Spend, ...] = ()
    first_purchase: int | None = None
    last_purchase: int | None = None
    channel: Favourite | None = None
    category: Favourite | None = None
    open_tickets: int = 0

    @property
    def orders(self) -> int:
        """Purchases in all currencies."""
        return sum(one.orders for one in self.spend)

    @property
    def main(self) -> Spend | None:
        """What was spent in the main currency; None who never bought and got nothing back."""
        return self.spend[0] if self.spend else None


NOTHING = Stats()


def stats_of(texts: Iterable[str], sightings: Iterable[Sighting]) -> Stats:
    """The stats of a customer: the facts of its profiles, and what several sources saw of them.

    A purchase that several sources saw counts once. It was made at every time that one of them
    tells: the first purchase goes by the earliest, the last by the latest.
    """
    known = map(Facts.loads, texts)
    facts = next(known, Facts())
    for one_more in known:
        facts.add(one_more)
    for one in hidden(purchases(sightings), lambda _: True):
        facts.take_off(one)
    spend = sorted(
        (
            Spend(currency, one.orders, one.gross, one.refunds, one.refunded)
            for currency, one in facts.money.items()
        ),
        key=lambda one: (-one.orders, -one.net, one.currency),
    )
    currency = spend[0].currency if spend else ""
    return Stats(
        tuple(spend),
        facts.first,
        facts.last,
        _favourite(facts.channels, currency),
        _favourite(facts.categories, currency),
        sum(1 for _, settled, _ in facts.tickets.values() if not settled),
    )


def _favourite(tallies: Mapping[str, Tally], currency: str) -> Favourite | None:
    """The one of most purchases, then of the greatest amount, then the latest, then by name."""
    known = [
        (-one.times, -one.amounts.get(currency, 0), -one.last, name)
        for name, one in tallies.items()
        if one.times > 0
    ]
    if not known:
        return None
    times, amount, _, name = min(known)
    return Favourite(name, -times, -amount, currency)
