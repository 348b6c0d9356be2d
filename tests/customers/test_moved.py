"""A read that meets a profile amid a move: found at one customer, looked at when it had left."""

from dataclasses import replace

import pytest

from customers.customer import Facets, customers_by_identifiers, customers_by_ids
from customers.errors import StaleReadError
from customers.principal import DEVELOPER
from customers.reading import Reading
from cypher import Deadline, Graph, Row, Statement
from tests.conftest import Ingest, query, soon
from tests.rows import said

# What a statement does when it has gone from the profile to its customer, a moment before the move.
FOUND = "-[:BELONGS_TO]->(c:Customer)"
AMID = "-[:BELONGS_TO]->(:Customer)\nMATCH (c:Customer {id: $left})"


class Amid:
    """A graph whose statements still find customers where a profile was before it was moved."""

    def __init__(self, graph: Graph, left: str) -> None:
        self.graph, self.left = graph, left

    async def read(self, statement: Statement, deadline: Deadline, **params: object) -> list[Row]:
        assert statement.text.count(FOUND) == 1
        text = statement.text.replace(FOUND, AMID)
        amid = replace(statement, text=text, params=statement.params | {"left"})
        return await self.graph.read(amid, deadline, left=self.left, **params)


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("by_key", [False, True])
async def test_a_customer_that_a_profile_left_is_not_shown_in_the_place_of_the_one_it_went_to(
    graph: Graph, ingest: Ingest, *, by_key: bool, alone: bool
) -> None:
    await ingest([said("a", 1, "email:a@x.org"), said("b", 1, "email:b@x.org")])
    ids = await customers_of(graph)
    facets = Facets(profiles=5, basket=alone, alike=alone)

    async def found(left: str) -> list[str]:
        """Whom a read of b finds that goes to this customer."""
        source = Amid(graph, ids[left])
        reading = Reading(graph, DEVELOPER, soon(), source=source)
        if by_key:
            [some] = await customers_by_identifiers(reading, ["email|b@x.org"], 5, facets)
        else:
            some = [one for one in await customers_by_ids(reading, [ids["b"]], facets) if one]
        return [one.id for one in some]

    assert await found("b") == [ids["b"]]
    with pytest.raises(StaleReadError):
        await found("a")


async def customers_of(graph: Graph) -> dict[str, str]:
    """The customers of rows."""
    text = "MATCH (p:Profile)-[:BELONGS_TO]->(c:Customer) RETURN p.sourceId AS who, c.id AS id"
    return {row["who"]: row["id"] for row in await query(graph, text)}
