"""What resolution compares of a profile's traits, normalised by field, and the keys made of it."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

import orjson

from customers.identity.addresses import address_of, is_house
from customers.identity.dates import calendar_date
from customers.identity.names import generation_of, name_of, skeleton
from customers.identity.policy import ADDRESS, OURS, Policy
from customers.times import day_of
from customers.traits import Traits

Fields = Mapping[str, frozenset[str]]

ADDRESS_TRAITS = ("street", "address2", "postalCode", "city")
# A profile whose traits changed more often than this is found by the first of its keys.
MOST_KEYS = 12


def compared(traits: Traits, policy: Policy) -> Fields:
    """The values that resolution compares, by field; what cannot be read is not compared."""
    fields = {
        name: frozenset(one.value for one in said(name, traits, policy)) for name in policy.fields
    }
    return {name: values for name, values in fields.items() if values}


class Said(NamedTuple):
    """A value as it is compared, the text that says so, its trait and when it was said last."""

    value: str
    text: str
    trait: str
    at: int


def said(name: str, traits: Traits, policy: Policy) -> Iterator[Said]:
    """What traits say of a field that is compared."""
    field = policy.fields[name]
    if field.kind == "address":
        yield from _addresses(name, traits)
        return
    for trait in field.traits or (name,):
        for text, at in _texts(traits, trait):
            value = _value(field.kind, text, policy, suffix=trait == "suffix")
            # Nobody is born after they were written down.
            if value and (field.kind != "date" or value <= day_of(at)):
                yield Said(value, text, trait, at)


def _value(kind: str, text: str, policy: Policy, *, suffix: bool) -> str | None:
    if kind == "date":
        day = calendar_date(text, month_first=policy.region == "US")
        return None if day in policy.blocked_dates else day
    name = name_of(text)
    if kind == "generation":
        return generation_of(text) if suffix else name.generation
    # A name that is nobody's ("unknown", "test") says nothing.
    if policy.blocked_name_pattern.fullmatch(name.text):
        return None
    return name.text[:1] if kind == "initial" else name.text


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
        if address := address_of(parts):
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
    keys = {
        f"{ADDRESS}|{address}"
        for name in policy.addresses
        for address in fields.get(name, ())
        if is_house(address)
    }
    for name, key in policy.blocking.items():
        parts = [_parts(field, fields, policy) for field in key.of]
        if key.any:
            parts.append(set().union(*(_parts(field, fields, policy) for field in key.any)))
        keys |= {f"{OURS}{name}|{'|'.join(values)}" for values in product(*parts)}
    return frozenset(sorted(keys)[:MOST_KEYS])


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
