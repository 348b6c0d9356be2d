"""docs/audit.md is true: its commands run, its program verifies, and what it lists is there."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from customers.audit.entry import Action, entry
from customers.audit.log import record_alone
from customers.audit.queue import MOST_WAITING, WAIT_S
from customers.export import export_customers
from customers.principal import DEVELOPER, Principal, Role
from customers.reading import Reading
from cypher import Graph
from tests.conftest import Ingest, query, soon
from tests.graph_schema.conftest import Ask, ask, client
from tests.pages import Page, said_by
from tests.server.cli.program import program

__all__ = ["ask", "client"]

PAGE = Page.of("audit.md")


@pytest.fixture
async def log(graph: Graph, ingest: Ingest) -> Graph:
    """A log of all kinds of characters, of an export, and of somebody who is looked at."""
    await ingest([{"source": "crm", "sourceId": "1"}])
    seller = Principal("żółć, 5:", Role.SELLER, reason="ticket 7, »urgent«")
    looked = entry(seller, Action.READ, ["cus_1", "cus_2"], operation="query customers")
    await record_alone(graph, [looked, entry(DEVELOPER, Action.KEY_CREATED, ["key_1"])], soon())
    assert [one async for one in export_customers(Reading(graph, DEVELOPER, soon()))]
    return graph


async def test_its_first_command_runs_and_says_what_it_says(
    log: Graph, cli_env: Mapping[str, str]
) -> None:
    first, *_ = PAGE.blocks("sh")
    [said] = PAGE.blocks("text")
    done = await program(cli_env, *first.text.split()[1:])
    assert said_by(said.text, done.stdout.decode()), done.stderr
    assert PAGE.text.index(first.text) < 150


async def test_its_program_verifies_what_was_exported_and_finds_what_was_changed(
    log: Graph, cli_env: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "log.ndjson"
    assert (await program(cli_env, "audit", "export", "--output", str(file))).returncode == 0
    lines = file.read_text(encoding="utf-8").splitlines()
    actions = [json.loads(line)["action"] for line in lines]
    assert actions == ["read", "keyCreated", "export", "exported"]
    assert json.loads(lines[3])["count"] == 1
    [written] = PAGE.blocks("python")

    def verified() -> tuple[int, str]:
        command = [sys.executable, "-c", written.text, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, (done.stdout + done.stderr).strip()

    told = json.loads((await program(cli_env, "audit", "verify", "--json")).stdout)
    assert told == {"entries": 4, "head": told["head"], "fault": None, "ok": True}
    assert verified() == (0, told["head"])
    file.write_text("\n".join(lines).replace("cus_2", "cus_3") + "\n", encoding="utf-8")
    assert verified() == (1, "entry 1 is not as it was written")


async def test_the_command_tells_what_was_changed_and_exits_with_1(
    log: Graph, cli_env: Mapping[str, str]
) -> None:
    head = json.loads((await program(cli_env, "audit", "verify", "--json")).stdout)["head"]
    assert (await program(cli_env, "audit", "verify", "--head", head)).returncode == 0
    done = await program(cli_env, "audit", "verify", "--head", head.replace("4:", "9:"))
    assert done.returncode == 1
    assert b"entries are missing at the end: there were 9 when the head was kept" in done.stderr
    assert (await program(cli_env, "audit", "verify", "--head", "nonsense")).returncode == 1
    await query(log, "MATCH (e:AuditEntry {seq: 2}) SET e.actor = 'somebody'")
    done = await program(cli_env, "audit", "verify", "--json")
    assert (done.returncode, json.loads(done.stdout)["fault"]) == (1, "entry 2 was changed")


async def test_its_query_has_an_answer(log: Graph, ask: Ask) -> None:
    [asked] = PAGE.blocks("graphql")
    found = (await ask(asked.text.replace("cus_…", "cus_2"))).data["audit"]["nodes"]
    assert [one["operation"] for one in found] == ["query customers"]


def test_its_actions_and_bounds_are_those_there_are() -> None:
    listed = " ".join(row[0] for row in PAGE.rows("## What is in it"))
    assert {one.strip("`,") for one in listed.split()} == {one.value for one in Action}
    assert f"the entries of reads of the last {WAIT_S} s" in PAGE.text
    assert f"With {MOST_WAITING:,} entries and ids waiting" in PAGE.text
