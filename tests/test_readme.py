"""The README is true: its commands exist, and its query has its answer."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from customers.ingest.record import Record
from customers.services import Services
from tests.graph_schema.conftest import Ask, ask, client

__all__ = ["ask", "client"]

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = README.splitlines()


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_a_command_comes_by_line_15_and_a_query_with_its_answer_by_line_40() -> None:
    assert next(n for n, line in enumerate(LINES, 1) if line.startswith("make ")) <= 15
    answer = blocks("json")[0]
    assert README[: README.index(answer) + len(answer)].count("\n") <= 40


async def test_the_query_has_this_answer_on_the_demo(
    ask: Ask, services: Services, cli_env: Mapping[str, str], tmp_path: Path
) -> None:
    # The first sixty people of the demo are the same as in all of it.
    demo = subprocess.run(  # noqa: ASYNC221 - nothing else is to be done
        [sys.executable, "-m", "server.cli", "demo", "--people", "60", "--no-serve", "--json"],
        cwd=ROOT,
        env=dict(cli_env),
        capture_output=True,
        text=True,
        check=False,
    )
    assert demo.returncode == 0, demo.stderr
    [query], answer = blocks("graphql"), json.loads(blocks("json")[0])
    assert (await ask(query)).data == answer["data"]


def test_the_records_are_records() -> None:
    for line in blocks("json")[1].splitlines():
        Record.model_validate_json(line)


def test_the_commands_are_there() -> None:
    targets = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    commands = subprocess.run(
        [sys.executable, "-m", "server.cli", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    shown = "\n".join(blocks("sh"))
    for target in re.findall(r"^make (\w+)", shown, re.MULTILINE):
        assert f"make {target} " in targets.stdout, target
    named = set(re.findall(r"profile-graph (\w+)", shown))
    assert named == {"import", "export", "resolve", "doctor", "migrate", "serve"}
    for command in named:
        assert re.search(rf"│ {command} ", commands.stdout), command


def test_the_folders_are_there() -> None:
    for folder in re.findall(r"^\| `([\w/]+)` \|", README, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
