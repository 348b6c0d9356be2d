"""A proposer of made-up scores: by the rows of source ``s`` that its pairs are about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from customers.identity.policy import Policy
from customers.identity.proposed import Fate, Known, Scored, digest
from customers.matches.propose import propose
from customers.principal import DEVELOPER, Principal
from cypher import Graph
from tests.conftest import in_force
from tests.rows import customers


@dataclass
class MadeUp:
    """Scores pairs of customers as it is told, whatever is known of them."""

    bits: Mapping[tuple[str, str], float]
    name: str = "made-up 1.0"
    known: dict[str, Known] = field(default_factory=dict)

    def add(self, customers: Iterable[tuple[str, Known]]) -> None:
        self.known.update(customers)

    def scored(self, threshold: float) -> Iterator[Scored]:
        """All pairs, the threshold is heeded by who made them up."""
        for (one, other), score in sorted(self.bits.items(), key=lambda item: -item[1]):
            digests = [digest(self.known[customer]) for customer in (one, other)]
            yield Scored(one, other, score, *digests)


async def proposed(
    graph: Graph,
    policy: Policy,
    *pairs: str,
    most: int = 10,
    who: Principal = DEVELOPER,
) -> dict[str, int]:
    """Propose pairs of rows, ``"ab"``, the first with the most bits; what became of how many."""
    of = await customers(graph)
    bits = {(of[two[0]], of[two[1]]): float(20 - place) for place, two in enumerate(pairs)}
    found = await propose(graph, in_force(policy), who, MadeUp(bits), 0.9, most)
    return {fate.value: found.fates[fate] for fate in Fate if found.fates[fate]}
