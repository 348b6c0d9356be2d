"""docs/importing.md is true: its commands, run in their order, say what is written there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from customers.ingest.mapping.document import FileMap
from cypher import Graph
from tests.conftest import query

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "importing.md"
BLOCK = re.compile(r"```sh\n(.*?)```\n```text\n(.*?)```", re.DOTALL)
# What differs from run to run, as the page has it.
TOOK = re.compile(r"in [\d,.]+ s \([\d,]+/s\)")
SHOWN = "in 0.1 s (40/s)"


def said(command: str, env: Mapping[str, str], folder: Path) -> str:
    """What a command of the page says."""
    program = f"{sys.executable} -m server.cli"
    done = subprocess.run(
        command.replace("profile-graph", program),
        shell=True,
        cwd=folder,
        env={**env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return TOOK.sub(SHOWN, done.stdout)


async def test_the_commands_say_what_the_page_says(
    graph: Graph, cli_env: Mapping[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "docs" / "examples", folder)
    text = PAGE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```sh")
    for command, output in blocks:
        assert said(command, cli_env, folder) == output, command
    rows = await query(
        graph,
        "MATCH (i:Interaction) WITH i.type AS type, count(*) AS count "
        "RETURN type, count ORDER BY type",
    )
    assert [(row["type"], row["count"]) for row in rows] == [
        ("email", 3),
        ("ticket", 3),
        ("track", 2),
        ("visit", 3),
    ]


def test_the_page_names_every_setting_of_a_map() -> None:
    table = "\n".join(re.findall(r"^\| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    for name, field in FileMap.model_fields.items():
        assert re.search(rf"[`\[]{field.alias or name}[`\]]", table), name
