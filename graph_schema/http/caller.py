"""Caller: who asks, and for how long that is so. How it is known is not GraphQL's."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass

from graphql import GraphQLError
from starlette.datastructures import Headers
from strawberry.types import ExecutionResult

from customers.principal import Principal
from graph_schema.http.refused import RefusedError

# Any of them in the handshake says who opens a socket; else its first message does.
CREDENTIALS = ("authorization", "x-api-key")


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal whose credentials are good.

    `until` waits until they no longer are, and gives the refusal that they then meet with.
    """

    principal: Principal
    until: Callable[[], Awaitable[RefusedError]]


# Raises RefusedError. The headers may also be those of a socket's first message.
Authenticate = Callable[[Headers], Awaitable[Caller]]


async def while_good(
    events: AsyncGenerator[ExecutionResult, None], caller: Caller
) -> AsyncGenerator[ExecutionResult, None]:
    """The events, and an error that ends them when the caller's credentials are over."""
    over = asyncio.ensure_future(caller.until())
    async with aclosing(events):
        waiting = asyncio.ensure_future(anext(events, None))
        try:
            while True:
                await asyncio.wait({waiting, over}, return_when=asyncio.FIRST_COMPLETED)
                if over.done():
                    yield _ended(over.result())
                    return
                if (event := waiting.result()) is None:
                    return
                yield event
                waiting = asyncio.ensure_future(anext(events, None))
        finally:
            for task in (waiting, over):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


def _ended(problem: RefusedError) -> ExecutionResult:
    error = GraphQLError(str(problem), extensions={"code": problem.code})
    return ExecutionResult(data=None, errors=[error])
