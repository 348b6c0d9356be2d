"""Corrected: what a steward said a trait really is. It is shown and found, and compares nobody."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import orjson

# What a golden trait has as its source where a person said so.
CORRECTION = "correction"


class Corrected(NamedTuple):
    """A correction as it is noted at a profile; `value` is JSON text, `at` epoch milliseconds."""

    id: str
    name: str
    value: str
    at: int
    by: str
    reason: str

    @classmethod
    def loads(cls, text: str) -> "Corrected":
        """Read what `dumps` wrote."""
        return cls(*orjson.loads(text))

    def dumps(self) -> str:
        """The note."""
        return orjson.dumps(list(self)).decode()


def in_force(corrected: Iterable[Corrected]) -> Mapping[str, Corrected]:
    """The correction of each trait that holds: the newest, and of two at once the greater id's."""
    ordered = sorted(corrected, key=lambda one: (one.at, one.id))
    return {one.name: one for one in ordered}
