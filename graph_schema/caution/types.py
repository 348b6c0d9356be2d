"""Caution."""

import strawberry

from customers import cautions
from customers.times import to_datetime
from graph_schema.scalars import DateTime

strawberry.enum(cautions.Kind, name="CautionKind", description="What a caution is about.")


@strawberry.type(description="What not to do with a customer, and why.")
class Caution:
    """A caution."""

    kind: cautions.Kind
    text: str = strawberry.field(description="What not to do.")
    why: str
    channel: str | None = strawberry.field(
        description="email, phone, sms, post, push or whatsapp, of what is about one of them."
    )
    at: DateTime | None = strawberry.field(description="Since when; null where nobody said.")


def caution_node(row: cautions.Caution) -> Caution:
    """A caution as GraphQL shows it."""
    return Caution(
        kind=row.kind,
        text=row.text,
        why=row.why,
        channel=row.channel,
        at=None if row.at is None else to_datetime(row.at),
    )
