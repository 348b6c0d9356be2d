"""A real Neo4j Community for the tests, from its Maven artifacts, without docker.

    python -m tests.neo4j_server start [--home DIR] [--heap 1g] [--version 2026.09.0]
    python -m tests.neo4j_server stop [--home DIR] [--remove]

`start` prints `NEO4J_URI=… NEO4J_USER=… NEO4J_PASSWORD=…`; started twice on one home, it prints the
same line again. Maven brings the jars once, into NEO4J_TEST_CACHE (`~/.cache/neo4j-test-server`).
A home belongs to one version. 5.26 runs on Java 17 to 21, 2026 on Java 21 or later.
"""

import argparse
import contextlib
import fcntl
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

VERSION = "5.26.12"
# The file in Neo4j's own jar that names its main class, which is another one in 2026.
ENTRY_POINT = "META-INF/services/org.neo4j.server.startup.EntryPoint"
JAVA_OF_5, JAVA_OF_2026 = range(17, 22), range(21, 100)
CACHE = Path(os.environ.get("NEO4J_TEST_CACHE") or Path.home() / ".cache" / "neo4j-test-server")
POM = Path(__file__).with_name("neo4j_server.pom.xml")
FIRST_PASSWORD, PASSWORD = "neo4j", "test-password"
WAIT_S = 120.0  # a machine under load took 46 s
OPENED = (
    "java.base/java.nio",
    "java.base/java.io",
    "java.base/sun.nio.ch",
    "java.base/java.lang",
    "java.base/java.util.concurrent",
)


class ToolError(Exception):
    """Something the person at the terminal can act on."""


@dataclass(frozen=True)
class Running:
    """A server that was started here."""

    pid: int
    port: int
    version: str

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"


# Its jars and its Java


def jars(version: str) -> Path:
    """The folder with the jars, brought by Maven the first time."""
    folder = CACHE / version
    CACHE.mkdir(parents=True, exist_ok=True)
    with locked(CACHE / f"{version}.lock"):
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=CACHE) as fresh:
                bring_jars(Path(fresh) / "lib", version)
                (Path(fresh) / "lib").rename(folder)
    return folder


def bring_jars(target: Path, version: str) -> None:
    maven = shutil.which(os.environ.get("MVN") or "mvn")
    if not maven:
        raise ToolError("Maven is missing: install it, or name the program in MVN")
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    values = [f"-Dneo4j.version={version}", f"-DoutputDirectory={target}"]
    command = [maven, "-q", "-B", "-f", str(POM), *goal, *values]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ToolError(f"Maven could not bring Neo4j {version}:\n{done.stdout[-2000:]}")


def main_class(lib: Path, version: str) -> str:
    """The class that starts the server."""
    with zipfile.ZipFile(lib / f"neo4j-{version}.jar") as jar:
        return jar.read(ENTRY_POINT).decode().split()[0]


def java(version: str) -> str:
    """The first Java of a fitting release in JAVA_HOME, /usr/lib/jvm or PATH."""
    fitting = JAVA_OF_5 if version.startswith("5.") else JAVA_OF_2026
    homes = sorted(Path("/usr/lib/jvm").glob("*"))
    if "JAVA_HOME" in os.environ:
        homes.insert(0, Path(os.environ["JAVA_HOME"]))
    candidates = [str(home / "bin" / "java") for home in homes]
    for candidate in (*candidates, "java"):
        program = shutil.which(candidate)
        if program and java_release(program) in fitting:
            return program
    raise ToolError(
        f"Neo4j {version} needs Java {fitting[0]} to {fitting[-1]}: install it, or name it in "
        "JAVA_HOME"
    )


def java_release(program: str) -> int:
    asked = subprocess.run([program, "-version"], check=False, capture_output=True, text=True)
    found = re.search(r'version "(\d+)', asked.stderr)
    return int(found[1]) if found else 0


# Start


def start(home: Path, heap: str, version: str) -> Running:
    """The server of `home`, started if it does not run, once it answers a query."""
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "start.lock"):
        keep_to(home, version)
        running = found(home)
        if running is None:
            running = launch(home, heap, version)
        return running


def keep_to(home: Path, version: str) -> None:
    """Refuse a home of another version: Neo4j would migrate its store, and there is no way back."""
    mark = home / "version"
    held = mark.read_text() if mark.is_file() else version
    if held != version:
        raise ToolError(f"{home} is a home of Neo4j {held}: name another for {version}")
    mark.write_text(version)


def launch(home: Path, heap: str, version: str) -> Running:
    port = free_port()
    lib = jars(version)
    (home / "conf").mkdir(exist_ok=True)
    (home / "conf" / "neo4j.conf").write_text(settings(port))
    command = [
        *(java(version), f"-Xms{heap}", f"-Xmx{heap}", "-Dfile.encoding=UTF-8"),
        *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED),
        *("-cp", f"{lib}/*", main_class(lib, version)),
        *(f"--home-dir={home}", f"--config-dir={home / 'conf'}"),
    ]
    with (home / "console.log").open("wb") as console:
        process = subprocess.Popen(
            command,
            cwd=home,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
        )
    running = Running(process.pid, port, version)
    (home / "server.json").write_text(json.dumps(asdict(running)))
    try:
        wait_for_answer(process, home, running)
    except BaseException:
        stop(home)
        raise
    return running


def settings(port: int) -> str:
    return "\n".join(
        (
            "server.default_listen_address=127.0.0.1",
            f"server.bolt.listen_address=127.0.0.1:{port}",
            f"server.bolt.advertised_address=127.0.0.1:{port}",
            "server.http.enabled=false",
            "server.memory.pagecache.size=128m",
            "db.tx_log.preallocate=false",
            "dbms.usage_report.enabled=false",
            # Otherwise a stop waits for 10 s after all databases are closed.
            "internal.server.bolt.thread_pool_shutdown_wait_time=0s",
        )
    )


def wait_for_answer(process: subprocess.Popen[bytes], home: Path, running: Running) -> None:
    deadline = time.monotonic() + WAIT_S
    while True:
        if process.poll() is not None:
            raise ToolError(f"Neo4j ended with {process.returncode}:\n{last_words(home)}")
        try:
            ask(running)
        except (OSError, DriverError, Neo4jError) as problem:
            if time.monotonic() > deadline:
                raise ToolError(
                    f"Neo4j did not answer in {WAIT_S:g} s ({problem}):\n{last_words(home)}"
                ) from None
            time.sleep(0.2)
        else:
            return


def ask(running: Running) -> None:
    """Run a query; on a fresh home, set the password first."""
    try:
        query(running, PASSWORD, "neo4j", "RETURN 1")
    except AuthError:
        change = f"ALTER CURRENT USER SET PASSWORD FROM '{FIRST_PASSWORD}' TO '{PASSWORD}'"
        query(running, FIRST_PASSWORD, "system", change)
        query(running, PASSWORD, "neo4j", "RETURN 1")


def query(running: Running, password: str, database: str, statement: str) -> None:
    with (
        GraphDatabase.driver(running.uri, auth=("neo4j", password)) as driver,
        driver.session(database=database) as session,  # no retries: the caller has its own
    ):
        session.run(statement).consume()


def last_words(home: Path) -> str:
    logs = (home / "console.log", home / "logs" / "debug.log")
    texts = (log.read_text(errors="replace").strip() for log in logs if log.is_file())
    return next(filter(None, texts), "it printed nothing")[-3000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# Stop


def stop(home: Path) -> None:
    """End the server of `home`, cleanly if it does so in time."""
    running = found(home)
    if running is not None:
        os.kill(running.pid, signal.SIGTERM)
        deadline = time.monotonic() + WAIT_S
        while is_alive(running.pid, home):
            if time.monotonic() > deadline:
                os.kill(running.pid, signal.SIGKILL)
            time.sleep(0.05)
    (home / "server.json").unlink(missing_ok=True)


def found(home: Path) -> Running | None:
    """What runs on `home`."""
    try:
        running = Running(**json.loads((home / "server.json").read_text()))
    except FileNotFoundError:
        return None
    return running if is_alive(running.pid, home) else None


def is_alive(pid: int, home: Path) -> bool:
    """Whether `pid` still is the server of `home`: ids are given again to other programs."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        return f"--home-dir={home}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.neo4j_server")
    parser.add_argument("action", choices=("start", "stop"))
    parser.add_argument("--home", type=Path, default=CACHE / "home")
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--version", default=VERSION)
    parser.add_argument("--remove", action="store_true", help="delete the home after a stop")
    options = parser.parse_args()
    home = options.home.resolve()
    # While the server comes up the driver would tell of every failed try.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    try:
        if options.action == "start":
            running = start(home, options.heap, options.version)
            print(f"NEO4J_URI={running.uri} NEO4J_USER=neo4j NEO4J_PASSWORD={PASSWORD}")
            return 0
        stop(home)
    except ToolError as problem:
        print(f"neo4j_server: {problem}", file=sys.stderr)
        return 1
    if options.remove:
        shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
