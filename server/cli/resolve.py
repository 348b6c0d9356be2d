"""`profile-graph resolve`."""

from collections.abc import Mapping
from typing import Annotated

import orjson
import typer

from customers.identity.everything import Report, resolve_everything, resolve_waiting
from customers.identity.proposed import Fate
from customers.matches.by_splink import Splink
from customers.matches.match import open_matches
from customers.matches.propose import MOST, Proposals, propose
from customers.principal import DEVELOPER
from customers.services import open_services
from cypher import Deadline
from server.cli.progress import progress
from server.cli.run import run, settings_of
from server.secret import secret_of
from server.settings import Settings

# The probability from which on a pair is proposed.
LIKELY = 0.9
COUNT_S = 60.0

Everything = Annotated[
    bool,
    typer.Option("--all", help="Every component, not only those above the limit that wait for it."),
]
Propose = Annotated[
    bool,
    typer.Option(
        "--propose",
        help="Then have splink compare all customers, and list pairs that may be one person as "
        "possible matches: it joins nobody. Needs the extra `splink`.",
    ),
]
Threshold = Annotated[
    float,
    typer.Option(
        min=0.5, max=1.0, help="From which probability on --propose lists a pair, by splink."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


def resolve(
    everything: Everything = False,
    proposes: Propose = False,
    threshold: Threshold = LIKELY,
    as_json: AsJson = False,
) -> None:
    """Decide who is one person: where it waits for that, or again about all.

    The second changes nothing unless the policy or the program changed.
    """
    proposer = Splink() if proposes else None
    report, proposals = run(_resolve(settings_of(), proposer, threshold, everything=everything))
    if as_json:
        found = {} if proposals is None else {"proposed": proposals.as_json()}
        typer.echo(orjson.dumps(report.as_json() | found))
    elif everything or report.waited:
        typer.echo(report_text(report))
    else:
        typer.echo("Nothing waits; --all decides again about everything.")
    if not as_json and proposals is not None:
        typer.echo(proposals_text(proposals))
    if not as_json and report.await_review:
        typer.echo(f"Possible matches that await review: {report.await_review:,}.")


async def _resolve(
    settings: Settings, proposer: Splink | None, threshold: float, *, everything: bool
) -> tuple[Report, Proposals | None]:
    secret = secret_of(settings)
    async with open_services(settings.connection(), secret, settings.policy_text()) as services:
        graph, policies = services.graph, services.policies
        if everything:
            with progress("resolve", "steps") as tell:
                report = await resolve_everything(
                    graph,
                    policies,
                    DEVELOPER,
                    progress=lambda done, total: tell(done, total, done),
                )
        else:
            report = await resolve_waiting(graph, policies, DEVELOPER)
        if proposer is None:
            return report, None
        with progress("propose", "profiles") as tell:
            proposals = await propose(
                graph,
                policies,
                DEVELOPER,
                proposer,
                threshold,
                progress=lambda done, total: tell(done, total, done),
            )
        report.await_review = await open_matches(graph, Deadline.after(COUNT_S))
        return report, proposals


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
    if report.products_counted:
        lines.append(f"Counted: who bought {report.products_counted:,} products, and who again.")
    lines += [orjson.dumps(change).decode() for change in report.changes]
    if more := report.changed - len(report.changes):
        lines.append(f"and {more:,} changes more, in the change log")
    return "\n".join(lines)


# How people are told what became of the pairs that were left out.
LEFT_OUT: Mapping[Fate, str] = {
    Fate.LISTED: "are possible matches as it is",
    Fate.DISMISSED: "were dismissed, and nothing changed since",
    Fate.APART: "are two by somebody's decision",
    Fate.CHANGED: "changed meanwhile",
    Fate.BEYOND: f"are beyond the {MOST:,} that a run adds",
}


def proposals_text(proposals: Proposals) -> str:
    """What was proposed, for people."""
    fates = proposals.fates
    left = [f"{fates[fate]:,} {why}" for fate, why in LEFT_OUT.items() if fates[fate]]
    lines = [f"{proposals.by} compared {proposals.compared:,} customers."]
    lines.append(f"Proposed: {fates[Fate.ADDED]:,} pairs, and {fates[Fate.KEPT]:,} before.")
    if left:
        lines.append(f"Left out: {'; '.join(left)}.")
    return "\n".join(lines)
