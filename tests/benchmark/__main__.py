"""`make bench`: import, views, search, pages, health, past, explanations, decisions, start.

On the engine that is named. The embedded engine's data is kept in `.bench/`, so the records are
loaded once. A Neo4j must be empty at first, or loaded by an earlier run.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvloop

from customers.customer import BY_IDS, Facets
from customers.ingest.files import import_file
from customers.principal import DEVELOPER
from customers.services import open_services
from cypher import Connection, Deadline, Graph, connect, load
from server.collector import collect_seldom
from server.settings import Settings
from tests.benchmark.auditing import audit_all
from tests.benchmark.deciding import decide_all
from tests.benchmark.explaining import explain_all
from tests.benchmark.health import look_at
from tests.benchmark.limiting import limit_all
from tests.benchmark.listing import list_all
from tests.benchmark.quantiles import quantiles
from tests.benchmark.searching import search_for
from tests.benchmark.tables import read_tables
from tests.benchmark.timeline import timeline_all
from tests.benchmark.writing import WRITTEN, write_all
from tests.synthetic import stream

RECORDS, PEOPLE, SEED = 100_000, 17_500, 3
ASKED, WARM_UP = 300, 60
DATA = Path(".bench")
PORT = 8765
START_S = 120.0
LAST_NUMBER = load("customers/last_number")

VIEW = """query($id: ID!) { customer(id: $id) {
  id displayName traits
  profiles(first: 20) { nodes { source sourceId traits } }
  identifiers(first: 20) { nodes { namespace value people generic } }
  devices(first: 20) { nodes { platform } }
} }"""
FACETS = Facets(profiles=20, identifiers=20, devices=20)


def main() -> None:
    """Print the figures."""
    collect_seldom()  # as every command does
    os.environ["PROFILE_GRAPH_DATA_DIR"] = str(DATA / "data")
    os.environ["PROFILE_GRAPH_PORT"] = str(PORT)
    os.environ["PROFILE_GRAPH_LOG_LEVEL"] = "warning"
    settings = Settings.from_environment()
    with tempfile.TemporaryDirectory() as folder:
        read_tables(Path(folder), say)
    uvloop.run(run(settings))


async def run(settings: Settings) -> None:
    """All measurements, one after the other."""
    connection = settings.connection()
    engine = "embedded engine" if connection.uri is None else f"Neo4j at {connection.uri}"
    say("engine", f"{engine}, {os.cpu_count()} cores")
    rate = await loaded(connection)
    say("import", f"{RECORDS:,} records at {rate['rate']:,.0f} records/s ({rate['when']})")
    say("growth", f"the last tenth took x{rate['growth']:.2f} of the second tenth (aim 1.5)")
    async with serving() as started:
        say("start", f"{started:.1f} s from the command to the first answer")
        async with connect(connection) as graph:
            ids = await some_customers(graph)
            await compare(graph, ids)
            await search_for(graph, ids, say)
    async with open_services(connection, b"bench" * 8) as services:
        # The people of the last records come again, on profiles that are not there yet.
        last = stream(PEOPLE, SEED).records[:RECORDS][-WRITTEN:]
        run = f"{time.time_ns():x}"
        fresh = [one | {"sourceId": f"{one['sourceId']}-{run}"} for one in last]
        await limit_all(services, VIEW, ids, say)
        await list_all(services, say)
        await look_at(services, ids, say)
        await explain_all(services, ids, say)
        await write_all(services, fresh, run, say)
        await decide_all(services, ids, run, say)
        await timeline_all(services, run, say)
        await audit_all(services, VIEW, ids, say)


def say(what: str, text: str) -> None:
    """A line of the report."""
    sys.stdout.write(f"{what:<8} {text}\n")
    sys.stdout.flush()


async def loaded(connection: Connection) -> dict[str, Any]:
    """The rate of the import, measured now or when the data was loaded."""
    name = "embedded" if connection.uri is None else "neo4j"
    mark = DATA / f"loaded-{name}.json"
    if mark.exists():
        kept: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
        return kept | {"when": "measured when it was loaded"}
    DATA.mkdir(exist_ok=True)
    file = DATA / "records.ndjson"
    if not file.exists():
        lines = (json.dumps(record) + "\n" for record in stream(PEOPLE, SEED).records[:RECORDS])
        file.write_text("".join(lines), encoding="utf-8")
    async with open_services(connection, b"bench" * 8) as services:
        rows = await services.graph.read(LAST_NUMBER, Deadline.after(10))
        if any(row["last"] for row in rows):
            sys.exit("The database has data that is not this benchmark's: give it an empty one.")
        tenths: list[float] = []

        def passed(_done: int, _size: int | None, records: int) -> None:
            if records >= RECORDS * (len(tenths) + 1) // 10:
                tenths.append(time.monotonic())

        report = await import_file(
            str(file), services.writer, services.policy, DEVELOPER, progress=passed
        )
    growth = (tenths[-1] - tenths[-2]) / (tenths[1] - tenths[0])
    found = {"rate": report.read / report.seconds, "records": report.read, "growth": growth}
    mark.write_text(json.dumps(found), encoding="utf-8")
    return found | {"when": "measured now"}


@asynccontextmanager
async def serving() -> AsyncIterator[float]:
    """A server of its own process, and how long it took to answer."""
    start = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.cli", "serve", stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(START_S):
            while True:
                try:
                    await (await Http.open()).ask("cus_nobody")
                    break
                except OSError:
                    await asyncio.sleep(0.02)
        yield time.monotonic() - start
    finally:
        process.terminate()
        await process.wait()


async def some_customers(graph: Graph) -> list[str]:
    """Customers to ask for, spread over all."""
    rows = await graph.read(LAST_NUMBER, Deadline.after(10))
    last = rows[0]["last"]
    choose = random.Random(SEED)
    ids: list[str] = []
    page = load("customers/page_forward")
    for _ in range(ASKED):
        number = choose.randrange(1, last)
        found = await graph.read(
            page, Deadline.after(10), buckets=[number // 100, number // 100 + 1],
            after=number, before=last + 1, most=1, hidden=[], **Facets().params(),
        )  # fmt: skip
        ids += [row["customer"]["id"] for row in found]
    return ids


class Http:
    """A kept connection that costs next to nothing, so that the server is what is measured."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls) -> "Http":
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", PORT))

    async def ask(self, customer: str) -> None:
        """One 360."""
        body = json.dumps({"query": VIEW, "variables": {"id": customer}}).encode()
        head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Type: application/json"
        self._writer.write(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if not answer.startswith(b"http/1.1 200"):
            sys.exit(answer.decode())
        length = int(answer.partition(b"content-length: ")[2].partition(b"\r")[0])
        data = await self._reader.readexactly(length)
        if b'"errors"' in data:
            sys.exit(data.decode())


async def compare(graph: Graph, ids: Sequence[str]) -> None:
    """The view through HTTP and its statement through the bare driver, turn by turn."""
    driver = graph._driver
    params = FACETS.params() | {"hidden": []}
    http: list[float] = []
    bare: list[float] = []
    client = await Http.open()
    async with driver.session(database=graph._database) as session:

        async def statement(customer: str) -> None:
            result = await session.run(BY_IDS.text, {"ids": [customer], **params})
            await result.values()

        for n, customer in enumerate([*ids[:WARM_UP], *ids]):
            taken = [
                await timed(statement, customer),
                await timed(client.ask, customer),
            ]
            if n >= WARM_UP:
                bare.append(taken[0])
                http.append(taken[1])
    for name, times in (("bare", bare), ("http", http)):
        p50, p95 = quantiles(times)
        say("360", f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms over {len(times)} customers")
    ratios = [h / b for h, b in zip(quantiles(http), quantiles(bare), strict=True)]
    say("360", f"HTTP to bare driver: p50 x{ratios[0]:.2f}, p95 x{ratios[1]:.2f} (aim 2.5)")


async def timed(work: Callable[[str], Awaitable[None]], customer: str) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    await work(customer)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
