"""The background: what is resolved without a record leading to it, while a server runs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from customers.identity.everything import PENDING, resolve_everything, resolve_waiting
from customers.identity.policy_in_force import policy_in_force
from customers.principal import Principal
from customers.services import Services
from customers.stats.renew import renew_if_due
from cypher import Deadline, ProfileGraphError

# How often it is looked for work; whoever waits has an answer meanwhile, only not the last word.
EVERY_S = 10.0
ASK_S = 10.0
# How often it is looked whether quintiles are there and hold; a new graph has none for so long.
# Where there are too few buyers for any, looking takes a hundredth of the time at most.
LOOK_EVERY_S, LOOK_PAUSE = 60.0, 100
BACKGROUND = Principal("background")

_log = structlog.get_logger("profile_graph.background")


@asynccontextmanager
async def background(services: Services, every_s: float = EVERY_S) -> AsyncIterator[None]:
    """Resolve all after a change of policy, and components above the limit, until closed."""
    task = asyncio.create_task(_run(services, every_s), name="background")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _run(services: Services, every_s: float) -> None:
    look_at = 0.0
    while True:
        try:
            await _work(services)
            if (start := time.monotonic()) >= look_at:
                look_at = start + LOOK_EVERY_S
                await renew_if_due(services.graph, BACKGROUND)
                look_at = start + max(LOOK_EVERY_S, LOOK_PAUSE * (time.monotonic() - start))
        except ProfileGraphError as problem:
            # The database may be back the next time.
            _log.warning("background", error=problem.code)
        except Exception:  # noqa: BLE001 - whatever it is, the next round is another try
            _log.exception("background")
        await asyncio.sleep(every_s)


async def _work(services: Services) -> None:
    row = await policy_in_force(services.graph, Deadline.after(ASK_S))
    if row is not None:
        # Also where another process resolves by it, and this one only reads.
        services.policies.take_up(row)
    if row is not None and row["resolvedAt"] is None:
        _log.info("resolving everything", policy=row["version"])
        report = await resolve_everything(
            services.graph, services.policies, BACKGROUND, progress=_told
        )
        _log.info("resolved everything", customers=report.customers, moved=report.moved)
    elif await services.graph.read(PENDING, Deadline.after(ASK_S), most=1):
        report = await resolve_waiting(services.graph, services.policies, BACKGROUND)
        _log.info("resolved what waited", customers=len(report.waited), moved=report.moved)


def _told(done: int, steps: int) -> None:
    _log.info("resolving", done=done, steps=steps)
