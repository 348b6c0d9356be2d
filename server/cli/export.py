"""`profile-graph export`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from customers.export import export_customers
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import open_services
from cypher import Deadline
from server.cli.progress import progress
from server.cli.run import run, settings_of
from server.secret import secret_of
from server.settings import ConfigError, Settings

# A large graph may take its time; each statement is short.
EXPORT_S = 86_400.0
TOLD_EVERY = 500

export = typer.Typer(name="export", help="Write what is known as NDJSON.", no_args_is_help=True)

Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Instead of standard output.")
]


@export.callback()
def _group() -> None:
    """Write what is known as NDJSON."""


@export.command()
def customers(output: Output = None) -> None:
    """Write every customer: id, profiles, identifiers and traits, one a line."""
    settings = settings_of()
    with _written(output) as file:
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


@contextmanager
def _written(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file for its owner's eyes only that is there when all is in it."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f"{output.name}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o600)
            yield file
        part.replace(output)
    except OSError as problem:
        raise ConfigError(f"{output} cannot be written: {problem.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
