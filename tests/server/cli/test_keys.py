"""`profile-graph keys`: made once, listed without secrets, revoked."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from typer.testing import CliRunner

from customers.keys.keyring import Keyring
from customers.keys.keys import SERVER_ROLES
from cypher import Graph
from server.cli.app import app
from server.cli.keys import ServerRole
from tests.distrust import distrust
from tests.server.cli.program import program

Env = Mapping[str, str]
TEXT = re.compile(r"pgk_[2-9b-z]{12}_[A-Za-z0-9]{43}")


async def test_a_key_is_printed_once_and_works(graph: Graph, cli_env: Env) -> None:
    done = await program(cli_env, "keys", "create", "call centre", "--role", "service")
    text = done.stdout.decode().strip()
    assert done.returncode == 0
    assert TEXT.fullmatch(text)
    ring = Keyring(graph)
    key = await ring.find(text)
    assert key is not None
    await ring.close()
    assert done.stderr == b""  # so that a script has the key alone
    today = datetime.now(UTC)
    year = (today + timedelta(days=365)).date().isoformat()
    listed = await program(cli_env, "keys", "list")
    row = re.split(r"\s{2,}", listed.stdout.decode().splitlines()[1].rstrip())
    assert row[:4] == [key.id, "call centre", "server", "service"]
    assert row[4:] == ["-", "usable", year, today.date().isoformat()]
    for shown in (listed, await program(cli_env, "keys", "list", "--json")):
        assert text[-43:].encode() not in shown.stdout
        assert key.hash.encode() not in shown.stdout


async def test_keys_are_listed_for_machines(graph: Graph, cli_env: Env) -> None:
    made = ["keys", "create", "shop", "--source", "web", "--json"]
    trusted = await program(cli_env, *made)
    assert (trusted.returncode, trusted.stdout) == (1, b"")
    assert b"the policy trusts the source web" in trusted.stderr
    await distrust(graph, "web")
    shop = json.loads((await program(cli_env, *made)).stdout)
    assert TEXT.fullmatch(shop.pop("key"))
    assert shop.pop("createdAt").startswith("20")
    expected = {
        "id": shop["id"], "name": "shop", "kind": "write", "role": "ingest", "source": "web",
        "state": "usable", "expiresAt": None, "revokedAt": None, "lastUsedAt": None,
    }  # fmt: skip
    assert shop == expected
    loader = ["keys", "create", "loader", "--role", "ingest", "--source", "crm"]
    assert (await program(cli_env, *loader, "--expires", "2990-01-31")).returncode == 0
    one, two = json.loads((await program(cli_env, "keys", "list", "--json")).stdout)["keys"]
    assert one.pop("createdAt")
    assert one == expected
    assert (two["kind"], two["role"], two["source"]) == ("server", "ingest", "crm")
    assert two["expiresAt"] == "2990-01-31T00:00:00+00:00"


async def test_a_key_is_revoked_by_itself_or_by_its_id(graph: Graph, cli_env: Env) -> None:
    text = (await program(cli_env, "keys", "create", "a", "--role", "admin")).stdout.decode()
    named = text.split("_")[1]
    done = await program(cli_env, "keys", "revoke", text.strip())
    assert (done.returncode, done.stdout.decode()) == (0, f"{named} (a) is revoked.\n")
    again = json.loads((await program(cli_env, "keys", "revoke", named, "--json")).stdout)
    assert (again["id"], again["state"]) == (named, "revoked")
    assert await Keyring(graph).find(text.strip()) is None


async def test_a_key_that_is_not_there_is_an_error(graph: Graph, cli_env: Env) -> None:
    done = await program(cli_env, "keys", "revoke", "2" * 12)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        "There is no key with this id: profile-graph keys list has them.\n"
    )
    listed = await program(cli_env, "keys", "list")
    assert listed.stdout.decode() == "There are no keys: profile-graph keys create makes one.\n"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["x"], "a source that it writes for"),
        (["x", "--role", "seller", "--source", "web"], "A source narrows the role ingest"),
        (["x", "--role", "customer"], "is not one of"),
        (["x", "--role", "admin", "--expires", "soon"], "is no end of a key"),
        (["x", "--role", "admin", "--expires", "2020-01-01"], "is past"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_opened(arguments: list[str], reason: str) -> None:
    done = CliRunner().invoke(app, ["keys", "create", *arguments], env={"TERM": "dumb"})
    assert (done.exit_code, done.stdout) == (2, "")
    assert reason in re.sub(r"[\s│]+", " ", done.stderr)


def test_every_role_but_a_customers_can_be_named() -> None:
    assert set(get_args(ServerRole)) == SERVER_ROLES
