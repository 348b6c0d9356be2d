"""`profile-graph policy show|check|preview|measure|apply`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from customers.identity.compared_customers import Fate
from customers.identity.everything import Report, resolve_everything
from customers.identity.policy import Policy
from customers.identity.policy_document import InvalidPolicyError, default_text, read_policy
from customers.identity.policy_in_force import policy_in_force
from customers.identity.policy_preview import PolicyPreview, preview_policy, sample
from customers.labels.measure import Measure, measure, pair
from customers.principal import DEVELOPER
from customers.services import open_services
from cypher import Deadline, connect
from server.cli.progress import progress
from server.cli.resolve import report_text
from server.cli.run import run, settings_of
from server.secret import secret_of
from server.settings import Settings

ASK_S = 60.0
HEADLINE = "# Version"
FATES = {
    Fate.KEEP: "stay as they are.",
    Fate.MERGE: "times several become one:",
    Fate.SPLIT: "times one becomes several:",
    Fate.MOVE: "times profiles move between several:",
}

policy = typer.Typer(no_args_is_help=True, help="What identity resolution goes by.")

Document = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)]
Perhaps = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", exists=True, dir_okay=False, show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]
Later = Annotated[
    bool, typer.Option("--later", help="Leave the resolving to a running server, or to resolve.")
]


@policy.command()
def show(
    default: Annotated[
        bool, typer.Option("--default", help="The one that holds unless another is applied.")
    ] = False,
) -> None:
    """Print the policy in force, a TOML document to begin your own with."""
    typer.echo(default_text() if default else run(_in_force(settings_of())), nl=False)


@policy.command()
def check(file: Document) -> None:
    """Read a policy and say what is wrong with it, line by line; changes nothing."""
    found = read_policy(_text(file), file.name)
    typer.echo(
        f"{file.name} is right: {len(found.namespaces)} namespaces, {len(found.fields)} fields, "
        f"{len(found.blocking)} blocking keys, {len(found.sources)} sources."
    )


@policy.command()
def preview(file: Document, as_json: AsJson = False) -> None:
    """Say what a policy would do to all customers, with examples; changes nothing.

    Needs room on disk for what is compared of every profile.
    """
    found = run(_preview(settings_of(), read_policy(_text(file), file.name)))
    if as_json:
        typer.echo(orjson.dumps(found.as_json()))
    else:
        typer.echo(preview_text(found))


@policy.command("measure")
def measure_policy(file: Perhaps = None, as_json: AsJson = False) -> None:
    """Say how well a policy agrees with the labelled pairs; without FILE, the graph as it is.

    Of a FILE it needs room on disk for what is compared of every profile. Changes nothing.
    """
    read = None if file is None else read_policy(_text(file), file.name)
    found = run(_measure(settings_of(), read))
    if as_json:
        typer.echo(orjson.dumps(found.as_json()))
    else:
        typer.echo(measure_text(found))


@policy.command()
def apply(file: Document, later: Later = False, as_json: AsJson = False) -> None:
    """Put a policy in force and decide again who is one person, thousand by thousand."""
    text = _text(file)
    read_policy(text, file.name)
    version, report = run(_apply(settings_of(), text, later=later))
    if as_json:
        resolved = None if report is None else report.as_json()
        typer.echo(orjson.dumps({"version": version, "resolved": resolved}))
    else:
        typer.echo(f"Version {version} is in force.")
        if report is not None:
            typer.echo(report_text(report))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidPolicyError(f"{file.name}: not text in UTF-8") from None


async def _in_force(settings: Settings) -> str:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        row = await policy_in_force(graph, Deadline.after(ASK_S))
    if row is None:
        return f"# Nothing is in force yet; this is the default.\n{default_text()}"
    at = datetime.fromtimestamp(row["at"] / 1000, UTC).isoformat(timespec="seconds")
    resolved = "everything is resolved by it" if row["resolvedAt"] else "still being resolved"
    text = row["text"]
    if text.startswith(HEADLINE):
        # It was written from what this command printed of an earlier version.
        text = text.partition("\n")[2]
    return f"{HEADLINE} {row['version']}, in force since {at}, by {row['by']}; {resolved}.\n{text}"


async def _preview(settings: Settings, policy: Policy) -> PolicyPreview:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        with progress("preview", "profiles") as tell:
            return await preview_policy(
                graph, policy, DEVELOPER, progress=lambda done, total: tell(done, total, done // 2)
            )


def preview_text(found: PolicyPreview) -> str:
    """What a policy would do, for people."""
    then = f"and would be {found.customers_then:,}."
    lines = [f"{found.profiles:,} profiles are {found.customers:,} customers, {then}"]
    for fate, text in FATES.items():
        if count := found.fates[fate]:
            lines.append(f"{count:,} {text}")
            lines += [orjson.dumps(sample(one)).decode() for one in found.samples.get(fate, ())]
    return "\n".join(lines)


async def _measure(settings: Settings, policy: Policy | None) -> Measure:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        with progress("measure", "profiles") as tell:
            return await measure(
                graph, DEVELOPER, policy, progress=lambda done, total: tell(done, total, done // 2)
            )


def measure_text(found: Measure) -> str:
    """How a policy agrees with the labels, for people."""
    one, two = found.joined + found.missed, found.merged + found.apart
    if not one + two:
        return "No pairs are labelled: profile-graph labels import, or labelPair in GraphQL."
    rates = (_rate(rate) for rate in (found.precision, found.recall, found.f1))
    lines = [
        f"{one:,} pairs of one person: {found.joined:,} joined, {found.missed:,} missed.",
        f"{two:,} pairs of two people: {found.apart:,} apart, {found.merged:,} wrongly joined.",
        "Precision {}, recall {}, F1 {}.".format(*rates),
    ]
    lines += ["Wrong:"] if found.wrong else []
    lines += [orjson.dumps(pair(one)).decode() for one in found.wrong]
    return "\n".join(lines)


def _rate(share: float | None) -> str:
    return "-" if share is None else f"{share:.4f}"


async def _apply(settings: Settings, text: str, *, later: bool) -> tuple[int, Report | None]:
    # Opened with it, and not with the one in force: that may be one that we cannot read any more.
    async with open_services(settings.connection(), secret_of(settings), text) as services:
        version = services.policies.version
        if later:
            return version, None
        with progress("resolve", "steps") as tell:
            report = await resolve_everything(
                services.graph,
                services.policies,
                DEVELOPER,
                progress=lambda done, total: tell(done, total, done),
            )
        return version, report
