"""What a page of a dense timeline reads: rows and buckets, on whichever engine there is."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from customers import kinds
from customers.customer import Customer, Facets, customers_by_ids
from customers.identity.policy_document import default_policy
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from customers.ingest.writer import WRITE_INTERACTIONS, write_batch
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.timeline import INTERACTIONS, PERIODS_PAGE, TimelineWanted, timelines
from customers.timeline_filter import EVERYTHING, TimelineFilter
from cypher import Deadline, Graph, Row, Statement
from cypher.graph import sent
from tests.conftest import Json, in_force, query, soon, wipe
from tests.rows import DAY_MS, ms, said

DAYS, A_DAY, SOURCES = 200, 50, ("web", "app")
FIRST = 20
RARE = 37  # every so many days, once
CALLS = TimelineFilter(types=("call",))


class Recorded:
    """Passes statements on and keeps what they were sent with, and how many rows came."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sent: list[tuple[Statement, dict[str, Any]]] = []
        self.came: Counter[str] = Counter()

    async def read(self, statement: Statement, deadline: Deadline, **params: Any) -> list[Row]:  # noqa: ANN401
        rows = await self.graph.read(statement, deadline, **params)
        self.sent.append((statement, params))
        self.came[statement.name] += len(rows)
        return rows

    @property
    def buckets(self) -> list[str]:
        """The buckets that were named."""
        return [
            bucket
            for statement, params in self.sent
            if statement is INTERACTIONS
            for page in params["pages"]
            for bucket in page["buckets"]
        ]

    async def hits(self, statement: Statement) -> int:
        """What Neo4j says it touched for a statement; the embedded engine does not say."""
        params = next(params for one, params in self.sent if one is statement)
        async with self.graph._driver.session(database=self.graph._database) as session:
            text, given = sent(f"PROFILE {statement.text}", params, embedded=self.graph.embedded)
            result = await session.run(text, given)
            summary = await result.consume()
        return sum(step.get("dbHits", 0) for step in steps(summary.profile or {}))


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An operator and those below it."""
    yield plan
    for child in plan.get("children", ()):
        yield from steps(child)


def dense() -> list[tuple[Json, list[Json]]]:
    """Days of two profiles with fifty page views each, and now and then a call: 20,000 in all."""
    found = []
    for source in SOURCES:
        for day in range(1, DAYS + 1):
            bucket, start = f"{source}|a|{day}", ms(1) - day * DAY_MS
            held = [
                {
                    "key": f"{bucket}|{n:02d}",
                    "bucket": bucket,
                    "properties": "{}",
                    "type": "call" if n == 0 and day % RARE == 0 else "page",
                    "at": start + n * 1_000_000 + (source == "app"),
                    "channel": source,
                }
                for n in range(A_DAY)
            ]
            counted = Counter((str(one["type"]), source) for one in held)
            period = {
                "key": bucket, "profile": f"{source}|a", "count": A_DAY,
                "kinds": kinds.dumps(counted),
                "earliest": held[0]["at"], "latest": held[-1]["at"],
            }  # fmt: skip
            found.append((period, held))
    return found


@pytest.fixture(scope="module")
async def busy(open_graph: Graph) -> str:
    """A customer of 20,000 interactions; written past the writer, which would take a minute."""
    graph, policy = open_graph, default_policy()
    await wipe(graph)
    records = [said("a", 5, "email:a@x.org", source=source) for source in SOURCES]
    prepared = [prepare(Record.model_validate(one), policy, ms(6)) for one in records]
    written = await write_batch(graph, prepared, in_force(policy), DEVELOPER, soon())
    rows = dense()
    nothing: Row = {name: [] for name in WRITE_INTERACTIONS.params} | {"now": ms(6), "crowd": 1}
    await graph.write(
        WRITE_INTERACTIONS, soon(), **nothing | {"newPeriods": [period for period, _ in rows]}
    )
    for start in range(0, len(rows), 20):
        held = [one for _, every in rows[start : start + 20] for one in every]
        await graph.write(WRITE_INTERACTIONS, soon(), **nothing | {"rows": held})
    customer = written[-1].customer
    assert customer is not None
    return customer


def newest(chosen: TimelineFilter = EVERYTHING) -> list[tuple[int, str]]:
    """Times and keys of what a filter leaves, the newest first."""
    return sorted(
        (
            (one["at"], one["key"])
            for _, held in dense()
            for one in held
            if chosen.meets(one["type"], one["channel"], one["at"])
        ),
        reverse=True,
    )


async def read(recorded: Recorded, wanted: TimelineWanted) -> list[tuple[int, str]]:
    [page] = await timelines(Reading(recorded.graph, DEVELOPER, soon(), source=recorded), [wanted])
    return [(one.at, one.key) for one in page.items]


async def brought(recorded: Recorded, customer: str, *chosen: TimelineFilter) -> Customer:
    """The customer with what the facets bring of these timelines."""
    reading = Reading(recorded.graph, DEVELOPER, soon(), source=recorded)
    facets = Facets(periods=FIRST, timelines=chosen)
    [found] = await customers_by_ids(reading, [customer], facets)
    assert found is not None
    return found


async def test_pages_of_a_dense_timeline_read_a_few_days(open_graph: Graph, busy: str) -> None:
    every = newest()
    assert len(every) == 20_000
    recorded = Recorded(open_graph)
    found = await brought(recorded, busy, EVERYTHING, CALLS)
    # The first page: the last day of both profiles, and of no other.
    assert await read(recorded, found.timeline(FIRST, None, EVERYTHING)) == every[:FIRST]
    assert sorted(recorded.buckets) == ["app|a|1", "web|a|1"]
    assert recorded.came == {"customers/by_ids": 1, "timeline/interactions": FIRST + 1}
    assert [len(one.periods) for one in found.timelines.values()] == [FIRST + 1, 10]
    assert await recorded.hits(INTERACTIONS) < 12 * 2 * A_DAY


@pytest.mark.parametrize("depth", [777, 10_000, 19_950])
async def test_a_deep_page_reads_no_more_than_the_first(
    open_graph: Graph, busy: str, depth: int
) -> None:
    every = newest()
    recorded = Recorded(open_graph)
    wanted = TimelineWanted(busy, FIRST, every[depth - 1])
    assert await read(recorded, wanted) == every[depth : depth + FIRST]
    assert len(recorded.buckets) <= 4
    [(_, _), (statement, _)] = recorded.sent
    assert statement is INTERACTIONS
    assert recorded.came == {"timeline/periods_page": 1, "timeline/interactions": FIRST + 1}
    assert await recorded.hits(INTERACTIONS) < 12 * 4 * A_DAY
    # Periods, of which there are 400, are looked at twice: once for those that the position cuts.
    # The plan of a young graph wants 23 hits for one, a later plan 8. What they hold is not looked
    # at: it would want two hits for each interaction.
    assert await recorded.hits(PERIODS_PAGE) < 40 * len(SOURCES) * DAYS < 2 * len(every)


@pytest.mark.parametrize("depth", [0, 4])
async def test_a_rare_type_reads_the_days_that_have_it(
    open_graph: Graph, busy: str, depth: int
) -> None:
    every = newest(CALLS)
    assert len(every) == 10
    recorded = Recorded(open_graph)
    wanted = TimelineWanted(busy, 3, every[depth - 1] if depth else None, CALLS)
    assert await read(recorded, wanted) == every[depth : depth + 3]
    # Four calls make sure of three; they lie on as many days, and the cursor may cut another.
    assert all(int(bucket.rpartition("|")[2]) % RARE == 0 for bucket in recorded.buckets)
    assert len(recorded.buckets) <= 6
    assert recorded.came["timeline/interactions"] == 4


async def test_a_channel_and_a_time_read_the_days_that_have_them(
    open_graph: Graph, busy: str
) -> None:
    chosen = TimelineFilter(channels=("app",), since=ms(1) - 90 * DAY_MS, until=ms(1) - 60 * DAY_MS)
    every = newest(chosen)
    recorded = Recorded(open_graph)
    assert await read(recorded, TimelineWanted(busy, FIRST, None, chosen)) == every[:FIRST]
    assert recorded.buckets == ["app|a|61"]
    assert recorded.came["timeline/interactions"] == FIRST + 1


async def test_days_of_an_old_graph_are_all_read_for_a_channel_and_the_answer_is_right(
    open_graph: Graph, busy: str
) -> None:
    await query(open_graph, "MATCH (d:Period) SET d.types = '{\"page\":50}', d.kinds = null")
    recorded = Recorded(open_graph)
    chosen = TimelineFilter(channels=("app",))
    found = await brought(recorded, busy, EVERYTHING, chosen)
    assert list(found.timelines) == [EVERYTHING]
    assert await read(recorded, found.timeline(FIRST, None, chosen)) == newest(chosen)[:FIRST]
    assert len(recorded.buckets) == 2 * DAYS
