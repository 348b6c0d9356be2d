"""Pages of customers on a loaded graph: without a filter, with one, in every order."""

import time
from collections.abc import Callable, Mapping

from customers.conditions import Asking, did, trait_compares, trait_in
from customers.conditions import InteractionAsked as Asked
from customers.customer import Facets
from customers.listing import Key, Listing, count_customers, customers_page
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services
from cypher import Condition, Deadline, Every
from tests.benchmark.writing import told

PAGE, TIMES = 50, 15
FACETS = Facets(profiles=5, identifiers=5)


async def list_all(services: Services, say: Callable[[str, str], None]) -> None:
    """Print how long pages take, one after the other, and a count of everybody."""
    for name, listing in listings(services).items():
        say("page", f"{name}: {told(await each(services, listing))}")
    start = time.perf_counter()
    total = await count_customers(reading(services), None)
    say("count", f"{total:,} customers in {(time.perf_counter() - start) * 1000:.0f} ms")


def listings(services: Services) -> Mapping[str, Listing]:
    """What front-ends ask for."""
    asking = Asking(DEVELOPER, services.policy)
    rare: Condition = trait_compares("lastName", "starts", "sm", asking)
    common = trait_in("country", ["GB"], asking)
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
