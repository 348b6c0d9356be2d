"""The secret that keys ids and cursors: set, or made once in the data directory."""

import os
import secrets
from pathlib import Path

from server.settings import SHORTEST_SECRET, ConfigError, Settings


def secret_of(settings: Settings) -> bytes:
    """The secret of this installation; all processes on one data directory get the same.

    Raises:
        ConfigError: it can neither be read nor made.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = secret_file(settings)
    try:
        if not path.exists():
            _make(path)
        secret = path.read_text().strip()
    except (OSError, UnicodeError) as problem:
        raise ConfigError(
            f"The secret in {path} can neither be read nor made ({problem}): make the directory "
            "writable for this user, or set PROFILE_GRAPH_SECRET."
        ) from None
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(
            f"The secret in {path} has less than {SHORTEST_SECRET} characters: restore it, or "
            "delete the file to get another (ids of identifiers and cursors then change)."
        )
    return secret.encode()


def secret_file(settings: Settings) -> Path:
    """Where the secret is kept unless it is set."""
    return settings.data_dir / "secret"


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"secret.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole and replaces nothing: of several that start, the first wins.
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
