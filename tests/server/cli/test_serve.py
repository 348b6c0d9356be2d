"""`profile-graph serve`: starts, answers, refuses to be exposed, stops."""

import asyncio
import json
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Mapping

import pytest

from customers.keys.keys import Wanted, create_key
from customers.principal import DEVELOPER, Role
from cypher import Graph
from tests.conftest import soon
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
            with urllib.request.urlopen(
                f"{said.split()[2]}readyz".replace("0.0.0.0", "127.0.0.1"), timeout=30
            ) as response:
                answer = json.load(response)
            process.send_signal(stop)
            return said, answer, process.wait(30), process.stderr.read()
        finally:
            process.kill()


async def test_an_address_that_others_reach_needs_credentials(graph: Graph, cli_env: Env) -> None:
    env = {**cli_env, "PROFILE_GRAPH_HOST": "0.0.0.0", "PROFILE_GRAPH_PORT": "0"}
    done = await program(env, "serve")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        "PROFILE_GRAPH_HOST=0.0.0.0 can be reached by others, and there are no credentials to ask "
        "them for: make a key with profile-graph keys create NAME --role admin, or set "
        "PROFILE_GRAPH_JWT_JWKS, _JWT_ISSUER and _JWT_AUDIENCE. Without, "
        "PROFILE_GRAPH_HOST=127.0.0.1 serves this machine alone. In a container whose port is "
        "published on 127.0.0.1 alone, say so with PROFILE_GRAPH_LOOPBACK_MAPPING=true.\n"
    )
    await create_key(graph, Wanted("operator", Role.ADMIN), DEVELOPER, soon())
    said, answer, code, _ = await asyncio.to_thread(_served, env, signal.SIGTERM)
    assert said.startswith("Serving on http://0.0.0.0:")
    assert (answer, code) == ({"status": "ok"}, 0)


async def test_a_port_that_is_taken_is_named(cli_env: Env) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = await program({**cli_env, "PROFILE_GRAPH_PORT": f"{port}"}, "serve")
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"Port {port} is taken: stop the program that listens there, or name another port in "
        "PROFILE_GRAPH_PORT.\n"
    )
