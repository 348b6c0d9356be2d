"""Households: customers of one family name who share an address, a landline or a mailbox.

Never a reason to merge anybody, and never changed by who came first: a household goes by the id of
its lowest-numbered customer.
"""

from collections.abc import Iterator, Mapping, Sequence

from customers.identity.addresses import codes_of, has_code
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

    for places in _together(parts, people, policy):
        for place in places[1:]:
            one, other = sorted((find(place), find(places[0])))
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


def _together(
    parts: Sequence[Sequence[Member]], people: Mapping[str, int], policy: Policy
) -> Iterator[list[int]]:
    """The places of customers of one family name who share something of a home."""
    having: dict[tuple[str, str], list[int]] = {}
    for place, part in enumerate(parts):
        for sign in _signs(part, people, policy):
            having.setdefault(sign, []).append(place)
    for (_, key), places in having.items():
        if not _in_several_places(key, [parts[place] for place in places], policy):
            yield places


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
    if not names:
        return set()
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


def _in_several_places(key: str, parts: Sequence[Sequence[Member]], policy: Policy) -> bool:
    """Whether a house known by its city has several postal codes, and so is several houses."""
    if namespace_of(key) != ADDRESS or has_code(house := key.partition("|")[2]):
        return False
    addresses = (
        held.key.partition("|")[2]
        for part in parts
        for one in part
        if policy.trusts(one.source)
        for held in one.held
        if namespace_of(held.key) == ADDRESS
    )
    return len(codes_of(house, addresses)) > 1
