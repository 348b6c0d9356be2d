"""`profile-graph migrate`."""

from typing import Annotated

import typer

from customers.services import MIGRATE_S
from cypher import Deadline, connect, pending
from cypher import migrate as bring_up_to_date
from server.cli.run import run, settings_of
from server.settings import Settings

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would run.")]


def migrate(dry_run: DryRun = False) -> None:
    """Bring the database's schema up to date (serve and import do that too)."""
    versions = run(_migrate(settings_of(), dry_run=dry_run))
    for version in versions:
        typer.echo(f"{'would run' if dry_run else 'ran'} {version}")
    if not versions:
        typer.echo("The schema is up to date.")


async def _migrate(settings: Settings, *, dry_run: bool) -> list[str]:
    work = pending if dry_run else bring_up_to_date
    async with connect(settings.connection()) as graph:
        return [migration.version for migration in await work(graph, Deadline.after(MIGRATE_S))]
