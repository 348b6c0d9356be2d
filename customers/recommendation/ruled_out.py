"""What is not recommended: what is owned, was given back, or was refused lately."""

from collections.abc import Iterator

from customers.recommendation.basket import Basket, Offer, Owned
from customers.recommendation.recommendation import Kind, RuledOut, Why
from customers.times import DAY_MS

# A no holds for so long, and so long it is remembered how often something was shown in vain.
REFUSED_MS = 180 * DAY_MS
# What each time takes that something was shown and nothing came of it.
SHOWN_IN_VAIN = 0.8


def ruled_out(basket: Basket, kind: Kind, now: int) -> list[RuledOut]:
    """The products that are not recommended: a no first, then returns, each the latest first."""
    found: dict[str, RuledOut] = {}
    owned = _owned(basket) if kind is not Kind.REPLENISH else ()
    for one in (*_refused(basket, now), *_returned(basket), *owned):
        found.setdefault(one.product.key, one)
    return sorted(found.values(), key=lambda one: (_ORDER[one.why], -one.at, one.product.key))


_ORDER = {Why.REFUSED: 0, Why.RETURNED: 1, Why.OWNED: 2}


def worn(basket: Basket, product: str, now: int) -> tuple[int, float]:
    """How often it was shown lately and in vain, and what is left of its strength for that."""
    offer = basket.offers.get(product)
    if offer is None or now - offer.shown_at >= REFUSED_MS:
        return 0, 1.0
    if max(offer.accepted_at, _last(basket, product)) >= offer.shown_at:
        return 0, 1.0
    return offer.shown, SHOWN_IN_VAIN**offer.shown


def _refused(basket: Basket, now: int) -> Iterator[RuledOut]:
    for key, offer in basket.offers.items():
        if _stands(offer, _last(basket, key), now):
            yield RuledOut(offer.product, Why.REFUSED, offer.refused_at)


def _stands(offer: Offer, bought: int, now: int) -> bool:
    """Whether a no is the last word, and not too long ago."""
    return offer.refused_at > max(offer.accepted_at, bought) and now - offer.refused_at < REFUSED_MS


def _returned(basket: Basket) -> Iterator[RuledOut]:
    """What was given back and not bought again."""
    for one in basket.owned.values():
        if _given_back(one):
            yield RuledOut(one.product, Why.RETURNED, one.returned_at)


def _given_back(one: Owned) -> bool:
    return bool(one.returned) and one.returned_at >= one.last


def _owned(basket: Basket) -> Iterator[RuledOut]:
    for one in basket.owned.values():
        if one.times:
            yield RuledOut(one.product, Why.OWNED, one.last)


def _last(basket: Basket, product: str) -> int:
    owned = basket.owned.get(product)
    return owned.last if owned else 0
