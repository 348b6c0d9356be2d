"""Correct a trait, or withdraw that; written together with the customer as it then is.

The customer's own row is made again out of its profiles, and no component is decided on again: a
correction compares nobody, and so merges and splits nobody.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from customers.about import About, find
from customers.audit.entry import Action, Entry, entry
from customers.audit.log import record
from customers.corrections.checked import checked_value
from customers.corrections.correction import BY_IDS
from customers.decisions.asked import Refused, RefusedError
from customers.identity.component import Member, of_customers, of_profiles
from customers.identity.corrected import Corrected
from customers.identity.policy import Policy
from customers.identity.policy_in_force import PolicyInForce
from customers.identity.resolve import Resolution, customer_row
from customers.identity.resolve import write as write_resolution
from customers.ids import CORRECTION, new_id
from customers.ingest.turn import take_turn
from customers.principal import Principal
from customers.times import now_ms
from customers.traits import golden, loads
from cypher import Deadline, Graph, Row, Transaction, load

WRITE = load("corrections/write")
WITHDRAW = load("corrections/withdraw")

ACTION = "correct traits"


@dataclass(frozen=True, slots=True)
class Asked:
    """A trait of whom is really which value, and why."""

    about: About
    name: str
    value: object
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the correction and the customer that it changed, or why not."""

    correction: str | None = None
    customer: str | None = None
    refused: tuple[Refused, ...] = ()


async def correct_trait(
    graph: Graph, policies: PolicyInForce, asked: Asked, principal: Principal, deadline: Deadline
) -> Outcome:
    """Say what a trait really is, whatever the sources of the customer say.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check(ACTION)
    asked.about.check_named(principal)
    known_by, at = new_id(CORRECTION), now_ms()
    told = entry(principal, Action.CORRECT, [known_by])

    async def work(transaction: Transaction, policy: Policy, turn: Row) -> Outcome:
        if done := await transaction.run(BY_IDS, ids=[known_by]):
            # An attempt before this one wrote it, whose commit nobody heard of.
            return Outcome(known_by, await _customer_of(transaction, done[0]["profile"]))
        one = await find(transaction.run, asked.about)
        part = await _part(transaction, one)
        said = ((each.source, loads(each.traits)) for each in part)
        known = {*golden(said, policy), *(each.name for each in one.corrected)}
        value = checked_value(asked.name, asked.value, known, principal.masks, policy)
        made = Corrected(known_by, asked.name, value, at, principal.name, asked.reason)
        await transaction.run(
            WRITE,
            id=known_by,
            profile=one.key,
            name=made.name,
            value=value,
            reason=made.reason,
            by=made.by,
            at=at,
            mark=made.dumps(),
        )
        now = one._replace(corrected=(*one.corrected, made))
        return await _written(transaction, policy, turn, (part, now, told))

    return await _in_turn(graph, policies, "corrections/correct", work, deadline)


async def withdraw_correction(
    graph: Graph, policies: PolicyInForce, id: str, principal: Principal, deadline: Deadline
) -> Outcome:
    """Take a correction back; the trait is again what its sources or earlier corrections say.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check(ACTION)
    at = now_ms()
    told = entry(principal, Action.CORRECTION_WITHDRAWN, [id])

    async def work(transaction: Transaction, policy: Policy, turn: Row) -> Outcome:
        rows = await transaction.run(BY_IDS, ids=[id])
        if not rows:
            raise _refused("CORRECTION_UNKNOWN", f"There is no correction {id:.50}.")
        [row] = rows
        if (row["withdrawnAt"], row["withdrawnBy"]) == (at, principal.name):
            return Outcome(id, await _customer_of(transaction, row["profile"]))
        if row["withdrawnAt"] is not None:
            raise _refused("ALREADY_WITHDRAWN", f"{id} was withdrawn already.")
        [one] = (await of_profiles(transaction.run, [row["profile"]])).values()
        left = tuple(each for each in one.corrected if each.id != id)
        await transaction.run(
            WITHDRAW,
            id=id,
            profile=one.key,
            by=principal.name,
            at=at,
            left=[each.dumps() for each in left] or None,
        )
        part = await _part(transaction, one)
        now = one._replace(corrected=left)
        return await _written(transaction, policy, turn, (part, now, told))

    return await _in_turn(graph, policies, "corrections/withdraw", work, deadline)


_Work = Callable[[Transaction, Policy, Row], Awaitable[Outcome]]


async def _in_turn(
    graph: Graph, policies: PolicyInForce, name: str, work: _Work, deadline: Deadline
) -> Outcome:
    async def in_turn(transaction: Transaction) -> Outcome:
        turn = await take_turn(transaction)
        await policies.keep_up(transaction.run, turn["policy"])
        try:
            return await work(transaction, policies.policy, turn)
        except RefusedError as problem:
            return Outcome(refused=problem.refused)

    return await graph.transaction(name, in_turn, deadline)


async def _part(transaction: Transaction, one: Member) -> list[Member]:
    """The profiles of its customer."""
    assert one.customer is not None  # noqa: S101 - erased profiles are not found
    return [*(await of_customers(transaction.run, [one.customer])).values()]


async def _written(
    transaction: Transaction, policy: Policy, turn: Row, what: tuple[list[Member], Member, Entry]
) -> Outcome:
    """Write the customer as it is with a profile as it is now, and what is told of it."""
    part, now, told = what
    assert now.customer is not None  # noqa: S101 - erased profiles are not found
    members = [now if one.key == now.key else one for one in part]
    # The anchor as it is, should the policy have another now.
    members.sort(key=lambda one: one.customer_id != now.customer)
    row = customer_row(members, policy)
    row["pending"] = True if now.pending else None
    await write_resolution(transaction, Resolution(customers=[row]), [], turn, now_ms())
    [correction] = told.about
    await record(transaction, [replace(told, about=(correction, now.customer))])
    return Outcome(correction, now.customer)


async def _customer_of(transaction: Transaction, profile: str) -> str | None:
    found = await of_profiles(transaction.run, [profile])
    return next((one.customer for one in found.values()), None)


def _refused(code: str, message: str) -> RefusedError:
    return RefusedError(Refused(code, message, ("id",)))
