"""Repeated: new profiles that tell no more than one does that is decided on already. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from customers.identity.component import Member
from customers.identity.evidence import namespace_of
from customers.identity.matched import proposed_of
from customers.identity.partition import joins_its_like
from customers.identity.policy import Policy


def repeated(
    component: Sequence[Member], touched: Collection[str], shifted: Collection[str], policy: Policy
) -> list[list[Member]] | None:
    """The customers of a component whose new profiles repeat others; None if anything else is new.

    Profiles of equal evidence are one before anything is compared, where that evidence joins them:
    one more changes nothing that is decided, and comes to the customer of the others. So does the
    second receipt with a card. `touched` are the profiles whose records changed, `shifted`
    the identifiers whose people did. A customer's first profile is its anchor.
    """
    old = [one for one in component if one.customer is not None]
    new = [one for one in component if one.customer is None]
    if policy.owned or not new or not _settled(old, new, touched, shifted):
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


def _settled(
    old: Iterable[Member],
    new: Iterable[Member],
    touched: Collection[str],
    shifted: Collection[str],
) -> bool:
    """Whether nothing is new of those who have a customer, and none of them waits to be decided on.

    New ones without records are of a change that begins with somebody else.
    """
    quiet = all(not (one.pending or one.key in touched) for one in old)
    return (
        quiet
        and all(one.key in touched for one in new)
        and not any(held.key in shifted for one in (*old, *new) for held in one.held)
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
    fields = one.compared(policy)
    alike = [
        other for other in known.get(_keys(one, policy), ()) if other.compared(policy) == fields
    ]
    if not alike or any(other.decided for other in (one, *alike)):
        return None
    people = {held.key: held.people or 1 for held in one.held}
    return alike[0].customer if joins_its_like(one.evidence(policy), people, policy) else None
