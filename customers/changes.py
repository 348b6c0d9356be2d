"""Changes: what happened to customers, in order, without gaps, each with its cause."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.page import Page
from customers.reading import Reading
from cypher import Row, load

AFTER = load("changes/after")
BY_SEQ = load("changes/by_seq")
LAST = load("changes/last")


@dataclass(frozen=True, slots=True)
class Change:
    """Profiles that came to a customer: `kind` is created, joined, merged, split or moved.

    Those of kind deleted are gone.

    `came_from` is the customer they left. `profiles` are keys, at most a hundred of the `count`.
    `cause` is what was being done, `because` the profile whose record led to it or the decision
    that did, `by` who sent it or decided it.
    """

    seq: int
    at: int
    kind: str
    customer: str
    came_from: str | None
    profiles: Sequence[str]
    count: int
    cause: str
    because: str | None
    by: str


def _change(row: Row) -> Change:
    return Change(
        row["seq"],
        row["at"],
        row["kind"],
        row["customerId"],
        row["fromId"],
        row["profiles"],
        row["count"],
        row["cause"],
        row["because"],
        row["by"],
    )


async def last_change(reading: Reading) -> int:
    """The number of the newest change; 0 where nothing ever happened."""
    rows = await reading.rows(LAST)
    return int(rows[0]["n"]) if rows else 0


async def changes_by_seq(reading: Reading, numbers: Sequence[int]) -> list[Change | None]:
    """Changes in the order of `numbers`; None where there is none."""
    rows = await reading.rows(BY_SEQ, numbers=list(numbers))
    found = {row["seq"]: _change(row) for row in rows}
    return [found.get(one) for one in numbers]


async def changes_between(reading: Reading, first: int, last: int) -> list[Change]:
    """The changes from the number `first` to `last`, both included, as far as they are visible."""
    rows = await reading.rows(AFTER, **{"from": first, "to": last})
    return [_change(row) for row in rows]


async def changes_after(reading: Reading, after: int, first: int) -> Page[Change]:
    """The changes after the number `after`, oldest first."""
    rows = await reading.rows(AFTER, **{"from": after + 1, "to": after + first + 1})
    return Page.of([_change(row) for row in rows], first, after=after > 0)
