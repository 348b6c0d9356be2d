"""Measure: how well a policy tells who is one person, by what people said of pairs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from customers.identity.policy import Policy
from customers.identity.policy_preview import decided_by
from customers.labels.label import Label, every_label
from customers.principal import Principal
from customers.reading import Reading
from cypher import Deadline, Graph

READ_S = 60.0
# Wrong pairs of each kind that are shown.
SHOWN = 20


@dataclass(slots=True)
class Measure:
    """Labelled pairs, counted: `joined` and `missed` are the same person, the others are two.

    `wrong` are labels of pairs that were joined and are two, or missed and are one.
    """

    joined: int = 0
    missed: int = 0
    merged: int = 0
    apart: int = 0
    wrong: list[Label] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """The share of the joined pairs that are one person; None where none is joined."""
        return _share(self.joined, self.merged)

    @property
    def recall(self) -> float | None:
        """The share of the pairs of one person that are joined; None where there is none."""
        return _share(self.joined, self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two (van Rijsbergen 1979); None where a pair is missing."""
        whole = 2 * self.joined + self.missed + self.merged
        return 2 * self.joined / whole if whole else None

    def as_json(self) -> dict[str, Any]:
        """The measure in the names of JSON; rows by source and the id there."""
        return {
            "pairs": self.joined + self.missed + self.merged + self.apart,
            "joined": self.joined,
            "missed": self.missed,
            "wronglyJoined": self.merged,
            "apart": self.apart,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "wrong": [pair(one) for one in self.wrong],
        }


def pair(label: Label) -> dict[str, Any]:
    """A label as a file of pairs has it."""
    a, b = ({"source": one.source, "sourceId": one.source_id} for one in label.ends)
    return {"a": a, "b": b, "same": label.same}


def measured(labels: Iterable[Label], linked: Callable[[Label], bool | None]) -> Measure:
    """Count labels; of pairs of which `linked` is None nothing is known, and they do not count."""
    found = Measure()
    shown = {True: 0, False: 0}
    for one in labels:
        if (has := linked(one)) is None:
            continue
        if one.same:
            found.joined += has
            found.missed += not has
        else:
            found.merged += has
            found.apart += not has
        if one.same != has and shown[has] < SHOWN:
            shown[has] += 1
            found.wrong.append(one)
    return found


async def measure(
    graph: Graph,
    principal: Principal,
    policy: Policy | None = None,
    *,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Measure:
    """How the customers in the graph, or those that `policy` would make, agree with the labels.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    principal.check("preview a policy")
    labels = await every_label(Reading(graph, principal, Deadline.after(READ_S)))
    if policy is None:
        return measured(labels, lambda one: one.linked)
    async with decided_by(graph, policy, progress=progress) as copied:
        then: Mapping[int, str] = copied.customers_then(
            {end.number for one in labels for end in one.ends}
        )
    return measured(labels, lambda one: _together(one, then))


def _together(label: Label, then: Mapping[int, str]) -> bool | None:
    a, b = (then.get(one.number) for one in label.ends)
    return None if a is None or b is None else a == b


def _share(right: int, wrong: int) -> float | None:
    return right / (right + wrong) if right + wrong else None
