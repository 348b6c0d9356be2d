"""How often the page waits for the database, whatever it asks at once."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import pytest

from customers.about import About
from customers.ids import CUSTOMER
from customers.notes.write import add_note
from customers.principal import DEVELOPER, Role
from customers.services import Services
from cypher import Deadline, Graph, Row, Statement
from server.brief.page import QUERY
from tests.asking import asking_as
from tests.conftest import Ingest, Json, soon
from tests.rows import born, said


class Waves:
    """Statements by how many they had to wait for: those of one wave were on their way together."""

    def __init__(self) -> None:
        self.found: list[list[str]] = []
        self._done = 0

    async def read(self, statement: str, reading: Awaitable[list[Row]]) -> list[Row]:
        wave = self._done
        self.found += [[] for _ in range(wave + 1 - len(self.found))]
        self.found[wave].append(statement)
        rows = await reading
        self._done = max(self._done, wave + 1)
        return rows


READ = Graph.read


def _order(*products: str) -> Json:
    """An order of products."""
    lines = [{"key": one, "name": one.title(), "amount": 5} for one in products]
    known = {"id": "".join(products), "type": "order", "amount": 5 * len(lines), "currency": "EUR"}
    return known | {"products": lines}


async def test_a_brief_is_three_round_trips_at_most(
    graph: Graph, services: Services, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = {"id": "t1", "type": "ticket", "name": "Broken", "properties": {"ticket": "T1"}}
    offer = {"id": "f1", "type": "offer", "name": "Pot", "properties": {"outcome": "refused"}}
    await ingest([
        said("a", n, "email:ann@x.org", firstName="Ann", interaction=one)
        for n, one in enumerate((_order("tea"), ticket, offer), 1)
    ])  # fmt: skip
    today = datetime.now(UTC).isoformat()
    await ingest(
        [said("b", 1, "email:ben@x.org", interaction=_order("tea", "cup")) | {"at": today}]
    )
    own = (await born(graph))["a"]
    assert own.startswith(CUSTOMER)
    await add_note(graph, About(own), "Call after six", DEVELOPER, soon())
    waves = Waves()

    async def read(
        one: Graph,
        statement: Statement,
        deadline: Deadline,
        **params: Any,  # noqa: ANN401 - as Graph.read takes them
    ) -> list[Row]:
        return await waves.read(statement.name, READ(one, statement, deadline, **params))

    monkeypatch.setattr(Graph, "read", read)
    answer = await asking_as(services)(Role.SELLER, QUERY, id=own, identifier=None)
    assert answer.errors == []
    assert answer.data is not None
    assert answer.data["customer"]["displayName"] == "Ann"
    [offered] = answer.data["customer"]["recommendations"]
    assert offered["product"]["key"] == "cup"
    assert [sorted(one) for one in waves.found] == [
        ["customers/by_id_with_leads"],
        [
            "desk/of_customers",
            "matches/of_customers",
            "notes/page",
            "recommendations/lately",
            "timeline/interactions",
        ],
        ["customers/versions"],
    ]
