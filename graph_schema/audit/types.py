"""Query.audit: who looked at whom, and who changed what."""

from typing import Annotated

import strawberry

from customers.audit.entry import Recorded
from customers.audit.pages import Wanted, audit_page
from customers.errors import CursorMismatchError
from customers.ingest.keys import digest
from customers.page import END
from customers.times import to_datetime, to_ms
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Context, Info
from graph_schema.pricing import Cost, paged
from graph_schema.scalars import DateTime

_AUDIT = "audit"


@strawberry.type(description="What somebody did, in ids; an entry is never changed or deleted.")
class AuditEntry:
    """An entry of the audit log."""

    id: strawberry.ID
    seq: int = strawberry.field(description="Without gaps, in the order of the commits.")
    at: DateTime = strawberry.field(description="When it was done.")
    recorded_at: DateTime = strawberry.field(
        description="When it came into the log, a moment later; `from` and `to` go by it."
    )
    actor: str = strawberry.field(description="Who did it.")
    role: str
    action: str = strawberry.field(
        description="read, export, exported, merge, split, block, withdraw, dismiss, snooze, "
        "label, unlabel, note, noteWithdrawn, correct, correctionWithdrawn, policy, keyCreated, "
        "keyRevoked or keyUsed."
    )
    operation: str | None = strawberry.field(
        description="Such as `query customer`; the schema's own name."
    )
    about: list[strawberry.ID] = strawberry.field(
        description="Ids of customers, profiles, decisions or keys, at most a thousand."
    )
    count: int = strawberry.field(description="Of how many it was.")
    reason: str | None = strawberry.field(description="Why, where they said so.")
    previous: str = strawberry.field(description="The hash of the entry before.")
    hash: str = strawberry.field(description="SHA-256 of this entry and `previous`, in hex.")


@strawberry.type(description="A page of the audit log.")
class AuditConnection(Connection[AuditEntry]):
    """A connection of entries."""


def audit_node(row: Recorded) -> AuditEntry:
    """An entry as GraphQL shows it."""
    return AuditEntry(
        id=strawberry.ID(row.id),
        seq=row.seq,
        at=to_datetime(row.at),
        recorded_at=to_datetime(row.recorded_at),
        actor=row.actor,
        role=row.role,
        action=row.action,
        operation=row.operation,
        about=[strawberry.ID(one) for one in row.about],
        count=row.count,
        reason=row.reason,
        previous=row.previous,
        hash=row.hash,
    )


@strawberry.type
class AuditQueries:
    """The audit field of Query."""

    @strawberry.field(
        description="Who looked at whom, who changed what: the newest first, for admins. `about` "
        "is an id of a customer, profile, decision or key, `actor` a caller's name.",
        directives=[Cost(weight=20), paged()],
    )
    async def audit(  # noqa: PLR0917 - the arguments of the field
        self,
        info: Info,
        about: strawberry.ID | None = None,
        actor: str | None = None,
        since: Annotated[DateTime | None, strawberry.argument(name="from")] = None,
        to: DateTime | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> AuditConnection:
        """A page of entries."""
        context = info.context
        wanted = Wanted(
            None if about is None else str(about),
            actor,
            0 if since is None else to_ms(since),
            END if to is None else to_ms(to),
        )
        name = _name(wanted)
        page = await audit_page(
            context.reading,
            wanted,
            page_size(first),
            None if after is None else _place(context, name, after),
        )
        edges = connected(
            page,
            lambda one: audit_node(one.entry),
            lambda one: context.cursors.encode(_AUDIT, *one.position, name),
        )
        return AuditConnection(edges=edges.edges, page_info=edges.page_info)


def _name(wanted: Wanted) -> str:
    """What cursors have besides a place: what was asked for."""
    return digest(repr(wanted))


def _place(context: Context, name: str, cursor: str) -> tuple[int, int]:
    seq, block, belongs = context.cursors.decode(_AUDIT, cursor)
    if belongs != name:
        raise CursorMismatchError(
            "The cursor belongs to other arguments: give those it came with, or begin without a "
            "cursor."
        )
    return seq, block
