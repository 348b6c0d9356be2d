"""Callers for tests: whoever asks is somebody, for good or until an event."""

import asyncio

from starlette.datastructures import Headers

from customers.principal import DEVELOPER, Principal
from graph_schema.http import Authenticate, Caller, RefusedError


def always(principal: Principal = DEVELOPER) -> Authenticate:
    """Everybody is `principal`, for ever."""

    async def authenticate(_: Headers) -> Caller:
        return Caller(principal, _never)

    return authenticate


async def _never() -> RefusedError:
    waiting: asyncio.Future[RefusedError] = asyncio.Future()
    return await waiting
