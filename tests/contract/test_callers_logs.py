"""No secret is ever logged, however much is logged and whatever is done with it."""

import asyncio
import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog
from websockets.exceptions import InvalidStatus

from customers.keys import keyring
from customers.services import Services
from server.logging import configure
from tests.contract.serving import Served, served, subscribe
from tests.contract.test_callers import (
    ASK,
    SIGNER,
    basic,
    bearer,
    new_key,
    settings,
)
from tests.contract.test_subscriptions import CHANGES, EVENTS
from tests.tokens import Signer


@pytest.fixture(autouse=True)
def logging_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    # A logger that is kept would log like this in every test that comes after.
    forgetful = partial(structlog.configure, cache_logger_on_first_use=False)
    monkeypatch.setattr(
        structlog, "configure", lambda cache_logger_on_first_use, **rest: forgetful(**rest)
    )
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


async def test_no_secret_and_no_token_is_logged_even_where_all_is(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("json", "debug")
    # The clients of this test, which are no part of a server.
    for name in ("websockets.client", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    key, wrong = await new_key(services), "pgk_23456789bcdf_" + "W" * 43
    right, foreign, over = SIGNER.token(), Signer("r1").token(), SIGNER.token(exp=1)
    async with served(services, **settings(tmp_path)) as server:
        for text in (key, wrong, right, foreign, over):
            await shown_everywhere(server, text)
    logged = capsys.readouterr().err
    assert logged.count('"event": "refused"') == 3 * 6
    assert '"why": "unknown key"' in logged
    for text in (key, wrong, right, foreign, over):
        secret = text.rpartition("_")[2] if text.startswith("pgk_") else text.rpartition(".")[2]
        assert secret not in logged
        assert basic(text)["Authorization"] not in logged
    assert "user-4711" not in logged
    assert "Traceback" not in logged
    assert '"exception"' not in logged


async def shown_everywhere(server: Served, text: str) -> None:
    """Show a key or a token in every way; six of them are refused if it is wrong."""
    async with server.http() as client:
        for headers in (bearer(text), {"X-API-Key": text}, basic(text)):
            await client.post(server.url, json=ASK, headers=headers)
        events = bearer(text) | {"Accept": EVENTS}
        async with client.stream(
            "POST", server.url, json={"query": CHANGES}, headers=events
        ) as answer:
            await anext(answer.aiter_raw())
    async with server.socket(ready=False) as socket:
        await socket.send({"type": "connection_init", "payload": bearer(text)})
        await socket.send(subscribe("q", "{ __typename }"))
        await asyncio.sleep(keyring.AGAIN_S)
    try:
        async with server.socket(additional_headers=bearer(text)):
            return
    except InvalidStatus:
        return
