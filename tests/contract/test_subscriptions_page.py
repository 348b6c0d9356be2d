"""docs/subscriptions.md is true: its command prints what it says, its codes are those there are."""

import asyncio
import json
import re
import shlex

from graphql import parse, validate

import customers.change_feed
from customers.errors import ForbiddenError, InvalidInputError, StoppingError, TooSlowError
from cypher import DatabaseUnavailableError
from graph_schema.http import sse
from graph_schema.http.multipart import Multipart
from graph_schema.http.socket import MOST_OPERATIONS
from graph_schema.schema import schema
from server.settings import Settings
from tests.conftest import Ingest
from tests.contract.serving import LONG_S, Served
from tests.pages import Page

SUBSCRIPTIONS = Page.of("subscriptions.md")
PAGE = SUBSCRIPTIONS.text
RECORD = {
    "source": "crm",
    "sourceId": "1",
    "at": "2026-01-01T00:00:00Z",
    "traits": {"firstName": "Ann", "lastName": "Smith"},
}


def block(language: str) -> str:
    """The first fenced block of a language."""
    return SUBSCRIPTIONS.blocks(language)[0].text


async def test_its_command_prints_what_it_says(server: Served, ingest: Ingest) -> None:
    command = shlex.split(block("sh").replace("\\\n", " "))
    at = command.index("http://127.0.0.1:8000/graphql")
    process = await asyncio.create_subprocess_exec(
        *command[:at], "-s", server.url, *command[at + 1 :], stdout=asyncio.subprocess.PIPE
    )
    try:
        await server.followed_by(1)
        await ingest([RECORD])
        assert process.stdout is not None
        async with asyncio.timeout(LONG_S):
            assert await process.stdout.readline() == b":\n"
            assert await process.stdout.readline() == b"\n"
            kind, data = [(await process.stdout.readline()).decode() for _ in range(2)]
    finally:
        process.kill()
        await process.wait()
    said_kind, said_data = block("text").splitlines()
    assert kind == f"{said_kind}\n"
    shown = json.loads(data.removeprefix("data: "))["data"]["changes"]
    said = json.loads(said_data.removeprefix("data: "))["data"]["changes"]
    assert shown.pop("customerId").startswith(said.pop("customerId").rstrip("…"))
    assert len(shown.pop("cursor")) > len(said.pop("cursor"))
    assert shown == said
    assert list(json.loads(data.removeprefix("data: "))) == ["data"]


def test_its_subscription_for_browsers_is_valid() -> None:
    [query] = re.findall(r'query: "(.*?)"', block("js"))
    assert validate(schema._schema, parse(query)) == []


def test_its_codes_and_numbers_are_those_there_are() -> None:
    codes = re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)
    errors = [
        TooSlowError,
        DatabaseUnavailableError,
        StoppingError,
        InvalidInputError,
        ForbiddenError,
    ]
    assert codes == [error.code for error in errors]
    feed = customers.change_feed
    assert (1 / feed.EVERY_S, 1 / feed.PAUSE_S) == (4, 40)
    assert f"more than {feed.KEPT:,} changes" in PAGE
    assert f"every {sse.ServerSentEvents.heartbeat_s:.0f} seconds" in PAGE
    assert f"an empty part every {Multipart.heartbeat_s:.0f}" in PAGE
    assert f"at most {MOST_OPERATIONS} operations" in PAGE
    default = Settings.model_fields["max_connections"].default
    assert f"`PROFILE_GRAPH_MAX_CONNECTIONS` ({default:,})" in PAGE
