"""Mutations by which colleagues write notes."""

import strawberry

from customers.about import About
from customers.decisions.asked import checked_reason
from customers.notes.write import Outcome, add_note, checked_text, withdraw_note
from graph_schema.context import Info
from graph_schema.decision.mutations import user_errors
from graph_schema.decision.types import ProfileRefInput
from graph_schema.ingest.types import UserError
from graph_schema.note.types import Note, note_node


@strawberry.type(description="What became of a note.")
class NotePayload:
    """The outcome."""

    outcome: strawberry.Private[Outcome]
    errors: list[UserError]

    @strawberry.field(description="The note; null where it was refused.")
    async def note(self, info: Info) -> Note | None:
        """The note as it now is."""
        if self.outcome.note is None:
            return None
        found = await info.context.loaders.notes_by_id.load(self.outcome.note)
        return note_node(found) if found else None


def _payload(outcome: Outcome) -> NotePayload:
    return NotePayload(outcome=outcome, errors=user_errors(outcome.refused))


@strawberry.type
class NoteMutations:
    """The note fields of Mutation."""

    @strawberry.mutation(
        description="Write a note about a customer, or about one of its profiles. It goes where "
        "that profile goes: through merges, and to its part after a split. Without `about` it is "
        "about the profile whose id the customer's is."
    )
    async def add_note(
        self,
        info: Info,
        customer_id: strawberry.ID,
        text: str,
        about: ProfileRefInput | None = None,
    ) -> NotePayload:
        """Write a note."""
        context = info.context
        whom = About(str(customer_id), about.ref() if about else None)
        clean = checked_text(text)
        context.wrote = True
        return _payload(
            await add_note(
                context.services.graph,
                whom,
                clean,
                context.reading.principal,
                context.reading.deadline,
            )
        )

    @strawberry.mutation(
        description="Take back a note of one's own; stewards take back any. It is kept, and no "
        "longer listed."
    )
    async def withdraw_note(self, info: Info, id: strawberry.ID, reason: str) -> NotePayload:
        """Withdraw a note."""
        context = info.context
        why = checked_reason(reason)
        context.wrote = True
        return _payload(
            await withdraw_note(
                context.services.graph,
                str(id),
                why,
                context.reading.principal,
                context.reading.deadline,
            )
        )
