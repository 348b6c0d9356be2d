"""Possible matches of rows of source ``s``: what the graph has of them, and what is said."""

from typing import Any

from customers.decisions.asked import Dismiss, Snooze
from customers.decisions.decide import Outcome, decide
from customers.identity.matched import Standing
from customers.identity.policy import Policy
from customers.matches.match import Match, Status, matches_by_ids
from customers.principal import DEVELOPER
from cypher import Graph
from tests.conftest import Json, in_force, query, soon
from tests.decisions import WHY
from tests.rows import reading


async def stored(graph: Graph) -> list[Json]:
    """All matches, the strongest first, each between the rows of two customers.

    What the customers have noted of them, and how they hang on them, must be the same.
    """
    rows = await query(
        graph,
        "MATCH (m:Match) RETURN m {.*} AS m, [(m)-[:BETWEEN]->(c) | c {.id, .closedAt}] AS pair, "
        "[(m)-[:BETWEEN]->(c)<-[:BELONGS_TO]-(p:Profile) | [c.id, p.sourceId]] AS rows "
        "ORDER BY m.place",
    )
    texts = await query(
        graph, "MATCH (c:Customer) UNWIND c.matches AS text RETURN c.id AS id, text"
    )
    noted = {(one["id"], Standing.loads(one["text"])) for one in texts}
    hung = {
        (one["id"], Standing.loads(text))
        for row in rows
        for one in row["pair"]
        for text in {one["text"] for one in texts if one["text"].startswith(row["m"]["id"])}
    }
    assert noted == hung
    for row in rows:
        assert [one["closedAt"] for one in row["pair"]] == [None, None]
        [one] = {one for _, one in noted if one.id == row["m"]["id"]}
        wanted = {name: value for name, value in one.row().items() if value is not None}
        assert row["m"] | {"customers": wanted["customers"]} == wanted
    found = []
    for row in rows:
        sides: dict[str, list[str]] = {}
        for customer, name in sorted(row["rows"]):
            sides.setdefault(customer, []).append(name)
        names = sorted("".join(sorted(side)) for side in sides.values())
        found.append(row["m"] | {"rows": "-".join(names)})
    return found


async def standing(graph: Graph) -> dict[str, tuple[str, str, float]]:
    """How every match stands, of what kind and score: ``{"a-bc": ("open", "score", 3.0)}``."""
    return {one["rows"]: (one["status"], one["kind"], one["score"]) for one in await stored(graph)}


async def only(graph: Graph) -> Match:
    """The one match that there is, as it is shown."""
    [row] = await stored(graph)
    [found] = await matches_by_ids(reading(graph), [row["id"]])
    assert found is not None
    return found


async def status(graph: Graph) -> tuple[Status, bool]:
    """How the one match stands, and whether it was reopened."""
    found = await only(graph)
    return found.status, found.reopened


async def dismissed(graph: Graph, policy: Policy, **seen: Any) -> Outcome:  # noqa: ANN401
    """Dismiss the one match."""
    asked = Dismiss((await only(graph)).id, **seen)
    return await decide(graph, in_force(policy), asked, WHY, DEVELOPER, soon())


async def snoozed(graph: Graph, policy: Policy, until: int) -> Outcome:
    """Snooze the one match."""
    asked = Snooze((await only(graph)).id, until)
    return await decide(graph, in_force(policy), asked, WHY, DEVELOPER, soon())
