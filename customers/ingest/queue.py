"""Writer queue: requests that wait are joined into batches, one transaction each."""

import asyncio
import traceback
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import structlog

from customers.identity.policy_in_force import PolicyInForce
from customers.ingest.lookout import Lookout
from customers.ingest.prepare import Prepared
from customers.ingest.writer import Written, write_batch
from customers.principal import Principal
from cypher import (
    DatabaseUnavailableError,
    Deadline,
    DeadlineExceededError,
    Graph,
    OverloadedError,
    ProfileGraphError,
)

LIVE_BATCH_ROWS = 1_000
# Nobody waits for a bulk row, so its batches may take longer for the sake of fewer transactions.
BULK_BATCH_ROWS = 2_500
# Ten seconds of writing at a slow 2,000 rows/s: whoever comes later would wait in vain.
MOST_WAITING_ROWS = 20_000
TRANSACTION_S = 60.0
POISON_RECORD = "POISON_RECORD"

_log = structlog.get_logger("profile_graph.ingest")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that did not go in; `reason` is for its sender, `code` is stable."""

    reason: str
    code: str


Outcome = Written | Rejected


@dataclass(slots=True, eq=False)
class _Request:
    """Records of one caller, which go into one batch."""

    records: Sequence[Prepared]
    principal: Principal
    done: asyncio.Future[list[Outcome]]
    taken: bool = False


@dataclass(slots=True, eq=False)
class _Joined:
    """Requests of one author that go into one batch, and all their records."""

    requests: list[_Request]
    records: list[Prepared] = field(init=False)

    def __post_init__(self) -> None:
        self.records = [record for one in self.requests for record in one.records]


class _Lane:
    """Requests that wait. A batch has one author, whom the change log names; authors take turns."""

    def __init__(self, batch_rows: int) -> None:
        self.batch_rows = batch_rows
        self.rows = 0
        self.room = asyncio.Event()
        self._requests: OrderedDict[Principal, deque[_Request]] = OrderedDict()

    def holds(self, rows: int) -> bool:
        """Whether as many rows more may wait; a single request always may."""
        return self.rows == 0 or self.rows + rows <= MOST_WAITING_ROWS

    def put(self, request: _Request) -> None:
        self._requests.setdefault(request.principal, deque()).append(request)
        self.rows += len(request.records)

    def leave(self, request: _Request) -> None:
        """The caller has gone: its rows no longer count, and `take` will skip it."""
        if not request.taken:
            self._release(request)
            request.records = ()

    def take(self) -> list[_Request]:
        """The next batch: the oldest requests of the author whose turn it is."""
        while self._requests:
            principal, waiting = self._requests.popitem(last=False)
            batch = list(self._first(waiting))
            if waiting:
                self._requests[principal] = waiting
            if batch:
                return batch
        return []

    def _first(self, waiting: deque[_Request]) -> Iterator[_Request]:
        rows = 0
        while waiting and rows + len(waiting[0].records) <= self.batch_rows:
            request = waiting.popleft()
            if not request.taken:
                self._release(request)
                rows += len(request.records)
                yield request

    def _release(self, request: _Request) -> None:
        request.taken = True
        self.rows -= len(request.records)
        self.room.set()


class Writer:
    """The one writer of a process, used as an async context manager.

    Parallel writers are slower than one on either engine, and a row in a transaction of its own
    costs ten times and more what it costs in a batch.
    """

    def __init__(
        self, graph: Graph, policies: PolicyInForce, *, transaction_s: float = TRANSACTION_S
    ) -> None:
        """Write to `graph`; `transaction_s` is the longest that a batch may take."""
        self._graph, self._policies = graph, policies
        self._transaction_s = transaction_s
        self._live, self._bulk = _Lane(LIVE_BATCH_ROWS), _Lane(BULK_BATCH_ROWS)
        self._next: _Joined | None = None
        self._lookout = Lookout(self._following)
        self._work = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        self._work.set()
        if self._task is not None:
            await self._task

    @property
    def waiting(self) -> dict[str, int]:
        """Rows that wait, by lane."""
        return {"live": self._live.rows, "bulk": self._bulk.rows}

    def tell(self, outcomes: Iterable[Outcome]) -> None:
        """Tell the watcher what became of records, also of those that never came here."""
        for one in outcomes:
            if isinstance(one, Rejected):
                self._graph.watcher.happened("rejected", one.code)
                continue
            self._graph.watcher.happened("record", "known" if one.known else "written")
            for part in one.refused:
                # Without what follows: the name of a trait is the sender's own.
                self._graph.watcher.happened("refused", part.what.partition(" ")[0])

    async def submit(
        self,
        records: Sequence[Prepared],
        principal: Principal,
        deadline: Deadline,
        *,
        bulk: bool = False,
    ) -> list[Outcome]:
        """Write `records`, together with those of others that wait; outcomes in their order.

        A `bulk` submitter waits for room, and lets those pass who are not.

        Raises:
            OverloadedError: too much is waiting already, or the writer is closing.
            DeadlineExceededError: what was not begun by then is not written.
            DatabaseUnavailableError
        """
        if not records:
            return []
        lane = self._bulk if bulk else self._live
        if len(records) > lane.batch_rows:
            raise ValueError(f"{len(records)} records at once; a batch has {lane.batch_rows}")
        try:
            async with asyncio.timeout(deadline.remaining()):
                if bulk:
                    await self._room(lane, len(records))
                outcomes = await self._waited(records, principal, lane)
                self.tell(outcomes)
                return outcomes
        except TimeoutError:
            raise DeadlineExceededError(
                "The deadline passed before the records were written; sending them again is safe."
            ) from None

    async def _room(self, lane: _Lane, rows: int) -> None:
        while not lane.holds(rows):
            lane.room.clear()
            await lane.room.wait()

    async def _waited(
        self, records: Sequence[Prepared], principal: Principal, lane: _Lane
    ) -> list[Outcome]:
        if self._closing or self._task is None or self._task.done():
            raise OverloadedError("The server is stopping; try again.")
        if not lane.holds(len(records)):
            raise OverloadedError("Too many records are waiting to be written; try again.")
        request = _Request(records, principal, asyncio.get_running_loop().create_future())
        lane.put(request)
        self._work.set()
        try:
            return await request.done
        finally:
            lane.leave(request)

    async def _run(self) -> None:
        while True:
            self._work.clear()
            while batch := self._take():
                await self._settle(batch)
            if self._closing:
                self._lookout.stop()
                return
            await self._work.wait()

    def _take(self) -> _Joined | None:
        batch, self._next = self._next or self._joined(), None
        return batch

    def _following(self) -> Sequence[Prepared]:
        """The records of the batch that comes next, to which nothing is joined from now on."""
        self._next = self._next or self._joined()
        return self._next.records if self._next else ()

    def _joined(self) -> _Joined | None:
        requests = self._live.take() or self._bulk.take()
        return _Joined(requests) if requests else None

    async def _settle(self, batch: _Joined) -> None:
        """Write a batch and tell each of its callers what became of it."""
        principal = batch.requests[0].principal
        try:
            outcomes = iter(await self._written(batch.records, principal, self._lookout))
        except DatabaseUnavailableError as problem:
            # The next batch would only find out the same, much later.
            _fail([*batch.requests, *self._everybody()], problem)
        except ProfileGraphError as problem:
            _fail(batch.requests, problem)
        else:
            for request in batch.requests:
                answer = [next(outcomes) for _ in request.records]
                if not request.done.done():
                    request.done.set_result(answer)

    async def _written(
        self, records: Sequence[Prepared], principal: Principal, lookout: Lookout | None = None
    ) -> list[Outcome]:
        """Write in one transaction, or in halves until what the database refuses stands alone.

        What is tried again does not look for the batch that comes next, which may be what it
        refuses.
        """
        deadline = Deadline.after(self._transaction_s)
        try:
            return [
                *await write_batch(
                    self._graph, records, self._policies, principal, deadline, lookout=lookout
                )
            ]
        except ProfileGraphError:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever one row raises must not stop the others
            if len(records) == 1 and lookout is None:
                return [_poison(records[0], problem)]
        if len(records) == 1:
            # It may have been the batch that comes next.
            return await self._written(records, principal)
        half = len(records) // 2
        first = await self._written(records[:half], principal)
        return first + await self._written(records[half:], principal)

    def _everybody(self) -> Iterator[_Request]:
        while batch := self._take():
            yield from batch.requests


def _fail(requests: Iterable[_Request], problem: ProfileGraphError) -> None:
    for request in requests:
        if not request.done.done():
            # One each: an exception collects the traceback of everybody who raises it.
            own = type(problem)(*problem.args)
            own.__cause__ = problem.__cause__
            request.done.set_exception(own)


def _poison(record: Prepared, problem: Exception) -> Rejected:
    """What becomes of a record that cannot be written; nothing here shows its values."""
    kind = getattr(problem, "code", None) or type(problem).__name__
    place = traceback.extract_tb(problem.__traceback__)[-1]
    _log.error(
        "poison record",
        source=record.source,
        digest=f"{record.digest:016x}",
        error=kind,
        where=f"{place.filename}:{place.lineno}",
    )
    return Rejected(f"the database refuses this record ({kind}); the others went in", POISON_RECORD)
