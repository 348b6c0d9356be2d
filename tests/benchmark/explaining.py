"""Explanations on a loaded graph: why two are one customer, why two are not, and how one came."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

from customers.customer import Facets, customers_by_ids
from customers.identity.why import IdAsked, how, why
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services
from cypher import Deadline
from tests.benchmark.writing import told

WARM_UP, SEVERAL, STEPS = 20, 20, 50
Pair: TypeAlias = tuple[IdAsked, IdAsked]
T = TypeVar("T")


async def explain_all(
    services: Services, ids: Sequence[str], say: Callable[[str, str], None]
) -> None:
    """Print how long explanations take, one after the other."""
    found = await customers_by_ids(reading(services), ids, Facets(profiles=SEVERAL))
    known = [[profile.id for profile in one.profiles] for one in found if one is not None]
    one = [(IdAsked(each[0]), IdAsked(each[-1])) for each in known if len(each) > 1]
    two = [(IdAsked(a[0]), IdAsked(b[0])) for a, b in pairwise(known)]
    policy = services.policy

    async def explain(pair: Pair) -> None:
        await why(reading(services), policy, *pair)

    async def tell(customer: str) -> None:
        await how(reading(services), policy, customer, STEPS)

    for name, pairs in (("of one customer", one), ("of two customers", two)):
        times = await each_of(explain, pairs)
        say("why", f"two {name}: {told(times)} over {len(times)} (aim: p95 30 ms)")
    times = await each_of(tell, [one.id for one in found if one is not None])
    say("how", f"a customer: {told(times)} over {len(times)}")


def reading(services: Services) -> Reading:
    """Somebody who may read."""
    return Reading(services.graph, DEVELOPER, Deadline.after(60))


async def each_of(work: Callable[[T], Awaitable[None]], asked: Iterable[T]) -> list[float]:
    """Milliseconds of each, without the first ones."""
    times = []
    for one in asked:
        start = time.perf_counter()
        await work(one)
        times.append((time.perf_counter() - start) * 1000)
    return times[WARM_UP:]
