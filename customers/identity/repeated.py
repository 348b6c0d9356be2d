"""Repeated: new profiles that tell no more than one does that is decided on already. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from customers.identity.component import Member, components, people_of
from customers.identity.evidence import namespace_of
from customers.identity.matched import proposed_of
from customers.identity.partition import joins_its_like
from customers.identity.policy import Policy


class Repeated:
    """Finds components whose new profiles repeat others; each is looked at once.

    Profiles of equal evidence are one before anything is compared, where that evidence joins them:
    one more changes nothing that is decided, and comes to the customer of the others. So does the
    second receipt with a card.
    """

    def __init__(self, touched: Iterable[str], shifted: Collection[str], policy: Policy) -> None:
        """`touched` are profiles whose records changed, `shifted` identifiers whose people did."""
        self._touched, self._shifted, self._policy = {*touched}, shifted, policy
        self._found: dict[tuple[str, ...], list[list[Member]] | None] = {}

    def members(self, members: Mapping[str, Member]) -> set[str]:
        """The keys of those of such components, whatever more there is of these."""
        if all(one.customer is None for one in members.values()):
            return set()
        return {
            one.key
            for component in components(members, self._policy)
            if self.parts(component)
            for one in component
        }

    def parts(self, component: Sequence[Member]) -> list[list[Member]] | None:
        """The customers of a component, the anchor of each first; None if anything else is new."""
        keys = tuple([one.key for one in component])
        if keys not in self._found:
            self._found[keys] = self._parts(component)
        return self._found[keys]

    def _parts(self, component: Sequence[Member]) -> list[list[Member]] | None:
        policy = self._policy
        old = [one for one in component if one.customer is not None]
        new = [one for one in component if one.customer is None]
        if policy.owned or not new or not self._settled(old, new):
            return None
        parts: dict[str | None, list[Member]] = defaultdict(list)
        for one in old:
            parts[one.customer].append(one)
        whole = all(len(part) == part[0].size for part in parts.values())
        known = _by_keys(old, policy)
        for one in new:
            parts[_customer(one, known, policy)].append(one)
        for part in parts.values():
            part.sort(key=lambda one: one.rank(policy))
        if whole and all(part[0].customer_id == customer for customer, part in parts.items()):
            return list(parts.values())
        return None

    def _settled(self, old: Iterable[Member], new: Iterable[Member]) -> bool:
        """Whether nothing is new of those who have a customer, and none waits to be decided on.

        New ones without records are of a change that begins with somebody else.
        """
        quiet = all(not (one.pending or one.key in self._touched) for one in old)
        return (
            quiet
            and all(one.key in self._touched for one in new)
            and not any(held.key in self._shifted for one in (*old, *new) for held in one.held)
            # Of a proposal by another tool all counts that its customers are made of.
            and not proposed_of(text for one in old for text in one.matches)
        )


# Of a profile what is compared by keys: whether it is trusted, what links it to others or leads to
# them.
Keys = tuple[bool, frozenset[str]]


def _by_keys(members: Iterable[Member], policy: Policy) -> dict[Keys, list[Member]]:
    found: dict[Keys, list[Member]] = defaultdict(list)
    for one in members:
        found[_keys(one, policy)].append(one)
    return found


def _keys(one: Member, policy: Policy) -> Keys:
    counted = policy.counted
    keys = [held.key for held in one.held if not held.generic]
    return policy.trusts(one.source), frozenset(
        [key for key in keys if namespace_of(key) in counted]
    )


def _customer(one: Member, known: dict[Keys, list[Member]], policy: Policy) -> str | None:
    """The customer of those of the same evidence, if that makes them one; else None."""
    told = known.get(_keys(one, policy), ())
    if any(other.decided for other in (one, *told)):
        return None
    fields = one.compared(policy)
    alike = next((other for other in told if other.compared(policy) == fields), None)
    if alike is None:
        return None
    joins = joins_its_like(one.evidence(policy), people_of([one]), policy)
    return alike.customer if joins else None
