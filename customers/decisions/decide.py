"""Decide: a person's word, written together with what it changes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from customers.audit.entry import Action, entry
from customers.audit.log import record
from customers.decisions.asked import (
    Accept,
    Asked,
    Block,
    Dismiss,
    KeepApart,
    Merge,
    OnMatch,
    Refused,
    RefusedError,
    Snooze,
    Split,
    Withdraw,
    check_named,
)
from customers.decisions.draft import BY_IDS, TARGETS, Draft
from customers.decisions.write import write
from customers.identity.component import of_profiles
from customers.identity.policy_in_force import PolicyInForce
from customers.ids import DECISION, new_id
from customers.ingest.turn import take_turn
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Transaction

# Customers that an answer shows.
SHOWN = 100
# What the audit log calls it.
ACTIONS: Mapping[type[Asked], Action] = {
    Merge: Action.MERGE,
    Split: Action.SPLIT,
    Block: Action.BLOCK,
    Withdraw: Action.WITHDRAW,
    Accept: Action.MERGE,
    Dismiss: Action.DISMISS,
    KeepApart: Action.SPLIT,
    Snooze: Action.SNOOZE,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the decision, and the customers whom it was about or moved; or why not."""

    decision: str | None = None
    customers: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


async def decide(  # noqa: PLR0917 - what every write takes, and why
    graph: Graph,
    policies: PolicyInForce,
    asked: Asked,
    reason: str,
    principal: Principal,
    deadline: Deadline,
) -> Outcome:
    """Decide `asked`, and resolve what it touches, in one transaction and the writers' turn.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check("decide on identity")
    check_named(asked, principal)
    known_by = asked.decision if isinstance(asked, Withdraw) else new_id(DECISION)
    at = now_ms()
    about = [known_by, asked.match] if isinstance(asked, OnMatch) else [known_by]
    told = entry(principal, ACTIONS[type(asked)], about)

    async def work(transaction: Transaction) -> tuple[Outcome, Counter[str]]:
        turn = await take_turn(transaction)
        await policies.keep_up(transaction.run, turn["policy"])
        if done := await _done(transaction, known_by, at, principal):
            return done, Counter()
        draft = Draft(transaction.run, policies.policy, at)
        try:
            await draft.take(asked, known_by)
        except RefusedError as problem:
            return Outcome(refused=problem.refused), Counter()
        changes = await write(transaction, draft, reason, principal, turn)
        await record(transaction, [told])
        return Outcome(known_by, _touched(draft)), changes

    outcome, changes = await graph.transaction("decisions/decide", work, deadline)
    for kind, count in changes.items():
        graph.watcher.happened("change", kind, count)
    return outcome


async def _done(transaction: Transaction, id: str, at: int, principal: Principal) -> Outcome | None:
    """What an attempt before this one did, whose commit nobody heard of."""
    rows = await transaction.run(BY_IDS, ids=[id])
    ours = [("at", "by"), ("withdrawnAt", "withdrawnBy")]
    if not any((row[when], row[who]) == (at, principal.name) for row in rows for when, who in ours):
        return None
    keys = [row["profile"] for row in await transaction.run(TARGETS, ids=[id])]
    found = await of_profiles(transaction.run, keys)
    return Outcome(
        id, tuple(sorted({one.customer for one in found.values() if one.customer})[:SHOWN])
    )


def _touched(draft: Draft) -> tuple[str, ...]:
    """The customers of the profiles that were named, and those that changed; by anchor."""
    ids = {draft.customer_of(key) for key in draft.named}
    ids |= {row["id"] for row in draft.resolution.customers if row["closedAt"] is None}
    anchors = {one.customer_id: one.number for one in draft.members.values()}
    open_ids = [one for one in ids if one is not None]
    return tuple(sorted(open_ids, key=lambda one: anchors.get(one, 0))[:SHOWN])
