"""The engine's own process: serves until the last user has gone.

Started by `cypher.engine.starter` only, which hands it a pipe for one line of JSON and the engine's
lock, held.
"""

import argparse
import contextlib
import gc
import json
import os
import signal
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from cypher.engine import locks, sums
from cypher.engine.data_dir import DataDir

if TYPE_CHECKING:
    from cypher.engine.server import Server

LOOK_S = 0.2
# Longer than any stop that makes progress. What was committed is in the write-ahead log by then.
STOP_S = 30.0


def main() -> None:
    """Serve until nobody uses the engine any more."""
    options = _arguments()
    if os.fork():
        os._exit(0)  # the starter waits for this process only
    os.set_inheritable(options.lock, False)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    os.umask(0o077)  # the directory may have been there, open to others
    home = DataDir(options.data_dir)
    try:
        os.chdir(home.path)  # ArcadeDB writes its logs below the working directory
        server = _start(home, options)
    except Exception as problem:  # noqa: BLE001 - Java's errors have no common base but this
        traceback.print_exc()
        _report(options.report, error=_explain(home, problem))
        _end(1)
    gc.disable()  # it would run after each collection of Java, and Python makes nothing more here
    _report(options.report, ready=True)
    users = locks.open_lock(home.users_lock)  # never closed: newcomers wait for this process
    while not stop.is_set() and not locks.take(users):
        server.make_room()
        time.sleep(LOOK_S)
    home.remove_address()
    _stop(home, server)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m cypher.engine.process")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--heap-mb", type=int, required=True)
    parser.add_argument("--command-timeout-ms", type=int, required=True)
    parser.add_argument("--lock", type=int, required=True, help="descriptor of the engine's lock")
    parser.add_argument("--report", type=int, required=True, help="descriptor of the pipe")
    return parser.parse_args()


def _start(home: DataDir, options: argparse.Namespace) -> "Server":
    # Here, so that a missing package is reported like all that can go wrong.
    from cypher.engine.server import Server  # noqa: PLC0415

    sums.check(home)
    server = Server(home, options.heap_mb, options.command_timeout_ms)
    sums.forget(home)
    home.write_address(*server.start(), options.heap_mb)
    return server


def _stop(home: DataDir, server: "Server") -> None:
    # A stop that hangs would keep every newcomer waiting.
    watchdog = threading.Timer(STOP_S, _end, (1,))
    watchdog.daemon = True
    watchdog.start()
    server.stop()
    sums.record(home)
    _end(0)


def _end(code: int) -> None:
    # An ordinary exit waits, without any limit, for the threads of statements that still run.
    os._exit(code)


def _report(descriptor: int, **outcome: object) -> None:
    with contextlib.suppress(BrokenPipeError):  # a starter that was killed asks for nothing
        os.write(descriptor, json.dumps(outcome).encode() + b"\n")
    os.close(descriptor)


def _explain(home: DataDir, problem: BaseException) -> str:
    """What went wrong and what to do, for the person who started the engine."""
    if isinstance(problem, ImportError):
        return (
            f"The package arcadedb-embedded cannot be imported ({problem}): install it with "
            "`make install`, or set NEO4J_URI to use a Neo4j."
        )
    cause = _root(problem)
    if "locked by another process" in cause:
        return (
            f"Another ArcadeDB has the database in {home.path} open: stop it, or name another "
            "directory in PROFILE_GRAPH_DATA_DIR."
        )
    return (
        f"The database in {home.path} cannot be opened; it may be damaged ({cause}). Restore a "
        f"backup of that directory, or move it away to begin with an empty one. See {home.log}."
    )


def _root(problem: BaseException) -> str:
    """The first cause in one short line: Java's errors may quote a whole damaged file."""
    while problem.__cause__ is not None:
        problem = problem.__cause__
    line = str(problem).partition("\n")[0]
    return "".join(filter(str.isprintable, line))[:200]


if __name__ == "__main__":
    main()
