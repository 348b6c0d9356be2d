"""`profile-graph transfer`."""

from dataclasses import replace
from typing import Annotated

import orjson
import typer

from cypher import Connection, Moved, connect
from cypher import transfer as move
from server.cli.progress import progress
from server.cli.run import run, settings_of
from server.settings import Settings

ARRIVED = (
    "Everything arrived. Give the servers NEO4J_URI and the secret that was in force: the file "
    "secret of the data directory, or PROFILE_GRAPH_SECRET."
)

To = Annotated[
    str,
    typer.Option(
        "--to", metavar="URI", envvar="NEO4J_URI", help="The empty Neo4j; password: NEO4J_PASSWORD."
    ),
]
User = Annotated[str | None, typer.Option("--user", help="Instead of NEO4J_USER.")]
Database = Annotated[str | None, typer.Option("--database", help="Instead of NEO4J_DATABASE.")]
Again = Annotated[
    bool, typer.Option("--again", help="Empty what a transfer that did not end left there.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


def transfer(
    to: To,
    user: User = None,
    database: Database = None,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Copy the embedded engine's graph into an empty Neo4j, all of it or nothing."""
    settings = settings_of()
    target = replace(
        settings.connection(),
        uri=to,
        user=user or settings.neo4j_user,
        database=database or settings.neo4j_database,
    )
    moved = run(_transfer(settings, target, again=again))
    typer.echo(_json(moved) if as_json else _text(moved))


async def _transfer(settings: Settings, target: Connection, *, again: bool) -> Moved:
    embedded = Connection(settings.data_dir, heap_mb=settings.heap_mb)
    async with connect(embedded) as source, connect(target) as empty:
        with progress("transfer", "places") as tell:
            return await move(
                source, empty, again=again, tell=lambda done, total: tell(done, total, done)
            )


def _json(moved: Moved) -> bytes:
    return orjson.dumps({"nodes": moved.nodes, "relationships": moved.relationships})


def _text(moved: Moved) -> str:
    lines = [f"{count:>12,} {name}" for name, count in sorted(moved.nodes.items())]
    lines += [f"{count:>12,} -[{name}]->" for name, count in sorted(moved.relationships.items())]
    return "\n".join([*lines, ARRIVED])
