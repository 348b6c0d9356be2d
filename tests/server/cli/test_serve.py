"""`profile-graph serve`: starts, answers, refuses to be exposed, stops."""

import asyncio
import json
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Mapping

import pytest

from cypher import Graph
from tests.server.cli.program import PROJECT, command, program

Env = Mapping[str, str]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_where_it_serves_answers_and_stops_on_a_signal(
    graph: Graph, cli_env: Env, stop: signal.Signals
) -> None:
    env = {**cli_env, "PROFILE_GRAPH_PORT": "0", "PROFILE_GRAPH_LOG_FORMAT": "json"}
    said, answer, code, logged = await asyncio.to_thread(_served, env, stop)
    url = said.split()[2]
    assert said == f"Serving on {url} (GraphQL: {url}graphql). Ctrl-C stops it.\n"
    assert (answer, code) == ({"status": "ok"}, 0)
    [line] = logged.splitlines()
    assert json.loads(line)["path"] == "/readyz"


def _served(env: Env, stop: signal.Signals) -> tuple[str, object, int, bytes]:
    """What a server says, what it answers, how it ends and what it logged."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command("serve"), cwd=PROJECT, env=dict(env), stdout=pipe, stderr=pipe
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            said = process.stdout.readline().decode()
            with urllib.request.urlopen(f"{said.split()[2]}readyz", timeout=30) as response:
                answer = json.load(response)
            process.send_signal(stop)
            return said, answer, process.wait(30), process.stderr.read()
        finally:
            process.kill()


async def test_an_address_that_others_reach_is_refused(cli_env: Env) -> None:
    done = await program({**cli_env, "PROFILE_GRAPH_HOST": "0.0.0.0"}, "serve")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr == (
        b"PROFILE_GRAPH_HOST=0.0.0.0 can be reached by others, and this server asks nobody for "
        b"credentials: set PROFILE_GRAPH_HOST=127.0.0.1 and put a proxy with authentication in "
        b"front of it. In a container whose port is published on 127.0.0.1 alone, say so with "
        b"PROFILE_GRAPH_LOOPBACK_MAPPING=true.\n"
    )


async def test_a_port_that_is_taken_is_named(cli_env: Env) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = await program({**cli_env, "PROFILE_GRAPH_PORT": f"{port}"}, "serve")
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"Port {port} is taken: stop the program that listens there, or name another port in "
        "PROFILE_GRAPH_PORT.\n"
    )
