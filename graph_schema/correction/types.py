"""Correction."""

import strawberry

from customers.corrections import correction as corrections
from customers.times import to_datetime
from graph_schema.scalars import JSON, DateTime, plain


@strawberry.type(
    description="What a steward said that a trait really is. It is shown and searched by instead "
    "of what the sources say, until it is withdrawn; who is one person it does not decide."
)
class Correction:
    """A correction."""

    id: strawberry.ID
    name: str
    value: JSON
    reason: str | None = strawberry.field(description="Null for whom it is not.")
    by: str
    at: DateTime
    withdrawn_at: DateTime | None
    withdrawn_by: str | None


def correction_node(row: corrections.Correction) -> Correction:
    """A correction as GraphQL shows it."""
    return Correction(
        id=strawberry.ID(row.id),
        name=row.name,
        value=plain(row.value),
        reason=row.reason,
        by=row.by,
        at=to_datetime(row.at),
        withdrawn_at=to_datetime(row.withdrawn_at) if row.withdrawn_at else None,
        withdrawn_by=row.withdrawn_by,
    )
