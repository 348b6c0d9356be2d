"""Graph: runs statements. The only place that holds the driver, its sessions and its errors."""

import asyncio
import fcntl
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import structlog
from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncSession, AsyncTransaction, Query
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConstraintError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    UnsupportedServerProduct,
)

from cypher.deadline import Deadline
from cypher.engine import EngineError
from cypher.errors import DatabaseUnavailableError, DeadlineExceededError, OverloadedError
from cypher.statement import PARCEL, Statement, parcelled
from cypher.watcher import Watcher

T = TypeVar("T")
# A row is what the statement's header says; JSON-like values decoded by the driver.
Row = dict[str, Any]
# Has an engine that ended started again: a driver of the new one, None where it had not ended.
Reopen = Callable[[], Awaitable[AsyncDriver | None]]

FIRST_DELAY_S = 0.010
LONGEST_DELAY_S = 0.640
# A database that refuses connections this long is down, whatever the caller's deadline.
UNREACHABLE_S = 2.0
# A lost race is gone on the next try; the same constraint text this often is a real violation.
SAME_CONSTRAINT_LIMIT = 4
# Neo4j ends the transaction itself; cancelling the task (which closes the connection) comes second.
CANCEL_GRACE_S = 0.5

_log = structlog.get_logger("profile_graph.database")
_tally: ContextVar[list[str] | None] = ContextVar("statement_tally", default=None)


@contextmanager
def tally() -> Iterator[list[str]]:
    """Collect the names of the statements that are sent while this context is open."""
    names: list[str] = []
    token = _tally.set(names)
    try:
        yield names
    finally:
        _tally.reset(token)


@contextmanager
def _watched(name: str, watcher: Watcher) -> Iterator[None]:
    """One statement on its way: counted, and timed to its last row."""
    if (names := _tally.get()) is not None:
        names.append(name)
    start = time.perf_counter()
    try:
        yield
    finally:
        watcher.statement(name, time.perf_counter() - start)


class Transaction:
    """Several statements that commit together; given to the work of :meth:`Graph.transaction`."""

    def __init__(self, transaction: AsyncTransaction, watcher: Watcher, *, embedded: bool) -> None:
        """Wrap an open driver transaction."""
        self._transaction = transaction
        self._embedded = embedded
        self._watcher = watcher

    async def run(self, statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - parameters are JSON-like
        """Run one statement and return its rows."""
        _check(statement, params)
        with _watched(statement.name, self._watcher):
            text, given = sent(statement.text, params, embedded=self._embedded)
            result = await self._transaction.run(text, given)
            keys = result.keys()
            return [dict(zip(keys, values, strict=True)) for values in await result.values()]

    async def define(self, text: str) -> None:
        """Run one part of a schema file."""
        await (await self._transaction.run(text)).consume()


class Graph:
    """Runs statements, with our own retry, a bound on work in flight and deadlines.

    `watcher` is told what is done; `in_flight` of at most `most_in_flight` pieces of work have a
    connection, and so many more are `waiting` for one, or for the writer's turn.
    """

    def __init__(
        self,
        driver: AsyncDriver,
        database: str,
        *,
        writer_lock: Path | None = None,
        reopen: Reopen | None = None,
        in_flight: int = 32,
        waiting: int = 1024,
    ) -> None:
        """Take over `driver`; `writer_lock` makes writers of several processes take turns.

        `reopen` is what helps where the database cannot be reached, if anything does.
        """
        self._driver = driver
        self._database = database
        self._writer_lock = writer_lock
        self._reopen = reopen
        self._reopening: asyncio.Task[bool | None] | None = None
        self.watcher = Watcher()
        self.most_in_flight = in_flight
        self.in_flight = 0
        self.waiting = 0
        self._slots = asyncio.Semaphore(in_flight)
        self._turn = asyncio.Lock()
        self._most_waiting = waiting
        self._committed = asyncio.Event()

    @property
    def committed(self) -> asyncio.Event:
        """Set once the next transaction of this process is committed; then there is a new one."""
        return self._committed

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded engine of a data directory."""
        return self._writer_lock is not None

    async def read(self, statement: Statement, deadline: Deadline, **params: Any) -> list[Row]:  # noqa: ANN401
        """Rows of a read statement.

        Raises:
            DeadlineExceededError, OverloadedError, DatabaseUnavailableError
        """
        if statement.mode != "read":
            raise ValueError(f"{statement.name} is not a read statement")
        _check(statement, params)

        async def attempt() -> list[Row]:
            with _watched(statement.name, self.watcher):
                return await once()

        async def once() -> list[Row]:
            async with self._session(READ_ACCESS) as session:
                text, given = sent(statement.text, params, embedded=self.embedded)
                query = Query(
                    text,
                    metadata={"statement": statement.name},
                    timeout=deadline.remaining(),
                )
                result = await session.run(query, given)
                keys = result.keys()
                return [dict(zip(keys, values, strict=True)) for values in await result.values()]

        return await self._retrying(statement.name, attempt, deadline)

    async def transaction(
        self, name: str, work: Callable[[Transaction], Awaitable[T]], deadline: Deadline
    ) -> T:
        """Run `work` in one write transaction; it is run again, whole, after a lost race.

        Raises:
            DeadlineExceededError, OverloadedError, DatabaseUnavailableError
        """

        async def attempt() -> T:
            async with (
                self._session(WRITE_ACCESS) as session,
                await session.begin_transaction(
                    metadata={"statement": name}, timeout=deadline.remaining()
                ) as transaction,
            ):
                outcome = await work(Transaction(transaction, self.watcher, embedded=self.embedded))
                await transaction.commit()
                committed, self._committed = self._committed, asyncio.Event()
                committed.set()
                return outcome

        # Who waits for the turn takes no place among those that work: readers need it.
        async with self.writer_turn(deadline):
            return await self._retrying(name, attempt, deadline)

    async def write(self, statement: Statement, deadline: Deadline, **params: Any) -> list[Row]:  # noqa: ANN401
        """Rows of one write statement in a transaction of its own."""
        return await self.transaction(
            statement.name, lambda transaction: transaction.run(statement, **params), deadline
        )

    async def define(self, statement: Statement, deadline: Deadline) -> None:
        """Run the parts of a schema file, each in a transaction of its own."""
        for part in statement.parts:

            async def work(transaction: Transaction, text: str = part) -> None:
                await transaction.define(text)

            await self.transaction(statement.name, work, deadline)

    async def server_version(self, deadline: Deadline) -> str:
        """What the server calls itself, such as ``Neo4j/5.26.12``.

        Raises:
            DatabaseUnavailableError: not reachable, or the credentials are refused.
        """

        async def attempt() -> str:
            info = await self._driver.get_server_info()
            return info.agent

        return await self._retrying("server version", attempt, deadline)

    def _session(self, access: str) -> AsyncSession:
        return self._driver.session(database=self._database, default_access_mode=access)

    async def _retrying(
        self, name: str, attempt: Callable[[], Awaitable[T]], deadline: Deadline
    ) -> T:
        delay, constraints = FIRST_DELAY_S, 0
        away_since: float | None = None
        refused: Exception | None = None
        async with self._slot(deadline):
            while True:
                driver = self._driver
                try:
                    async with asyncio.timeout(deadline.remaining() + CANCEL_GRACE_S):
                        return await attempt()
                except TimeoutError:
                    raise DeadlineExceededError("The database did not answer in time.") from None
                except DeadlineExceededError:
                    # It passed while waiting to try again: why that was needed says more.
                    if refused is None:
                        raise
                    raise self._told(name, refused) from refused
                except (Neo4jError, DriverError, OSError) as problem:
                    refused = problem
                    self.watcher.happened("refusal", _code(problem))
                    constraints += isinstance(problem, ConstraintError)
                    if constraints > SAME_CONSTRAINT_LIMIT or not _passing(problem):
                        raise self._told(name, problem) from problem
                    away = isinstance(problem, ServiceUnavailable | OSError)
                    if away and await self._reopened(driver, deadline):
                        continue
                    away_since = (away_since or time.monotonic()) if away else None
                    if away_since and time.monotonic() - away_since > UNREACHABLE_S:
                        raise self._told(name, problem) from problem
                    pause = delay * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, no secret
                    if time.monotonic() + pause > deadline.at:
                        raise self._told(name, problem) from problem
                await asyncio.sleep(pause)
                delay = min(delay * 2, LONGEST_DELAY_S)

    def _told(self, name: str, problem: Exception) -> Exception:
        """What the caller is told; an operator finds the database's own code in the log."""
        told = _translated(problem, embedded=self.embedded)
        if told is not problem:
            _log.warning("refused by the database", work=name, code=_code(problem))
        return told

    async def _reopened(self, failed: AsyncDriver, deadline: Deadline) -> bool:
        """Whether there is another database by now than the one that `failed`.

        Raises:
            DatabaseUnavailableError
        """
        if self._reopen is None:
            return False
        if self._driver is not failed:
            return True
        if self._reopening is None or self._reopening.done():
            self._reopening = asyncio.create_task(self._replace(self._reopen), name="reopen")
        try:
            async with asyncio.timeout(deadline.remaining()):
                # Others wait for it too, and it goes on when this caller has gone.
                reopened = await asyncio.shield(self._reopening)
        except (TimeoutError, DeadlineExceededError):
            raise DatabaseUnavailableError(ENGINE_STARTS) from None
        if reopened is None:
            raise DatabaseUnavailableError(ENGINE_LOST)
        return reopened

    async def _replace(self, reopen: Reopen) -> bool | None:
        """Whether the database is another one now; None where it ended and does not start."""
        start = time.perf_counter()
        try:
            driver = await reopen()
        except EngineError as problem:
            _log.error("engine ended, and does not start", reason=str(problem))
            return None
        if driver is None:
            return False
        self._driver = driver
        took = time.perf_counter() - start
        _log.warning("engine had ended, and was started again", seconds=round(took, 1))
        return True

    @asynccontextmanager
    async def _slot(self, deadline: Deadline) -> AsyncIterator[None]:
        try:
            async with self._waits(deadline, at_once=not self._slots.locked()):
                await self._slots.acquire()
        except TimeoutError:
            raise OverloadedError("No database connection became free in time.") from None
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1
            self._slots.release()

    @asynccontextmanager
    async def writer_turn(self, deadline: Deadline) -> AsyncIterator[None]:
        """Hold the writer's file lock, where the engine needs one: nobody writes meanwhile.

        The embedded engine refuses the loser of two writers at commit, after all its work;
        Neo4j makes them queue on the change counter and needs no file.

        Raises:
            DeadlineExceededError, OverloadedError
        """
        if self._writer_lock is None:
            yield
            return
        async with AsyncExitStack() as turn:
            try:
                async with self._waits(deadline, at_once=not self._turn.locked()):
                    # In the order of asking within a process; a file lock knows none.
                    await turn.enter_async_context(self._turn)
                    flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
                    handle = os.open(self._writer_lock, flags, 0o600)
                    turn.callback(os.close, handle)
                    while not _locked(handle):  # noqa: ASYNC110 - by other processes
                        await asyncio.sleep(random.uniform(0.001, 0.005))  # noqa: S311 - jitter
            except TimeoutError:
                raise DeadlineExceededError("Others wrote until the deadline passed.") from None
            yield

    @asynccontextmanager
    async def _waits(self, deadline: Deadline, *, at_once: bool) -> AsyncIterator[None]:
        """One more that waits, for a place or for the turn; only so many may.

        Raises:
            TimeoutError: the deadline passed.
            DeadlineExceededError, OverloadedError
        """
        if not at_once and self.waiting >= self._most_waiting:
            raise OverloadedError("Too many requests are waiting for the database; try again.")
        self.waiting += 1
        try:
            async with asyncio.timeout(deadline.remaining()):
                yield
        finally:
            self.waiting -= 1


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _check(statement: Statement, params: Row) -> None:
    if params.keys() != statement.params:
        wrong = sorted(params.keys() ^ statement.params)
        raise ValueError(f"{statement.name}: missing or unknown parameters {wrong}")


# The driver writes all parameters out for its debug log, whether anybody reads that or not: 6 % of
# the time that an import takes this process. These say how much they hold and not what.


class _Rows(list[Any]):
    def __repr__(self) -> str:
        return f"<{len(self)} entries>"


class _Parcel(dict[str, Any]):
    def __repr__(self) -> str:
        return f"<{len(self)} parameters>"


def sent(text: str, params: Row, *, embedded: bool) -> tuple[str, Row]:
    """A statement and its parameters as the engine gets them."""
    if not embedded:
        return parcelled(text), {PARCEL: _Parcel(params)}
    return text, {
        name: _Rows(value) if isinstance(value, list) else value for name, value in params.items()
    }


def _passing(problem: Exception) -> bool:
    """Whether the same work may succeed when tried again."""
    if isinstance(problem, AuthError):
        return False
    if isinstance(problem, ConstraintError | OSError):
        return True
    # ServiceUnavailable covers a connection that broke: our writes are idempotent, so even a commit
    # whose answer was lost is repeated safely.
    return isinstance(problem, Neo4jError | DriverError) and problem.is_retryable()


def _code(problem: Exception) -> str:
    """The database's own code of what went wrong, else the name of the driver's error."""
    return getattr(problem, "code", None) or type(problem).__name__


UNREACHABLE = "The database cannot be reached: is it running, and is NEO4J_URI right?"
ENGINE_AWAY = "The embedded engine does not answer; try again shortly."
ENGINE_STARTS = "The embedded engine had ended and is being started again; try again shortly."
ENGINE_LOST = "The embedded engine has ended and does not start again; the server's log says why."
# What keeps a database from being used at all, and what to do about it.
_UNAVAILABLE: tuple[tuple[type[Exception], str], ...] = (
    (
        AuthError,
        "The database refuses the user name or the password: check NEO4J_USER and NEO4J_PASSWORD.",
    ),
    (
        UnsupportedServerProduct,
        (
            "What answers there is no Neo4j that profile-graph can talk to: check NEO4J_URI, which "
            "must lead to the Bolt port of a Neo4j 5.26 or later."
        ),
    ),
    (ServiceUnavailable, UNREACHABLE),
    (OSError, UNREACHABLE),
)


def _translated(problem: Exception, *, embedded: bool) -> Exception:
    if embedded and isinstance(problem, ServiceUnavailable | OSError):
        return DatabaseUnavailableError(ENGINE_AWAY)
    for kind, text in _UNAVAILABLE:
        if isinstance(problem, kind):
            return DatabaseUnavailableError(text)
    code = getattr(problem, "code", None) or ""
    if "TransactionTimedOut" in code or "Terminated" in code:
        return DeadlineExceededError("The database did not answer in time.")
    if isinstance(problem, ClientError) and "DatabaseNotFound" in code:
        return DatabaseUnavailableError(
            "The database name does not exist on this server: check NEO4J_DATABASE."
        )
    if isinstance(problem, Neo4jError) and problem.is_retryable():
        return OverloadedError("The database was too busy; try again.")
    return problem
