"""Sum up what profiles bought that an older version wrote, out of their interactions."""

from collections.abc import Awaitable, Callable

from customers.identity.policy import Policy
from customers.ingest.dealings import CROWD, Bought, Dealings, Purchases
from customers.ingest.described import said_at
from customers.ingest.prepare import PreparedInteraction, PreparedProduct
from customers.ingest.rows import counting, dealing_rows, left_out, product_rows, purchases_row
from customers.ingest.writer import COUNT_BUYERS, WRITE_INTERACTIONS
from cypher import Row, load

UNSUMMED = load("ingest/unsummed")
NOTE_SUMMED = load("ingest/note_summed")
UNLISTED = load("ingest/unlisted")
LIST_PURCHASES = load("ingest/list_purchases")
UNCOUNTED = load("ingest/uncounted")
# What one transaction counts: so many products, and so many buyers of these as take seconds.
PRODUCTS, BUYERS = 500, 100_000


async def sum_up(
    run: Callable[..., Awaitable[list[Row]]], policy: Policy, after: int, to: int, now: int
) -> int:
    """Sum up those whose numbers lie in a window; how many there were."""
    found = await run(UNSUMMED, after=after, to=to)
    dealings, happened = Dealings(), list[tuple[int, PreparedInteraction]]()
    counts = []
    for row in found:
        count = 0
        for one in row["happened"]:
            value = _happened(one)
            at = said_at(one["at"], trusted=policy.trusts(row["source"]))
            happened.append((at, value))
            count += dealings.add(row["profile"], one["at"], value)
        counts.append({"profile": row["profile"], "products": count})
    if happened:
        nothing: Row = dict.fromkeys(("newPeriods", "periods", "rows", "lines"), ())
        await run(
            WRITE_INTERACTIONS,
            **nothing,
            products=product_rows(happened, dealings, {}),
            newBought=dealing_rows(dealings.bought.values(), new=True),
            bought=[],
            newOffered=dealing_rows(dealings.offered.values(), new=True),
            offered=[],
            crowd=CROWD,
            leftOut=None,  # so the buyers of these products are counted next
            now=now,
        )
    if counts:
        await run(NOTE_SUMMED, rows=counts)
    listed = await _list_purchases(run, after, to)
    return len({row["profile"] for row in counts} | listed)


async def _list_purchases(
    run: Callable[..., Awaitable[list[Row]]], after: int, to: int
) -> set[str]:
    """Let profiles of a window keep what they bought, those that do not; which these are."""
    rows = []
    for row in await run(UNLISTED, after=after, to=to):
        bought = [
            Bought(row["profile"], one["product"], first=one["first"], last=one["last"])
            for one in row["bought"]
        ]
        kept = purchases_row(row["products"], Purchases().renewed(bought))
        rows.append(kept | {"profile": row["profile"]})
    if rows:
        await run(LIST_PURCHASES, rows=rows)
    return {row["profile"] for row in rows}


async def count_buyers(run: Callable[..., Awaitable[list[Row]]], policy: Policy) -> int:
    """Count who buys some products, as far as nobody did by this policy; how many products."""
    products: list[str] = []
    buyers = 0
    for row in await run(UNCOUNTED, leftOut=left_out(policy), most=PRODUCTS):
        buyers += row["buyers"]
        if products and buyers > BUYERS:
            break
        products.append(row["product"])
    if products:
        await run(COUNT_BUYERS, products=products, **counting(policy))
    return len(products)


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
        properties=row["properties"],
        products=tuple(
            PreparedProduct(line["product"], None, None, line["quantity"], line["amount"])
            for line in row["lines"]
        ),
    )
