"""`profile-graph demo`."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from pydantic.alias_generators import to_camel
from rich.console import Console
from rich.table import Table

from customers.services import open_services
from server.address import check_credentials, listen
from server.cli.progress import progress
from server.cli.run import run, settings_of
from server.demo.demo import load
from server.demo.example import query
from server.demo.loaded import Figures
from server.demo.people import MOST_PEOPLE
from server.demo.scoring import LEGEND
from server.secret import secret_of
from server.settings import Settings

USUAL_PEOPLE = 400

People = Annotated[
    int, typer.Option("--people", min=1, max=MOST_PEOPLE, help="How many people to load.")
]
All = Annotated[bool, typer.Option("--all", help=f"Load all {MOST_PEOPLE:,} people.")]
NoServe = Annotated[bool, typer.Option("--no-serve", help="Only load them.")]
AsJson = Annotated[bool, typer.Option("--json", help="The figures as a JSON object, for machines.")]


def demo(
    people: People = USUAL_PEOPLE,
    everybody: All = False,
    no_serve: NoServe = False,
    as_json: AsJson = False,
) -> None:
    """Load made-up customers, say how well they were recognised, and serve them."""
    count = MOST_PEOPLE if everybody else people
    run(_demo(settings_of(), count, no_serve=no_serve, as_json=as_json))


async def _demo(settings: Settings, people: int, *, no_serve: bool, as_json: bool) -> None:
    if not no_serve:
        _check_port(settings)
    connection = settings.connection()
    # Open until the end: the embedded engine would stop in between, and start again to serve.
    async with open_services(connection, secret_of(settings)) as services:
        if not no_serve:
            check_credentials(settings, keys=await services.keys.holds_any())
        with progress("demo", "records") as tell:
            figures, known = await load(services, connection, people, tell)
        if as_json:
            told = {to_camel(name): value for name, value in asdict(figures).items()}
            typer.echo(orjson.dumps(told | {"loadedBefore": known}))
        else:
            _show(figures, known=known)
        if not no_serve:
            await _serve(settings, figures, as_json=as_json)


def _check_port(settings: Settings) -> None:
    """Fail now rather than when everything is loaded."""
    with listen(settings.host, settings.port):
        pass


async def _serve(settings: Settings, figures: Figures, *, as_json: bool) -> None:
    # Strawberry takes a third of a second to import, and --no-serve does without.
    from server.serve import serve  # noqa: PLC0415

    def ready(url: str) -> None:
        said = f"Serving on {url}/ (GraphQL: {url}/graphql). Ctrl-C stops it."
        if figures.example:
            said += f"\nPaste this query there:\n\n{query(figures.example)}"
        typer.echo(f"\n{said}\n", err=as_json)

    await serve(settings, ready)


def _show(figures: Figures, *, known: bool) -> None:
    table = Table(title="Loaded before" if known else "Loaded", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in _rows(figures):
        table.add_row(name, value)
    console = Console(highlight=False)
    console.print(table)
    console.print(LEGEND)
    if figures.stories:
        console.print("\nPeople worth a look, by an e-mail to ask for:")
    for story, email in figures.stories.items():
        console.print(f"  {email} {story}", soft_wrap=True)
    if figures.people < MOST_PEOPLE:
        console.print(f"\nAll {MOST_PEOPLE:,} people: profile-graph demo --all")


def _rows(figures: Figures) -> list[tuple[str, str]]:
    return [
        ("people", f"{figures.people:,}"),
        ("records", f"{figures.records:,}"),
        *((f"  of {source}", f"{count:,}") for source, count in figures.sources.items()),
        ("profiles", f"{figures.profiles:,}"),
        ("customers", f"{figures.customers:,}"),
        ("wrongly merged customers", f"{figures.wrongly_merged:,}"),
        ("missed people", f"{figures.missed:,}"),
        ("precision", f"{figures.precision:.4f}"),
        ("recall", f"{figures.recall:.4f}"),
        ("recall that shared identifiers allow", f"{figures.possible:.4f}"),
        ("seconds", f"{figures.seconds:,.1f}"),
    ]
