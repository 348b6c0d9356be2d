"""Figures of health on a loaded graph, and customers as they were."""

import time
from collections.abc import Callable, Sequence

from customers.customer import Facets
from customers.identity.health import health
from customers.past import Moment, past_by_ids
from customers.services import Services
from customers.times import now_ms
from tests.benchmark.listing import reading
from tests.benchmark.writing import told

TIMES = 5
SELECTED = frozenset({"profiles", "identifiers", "devices", "periods"})
FACETS = Facets(counts=True, totals=True, selected=SELECTED)


async def look_at(services: Services, ids: Sequence[str], say: Callable[[str, str], None]) -> None:
    """Print how long both take, one after the other."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        await health(reading(services))
        times.append((time.perf_counter() - start) * 1000)
    say("health", f"counted: {told(times)} (aim 2 s)")
    times = []
    as_of = now_ms()
    for one in ids:
        start = time.perf_counter()
        await past_by_ids(reading(services), [Moment(one, as_of)], FACETS, services.policy)
        times.append((time.perf_counter() - start) * 1000)
    say("past", f"a customer as of a time: {told(times)}")
