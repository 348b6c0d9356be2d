"""Links: tokens lead to customers, and follow what resolution decides, by difference only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from customers.search.card import leads, start_of
from cypher import Row, Transaction, load

LINK = load("search/link_tokens")
UNLINK = load("search/unlink_tokens")
ERASE = load("search/erase_tokens")


async def relink(
    transaction: Transaction, rows: Iterable[Row], before: Mapping[str, Collection[str]]
) -> None:
    """Let tokens lead to the customers of `rows`; `before` are those of customers that changed."""
    new: dict[str, list[str]] = defaultdict(list)
    old: list[Row] = []
    for row in rows:
        customer = row["id"]
        if customer in before:
            had, has = leads(before[customer]), leads(row["tokens"])
            for token in has - had:
                new[token].append(customer)
            old += ({"customer": customer, "token": token} for token in had - has)
    if old:
        old.sort(key=lambda one: (one["token"], one["customer"]))
        await transaction.run(UNLINK, rows=old)
    if new:
        links = [
            {"token": token, "start": start_of(token), "customers": new[token]}
            for token in sorted(new)
        ]
        await transaction.run(LINK, rows=links)
    if gone := sorted({one["token"] for one in old} - new.keys()):
        await transaction.run(ERASE, keys=gone)
