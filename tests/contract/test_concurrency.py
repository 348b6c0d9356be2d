"""Twenty writers in one process and in three, and five readers.

They end as one writer does, and no answer is torn.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from customers.identity.policy import Policy
from cypher import Graph
from tests import pure
from tests.conftest import Clusters, query
from tests.contract.writing import shares, write
from tests.graph_schema.conftest import Ask
from tests.synthetic import stream

SEED, PEOPLE, WRITERS, READERS = 11, 60, 20, 5
ROOT = Path(__file__).parents[2]
PAGE = """query($after: String) { customers(first: 500, after: $after) {
  nodes { id profiles(first: 500) { nodes { id customer { id } } } }
  pageInfo { hasNextPage endCursor } } }"""


async def agree(graph: Graph, clusters: Clusters, policy: Policy) -> None:
    """Nothing doubled, nothing lost, and the clusters of one writer."""
    expected = {
        frozenset(key.partition("|")[2] for key in keys)
        for keys in pure.clusters(stream(PEOPLE, SEED).records, policy)
    }
    assert await clusters() == expected
    for label, key in (("Profile", "key"), ("Identifier", "key"), ("Customer", "id")):
        rows = await query(graph, f"MATCH (n:{label}) RETURN n.{key} AS key")
        assert max(Counter(row["key"] for row in rows).values()) == 1, label
    links = await query(
        graph,
        "MATCH (p:Profile)-[r:HAS_IDENTIFIER]->(i:Identifier) RETURN p.key AS p, i.key AS i",
    )
    assert max(Counter((row["p"], row["i"]) for row in links).values()) == 1
    numbers = await query(graph, "MATCH (x:Change) RETURN x.seq AS seq ORDER BY seq")
    assert [row["seq"] for row in numbers] == list(range(1, len(numbers) + 1))


async def read_until(done: Callable[[], bool], ask: Ask) -> int:
    """Read pages while others write: each profile that was there is in one customer."""
    known: set[str] = set()
    answers = 0
    while not done():
        seen: list[str] = []
        answer = await ask(PAGE)
        for customer in answer.data["customers"]["nodes"]:
            for profile in customer["profiles"]["nodes"]:
                assert profile["customer"]["id"] == customer["id"]
                seen.append(profile["id"])
        assert len(seen) == len(set(seen)), "a profile in two customers of one answer"
        assert known <= set(seen), "a profile that was there is in no customer of this answer"
        known = set(seen)
        answers += 1
        await asyncio.sleep(0.01)
    return answers


async def read_by_several(done: Callable[[], bool], ask: Ask) -> list[int]:
    """How many answers each of the readers had."""
    return await asyncio.gather(*(read_until(done, ask) for _ in range(READERS)))


async def test_twenty_writers_in_one_process_end_as_one_writer_does(
    graph: Graph, clusters: Clusters, policy: Policy, ask: Ask
) -> None:
    writing = asyncio.gather(*(write(graph, share) for share in shares(SEED, PEOPLE, WRITERS)))
    answers = await read_by_several(writing.done, ask)
    await writing
    assert min(answers) > 0
    await agree(graph, clusters, policy)


async def test_twenty_one_writers_in_three_processes_end_as_one_writer_does(
    graph: Graph, clusters: Clusters, policy: Policy, ask: Ask, cli_env: Mapping[str, str]
) -> None:
    arguments: list[Any] = [SEED, PEOPLE]
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.contract.writing",
            *map(str, [*arguments, number, 3, 7]),
            cwd=ROOT,
            env=dict(cli_env),
            stderr=asyncio.subprocess.PIPE,
        )
        for number in range(3)
    ]
    ended = asyncio.gather(*(process.communicate() for process in processes))
    answers = await read_by_several(ended.done, ask)
    for _, stderr in await ended:
        assert stderr == b"", stderr.decode()
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert min(answers) > 0
    await agree(graph, clusters, policy)
