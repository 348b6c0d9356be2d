"""Decisions on a loaded graph: previews of two customers as one, splits of a large customer."""

import random
import time
from collections.abc import Callable, Sequence

from customers.decisions.asked import Asked, Merge, ProfileRef, Split, Withdraw
from customers.decisions.decide import Outcome, decide
from customers.decisions.preview import preview
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services
from cypher import Deadline
from tests.benchmark.writing import LARGE, receipt, send, told

PREVIEWS, SPLITS, SEED = 200, 20, 3
WHY = "benchmark"


async def decide_all(
    services: Services, ids: Sequence[str], run: str, say: Callable[[str, str], None]
) -> None:
    """Print what previews and splits take; `ids` are customers, `run` keeps runs from meeting."""
    previews = await each_preview(services, ids)
    say("preview", f"a merge of two customers: {told(previews)} (aim: p95 60 ms)")
    await send(services, [receipt(run, "cleo", n) for n in range(LARGE)])
    splits = []
    for number in range(SPLITS):
        row = ProfileRef.of("bench", f"{run}-cleo-{number}", None)
        start = time.perf_counter()
        made = await decided(services, Split([row]))
        splits.append((time.perf_counter() - start) * 1000)
        if made.decision is None:
            raise RuntimeError(made.refused[0].message)
        await decided(services, Withdraw(made.decision))
    say("split", f"of a customer of {LARGE:,} profiles: {told(splits)} (aim: p95 200 ms)")


async def each_preview(services: Services, ids: Sequence[str]) -> list[float]:
    """Milliseconds of each preview of two customers as one."""
    choose, times = random.Random(SEED), []
    for _ in range(PREVIEWS):
        pair = [ProfileRef(born=one) for one in choose.sample(ids, 2)]
        reading = Reading(services.graph, DEVELOPER, Deadline.after(60))
        start = time.perf_counter()
        await preview(reading, services.policy, [Merge(pair)])
        times.append((time.perf_counter() - start) * 1000)
    return times


async def decided(services: Services, asked: Asked) -> Outcome:
    """Decide as a caller does."""
    return await decide(
        services.graph, services.policies, asked, WHY, DEVELOPER, Deadline.after(60)
    )
