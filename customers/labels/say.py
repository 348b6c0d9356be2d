"""Say: label pairs of profiles, one by one or a file of them, and take a label back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from customers.audit.entry import Action, entry
from customers.audit.log import record
from customers.decisions.asked import ProfileRef, Refused
from customers.identity.component import Member, of_profiles
from customers.ids import LABEL, new_id
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Transaction, load

WRITE = load("labels/write")
ERASE = load("labels/erase")

# What everybody who labels may do.
SAY = "label pairs"
# Pairs that one transaction labels.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two profiles, and whether somebody says that they are the same person."""

    a: ProfileRef
    b: ProfileRef
    same: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a pair: the label's id, or why there is none."""

    label: str | None = None
    refused: tuple[Refused, ...] = ()


async def say(
    graph: Graph, pairs: Sequence[Pair], principal: Principal, deadline: Deadline
) -> list[Said]:
    """Label pairs, at most AT_ONCE, in their order; the last word on a pair holds.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
        MaskedError: a profile is named by what stands for identifiers that the caller does not see.
    """
    principal.check(SAY)
    for one in (end for pair in pairs for end in (pair.a, pair.b)):
        one.check(principal)
    ids = [new_id(LABEL) for _ in pairs]
    told = entry(principal, Action.LABEL)
    at = now_ms()

    async def work(transaction: Transaction) -> list[Said]:
        members = await _named(transaction, pairs)
        said = [_checked(one, members) for one in pairs]
        rows: dict[str, Row] = {}
        for known_by, pair, found in zip(ids, pairs, said, strict=True):
            if not isinstance(found, Refused):
                rows[_key(found)] = _row(known_by, pair, found)
        if not rows:
            return [Said(refused=(one,)) for one in said if isinstance(one, Refused)]
        placed = [row | {"place": place} for place, row in enumerate(rows.values(), 1)]
        written = await transaction.run(WRITE, rows=placed, at=at, by=principal.name)
        known = {row["key"]: row["id"] for row in written}
        await record(transaction, [replace(told, about=tuple(known.values()), count=len(known))])
        return [
            Said(refused=(one,)) if isinstance(one, Refused) else Said(known[_key(one)])
            for one in said
        ]

    return await graph.transaction(WRITE.name, work, deadline)


async def unsay(graph: Graph, id: str, principal: Principal, deadline: Deadline) -> Said:
    """Take a label back.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check(SAY)
    told = entry(principal, Action.UNLABEL, [id])
    there = False

    async def work(transaction: Transaction) -> Said:
        nonlocal there
        if not await transaction.run(ERASE, id=id):
            # An attempt before this one may have erased it, whose commit nobody heard of.
            if there:
                return Said(id)
            return Said(refused=(Refused("LABEL_UNKNOWN", f"There is no label {id}.", ("id",)),))
        there = True
        await record(transaction, [told])
        return Said(id)

    return await graph.transaction(ERASE.name, work, deadline)


async def _named(transaction: Transaction, pairs: Sequence[Pair]) -> dict[str, Member]:
    """The profiles of pairs, by key and by the customer id that they were born with."""
    refs = [end for pair in pairs for end in (pair.a, pair.b)]
    found = await of_profiles(
        transaction.run,
        {one.key for one in refs if one.key is not None},
        {one.born for one in refs if one.born is not None},
    )
    return found | {one.customer_id: one for one in found.values()}


def _checked(pair: Pair, members: dict[str, Member]) -> tuple[Member, Member] | Refused:
    """The two in the order of their numbers, or why they are no pair."""
    ends: list[Member] = []
    for name, ref in (("a", pair.a), ("b", pair.b)):
        one = members.get(ref.key or ref.born or "")
        if one is None:
            return Refused("PROFILE_UNKNOWN", "There is no such profile.", (name,))
        ends.append(one)
    one, other = sorted(ends, key=lambda end: end.number)
    if one.key == other.key:
        return Refused("SAME_PROFILE", "A pair is two profiles, not one twice.", ("b",))
    return one, other


def _key(ends: tuple[Member, Member]) -> str:
    return f"{ends[0].customer_id}>{ends[1].customer_id}"


def _row(id: str, pair: Pair, ends: tuple[Member, Member]) -> Row:
    key = _key(ends)
    return {
        "id": id,
        "key": key,
        "same": pair.same,
        "ends": [{"profile": one.key, "key": f"{key}>{one.customer_id}"} for one in ends],
    }
