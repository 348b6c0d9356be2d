"""Note."""

import strawberry

from customers.notes import note as notes
from customers.times import to_datetime
from graph_schema.context import Info
from graph_schema.pricing import Cost
from graph_schema.profile.types import Profile, profile_node
from graph_schema.scalars import DateTime


@strawberry.type(description="What a colleague wrote about a customer, for colleagues.")
class Note:
    """A note."""

    row: strawberry.Private[notes.Note]
    id: strawberry.ID
    text: str | None = strawberry.field(description="Plain text; null for whom it is not.")
    by: str
    at: DateTime
    withdrawn_at: DateTime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None

    @strawberry.field(
        description="The profile that it is about; it goes where that goes.",
        directives=[Cost(weight=5)],
    )
    async def profile(self, info: Info) -> Profile | None:
        """What it is about."""
        found = await info.context.loaders.profiles_by_id.load(self.row.profile)
        return profile_node(found) if found else None


def note_node(row: notes.Note) -> Note:
    """A note as GraphQL shows it."""
    return Note(
        row=row,
        id=strawberry.ID(row.id),
        text=row.text,
        by=row.by,
        at=to_datetime(row.at),
        withdrawn_at=to_datetime(row.withdrawn_at) if row.withdrawn_at else None,
        withdrawn_by=row.withdrawn_by,
        withdrawn_reason=row.withdrawn_reason,
    )
