"""Write notes, and withdraw them; each with its entry in the audit log."""

from dataclasses import dataclass, replace

from customers.about import About, find
from customers.audit.entry import Action, entry
from customers.audit.log import record
from customers.decisions.asked import Refused, RefusedError
from customers.errors import InvalidInputError
from customers.ids import NOTE, new_id
from customers.ingest.turn import take_turn
from customers.notes.note import BY_IDS
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Transaction, load

WRITE = load("notes/write")
WITHDRAW = load("notes/withdraw")

LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the note and the customer whom it is about, or why not."""

    note: str | None = None
    customer: str | None = None
    refused: tuple[Refused, ...] = ()


def checked_text(text: str) -> str:
    """The text of a note.

    Raises:
        InvalidInputError: empty or too long.
    """
    clean = text.replace("\0", " ").strip()
    if not clean or len(clean) > LONGEST_NOTE:
        raise InvalidInputError(f"`text` must have between 1 and {LONGEST_NOTE:,} characters.")
    return clean


async def add_note(
    graph: Graph, about: About, text: str, principal: Principal, deadline: Deadline
) -> Outcome:
    """Write a note about a customer's profile.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check("write notes")
    about.check_named(principal)
    note, at = new_id(NOTE), now_ms()
    told = entry(principal, Action.NOTE, [note])

    async def work(transaction: Transaction) -> Outcome:
        await take_turn(transaction)
        for row in await transaction.run(BY_IDS, ids=[note]):
            # An attempt before this one wrote it, whose commit nobody heard of.
            return Outcome(note, row["customer"])
        try:
            one = await find(transaction.run, about)
        except RefusedError as problem:
            return Outcome(refused=problem.refused)
        await transaction.run(WRITE, id=note, profile=one.key, text=text, by=principal.name, at=at)
        customer = one.customer or one.customer_id
        await record(transaction, [replace(told, about=(note, customer))])
        return Outcome(note, customer)

    return await graph.transaction("notes/add", work, deadline)


async def withdraw_note(
    graph: Graph, id: str, reason: str, principal: Principal, deadline: Deadline
) -> Outcome:
    """Withdraw a note of one's own, or of anybody for whom that is.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check("write notes")
    at = now_ms()
    told = entry(principal, Action.NOTE_WITHDRAWN, [id])

    async def work(transaction: Transaction) -> Outcome:
        await take_turn(transaction)
        rows = await transaction.run(BY_IDS, ids=[id])
        if not rows:
            return _refused("NOTE_UNKNOWN", f"There is no note {id:.50}.")
        [row] = rows
        if (row["withdrawnAt"], row["withdrawnBy"]) == (at, principal.name):
            return Outcome(id, row["customer"])
        if row["withdrawnAt"] is not None:
            return _refused("ALREADY_WITHDRAWN", f"{id} was withdrawn already.")
        if row["by"] != principal.name and not principal.may("withdraw notes of others"):
            return _refused("ANOTHERS_NOTE", "Only who wrote a note, or a steward, withdraws it.")
        await transaction.run(WITHDRAW, id=id, by=principal.name, at=at, reason=reason)
        await record(transaction, [replace(told, about=(id, row["customer"]))])
        return Outcome(id, row["customer"])

    return await graph.transaction("notes/withdraw", work, deadline)


def _refused(code: str, message: str) -> Outcome:
    return Outcome(refused=(Refused(code, message, ("id",)),))
