"""Queue: who is to be served next, of everybody who waits.

What a score is made of is stored (severity, when it was opened, orders), and the clock. So no index
has its order: the profiles that wait are found by an index, at most 500 of them, the most urgent
and longest waiting, and ranked here. A page ends at a score and a key, and goes on as of the moment
at which the first page was made.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from customers.desk.calls import WAITS_MS, Call
from customers.desk.desk import Desk
from customers.desk.open import waits
from customers.desk.score import Points, of_calls, of_ticket, total, value_of
from customers.identity.policy import Policy
from customers.page import Page
from customers.purchase import sighting
from customers.reading import Reading
from customers.stats.stats import stats_of
from customers.tickets import Ticket
from customers.times import DAY_MS, now_ms
from cypher import Row, load

WITH_OPEN_TICKETS = load("desk/with_open_tickets")
CALLED = load("desk/called")

MOST_WAITING = 500


class Of(Enum):
    """What a queue is of."""

    CALLERS = "callers"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who waits, for a ticket or after `calls`, since a time in epoch milliseconds."""

    customer: str
    key: str
    since: int
    points: Sequence[Points]
    ticket: Ticket | None = None
    calls: Sequence[Call] = ()

    @property
    def score(self) -> float:
        """The sum of its points."""
        return total(self.points)

    @property
    def place(self) -> tuple[float, str]:
        """Where it stands in the queue; no two stand in one place."""
        return -self.score, self.key


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of a queue as of a moment; not `complete` where more wait than are looked at."""

    page: Page[Entry]
    as_of: int
    complete: bool


async def service_queue(
    reading: Reading, policy: Policy, of: Of, first: int, position: tuple[int, float, str] | None
) -> Queue:
    """The next who are to be served, after a position `(as of, score, key)`.

    Raises:
        ForbiddenError: the queue is not for the caller.
    """
    reading.principal.check("serve customers")
    as_of = now_ms() if position is None else position[0]
    if of is Of.TICKETS:
        rows = await reading.rows(WITH_OPEN_TICKETS, most=MOST_WAITING + 1)
    else:
        last = as_of // DAY_MS
        days = list(range(last - WAITS_MS // DAY_MS, last + 1))
        rows = await reading.rows(CALLED, days=days, most=MOST_WAITING + 1)
    # Who is on the page is read as a customer, and seen then; the others nobody is shown.
    ranked = sorted(entries(rows, policy, of, as_of), key=lambda one: one.place)
    if position is not None:
        ranked = [one for one in ranked if one.place > (-position[1], position[2])]
    return Queue(
        Page.of(ranked, first, after=position is not None),
        as_of,
        complete=not rows or rows[0]["found"] <= MOST_WAITING,
    )


def entries(rows: Iterable[Row], policy: Policy, of: Of, now: int) -> Iterator[Entry]:
    """Everybody who waits, of customers with their profiles. Sources in doubt do not count."""
    for row in rows:
        believed = [one for one in row["profiles"] if policy.trusts(one["source"])]
        found = waits([Desk.loads(one["source"], one["desk"]) for one in believed], now)
        twice = [sighting(one) for one in row["sightings"] if policy.trusts(one["source"])]
        facts = (one["facts"] for one in believed if one["facts"] is not None)
        value = value_of(stats_of(facts, twice))
        if of is Of.CALLERS and found.calls:
            points = of_calls(found.calls, value, now)
            since = found.calls[-1].at
            yield Entry(row["customer"], row["customer"], since, points, calls=found.calls)
        if of is Of.TICKETS:
            for one in found.tickets:
                key = f"{row['customer']}|{one.source}|{one.number}"
                points = of_ticket(one, value, now)
                yield Entry(row["customer"], key, one.opened.at, points, ticket=one)
