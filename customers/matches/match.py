"""Match: two customers that may be one person, as it is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from customers.identity.possible import Kind, Suggestion
from customers.reading import Reading
from customers.times import now_ms
from cypher import Deadline, Graph, Row, load

BY_IDS = load("matches/by_ids")
OF_CUSTOMERS = load("matches/of_customers")
COUNTS = load("matches/counts")


class Status(StrEnum):
    """Whether a match awaits somebody."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Match:
    """A possible match; times in epoch milliseconds, `until` only while it is snoozed.

    `decision` is the last word on it; of an open one it was of other evidence, or its time is over.
    `proposed_by` is the tool that proposed it, None where the partition found it.
    `place` is where it stands among all, the larger score first.
    """

    id: str
    kind: Kind
    score: float
    suggestion: Suggestion
    evidence: str
    since: int
    status: Status
    decision: str | None
    until: int | None
    reopened: bool
    proposed_by: str | None
    place: str
    customers: tuple[str, ...]

    @property
    def probability(self) -> float | None:
        """Of a proposal, how probable it is by the tool's own score: these are its odds in bits."""
        return None if self.proposed_by is None else 1 / (1 + 2.0 ** min(-self.score, _SURELY_NOT))


# More bits against than this are no number any more.
_SURELY_NOT = 1000.0


@dataclass(frozen=True, slots=True)
class Counted:
    """How many matches stand so, of a kind, and since when the oldest is one."""

    status: Status
    kind: Kind
    matches: int
    oldest: int


def match(row: Row, now: int) -> Match:
    """A match as it stands: one whose time has come is open again."""
    status = Status(row["status"])
    due = status is Status.SNOOZED and row["until"] <= now
    return Match(
        id=row["id"],
        kind=Kind(row["kind"]),
        score=row["score"],
        suggestion=Suggestion(row["suggestion"]),
        evidence=row["evidence"],
        since=row["since"],
        status=Status.OPEN if due else status,
        decision=row["decision"],
        until=row["until"] if status is Status.SNOOZED and not due else None,
        reopened=status is Status.OPEN and row["decision"] is not None,
        proposed_by=row["proposedBy"],
        place=row["place"].partition("|")[2],
        customers=tuple(one["id"] for one in row["customers"]),
    )


def matches(reading: Reading, rows: Iterable[Row], now: int) -> list[Match]:
    """Matches out of rows; the answer holds as long as their customers stay who they are."""
    found = list(rows)
    reading.versions.saw_read(
        (one["id"], one["version"]) for row in found for one in row["customers"]
    )
    return [match(row, now) for row in found]


async def matches_by_ids(reading: Reading, ids: Sequence[str]) -> list[Match | None]:
    """Matches in the order of `ids`; None where there is none any more."""
    rows = await reading.rows(BY_IDS, ids=sorted({*ids}))
    found = {one.id: one for one in matches(reading, rows, now_ms())}
    return [found.get(one) for one in ids]


async def matches_of_customers(reading: Reading, ids: Sequence[str]) -> list[list[Match]]:
    """All matches of customers by their ids, however they stand, the larger score first."""
    rows = await reading.rows(OF_CUSTOMERS, ids=sorted({*ids}))
    found = sorted(matches(reading, rows, now_ms()), key=lambda one: one.place)
    return [[one for one in found if wanted in one.customers] for wanted in ids]


# Who may be the same person as very many is hardly a person.
MOST_DUPLICATES = 10


def duplicates_of(customer: str, found: Iterable[Match]) -> list[str]:
    """The ids of the others of a customer's matches that await somebody."""
    awaiting = (one.customers for one in found if one.status is Status.OPEN)
    ids = (other for both in awaiting for other in both if other != customer)
    return list(dict.fromkeys(ids))[:MOST_DUPLICATES]


async def open_matches(graph: Graph, deadline: Deadline) -> int:
    """How many await somebody, for whoever watches the server."""
    rows = await graph.read(COUNTS, deadline, now=now_ms())
    return sum(int(row["matches"]) for row in rows if row["status"] == Status.OPEN)


async def counted(reading: Reading) -> list[Counted]:
    """How many there are, by how they stand and kind."""
    return [
        Counted(Status(row["status"]), Kind(row["kind"]), row["matches"], row["oldest"])
        for row in await reading.rows(COUNTS, now=now_ms())
    ]
