"""`profile-graph audit verify|export`."""

import sys
from typing import Annotated, BinaryIO

import orjson
import typer

from customers.audit.verify import Head, Verdict, every_entry, head_of, verify
from cypher import Deadline, connect
from server.cli.run import FAILED, run, settings_of
from server.cli.written import Output, written
from server.settings import Settings

ASK_S = 60.0

audit = typer.Typer(no_args_is_help=True, help="Who looked at whom, who changed what.")

Kept = Annotated[
    str | None,
    typer.Option("--head", metavar="SEQ:HASH", help="The end of the log as it was printed before."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


@audit.command("verify")
def verify_log(head: Kept = None, as_json: AsJson = False) -> None:
    """Follow the chain of the log from its first entry, and print where it ends.

    Keep that end where nobody who can write to the database can: with --head it shows whether
    anything was cut off or written anew since.
    """
    kept = None if head is None else Head.parse(head)
    verdict = run(_verify(settings_of(), kept))
    if as_json:
        told = {
            "entries": verdict.entries,
            "head": str(verdict.head),
            "fault": verdict.fault,
            "ok": verdict.fault is None,
        }
        typer.echo(orjson.dumps(told))
    elif verdict.fault is None:
        typer.echo(f"{verdict.entries:,} entries, each as it was written. The log ends with")
        typer.echo(str(verdict.head))
    else:
        typer.echo(f"The log was changed: {verdict.fault}.", err=True)
    if verdict.fault is not None:
        sys.exit(FAILED)


@audit.command("export")
def export_log(output: Output = None) -> None:
    """Write every entry as NDJSON, the oldest first."""
    settings = settings_of()
    with written(output) as file:
        run(_export(settings, file))


async def _verify(settings: Settings, kept: Head | None) -> Verdict:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        return await verify(graph, kept)


async def _export(settings: Settings, file: BinaryIO) -> None:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        last = (await head_of(graph)).seq
        async for one in every_entry(graph, last):
            file.write(orjson.dumps(one.row()) + b"\n")
