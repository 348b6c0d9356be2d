"""Which servers are taken."""

from typing import cast

import pytest

from cypher import DatabaseUnavailableError, Deadline, Graph
from cypher.connect import _check_version


class Server:
    """A server that calls itself something; old ones are not to be had for a test."""

    def __init__(self, agent: str) -> None:
        self._agent = agent

    async def server_version(self, deadline: Deadline) -> str:
        return self._agent


async def check(agent: str) -> None:
    await _check_version(cast("Graph", Server(agent)), Deadline.after(1))


@pytest.mark.parametrize("agent", ["Neo4j/4.4.30", "Neo4j/5.20.0", "Neo4j/5.9.0"])
async def test_a_neo4j_that_is_too_old_is_refused_with_what_to_do(agent: str) -> None:
    with pytest.raises(DatabaseUnavailableError) as refused:
        await check(agent)
    assert str(refused.value) == (
        f"{agent} is too old: profile-graph needs Neo4j 5.26 or later. Upgrade it, or "
        "unset NEO4J_URI to use the embedded engine."
    )


@pytest.mark.parametrize("agent", ["Neo4j/5.26.0", "Neo4j/5.26.12", "Neo4j/2026.09.0", "Other/1"])
async def test_a_neo4j_that_is_new_enough_is_taken(agent: str) -> None:
    await check(agent)
