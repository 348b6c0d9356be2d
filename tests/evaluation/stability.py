"""How many customers change their id while records come in, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customers.identity.component import Member, components
from customers.identity.policy import Policy
from tests import pure

LAST, STEP = 6_000, 500


@dataclass
class Stability:
    """Customers whose profiles are no longer all under the id that they had, by cause.

    `touched`: an identifier that they had gained or lost a holder. `gained`: none did, but they
    came by another identifier. `told`: nor that, but a profile of theirs said something new, such
    as another name. `beside`: only somebody else in their component did any of it. `untouched`:
    nothing in their component changed.
    """

    customers: int = 0
    touched: int = 0
    gained: int = 0
    told: int = 0
    beside: int = 0
    untouched: int = 0


@dataclass(frozen=True)
class _State:
    """Who is whom after some of the records."""

    members: Mapping[str, Member]
    customer_of: Mapping[str, int]  # by profile, the number of its customer's anchor
    component_of: Mapping[str, int]
    holders: Mapping[str, frozenset[str]]


def stability(records: Sequence[Mapping[str, Any]], policy: Policy) -> Stability:
    """Count the changes of ids over the last records, brought in step by step."""
    found = Stability()
    before: _State | None = None
    for state in _states(records, policy):
        if before is not None:
            _compare(before, state, found)
        before = state
    return found


def _states(records: Sequence[Mapping[str, Any]], policy: Policy) -> Iterator[_State]:
    for end in range(max(0, len(records) - LAST), len(records) + 1, STEP):
        members = pure.members(records[:end], policy)
        customer_of: dict[str, int] = {}
        component_of: dict[str, int] = {}
        for component in components(members, policy):
            component_of |= dict.fromkeys((one.key for one in component), component[0].number)
            for keys in pure.clusters_of(component, policy):
                anchor = min(members[key].number for key in keys)
                customer_of |= dict.fromkeys(keys, anchor)
        holders: dict[str, set[str]] = {}
        for one in members.values():
            for held in one.held:
                holders.setdefault(held.key, set()).add(one.key)
        frozen = {key: frozenset(profiles) for key, profiles in holders.items()}
        yield _State(members, customer_of, component_of, frozen)


def _compare(before: _State, after: _State, found: Stability) -> None:
    changed = {
        profile
        for key, profiles in before.holders.items()
        if after.holders.get(key) != profiles
        for profile in profiles
    }
    gained = {
        profile
        for key, profiles in after.holders.items()
        for profile in profiles - before.holders.get(key, frozenset())
        if profile in before.members
    }
    told = {key for key, one in before.members.items() if after.members[key].traits != one.traits}
    stirred = {before.component_of[profile] for profile in changed | gained | told}
    customers: dict[int, list[str]] = {}
    for profile, customer in before.customer_of.items():
        customers.setdefault(customer, []).append(profile)
    found.customers = len(customers)
    for customer, profiles in customers.items():
        if all(after.customer_of[profile] == customer for profile in profiles):
            continue
        if not changed.isdisjoint(profiles):
            found.touched += 1
        elif not gained.isdisjoint(profiles):
            found.gained += 1
        elif not told.isdisjoint(profiles):
            found.told += 1
        elif before.component_of[profiles[0]] in stirred:
            found.beside += 1
        else:
            found.untouched += 1
