"""The endpoint: GraphQL over HTTP as its specification has it, and over WebSockets."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from customers.principal import Principal
from customers.services import Services
from graph_schema.http.accept import RESPONSE, accepted
from graph_schema.http.attended import attended
from graph_schema.http.caller import Authenticate, Caller, while_good
from graph_schema.http.open_connections import OpenConnections
from graph_schema.http.origin import check_origin
from graph_schema.http.refused import JSON, RefusedError
from graph_schema.http.request import asked, operation
from graph_schema.http.result import body
from graph_schema.http.socket import Sockets
from graph_schema.http.stream import Form, written
from graph_schema.operations import ANSWERED, READS, Asked, Operations, WrongTypeError, ended
from graph_schema.rules import Rules

METHODS = ("GET", "POST")
# A reader of a stream who takes nothing for so long is gone, whatever its connection says.
SEND_S = 30.0
OVERLOADED = "OVERLOADED"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process takes on: seconds for an operation, open sockets and streams, a batch."""

    request_timeout: float
    connections: int = 1_000
    batch: int = 0
    init_timeout: float = 10.0
    connections_per_caller: int = 1_000
    rules: Rules = field(default_factory=Rules)
    origins: frozenset[str] = frozenset()


class Endpoint:
    """The ASGI application behind ``/graphql``."""

    def __init__(
        self, services_of: Callable[[], Services], limits: Limits, authenticate: Authenticate
    ) -> None:
        """`services_of` gives what the lifespan opened, `authenticate` who sends a request."""
        self._authenticate = authenticate
        self._operations = Operations(services_of, limits.request_timeout, limits.rules)
        self._open = OpenConnections(limits.connections, limits.connections_per_caller)
        self._sockets = Sockets(self._operations, self._open, authenticate, limits.init_timeout)
        self._batch, self._origins = limits.batch, limits.origins

    async def close(self) -> None:
        """End what is open: sockets with 1001, streams with an error that has a cursor."""
        await self._open.close()
        await self._operations.services_of().changes.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a socket until it closes."""
        try:
            headers = Headers(scope=scope)
            check_origin(headers, self._origins)
            if scope["type"] == "websocket":
                await self._sockets.serve(WebSocket(scope, receive, send))
                return
            caller = await self._authenticate(headers)
            try:
                response = await self._answer(Request(scope, receive), caller.principal)
                await response(scope, receive, send)
            except _Streamed as found:
                await self._stream(found, caller, scope, receive, send)
        except RefusedError as problem:
            await problem.response()(scope, receive, send)
        except ClientDisconnect:
            return  # nobody is there to be told anything

    async def _answer(self, request: Request, principal: Principal) -> Response:
        if request.method not in METHODS:
            allowed = ", ".join(METHODS)
            raise RefusedError(
                405, "METHOD_NOT_ALLOWED", f"Use {' or '.join(METHODS)}.", {"Allow": allowed}
            )
        accept = accepted(",".join(request.headers.getlist("accept")))
        if accept.single is None and accept.stream is None:
            raise RefusedError(406, "NOT_ACCEPTABLE", f"Answers are {RESPONSE} or {JSON}.")
        what = await asked(request)
        if isinstance(what, list):
            return _json(await self._answer_batch(what, principal), accept.single or JSON)
        try:
            result = await attended(
                request.receive,
                self._operations.answer(
                    what, principal, READS if request.method == "GET" else ANSWERED
                ),
                lambda: self._operations.reads(what),
            )
        except WrongTypeError as problem:
            if problem.type is OperationType.SUBSCRIPTION:
                raise _Streamed(what, accept.stream) from None
            raise RefusedError(
                405, "METHOD_NOT_ALLOWED", "A mutation is sent by POST.", {"Allow": "POST"}
            ) from None
        if accept.single is None:
            assert accept.stream is not None  # noqa: S101 - one of them is there, see above
            return _whole_stream(body(result), accept.stream)
        return _single(result, accept.single)

    async def _answer_batch(self, items: list[Any], principal: Principal) -> list[dict[str, Any]]:
        """The answers of a batch, each as if it had come alone."""
        if self._batch == 0:
            raise RefusedError(
                400,
                "BATCHING_OFF",
                "One operation a request: batches are off here (PROFILE_GRAPH_BATCHING).",
            )
        if not 0 < len(items) <= self._batch:
            raise RefusedError(
                400, "BATCH_SIZE", f"A batch has 1 to {self._batch} operations, not {len(items)}."
            )
        return list(await asyncio.gather(*(self._answer_item(one, principal) for one in items)))

    async def _answer_item(self, item: object, principal: Principal) -> dict[str, Any]:
        try:
            return body(await self._operations.answer(operation(item), principal))
        except RefusedError as problem:
            return problem.body()
        except WrongTypeError:
            return RefusedError(400, "BAD_REQUEST", "A batch has no subscriptions.").body()

    async def _stream(
        self, found: "_Streamed", caller: Caller, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if found.form is None:
            raise RefusedError(
                406,
                "NOT_ACCEPTABLE",
                "A subscription is answered as text/event-stream, as multipart/mixed or over a "
                "WebSocket (graphql-transport-ws).",
            )

        async def patiently(message: Message) -> None:
            async with asyncio.timeout(SEND_S):
                await send(message)

        with self._open.one(), self._open.of(caller.principal), suppress(TimeoutError):
            events = while_good(self._operations.events(found.asked, caller.principal), caller)
            response = StreamingResponse(written(events, found.form), headers=found.form.headers)
            await response(scope, receive, patiently)


class _Streamed(Exception):  # noqa: N818 - no error: what was asked for is a subscription
    def __init__(self, asked: Asked, form: Form | None) -> None:
        super().__init__()
        self.asked, self.form = asked, form


def _single(result: ExecutionResult, type_: str) -> Response:
    """A result in one piece; the status says as well why there is none."""
    response = _json(body(result), type_)
    if ended(result):
        response.status_code = 400 if type_ == RESPONSE else 200
        for extensions in (error.extensions or {} for error in result.errors or ()):
            if extensions.get("code") == OVERLOADED:
                response.status_code = 503
            if (wait := extensions.get("retryAfter")) is not None:
                response.status_code = 429
                response.headers["Retry-After"] = f"{wait}"
    return response


def _json(content: object, type_: str, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type=f"{type_}; charset=utf-8")


def _whole_stream(content: dict[str, Any], form: Form) -> Response:
    parts = form.opening, form.result(orjson.dumps(content)), form.closing
    return Response(b"".join(parts), headers=form.headers)
