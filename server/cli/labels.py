"""`profile-graph labels import|export`."""

from typing import Annotated, BinaryIO

import orjson
import typer

from customers.labels.files import LabelReport, say_file
from customers.labels.label import every_label
from customers.labels.measure import READ_S, pair
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import MIGRATE_S
from cypher import Deadline, connect, migrate
from server.cli.run import REJECTS, run, settings_of
from server.cli.written import Output, written
from server.settings import Settings

ASK_S = 60.0

labels = typer.Typer(
    no_args_is_help=True, help="Pairs of rows of which people know whether they are one person."
)

File = Annotated[
    typer.FileBinaryRead,
    typer.Argument(
        metavar="FILE",
        help='NDJSON: {"a": {"source": …, "sourceId": …}, "b": {…}, "same": true}; - is standard '
        "input.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


@labels.command("import")
def import_labels(file: File, as_json: AsJson = False) -> None:
    """Label the pairs of a file, to measure policies by; it changes no customer."""
    report = run(_import(settings_of(), file))
    if as_json:
        wrong = [{"line": line, "reason": reason} for line, reason in report.reasons]
        told = {"labelled": report.labelled, "rejected": report.rejected, "wrong": wrong}
        typer.echo(orjson.dumps(told))
    else:
        typer.echo(f"{report.labelled:,} pairs labelled, {report.rejected:,} lines rejected.")
        for line, reason in report.reasons:
            typer.echo(f"line {line}: {reason}", err=True)
    if report.rejected:
        raise typer.Exit(REJECTS)


@labels.command("export")
def export_labels(output: Output = None) -> None:
    """Write every labelled pair as NDJSON, the newest first."""
    settings = settings_of()
    with written(output) as file:
        run(_export(settings, file))


async def _import(settings: Settings, file: BinaryIO) -> LabelReport:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        await migrate(graph, Deadline.after(MIGRATE_S))
        return await say_file(graph, file, DEVELOPER)


async def _export(settings: Settings, file: BinaryIO) -> None:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        reading = Reading(graph, DEVELOPER, Deadline.after(READ_S))
        file.writelines(orjson.dumps(pair(one)) + b"\n" for one in await every_label(reading))
