"""`profile-graph export`."""

from typing import BinaryIO

import orjson
import typer

from customers.export import export_customers
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import open_services
from cypher import Deadline
from server.cli.progress import progress
from server.cli.run import run, settings_of
from server.cli.written import Output, written
from server.secret import secret_of
from server.settings import Settings

# A large graph may take its time; each statement is short.
EXPORT_S = 86_400.0
TOLD_EVERY = 500

export = typer.Typer(name="export", help="Write what is known as NDJSON.", no_args_is_help=True)


@export.callback()
def _group() -> None:
    """Write what is known as NDJSON."""


@export.command()
def customers(output: Output = None) -> None:
    """Write every customer: id, profiles, identifiers and traits, one a line."""
    settings = settings_of()
    with written(output) as file:
        run(_export(settings, file))


async def _export(settings: Settings, file: BinaryIO) -> None:
    async with open_services(settings.connection(), secret_of(settings)) as services:
        with progress("export", "customers") as tell:
            count = 0
            found = export_customers(Reading(services.graph, DEVELOPER, Deadline.after(EXPORT_S)))
            async for customer in found:
                file.write(orjson.dumps(customer) + b"\n")
                count += 1
                if count % TOLD_EVERY == 0:
                    tell(0, None, count)
