"""Recount: facts of profiles that an earlier version wrote, out of their interactions."""

from customers.desk.desk import Desk
from customers.identity.policy import Policy
from customers.purchase import by_category
from customers.stats.facts import facts_of
from customers.stats.happened import Happened
from customers.stats.write import Run
from customers.tickets import is_ticket
from cypher import Row, load

UNCOUNTED = load("stats/uncounted")
GIVE_FACTS = load("stats/give_facts")


async def count_facts(run: Run, policy: Policy, after: int, to: int) -> int:
    """Count what nobody counted of the profiles with a number in `(after, to]`; how many it was.

    Tickets, and what waits for the service desk, are those that a trusted source tells of.
    """
    rows: list[Row] = []
    for row in await run(UNCOUNTED, after=after, to=to):
        trusted = policy.trusts(row["source"])
        facts = facts_of(
            _happened(one, row) for one in row["happened"] if trusted or not is_ticket(one["type"])
        )
        desk = _desk(row) if trusted else Desk(row["source"])
        rows.append({"profile": row["key"], "facts": facts.dumps()} | desk.row())
    if rows:
        await run(GIVE_FACTS, rows=rows)
    return len(rows)


def _desk(profile: Row) -> Desk:
    desk = Desk(profile["source"])
    for one in profile["happened"]:
        desk = desk.with_interaction(
            one["key"], one["type"], one["name"], one["at"], one["channel"], one["properties"]
        )
    return desk


def _happened(row: Row, profile: Row) -> Happened:
    return Happened(
        row["key"],
        profile["source"],
        row["type"],
        row["name"],
        row["at"],
        row["channel"],
        row["amount"],
        row["currency"],
        row["properties"],
        by_category(row["lines"]),
    )
