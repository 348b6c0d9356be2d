"""What resolution compares of a profile's traits, normalised by field, and the keys made of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import orjson

from customers.identity.addresses import addresses_of, is_house
from customers.identity.companies import company_of, plain_company
from customers.identity.dates import calendar_date
from customers.identity.names import TITLES, folded, generation_of, name_of, parted, skeleton, whole
from customers.identity.policy import ADDRESS, OURS, BlockingKey, Policy
from customers.times import day_of
from customers.traits import LONG_VALUE, Traits

Fields = Mapping[str, frozenset[str]]
Legible = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]

ADDRESS_TRAITS = ("street", "address2", "postalCode", "city")
# A profile whose traits changed more often than this is found by the first of its keys of a kind.
MOST_KEYS = 12
# The first names of two, who are nobody in particular: `Richard & Judith`, `Leandro e Patrícia`.
TWO_PEOPLE = re.compile(
    r"\S\s*(?:[&+]|\b(?:and|und|et|(?-i:[eyi])(?=\s+\w\w))\b)\s*\S", re.IGNORECASE
)
# Traits that have nothing but what stands behind a name.
SUFFIXES = frozenset({"suffix", "nameSuffix", "generation"})
# Traits that have a whole name, for who tells no given or no family name.
WHOLE_NAMES = ("name", "fullName")


def compared(traits: Traits, policy: Policy) -> Fields:
    """The values that resolution compares, by field; what cannot be read is not compared."""
    return _compared(_legible(traits, policy), policy)


# A record's are asked for when it comes, for the sake of its keys, and again once it is applied.
@lru_cache(maxsize=256)
def _compared(legible: Legible, policy: Policy) -> Fields:
    traits = dict(legible)
    fields = {
        name: frozenset([one.value for one in _said(name, traits, policy)])
        for name, tells in _traits_of(policy).items()
        if not tells.isdisjoint(traits)
    }
    return {name: values for name, values in fields.items() if values}


def _legible(traits: Traits, policy: Policy) -> Legible:
    """Of the traits that tell anything of a field what is short enough to be a name or a street."""
    tells = _tell(policy)
    return tuple(
        (name, tuple([one for one in values if len(one[0]) <= LONG_VALUE]))
        for name, values in traits.items()
        if name in tells
    )


@lru_cache(maxsize=16)
def _tell(policy: Policy) -> frozenset[str]:
    """The traits that tell anything of a field."""
    return frozenset[str]().union(*_traits_of(policy).values())


@lru_cache(maxsize=16)
def _traits_of(policy: Policy) -> Mapping[str, frozenset[str]]:
    """The traits that tell anything of a field, by field."""
    own = {
        name: frozenset(ADDRESS_TRAITS if field.kind == "address" else policy.traits_of(name))
        for name, field in policy.fields.items()
    }
    names = [own[name] for name in (policy.given, policy.family) if name is not None]
    both = frozenset(WHOLE_NAMES).union(*names)
    return {name: both if name in {policy.given, policy.family} else own[name] for name in own}


class Said(NamedTuple):
    """A value as it is compared, the text that says so, its trait and when it was said last."""

    value: str
    text: str
    trait: str
    at: int


def said(name: str, traits: Traits, policy: Policy) -> Iterator[Said]:
    """What traits say of a field that is compared."""
    return _said(name, dict(_legible(traits, policy)), policy)


def _said(name: str, traits: Traits, policy: Policy) -> Iterator[Said]:
    field = policy.fields[name]
    if field.kind == "address":
        yield from _addresses(name, traits)
        return
    if name in {policy.given, policy.family}:
        yield from _named(name, traits, policy)
        return
    if field.kind == "company":
        yield from _companies(name, traits, policy)
        return
    for trait in policy.traits_of(name):
        for text, at in _texts(traits, trait):
            value = _value(field.kind, text, policy, suffix=trait in SUFFIXES)
            # Nobody is born after they were written down.
            if value and (field.kind != "date" or value <= day_of(at)):
                yield Said(value, text, trait, at)


def _named(name: str, traits: Traits, policy: Policy) -> Iterator[Said]:
    """Given or family names; out of one text that has both where nothing else tells them.

    Tills write all into the family name, as ``MOOR/ANN MRS``.
    """
    kind = policy.fields[name].kind
    part = int(kind == "family")
    other = policy.given if part else policy.family
    own = [*_told(name, traits, policy)]
    beside = [*_told(other, traits, policy)] if other else []
    own = [one for one in own if not any(_nobody(one[0], two[0], policy) for two in beside)]
    found = [(text, text, trait, at) for text, trait, at in own]
    if part and not beside:
        found = [((parted(text) or ("", text))[part], text, trait, at) for text, trait, at in own]
    elif not own and not part:
        found = _taken(beside, parted, part)
    if not found:
        told = [(text, one, at) for one in WHOLE_NAMES for text, at in _texts(traits, one)]
        found = _taken(told, whole, part)
    for its, text, trait, at in found:
        if value := _value(kind, its, policy, suffix=False):
            yield Said(value, text, trait, at)


# Asked for either half of every name.
@lru_cache(maxsize=16_384)
def _nobody(name: str, other: str, policy: Policy) -> bool:
    """Whether what is no name was written into both fields, as `Not` and `Provided`."""
    one, two = name_of(name).text, name_of(other).text
    matches = policy.blocked_name_pattern.matches
    return matches(f"{one} {two}") or matches(f"{two} {one}")


def _taken(
    told: Iterable[tuple[str, str, int]],
    read: Callable[[str], tuple[str, str] | None],
    part: int,
) -> list[tuple[str, str, str, int]]:
    """One of both names out of each text that has both."""
    return [(both[part], text, trait, at) for text, trait, at in told if (both := read(text))]


def _told(name: str, traits: Traits, policy: Policy) -> Iterator[tuple[str, str, int]]:
    """The texts of the traits of a field, with the trait and when it was said."""
    for trait in policy.traits_of(name):
        for text, at in _texts(traits, trait):
            yield text, trait, at


def _value(kind: str, text: str, policy: Policy, *, suffix: bool) -> str | None:
    if kind == "date":
        day = calendar_date(text, month_first=policy.month_first)
        return None if day in policy.blocked_dates else day
    name = name_of(text)
    if kind == "generation":
        return generation_of(text) if suffix else name.generation
    # A name that is nobody's ("unknown", "test"), or that of two, says nothing.
    if policy.blocked_name_pattern.matches(name.text):
        return None
    if kind == "given" and TWO_PEOPLE.search(text):
        return None
    return name.text[:1] if kind == "initial" else name.text


def _companies(name: str, traits: Traits, policy: Policy) -> Iterator[Said]:
    """The companies; where nothing but the person's own name stands there is none."""
    both = [field for field in (policy.given, policy.family) if field is not None]
    named = [one.value for field in both for one in _named(field, traits, policy)]
    own = {word for value in named for word in folded(value).split()}
    own |= {word[0] for word in own} | TITLES
    blocked = policy.blocked_company_pattern, policy.blocked_name_pattern
    for text, trait, at in _told(name, traits, policy):
        plain = plain_company(text)
        if own.issuperset(plain.split()) or any(pattern.matches(plain) for pattern in blocked):
            continue
        if company := company_of(text):
            yield Said(company, text, trait, at)


def _texts(traits: Traits, name: str) -> Iterator[tuple[str, int]]:
    for value, at in traits.get(name, ()):
        text = orjson.loads(value)
        if isinstance(text, str):
            yield text, at


def _addresses(name: str, traits: Traits) -> Iterator[Said]:
    """The addresses whose parts were last said together; of one said alone, if it never changed."""
    times = {at for name in ADDRESS_TRAITS for _, at in traits.get(name, ())}
    for at in sorted(times):
        parts = {name: text for name in ADDRESS_TRAITS if (text := _said_at(traits, name, at))}
        for address in addresses_of(parts):
            yield Said(address, ", ".join(parts.values()), name, at)


def _said_at(traits: Traits, name: str, at: int) -> str | None:
    values = traits.get(name, ())
    chosen = next((value for value, said in values if said == at), None)
    if chosen is None and len(values) == 1:
        # Said at another time, and never otherwise.
        chosen = values[0][0]
    text = orjson.loads(chosen) if chosen else None
    return text if isinstance(text, str) else None


def blocking_keys(fields: Fields, policy: Policy) -> frozenset[str]:
    """Keys, like those of identifiers, that bring profiles without a shared identifier together."""
    houses = {
        f"{ADDRESS}|{address}"
        for name in policy.addresses
        for address in fields.get(name, ())
        if is_house(address)
    }
    keys = {*sorted(houses)[:MOST_KEYS]}
    for name, key in policy.blocking.items():
        parts = [sorted(one)[:MOST_KEYS] for one in _key(key, fields, policy)]
        found = {f"{OURS}{name}|{'|'.join(values)}" for values in product(*parts)}
        keys.update(sorted(found)[:MOST_KEYS])
    return frozenset(keys)


def blocked_together(ours: Fields, theirs: Fields, policy: Policy) -> bool:
    """Whether two have a blocking key in common, however many they have; an address is none."""
    return any(
        all(
            not mine.isdisjoint(others)
            for mine, others in zip(_key(key, ours, policy), _key(key, theirs, policy), strict=True)
        )
        for key in policy.blocking.values()
    )


def _key(key: BlockingKey, fields: Fields, policy: Policy) -> list[set[str]]:
    """What each part of a blocking key may be."""
    parts = [_parts(field, fields, policy) for field in key.of]
    if key.any:
        parts.append(set[str]().union(*(_parts(field, fields, policy) for field in key.any)))
    return parts


def _parts(field: str, fields: Fields, policy: Policy) -> set[str]:
    kind = policy.fields[field].kind
    values = fields.get(field, ())
    return {_part(kind, value) for value in values if kind != "address" or is_house(value)}


def _part(kind: str, value: str) -> str:
    """What of a value stays the same under most slips."""
    if kind == "given":
        return skeleton(value.split(maxsplit=1)[0])
    if kind == "family":
        return skeleton(value)
    if kind == "address":
        return re.sub("#.*?/", "/", value)
    return value
