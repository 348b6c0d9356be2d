"""Reads that meet a profile amid a move: found at one customer, looked at when it had left.

And pages of everybody, amid a move to a customer that no index knows yet.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from customers.conditions import Asking, trait_in
from customers.customer import Facets, customers_by_identifiers, customers_by_ids
from customers.errors import StaleReadError
from customers.identity.policy_document import default_policy
from customers.listing import Listing, customers_page
from customers.principal import DEVELOPER
from customers.reading import Reading
from cypher import Deadline, Graph, Row, Statement
from tests.conftest import Ingest, query, soon
from tests.rows import said

Happens = Callable[[], Awaitable[object]]
EVERYBODY = Listing()
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


async def nothing() -> None:
    """Nothing happens."""


@dataclass
class Between:
    """A graph where something happens before some statement, and something after it, once."""

    graph: Graph
    name: str
    before: Happens
    after: Happens = nothing

    async def read(self, statement: Statement, deadline: Deadline, **params: object) -> list[Row]:
        if statement.name != self.name:
            return await self.graph.read(statement, deadline, **params)
        self.name = ""
        await self.before()
        rows = await self.graph.read(statement, deadline, **params)
        await self.after()
        return rows

    async def page(
        self, listing: Listing = EVERYBODY, size: int = 5, *, backward: bool = False
    ) -> list[str]:
        """Whom a page shows that is read here."""
        reading = Reading(self.graph, DEVELOPER, soon(), source=self)
        read = await customers_page(reading, listing, size, Facets(profiles=5), backward=backward)
        return [one.customer.id for one in read.items]


@pytest.mark.parametrize("backward", [False, True])
async def test_a_page_of_everybody_misses_no_customer_that_no_index_knows_yet(
    graph: Graph, ingest: Ingest, *, backward: bool
) -> None:
    await ingest([said(name, 1, f"email:{name}@x.org") for name in "abc"])
    ids = await customers_of(graph)
    name = "customers/page_backward" if backward else "customers/page_forward"

    async def hide() -> None:
        await query(graph, f"MATCH (c:Customer {{id: '{ids['b']}'}}) REMOVE c.bucket RETURN 1 AS n")

    async def undo() -> None:
        await query(graph, "MATCH (c:Customer) SET c.bucket = 0 RETURN c.id AS id")

    shown = await Between(graph, name, nothing, undo).page(backward=backward)
    assert shown == [ids[one] for one in "abc"]
    for size in (1, 5):
        with pytest.raises(StaleReadError):
            await Between(graph, name, hide, undo).page(size=size, backward=backward)


@pytest.mark.parametrize("backward", [False, True])
async def test_customers_that_come_at_the_end_of_a_page_of_everybody_do_not_disturb_it(
    graph: Graph, ingest: Ingest, *, backward: bool
) -> None:
    await ingest([said(name, 1, f"email:{name}@x.org") for name in "ab"])
    ids = await customers_of(graph)

    async def come() -> None:
        await ingest([said("new", 2, "email:new@x.org")])

    async def change() -> None:
        await ingest([said("a", 2, "email:a@x.org", city="Oslo")])

    # All of it is read by then, but for the last look.
    last = "customers/standing"
    assert await Between(graph, last, come).page(backward=backward) == [ids["a"], ids["b"]]
    with pytest.raises(StaleReadError):
        await Between(graph, last, change).page(backward=backward)


async def test_a_page_of_a_condition_shows_nobody_who_changed_since_it_was_fulfilled(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest([said("a", 1, "email:a@x.org", city="Oslo"), said("b", 1, "email:b@x.org")])
    ids = await customers_of(graph)
    asking = Asking(DEVELOPER, default_policy())
    listing = Listing(condition=trait_in("city", ["Oslo"], asking))

    async def move() -> None:
        await ingest([said("a", 2, "email:a@x.org", city="Bergen")])

    # They are found by then, and not yet read.
    reading = "customers/found"
    assert await Between(graph, reading, nothing).page(listing) == [ids["a"]]
    with pytest.raises(StaleReadError):
        await Between(graph, reading, move).page(listing)
    assert await Between(graph, reading, nothing).page(listing) == []
