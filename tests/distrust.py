"""A policy in force by which a source is not trusted, as one that has a write key must be."""

from customers.identity.policy_document import default_text
from customers.identity.policy_in_force import put_in_force
from customers.principal import DEVELOPER
from cypher import Graph
from tests.conftest import soon


def distrusting(*sources: str) -> str:
    """The default policy, but for sources that anybody may write as."""
    return default_text() + "".join(f"\n[sources.{one}]\ntrusted = false\n" for one in sources)


async def distrust(graph: Graph, *sources: str) -> None:
    """Put that into force."""
    await put_in_force(graph, distrusting(*sources), "file", DEVELOPER, soon())
