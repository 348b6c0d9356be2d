"""`profile-graph schema`."""

import typer


def schema() -> None:
    """Print the GraphQL schema in its definition language."""
    # Strawberry takes a third of a second to import, and the other commands do without.
    from graph_schema.schema import sdl  # noqa: PLC0415

    typer.echo(sdl(), nl=False)
