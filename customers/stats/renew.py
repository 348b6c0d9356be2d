"""Renew: quintiles out of a sample of all customers, now and then and never for a reader."""

from collections.abc import Awaitable, Callable, Iterable

from customers.numbers import last_number
from customers.principal import Principal
from customers.stats.filed import Ranks
from customers.stats.quintiles import Quintiles, quintiles_of
from customers.times import DAY_MS, now_ms
from cypher import Deadline, Graph, Row, Statement, Transaction, load

SAMPLE = load("stats/sample")
QUINTILES = load("stats/quintiles")
PUT_QUINTILES = load("stats/put_quintiles")

# Profiles that a sample looks at, evenly among all: a cut is then within a percent of its place.
SAMPLED = 20_000
# So many are looked at by one statement.
AT_ONCE = 1_000
RENEW_S = 120.0
# How long quintiles hold.
HOLD_MS = DAY_MS


async def quintiles(rows: Callable[[Statement], Awaitable[list[Row]]]) -> dict[str, Quintiles]:
    """The quintiles in force, by currency; `rows` reads a statement."""
    return {row["key"]: Quintiles.loads(row["key"], row["text"]) for row in await rows(QUINTILES)}


async def renew_quintiles(graph: Graph, principal: Principal) -> list[Quintiles]:
    """Make the quintiles anew out of what customers are found by; returns them.

    Raises:
        ForbiddenError: the caller may not resolve everything.
    """
    principal.check("resolve everything")
    deadline = Deadline.after(RENEW_S)
    last = await last_number(lambda statement: graph.read(statement, deadline))
    numbers = range(1, last + 1, max(last // SAMPLED, 1))
    sample: list[Ranks] = []
    for start in range(0, len(numbers), AT_ONCE):
        some = list(numbers[start : start + AT_ONCE])
        [row] = await graph.read(SAMPLE, deadline, numbers=some)
        sample += (Ranks.read(**one) for one in row["found"])
    made = quintiles_of(sample, now_ms())
    await graph.transaction("stats/renew", _Put(made), deadline)
    return made


class _Put:
    """Put quintiles in the place of those that are there."""

    def __init__(self, made: Iterable[Quintiles]) -> None:
        self.made = {one.currency: one.dumps() for one in made}

    async def __call__(self, transaction: Transaction) -> None:
        there = {row["key"] for row in await transaction.run(QUINTILES)}
        if self.made or there:
            await transaction.run(
                PUT_QUINTILES,
                dropped=sorted(there - self.made.keys()),
                rows=[{"key": key, "text": text} for key, text in sorted(self.made.items())],
            )


async def renew_if_due(graph: Graph, principal: Principal) -> bool:
    """Renew the quintiles where there are none, or they are a day old; whether that was done."""
    deadline = Deadline.after(RENEW_S)
    known = await quintiles(lambda statement: graph.read(statement, deadline))
    if known and min(one.at for one in known.values()) > now_ms() - HOLD_MS:
        return False
    await renew_quintiles(graph, principal)
    return True
