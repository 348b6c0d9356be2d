"""`python -m tests.cli_help > docs/cli.md`: the help of every command, the same on any terminal."""

import shlex
from collections.abc import Iterator

import typer
from typer import rich_utils
from typer.core import TyperGroup
from typer.testing import CliRunner

from server.cli.app import app

NAME = "profile-graph"
WIDTH = 100
REGENERATE = "python -m tests.cli_help > docs/cli.md"
HEAD = """# The command line

What can `profile-graph` do, and with which options? Every command says it:

```sh
profile-graph --help
```

Options and their texts are below as the program prints them. When one changes,
`python -m tests.cli_help > docs/cli.md` writes this page anew. Settings come from the
environment: [operations](operations.md#settings) has them all.

A command exits with 0 if all is well, with 1 if it failed or found something wrong, with 2 if
it was called wrongly, and `import` with 3 if it is done and rejected records.
"""


def page() -> str:
    """The page."""
    # Typer takes both from the environment, as it is imported.
    rich_utils.MAX_WIDTH = WIDTH
    rich_utils.FORCE_TERMINAL = False
    rich_utils.COLOR_SYSTEM = None
    parts = [f"\n## {name}\n\n```text\n{_help(name)}\n```\n" for name in names()]
    return HEAD + "".join(parts)


def names() -> list[str]:
    """The program and every command of it, by their whole names."""
    return list(_names(typer.main.get_command(app), NAME))


def _names(command: object, name: str) -> Iterator[str]:
    yield name
    if isinstance(command, TyperGroup):
        for part, inner in command.commands.items():
            yield from _names(inner, f"{name} {part}")


def _help(name: str) -> str:
    arguments = [*shlex.split(name)[1:], "--help"]
    done = CliRunner().invoke(app, arguments, prog_name=NAME, catch_exceptions=False)
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())


if __name__ == "__main__":
    print(page(), end="")
