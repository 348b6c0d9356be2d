"""The operators' page is true: its first command runs, and it names what there is."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from customers.services import Services
from cypher import Graph
from server.metrics import EVENTS, Metrics
from server.settings import PREFIX, Settings
from tests.pages import Page, said_by
from tests.server.cli.program import program

ROOT = Path(__file__).parent.parent
OPERATIONS = Page.of("operations.md")
PAGE = OPERATIONS.text
BLOCKS = [block.text for block in OPERATIONS.blocks("sh")]


async def test_the_page_begins_with_a_job_and_its_command_runs(
    graph: Graph, cli_env: Mapping[str, str]
) -> None:
    assert PAGE.index(BLOCKS[0]) < 250
    [said] = OPERATIONS.blocks("text")
    [command] = BLOCKS[0].splitlines()
    done = await program(cli_env, *command.split()[1:])
    assert done.returncode == 0
    assert said_by(said.text, done.stdout.decode())


async def test_its_commands_are_there(cli_env: Mapping[str, str]) -> None:
    told = (await program(cli_env, "--help")).stdout.decode()
    named = set(re.findall(r"profile-graph (\w+)", "\n".join(BLOCKS)))
    assert named == {"doctor", "backup", "restore", "transfer", "export", "import"}
    for command in named:
        assert re.search(rf"│ {command} ", told), command
    for option in ("--user", "--database", "--again"):
        assert option in (await program(cli_env, "transfer", "--help")).stdout.decode()


def test_its_settings_are_all_there_are_with_their_defaults() -> None:
    listed = {row[0].strip("`"): row[1].strip("`") for row in OPERATIONS.rows("## Settings")}
    fields = {
        field.validation_alias or f"{PREFIX}{name.upper()}": field.default
        for name, field in Settings.model_fields.items()
    }
    assert listed.keys() == fields.keys()
    for name, default in fields.items():
        if default is not None:
            is_so = default.get_secret_value() if isinstance(default, SecretStr) else default
            assert listed[str(name)].lower() == str(is_so).lower(), name
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+", PAGE)) <= fields.keys()


async def test_every_metric_is_named_and_none_besides(services: Services) -> None:
    metrics = Metrics()
    metrics.statement("schema/ping", 0.1)
    metrics.operation("query customers", 0.1, ["INTERNAL"])
    metrics.request("/", 200, 0.1)
    for what in EVENTS:
        metrics.happened(what, "any")
    families = text_string_to_metric_families((await metrics.page(services)).decode())
    ours = {
        family.name.removeprefix("profile_graph_")
        for family in families
        if family.name.startswith("profile_graph_") and not family.name.endswith("_created")
    }
    rows = "\n".join(re.findall(r"^\| (`.*?) \|", PAGE[PAGE.index("## Metrics") :], re.MULTILINE))
    named = {name.removesuffix("_total") for name in re.findall(r"`(\w+)", PAGE)}
    listed = {name.removesuffix("_total") for name in re.findall(r"`(\w+)", rows)}
    assert listed <= ours
    assert ours <= named


def test_make_runs_the_tests_on_a_version_of_neo4j() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "test-neo4j", "VERSION=2026.09.0", "PYTHON=python3"],
        cwd=ROOT,
        env=os.environ | {"MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "tests.neo4j_server start" in done.stdout
    assert "--version 2026.09.0" in done.stdout
