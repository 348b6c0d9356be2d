"""`profile-graph import`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy, read_policy
from customers.identity.policy_in_force import policy_in_force
from customers.ingest.expected import expect
from customers.ingest.files import import_file
from customers.ingest.formats.compression import STDIN
from customers.ingest.formats.layout import Layout
from customers.ingest.mapping.mapping import MapFile
from customers.ingest.mapping.proposal import propose_map
from customers.ingest.rejects import rejects_of
from customers.principal import DEVELOPER
from customers.services import open_services
from cypher import Deadline, connect
from server.cli.import_texts import expected_json, expected_text, report_json, report_text
from server.cli.progress import progress
from server.cli.run import REJECTS, console, run, settings_of
from server.secret import secret_of
from server.settings import Settings

ASK_S = 60.0
HOW = "How a file is written"

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE…",
        help="CSV, TSV, Parquet or NDJSON; plain, gzip or zstd; - is standard input.",
    ),
]
MapPath = Annotated[
    Path | None,
    typer.Option("--map", metavar="MAP", help="What the columns mean: a TOML document."),
]
Suggest = Annotated[
    bool,
    typer.Option("--suggest-map", help="Print a map to begin with; nothing is imported."),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Read and check everything, say what would come; no writing."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where an import of this file was cut off.")
]
RejectFile = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="PATH", help="Where records go that are wrong."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a file, for machines.")]
FormatName = Annotated[
    Literal["csv", "tsv", "parquet", "ndjson"] | None,
    typer.Option("--format", help="If neither name nor content tell.", rich_help_panel=HOW),
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="CHAR", help="Between columns: a character, or tab.", rich_help_panel=HOW),
]
Quote = Annotated[
    str | None,
    typer.Option(metavar="CHAR", help="Around values: a character, or none.", rich_help_panel=HOW),
]
Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Such as utf-8 or cp1252.", rich_help_panel=HOW),
]


@dataclass(frozen=True, slots=True)
class _Task:
    """What the options ask for."""

    files: list[str]
    layout: Layout
    said: MapFile | None
    rejects: Path | None
    resume: bool
    as_json: bool


def import_files(  # noqa: PLR0917 - Typer's options, all of them named
    files: Files,
    map_path: MapPath = None,
    suggest_map: Suggest = False,
    dry_run: DryRun = False,
    resume: Resume = False,
    rejects: RejectFile = None,
    as_json: AsJson = False,
    format_name: FormatName = None,
    delimiter: Delimiter = None,
    quote: Quote = None,
    encoding: Encoding = None,
) -> None:
    """Write the records of files; those that are in already change nothing.

    A line of NDJSON is a record. Of CSV, TSV and Parquet a map says what the columns mean:
    --suggest-map proposes one, --dry-run tries it.
    """
    _check_options(files, rejects, suggest=suggest_map, resume=resume, dry_run=dry_run)
    layout = _layout(Layout(format_name, delimiter, quote, encoding))
    if suggest_map:
        typer.echo(run(propose_map(files[0], layout)), nl=False)
        return
    task = _Task(files, layout, _map(map_path), rejects, resume, as_json)
    settings = settings_of()
    try:
        rejected = run(_expect(settings, task) if dry_run else _import(settings, task))
    except KeyboardInterrupt:
        if not dry_run and STDIN not in files:
            console.print("Stopped. What was written stays, and --resume goes on behind it.")
        raise
    if rejected:
        raise typer.Exit(REJECTS)


def _check_options(
    files: list[str], rejects: Path | None, *, suggest: bool, resume: bool, dry_run: bool
) -> None:
    several = len(files) > 1
    if rejects is not None and several:
        raise typer.BadParameter(
            "it names one file: import the files one by one", param_hint="--rejects"
        )
    if suggest and several:
        raise typer.BadParameter("it reads one file", param_hint="--suggest-map")
    if suggest and (resume or dry_run):
        raise typer.BadParameter("it only reads: leave the others out", param_hint="--suggest-map")
    if resume and dry_run:
        raise typer.BadParameter("a dry run reads everything", param_hint="--resume")
    if resume and STDIN in files:
        raise typer.BadParameter("standard input can be read only once", param_hint="--resume")


def _layout(layout: Layout) -> Layout:
    try:
        return layout.checked()
    except InvalidInputError as problem:
        raise typer.BadParameter(str(problem)) from None


def _map(path: Path | None) -> MapFile | None:
    if path is None:
        return None
    try:
        return MapFile.read(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError:
        raise InvalidInputError(f"{path}: not text in UTF-8") from None
    except OSError as problem:
        raise InvalidInputError(f"{path} cannot be read: {problem.strerror}") from None


async def _import(settings: Settings, task: _Task) -> int:
    """How many records were rejected."""
    rejected = 0
    async with open_services(
        settings.connection(), secret_of(settings), settings.policy_text()
    ) as services:
        for file in task.files:
            refused = task.rejects or rejects_of(file)
            with progress(file, "records") as tell:
                report = await import_file(
                    file,
                    services.writer,
                    services.policy,
                    DEVELOPER,
                    layout=task.layout,
                    said=task.said,
                    rejects=refused,
                    resume=services.graph if task.resume else None,
                    progress=tell,
                )
            typer.echo(
                report_json(file, report) if task.as_json else report_text(file, report, refused)
            )
            rejected += report.rejected
    return rejected


async def _expect(settings: Settings, task: _Task) -> int:
    """How many records would be rejected."""
    policy = await _policy(settings)
    rejected = 0
    for file in task.files:
        with progress(file, "records") as tell:
            found = await expect(file, policy, layout=task.layout, said=task.said, progress=tell)
        typer.echo(expected_json(file, found) if task.as_json else expected_text(file, found))
        rejected += found.rejected
    return rejected


async def _policy(settings: Settings) -> Policy:
    """The policy that an import would go by; the graph is read, and not begun where none is."""
    text = settings.policy_text()
    if text is not None:
        return read_policy(text)
    connection = settings.connection()
    if connection.uri is None and not connection.data_dir.exists():
        return default_policy()
    async with connect(connection, Deadline.after(ASK_S)) as graph:
        row = await policy_in_force(graph, Deadline.after(ASK_S))
    return default_policy() if row is None else read_policy(row["text"])
