"""CustomerWhere: what customers are asked for, and CustomerOrder: in which order."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum

import strawberry

from customers import conditions
from customers.conditions import Asking, InteractionAsked
from customers.errors import FilterTooLargeError, InvalidInputError
from customers.listing import Key, Listing
from customers.money import to_minor
from customers.page import END
from customers.stats.conditions import has_tickets, last_bought, ordered, scored, spent
from customers.stats.names import RfmName
from customers.times import to_ms
from cypher import Condition, Every, Not, Some
from graph_schema.scalars import DateTime


@strawberry.enum(description="What customers can be ordered by.")
class CustomerOrderField(Enum):
    """The orders."""

    CREATED = strawberry.enum_value("CREATED", description="How long we have known them.")
    NAME = strawberry.enum_value(
        "NAME", description="Last name, first name; whoever has none comes after the others."
    )
    LAST_SEEN = strawberry.enum_value("LAST_SEEN", description="Their latest record.")
    SPEND = strawberry.enum_value(
        "SPEND",
        description="What they spent in `currency`, net. Who spent nothing in it is not listed.",
    )
    ORDERS = strawberry.enum_value("ORDERS", description="How often they ordered.")
    LAST_PURCHASE = strawberry.enum_value(
        "LAST_PURCHASE", description="Their last purchase; whoever never bought is longest ago."
    )
    OPEN_TICKETS = strawberry.enum_value("OPEN_TICKETS", description="How many are open.")


@strawberry.enum(description="Which end comes first.")
class OrderDirection(Enum):
    """Ascending or descending."""

    ASC = "ASC"
    DESC = "DESC"


@strawberry.input(description="An order; who is equal in it comes as they became known.")
class CustomerOrder:
    """An order."""

    field: CustomerOrderField = CustomerOrderField.CREATED
    direction: OrderDirection = OrderDirection.ASC
    currency: str | None = strawberry.field(
        default=None, description="What SPEND is counted in: EUR."
    )

    def listing(self, condition: Condition | None) -> Listing:
        """Customers who fulfil a condition, in this order.

        Raises:
            InvalidInputError: it lacks a currency, or has one too many.
        """
        key = Key[self.field.name]
        if (key is Key.SPEND) != (self.currency is not None):
            raise InvalidInputError("Give a `currency` to order by SPEND, and to nothing else.")
        if self.currency is not None:
            paid = spent(_currency(self.currency))
            condition = paid if condition is None else Every((condition, paid))
        descending = self.direction is OrderDirection.DESC
        return Listing(key, descending, condition, self.currency or "")


@strawberry.input(
    description="A golden trait, compared without regard to case and accents. Of several"
    " comparisons all hold. Dates are written 1980-02-03, numbers as digits."
)
class TraitWhere:
    """A trait."""

    name: str
    equals: str | None = None
    in_: list[str] | None = strawberry.field(name="in", default=None)
    starts_with: str | None = None
    gte: str | None = None
    gt: str | None = None
    lte: str | None = None
    lt: str | None = None
    present: bool | None = None

    def conditions(self, asking: Asking) -> Iterator[Condition]:
        """Each comparison as a condition."""
        for values in ([self.equals] if self.equals is not None else None, self.in_):
            if values is not None:
                yield conditions.trait_in(self.name, values, asking)
        compared = {
            "starts": self.starts_with,
            "from": self.gte,
            "above": self.gt,
            "until": self.lte,
            "below": self.lt,
        }
        for how, value in compared.items():
            if value is not None:
                yield conditions.trait_compares(self.name, how, value, asking)
        if self.present is not None:
            present = conditions.trait_present(self.name, asking)
            yield present if self.present else Not(present)


@strawberry.input(description="An identifier that is held: this value, or any of the namespace.")
class IdentifierWhere:
    """An identifier."""

    namespace: str
    value: str | None = None
    present: bool = True

    def condition(self, asking: Asking) -> Condition:
        """The condition."""
        if self.value is None:
            held = conditions.identifier_of(self.namespace, asking)
        else:
            held = conditions.identifier_is(self.namespace, self.value, asking)
        return held if self.present else Not(held)


@strawberry.input(description="An amount in major units of a currency, between two bounds.")
class AmountWhere:
    """An amount."""

    currency: str
    gte: Decimal | None = None
    lte: Decimal | None = None

    def minor(self, bound: Decimal | None, otherwise: int) -> int:
        """A bound in minor units.

        Raises:
            InvalidInputError: it is no number.
        """
        if bound is not None and not bound.is_finite():
            raise InvalidInputError(f"An amount is a number, not {bound}.")
        return otherwise if bound is None else to_minor(bound, self.currency)


@strawberry.input(description="Interactions: what is not given may be anything.")
class InteractionWhere:
    """Interactions."""

    type: str | None = None
    name: str | None = None
    channel: str | None = None
    from_: DateTime | None = strawberry.field(
        name="from", default=None, description="At this time or later."
    )
    to: DateTime | None = strawberry.field(default=None, description="Before this time.")
    amount: AmountWhere | None = None

    def asked(self) -> InteractionAsked:
        """What is asked for, in milliseconds and minor units."""
        amount = self.amount
        return InteractionAsked(
            self.type,
            self.name,
            self.channel,
            _ms(self.from_, 0),
            _ms(self.to, END),
            currency=None if amount is None else amount.currency,
            least=-END if amount is None else amount.minor(amount.gte, -END),
            most=END if amount is None else amount.minor(amount.lte, END),
        )


@strawberry.input(description="How many interactions there are.")
class InteractionCountWhere:
    """A count."""

    of: InteractionWhere = strawberry.field(default_factory=InteractionWhere)
    gte: int | None = None
    lte: int | None = None


@strawberry.input(one_of=True, description="Some such interaction, none, or so many.")
class InteractionsWhere:
    """Interactions of a customer."""

    some: InteractionWhere | None = strawberry.UNSET
    none: InteractionWhere | None = strawberry.UNSET
    count: InteractionCountWhere | None = strawberry.UNSET

    def condition(self) -> Condition:
        """The condition."""
        if isinstance(self.some, InteractionWhere):
            return conditions.did(self.some.asked())
        if isinstance(self.none, InteractionWhere):
            return Not(conditions.did(self.none.asked()))
        if not isinstance(self.count, InteractionCountWhere):
            raise InvalidInputError("Give one of `some`, `none` and `count`.")
        return conditions.did_times(self.count.of.asked(), self.count.gte, self.count.lte)


@strawberry.input(description="A product that was ordered, by its key or its category.")
class BoughtWhere:
    """A purchase."""

    product: str | None = None
    category: str | None = None
    from_: DateTime | None = strawberry.field(name="from", default=None)
    to: DateTime | None = None

    def condition(self) -> Condition:
        """The condition."""
        return conditions.bought(self.product, self.category, _ms(self.from_, 0), _ms(self.to, END))


@strawberry.input(description="A number between two bounds, both of which belong to it.")
class CountWhere:
    """A number."""

    gte: int | None = None
    lte: int | None = None


@strawberry.input(description="A time from one on and before another.")
class TimeWhere:
    """A time."""

    from_: DateTime | None = strawberry.field(name="from", default=None)
    to: DateTime | None = None


@strawberry.input(
    description="Scores among the buyers of the same main currency. Nobody has any until there are "
    "twenty buyers."
)
class RfmWhere:
    """Scores."""

    names: list[RfmName] | None = strawberry.field(default=None, description="One of these names.")
    scores: list[str] | None = strawberry.field(
        default=None, description="One of these classes, such as 545."
    )


@strawberry.input(description="What customers bought and asked for, as their `stats` tell it.")
class StatsWhere:
    """Stats."""

    spend: list[AmountWhere] | None = strawberry.field(
        default=None, description="What was spent in a currency, net."
    )
    orders: CountWhere | None = None
    last_purchase: TimeWhere | None = strawberry.field(
        default=None, description="Who never bought is not meant."
    )
    open_tickets: CountWhere | None = None
    rfm: RfmWhere | None = None

    def conditions(self, asking: Asking) -> Iterator[Condition]:
        """Each as a condition."""
        for one in self.spend or ():
            low, high = (None if it is None else one.minor(it, 0) for it in (one.gte, one.lte))
            yield spent(_currency(one.currency), low, high)
        if self.orders is not None:
            yield ordered(self.orders.gte, self.orders.lte)
        if self.last_purchase is not None:
            yield last_bought(_time(self.last_purchase.from_), _time(self.last_purchase.to))
        if self.open_tickets is not None:
            yield has_tickets(self.open_tickets.gte, self.open_tickets.lte)
        if self.rfm is not None:
            yield scored(self.rfm.names, self.rfm.scores, asking.quintiles)


@strawberry.input(description="Which customers are meant: those for whom all that is given holds.")
class CustomerWhere:
    """A filter."""

    traits: list[TraitWhere] | None = None
    identifiers: list[IdentifierWhere] | None = None
    interactions: list[InteractionsWhere] | None = None
    bought: list[BoughtWhere] | None = None
    stats: StatsWhere | None = None
    sources: list[str] | None = strawberry.field(
        default=None, description="One of these sources knows of them."
    )
    and_: list["CustomerWhere"] | None = strawberry.field(name="and", default=None)
    or_: list["CustomerWhere"] | None = strawberry.field(name="or", default=None)
    not_: "CustomerWhere | None" = strawberry.field(name="not", default=None)

    @property
    def scored(self) -> bool:
        """Whether it asks for scores anywhere."""
        parts = (*(self.and_ or ()), *(self.or_ or ()), *([self.not_] if self.not_ else ()))
        mine = self.stats is not None and self.stats.rfm is not None
        return mine or any(one.scored for one in parts)

    def condition(self, asking: Asking) -> Condition:
        """The filter as one condition.

        Raises:
            InvalidInputError, UnindexedFilterError, FilterTooLargeError
        """
        return conditions.checked(Every(tuple(self._parts(asking, 1))))

    def _parts(self, asking: Asking, depth: int) -> Iterator[Condition]:
        if depth > conditions.MOST_DEPTH:
            raise FilterTooLargeError(
                f"The filter is nested deeper than {conditions.MOST_DEPTH} levels."
            )
        for trait in self.traits or ():
            yield from trait.conditions(asking)
        for identifier in self.identifiers or ():
            yield identifier.condition(asking)
        for one in (*(self.interactions or ()), *(self.bought or ())):
            yield one.condition()
        if self.stats is not None:
            yield from self.stats.conditions(asking)
        if self.sources is not None:
            yield conditions.known_to(self.sources)
        yield from _all(self.and_ or (), asking, depth)
        if self.or_ is not None:
            yield Some(tuple(_all(self.or_, asking, depth)))
        if self.not_ is not None:
            yield Not(Every(tuple(self.not_._parts(asking, depth + 1))))  # noqa: SLF001 - its own


def _all(parts: Sequence[CustomerWhere], asking: Asking, depth: int) -> Iterator[Condition]:
    for part in parts:
        yield Every(tuple(part._parts(asking, depth + 1)))  # noqa: SLF001 - a filter in a filter


def _currency(code: str) -> str:
    """A currency's code.

    Raises:
        InvalidInputError: it is none.
    """
    if not re.fullmatch("[A-Z]{3}", code):
        raise InvalidInputError(
            f"A currency is three capital letters such as EUR, not {code!r:.20}."
        )
    return code


def _time(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _ms(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else to_ms(moment)
