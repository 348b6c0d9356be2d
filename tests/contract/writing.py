"""A process that writes its share of the records: `python -m tests.contract.writing`.

Arguments: seed, people, the number of this process, of how many, tasks in it. The database is
the environment's. Each task writes chunks of its own without the queue, so that transactions race.
"""

import asyncio
import random
import sys
from collections.abc import Sequence
from typing import Any

from customers.identity.policy_document import default_policy
from customers.identity.policy_in_force import PolicyInForce
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from customers.ingest.writer import write_batch
from customers.principal import DEVELOPER
from customers.times import now_ms
from cypher import Deadline, Graph, connect
from server.settings import Settings
from tests.synthetic import stream

WAIT_S = 300.0
CHUNK = 9


def shares(seed: int, people: int, writers: int) -> list[list[dict[str, Any]]]:
    """The stream dealt to `writers` in a random order, every record to two of them."""
    records = stream(people, seed).records
    dealt: list[list[dict[str, Any]]] = [[] for _ in range(writers)]
    order = random.Random(seed)
    for n, record in enumerate(order.sample(records, len(records))):
        dealt[n % writers].append(record)
        dealt[(n * 7 + 3) % writers].append(record)
    return dealt


async def write(graph: Graph, records: Sequence[dict[str, Any]]) -> None:
    """Write records in chunks."""
    policy = default_policy()
    policies = PolicyInForce(policy, 0, "")
    for start in range(0, len(records), CHUNK):
        prepared = [
            prepare(Record.model_validate(raw), policy, now_ms())
            for raw in records[start : start + CHUNK]
        ]
        await write_batch(graph, prepared, policies, DEVELOPER, Deadline.after(WAIT_S))


async def main(seed: int, people: int, process: int, processes: int, tasks: int) -> None:
    """Write this process's shares."""
    dealt = shares(seed, people, processes * tasks)
    async with connect(Settings.from_environment().connection()) as graph:
        mine = dealt[process * tasks : (process + 1) * tasks]
        await asyncio.gather(*(write(graph, share) for share in mine))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
