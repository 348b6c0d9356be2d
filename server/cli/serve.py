"""`profile-graph serve`."""

import typer

from server.cli.run import run, settings_of


def serve() -> None:
    """Serve the GraphQL API until Ctrl-C."""
    settings = settings_of()
    # Strawberry takes a third of a second to import, and no other command needs the server.
    from server.serve import serve as serve_until_stopped  # noqa: PLC0415

    run(serve_until_stopped(settings, _ready))


def _ready(url: str) -> None:
    typer.echo(f"Serving on {url}/ (GraphQL: {url}/graphql). Ctrl-C stops it.")
