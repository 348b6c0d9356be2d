"""What the audit of reads costs a 360: turn by turn with it and without, in one process."""

import time
from collections.abc import Callable, Sequence
from copy import copy

from customers.audit.queue import AuditQueue
from customers.audit.verify import head_of
from customers.principal import DEVELOPER
from customers.services import Services
from graph_schema.operations import Asked, Operations
from tests.benchmark.quantiles import quantiles

WARM_UP = 60
Say = Callable[[str, str], None]


class _Deaf(AuditQueue):
    """Notes nothing."""

    def read(self, *_: object) -> None:
        """Note nothing."""


async def audit_all(services: Services, view: str, ids: Sequence[str], say: Say) -> None:
    """Print what a 360 takes with its entry and without, and that every one has its entry."""
    bare = copy(services)
    object.__setattr__(bare, "audit", _Deaf(services.graph))
    ways = [
        (Operations(lambda: services, 60), list[float]()),
        (Operations(lambda: bare, 60), list[float]()),
    ]
    before = (await head_of(services.graph)).seq
    for n, customer in enumerate([*ids[:WARM_UP], *ids]):
        for operations, times in ways if n % 2 else ways[::-1]:
            start = time.perf_counter()
            result = await operations.answer(Asked(view, {"id": customer}), DEVELOPER)
            took = (time.perf_counter() - start) * 1000
            if result.errors:
                raise RuntimeError(result.errors)
            if n >= WARM_UP:
                times.append(took)
    await services.audit.close()
    (middle, late), (bare_middle, bare_late) = (quantiles(times) for _, times in ways)
    written = (await head_of(services.graph)).seq - before
    say("audit", f"360 with its entry: p50 {middle:.1f} ms, p95 {late:.1f} ms")
    say("audit", f"360 without: p50 {bare_middle:.1f} ms, p95 {bare_late:.1f} ms")
    say(
        "audit",
        f"with to without: p50 x{middle / bare_middle:.2f}, p95 x{late / bare_late:.2f} "
        f"(aim 1.1), {written:,} entries for {WARM_UP + len(ids):,} reads",
    )
