"""Sum up what profiles bought that an older version wrote, out of their interactions."""

from collections.abc import Awaitable, Callable

from customers.identity.policy import Policy
from customers.ingest.dealings import CROWD, Dealings
from customers.ingest.prepare import PreparedInteraction, PreparedProduct
from customers.ingest.rows import dealing_rows, product_rows, said_at
from customers.ingest.writer import WRITE_INTERACTIONS
from cypher import Row, load

UNSUMMED = load("ingest/unsummed")
NOTE_SUMMED = load("ingest/note_summed")
COUNT_BUYERS = load("ingest/count_buyers")
PRODUCTS = 500


async def sum_up(
    run: Callable[..., Awaitable[list[Row]]], policy: Policy, after: int, to: int, now: int
) -> int:
    """Sum up those whose numbers lie in a window; how many there were."""
    found = await run(UNSUMMED, after=after, to=to)
    dealings, happened = Dealings(), list[tuple[int, PreparedInteraction]]()
    counts, trusted = [], dict[str, tuple[int, int]]()
    for row in found:
        count = 0
        for one in row["happened"]:
            value = _happened(one)
            at = said_at(one["at"], trusted=policy.trusts(row["source"]))
            happened.append((at, value))
            count += dealings.add(row["profile"], one["at"], value)
        counts.append({"profile": row["profile"], "products": count})
        if policy.trusts(row["source"]):
            trusted[row["profile"]] = row["number"], count
    if happened:
        nothing: Row = dict.fromkeys(("newPeriods", "periods", "rows", "lines"), ())
        await run(
            WRITE_INTERACTIONS,
            **nothing,
            products=product_rows(happened, dealings, trusted),
            newBought=dealing_rows(dealings.bought.values(), new=True),
            bought=[],
            newOffered=dealing_rows(dealings.offered.values(), new=True),
            offered=[],
            crowd=CROWD,
            now=now,
        )
    if counts:
        await run(NOTE_SUMMED, rows=counts)
    return len(counts)


async def count_buyers(run: Callable[..., Awaitable[list[Row]]], policy: Policy) -> int:
    """Count who buys some products (again) that nobody counted for; how many products these are."""
    [row] = await run(COUNT_BUYERS, most=PRODUCTS, crowd=CROWD, doubtful=policy.doubtful)
    counted: int = row["counted"]
    return counted


def _happened(row: Row) -> PreparedInteraction:
    """An interaction as far as it tells what was bought; products keep their names."""
    return PreparedInteraction(
        key=row["key"],
        period="",
        day=0,
        type=row["type"],
        name=row["name"],
        channel=None,
        amount=row["amount"],
        currency=row["currency"],
        order_id=None,
        properties="",
        products=tuple(
            PreparedProduct(line["product"], None, None, line["quantity"], line["amount"])
            for line in row["lines"]
        ),
    )
