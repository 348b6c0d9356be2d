"""Writing on a loaded graph: one caller, sixteen callers, a large customer, and a large merge."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from customers.ingest.ingest import ingest
from customers.ingest.queue import Rejected
from customers.principal import DEVELOPER
from customers.services import Services
from cypher import Deadline

CALLERS = 16
# So many records come from one caller, the others from sixteen, in parts that are timed alone.
ALONE, PART = 600, 1_200
WRITTEN = ALONE + 9 * PART
LARGE = 1_000
Json = Mapping[str, Any]
Say = Callable[[str, str], None]


async def write_all(services: Services, records: Sequence[Json], run: str, say: Say) -> None:
    """Print what it takes to write `WRITTEN` records in three ways; `run` keeps runs apart."""
    alone = await each(services, records[:ALONE])
    young, warm = alone[: ALONE // 2], alone[ALONE // 2 :]
    say("ingest", f"one caller, {len(young)} records one by one at first: {told(young)}")
    say("ingest", f"one caller, {len(warm)} more, compiled: {told(warm)} (aim: p95 25 ms)")
    parts = [records[at : at + PART] for at in range(ALONE, WRITTEN, PART)]
    first, *_, last = [await by_sixteen(services, part) for part in parts]
    say("ingest", f"{CALLERS} callers, a record each time, the first {PART:,}: {first:,.0f}/s")
    before = WRITTEN - ALONE - PART
    say("ingest", f"{CALLERS} callers, after {before:,}, compiled: {last:,.0f}/s (aim 500)")
    await large_customers(services, run, say)


async def each(services: Services, records: Iterable[Json]) -> list[float]:
    """Milliseconds of each record, one after the other."""
    times = []
    for record in records:
        start = time.perf_counter()
        await send(services, [record])
        times.append((time.perf_counter() - start) * 1000)
    return times


async def by_sixteen(services: Services, records: Sequence[Json]) -> float:
    """Records a second when sixteen callers send one at a time."""
    waiting = iter(records)

    async def caller() -> None:
        for record in waiting:
            await send(services, [record])

    start = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return len(records) / (time.perf_counter() - start)


async def large_customers(services: Services, run: str, say: Say) -> None:
    """Receipts into a customer of a thousand profiles, and a merge of two such customers."""
    for name in ("ann", "bea"):
        await send(services, [receipt(run, name, n) for n in range(LARGE)])
    times = await each(services, (receipt(run, "ann", LARGE + n) for n in range(60)))
    say("large", f"into a customer of {LARGE:,} profiles: {told(times)} (aim: p95 150 ms)")
    both = {"source": "bench", "sourceId": f"{run}-both", "identifiers": [mail(run, "ann")]}
    await send(services, [both])
    both["identifiers"] = [mail(run, "ann"), mail(run, "bea")]
    [took] = await each(services, [both])
    say("merge", f"two customers of {LARGE:,} profiles in {took:.0f} ms")


def receipt(run: str, name: str, number: int) -> dict[str, Any]:
    """A receipt that names a mailbox."""
    return {
        "source": "bench",
        "sourceId": f"{run}-{name}-{number}",
        "identifiers": [mail(run, name)],
        "traits": {"lastName": "Bench"},
    }


def mail(run: str, name: str) -> dict[str, str]:
    """Somebody's mailbox."""
    return {"namespace": "email", "value": f"{name}.{run}@bench.example"}


async def send(services: Services, records: Sequence[Json]) -> None:
    """Ingest as a caller does."""
    outcomes = await ingest(
        services.writer, services.policy, records, DEVELOPER, Deadline.after(60)
    )
    wrong = [one for one in outcomes if isinstance(one, Rejected)]
    if wrong:
        raise RuntimeError(wrong[0].reason)


def told(times: Sequence[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(times)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"p50 {middle:.1f} ms, p95 {late:.1f} ms"
