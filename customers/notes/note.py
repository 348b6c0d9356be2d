"""Note: what a colleague wrote about a customer. It belongs to the profile it was written about."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.access.masks import Masks
from customers.ids import profile_id
from customers.page import END, Page
from customers.reading import Reading
from customers.traits import REASON
from cypher import Row, load

BY_IDS = load("notes/by_ids")
PAGE = load("notes/page")


@dataclass(frozen=True, slots=True)
class Note:
    """A note; times in epoch milliseconds, of withdrawing only where it was withdrawn.

    `text` is None for whom it is not. `profile` is the id of the profile that it is about.
    """

    id: str
    number: int
    text: str | None
    by: str
    at: int
    profile: str
    withdrawn_at: int | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


@dataclass(frozen=True, slots=True)
class NotesWanted:
    """A page of the notes about a customer, those of lower numbers than `before`."""

    customer: str
    first: int
    before: int = END
    withdrawn: bool = False


def _note(row: Row, masks: Masks) -> Note:
    why = row["withdrawnReason"]
    return Note(
        row["id"],
        row["number"],
        masks.trait(REASON, row["text"]),
        row["by"],
        row["at"],
        profile_id(row["profile"]),
        row["withdrawnAt"],
        row["withdrawnBy"],
        why and masks.trait(REASON, why),
    )


async def notes_by_ids(reading: Reading, ids: Sequence[str]) -> list[Note | None]:
    """Notes in the order of `ids`; None where there is none."""
    rows = await reading.rows(BY_IDS, ids=sorted(set(ids)))
    reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
    found = {row["id"]: _note(row, reading.masks) for row in rows}
    return [found.get(one) for one in ids]


async def note_pages(reading: Reading, wanted: Sequence[NotesWanted]) -> list[Page[Note]]:
    """Pages of the notes about customers, the newest first.

    Raises:
        ForbiddenError: notes are not for the caller.
    """
    reading.principal.check("read notes")
    pages = [
        {
            "place": place,
            "customer": one.customer,
            "before": one.before,
            "withdrawn": one.withdrawn,
        }
        for place, one in enumerate(wanted)
    ]
    first = max(one.first for one in wanted)
    rows = await reading.rows(PAGE, pages=pages, first=first + 1)
    reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
    found = {row["page"]: [_note(one, reading.masks) for one in row["found"]] for row in rows}
    return [
        Page.of(found.get(place, []), one.first, after=one.before != END)
        for place, one in enumerate(wanted)
    ]
