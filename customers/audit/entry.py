"""Entry: one line of the audit log, made of ids and never of a person's values."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from customers.ids import AUDIT, new_id
from customers.principal import Principal
from customers.times import now_ms
from cypher import Row

# Ids that one entry names; an answer that shows more customers makes several entries.
MOST_NAMED = 1_000
# Of what callers make up: an entry stays small, and a key of a trail is one that an index takes.
LONGEST_ACTOR, LONGEST_ID, LONGEST_REASON = 200, 200, 500


class Action(StrEnum):
    """What was done."""

    READ = "read"
    EXPORT = "export"
    EXPORTED = "exported"
    MERGE = "merge"
    SPLIT = "split"
    BLOCK = "block"
    WITHDRAW = "withdraw"
    NOTE = "note"
    NOTE_WITHDRAWN = "noteWithdrawn"
    CORRECT = "correct"
    CORRECTION_WITHDRAWN = "correctionWithdrawn"
    LABEL = "label"
    UNLABEL = "unlabel"
    DISMISS = "dismiss"
    SNOOZE = "snooze"
    POLICY = "policy"
    KEY_CREATED = "keyCreated"
    KEY_REVOKED = "keyRevoked"
    KEY_USED = "keyUsed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did, before it has a place in the log; `at` in epoch milliseconds.

    `about` are ids of customers, profiles, keys or decisions, and `count` is of how many it was.
    """

    id: str
    at: int
    actor: str
    role: str
    action: str
    operation: str | None
    about: tuple[str, ...]
    count: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Recorded(Entry):
    """An entry in its place: `recorded_at` never goes back, `previous` is the hash before."""

    seq: int
    recorded_at: int
    previous: str
    hash: str

    def row(self) -> Row:
        """As the graph has it, and an export."""
        row = asdict(self)
        return row | {"about": list(self.about), "recordedAt": row.pop("recorded_at")}


def entry(
    principal: Principal,
    action: Action,
    about: Iterable[str] = (),
    *,
    operation: str | None = None,
    count: int | None = None,
) -> Entry:
    """What `principal` does now; make it before the transaction, which may be run again.

    `about` are ids, each once and at most MOST_NAMED; `count` says of how many it was where it
    cannot name all.
    """
    ids = tuple(dict.fromkeys(_plain(one, LONGEST_ID) for one in about))
    return Entry(
        id=new_id(AUDIT),
        at=now_ms(),
        actor=_plain(principal.name, LONGEST_ACTOR),
        role=principal.role.value,
        action=action.value,
        operation=operation,
        about=ids[:MOST_NAMED],
        count=len(ids) if count is None else count,
        reason=_plain(principal.reason or "", LONGEST_REASON) or None,
    )


def entries(
    principal: Principal, action: Action, about: Sequence[str], *, operation: str | None = None
) -> list[Entry]:
    """As many entries as it takes to name everybody; one where nobody is known to be meant."""
    return [
        entry(principal, action, about[start : start + MOST_NAMED], operation=operation)
        for start in range(0, len(about) or 1, MOST_NAMED)
    ]


def recorded(row: Row) -> Recorded:
    """An entry out of a row."""
    values: dict[str, Any] = {**row, "about": tuple(row["about"])}
    return Recorded(recorded_at=values.pop("recordedAt"), **values)


def _plain(text: str, longest: int) -> str:
    """One line of characters that UTF-8 and the database have."""
    return " ".join(text.encode("utf-8", "replace").decode().replace("\0", " ").split())[:longest]
