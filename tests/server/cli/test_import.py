"""`profile-graph import`: what it writes, what it says, and how it exits."""

import asyncio
import gzip
import json
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from cypher import Graph
from tests.conftest import query
from tests.server.cli.program import PROJECT, command, heeds_ctrl_c, program

RECORDS = b"""\
{"source": "crm", "sourceId": "c1", "traits": {"firstName": "Ann"}}
{"source": "crm", "sourceId": "c2", "identifiers": [{"namespace": "email", "value": "nobody"}]}
"""
WRONG = b'{"source": "crm"}\n'
Env = Mapping[str, str]


async def profiles(graph: Graph) -> list[str]:
    rows = await query(graph, "MATCH (p:Profile) RETURN p.sourceId AS id")
    return sorted(one["id"] for one in rows)


async def test_a_file_goes_in_and_a_second_time_changes_nothing(
    graph: Graph, cli_env: Env, tmp_path: Path
) -> None:
    file = tmp_path / "a.ndjson"
    file.write_bytes(RECORDS)
    first = await program(cli_env, "import", str(file))
    again = await program(cli_env, "import", str(file))
    assert (first.returncode, again.returncode) == (0, 0)
    assert first.stderr == again.stderr == b""
    said = re.sub(r"in [\d.]+ s \([\d,]+/s\)", "in T", first.stdout.decode())
    assert said == (
        f"{file}: 2 records in T: 2 written, 0 known, 0 rejected\n"
        "  1 values refused: identifier email: not an e-mail address\n"
    )
    assert "0 written, 2 known" in again.stdout.decode()
    assert await profiles(graph) == ["c1", "c2"]


async def test_rejects_are_written_beside_the_file_and_make_it_exit_3(
    graph: Graph, cli_env: Env, tmp_path: Path
) -> None:
    file = tmp_path / "a.ndjson"
    file.write_bytes(RECORDS + WRONG)
    done = await program(cli_env, "import", str(file))
    assert done.returncode == 3
    assert f"rejected, with the reasons: {file}.rejects.ndjson" in done.stdout.decode()
    assert json.loads((tmp_path / "a.ndjson.rejects.ndjson").read_text()) == {
        "line": 3,
        "reason": "a record needs a sourceId or at least one identifier",
        "code": "INVALID_RECORD",
        "record": {"source": "crm"},
    }
    assert await profiles(graph) == ["c1", "c2"]


async def test_machines_get_json_and_standard_input_may_be_gzip(
    graph: Graph, cli_env: Env, tmp_path: Path
) -> None:
    rejects = tmp_path / "bad"
    content = gzip.compress(RECORDS + WRONG)
    done = await program(cli_env, "import", "-", "--json", "--rejects", str(rejects), stdin=content)
    assert done.returncode == 3
    said = json.loads(done.stdout)
    assert said.pop("seconds") > 0
    assert said == {
        "file": "-", "read": 3, "written": 2, "known": 0, "rejected": 1, "resumed": 0,
        "refused": {"identifier email: not an e-mail address": 1},
    }  # fmt: skip
    assert json.loads(rejects.read_text())["line"] == 3


async def test_a_file_that_is_not_there_is_one_line_and_exit_1(cli_env: Env) -> None:
    done = await program(cli_env, "import", "/nowhere/a.ndjson")
    assert done.returncode == 1
    assert done.stderr == b"/nowhere/a.ndjson cannot be read: No such file or directory\n"


async def test_one_reject_file_cannot_serve_two_files(cli_env: Env) -> None:
    done = await program(cli_env, "import", "a", "b", "--rejects", "c")
    assert done.returncode == 2
    assert b"import the files one by one" in done.stderr


async def test_ctrl_c_ends_it_quietly_even_while_a_pipe_is_silent(
    graph: Graph, cli_env: Env
) -> None:
    assert await asyncio.to_thread(_interrupted, cli_env) == (130, b"", b"")


def _interrupted(env: Env) -> tuple[int, bytes, bytes]:
    """How an import of a pipe that says nothing ends, and what it says, on Ctrl-C."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command("import", "-"),
        cwd=PROJECT,
        env=dict(env),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        preexec_fn=heeds_ctrl_c,  # noqa: PLW1509 - it only sets a signal
    ) as process:
        try:
            _wait_until_it_reads(process.pid)
            process.send_signal(signal.SIGINT)
            # Not communicate(), which would close the pipe.
            code = process.wait(20)
            assert process.stdout is not None
            assert process.stderr is not None
            return code, process.stdout.read(), process.stderr.read()
        finally:
            process.kill()


def _wait_until_it_reads(pid: int) -> None:
    """Wait until a thread of the process waits for its standard input."""
    until = time.monotonic() + 30
    while not any("pipe" in _waits_in(task) for task in Path(f"/proc/{pid}/task").iterdir()):
        assert time.monotonic() < until, "it does not read its input"
        time.sleep(0.05)


def _waits_in(task: Path) -> str:
    try:
        return (task / "wchan").read_text()
    except OSError:  # a thread that has ended
        return ""
