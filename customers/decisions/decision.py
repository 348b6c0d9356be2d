"""Decision: a person's word, as it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.page import Page, PageWanted
from customers.profile import Profile, profile
from customers.reading import Reading
from cypher import Row, load

BY_IDS = load("decisions/by_ids")
NUMBERED = load("decisions/numbered")
LAST = load("decisions/last")
OF_PROFILES = load("decisions/of_profiles")
OF_IDENTIFIERS = load("decisions/of_identifiers")
PROFILES_PAGE = load("decisions/profiles_page")
IDENTIFIERS = load("decisions/identifiers")

# Numbers that a page looks through at once; some of them may be withdrawn.
WINDOW = 100


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision; times in epoch milliseconds, of withdrawing only where it was withdrawn."""

    id: str
    number: int
    kind: str
    by: str
    at: int
    reason: str
    withdrawn_at: int | None
    withdrawn_by: str | None


@dataclass(frozen=True, slots=True)
class DecidedProfile:
    """A profile that a decision is about, and on which side it is, if there are sides."""

    side: str | None
    profile: Profile


def _decision(row: Row) -> Decision:
    return Decision(
        row["id"],
        row["number"],
        row["kind"],
        row["by"],
        row["at"],
        row["reason"],
        row["withdrawnAt"],
        row["withdrawnBy"],
    )


async def decisions_by_ids(reading: Reading, ids: Sequence[str]) -> list[Decision | None]:
    """Decisions in the order of `ids`; None where there is none."""
    found = {row["id"]: _decision(row) for row in await reading.rows(BY_IDS, ids=list(ids))}
    return [found.get(one) for one in ids]


async def decisions_before(
    reading: Reading, before: int | None, first: int, *, withdrawn: bool
) -> Page[Decision]:
    """The decisions with a number below `before`, the newest first; withdrawn ones if asked."""
    if before is None:
        rows = await reading.rows(LAST)
        end = int(rows[0]["n"]) if rows else 0
    else:
        end = before - 1
    found: list[Decision] = []
    while end > 0 and len(found) <= first:
        begin = max(0, end - max(first + 1, WINDOW))
        rows = await reading.rows(NUMBERED, after=begin, to=end)
        found += _shown(rows, withdrawn=withdrawn)
        end = begin
    return Page.of(found, first, after=before is not None)


async def decisions_of_profiles(reading: Reading, ids: Sequence[str]) -> list[list[Decision]]:
    """The decisions on profiles by their own customer ids, the newest first, withdrawn too."""
    rows = await reading.rows(OF_PROFILES, ids=sorted(set(ids)))
    return [[_decision(row) for row in rows if row["wanted"] == one] for one in ids]


async def decisions_of_identifiers(reading: Reading, keys: Sequence[str]) -> list[list[Decision]]:
    """The decisions on identifiers by key, the newest first, withdrawn too."""
    rows = await reading.rows(OF_IDENTIFIERS, keys=sorted(set(keys)))
    return [[_decision(row) for row in rows if row["wanted"] == one] for one in keys]


async def identifiers_of_decisions(reading: Reading, ids: Sequence[str]) -> list[str | None]:
    """The keys of the identifiers that decisions are about; None for those about profiles."""
    rows = await reading.rows(IDENTIFIERS, ids=sorted(set(ids)))
    found: dict[str, str] = {row["wanted"]: row["key"] for row in rows}
    return [found.get(one) for one in ids]


async def decided_pages(
    reading: Reading, wanted: Sequence[PageWanted]
) -> list[Page[DecidedProfile]]:
    """Profiles that decisions are about, by number; the position is `(number,)`."""
    pages = [
        {"place": place, "decision": one.of, "after": one.position[0] if one.position else 0}
        for place, one in enumerate(wanted)
    ]
    first = max(one.first for one in wanted)
    rows = await reading.rows(PROFILES_PAGE, pages=pages, first=first + 1)
    reading.versions.saw_read(
        (one["customer"], one["version"]) for row in rows for one in row["found"]
    )
    found = {
        row["page"]: [
            DecidedProfile(one["side"], profile(one, reading.masks)) for one in row["found"]
        ]
        for row in rows
    }
    return [
        Page.of(found.get(place, []), one.first, after=bool(one.position))
        for place, one in enumerate(wanted)
    ]


def _shown(rows: Sequence[Row], *, withdrawn: bool) -> list[Decision]:
    return [_decision(row) for row in rows if withdrawn or row["withdrawnAt"] is None]
