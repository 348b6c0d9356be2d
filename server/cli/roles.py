"""`profile-graph roles`."""

import typer

from customers.access.matrix import matrix
from customers.access.table import table


def roles() -> None:
    """Print what each role sees and may do, as Markdown."""
    typer.echo(matrix(table()), nl=False)
