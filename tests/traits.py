"""Traits of a profile that said this and that."""

from collections.abc import Mapping

import orjson

from customers.traits import Traits, with_values


def said(*records: tuple[int, Mapping[str, object]]) -> Traits:
    """The traits of a profile that said this, each at its time."""
    traits: Traits = {}
    for at, values in records:
        texts = {name: orjson.dumps(value).decode() for name, value in values.items()}
        traits = with_values(traits, texts, at)
    return traits
