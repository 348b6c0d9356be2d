"""People of an identifier: how many its holders seem to be, from a small order-free summary."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from customers.identity.compare import people_named
from customers.identity.evidence import namespace_of
from customers.identity.policy import Policy

# Distinct values kept of each kind: those with the smallest hashes, whatever order they came in.
# Far above any crowd limit; a sample of names that are all alike still counts as alike.
KEPT = 64

Told = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Summary:
    """Distinct values that the holders of an identifier show, by kind (a field or a namespace)."""

    values: Told

    @classmethod
    def of(cls, told: Iterable[Told]) -> "Summary":
        """The summary of what several holders tell of themselves."""
        united: dict[str, set[str]] = {}
        for one in told:
            for kind, values in one.items():
                united.setdefault(kind, set()).update(values)
        return cls({kind: _smallest(values) for kind, values in united.items() if values})

    @classmethod
    def loads(cls, text: str | None) -> "Summary":
        """Read what `dumps` wrote."""
        stored: dict[str, list[str]] = orjson.loads(text) if text else {}
        return cls({kind: frozenset(values) for kind, values in stored.items()})

    def dumps(self) -> str:
        """JSON text, the same for equal summaries."""
        return orjson.dumps(
            {kind: sorted(self.values[kind]) for kind in sorted(self.values)}
        ).decode()

    def __or__(self, told: Told) -> "Summary":
        """The summary with one more holder, or with more that a holder tells."""
        if all(values <= self.values.get(kind, frozenset()) for kind, values in told.items()):
            return self
        return Summary.of((self.values, told))

    def people(self, namespace: str, policy: Policy) -> int:
        """How many people seem to hold an identifier of `namespace`, at least 1.

        Clusters of first names; distinct unique values; for browsers and devices distinct e-mails.
        """
        counts = [1]
        for kind, values in self.values.items():
            if kind in policy.people_fields:
                counts.append(people_named(values))
            elif kind != namespace and (
                policy.namespace(kind).unique
                or (policy.namespace(namespace).shared and kind in policy.told_apart)
            ):
                counts.append(len(values))
        return max(counts)


def _smallest(values: Iterable[str]) -> frozenset[str]:
    distinct = set(values)
    if len(distinct) <= KEPT:
        return frozenset(distinct)
    return frozenset(sorted(distinct, key=lambda value: (_hash(value), value))[:KEPT])


def _hash(value: str) -> bytes:
    return hashlib.blake2b(value.encode(), digest_size=8).digest()


def told_by(
    identifiers: Iterable[str], fields: Mapping[str, frozenset[str]], policy: Policy
) -> Told:
    """What a profile tells of its holder to each of its identifiers."""
    told: dict[str, set[str]] = {
        name: set(fields[name]) for name in policy.people_fields if name in fields
    }
    for key in identifiers:
        namespace = namespace_of(key)
        if namespace in policy.unique or namespace in policy.told_apart:
            told.setdefault(namespace, set()).add(key)
    return {kind: frozenset(values) for kind, values in told.items()}
