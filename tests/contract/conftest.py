"""The endpoint's fixtures serve here too, and a server on a real port."""

import sys
from collections.abc import AsyncIterator

import httpx2
import pytest

from customers.services import Services
from graph_schema.http import Endpoint, Limits
from graph_schema.rules import Rules
from tests.callers import always
from tests.contract.serving import Served, served
from tests.graph_schema.conftest import ask

__all__ = ["ask"]

# What is compared is asked for at once, however much it is.
ALL_AT_ONCE = Rules(max_cost=sys.maxsize, max_listed=sys.maxsize)


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an endpoint that answers any question in one go."""
    limits = Limits(request_timeout=30, rules=ALL_AT_ONCE)
    app = Endpoint(lambda: services, limits, always())
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Served]:
    """A server as it is without settings."""
    async with served(services) as running:
        yield running
