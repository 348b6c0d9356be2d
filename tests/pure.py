"""Records to clusters without a graph: what the graph must agree with, whatever the order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from customers.identity.compared import blocking_keys, compared
from customers.identity.component import Held, Member, components
from customers.identity.partition import partition
from customers.identity.people import Summary, told_by
from customers.identity.policy import Policy
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from customers.traits import Traits, dumps, with_values

RECEIVED = 2_000_000_000_000


@dataclass
class Known:
    """A profile as its records made it."""

    source: str
    source_id: str
    identifiers: dict[str, int] = field(default_factory=dict)  # when each was last seen
    traits: Traits = field(default_factory=dict)


def members(records: Iterable[Mapping[str, Any]], policy: Policy) -> dict[str, Member]:
    """The profiles of `records` by key, numbered as they come."""
    known: dict[str, Known] = {}
    for record in records:
        ready = prepare(Record.model_validate(record), policy, RECEIVED)
        one = known.setdefault(ready.profile, Known(ready.source, ready.source_id))
        for identifier in ready.identifiers:
            one.identifiers[identifier.key] = max(ready.at, one.identifiers.get(identifier.key, 0))
        one.traits = with_values(one.traits, ready.traits, ready.at)
    told = defaultdict(list)
    for one in known.values():
        fields, trusted = compared(one.traits, policy), policy.trusts(one.source)
        if trusted:
            one.identifiers |= dict.fromkeys(blocking_keys(fields, policy), 0)
        says = told_by(one.identifiers, fields, policy, trusted=trusted)
        for key in one.identifiers:
            told[key].append(says)
    people = {
        key: Summary.of(says).people(key.partition("|")[0], policy) for key, says in told.items()
    }
    return {
        key: Member(
            key=key,
            number=number,
            customer_id=f"cus_{number}",
            source=one.source,
            traits=dumps(one.traits),
            customer=None,
            held=tuple(
                Held(name, people[name], people[name] > policy.crowd, used)
                for name, used in sorted(one.identifiers.items())
            ),
        )
        for number, (key, one) in enumerate(known.items(), 1)
    }


def clusters_of(profiles: Iterable[Member], policy: Policy) -> list[list[str]]:
    """The profiles' keys by cluster, all taken as one component."""
    profiles = list(profiles)
    people = {held.key: held.people or 1 for one in profiles for held in one.held}
    return partition({one.key: one.evidence(policy) for one in profiles}, people, policy)


def clusters(records: Iterable[Mapping[str, Any]], policy: Policy) -> set[frozenset[str]]:
    """The profiles' keys by customer, resolved component by component."""
    known = members(records, policy)
    return {
        frozenset(keys)
        for component in components(known, policy)
        for keys in clusters_of(component, policy)
    }
