"""Sockets: graphql-transport-ws, with Strawberry's handler and the operations of ours."""

from collections.abc import Mapping
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
from strawberry.types.unset import UnsetType

from graph_schema.errors import unexpected
from graph_schema.http.caller import Authenticate
from graph_schema.http.open_connections import OpenConnections
from graph_schema.http.refused import RefusedError
from graph_schema.http.request import operation as asked_for
from graph_schema.http.session import Session
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
        authenticate: Authenticate,
        init_timeout: float,
    ) -> None:
        """`init_timeout` are the seconds that a client has for its connection_init."""
        self._view = _View(operations, init_timeout)
        self._open = connections
        self._authenticate = authenticate

    async def serve(self, socket: WebSocket) -> None:
        """Serve one socket until it closes, or its opener's credentials are over.

        Raises:
            RefusedError: no more can be open, or the handshake's credentials are wrong.
        """
        session = Session(socket, self._authenticate, self._open)
        try:
            await session.look_at_handshake()
            with self._open.one(partial(socket.close, GOING_AWAY, STOPPED)):
                await self._view.run(socket, context=session)
        finally:
            await session.end()


class _Adapter(ASGIWebSocketAdapter):
    """Text frames, which the protocol asks for."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError) as problem:  # closed by one side or the other
            raise WebSocketDisconnected from problem


class _Handler(BaseGraphQLTransportWSHandler[Session, None]):
    """One socket. Messages are looked at before Strawberry takes them as they should be."""

    view: "_View"

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """What operations that have not begun were asked for."""
        return {}

    async def handle_message(self, message: Message) -> None:
        if self.context.over:  # closed by us; what the client sent before it knew is not done
            return
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

    async def run_operation(self, operation: Operation[Session, None]) -> None:
        """Send the results of an operation, and then how it ended."""
        asked = self.asked.pop(operation.id)
        try:
            principal = self.context.principal
            async with aclosing(self.view.operations.events(asked, principal)) as events:
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


class _View(GraphQL[Session, None]):
    """What Strawberry's handler asks for: the protocol, JSON, its opener."""

    graphql_transport_ws_handler_class = _Handler
    websocket_adapter_class = _Adapter

    def __init__(self, operations: Operations, init_timeout: float) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=init_timeout),
            max_subscriptions_per_connection=None,
            allowed_origins=["*"],  # the endpoint has looked at it, as at that of any request
        )
        self.operations = operations

    async def on_ws_connect(self, context: Session) -> UnsetType | dict[str, object] | None:
        await context.begin()
        return await super().on_ws_connect(context)

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
