"""Load the demo: the records go in as those of a file do, then customers meet the truth."""

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import ClassVar

from customers.export import export_customers
from customers.ingest.files import Progress, import_file
from customers.numbers import last_number
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services
from cypher import Connection, Deadline, ProfileGraphError
from server.demo.example import example
from server.demo.found import found_whole
from server.demo.glance import glances
from server.demo.loaded import Figures, Loaded, graph_of
from server.demo.records import SEED, Stream, stream
from server.demo.scoring import links_of, score
from server.demo.sighting import Profile
from server.demo.stories import stories

READ_S = 600.0


class DemoRefusedError(ProfileGraphError):
    """The demo would mix its people with somebody's customers; the text says what to do."""

    code: ClassVar[str] = "DEMO_REFUSED"


async def load(
    services: Services, connection: Connection, people: int, progress: Progress
) -> tuple[Figures, bool]:
    """The figures of the demo, and whether it was in already: with as many people, or more.

    Raises:
        DemoDataError, DemoRefusedError, DatabaseUnavailableError
    """
    graph = graph_of(connection)
    before = Loaded.read(connection.data_dir)
    same = before is not None and before.graph == graph
    last = await last_number(Reading(services.graph, DEVELOPER, Deadline.after(READ_S)).rows)
    figures = before.figures if before and same else None
    if figures and figures.people >= people and last >= figures.profiles:
        return figures, True
    if last and not same:
        raise DemoRefusedError(
            "This graph has profiles that are not the demo's, and the demo would mix with them: "
            "name an empty directory with PROFILE_GRAPH_DATA_DIR, or another database with "
            "NEO4J_URI."
        )
    Loaded(graph).write(connection.data_dir)
    figures = await _loaded(services, people, progress)
    Loaded(graph, figures).write(connection.data_dir)
    return figures, False


async def _loaded(services: Services, people: int, progress: Progress) -> Figures:
    start = time.monotonic()
    made = await asyncio.to_thread(stream, people)
    await _import(made, services, progress)
    customers = await _customers(services)
    links = links_of(made.records, services.policy)
    result = score(customers, made.truth, links)
    found = list(found_whole(customers, made.truth, links, glances(made.records)))
    return Figures(
        people=people,
        seed=SEED,
        records=len(made.lines),
        sources=dict(Counter(one["source"] for one in made.records).most_common()),
        profiles=sum(map(len, customers)),
        customers=len(customers),
        wrongly_merged=result.wrongly_merged,
        missed=result.missed,
        precision=round(result.precision, 4),
        recall=round(result.recall, 4),
        possible=round(result.possible, 4),
        seconds=round(time.monotonic() - start, 1),
        example=example(found),
        stories=stories(found, made.families),
    )


async def _import(made: Stream, services: Services, progress: Progress) -> None:
    with tempfile.TemporaryDirectory(prefix="profile-graph-demo-") as folder:
        file = Path(folder) / "records.ndjson"
        with file.open("wb") as out:
            out.writelines(made.lines)
        await import_file(str(file), services.writer, services.policy, DEVELOPER, progress=progress)


async def _customers(services: Services) -> list[list[Profile]]:
    """The profiles of each customer."""
    reading = Reading(services.graph, DEVELOPER, Deadline.after(READ_S))
    return [
        [(one["source"], one["sourceId"]) for one in customer["profiles"]]
        async for customer in export_customers(reading)
    ]
