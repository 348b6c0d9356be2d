"""`profile-graph import` of tables: maps, dry runs, and a kill -9 in the middle."""

import asyncio
import json
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from cypher import Graph
from tests.conftest import query, wipe
from tests.contract.canonical import canonical, exported
from tests.server.cli.program import PROJECT, command, heeds_ctrl_c, program

Env = Mapping[str, str]
ROWS = 1_300
MAP = """
source = "till"
at = "day"
[identifiers]
loyaltyId = "card"
[interaction]
name = { value = "Sale" }
"""


def sales(path: Path) -> Path:
    """A file of sales, each twice, one of a hundred with a day that is none."""
    rows = [f"{'2026-11-01' if n % 100 else 'x'},L-{n // 2}\n" for n in range(ROWS)]
    path.write_text("day,card\n" + "".join(rows))
    path.with_suffix(".toml").write_text(MAP)
    return path


async def test_a_table_without_a_map_says_what_to_do(cli_env: Env, tmp_path: Path) -> None:
    file = sales(tmp_path / "a.csv")
    done = await program(cli_env, "import", str(file))
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        (
            f"{file} is CSV, and nothing says what its columns mean. Have a map proposed, read it, "
            "and import with it:"
        ),
        f"  profile-graph import {file} --suggest-map > map.toml",
        f"  profile-graph import {file} --map map.toml --dry-run",
        f"  profile-graph import {file} --map map.toml",
    ]


async def test_a_proposed_map_imports_standard_input(
    graph: Graph, cli_env: Env, tmp_path: Path
) -> None:
    content = "Kundennr;Vorname\n1;Jürgen\n2;Zoë\n".encode("cp1252")
    options = ("--delimiter", ";", "--encoding", "cp1252")
    proposed = await program(cli_env, "import", "-", "--suggest-map", *options, stdin=content)
    assert proposed.returncode == 0
    (tmp_path / "map.toml").write_bytes(proposed.stdout)
    arguments = ("import", "-", "--map", str(tmp_path / "map.toml"), *options)
    tried = await program(cli_env, *arguments, "--dry-run", "--json", stdin=content)
    said = json.loads(tried.stdout)
    assert (said["dryRun"], said["records"], said["customers"]) == (True, 2, 2)
    assert await query(graph, "MATCH (p:Profile) RETURN p.key AS key") == []
    done = await program(cli_env, *arguments, stdin=content)
    assert done.returncode == 0, done.stderr
    found = await query(graph, "MATCH (p:Profile) RETURN p.key AS key ORDER BY key")
    assert [one["key"] for one in found] == ["crm|1", "crm|2"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("-", "--resume"), "standard input can be read only once"),
        (("a", "b", "--suggest-map"), "it reads one file"),
        (("a", "--suggest-map", "--dry-run"), "it only reads: leave the others out"),
        (("a", "--resume", "--dry-run"), "a dry run reads everything"),
        (("a", "--delimiter", "::"), "'::' cannot separate columns: name one character, or tab"),
        (("a", "--encoding", "klingon"), "no encoding is called klingon"),
    ],
)
async def test_options_that_do_not_fit_are_wrong_usage(
    cli_env: Env, options: tuple[str, ...], why: str
) -> None:
    done = await program(cli_env, "import", *options)
    assert done.returncode == 2
    said = " ".join(re.sub("[│╭╮╰╯─]", " ", done.stderr.decode()).split())
    assert why in said


async def test_a_killed_import_goes_on_and_ends_as_one_that_was_not(
    graph: Graph, cli_env: Env, tmp_path: Path
) -> None:
    file = sales(tmp_path / "a.csv")
    mark = tmp_path / "a.csv.resume.json"
    arguments = ("import", str(file), "--map", str(file.with_suffix(".toml")), "--json")
    await asyncio.to_thread(_killed, cli_env, arguments, mark)
    assert json.loads(mark.read_text())["line"] >= 1_000
    done = await program(cli_env, *arguments, "--resume")
    said = json.loads(done.stdout)
    assert done.returncode == 3, done.stderr
    assert said["resumed"] >= 1_000
    assert (said["read"], said["rejected"], said["written"] + said["known"]) == (1300, 13, 1287)
    assert not mark.exists()
    rejects = (tmp_path / "a.csv.rejects.ndjson").read_text().splitlines()
    assert [json.loads(line)["line"] for line in rejects] == list(range(2, ROWS, 100))
    resumed = canonical(await exported(graph)), await _sales(graph)
    await wipe(graph)
    done = await program(cli_env, *arguments)
    assert json.loads(done.stdout)["written"] == 1287
    assert (canonical(await exported(graph)), await _sales(graph)) == resumed


async def test_ctrl_c_says_that_what_was_written_stays(
    graph: Graph, cli_env: Env, tmp_path: Path
) -> None:
    file = sales(tmp_path / "a.csv")
    arguments = ("import", str(file), "--map", str(file.with_suffix(".toml")))
    mark = tmp_path / "a.csv.resume.json"
    said = await asyncio.to_thread(_killed, cli_env, arguments, mark, signal.SIGINT)
    assert b"Stopped. What was written stays, and --resume goes on behind it." in said
    done = await program(cli_env, *arguments, "--resume")
    counts = re.search(rb"(.*): 1,300 records, 1,\d{3} by the import that was cut off", done.stdout)
    assert counts, done.stdout


async def _sales(graph: Graph) -> list[str]:
    rows = await query(graph, "MATCH (i:Interaction) RETURN i.key AS key")
    return sorted(row["key"] for row in rows)


def _killed(
    env: Env, arguments: tuple[str, ...], mark: Path, by: signal.Signals = signal.SIGKILL
) -> bytes:
    """End an import when its first chunk is in; what it says then."""
    with subprocess.Popen(
        command(*arguments),
        cwd=PROJECT,
        env=dict(env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=heeds_ctrl_c,  # noqa: PLW1509 - it only sets a signal
    ) as process:
        until = time.monotonic() + 120
        while not mark.exists():
            assert process.poll() is None, "it ended before"
            assert time.monotonic() < until, "it wrote nothing"
            time.sleep(0.002)
        process.send_signal(by)
        return process.communicate(timeout=60)[1]
