"""The timeline of the busiest customer: what its first, a deep and a filtered page read."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from customers.ingest.ingest import ingest
from customers.ingest.queue import Rejected
from customers.page import END, LAST_KEY
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services
from customers.timeline import INTERACTIONS, TimelineWanted, timelines
from customers.timeline_filter import EVERYTHING, TimelineFilter
from cypher import Deadline, Graph, Row, Statement

FIRST, TIMES = 20, 20
EVENTS, DAYS, BATCH = 5_000, 500, 500
DAY_MS = 86_400_000
Say = Callable[[str, str], None]


class Counted:
    """Counts the rows that come, and the buckets that are named."""

    def __init__(self, graph: Graph) -> None:
        """Read from `graph`."""
        self._graph = graph
        self.counts: Counter[str] = Counter()

    async def read(self, statement: Statement, deadline: Deadline, **params: Any) -> list[Row]:  # noqa: ANN401
        """Rows of the statement."""
        rows = await self._graph.read(statement, deadline, **params)
        self.counts["rows"] += len(rows)
        if statement is INTERACTIONS:
            self.counts["buckets"] += sum(len(page["buckets"]) for page in params["pages"])
        else:
            self.counts["periods"] += sum(len(row["found"]) for row in rows)
        return rows


async def timeline_all(services: Services, run: str, say: Say) -> None:
    """Write a customer to whom `EVENTS` happened on `DAYS` days, and print what its pages take."""
    now = time.time_ns() // 1_000_000
    customer = ""
    for start in range(0, EVENTS, BATCH):
        records = [event(run, number, now) for number in range(start, start + BATCH)]
        for one in await ingest(
            services.writer, services.policy, records, DEVELOPER, Deadline.after(60)
        ):
            if isinstance(one, Rejected) or one.customer is None:
                raise RuntimeError(one)
            customer = one.customer
    await read_pages(services, customer, say)


async def read_pages(services: Services, customer: str, say: Say) -> None:
    """Print what the first, a deep and a filtered page of a timeline take."""
    middle = END - 1
    reading = Reading(services.graph, DEVELOPER, Deadline.after(60))
    for _ in range(3):
        [page] = await timelines(reading, [TimelineWanted(customer, 500, (middle, LAST_KEY))])
        middle = page.items[-1].at
    for name, position, chosen in (
        ("first page", (END, LAST_KEY), EVERYTHING),
        ("page 75", (middle, LAST_KEY), EVERYTHING),
        ("rare type", (END, LAST_KEY), TimelineFilter(types=("call",))),
    ):
        counted = Counted(services.graph)
        source = Reading(services.graph, DEVELOPER, Deadline.after(60), source=counted)
        wanted = TimelineWanted(customer, FIRST, position, chosen)
        times = []
        for _ in range(TIMES):
            start = time.perf_counter()
            await timelines(source, [wanted])
            times.append((time.perf_counter() - start) * 1000)
        each = {what: n / TIMES for what, n in counted.counts.items()}
        say(
            "timeline",
            f"{name} of {EVENTS:,} interactions: p50 {sorted(times)[TIMES // 2]:.1f} ms, "
            f"{each['periods']:.0f} periods brought, {each['buckets']:.0f} of {DAYS} days read "
            f"({EVENTS // DAYS * each['buckets']:.0f} interactions), {each['rows']:.0f} rows",
        )


def event(run: str, number: int, now: int) -> dict[str, Any]:
    """A page view of one profile, ten a day; every two hundred and fiftieth is a call."""
    return {
        "source": "bench",
        "sourceId": f"{run}-busy",
        "at": time.strftime(
            "%Y-%m-%dT%H:%M:%SZ",
            time.gmtime((now - number * DAYS * DAY_MS // EVENTS) / 1000),
        ),
        "identifiers": [{"namespace": "email", "value": f"busy.{run}@bench.example"}],
        "interaction": {
            "id": f"{run}-{number}",
            "type": "call" if number % 250 == 0 else "page",
            "channel": "web",
        },
    }
