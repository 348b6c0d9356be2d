"""`profile-graph resolve`."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from customers.identity.everything import Report, resolve_everything
from customers.principal import DEVELOPER
from customers.services import open_services
from server.cli.progress import progress
from server.cli.run import run, settings_of
from server.secret import secret_of
from server.settings import Settings

Everything = Annotated[
    bool, typer.Option("--all", help="Every component; there is nothing less to ask for yet.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


def resolve(everything: Everything = False, as_json: AsJson = False) -> None:
    """Decide again who is one person; changes nothing unless the policy or the program changed."""
    if not everything:
        raise typer.BadParameter("say --all", param_hint="--all")
    report = run(_resolve(settings_of()))
    typer.echo(orjson.dumps(asdict(report)) if as_json else _text(report))


async def _resolve(settings: Settings) -> Report:
    async with open_services(settings.connection(), secret_of(settings)) as services:
        with progress("resolve", "steps") as tell:
            return await resolve_everything(
                services.graph,
                services.policy,
                DEVELOPER,
                progress=lambda done, total: tell(done, total, done),
            )


def _text(report: Report) -> str:
    lines = [f"{report.profiles:,} profiles are {report.customers:,} customers."]
    if not (report.identifiers_changed or report.traits_changed or report.moved):
        return "\n".join([*lines, "Nothing changed."])
    lines.append(
        f"Changed: the people of {report.identifiers_changed:,} identifiers, the traits of "
        f"{report.traits_changed:,} customers, the customer of {report.moved:,} profiles."
    )
    lines += [orjson.dumps(change).decode() for change in report.changes]
    return "\n".join(lines)
