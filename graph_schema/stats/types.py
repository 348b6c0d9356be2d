"""CustomerStats: what a customer bought, gave back and asked for, and how that compares."""

import strawberry

from customers.money import to_major
from customers.stats.names import RfmName
from customers.stats.stats import Favourite as FavouriteRow
from customers.stats.stats import Spend as SpendRow
from customers.stats.worth import Worth
from customers.times import now_ms, to_datetime
from graph_schema.scalars import DateTime, Money, money

strawberry.enum(
    RfmName,
    description="What a customer of some scores is called: by recency, and the mean of frequency "
    "and monetary.",
)


@strawberry.type(description="Purchases and refunds in one currency.")
class Spend:
    """What was spent."""

    currency: str
    orders: int = strawberry.field(
        description="Purchases; one that several sources saw counts once."
    )
    gross: Money = strawberry.field(description="What the purchases came to.")
    refunds: int
    refunded: Money = strawberry.field(description="What was given back.")
    net: Money = strawberry.field(
        description="Gross without refunded: below zero where more was given back."
    )
    average_order: Money | None = strawberry.field(description="Gross by order; null without any.")


@strawberry.type(description="The channel or product category of most purchases.")
class Favourite:
    """A favourite."""

    name: str
    times: int = strawberry.field(description="Purchases there, or with a product of it.")
    amount: Money = strawberry.field(description="What they came to in the main currency.")


@strawberry.type(
    description="Recency, frequency and monetary value, and the fifth of the buyers of the same "
    "main currency that each lies in: 1 is the lowest, 5 the best."
)
class Rfm:
    """Scores are null until there are twenty buyers to compare with."""

    recency_days: int
    frequency: int
    monetary: Money
    scores: str | None = strawberry.field(description="The three scores as digits, such as 545.")
    name: RfmName | None


@strawberry.type(description="What a customer is worth, by all that its sources told.")
class CustomerStats:
    """Stats of a customer."""

    worth: strawberry.Private[Worth]
    currency: str | None = strawberry.field(
        description="The main currency: that of most orders, else of the most that was spent."
    )
    net: Money | None = strawberry.field(
        description="Net spend in the main currency; null who never bought and got nothing back."
    )
    spend: list[Spend] = strawberry.field(
        description="By currency, the main one first; none who never bought and got nothing back."
    )
    orders: int = strawberry.field(description="Purchases in all currencies.")
    first_purchase: DateTime | None
    last_purchase: DateTime | None
    favourite_channel: Favourite | None
    favourite_category: Favourite | None
    open_tickets: int = strawberry.field(
        description="How many there are. `openTickets` has the newest hundred of each profile."
    )
    interactions: int
    first_seen: DateTime | None

    @strawberry.field(description="Whole days since the last purchase; null without any.")
    def recency_days(self) -> int | None:
        """Days of now."""
        return self.worth.recency_days(now_ms())

    @strawberry.field(description="Whole days since the customer was first seen.")
    def tenure_days(self) -> int | None:
        """Days of now."""
        return self.worth.tenure_days(now_ms())

    @strawberry.field(description="How the customer compares; null who never bought.")
    def rfm(self) -> Rfm | None:
        """Values and scores."""
        days, main = self.worth.recency_days(now_ms()), self.worth.stats.main
        if days is None or main is None:
            return None
        scores = self.worth.scores
        return Rfm(
            recency_days=days,
            frequency=self.worth.stats.orders,
            monetary=_money(main.net, main.currency),
            scores=scores.digits if scores else None,
            name=scores.name if scores else None,
        )


def stats_node(worth: Worth) -> CustomerStats:
    """Stats as GraphQL shows them."""
    stats = worth.stats
    return CustomerStats(
        worth=worth,
        currency=stats.main.currency if stats.main else None,
        net=_money(stats.main.net, stats.main.currency) if stats.main else None,
        spend=[_spend(one) for one in stats.spend],
        orders=stats.orders,
        first_purchase=_moment(stats.first_purchase),
        last_purchase=_moment(stats.last_purchase),
        favourite_channel=_favourite(stats.channel),
        favourite_category=_favourite(stats.category),
        open_tickets=stats.open_tickets,
        interactions=worth.interactions,
        first_seen=_moment(worth.first_seen),
    )


def _spend(one: SpendRow) -> Spend:
    return Spend(
        currency=one.currency,
        orders=one.orders,
        gross=_money(one.gross, one.currency),
        refunds=one.refunds,
        refunded=_money(one.refunded, one.currency),
        net=_money(one.net, one.currency),
        average_order=money(one.average, one.currency),
    )


def _favourite(one: FavouriteRow | None) -> Favourite | None:
    if one is None:
        return None
    return Favourite(name=one.name, times=one.times, amount=_money(one.amount, one.currency))


def _money(minor: int, currency: str) -> Money:
    return Money(amount=to_major(minor, currency), currency=currency)


def _moment(at: int | None) -> DateTime | None:
    return None if at is None else to_datetime(at)
