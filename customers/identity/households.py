"""Households: customers of one family name who share an address, a landline or a mailbox.

Never a reason to merge anybody, and never changed by who came first: a household goes by the id of
its lowest-numbered customer.
"""

from collections.abc import Mapping, Sequence

from customers.identity.component import Member
from customers.identity.evidence import namespace_of
from customers.identity.names import skeleton
from customers.identity.policy import ADDRESS, Policy
from customers.ids import household_id

SEVERAL = 2


def households(
    parts: Sequence[Sequence[Member]], people: Mapping[str, int], policy: Policy
) -> dict[str, str]:
    """The household of each customer of a component that has one, by the customer's id.

    `parts` are the customers' profiles, the lowest number first.
    """
    if len(parts) < SEVERAL:
        return {}
    root = list(range(len(parts)))

    def find(place: int) -> int:
        while root[place] != place:
            place = root[place]
        return place

    first: dict[tuple[str, str], int] = {}
    for place, part in enumerate(parts):
        for sign in _signs(part, people, policy):
            one, other = sorted((find(place), find(first.setdefault(sign, place))))
            # The root is the customer of the lowest number.
            if parts[other][0].number < parts[one][0].number:
                one, other = other, one
            root[other] = one
    sizes: dict[int, int] = {}
    for place in range(len(parts)):
        sizes[find(place)] = sizes.get(find(place), 0) + 1
    return {
        part[0].customer_id: household_id(parts[find(place)][0].customer_id)
        for place, part in enumerate(parts)
        if sizes[find(place)] >= SEVERAL
    }


def _signs(
    part: Sequence[Member], people: Mapping[str, int], policy: Policy
) -> set[tuple[str, str]]:
    """Family name and what a family shares, for each that the customer has.

    What those say who are not trusted counts for nothing: whoever likes could move in with anybody.
    """
    family = policy.family
    if family is None:
        return set()
    believed = [one for one in part if policy.trusts(one.source)]
    names = {skeleton(name) for one in believed for name in one.compared(policy).get(family, ())}
    shared = {
        held.key
        for one in believed
        for held in one.held
        if not held.generic and _of_a_home(held.key, people, policy)
    }
    return {(name, key) for name in names for key in shared}


def _of_a_home(key: str, people: Mapping[str, int], policy: Policy) -> bool:
    namespace = namespace_of(key)
    if namespace == ADDRESS:
        return True
    kind = policy.namespace(namespace)
    return kind.normaliser in ("email", "phone") and people.get(key, 1) >= SEVERAL
