"""kill -9 in the middle of writing: nothing acknowledged is missing, nothing is doubled."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cypher import Connection, Graph, connect
from tests.contract.canonical import canonical, exported
from tests.engines import ON_EMBEDDED
from tests.synthetic import stream

ROOT = Path(__file__).parents[2]
SEED, PEOPLE, CHUNK = 5, 60, 10
START_S = 90.0
INGEST = """mutation($records: [RecordInput!]!) {
  ingest(records: $records) { results { known } errors { message } } }"""
RECORDS = stream(PEOPLE, SEED).records
CHUNKS = [RECORDS[start : start + CHUNK] for start in range(0, len(RECORDS), CHUNK)]


@pytest.fixture
def embedded_env(cli_env: Mapping[str, str], tmp_path: Path) -> Mapping[str, str]:
    """The environment of a server on an embedded engine of its own, in ``data``."""
    env = {name: value for name, value in cli_env.items() if not name.startswith("NEO4J_")}
    return env | {"PROFILE_GRAPH_DATA_DIR": str(tmp_path / "data")}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(env: Mapping[str, str]) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A server of its own process, which answers."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.cli",
        "serve",
        cwd=ROOT,
        env={**env, "PROFILE_GRAPH_PORT": str(port)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(START_S), httpx2.AsyncClient() as client:
            while True:
                with suppress(httpx2.TransportError):
                    if (await client.get(f"{url}/readyz")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
        yield process, f"{url}/graphql"
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def send(client: httpx2.AsyncClient, url: str, records: list[dict[str, Any]]) -> list[bool]:
    """Ingest records; of each, whether it was known already."""
    body = {"query": INGEST, "variables": {"records": records}}
    answer = (await client.post(url, json=body, timeout=60)).json()
    assert answer["data"]["ingest"]["errors"] == []
    return [result["known"] for result in answer["data"]["ingest"]["results"]]


async def write_until_killed(env: Mapping[str, str], after: int, *, engine: Path | None) -> int:
    """Write chunks; kill the server, and the engine, once `after` are acknowledged."""
    acknowledged = 0
    async with serving(env) as (process, url), httpx2.AsyncClient() as client:

        async def write() -> None:
            nonlocal acknowledged
            for chunk in CHUNKS:
                await send(client, url, chunk)
                acknowledged += 1

        writing = asyncio.create_task(write())
        while acknowledged < after and not writing.done():
            await asyncio.sleep(0.001)
        if engine is not None:
            os.kill(engine_pid(engine), signal.SIGKILL)
        process.kill()
        await process.wait()
        with suppress(httpx2.TransportError, asyncio.CancelledError):
            writing.cancel()
            await writing
    return acknowledged


def engine_pid(data_dir: Path) -> int:
    """The process of the embedded engine."""
    pid: int = json.loads((data_dir / "engine.json").read_text(encoding="utf-8"))["pid"]
    return pid


async def check_nothing_lost_or_doubled(
    env: Mapping[str, str], graph_at: Connection, acknowledged: int
) -> None:
    """Write everything again, and find what one undisturbed run writes."""
    async with serving(env) as (_, url), httpx2.AsyncClient() as client:
        known = [await send(client, url, chunk) for chunk in CHUNKS]
        assert all(all(chunk) for chunk in known[:acknowledged]), "an acknowledged one is missing"
        again = [await send(client, url, chunk) for chunk in CHUNKS]
        assert all(all(chunk) for chunk in again)
        async with connect(graph_at) as graph:
            found = canonical(await exported(graph))
    profiles = [tuple(one.values()) for customer in found for one in customer["profiles"]]
    wanted = {(record["source"], record["sourceId"]) for record in RECORDS}
    assert len(profiles) == len(set(profiles))
    assert set(profiles) == wanted


async def test_a_killed_server_lost_nothing_that_it_acknowledged(
    graph: Graph, connection: Connection, cli_env: Mapping[str, str]
) -> None:
    del graph  # empty now
    acknowledged = await write_until_killed(cli_env, 7, engine=None)
    assert 7 <= acknowledged < len(CHUNKS)
    await check_nothing_lost_or_doubled(cli_env, connection, acknowledged)


@ON_EMBEDDED
async def test_a_killed_embedded_engine_lost_nothing_and_leaves_no_orphan(
    embedded_env: Mapping[str, str], tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    acknowledged = await write_until_killed(embedded_env, 7, engine=data_dir)
    assert 7 <= acknowledged < len(CHUNKS)
    async with serving(embedded_env):
        last = engine_pid(data_dir)
    await check_nothing_lost_or_doubled(embedded_env, Connection(data_dir), acknowledged)
    async with asyncio.timeout(30):
        while (data_dir / "engine.json").exists() or Path(f"/proc/{last}").exists():
            await asyncio.sleep(0.1)


@ON_EMBEDDED
async def test_a_server_outlives_its_engine_and_writes_each_record_once(
    embedded_env: Mapping[str, str], tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    killed = set()

    async def kill(n: int) -> None:
        # In the middle of a chunk, as far as that can be.
        await asyncio.sleep(0.01 * n)
        killed.add(pid := engine_pid(data_dir))
        os.kill(pid, signal.SIGKILL)

    async with serving(embedded_env) as (_, url), httpx2.AsyncClient() as client:
        for n, chunk in enumerate(CHUNKS):
            killing = asyncio.create_task(kill(n)) if n in {1, 3, 6} else None
            body = {"query": INGEST, "variables": {"records": chunk}}
            # A slow machine may take longer to start one than a request may last: then once more.
            async with asyncio.timeout(START_S):
                while (await client.post(url, json=body, timeout=60)).json().get("data") is None:
                    pass
            if killing is not None:
                await killing
    assert len(killed) == 3
    await check_nothing_lost_or_doubled(embedded_env, Connection(data_dir), len(CHUNKS))
