"""The endpoint's fixtures serve here too, and a server on a real port."""

from collections.abc import AsyncIterator

import pytest

from customers.services import Services
from tests.contract.serving import Served, served
from tests.graph_schema.conftest import ask, client

__all__ = ["ask", "client"]


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Served]:
    """A server as it is without settings."""
    async with served(services) as running:
        yield running
