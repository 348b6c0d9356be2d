"""Lookout: the next batch, begun before its turn, so that neither side waits for the other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from customers.identity.policy import Policy
from customers.ingest.prepare import Prepared
from customers.ingest.state import Applied, BatchState
from cypher import Row


@dataclass(frozen=True, slots=True)
class Begun:
    """A batch applied to what was found, and the keys that the graph was not asked for yet."""

    state: BatchState
    applied: list[Applied]
    unknown: set[str]


class Lookout:
    """The batch that comes next, begun while the one before it is committed.

    What it touches is read in the transaction of the one before, after all that this one writes. It
    holds unless another writer has a turn in between, or another policy comes in force.
    """

    def __init__(self, following: Callable[[], Sequence[Prepared]] = lambda: ()) -> None:
        """Ask `following` for the records that come next; none where nothing waits."""
        self.following = following
        self._records: Sequence[Prepared] = ()
        self._turn: int | None = None
        self._policy: Policy | None = None
        self._work: asyncio.Task[Begun] | None = None

    def begin(
        self, records: Sequence[Prepared], turn: Row, policy: Policy, work: Callable[[], Begun]
    ) -> None:
        """Begin with `records`, as soon as who calls waits for something."""

        async def later() -> Begun:
            return work()

        self.stop()
        self._records, self._turn, self._policy = records, turn["turn"], policy
        self._work = asyncio.create_task(later())

    def has(self, records: Sequence[Prepared]) -> bool:
        """Whether these very records were begun with, whatever became of the turn since."""
        return self._work is not None and self._records is records

    async def begun(self, records: Sequence[Prepared], turn: Row, policy: Policy) -> Begun | None:
        """What was begun with these very records, if it holds; once, for a batch changes it."""
        work, self._work = self._work, None
        if work is None:
            return None
        if self._records is records and self._turn == turn["before"] and self._policy is policy:
            return await work
        _forget(work)
        return None

    def stop(self) -> None:
        """Nobody will ask for what was begun."""
        if self._work is not None:
            _forget(self._work)
            self._work = None


def _forget(work: asyncio.Task[Begun]) -> None:
    if not work.cancel() and not work.cancelled():
        # Asked for, so that asyncio does not report an error that nobody waits for.
        work.exception()
