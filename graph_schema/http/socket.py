"""Sockets: graphql-transport-ws, with Strawberry's handler and the operations of ours."""

from collections.abc import Collection, Mapping
from contextlib import aclosing
from datetime import timedelta
from functools import cached_property, partial
from typing import Any, cast

import orjson
from graphql import GraphQLError
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    CompleteMessage,
    Message,
    SubscribeMessage,
)

from customers.principal import Principal
from graph_schema.errors import unexpected
from graph_schema.http.open_connections import OpenConnections
from graph_schema.http.refused import RefusedError
from graph_schema.http.request import operation as asked_for
from graph_schema.operations import Asked, Operations, ended
from graph_schema.schema import schema

# Operations that run at once on one socket.
MOST_OPERATIONS = 100
GOING_AWAY = 1001
STOPPED = "The server is stopping"


class Sockets:
    """Serves sockets."""

    def __init__(
        self,
        operations: Operations,
        connections: OpenConnections,
        init_timeout: float,
        origins: Collection[str],
    ) -> None:
        """`init_timeout` are the seconds that a client has for its connection_init.

        Pages of `origins` may open sockets, besides this server's own.
        """
        self._view = _View(operations, init_timeout, origins)
        self._open = connections

    async def serve(self, socket: WebSocket, principal: Principal) -> None:
        """Serve one socket until it closes.

        Raises:
            RefusedError: no more can be open.
        """
        with self._open.one(principal, partial(socket.close, GOING_AWAY, STOPPED)):
            await self._view.run(socket, context=principal)


class _Adapter(ASGIWebSocketAdapter):
    """Text frames, which the protocol asks for."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError) as problem:  # closed by one side or the other
            raise WebSocketDisconnected from problem


class _Handler(BaseGraphQLTransportWSHandler[Principal, None]):
    """One socket. Messages are looked at before Strawberry takes them as they should be."""

    view: "_View"

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """What operations that have not begun were asked for."""
        return {}

    async def handle_message(self, message: Message) -> None:
        fault = _fault(message)
        if fault is not None:
            await self.handle_invalid_message(fault)
            return
        await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        if self.connection_acknowledged and len(self.operations) >= MOST_OPERATIONS:
            full = GraphQLError(
                f"This socket runs {MOST_OPERATIONS} operations already.",
                extensions={"code": "OVERLOADED"},
            )
            await self.send_message(
                {"id": message["id"], "type": "error", "payload": [full.formatted]}
            )
            return
        payload: dict[str, Any] = dict(message["payload"])
        if message["id"] not in self.operations:
            self.asked[message["id"]] = asked_for(payload)
        # Strawberry's handler wants a text; what runs is what was asked for.
        named = {**message, "payload": {"query": "", **payload}}
        await super().handle_subscribe(cast("SubscribeMessage", named))

    async def run_operation(self, operation: Operation[Principal, None]) -> None:
        """Send the results of an operation, and then how it ended."""
        asked = self.asked.pop(operation.id)
        try:
            async with aclosing(self.view.operations.events(asked, self.context)) as events:
                async for event in events:
                    if ended(event):
                        await operation.send_initial_errors(event.errors or [])
                        return
                    await operation.send_next(event)
            await operation.send_operation_message(
                CompleteMessage(id=operation.id, type="complete")
            )
        except WebSocketDisconnected:
            return
        except Exception as problem:  # noqa: BLE001 - masked, and the socket goes on
            await operation.send_initial_errors([unexpected(problem)])


class _View(GraphQL[Principal, None]):
    """What Strawberry's handler asks for: the protocol, JSON, the origin of a page."""

    graphql_transport_ws_handler_class = _Handler
    websocket_adapter_class = _Adapter

    def __init__(
        self, operations: Operations, init_timeout: float, origins: Collection[str]
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=init_timeout),
            max_subscriptions_per_connection=None,
            allowed_origins=list(origins),
        )
        self.operations = operations

    def decode_json(self, data: str | bytes) -> Any:  # noqa: ANN401 - JSON is anything
        return orjson.loads(data)


def _fault(message: object) -> str | None:
    """What is wrong with a message before anything is done with it."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "A message is an object with a type"
    if message["type"] in ("subscribe", "complete") and not _named(message):
        return "The message needs an id"
    if message["type"] == "subscribe":
        return _payload_fault(message.get("payload"))
    return None


def _named(message: Mapping[str, object]) -> bool:
    return isinstance(message.get("id"), str) and message["id"] != ""


def _payload_fault(payload: object) -> str | None:
    try:
        asked_for(payload)
    except RefusedError as problem:
        return str(problem)
    return None
