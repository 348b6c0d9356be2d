"""What limits cost: a 360 with all of them on, and with none, turn by turn."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from starlette.types import Message, Receive
from strawberry.extensions import ParserCache, ValidationCache

from customers.principal import Principal
from customers.services import Services
from graph_schema.budget import Budget
from graph_schema.http import Endpoint, Limits
from graph_schema.permission import Permission
from graph_schema.rules import Rules
from graph_schema.schema import schema
from graph_schema.watched import Watched
from tests.callers import always

CALLER = Principal("bench")
POINTS = 1_000_000_000
NO_LIMITS = [
    Watched,
    Permission,
    lambda: ParserCache(maxsize=512),
    lambda: ValidationCache(maxsize=512),
]


async def limit_all(
    services: Services, view: str, ids: Sequence[str], say: Callable[[str, str], None]
) -> None:
    """Say how much longer an answer takes, over the median of the pairs."""
    limits = Limits(30, rules=Rules(budget=Budget(POINTS)), origins=frozenset({"https://a.b"}))
    bounded, free = (
        Endpoint(lambda: services, one, always(CALLER)) for one in (limits, Limits(30))
    )
    times: dict[bool, list[float]] = {True: [], False: []}
    for n, customer in enumerate([*ids[:60], *ids]):
        # Whoever comes second finds the database warm, so they take turns at that too.
        for limited in (True, False) if n % 2 else (False, True):
            with limits_off(off=not limited):
                taken = await timed(bounded if limited else free, view, customer)
            if n >= 60:
                times[limited].append(taken)
    ratio = statistics.median(on / off for on, off in zip(times[True], times[False], strict=True))
    on, off = (statistics.median(times[limited]) for limited in (True, False))
    say("limits", f"a 360: {on:.2f} ms with all on, {off:.2f} ms without, x{ratio:.2f} (aim 1.10)")


@contextmanager
def limits_off(*, off: bool) -> Iterator[None]:
    """As if nobody had thought of limits: nothing is measured, priced or attended to."""
    if not off:
        yield
        return
    with (
        mock.patch.object(schema, "extensions", NO_LIMITS),
        mock.patch("graph_schema.http.endpoint.attended", _alone),
        mock.patch("graph_schema.http.endpoint.check_origin"),
    ):
        yield


async def _alone(_: Receive, work: Coroutine[Any, Any, Any], _reads: Callable[[], bool]) -> Any:  # noqa: ANN401 - whatever it comes to
    return await work


async def timed(endpoint: Endpoint, view: str, customer: str) -> float:
    """Milliseconds of one request, without a socket between."""
    body = json.dumps({"query": view, "variables": {"id": customer}}).encode()
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    answer: list[Message] = []

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()
        raise AssertionError("nobody leaves")

    async def send(message: Message) -> None:
        answer.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"host", b"a.b")],
    }
    start = time.perf_counter()
    await endpoint(scope, receive, send)
    taken = (time.perf_counter() - start) * 1000
    assert b'"errors"' not in answer[1]["body"], answer[1]["body"]
    return taken
