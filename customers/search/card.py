"""Card: what a customer is found by in the search, and the tokens that lead to it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from customers.access.table import table
from customers.identity.names import folded, name_of
from customers.identity.policy import Policy
from customers.traits import LONG_VALUE

# Golden traits that are names of a person, besides the fields of the policy.
NAMES = ("firstName", "middleName", "lastName", "name", "nickname", "maidenName")
CITY = "city"
# The kinds of identifiers that lead to a customer.
CONTACTS = ("email", "phone")
# Values of each kind that a customer is found by, words of each, and all tokens.
MOST_VALUES, MOST_WORDS, MOST_TOKENS = 32, 8, 100
# How long a word is that finds anybody.
SHORTEST, LONGEST = 2, 40
# Letters of a word that are enough to go on.
START = 3
# Digits at the end of a phone number that lead to it, in whatever notation the rest is typed.
TAIL = 6
# What a token begins with that is no word of a name or mailbox. A city leads to nobody by itself.
DOMAIN, PHONE, PLACE, DOUBTFUL = "@", "#", "+", "?"


@dataclass(frozen=True, slots=True)
class Card:
    """Values that a customer is found by; `trusted` unless all its sources are anybody's."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    trusted: bool = True

    @classmethod
    def loads(cls, text: str) -> "Card":
        """Read what `dumps` wrote."""
        names, emails, phones, cities, trusted = orjson.loads(text)
        return cls(tuple(names), tuple(emails), tuple(phones), tuple(cities), trusted)

    def dumps(self) -> str:
        """JSON text, the same for equal cards."""
        return orjson.dumps(
            (self.names, self.emails, self.phones, self.cities, self.trusted)
        ).decode()

    def tokens(self) -> list[str]:
        """The tokens that lead to the customer, sorted.

        Of a customer that only such sources know as are not trusted, none that anybody else has.
        """
        found = {word for name in self.names for word in words(name)}
        for email in self.emails:
            local, _, domain = email.rpartition("@")
            found.update(mailbox_words(local))
            found.add(DOMAIN + domain)
        found.update(PHONE + phone[-TAIL:] for phone in self.phones)
        found.update(PLACE + word for city in self.cities for word in words(city))
        first = sorted(found)[:MOST_TOKENS]
        return first if self.trusted else [DOUBTFUL + one for one in first]


@lru_cache(maxsize=65_536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: `Jörg Müller-Lee` is `jorg`, `muller`, `lee`."""
    found = (folded(word) for word in name_of(name).text.split())
    return tuple(word for word in found if SHORTEST <= len(word) <= LONGEST)[:MOST_WORDS]


@lru_cache(maxsize=65_536)
def mailbox_words(local: str) -> tuple[str, ...]:
    """The words before the @, without their digits: `ann.moor73` is `ann`, `moor`."""
    found = words(" ".join(re.split(r"[\d_.]+", local)))
    return found or words(local)


def start_of(token: str) -> str | None:
    """The first letters of a word or domain, by which what begins like it is found."""
    if token.startswith((PHONE, DOUBTFUL)):
        return None
    return token[: START + token.startswith(DOMAIN)]


def leads(tokens: Iterable[str]) -> set[str]:
    """Those of a customer's tokens that are nodes of the graph."""
    return {one for one in tokens if not one.removeprefix(DOUBTFUL).startswith(PLACE)}


def card_of(
    golden: Mapping[str, Mapping[str, Any]],
    held: Iterable[tuple[str, str]],
    policy: Policy,
    *,
    trusted: bool,
) -> Card:
    """The card of a customer: its golden traits, and `(source, identifier's key)` of its profiles.

    Where a trusted source knows the customer, what others say does not count.
    """
    by_kind: dict[str, set[str]] = {kind: set() for kind in CONTACTS}
    kinds = _contacts(policy)
    for source, key in held:
        namespace, _, value = key.partition("|")
        if namespace in kinds and (not trusted or policy.trusts(source)):
            by_kind[kinds[namespace]].add(value)
    names = {
        text
        for trait in _name_traits(policy)
        for text in _texts(golden, trait, policy, trusted=trusted)
        if not policy.blocked_name_pattern.matches(name_of(text).text)
    }
    return Card(
        _first(names),
        _first(by_kind["email"]),
        _first(by_kind["phone"]),
        _first(_texts(golden, CITY, policy, trusted=trusted)),
        trusted,
    )


@lru_cache(maxsize=16)
def _contacts(policy: Policy) -> Mapping[str, str]:
    """The kind of contact by namespace, of those that all who search see: it leads to a hit."""
    masks = next(iter(table().masks.values()))
    kinds = {name: declared.normaliser for name, declared in policy.namespaces.items()}
    return {
        name: kind
        for name, kind in kinds.items()
        if kind in CONTACTS and masks.kind_of_namespace(name) == "contact"
    }


def _first(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values))[:MOST_VALUES])


@lru_cache(maxsize=16)
def _name_traits(policy: Policy) -> tuple[str, ...]:
    fields = [policy.traits_of(name) for name in (policy.given, policy.family) if name is not None]
    return tuple(dict.fromkeys((*NAMES, *(trait for traits in fields for trait in traits))))


def _texts(
    golden: Mapping[str, Mapping[str, Any]], trait: str, policy: Policy, *, trusted: bool
) -> Iterator[str]:
    found = golden.get(trait)
    for said in (found, *found["others"]) if found else ():
        text = said["value"]
        if not isinstance(text, str) or len(text) > LONG_VALUE:
            continue  # nobody searches for what is no name or city
        if not trusted or policy.trusts(said["source"]):
            yield text
