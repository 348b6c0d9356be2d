"""Pages of customers on a loaded graph: without a filter, with one, in every order.

`python -m tests.benchmark.listing`, after `make bench` has loaded the graph.
"""

import os
import time
from collections.abc import Mapping

import uvloop

from customers.conditions import InteractionAsked as Asked
from customers.conditions import did, trait_compares, trait_in
from customers.customer import Facets
from customers.listing import Key, Listing, count_customers, customers_page
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services, open_services
from cypher import Condition, Deadline, Every
from server.settings import Settings
from tests.benchmark.__main__ import DATA, say
from tests.benchmark.writing import told

PAGE, TIMES = 50, 15
FACETS = Facets(profiles=5, identifiers=5)


def main() -> None:
    """Print the figures."""
    os.environ["PROFILE_GRAPH_DATA_DIR"] = str(DATA / "data")
    uvloop.run(run(Settings.from_environment()))


async def run(settings: Settings) -> None:
    """All pages, one after the other."""
    async with open_services(settings.connection(), b"bench" * 8) as services:
        for name, listing in listings(services).items():
            say("page", f"{name}: {told(await each(services, listing))} (aim: p95 100 ms)")
        start = time.perf_counter()
        total = await count_customers(reading(services), None)
        say("count", f"{total:,} customers in {(time.perf_counter() - start) * 1000:.0f} ms")


def listings(services: Services) -> Mapping[str, Listing]:
    """What front-ends ask for."""
    policy = services.policy
    rare: Condition = trait_compares("lastName", "starts", "sm", policy)
    common = trait_in("country", ["GB"], policy)
    ordered = did(Asked(name="Order Completed"))
    return {
        f"of {PAGE}": Listing(),
        f"of {PAGE} by name": Listing(Key.NAME),
        f"of {PAGE} by last seen": Listing(Key.LAST_SEEN, descending=True),
        "of a rare name": Listing(condition=rare),
        "of a rare name by name": Listing(Key.NAME, condition=rare),
        "of a common trait": Listing(condition=common),
        "of a rare name with an order": Listing(condition=Every((rare, ordered))),
    }


def reading(services: Services) -> Reading:
    """Somebody who may read."""
    return Reading(services.graph, DEVELOPER, Deadline.after(60))


async def each(services: Services, listing: Listing) -> list[float]:
    """Milliseconds of the first pages, one after the other; as many again where they end."""
    times = []
    after = None
    for _ in range(TIMES):
        start = time.perf_counter()
        page = await customers_page(reading(services), listing, PAGE, FACETS, after=after)
        times.append((time.perf_counter() - start) * 1000)
        after = page.items[-1].place if page.has_next else None
    return times


if __name__ == "__main__":
    main()
