"""`profile-graph resolve`."""

from typing import Annotated

import orjson
import typer

from customers.identity.everything import Report, resolve_everything, resolve_waiting
from customers.principal import DEVELOPER
from customers.services import open_services
from server.cli.progress import progress
from server.cli.run import run, settings_of
from server.secret import secret_of
from server.settings import Settings

Everything = Annotated[
    bool,
    typer.Option("--all", help="Every component, not only those above the limit that wait for it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


def resolve(everything: Everything = False, as_json: AsJson = False) -> None:
    """Decide who is one person: where it waits for that, or again about all.

    The second changes nothing unless the policy or the program changed.
    """
    report = run(_resolve(settings_of(), everything=everything))
    if as_json:
        typer.echo(orjson.dumps(report.as_json()))
    elif everything or report.waited:
        typer.echo(report_text(report))
    else:
        typer.echo("Nothing waits; --all decides again about everything.")
    if not as_json and report.await_review:
        typer.echo(f"Possible matches that await review: {report.await_review:,}.")


async def _resolve(settings: Settings, *, everything: bool) -> Report:
    secret = secret_of(settings)
    async with open_services(settings.connection(), secret, settings.policy_text()) as services:
        if not everything:
            return await resolve_waiting(services.graph, services.policies, DEVELOPER)
        with progress("resolve", "steps") as tell:
            return await resolve_everything(
                services.graph,
                services.policies,
                DEVELOPER,
                progress=lambda done, total: tell(done, total, done),
            )


def report_text(report: Report) -> str:
    """What a resolution did, for people."""
    lines = [f"{report.profiles:,} profiles are {report.customers:,} customers."]
    lines += [
        f"{customer} waited: its component has {size:,} profiles."
        for customer, size in sorted(report.waited.items())
    ]
    if not report.did_anything:
        return "\n".join([*lines, "Nothing changed."])
    lines.append(
        f"Changed: {report.keys_changed:,} blocking keys, the people of "
        f"{report.identifiers_changed:,} identifiers, the traits of {report.traits_changed:,} "
        f"customers, the household of {report.housed:,}, the customer of {report.moved:,} "
        f"profiles, {report.matches_changed:,} possible matches."
    )
    if older := max(report.facts_counted, report.summed_up):
        lines.append(
            f"Counted: the purchases and tickets of {older:,} profiles of an older version."
        )
    lines += [orjson.dumps(change).decode() for change in report.changes]
    if more := report.changed - len(report.changes):
        lines.append(f"and {more:,} changes more, in the change log")
    return "\n".join(lines)
