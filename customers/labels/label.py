"""Label: somebody's word that two profiles are one person or two, as it is shown."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from customers.page import Page
from customers.reading import Reading
from cypher import Row, load

LAST = load("labels/last")
NUMBERED = load("labels/numbered")
BY_IDS = load("labels/by_ids")

# Numbers that are looked through at once.
WINDOW = 500


@dataclass(frozen=True, slots=True)
class End:
    """One of the two: its own customer id, its number, and the customer that it has."""

    profile: str
    number: int
    source: str
    source_id: str
    customer: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label; `ends` by number, `at` in epoch milliseconds."""

    id: str
    number: int
    same: bool
    by: str
    at: int
    ends: tuple[End, End]

    @property
    def linked(self) -> bool:
        """Whether the two are one customer in the graph."""
        return self.ends[0].customer == self.ends[1].customer


def _labels(reading: Reading, rows: Iterable[Row]) -> list[Label]:
    """The labels whose profiles are both there, the newest first."""
    found: list[Label] = []
    for row in sorted(rows, key=lambda row: -int(row["number"])):
        reading.versions.saw_read((one["customer"], one["version"]) for one in row["ends"])
        ends = [
            End(
                one["profile"],
                one["number"],
                one["source"],
                reading.masks.source_id(one["sourceId"]),
                one["customer"],
            )
            for one in sorted(row["ends"], key=lambda one: int(one["number"]))
        ]
        if len(ends) == 2:  # noqa: PLR2004 - a pair
            pair = ends[0], ends[1]
            found.append(Label(row["id"], row["number"], row["same"], row["by"], row["at"], pair))
    return found


async def labels_by_ids(reading: Reading, ids: Sequence[str]) -> list[Label | None]:
    """Labels in the order of `ids`; None where there is none."""
    found = {one.id: one for one in _labels(reading, await reading.rows(BY_IDS, ids=list(ids)))}
    return [found.get(one) for one in ids]


async def labels_before(reading: Reading, before: int | None, first: int) -> Page[Label]:
    """The labels with a number below `before`, the newest first."""
    found: list[Label] = []
    async for some in _windows(reading, before):
        found += some
        if len(found) > first:
            break
    return Page.of(found, first, after=before is not None)


async def every_label(reading: Reading) -> list[Label]:
    """All labels, the newest first."""
    return [one async for some in _windows(reading, None) for one in some]


async def _windows(reading: Reading, before: int | None) -> AsyncIterator[list[Label]]:
    if before is None:
        rows = await reading.rows(LAST)
        end = int(rows[0]["n"]) if rows else 0
    else:
        end = before - 1
    while end > 0:
        begin = max(0, end - WINDOW)
        yield _labels(reading, await reading.rows(NUMBERED, after=begin, to=end))
        end = begin
