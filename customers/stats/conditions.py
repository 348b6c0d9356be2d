"""Conditions: what customers can be asked for of their stats, each led by an index of its own."""

from collections.abc import Collection, Iterable, Mapping

from customers.conditions import MOST_VALUES, NOBODY
from customers.errors import FilterTooLargeError, InvalidInputError
from customers.stats.filed import TOP, any_spend, by_orders, by_purchase, by_spend, by_tickets
from customers.stats.names import EVERY, RfmName, Scores
from customers.stats.quintiles import Quintiles
from customers.stats.ranges import ranges
from cypher import Condition, Leaf, Piece

# Who bought at all did after this.
_EVER = 1


def ordered(least: int | None, most: int | None) -> Condition:
    """A customer ordered at least and at most so often."""
    return _between(
        "byOrders",
        by_orders(0 if least is None else least),
        TOP if most is None else by_orders(most + 1),
    )


def has_tickets(least: int | None, most: int | None) -> Condition:
    """A customer has at least and at most so many open tickets."""
    return _between(
        "byTickets",
        by_tickets(0 if least is None else max(least, 0)),
        TOP if most is None else by_tickets(max(most + 1, 0)),
    )


def last_bought(since: int | None, until: int | None) -> Condition:
    """A customer bought last at a time or later, and before another."""
    return _between(
        "byPurchase",
        by_purchase(_EVER if since is None else since),
        TOP if until is None else by_purchase(until),
    )


def spent(currency: str, least: int | None = None, most: int | None = None) -> Condition:
    """What a customer spent in a currency, net and in minor units, lies between two bounds.

    Who spent nothing in it is not meant, whatever the bounds.
    """
    low, high = any_spend(currency)
    bounds = {
        "from": low if least is None else by_spend(currency, least),
        "to": high if most is None else by_spend(currency, most + 1),
    }
    return Leaf(Piece("predicates/spent", bounds), (Piece("seeds/spent", bounds),))


def scored(
    names: Iterable[RfmName] | None,
    digits: Collection[str] | None,
    quintiles: Mapping[str, Quintiles],
) -> Condition:
    """A customer's scores are some, or have one of some names; nobody's without quintiles."""
    wanted = set(EVERY)
    if names is not None:
        chosen = set(names)
        wanted &= {one for one in EVERY if one.name in chosen}
    if digits is not None:
        wanted &= _scores(digits)
    found = [row for one in quintiles.values() for row in ranges(one, wanted)]
    return Leaf(Piece("predicates/scored", {"ranges": found})) if found else NOBODY


def _scores(digits: Collection[str]) -> set[Scores]:
    if len(digits) > MOST_VALUES:
        raise FilterTooLargeError(f"`scores` takes at most {MOST_VALUES} values.")
    known = {one.digits: one for one in EVERY}
    if unknown := [one for one in digits if one not in known]:
        raise InvalidInputError(
            f"Scores are three digits from 1 to 5, such as 545, not {unknown[0]!r:.50}."
        )
    return {known[one] for one in digits}


def _between(stat: str, least: str, most: str) -> Condition:
    bounds, names = {"from": least, "to": most}, {"stat": stat}
    return Leaf(
        Piece("predicates/stat", bounds, names),
        (Piece("seeds/stat", bounds, names),),
    )
