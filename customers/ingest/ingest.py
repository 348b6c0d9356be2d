"""Ingest: raw records, checked one by one; those that are right go in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.ingest.prepare import Prepared, prepare
from customers.ingest.queue import LIVE_BATCH_ROWS, Outcome, Rejected, Writer
from customers.ingest.record import Record, reasons
from customers.ingest.state import TAKEN
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline

INVALID_RECORD = "INVALID_RECORD"
FOREIGN_SOURCE = "FOREIGN_SOURCE"
# What customers say of themselves, and nobody else for them.
ONESELF = "self"


async def ingest(
    writer: Writer,
    policy: Policy,
    records: Sequence[Mapping[str, Any]],
    principal: Principal,
    deadline: Deadline,
) -> list[Outcome]:
    """Write `records`, at most 1,000; outcomes in their order. Invalid ones do not stop the others.

    Raises:
        ForbiddenError, InvalidInputError, DeadlineExceededError, OverloadedError,
        DatabaseUnavailableError
    """
    principal.check("write records")
    if len(records) > LIVE_BATCH_ROWS:
        raise InvalidInputError(
            f"{len(records)} records in one call: send at most {LIVE_BATCH_ROWS} at a time"
        )
    received = now_ms()
    checked = [_own(raw, principal) or prepared(raw, policy, received) for raw in records]
    right = [one for one in checked if isinstance(one, Prepared)]
    writer.tell(one for one in checked if isinstance(one, Rejected))
    outcomes = iter(await writer.submit(right, principal, deadline))
    return [
        _told(next(outcomes), principal, policy) if isinstance(one, Prepared) else one
        for one in checked
    ]


def _own(raw: object, principal: Principal) -> Rejected | None:
    """The refusal of a record of a source that the caller does not write for, before all else."""
    source = raw.get("source") if isinstance(raw, Mapping) else None
    if principal.source in (None, source.strip() if isinstance(source, str) else source):
        return None
    return Rejected(f"this caller writes for the source {principal.source} alone", FOREIGN_SOURCE)


def _told(outcome: Outcome, principal: Principal, policy: Policy) -> Outcome:
    """What the caller learns; the key of one source may be in a browser, and learns of nobody."""
    if isinstance(outcome, Rejected) or principal.source is None:
        return outcome
    refused = outcome.refused
    if not policy.trusts(principal.source):
        refused = tuple(one for one in refused if one.reason != TAKEN)
    return replace(outcome, customer=None, known=False, refused=refused)


def validated(raw: object) -> Record | Rejected:
    """A record out of decoded JSON, or what is wrong with it."""
    if not isinstance(raw, Mapping):
        return Rejected("not a JSON object", INVALID_RECORD)
    try:
        return Record.model_validate(raw)
    except ValidationError as problem:
        return Rejected(reasons(problem), INVALID_RECORD)


def prepared(raw: object, policy: Policy, received: int, place: str = "") -> Prepared | Rejected:
    """The record as the graph takes it, or why it does not; arguments as those of `prepare`."""
    record = validated(raw)
    if isinstance(record, Rejected):
        return record
    if record.source == ONESELF:
        return Rejected("only customers themselves write for the source self", FOREIGN_SOURCE)
    try:
        return prepare(record, policy, received, place)
    except InvalidInputError as problem:
        return Rejected(str(problem), INVALID_RECORD)
    except (TypeError, UnicodeError) as problem:
        # Python holds what JSON cannot: half a surrogate pair, integers of any size, deep nesting.
        return Rejected(f"a value that JSON cannot hold: {problem}", INVALID_RECORD)
