"""`profile-graph backup` and `profile-graph restore`."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from cypher.backup import backup as make
from cypher.backup import restore as bring_back
from server.cli.run import run, settings_of
from server.settings import ConfigError, Settings

File = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


def backup(file: File, as_json: AsJson = False) -> None:
    """Copy the embedded engine's graph to a new file, while servers run."""
    settings = _embedded(
        "neo4j-admin database dump {database} --to-path=DIRECTORY (the database stopped; with "
        "Enterprise neo4j-admin database backup, while it runs)"
    )
    facts = run(make(settings.data_dir, file, settings.heap_mb))
    size = file.stat().st_size
    told = orjson.dumps({"file": str(file), "bytes": size, **facts})
    typer.echo(told if as_json else f"{file}: {size:,} bytes, as of {facts['at']}.")


def restore(file: File, as_json: AsJson = False) -> None:
    """Make an empty data directory what it was when a backup was made."""
    settings = _embedded(
        "neo4j-admin database load {database} --from-path=DIRECTORY (the database stopped)"
    )
    facts = run(bring_back(settings.data_dir, file, settings.heap_mb))
    told = orjson.dumps({"directory": str(settings.data_dir), **facts})
    typer.echo(told if as_json else f"{settings.data_dir} is as it was at {facts['at']}.")


def _embedded(instead: str) -> Settings:
    settings = settings_of()
    if settings.neo4j_uri is not None:
        command = instead.format(database=settings.neo4j_database)
        raise ConfigError(
            f"NEO4J_URI is set, and this command is for the embedded engine alone. For a Neo4j, "
            f"where it runs: {command}."
        )
    return settings
