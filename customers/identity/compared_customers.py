"""Compared customers: who would be one that is not, and who would part."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from customers.identity.decided import united

Key = TypeVar("Key", bound=Hashable)


class Fate(StrEnum):
    """What becomes of customers."""

    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Compared:
    """Customers who have profiles of each other, before and after: their profiles, by id."""

    before: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]

    @property
    def fate(self) -> Fate:
        """What becomes of them: several with several on both sides have profiles that move."""
        if len(self.before) == 1:
            return Fate.KEEP if len(self.after) == 1 else Fate.SPLIT
        return Fate.MERGE if len(self.after) == 1 else Fate.MOVE


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> list[Compared]:
    """Customers by profile, as they are and as they would be, in the order of the profiles."""
    was, is_then = _profiles(before), _profiles(after)
    groups = united([*was.values(), *is_then.values()])
    alone = before.keys() - {key for group in groups for key in group}
    place = {key: n for n, key in enumerate(before)}
    ordered = [
        sorted(group, key=place.__getitem__)
        for group in [*groups, *(frozenset({key}) for key in alone)]
    ]
    return [
        Compared(
            {before[key]: was[before[key]] for key in keys},
            {after[key]: is_then[after[key]] for key in keys},
        )
        for keys in sorted(ordered, key=lambda keys: place[keys[0]])
    ]


def _profiles(customer_of: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, customer in customer_of.items():
        found.setdefault(customer, []).append(key)
    return {customer: tuple(keys) for customer, keys in found.items()}
