"""The smaller commands: what they say and how they exit."""

import asyncio
import gc
import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from customers.ingest.ingest import ingest
from customers.ingest.writer import Written
from customers.principal import DEVELOPER
from customers.services import Services
from cypher import Connection, Deadline, Graph, Row, Statement, connect, every
from server import diagnosis
from server.cli import main
from server.collector import THRESHOLDS
from tests.conftest import Ingest, query, soon
from tests.customers.recommendation.shop import order
from tests.rows import said
from tests.server.cli.program import PROJECT, command, program

Env = Mapping[str, str]
Monkey = pytest.MonkeyPatch
ANN = {
    "source": "crm",
    "sourceId": "c1",
    "identifiers": [{"namespace": "email", "value": "ann@mail.org"}],
    "traits": {"firstName": "Ann"},
}


async def test_migrate_says_that_nothing_is_to_do(graph: Graph, cli_env: Env) -> None:
    for arguments in (["migrate"], ["migrate", "--dry-run"]):
        done = await program(cli_env, *arguments)
        assert (done.returncode, done.stdout) == (0, b"The schema is up to date.\n")


def test_every_command_lets_the_collector_run_seldom(monkeypatch: Monkey) -> None:
    monkeypatch.setattr(sys, "argv", ["profile-graph", "--help"])
    before = gc.get_threshold()
    try:
        with pytest.raises(SystemExit):
            main()
        assert gc.get_threshold() == THRESHOLDS != before
    finally:
        gc.set_threshold(*before)


async def test_a_dry_run_migrates_nothing(cli_env: Env, tmp_path: Path) -> None:
    env = {name: value for name, value in cli_env.items() if not name.startswith("NEO4J_")}
    env["PROFILE_GRAPH_DATA_DIR"] = str(tmp_path / "new")
    async with connect(Connection(tmp_path / "new")):  # so that the engine starts once
        said = [
            (await program(env, "migrate", *arguments)).stdout.decode().splitlines()[0]
            for arguments in (["--dry-run"], ["--dry-run"], [], [])
        ]
    assert said == [
        "would run V0001__keys_and_lookups",
        "would run V0001__keys_and_lookups",
        "ran V0001__keys_and_lookups",
        "The schema is up to date.",
    ]


async def test_export_writes_every_customer(
    services: Services, cli_env: Env, tmp_path: Path
) -> None:
    [written] = await ingest(services.writer, services.policy, [ANN], DEVELOPER, soon())
    file = tmp_path / "out.ndjson"
    to_file = await program(cli_env, "export", "customers", "--output", str(file))
    to_stdout = await program(cli_env, "export", "customers")
    assert (to_file.returncode, to_file.stdout) == (0, b"")
    assert file.read_bytes() == to_stdout.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not file.with_name("out.ndjson.part").exists()
    assert isinstance(written, Written)
    assert json.loads(to_stdout.stdout) == {
        "id": written.customer,
        "profiles": [{"source": "crm", "sourceId": "c1"}],
        "identifiers": [{"namespace": "email", "value": "ann@mail.org"}],
        "traits": {"firstName": "Ann"},
    }


async def test_an_output_that_is_no_file_is_written_to_and_a_link_is_followed(
    services: Services, cli_env: Env, tmp_path: Path
) -> None:
    await ingest(services.writer, services.policy, [ANN], DEVELOPER, soon())
    pipe, link, file = tmp_path / "pipe", tmp_path / "link", tmp_path / "file"
    os.mkfifo(pipe)
    file.touch()
    link.symlink_to(file)
    read = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))
    for output in (pipe, link):
        done = await program(cli_env, "export", "customers", "--output", str(output))
        assert (done.returncode, done.stderr) == (0, b"")
    assert b"ann@mail.org" in await read
    assert (pipe.is_fifo(), link.is_symlink(), file.read_bytes()) == (True, True, await read)


def test_a_full_disk_behind_standard_output_is_told_in_a_line(cli_env: Env) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("policy", "show"),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
            env=dict(cli_env),
            check=False,
        )
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert b"The output cannot be written: No space left on device" in done.stderr


async def test_resolve_all_changes_nothing(services: Services, cli_env: Env) -> None:
    await ingest(services.writer, services.policy, [ANN], DEVELOPER, soon())
    done = await program(cli_env, "resolve", "--all")
    assert done.stdout == b"1 profiles are 1 customers.\nNothing changed.\n"
    assert (done.returncode, done.stderr) == (0, b"")
    as_json = json.loads((await program(cli_env, "resolve", "--all", "--json")).stdout)
    assert (as_json["profiles"], as_json["moved"], as_json["changes"]) == (1, 0, [])


async def test_resolve_without_all_finds_nothing_that_waits(graph: Graph, cli_env: Env) -> None:
    done = await program(cli_env, "resolve")
    assert done.returncode == 0
    assert done.stdout == b"Nothing waits; --all decides again about everything.\n"


async def test_resolve_says_how_many_matches_await_review(services: Services, cli_env: Env) -> None:
    same = {"traits": {"firstName": "Ann", "lastName": "Moor"}}
    rows = [
        said(name, 1, "email:ann@mail.org", f"crmId:{name}", source="crm") | same for name in "ab"
    ]
    await ingest(services.writer, services.policy, rows, DEVELOPER, soon())
    done = await program(cli_env, "resolve")
    assert done.stdout.endswith(b"\nPossible matches that await review: 1.\n")
    done = await program(cli_env, "resolve", "--all")
    assert done.stdout.endswith(b"Nothing changed.\nPossible matches that await review: 1.\n")
    as_json = json.loads((await program(cli_env, "resolve", "--all", "--json")).stdout)
    assert (as_json["awaitReview"], as_json["matchesChanged"]) == (1, 0)


async def test_doctor_says_what_is_in_force(graph: Graph, cli_env: Env) -> None:
    done = await program({**cli_env, "PROFILE_GRAPH_PROT": "1"}, "doctor")
    assert done.returncode == 0
    said = done.stdout.decode()
    assert "schema     up to date\n" in said
    assert "unknown    PROFILE_GRAPH_PROT: set, but no setting of this program\n" in said
    assert said.endswith("Nothing is wrong.\n")


async def test_doctor_finds_what_is_wrong_all_of_it_and_says_what_to_do(
    graph: Graph, cli_env: Env
) -> None:
    waits = "CREATE (c:Customer {id: 'cus_w', pending: true})"
    policy = (
        "CREATE (:Counter {key: 'policy', n: 2}), (:Policy {version: 2, by: 'me', origin: 'x'})"
    )
    for text in (waits, policy, "DROP CONSTRAINT about_key"):
        await query(graph, text)
    try:
        done = await program(cli_env, "doctor", "--json")
    finally:
        text = (
            "CREATE CONSTRAINT about_key IF NOT EXISTS FOR ()-[r:ABOUT]-() REQUIRE r.key IS UNIQUE"
        )
        await query(graph, text)
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["facts"]["schema"] == "up to date"
    assert said["facts"]["policy"] == "version 2, by me, from the x"
    assert re.fullmatch(r"[+-]\d+ ms at the database", said["facts"]["clock"])
    # What Neo4j was given it tells in its own words.
    own = r"heap [1-9][\d,]+ MB" if "NEO4J_URI" not in cli_env else r"heap"
    assert re.search(own, said["facts"]["memory"])
    assert re.search(r"\d MiB free for ", said["facts"]["disk"])
    assert said["facts"]["writers"] in {"nobody writes", "take turns in the database"}
    assert "community edition" in said["facts"]["answers as"]
    messages = [one["message"].partition(":")[0] for one in said["wrong"]]
    assert messages[0] == "Constraints are missing, without which things may be doubled"
    assert messages[-2].startswith("Not everything is resolved by version 2 of the policy")
    assert messages[-1].startswith("1 customers wait to be resolved")


async def test_doctor_says_what_serve_would_refuse(
    graph: Graph, cli_env: Env, tmp_path: Path
) -> None:
    policy = tmp_path / "mine.toml"
    policy.write_text("crowd = 0\n")
    wrong = {
        "PROFILE_GRAPH_POLICY": str(policy),
        "PROFILE_GRAPH_RATE_STORAGE": "redis://localhost",
    }
    done = await program({**cli_env, **wrong}, "doctor", "--json")
    assert done.returncode == 1
    said = [one["message"] for one in json.loads(done.stdout)["wrong"]]
    assert any("such as async+redis://HOST:6379" in one for one in said)
    assert any(f"PROFILE_GRAPH_POLICY, {policy}, line 1: crowd" in one for one in said)


@pytest.mark.parametrize("lost", ["c.bySeen", "c.card", "c.byOrders", "p.facts"])
async def test_doctor_says_when_customers_are_of_an_older_version(
    graph: Graph, ingest: Ingest, cli_env: Env, lost: str
) -> None:
    await ingest([{"source": "web", "sourceId": "1"}, {"source": "web", "sourceId": "2"}])
    facts = [one async for one in diagnosis._filed(graph)]
    assert facts == [("found", "customers by search, filter and order: all")]
    await query(graph, f"MATCH (c:Customer {{number: 1}})<-[:BELONGS_TO]-(p) REMOVE {lost}")
    with pytest.raises(diagnosis.WrongError, match=r"^1 customers or more .* resolve --all"):
        [one async for one in diagnosis._filed(graph)]
    assert (await program(cli_env, "resolve", "--all")).returncode == 0
    assert [one async for one in diagnosis._filed(graph)] == facts


async def test_doctor_says_when_products_are_of_an_older_version(
    graph: Graph, ingest: Ingest, cli_env: Env
) -> None:
    await ingest([order("ann", 1, "tea", "cup")])
    facts = [one async for one in diagnosis._filed(graph)]
    await query(graph, "MATCH (x:Product {key: 'tea'}) REMOVE x.leftOut")
    with pytest.raises(diagnosis.WrongError, match=r"^1 products or more .* resolve --all"):
        [one async for one in diagnosis._filed(graph)]
    assert (await program(cli_env, "resolve", "--all")).returncode == 0
    assert [one async for one in diagnosis._filed(graph)] == facts


async def test_the_doctor_looks_at_some_customers_of_many(
    graph: Graph, monkeypatch: Monkey
) -> None:
    await query(graph, "CREATE (:Counter {key: 'profiles', n: 1250})")
    monkeypatch.setattr(diagnosis, "MOST_BUCKETS", 5)
    asked: list[object] = []
    read = graph.read

    async def noted(statement: Statement, deadline: Deadline, **params: object) -> list[Row]:
        asked.extend(params.values() if statement.name == "doctor/unfiled" else ())
        return await read(statement, deadline, **params)

    monkeypatch.setattr(graph, "read", noted)
    facts = [one async for one in diagnosis._filed(graph)]
    assert asked == [[0, 3, 6, 9, 12]]
    assert facts == [("found", "customers by search, filter and order: as far as was looked")]


async def test_doctor_says_when_the_disk_is_full(tmp_path: Path, monkeypatch: Monkey) -> None:
    monkeypatch.setattr(diagnosis, "LEAST_FREE_BYTES", 1 << 62)
    found = diagnosis.Findings()
    found.check(lambda: diagnosis.directory(tmp_path / "not" / "yet"))
    [wrong] = found.wrong
    assert "MiB free: make room" in str(wrong)


async def test_doctor_says_when_clocks_are_apart(graph: Graph, monkeypatch: Monkey) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 60)
    with pytest.raises(diagnosis.WrongError, match=r"are -\d+\.\d s apart: set both by NTP"):
        [one async for one in diagnosis._clock(graph)]


def test_the_doctor_reads_every_constraint_and_index_of_the_migrations() -> None:
    texts = [one.text for one in every() if one.name.startswith("migrations/")]
    made = sum(text.count("CREATE CONSTRAINT") for text in texts)
    indexes = sum(text.count("CREATE INDEX") for text in texts)
    assert len(diagnosis._declared(diagnosis._UNIQUE)) == made
    assert len(diagnosis._declared(diagnosis._INDEX)) == indexes


async def test_doctor_names_a_database_that_is_away_without_its_password(
    cli_env: Env, unused_tcp_port: int
) -> None:
    away = {"NEO4J_URI": f"bolt://127.0.0.1:{unused_tcp_port}", "NEO4J_PASSWORD": "hunter2"}
    done = await program({**cli_env, **away}, "doctor")
    assert done.returncode == 1
    assert b"The database cannot be reached" in done.stderr
    assert f"engine     Neo4j at bolt://127.0.0.1:{unused_tcp_port}" in done.stdout.decode()
    assert b"hunter2" not in done.stdout + done.stderr


async def test_schema_prints_the_definition_language(cli_env: Env) -> None:
    done = await program(cli_env, "schema")
    assert done.returncode == 0
    assert "type Query {" in done.stdout.decode()


@pytest.mark.parametrize("arguments", [["serve"], ["migrate"], ["doctor"], ["export", "customers"]])
async def test_a_setting_that_is_wrong_is_one_line_and_exit_1(
    cli_env: Env, arguments: list[str]
) -> None:
    done = await program({**cli_env, "PROFILE_GRAPH_PORT": "many"}, *arguments)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith("PROFILE_GRAPH_PORT: ")
    assert done.stderr.count(b"\n") == 1


async def test_a_data_directory_that_cannot_be_used_is_one_line_and_exit_1(
    cli_env: Env, tmp_path: Path
) -> None:
    env = {name: value for name, value in cli_env.items() if not name.startswith("NEO4J_")}
    (tmp_path / "file").touch()
    done = await program({**env, "PROFILE_GRAPH_DATA_DIR": str(tmp_path / "file")}, "migrate")
    assert done.returncode == 1
    assert b"name another in PROFILE_GRAPH_DATA_DIR" in done.stderr
    assert done.stderr.count(b"\n") == 1


async def test_a_command_that_does_not_exist_is_wrong_usage(cli_env: Env) -> None:
    assert (await program(cli_env, "frobnicate")).returncode == 2
