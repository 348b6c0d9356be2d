"""Stats computed from scratch: out of all that happened, one customer after the other."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from customers.stats.stats import Favourite, Spend, Stats
from cypher import Graph
from tests.conftest import Json, query

EVERYTHING = """
MATCH (c:Customer)<-[:BELONGS_TO]-(p:Profile)
OPTIONAL MATCH (p)-[:ACTIVE_IN]->(:Period)-[:HOLDS]->(n:Interaction)
RETURN c.id AS customer, p.source AS source, n {.*} AS interaction
"""


@dataclass(frozen=True)
class Sold:
    """A purchase as one source told of it."""

    key: str
    source: str
    order: str | None
    at: int
    channel: str | None
    currency: str
    amount: int
    lines: int
    categories: Mapping[str, int]


async def scratch(graph: Graph, told: Mapping[str, Json]) -> dict[str, Stats]:
    """The stats of every customer; `told` are interactions as they were told, by key."""
    happened: dict[str, list[tuple[str, Json]]] = defaultdict(list)
    for row in await query(graph, EVERYTHING):
        mine = happened[row["customer"]]
        if row["interaction"]:
            mine.append((row["source"], row["interaction"]))
    nobodys = {row["key"] for row in await query(graph, "MATCH (o:Order) RETURN o.key AS key")}
    return {customer: _stats(all_of, told, nobodys) for customer, all_of in happened.items()}


def _stats(happened: Iterable[tuple[str, Json]], told: Mapping[str, Json], no: set[str]) -> Stats:
    sold, refunds, tickets = list[Sold](), defaultdict[str, list[int]](list), dict[str, Any]()
    for source, one in happened:
        amount, name, key = one.get("amount") or 0, one.get("name"), one["key"]
        if one["type"] == "ticket":
            said = told[key]["properties"]
            word = (one["at"], key, said["status"] == "closed")
            number = f"{source}|{said['ticket']}"
            tickets[number] = max(tickets.get(number, word), word)
        elif name == "Order Refunded" or amount < 0:
            refunds[one["currency"]].append(abs(amount))
        elif name == "Order Completed":
            sold.append(_sold(source, one, told[key], no))
    counted = list(_once(sold))
    money = {one.currency for one in sold} | refunds.keys()
    spend = [
        Spend(
            currency,
            sum(1 for one in counted if one.currency == currency),
            sum(one.amount for one in counted if one.currency == currency),
            len(refunds[currency]),
            sum(refunds[currency]),
        )
        for currency in money
    ]
    spend.sort(key=lambda one: (-one.orders, -one.net, one.currency))
    currency = spend[0].currency if spend else ""
    times = [one.at for one in sold]
    channels = [({one.channel: one.amount} if one.channel else {}, one) for one in sold]
    categories = [(one.categories, one) for one in sold]
    return Stats(
        tuple(spend),
        min(times, default=None),
        max(times, default=None),
        _favourite(channels, counted, currency),
        _favourite(categories, counted, currency),
        sum(1 for _, _, closed in tickets.values() if not closed),
    )


def _sold(source: str, one: Json, said: Json, no: set[str]) -> Sold:
    lines = said.get("products", [])
    categories = Counter[str]()
    for line in lines:
        if "category" in line:
            categories[line["category"]] += line["amount"] * 100
    order = one.get("orderId")
    return Sold(
        one["key"],
        source,
        None if order in no else order,
        one["at"],
        one.get("channel"),
        one["currency"],
        one["amount"],
        len(lines),
        dict(categories),
    )


def _once(sold: Iterable[Sold]) -> Iterable[Sold]:
    """Each purchase once: the n-th of an order of each source are one."""
    orders: dict[Any, dict[str, list[Sold]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(sold, key=lambda each: (each.at, each.key)):
        orders[one.order or one.key, one.currency][one.source].append(one)
    for by_source in orders.values():
        for seen in zip_longest(*by_source.values()):
            yield min(
                (one for one in seen if one), key=lambda each: (-each.lines, each.at, each.key)
            )


def _favourite(
    parts: Iterable[tuple[Mapping[str, int], Sold]], counted: list[Sold], currency: str
) -> Favourite | None:
    times, amounts, last = Counter[str](), Counter[str](), dict[str, int]()
    for names, one in parts:
        for name, amount in names.items():
            last[name] = max(last.get(name, one.at), one.at)
            if one in counted:
                times[name] += 1
                amounts[name] += amount if one.currency == currency else 0
    if not times:
        return None
    name = min(times, key=lambda each: (-times[each], -amounts[each], -last[each], each))
    return Favourite(name, times[name], amounts[name], currency)
