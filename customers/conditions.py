"""Conditions: what customers can be asked for, each as a predicate and the seeds that find it.

A predicate follows a customer's own relationships or looks at its own properties. A seed goes the
other way, from an index to all customers that may fulfil it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from customers.errors import FilterTooLargeError, InvalidInputError, UnindexedFilterError
from customers.filed import FILED, asked, by_seen
from customers.identifier import wanted_key
from customers.identity.policy import Policy
from customers.page import END
from customers.principal import Principal
from customers.stats.quintiles import Quintiles
from cypher import Condition, Every, Leaf, Not, Piece, Some

# How a statement is bounded: 30 predicates, nested 10 deep, 50 values each.
MOST_CONDITIONS, MOST_DEPTH, MOST_VALUES = 30, 10, 50
NOBODY = Some(())


@dataclass(frozen=True, slots=True)
class InteractionAsked:
    """Interactions from a time on and before another; what is None is not asked for.

    Times in epoch milliseconds; `least` and `most` are amounts in minor units of `currency`.
    """

    type: str | None = None
    name: str | None = None
    channel: str | None = None
    since: int = 0
    until: int = END
    currency: str | None = None
    least: int = -END
    most: int = END

    def params(self) -> dict[str, Any]:
        """As parameters of the predicates."""
        return {
            "from": self.since, "to": self.until, "type": self.type, "name": self.name,
            "channel": self.channel, "currency": self.currency, "least": self.least,
            "most": self.most,
        }  # fmt: skip

    def seeds(self) -> tuple[Piece, ...]:
        """Whoever did something since then was seen since then."""
        return (Piece("seeds/seen_since", {"value": by_seen(self.since)}),) if self.since else ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, who may not find customers by what is masked, and the policy that reads values.

    `quintiles` are there where the filter asks for scores.
    """

    principal: Principal
    policy: Policy
    quintiles: Mapping[str, Quintiles] = field(default_factory=dict)


def trait_in(name: str, values: Sequence[str], asking: Asking) -> Condition:
    """A trait has one of some values."""
    if len(values) > MOST_VALUES:
        raise FilterTooLargeError(f"`in` takes at most {MOST_VALUES} values, not {len(values)}.")
    wanted = sorted({_asked(name, value, asking) for value in values})
    seeds = tuple(_trait("seeds/trait_is", name, value=value) for value in wanted)
    return Leaf(_trait("predicates/trait_in", name, values=wanted), seeds) if wanted else NOBODY


# Predicates that compare with one value, and the seeds that find at least as much.
_SEEDS = {
    "from": "seeds/trait_from",
    "above": "seeds/trait_from",
    "until": "seeds/trait_until",
    "below": "seeds/trait_until",
    "starts": "seeds/trait_starts",
}


def trait_compares(name: str, how: str, value: str, asking: Asking) -> Condition:
    """A trait comes `from`, `above`, `until` or `below` a value, or `starts` with it."""
    wanted = _asked(name, value, asking, prefix=how == "starts")
    seed = _trait(_SEEDS[how], name, value=wanted)
    return Leaf(_trait(f"predicates/trait_{how}", name, value=wanted), (seed,))


def trait_present(name: str, asking: Asking) -> Condition:
    """A customer has a trait."""
    _check(name, asking)
    return Leaf(_trait("predicates/trait_present", name))


def _trait(fragment: str, name: str, **params: object) -> Piece:
    return Piece(fragment, params, {"trait": name})


def _asked(name: str, value: str, asking: Asking, *, prefix: bool = False) -> str:
    _check(name, asking)
    return asked(name, value, prefix=prefix, month_first=asking.policy.month_first)


def _check(name: str, asking: Asking) -> None:
    asking.principal.check_trait(name)
    if name not in FILED:
        raise UnindexedFilterError(
            f"Customers cannot be found by the trait {name!r:.50}: it has no index. These do: "
            f"{', '.join(FILED)}."
        )


def identifier_is(namespace: str, value: str, asking: Asking) -> Condition:
    """A customer holds an identifier; nobody holds what is never one."""
    key = wanted_key(namespace, value, asking.policy, asking.principal)
    if key is None:
        return NOBODY
    seed = Piece("seeds/identifier", {"key": key})
    return Leaf(Piece("predicates/identifier", {"key": key}), (seed,))


def identifier_of(namespace: str, asking: Asking) -> Condition:
    """A customer holds an identifier of a namespace."""
    asking.principal.check_namespace(namespace)
    return Leaf(Piece("predicates/namespace", {"namespace": namespace}))


def known_to(sources: Iterable[str]) -> Condition:
    """One of some sources knows of a customer."""
    wanted = sorted(set(sources))
    if len(wanted) > MOST_VALUES:
        raise FilterTooLargeError(f"`sources` takes at most {MOST_VALUES} names.")
    return Leaf(Piece("predicates/source", {"sources": wanted}))


def did(interaction: InteractionAsked) -> Condition:
    """A customer has such an interaction."""
    return Leaf(Piece("predicates/interaction", interaction.params()), interaction.seeds())


def did_times(
    interaction: InteractionAsked, least: int | None = None, most: int | None = None
) -> Condition:
    """A customer has at least and at most so many of such interactions."""
    parts: list[Condition] = []
    if least is not None and least > 0:
        counted = interaction.params() | {"count": least}
        seeds = interaction.seeds()
        parts.append(Leaf(Piece("predicates/interactions_at_least", counted), seeds))
    if most is not None:
        counted = interaction.params() | {"count": most}
        parts.append(Leaf(Piece("predicates/interactions_at_most", counted)))
    return Every(tuple(parts))


def bought(
    product: str | None = None, category: str | None = None, since: int = 0, until: int = END
) -> Condition:
    """A customer ordered a product, or one of a category.

    Raises:
        InvalidInputError: neither is named.
    """
    if product is None and category is None:
        raise InvalidInputError("Name the `product` or the `category` that was bought.")
    params = {"from": since, "to": until, "product": product, "category": category}
    if product is not None:
        seed = Piece("seeds/product", {"key": product})
    else:
        seed = Piece("seeds/category", {"category": category})
    return Leaf(Piece("predicates/bought", params), (seed,))


def checked(condition: Condition) -> Condition:
    """The condition, if one statement can hold it.

    Raises:
        FilterTooLargeError: more conditions, or a deeper nesting.
    """
    if (found := count(condition)) > MOST_CONDITIONS:
        raise FilterTooLargeError(
            f"The filter has {found} conditions; {MOST_CONDITIONS} are the most that one may have."
        )
    return condition


def count(condition: Condition) -> int:
    """How many conditions; what has none in it is one, as a statement has a part for it."""
    match condition:
        case Leaf():
            return 1
        case Not():
            return count(condition.part)
        case Every() | Some():
            return max(sum(map(count, condition.parts)), 1)


def driving(condition: Condition) -> list[Piece]:
    """The seeds that may lead to all who fulfil the condition, each once."""
    found: dict[Piece, None] = {}
    match condition:
        case Leaf():
            found = dict.fromkeys(condition.seeds)
        case Every() | Some():
            for part in condition.parts:
                found |= dict.fromkeys(driving(part))
        case Not():
            pass
    return list(found)


def candidates(
    condition: Condition, found: Mapping[Piece, frozenset[str]]
) -> frozenset[str] | None:
    """All customers that may fulfil the condition, or None where that may be anybody.

    `found` has what each seed found, without those that found too many.
    """
    match condition:
        case Leaf():
            lists = [found.get(seed) for seed in condition.seeds]
            return _union(lists) if lists else None
        case Every():
            known = [
                one for part in condition.parts if (one := candidates(part, found)) is not None
            ]
            return frozenset.intersection(*known) if known else None
        case Some():
            return _union([candidates(part, found) for part in condition.parts])
        case Not():
            return None


def _union(lists: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [one for one in lists if one is not None]
    return frozenset().union(*known) if len(known) == len(lists) else None
