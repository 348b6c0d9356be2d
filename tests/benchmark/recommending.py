"""Recommending: how long it takes among 100,000 customers who bought a million times.

`python -m tests.benchmark.recommending` measures it in a graph of its own, which it keeps in
`.bench/shop`; a Neo4j that NEO4J_URI names must be empty at first. Baskets are as uneven as baskets
are: a few products that everybody buys, many that few do, and tastes that people share.
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import uvloop

from customers.identity.policy_document import default_policy
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.recommendation.recommend import RecommendationsWanted, recommend
from customers.recommendation.recommendation import Kind
from customers.times import DAY_MS
from cypher import Connection, Deadline, Graph, Row, connect, migrate
from server.settings import Settings
from tests.benchmark.quantiles import quantiles
from tests.shoppers import Shopper, write_shoppers, written

CUSTOMERS, PURCHASES = 100_000, 10
PRODUCTS, TASTES = 20_000, 40
NOW, YEAR = 1_800_000_000_000, 365
DATA = Path(".bench") / "shop"
SEED, ASKED, WARM = 7, 200, 100


def main() -> None:
    """Write the customers where there are none, then measure."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    os.environ["PROFILE_GRAPH_DATA_DIR"] = str(DATA)
    uvloop.run(_main(Settings.from_environment().connection(), wanted))


async def _main(connection: Connection, wanted: int) -> None:
    async with connect(connection) as graph:
        await migrate(graph, Deadline.after(60))
        if not await written(graph, _id(0)):
            start = time.monotonic()
            await write_shoppers(graph, list(shoppers(wanted)), shelf())
            _say(f"written in {time.monotonic() - start:.0f} s")
        await measure(graph, wanted)


def _say(text: str) -> None:
    sys.stdout.write(f"recommend {text}\n")
    sys.stdout.flush()


def _id(n: int) -> str:
    return f"cus_made-up-{n}"


def shelf() -> dict[str, Row]:
    """Products of forty categories, a few of each dearer than the rest."""
    return {
        f"p{n}": {
            "name": f"Product {n}",
            "category": f"Category {n % TASTES}",
            "price": 100 + n * 37 % 900,
            "currency": "EUR",
        }
        for n in range(PRODUCTS)
    }


def shoppers(wanted: int) -> Iterator[Shopper]:
    """Customers who buy half of the time what their taste has, else what all buy."""
    choose = random.Random(SEED)
    popular = list(accumulate(1 / (n + 10) for n in range(PRODUCTS)))
    within = list(accumulate(1 / (n + 3) for n in range(PRODUCTS // TASTES)))
    places = range(PRODUCTS // TASTES)
    for n in range(wanted):
        taste = choose.randrange(TASTES)
        bought = []
        for _ in range(choose.randrange(1, 2 * PURCHASES)):
            if choose.random() < 0.5:
                [product] = choose.choices(places, cum_weights=within)
                product = product * TASTES + taste
            else:
                [product] = choose.choices(range(PRODUCTS), cum_weights=popular)
            bought.append((f"p{product}", NOW - choose.randrange(YEAR * DAY_MS)))
        yield Shopper(_id(n), bought, f"city {n % 200}")


async def measure(graph: Graph, customers: int) -> None:
    """Print how long each kind takes, after a round that warms up."""
    policy, choose = default_policy(), random.Random(SEED)
    for kind in Kind:
        times, found = [], 0
        for place in range(WARM + ASKED):
            wanted = RecommendationsWanted(_id(choose.randrange(customers)), kind)
            start = time.perf_counter()
            reading = Reading(graph, DEVELOPER, Deadline.after(60))
            [answer] = await recommend(reading, policy, [wanted], NOW)
            if place >= WARM:
                times.append((time.perf_counter() - start) * 1000)
                found += bool(answer.offered)
        median, p95 = quantiles(times)
        _say(f"{kind:<10} p50 {median:6.1f} ms  p95 {p95:6.1f} ms  answered {found}/{ASKED}")


if __name__ == "__main__":
    main()
