"""`profile-graph import`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer

from customers.ingest.files import Report, import_file
from customers.ingest.rejects import rejects_of
from customers.principal import DEVELOPER
from customers.services import open_services
from server.cli.progress import progress
from server.cli.run import REJECTS, run, settings_of
from server.secret import secret_of
from server.settings import Settings

SHOWN_REASONS = 10

Files = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="NDJSON, plain or gzip; - is standard input.")
]
RejectFile = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="PATH", help="Where records go that are wrong."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a file, for machines.")]


def import_files(files: Files, rejects: RejectFile = None, as_json: AsJson = False) -> None:
    """Write the records of files; those that are in already change nothing."""
    if rejects is not None and len(files) > 1:
        raise typer.BadParameter(
            "it names one file: import the files one by one", param_hint="--rejects"
        )
    reports = run(_import(settings_of(), files, rejects, as_json=as_json))
    if any(report.rejected for report in reports):
        raise typer.Exit(REJECTS)


async def _import(
    settings: Settings, files: list[str], rejects: Path | None, *, as_json: bool
) -> list[Report]:
    reports = []
    async with open_services(
        settings.connection(), secret_of(settings), settings.policy_text()
    ) as services:
        for file in files:
            refused = rejects or rejects_of(file)
            with progress(file, "records") as tell:
                report = await import_file(
                    file,
                    services.writer,
                    services.policy,
                    DEVELOPER,
                    rejects=refused,
                    progress=tell,
                )
            typer.echo(_json(file, report) if as_json else _text(file, report, refused))
            reports.append(report)
    return reports


def _json(file: str, report: Report) -> bytes:
    return orjson.dumps({"file": file, **asdict(report)})


def _text(file: str, report: Report, rejects: Path) -> str:
    rate = report.read / report.seconds if report.seconds else 0.0
    counts = f"{report.written:,} written, {report.known:,} known, {report.rejected:,} rejected"
    lines = [
        f"{file}: {report.read:,} records in {report.seconds:,.1f} s ({rate:,.0f}/s): {counts}"
    ]
    if report.rejected:
        lines.append(f"  rejected, with the reasons: {rejects}")
    most = sorted(report.refused.items(), key=lambda item: -item[1])
    for reason, count in most[:SHOWN_REASONS]:
        lines.append(f"  {count:,} values refused: {reason}")
    return "\n".join(lines)
