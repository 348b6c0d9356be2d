"""Attaching to the engine of a data directory, and starting it when nobody has yet."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cypher.engine import locks
from cypher.engine.data_dir import Address, DataDir
from cypher.engine.errors import EngineError
from cypher.engine.memory import default_heap_mb

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class _Options:
    heap_mb: int
    command_timeout_ms: int
    start_timeout_s: float


def attach(
    data_dir: Path,
    *,
    heap_mb: int | None = None,
    command_timeout_ms: int = 30_000,
    start_timeout_s: float = 60,
) -> "Attachment":
    """The engine of `data_dir`, kept alive until the attachment is closed. Blocks while it starts.

    `heap_mb` (a share of the machine's memory where it is None) and `command_timeout_ms` (a
    statement's longest time) are those of whoever starts it.

    Raises:
        EngineError: it cannot be started or reached; the text says what to do.
    """
    home = DataDir(data_dir.absolute())
    with _explained(home):
        home.create()
        users = locks.open_lock(home.users_lock)
    options = _Options(heap_mb or default_heap_mb(), command_timeout_ms, start_timeout_s)
    attachment = Attachment(home, users, options)
    try:
        attachment.restart()
    except BaseException:
        attachment.close()
        raise
    return attachment


class Attachment:
    """One user of the engine: as long as one is open, the engine runs."""

    def __init__(self, home: DataDir, users: int, options: _Options) -> None:
        self._home = home
        self._users: int | None = users
        self._options = options
        self._address: Address | None = None

    @property
    def address(self) -> Address:
        """Where the engine listens; changes with `restart` only."""
        if self._address is None:
            raise EngineError(f"Nobody is attached to the engine of {self._home.path}.")
        return self._address

    @property
    def writer_lock(self) -> Path:
        """The lock file by which writers of several processes take turns."""
        return self._home.writer_lock

    def restart(self) -> Address:
        """The engine's address, after it was started again if it had died; harmless otherwise."""
        if self._users is None:
            raise EngineError(f"The attachment to the engine of {self._home.path} is closed.")
        deadline = time.monotonic() + self._options.start_timeout_s
        with _explained(self._home):
            # Before the address is read: an engine that stops keeps this lock until it has ended.
            if not locks.wait_for(self._users, deadline, shared=True):
                raise _late(self._home, "is still stopping", self._options)
            self._address = _find_or_start(self._home, self._options, deadline)
        return self._address

    def close(self) -> None:
        """Leave the engine, which stops when nobody else uses it."""
        users, self._users, self._address = self._users, None, None
        if users is not None:
            os.close(users)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _explained(home: DataDir) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError):
        raise EngineError(
            f"{home.path} is not a directory, and the embedded engine needs one: "
            "name another in PROFILE_GRAPH_DATA_DIR."
        ) from None
    except OSError as problem:
        raise EngineError(
            f"The data directory {home.path} cannot be used ({problem.strerror}): make it writable "
            "for this user or name another in PROFILE_GRAPH_DATA_DIR."
        ) from problem


def _find_or_start(home: DataDir, options: _Options, deadline: float) -> Address:
    with locks.opened(home.start_lock) as start:
        if not locks.wait_for(start, deadline):
            raise _late(home, "is still being started by another process", options)
        while True:
            with locks.opened(home.engine_lock) as engine:
                if locks.take(engine):  # so none runs, and an address would be that of a dead one
                    return _start(home, options, engine, deadline)
            # Its starter may have been killed: then the address is still to come.
            if address := home.read_address():
                return address
            if time.monotonic() >= deadline:
                raise _late(home, "has not come up", options)
            time.sleep(locks.POLL_S)


def _start(home: DataDir, options: _Options, engine: int, deadline: float) -> Address:
    home.remove_address()
    home.ensure_password()
    reader, writer = os.pipe()
    try:
        try:
            _spawn(home, options, engine, writer)
        finally:
            os.close(writer)
        line = _read_line(reader, deadline)
    finally:
        os.close(reader)
    # On a time-out the process goes on (it may be repairing a large database), finds itself
    # without users and ends; so the next try is quicker, and nothing was killed halfway.
    if line is None:
        raise _late(home, "has not come up", options)
    outcome = json.loads(line) if line else {"error": _last_words(home)}
    if "error" in outcome:
        raise EngineError(outcome["error"])
    address = home.read_address()
    if address is None:
        raise EngineError(f"The engine of {home.path} was stopped as soon as it had started.")
    return address


def _spawn(home: DataDir, options: _Options, engine: int, report: int) -> None:
    log = os.open(home.log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_APPEND, 0o600)
    command = [
        *(sys.executable, "-m", "cypher.engine.process", str(home.path)),
        *("--heap-mb", str(options.heap_mb)),
        *("--command-timeout-ms", str(options.command_timeout_ms)),
        *("--lock", str(engine)),
        *("--report", str(report)),
    ]
    try:
        # Returns at once: the engine forks and is nobody's child, so it never becomes a zombie.
        # It inherits the lock itself, so there is no moment at which nobody holds it.
        subprocess.run(
            command,
            check=False,
            cwd=PROJECT,
            pass_fds=(engine, report),
            start_new_session=True,  # out of reach of the terminal's Ctrl-C
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    finally:
        os.close(log)


def _read_line(reader: int, deadline: float) -> str | None:
    """What the engine reports; empty when it ended without a word, none when it is late."""
    text = b""
    while not text.endswith(b"\n"):
        if not select.select([reader], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return None
        piece = os.read(reader, 4096)
        if not piece:
            return ""
        text += piece
    return text.decode()


def _last_words(home: DataDir) -> str:
    lines = home.log.read_text(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
    return f"The engine of {home.path} ended while it started; see {home.log}, which ends: {last}"


def _late(home: DataDir, what: str, options: _Options) -> EngineError:
    return EngineError(
        f"The engine of {home.path} {what} after {options.start_timeout_s:g} s. Its log is "
        f"{home.log}; a slow machine or a large database may only need another try."
    )
