"""What lies in a data directory, all of it for its owner's eyes only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

DATABASE = "profile_graph"
USER = "root"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine listens and how to log in; an older engine tells neither of the last two."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    http: str | None = None
    heap_mb: int | None = None


@dataclass(frozen=True, slots=True)
class DataDir:
    """The files of one engine; `path` is absolute."""

    path: Path

    @property
    def users_lock(self) -> Path:
        """Held shared by every user, exclusively by an engine that stops."""
        return self.path / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held by whoever looks for the engine or starts it."""
        return self.path / "start.lock"

    @property
    def engine_lock(self) -> Path:
        """Held by the engine as long as its process lives."""
        return self.path / "engine.lock"

    @property
    def writer_lock(self) -> Path:
        """For the writers among the users; the engine itself has no use for it."""
        return self.path / "writer.lock"

    @property
    def log(self) -> Path:
        """What the engine's last process printed."""
        return self.path / "engine.log"

    @property
    def database(self) -> Path:
        """The engine's own files of the one database."""
        return self.path / "databases" / DATABASE

    @property
    def sums(self) -> Path:
        """What the database's files were when the engine last stopped cleanly."""
        return self.path / "files.json"

    @property
    def _address(self) -> Path:
        return self.path / "engine.json"

    @property
    def _password(self) -> Path:
        return self.path / "password"

    def create(self) -> None:
        """Make the directory if it is missing."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write_address(self, bolt: int, http: int, heap_mb: int) -> None:
        """Say by which ports this process serves, and by how much memory."""
        address = Address(
            f"bolt://127.0.0.1:{bolt}",
            USER,
            self.password(),
            DATABASE,
            f"http://127.0.0.1:{http}",
            heap_mb,
        )
        write_private(self._address, json.dumps({**asdict(address), "pid": os.getpid()}))

    def read_address(self) -> Address | None:
        """The address of the engine, if one has written its own."""
        try:
            found = json.loads(self._address.read_text())
        except FileNotFoundError:
            return None
        return Address(
            found["uri"],
            found["user"],
            found["password"],
            found["database"],
            found.get("http"),
            found.get("heap_mb"),
        )

    def remove_address(self) -> None:
        """Let nobody find an engine here."""
        self._address.unlink(missing_ok=True)

    def ensure_password(self) -> None:
        """Make a password if there is none."""
        if self._password.is_file() and self.password():
            return
        # ArcadeDB takes the password only while it knows no user, and would keep an older one.
        (self.path / "config" / "server-users.jsonl").unlink(missing_ok=True)
        write_private(self._password, secrets.token_urlsafe(24))

    def password(self) -> str:
        """What the engine's only user logs in with."""
        return self._password.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Put `text` into `path` at once, so that nobody ever reads half of it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)
