"""GraphQL over HTTP: one operation a request, read again where a customer moved under it."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData, process_result
from strawberry.types import ExecutionResult

from customers.errors import StaleReadError
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services
from cypher import Deadline
from graph_schema.context import Context
from graph_schema.errors import shown
from graph_schema.schema import schema

# Times that a whole answer is read before writers are made to wait for it.
TRIES = 3


class _View(GraphQL[Context, None]):
    """Strawberry's view with our context, errors, encoding and repeated reads."""

    def __init__(self, services_of: Callable[[], Services], request_timeout: float) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=())
        self._services_of = services_of
        self._request_timeout = request_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close(1000)
            return
        try:
            response: Response = await self.run(Request(scope, receive))
        except HTTPException as problem:
            response = _refusal(problem.status_code, problem.reason)
        await response(scope, receive, send)

    async def get_context(
        self,
        request: Request | WebSocket,  # noqa: ARG002 - Strawberry's signature
        response: Response | WebSocket,  # noqa: ARG002
    ) -> Context:
        """A new operation's state."""
        # Until there are credentials, whoever reaches the server (on loopback) is its developer.
        services = self._services_of()
        deadline = Deadline.after(self._request_timeout)
        return Context(services, Reading(services.graph, DEVELOPER, deadline))

    async def execute_single(  # noqa: PLR0917 - Strawberry's signature
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Run an operation; a read under which a customer changed is run again from the start."""

        async def run(once: Context) -> ExecutionResult:
            return await super(_View, self).execute_single(
                request, request_adapter, sub_response, once, root_value, request_data
            )

        for _ in range(TRIES):
            result = await run(context)
            if context.wrote or not await _stale(result, context):
                return result
            context = context.again()
        return await context.reading.quietly(lambda quiet: run(context.again(quiet)))

    async def process_result(
        self,
        request: Request,  # noqa: ARG002 - Strawberry's signature
        result: ExecutionResult,
    ) -> GraphQLHTTPResponse:
        """Turn errors into what a client sees."""
        if result.errors:
            result.errors = [shown(error) for error in result.errors]
        return process_result(result)

    def encode_json(self, data: object) -> bytes:
        """JSON by orjson."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> Any:  # noqa: ANN401 - JSON is anything
        """JSON by orjson, which is strict about UTF-8."""
        return orjson.loads(data)


async def _stale(result: ExecutionResult, context: Context) -> bool:
    for error in result.errors or ():
        if isinstance(error.original_error, StaleReadError):
            return True
    if result.data is None:
        return False
    try:
        await context.reading.check()
    except StaleReadError:
        return True
    return False


def _refusal(status: int, reason: str) -> Response:
    body: Mapping[str, Any] = {
        "errors": [{"message": reason, "extensions": {"code": "BAD_REQUEST"}}]
    }
    return Response(orjson.dumps(body), status, media_type="application/json")


def graphql_app(services_of: Callable[[], Services], *, request_timeout: float) -> ASGIApp:
    """The ASGI application behind ``/graphql``; `services_of` gives what the lifespan opened."""
    return _View(services_of, request_timeout)
