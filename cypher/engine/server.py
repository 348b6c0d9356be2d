"""ArcadeDB as this project runs it: one database, served over Bolt, on loopback only."""

import os
import time

import jpype
from arcadedb_embedded.jvm import start_jvm

from cypher.engine.data_dir import DATABASE, DataDir

LOOPBACK = "127.0.0.1"
# Of the heap, half is for pages of the database: what does not fit is read and thrown away again
# with every other statement, half of it at once (docs/decisions/0029).
PAGES_SHARE = 2
# Where queries are said to hold more than half of what they may, Java collects, but for no more
# than a tenth of the time; for half of it where little is left, before every query is refused.
HELD, COLLECTING = 1 / 2, 10
NEARLY_ALL, HURRYING = 3 / 4, 2

JVM_ARGUMENTS = (
    # Each commit is one fsync of the log, so it survives a power cut and not only a kill. Measured
    # on a virtual disk: median 1.5-1.9 ms a small write over Bolt for 0, 1 and 2 alike. A disk
    # that is slow to sync adds its own time, which the rows of a batch share.
    "-Darcadedb.txWalFlush=2",
    "-Darcadedb.opencypher.loadCsv.allowFileUrls=false",
    "-Darcadedb.opencypher.loadCsv.allowRemoteUrls=false",
    # Most of what a young engine does is Java compiling it: 2.6 of 4.7 ms a record in the first
    # 10,000. The barriers of the default collector and calls that are compiled into each other make
    # that work longer, and on two cores the statements no faster (docs/decisions/0023).
    "-XX:+UseSerialGC",
    "-XX:InlineSmallCode=1000",
    "-XX:FreqInlineSize=120",
    "-XX:MaxInlineLevel=7",
    "-Xrs",  # leaves signals to Python, which stops the server cleanly
    "-XX:-UsePerfData",  # which is a file in the system's temporary directory
)


class Server:
    """The server of one data directory; a process can have one."""

    def __init__(self, home: DataDir, heap_mb: int, command_timeout_ms: int) -> None:
        os.environ["ARCADEDB_JVM_ERROR_FILE"] = str(home.path / "jvm-crash-%p.log")
        # Limits that the database reads are taken from JVM properties only.
        limits = (
            # All of it from the start: a heap that grows is collected two hundred times while the
            # pages of large batches live, and keeps what is dead by then (docs/decisions/0023).
            f"-Xms{heap_mb}m",
            f"-Darcadedb.command.timeout={command_timeout_ms}",
            f"-Darcadedb.maxPageRAM={heap_mb // PAGES_SHARE}",
        )
        start_jvm(heap_size=f"{heap_mb}m", jvm_args=[*JVM_ARGUMENTS, *limits])
        configuration = jpype.JClass("com.arcadedb.ContextConfiguration")()
        for key, value in _settings(home).items():
            configuration.setValue(f"arcadedb.{key}", value)
        self._java = jpype.JClass("com.arcadedb.server.ArcadeDBServer")(configuration)
        self._budget = jpype.JClass("com.arcadedb.query.sql.executor.QueryHeapBudget")
        self._system = jpype.JClass("java.lang.System")
        self._began = self._took = 0.0

    def start(self) -> tuple[int, int]:
        """Open the database, created when missing, and return the ports of Bolt and HTTP."""
        self._java.start()
        create_if_missing, open_at_once = True, True
        self._java.getDatabase(DATABASE, create_if_missing, open_at_once)
        plugins = self._java.getPlugins()
        bolt = next(plugin for plugin in plugins if plugin.getName() == "Neo4j-Bolt")
        return int(bolt.getPort()), self._http_port()

    def _http_port(self) -> int:
        # ArcadeDB says only which port it was told to take, which is 0; what it stands on knows.
        http = self._java.getHttpServer()
        undertow = http.getClass().getDeclaredField("undertow")
        undertow.setAccessible(True)
        [listener] = undertow.get(http).getListenerInfo()
        return int(listener.getAddress().getPort())

    def make_room(self) -> None:
        """Let Java collect before queries are refused for what nobody holds any more.

        All queries share a budget of memory. What a `CALL { … }` sorted, grouped or collected goes
        back to it only once Java collects what counted it, and that may have become old by then:
        without a full collection, the budget is used up in time, and every query fails.
        """
        held, most = self._budget.getReservedBytes(), self._budget.getLimitBytes()
        start = time.monotonic()
        times = HURRYING if held > most * NEARLY_ALL else COLLECTING
        if held > most * HELD and start >= self._began + times * self._took:
            self._system.gc()
            self._began, self._took = start, time.monotonic() - start

    def stop(self) -> None:
        """End all connections and close the database."""
        self._java.stop()


def _settings(home: DataDir) -> dict[str, str | int]:
    # Port 0 lets the kernel choose, so nobody can take the port in between.
    return {
        "server.rootPath": str(home.path),
        "server.rootPassword": home.password(),
        # Production mode replaces the text of every error by "see the server log".
        "server.mode": "development",
        "server.httpIncomingHost": LOOPBACK,
        "server.httpIncomingPort": 0,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt.host": LOOPBACK,
        "bolt.port": 0,
    }
