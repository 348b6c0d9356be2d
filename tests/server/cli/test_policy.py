"""`profile-graph policy`: what it shows, what it finds wrong, and what it puts in force."""

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from customers.identity.background import background
from customers.identity.policy_document import default_policy, default_text
from customers.ingest.ingest import ingest
from customers.principal import DEVELOPER
from customers.services import Services
from cypher import Graph
from tests.conftest import Clusters, Json, query, soon
from tests.rows import born, said
from tests.server.cli.program import program

Env = Mapping[str, str]
APART = default_text().replace("mergeBits = 5.0", "mergeBits = 1000.0")
MAIL = "email:ann@x.org"
PAIR = [said("a", 1, MAIL), said("b", 1, MAIL)]
NO_NUMBER = "Input should be a valid number, unable to parse string as a number"
MOVED = (
    "Changed: 0 blocking keys, the people of 0 identifiers, the traits of 0 customers, "
    "the household of 0, the customer of 1 profiles, 1 possible matches."
)


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    """A policy by which nobody is one with anybody."""
    file = tmp_path / "apart.toml"
    file.write_text(APART)
    return file


async def versions(graph: Graph) -> list[tuple[int, str, bool]]:
    """Every version there was: number, where it came from, whether everything is resolved by it."""
    text = "MATCH (p:Policy) RETURN p.version AS v, p.origin AS o, p.resolvedAt AS at ORDER BY v"
    return [(row["v"], row["o"], row["at"] is not None) for row in await query(graph, text)]


async def put_in(services: Services, records: list[Json]) -> None:
    await ingest(services.writer, services.policy, records, DEVELOPER, soon())


# show


async def test_the_default_is_printed_as_it_is(cli_env: Env) -> None:
    done = await program(cli_env, "policy", "show", "--default")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == default_text()


async def test_where_nothing_is_in_force_the_default_is_shown_and_stays_out_of_force(
    graph: Graph, cli_env: Env
) -> None:
    done = await program(cli_env, "policy", "show")
    assert done.returncode == 0
    assert done.stdout.decode() == (
        f"# Nothing is in force yet; this is the default.\n{default_text()}"
    )
    assert await versions(graph) == []


async def test_what_is_in_force_says_since_when_by_whom_and_whether_it_is_done(
    services: Services, graph: Graph, cli_env: Env, apart: Path
) -> None:
    await put_in(services, PAIR)
    await program(cli_env, "policy", "apply", str(apart), "--later")
    first, rest = (await program(cli_env, "policy", "show")).stdout.decode().split("\n", 1)
    assert rest == APART
    since = r"in force since 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00, by developer"
    assert re.fullmatch(f"# Version 1, {since}; still being resolved\\.", first)
    await program(cli_env, "resolve", "--all")
    first = (await program(cli_env, "policy", "show")).stdout.decode().splitlines()[0]
    assert re.fullmatch(f"# Version 1, {since}; everything is resolved by it\\.", first)
    # What is shown is a document to begin one's own with.
    shown = apart.with_name("shown.toml")
    shown.write_bytes((await program(cli_env, "policy", "show")).stdout)
    assert (await program(cli_env, "policy", "check", str(shown))).returncode == 0
    assert b"Version 1 is" in (await program(cli_env, "policy", "apply", str(shown))).stdout


# check


async def test_a_policy_that_is_right_is_right(graph: Graph, cli_env: Env, apart: Path) -> None:
    done = await program(cli_env, "policy", "check", str(apart))
    policy = default_policy()
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == (
        f"apart.toml is right: {len(policy.namespaces)} namespaces, {len(policy.fields)} fields, "
        f"{len(policy.blocking)} blocking keys, {len(policy.sources)} sources.\n"
    )
    assert await versions(graph) == []


async def test_a_policy_needs_neither_blocking_keys_nor_sources(
    cli_env: Env, tmp_path: Path
) -> None:
    file = tmp_path / "small.toml"
    file.write_text("[namespaces.email]\nbits = 9\n[fields.firstName]\nkind = 'given'\nagree = 3\n")
    done = await program(cli_env, "policy", "check", str(file))
    said_so = b"small.toml is right: 1 namespaces, 1 fields, 0 blocking keys, 0 sources.\n"
    assert (done.returncode, done.stdout) == (0, said_so)


async def test_every_mistake_is_named_with_its_line(cli_env: Env, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(
        "crowd = 0\nmergebits = 5\n\n[namespaces.email]\nbits = 'nine'\n"
        "[fields.firstName]\nkind = 'given'\nagree = 3\n"
    )
    done = await program(cli_env, "policy", "check", str(file))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().splitlines() == [
        "wrong.toml, line 1: crowd: Input should be greater than or equal to 1",
        "wrong.toml, line 2: mergebits: no such setting",
        f"wrong.toml, line 5: namespaces.email.bits: {NO_NUMBER}",
    ]


@pytest.mark.parametrize("command", ["check", "apply"])
async def test_what_is_no_policy_at_all_is_one_line_and_exit_1(
    graph: Graph, cli_env: Env, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "wrong.toml"
    for content, told in (
        (b"crowd = \n", b"wrong.toml: not TOML: Invalid value (at line 1, column 9)\n"),
        (b"crowd = 5 # \xff\n", b"wrong.toml: not text in UTF-8\n"),
    ):
        file.write_bytes(content)
        done = await program(cli_env, "policy", command, str(file))
        assert (done.returncode, done.stdout, done.stderr) == (1, b"", told)
    assert await versions(graph) == []


@pytest.mark.parametrize("command", ["check", "apply"])
async def test_a_file_that_is_not_there_is_wrong_usage(
    cli_env: Env, tmp_path: Path, command: str
) -> None:
    for file in (tmp_path / "none.toml", tmp_path):
        done = await program(cli_env, "policy", command, str(file))
        assert (done.returncode, done.stdout) == (2, b"")
    assert (await program(cli_env, "policy")).returncode == 2


# apply


async def test_a_policy_is_put_in_force_and_everything_resolved_by_it(
    services: Services, graph: Graph, clusters: Clusters, cli_env: Env, apart: Path
) -> None:
    await put_in(services, PAIR)
    own = await born(graph)
    assert await clusters() == {frozenset("ab")}
    done = await program(cli_env, "policy", "apply", str(apart))
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[:3] == ["Version 1 is in force.", "2 profiles are 2 customers.", MOVED]
    [change] = [json.loads(line) for line in lines[3:]]
    assert (change["kind"], change["customerId"], change["fromId"], change["cause"]) == (
        "split",
        own["b"],
        own["a"],
        "resolve",
    )
    assert await clusters() == {frozenset("a"), frozenset("b")}
    assert await versions(graph) == [(1, "file", True)]


async def test_the_same_again_keeps_the_version_and_changes_nothing(
    services: Services, graph: Graph, cli_env: Env, apart: Path
) -> None:
    await put_in(services, PAIR)
    await program(cli_env, "policy", "apply", str(apart))
    apart.write_text(f"# Only a remark more.\n{APART}")
    done = await program(cli_env, "policy", "apply", str(apart))
    assert done.stdout == (
        b"Version 1 is in force.\n2 profiles are 2 customers.\nNothing changed.\n"
    )
    assert await versions(graph) == [(1, "file", True)]


async def test_another_is_another_version_and_so_is_the_first_once_more(
    services: Services, graph: Graph, clusters: Clusters, cli_env: Env, apart: Path
) -> None:
    await put_in(services, PAIR)
    default = apart.with_name("default.toml")
    default.write_text(default_text())
    told = [
        json.loads((await program(cli_env, "policy", "apply", str(file), "--json")).stdout)
        for file in (default, apart, default)
    ]
    assert [one["version"] for one in told] == [1, 2, 3]
    assert [one["resolved"]["moved"] for one in told] == [0, 1, 1]
    assert [[change["kind"] for change in one["resolved"]["changes"]] for one in told] == [
        [],
        ["split"],
        ["merged"],
    ]
    assert await clusters() == {frozenset("ab")}


async def test_what_is_wrong_is_not_put_in_force(
    services: Services, graph: Graph, clusters: Clusters, cli_env: Env, apart: Path
) -> None:
    await put_in(services, PAIR)
    apart.write_text(APART.replace("crowd = 5", "crowd = 0"))
    done = await program(cli_env, "policy", "apply", str(apart))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"apart.toml, line 5: crowd: ")
    assert (await versions(graph), await clusters()) == ([], {frozenset("ab")})


async def test_later_leaves_the_resolving_to_a_server_that_runs(
    services: Services, graph: Graph, clusters: Clusters, cli_env: Env, apart: Path
) -> None:
    await put_in(services, PAIR)
    done = await program(cli_env, "policy", "apply", str(apart), "--later")
    assert (done.returncode, done.stdout) == (0, b"Version 1 is in force.\n")
    assert await versions(graph) == [(1, "file", False)]
    assert await clusters() == {frozenset("ab")}
    async with background(services, every_s=0.05), asyncio.timeout(60):
        while not (await versions(graph))[0][2]:
            await asyncio.sleep(0.05)
    assert await clusters() == {frozenset("a"), frozenset("b")}
    assert services.policies.version == 1
    as_json = await program(cli_env, "policy", "apply", str(apart), "--later", "--json")
    assert json.loads(as_json.stdout) == {"version": 1, "resolved": None}


async def test_one_that_this_program_cannot_read_any_more_is_replaced_like_any_other(
    graph: Graph, cli_env: Env, apart: Path
) -> None:
    await program(cli_env, "policy", "apply", str(apart))
    await query(graph, "MATCH (p:Policy) SET p.text = 'former = 1', p.digest = 'former'")
    refused = await program(cli_env, "resolve")
    assert (refused.returncode, b"former: no such setting" in refused.stderr) == (1, True)
    shown = (await program(cli_env, "policy", "show")).stdout.decode()
    assert shown.endswith("\nformer = 1")
    done = await program(cli_env, "policy", "apply", str(apart))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, b"Version 2 is in force.")


# PROFILE_GRAPH_POLICY


async def test_the_environment_may_name_the_policy(
    services: Services, graph: Graph, clusters: Clusters, cli_env: Env, apart: Path
) -> None:
    await put_in(services, PAIR)
    env = {**cli_env, "PROFILE_GRAPH_POLICY": str(apart)}
    done = await program(env, "resolve", "--all")
    assert done.stdout.decode().splitlines()[:2] == ["2 profiles are 2 customers.", MOVED]
    assert await versions(graph) == [(1, "file", True)]
    # Whoever comes without it goes by the same.
    again = await program(cli_env, "resolve", "--all")
    assert again.stdout.decode().splitlines() == [
        "2 profiles are 2 customers.",
        "Nothing changed.",
        "Possible matches that await review: 1.",
    ]
    assert await clusters() == {frozenset("a"), frozenset("b")}


@pytest.mark.parametrize("command", [["serve"], ["resolve"], ["resolve", "--all"]])
async def test_one_that_it_names_in_vain_is_one_line_and_exit_1(
    graph: Graph, cli_env: Env, tmp_path: Path, command: list[str]
) -> None:
    missing = tmp_path / "none.toml"
    done = await program({**cli_env, "PROFILE_GRAPH_POLICY": str(missing)}, *command)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith(f"PROFILE_GRAPH_POLICY: {missing} cannot be read: ")
    assert done.stderr.count(b"\n") == 1
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("crowd = 0\n" + APART.replace("crowd = 5", ""))
    done = await program({**cli_env, "PROFILE_GRAPH_POLICY": str(wrong)}, *command)
    assert (done.returncode, done.stdout) == (1, b"")
    told = "line 1: crowd: Input should be greater than or equal to 1\n"
    assert done.stderr.decode().endswith(told)
    assert await versions(graph) == []


# labels, and measuring by them


async def test_a_policy_is_measured_by_the_pairs_of_a_file(
    services: Services, cli_env: Env, apart: Path
) -> None:
    nothing = await program(cli_env, "policy", "measure")
    assert nothing.stdout.decode() == (
        "No pairs are labelled: profile-graph labels import, or labelPair in GraphQL.\n"
    )
    await put_in(services, PAIR)
    line = '{"a":{"source":"s","sourceId":"a"},"b":{"source":"s","sourceId":"b"},"same":true}\n'
    said_so = await program(cli_env, "labels", "import", "-", stdin=f"{line}\n{{\n".encode())
    assert said_so.returncode == 3
    assert said_so.stdout.decode() == "1 pairs labelled, 1 lines rejected.\n"
    assert said_so.stderr.decode().startswith("line 3: not JSON")
    back = await program(cli_env, "labels", "export")
    assert back.stdout.decode() == line
    now = await program(cli_env, "policy", "measure")
    assert now.stdout.decode() == (
        "1 pairs of one person: 1 joined, 0 missed.\n"
        "0 pairs of two people: 0 apart, 0 wrongly joined.\n"
        "Precision 1.0000, recall 1.0000, F1 1.0000.\n"
    )
    then = await program(cli_env, "policy", "measure", str(apart), "--json")
    found = json.loads(then.stdout)
    assert (found["missed"], found["recall"], found["precision"]) == (1, 0.0, None)
    assert found["wrong"] == [json.loads(line)]
