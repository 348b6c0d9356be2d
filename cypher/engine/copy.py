"""Copy: the engine's own online backup, in a tar whose manifest has the digest of each part."""

import base64
import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from cypher.engine.data_dir import DATABASE, Address, DataDir
from cypher.engine.errors import BackupError

MANIFEST, ARCHIVE, SECRET = "profile-graph-backup.json", "database.zip", "secret"
FORMAT = 1
LONGEST_MANIFEST = 1 << 20
PIECE = 1 << 20

Facts = dict[str, Any]


def checked(data_dir: Path, file: Path) -> DataDir:
    """The directory, if it has a database, and `file` is not there yet.

    Raises:
        BackupError
    """
    home = DataDir(data_dir.absolute())
    if not home.database.is_dir():
        raise BackupError(
            f"There is no database in {home.path}: name its directory in PROFILE_GRAPH_DATA_DIR."
        )
    if file.exists():
        raise BackupError(f"{file} is there already, and a backup replaces nothing.")
    return home


def copied(home: DataDir, address: Address) -> Path:
    """Make the engine write a copy of its database, a zip below the data directory.

    Raises:
        BackupError: it does not.
    """
    if address.http is None:
        raise BackupError(
            f"The engine of {home.path} was started by an older version: stop what uses it first."
        )
    name = f"{secrets.token_hex(8)}.zip"
    user = base64.b64encode(f"{address.user}:{address.password}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 - the address is our own, on loopback
        f"{address.http}/api/v1/command/{DATABASE}",
        json.dumps({"language": "sql", "command": f"BACKUP DATABASE file://{name}"}).encode(),
        {"Authorization": f"Basic {user}", "Content-Type": "application/json"},
    )
    try:
        # No proxy, whatever the environment says: this is loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            answer.read()
    except urllib.error.HTTPError as problem:
        raise BackupError(f"The engine makes no copy: {problem.read()[:500]!r}") from None
    except OSError as problem:
        raise BackupError(f"The engine makes no copy: {problem}") from None
    return home.path / "backups" / DATABASE / name


def pack(file: Path, facts: Mapping[str, Any], archive: Path, home: DataDir) -> None:
    """Put the engine's copy and the secret into `file`, for its owner's eyes only, when whole.

    Raises:
        BackupError: `file` cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    parts = {ARCHIVE: archive}
    if (home.path / SECRET).is_file():
        parts[SECRET] = home.path / SECRET
    manifest = {**facts, "format": FORMAT, "parts": {name: _told(parts[name]) for name in parts}}
    text = json.dumps(manifest, indent=1).encode()
    try:
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
            _add(tar, MANIFEST, len(text), io.BytesIO(text))
            for name, path in parts.items():
                with path.open("rb") as content:
                    _add(tar, name, path.stat().st_size, content)
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
    except OSError as problem:
        raise BackupError(f"{file} cannot be written: {problem.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
        archive.unlink(missing_ok=True)


def _told(path: Path) -> dict[str, object]:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def _add(tar: tarfile.TarFile, name: str, size: int, content: BinaryIO) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


def unpack(file: Path, data_dir: Path) -> Facts:
    """Make a data directory of a backup; nothing is left of one that is damaged.

    Raises:
        BackupError: the directory has something in it, or the file is no whole backup.
    """
    home = DataDir(data_dir.absolute())
    _check_empty(home)
    home.create()
    work = home.path / "restoring"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        with tarfile.open(file, "r:") as tar:
            facts = _manifest(tar, file)
            for name in facts["parts"]:
                _take(tar, name, facts["parts"][name], work / name)
        _unzip(work / ARCHIVE, work / DATABASE)
        home.database.parent.mkdir(mode=0o700)
        if (work / SECRET).is_file():
            (work / SECRET).rename(home.path / SECRET)
        (work / DATABASE).rename(home.database)
        os.sync()
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, KeyError, ValueError) as problem:
        raise BackupError(f"{file} is no backup of profile-graph, or damaged: {problem}") from None
    except OSError as problem:
        raise BackupError(f"{file} cannot be restored: {problem}") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return facts


def _check_empty(home: DataDir) -> None:
    if home.path.exists() and not home.path.is_dir():
        raise BackupError(f"{home.path} is not a directory.")
    if home.path.is_dir() and {one.name for one in home.path.iterdir()} - {"restoring"}:
        raise BackupError(
            f"{home.path} is not empty, and a restore replaces nothing: move it away, or name "
            "another directory in PROFILE_GRAPH_DATA_DIR."
        )


def _manifest(tar: tarfile.TarFile, file: Path) -> Facts:
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > LONGEST_MANIFEST:
        raise ValueError("it does not begin with a manifest")
    facts: Facts = json.loads(_content(tar, first).read())
    if facts["format"] != FORMAT:
        raise BackupError(f"{file} was made by a newer version: restore it with that.")
    if not {ARCHIVE} <= facts["parts"].keys() <= {ARCHIVE, SECRET}:
        raise ValueError("its parts are not those of a backup")
    return facts


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    content = tar.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name} is no file")
    return content  # type: ignore[return-value] # tarfile's is a reader of bytes all the same


def _take(tar: tarfile.TarFile, name: str, told: Mapping[str, Any], to: Path) -> None:
    digest = hashlib.sha256()
    content = _content(tar, tar.getmember(name))
    with to.open("xb") as out:
        while piece := content.read(PIECE):
            digest.update(piece)
            out.write(piece)
    to.chmod(0o600)
    if digest.hexdigest() != told["sha256"]:
        raise ValueError(f"{name} is not what the manifest says")


def _unzip(archive: Path, to: Path) -> None:
    to.mkdir(mode=0o700)
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            if Path(name).name != name:
                raise ValueError(f"{name} is no file of a database")
            opened.extract(name, to)
