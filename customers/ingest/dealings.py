"""Dealings: what a profile bought, gave back and was offered, summed up by product.

Sums of what the graph's interactions say, kept beside them so that baskets are one hop away. Any
order of arrival gives the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from customers.ingest.prepare import PreparedInteraction
from customers.meanings import Offer, is_purchase, is_return, offer_of
from customers.times import DAY_MS

# More buyers of a product are a crowd: it keeps so many, of whom it heard last.
CROWD = 600
# A profile keeps so many products that it bought, those that it bought last.
LISTED = 300
# The days of purchases that are kept: as many as lie in this time before the last one.
KEPT_DAYS = 400


@dataclass(slots=True)
class Bought:
    """What a profile bought of a product; `times` is 0 where only a return is known.

    `first`, `last` and `returned_at` are epoch milliseconds, `days` UTC days since 1970. `known`
    and `counted` are whether the product knows this profile as one that bought it, and again.
    """

    profile: str
    product: str
    times: int = 0
    quantity: float = 0.0
    first: int | None = None
    last: int | None = None
    days: frozenset[int] = frozenset()
    returned: int = 0
    returned_at: int | None = None
    new: bool = field(default=True, compare=False)
    changed: bool = field(default=True, compare=False)
    known: bool = field(default=False, compare=False)
    counted: bool = field(default=False, compare=False)

    @property
    def key(self) -> str:
        """The key of the relationship."""
        return f"{self.profile}>{self.product}"

    @property
    def again(self) -> bool:
        """Whether it was bought on two days or more."""
        return len(self.days) > 1

    def buy(self, at: int, quantity: float) -> None:
        """Take in a purchase; lines of one order about one product are one."""
        self.times += 1
        self.quantity += quantity
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)
        days = self.days | {at // DAY_MS}
        self.days = frozenset(day for day in days if day > max(days) - KEPT_DAYS)
        self.changed = True

    def give_back(self, at: int) -> None:
        """Take in a return."""
        self.returned += 1
        self.returned_at = max(self.returned_at or at, at)
        self.changed = True


@dataclass(frozen=True, slots=True)
class Purchases:
    """What a profile bought, as it keeps it itself: products by their keys, the last bought first.

    `firsts` and `lasts` are when it bought each, in the same order, in epoch milliseconds.
    """

    products: Sequence[str] = ()
    firsts: Sequence[int] = ()
    lasts: Sequence[int] = ()

    def renewed(self, some: Iterable[Bought]) -> Self:
        """These with what changed of them."""
        known = zip(self.products, self.firsts, self.lasts, strict=True)
        times = {product: (first, last) for product, first, last in known}
        for one in some:
            if one.first is not None and one.last is not None:
                times[one.product] = one.first, one.last
        order = sorted(times, key=lambda product: (-times[product][1], product))[:LISTED]
        return type(self)(
            order,
            [times[product][0] for product in order],
            [times[product][1] for product in order],
        )


@dataclass(slots=True)
class Offered:
    """What a profile was offered of a product, and said to it; times are epoch milliseconds."""

    profile: str
    product: str
    shown: int = 0
    shown_at: int | None = None
    accepted: int = 0
    accepted_at: int | None = None
    refused: int = 0
    refused_at: int | None = None
    new: bool = field(default=True, compare=False)
    changed: bool = field(default=True, compare=False)

    @property
    def key(self) -> str:
        """The key of the relationship."""
        return f"{self.profile}>{self.product}"

    def say(self, offer: Offer, at: int) -> None:
        """Take in that it was shown, accepted or refused."""
        match offer:
            case "shown":
                self.shown += 1
                self.shown_at = max(self.shown_at or at, at)
            case "accepted":
                self.accepted += 1
                self.accepted_at = max(self.accepted_at or at, at)
            case "refused":
                self.refused += 1
                self.refused_at = max(self.refused_at or at, at)
        self.changed = True


class Dealings:
    """What some profiles dealt in, by the keys of the relationships."""

    def __init__(self, bought: Iterable[Bought] = (), offered: Iterable[Offered] = ()) -> None:
        """Take what is known."""
        self.bought = {one.key: one for one in bought}
        self.offered = {one.key: one for one in offered}

    def add(self, profile: str, at: int, happened: PreparedInteraction) -> int:
        """Take in an interaction; how many products the profile has bought for the first time."""
        kind = (happened.type, happened.name, happened.amount)
        offer = offer_of(happened.type, happened.name, happened.properties)
        quantities: dict[str, float] = {}
        for line in happened.products:
            quantities[line.key] = quantities.get(line.key, 0.0) + line.quantity
        before = len(self.bought)
        for product, quantity in quantities.items():
            if offer is not None:
                self._offered(profile, product).say(offer, at)
            elif is_purchase(*kind):
                self._bought(profile, product).buy(at, quantity)
            elif is_return(*kind):
                self._bought(profile, product).give_back(at)
        return len(self.bought) - before

    def changed(self) -> Mapping[str, Sequence[Bought]]:
        """What profiles bought that is not as it was, by their keys."""
        found: dict[str, list[Bought]] = defaultdict(list)
        for one in self.bought.values():
            if one.changed:
                found[one.profile].append(one)
        return found

    def forget(self, profile: str) -> None:
        """Forget a profile, which is erased."""
        self.bought = {key: one for key, one in self.bought.items() if one.profile != profile}
        self.offered = {key: one for key, one in self.offered.items() if one.profile != profile}

    def _bought(self, profile: str, product: str) -> Bought:
        return self.bought.setdefault(f"{profile}>{product}", Bought(profile, product))

    def _offered(self, profile: str, product: str) -> Offered:
        return self.offered.setdefault(f"{profile}>{product}", Offered(profile, product))


def is_dealing(happened: PreparedInteraction) -> bool:
    """Whether an interaction is a purchase, a return or an offer of products."""
    kind = (happened.type, happened.name, happened.amount)
    return bool(happened.products) and (
        offer_of(happened.type, happened.name, happened.properties) is not None
        or is_purchase(*kind)
        or is_return(*kind)
    )
