"""The GraphQL endpoint over real services, without a socket between."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from customers.services import Services
from cypher import tally
from graph_schema.http import Endpoint, Limits
from tests.callers import always


@dataclass(frozen=True)
class Answer:
    """What came back, and the statements that were sent for it."""

    status: int
    body: dict[str, Any]
    statements: list[str]

    @property
    def data(self) -> dict[str, Any]:
        """The data of an answer without errors."""
        assert "errors" not in self.body, self.body["errors"]
        data: dict[str, Any] = self.body["data"]
        return data

    @property
    def codes(self) -> list[str]:
        """The codes of its errors."""
        return [error["extensions"]["code"] for error in self.body["errors"]]


Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the endpoint."""
    app = Endpoint(lambda: services, Limits(request_timeout=30), always())
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened


@pytest.fixture
def ask(client: httpx2.AsyncClient) -> Ask:
    """Send one operation."""

    async def send(query: str, **variables: object) -> Answer:
        with tally() as statements:
            response = await client.post("/", json={"query": query, "variables": variables})
        return Answer(response.status_code, response.json(), list(statements))

    return send
