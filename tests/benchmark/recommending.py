"""Recommending: what a seller waits for among 100,000 customers to whom a million things happened.

`python -m tests.benchmark.recommending` measures it in a graph of its own, which it keeps in
`.bench/shop`; a Neo4j that NEO4J_URI names must be empty at first. Baskets are as uneven as baskets
are: a few products that everybody buys, many that few do, and tastes that people share. One thing
in twelve is a call, and some calls open a ticket. Beside each time stands that of the driver alone,
for the smallest statement there is.
"""

import os
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import uvloop

from customers.customer import Facets, customers_by_identifiers
from customers.identity.policy_document import default_policy
from customers.principal import DEVELOPER, Role
from customers.reading import Reading
from customers.recommendation.recommend import RecommendationsWanted, recommend
from customers.recommendation.recommendation import Kind
from customers.services import Services, open_services
from customers.times import now_ms, to_datetime
from cypher import Connection, Deadline, Graph, load
from server.brief.page import QUERY
from server.collector import collect_seldom
from server.settings import Settings
from tests.asking import asking_as
from tests.benchmark.quantiles import quantiles
from tests.newcomers import write_newcomers

CUSTOMERS, THINGS = 100_000, 10
PRODUCTS, TASTES = 20_000, 40
DAYS = 365
DATA = Path(".bench") / "shop"
SEED, ASKED, WARM = 7, 200, 100
AT_ONCE = 150
FIRST_NAMES, LAST_NAMES = 400, 9_000
LAST_NUMBER = load("customers/last_number")
Json = dict[str, Any]


def main() -> None:
    """Write the customers where there are none, then measure."""
    collect_seldom()  # as every command does
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    os.environ["PROFILE_GRAPH_DATA_DIR"] = str(DATA)
    uvloop.run(_main(Settings.from_environment().connection(), wanted))


async def _main(connection: Connection, wanted: int) -> None:
    async with open_services(connection, b"bench" * 8) as services:
        if not await _holders(services.graph, 0):
            start = time.monotonic()
            people = shoppers(wanted, now_ms())
            while some := list(islice(people, AT_ONCE)):
                records = [record for one in some for record in one]
                await write_newcomers(services.graph, services.policy, records)
            _say(f"written in {time.monotonic() - start:.0f} s")
        await measure(services, wanted)


def _say(text: str) -> None:
    sys.stdout.write(f"recommend {text}\n")
    sys.stdout.flush()


async def _holders(graph: Graph, n: int) -> list[str]:
    reading = Reading(graph, DEVELOPER, Deadline.after(60))
    [found] = await customers_by_identifiers(reading, [f"crmId|c{n}"], 2, Facets())
    return [one.id for one in found]


def shoppers(wanted: int, now: int) -> Iterator[list[Json]]:
    """What happened to each, who buys half of the time what its taste has, else what all buy."""
    choose = random.Random(SEED)
    popular = list(accumulate(1 / (n + 10) for n in range(PRODUCTS)))
    within = list(accumulate(1 / (n + 3) for n in range(PRODUCTS // TASTES)))
    places = range(PRODUCTS // TASTES)
    for n in range(wanted):
        taste = choose.randrange(TASTES)
        records = []
        for nth in range(choose.randrange(1, 2 * THINGS)):
            at = to_datetime(now) - timedelta(seconds=choose.randrange(DAYS * 86_400))
            if choose.randrange(12) == 0:
                records.append(_record(n, at.isoformat(), _call(choose, f"{n}-{nth}")))
                continue
            if choose.random() < 0.5:
                [product] = choose.choices(places, cum_weights=within)
                product = product * TASTES + taste
            else:
                [product] = choose.choices(range(PRODUCTS), cum_weights=popular)
            records.append(_record(n, at.isoformat(), _order(product, f"{n}-{nth}")))
        records[0] |= _who(n)
        yield records


def _record(n: int, at: str, interaction: Json) -> Json:
    return {"source": "till", "sourceId": f"t{n}", "at": at, "interaction": interaction}


def _who(n: int) -> Json:
    """What the first record of each says besides."""
    return {
        "identifiers": [
            {"namespace": "crmId", "value": f"C{n}"},
            {"namespace": "email", "value": f"shopper{n}@mail{n % 90}.example"},
        ],
        "traits": {
            "firstName": f"Given{n % FIRST_NAMES}",
            "lastName": f"Family{n % LAST_NAMES}",
            "city": f"City {n % 200}",
            "consent.marketing": n % 3 > 0,
        },
    }


def _order(product: int, number: str) -> Json:
    """An order of one product; a few of each category are dearer than the rest."""
    price = (100 + product * 37 % 900) / 100
    line = {
        "key": f"p{product}",
        "name": f"Product {product}",
        "category": f"Category {product % TASTES}",
        "quantity": 1,
        "amount": price,
    }
    return {
        "id": number,
        "type": "track",
        "name": "Order Completed",
        "channel": "web",
        "amount": price,
        "currency": "EUR",
        "products": [line],
    }


def _call(choose: random.Random, number: str) -> Json:
    opened = choose.randrange(6) == 0
    called: Json = {"id": number, "type": "ticket" if opened else "call", "channel": "phone"}
    return called | {"name": "Asked for help", "properties": {"ticket": number} if opened else {}}


async def measure(services: Services, customers: int) -> None:
    """Print how long each kind takes, and the whole brief, after a round that warms up."""
    choose = random.Random(SEED)
    ids = [(await _holders(services.graph, choose.randrange(customers)))[0] for _ in range(ASKED)]
    policy, graph = default_policy(), services.graph

    async def nothing(_id: str) -> bool:
        return bool(await graph.read(LAST_NUMBER, Deadline.after(60)))

    await _timed("the driver", ids, nothing)
    for kind in Kind:

        async def recommended(customer: str, kind: Kind = kind) -> bool:
            reading = Reading(graph, DEVELOPER, Deadline.after(60))
            wanted = RecommendationsWanted(customer, kind)
            return bool((await recommend(reading, policy, [wanted]))[0].offered)

        await _timed(kind, ids, recommended)
    ask = asking_as(services)

    async def brief(customer: str) -> bool:
        found = await ask(Role.SELLER, QUERY, id=customer, identifier=None)
        return not found.errors and bool(found.data and found.data["customer"]["recommendations"])

    await _timed("SellerBrief", ids, brief)


async def _timed(what: str, ids: list[str], ask: Callable[[str], Awaitable[bool]]) -> None:
    times, answered = [], 0
    for place, customer in enumerate([*ids[:WARM], *ids]):
        start = time.perf_counter()
        found = await ask(customer)
        if place >= WARM:
            times.append((time.perf_counter() - start) * 1000)
            answered += found
    median, p95 = quantiles(times)
    _say(f"{what:<11} p50 {median:6.1f} ms  p95 {p95:6.1f} ms  answered {answered}/{len(ids)}")


if __name__ == "__main__":
    main()
