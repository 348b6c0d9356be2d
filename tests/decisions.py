"""Decisions on rows of source ``s``, and what is exported then."""

from customers.decisions.asked import Asked, Block, Merge, ProfileRef, Split, Withdraw
from customers.decisions.decide import Outcome, decide
from customers.decisions.preview import Preview, preview
from customers.export import export_customers
from customers.identity.policy import Policy
from customers.principal import DEVELOPER, Principal
from customers.reading import Reading
from cypher import Graph
from tests.conftest import Json, in_force, soon

WHY = "they said so"


def refs(names: str) -> list[ProfileRef]:
    """``"ab"``: the rows a and b."""
    return [ProfileRef.of("s", name, None) for name in names]


def merge(names: str) -> Merge:
    """They are one."""
    return Merge(refs(names))


def split(names: str) -> Split:
    """They are not who the others of their customer are."""
    return Split(refs(names))


def block(key: str) -> Block:
    """It links nobody."""
    return Block(key)


def withdraw(outcome: Outcome) -> Withdraw:
    """It holds no longer."""
    assert outcome.decision is not None
    return Withdraw(outcome.decision)


async def decided(
    graph: Graph, asked: Asked, policy: Policy, principal: Principal = DEVELOPER
) -> Outcome:
    """Decide, whatever comes of it."""
    return await decide(graph, in_force(policy), asked, WHY, principal, soon())


async def previewed(graph: Graph, policy: Policy, *asked: Asked) -> Preview:
    """What they would do."""
    return await preview(Reading(graph, DEVELOPER, soon()), policy, asked)


async def exported(graph: Graph) -> list[Json]:
    """Every customer, as the export has them."""
    return [one async for one in export_customers(Reading(graph, DEVELOPER, soon()))]
