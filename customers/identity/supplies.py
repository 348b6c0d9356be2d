"""Supplies: what more would make two one, tried out with the code that decides. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from customers.identity.compared import blocked_together
from customers.identity.evidence import NOTHING, VETO, Evidence, joining, namespace_of, total
from customers.identity.people import Summary, told_by
from customers.identity.policy import ADDRESS, Policy

# A value that no record can have: both get it where neither has one.
ANY = "\0"
# Kinds of fields that agree where both have one value.
AGREEING = frozenset({"given", "family", "initial", "word", "date", "company"})
# What is needed together is told where nothing is enough alone.
TOGETHER, MOST, MOST_FIELDS = 2, 6, 3

Both: TypeAlias = tuple[Evidence, Evidence]


@dataclass(frozen=True, slots=True)
class Supply:
    """What two would have in common, namespaces and fields, and the bits that they then have."""

    namespaces: tuple[str, ...]
    fields: tuple[str, ...]
    score: float


def supplies(
    one: Evidence, other: Evidence, people: Mapping[str, int], policy: Policy
) -> list[Supply]:
    """What would join two that are apart: alone, else with one thing more; identifiers first."""
    offers: list[tuple[str, Callable[[Both, str, Policy], Both | None]]] = [
        *((name, _identifier) for name in policy.links if name != ADDRESS),
        *((name, _field) for name, field in policy.fields.items() if field.kind in AGREEING),
    ]
    for count in range(1, TOGETHER + 1):
        found = []
        for chosen in combinations(offers, count):
            both: Both | None = (one, other)
            for name, give in chosen:
                both = both and give(both, name, policy)
            if both is None:
                continue
            added = (both[0].links & both[1].links) - (one.links & other.links)
            counts = dict(people) | {key: _people(both, key, policy) for key in added}
            if (score := _score(both, counts, policy)) >= policy.merge_bits:
                namespaces = tuple(name for name, give in chosen if give is _identifier)
                fields = tuple(name for name, give in chosen if give is _field)
                found.append(Supply(namespaces, fields, score))
        if found:
            found.sort(key=lambda supply: supply.score)
            identifiers = [one for one in found if not one.fields]
            return identifiers[:MOST] + [one for one in found if one.fields][:MOST_FIELDS]
    return []


def _identifier(both: Both, namespace: str, policy: Policy) -> Both | None:
    """Both with one identifier in common; of what a person has one of, what one of them has."""
    one, other = both
    mine, theirs = (known.held.get(namespace, NOTHING) for known in both)
    if mine & theirs:
        return None
    key = f"{namespace}|{ANY}"
    if policy.namespace(namespace).unique and mine | theirs:
        key = min(mine | theirs)
    return _holding(one, key, policy), _holding(other, key, policy)


def _holding(known: Evidence, key: str, policy: Policy) -> Evidence:
    namespace = namespace_of(key)
    held = dict(known.held)
    if namespace in policy.compared:
        held[namespace] = held.get(namespace, NOTHING) | {key}
    return known._replace(links=known.links | {key}, held=held)


def _field(both: Both, name: str, _: Policy) -> Both | None:
    """Both with one value of a field, of which at most one of them has any."""
    one, other = both
    mine, theirs = (known.fields.get(name, NOTHING) for known in both)
    if mine and theirs:
        return None
    values = {name: mine or theirs or frozenset({ANY})}
    return (
        one._replace(fields={**one.fields, **values}),
        other._replace(fields={**other.fields, **values}),
    )


def _score(both: Both, people: Mapping[str, int], policy: Policy) -> float:
    """The bits of two, if anything leads from one to the other."""
    one, other = both
    led = not policy.leads.isdisjoint(map(namespace_of, one.links & other.links))
    if not led and one.trusted and other.trusted:
        led = blocked_together(one.fields, other.fields, policy)
    if not led:
        return VETO
    counts = dict.fromkeys(one.links | other.links, 1) | dict(people)
    return total(joining(one, other, counts, policy))


def _people(both: Both, key: str, policy: Policy) -> int:
    """How many people an identifier would have that both hold: two who are called otherwise."""
    told = (told_by(one.links, one.fields, policy, trusted=one.trusted) for one in both)
    return Summary.of(told).people(namespace_of(key), policy)
