"""Streams: answers in many parts over one HTTP response."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Protocol

import orjson
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from graph_schema.http.result import body
from graph_schema.operations import ended


class Form(Protocol):
    """How a stream is written: its headers, and each of its parts."""

    @property
    def headers(self) -> Mapping[str, str]:
        """HTTP headers."""

    @property
    def opening(self) -> bytes:
        """What comes first."""

    @property
    def heartbeat(self) -> bytes:
        """What says nothing but that the connection lives."""

    @property
    def heartbeat_s(self) -> float:
        """After how many silent seconds."""

    @property
    def closing(self) -> bytes:
        """What comes last where there is nothing more to come."""

    def result(self, json: bytes) -> bytes:
        """A result."""

    def interruption(self, json: bytes) -> bytes:
        """The result whose errors end the stream."""


async def written(
    events: AsyncGenerator[ExecutionResult, None], form: Form
) -> AsyncGenerator[bytes, None]:
    """The events in a form, with a heartbeat where nothing happens."""
    yield form.opening + form.heartbeat
    async with aclosing(events):
        async for event in _or_none(events, form.heartbeat_s):
            if event is None:
                yield form.heartbeat
            elif ended(event) and not isinstance(event, PreExecutionError):
                yield form.interruption(orjson.dumps(body(event)))
            else:
                yield form.result(orjson.dumps(body(event)))
    yield form.closing


async def _or_none(
    events: AsyncIterator[ExecutionResult], every_s: float
) -> AsyncGenerator[ExecutionResult | None, None]:
    """Events, and None for each `every_s` seconds without one."""
    waiting = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            await asyncio.wait({waiting}, timeout=every_s)
            if not waiting.done():
                yield None
            elif (event := waiting.result()) is None:
                return
            else:
                yield event
                waiting = asyncio.ensure_future(anext(events, None))
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
