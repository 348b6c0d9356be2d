"""Rejects: the file of the records that did not go in, each with its line and the reason."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import orjson

from customers.errors import InvalidInputError
from customers.ingest.formats.compression import STDIN
from customers.ingest.formats.entry import Entry
from customers.ingest.queue import Rejected


def rejects_of(path: str) -> Path:
    """Where the records of a file go that are wrong, unless somebody names another place."""
    return Path("stdin.rejects.ndjson" if path == STDIN else f"{path}.rejects.ndjson")


class RejectFile(ExitStack):
    """NDJSON, ``{"line", "reason", "code", "record"}``, for its owner's eyes only.

    It is made with the first record, so that there is none when all went in. What an import that
    was cut off wrote into it stays, up to `kept` bytes.
    """

    def __init__(self, path: Path, imported: os.stat_result, kept: int = 0) -> None:
        super().__init__()
        self.path = path
        self._kept = kept
        self._file: BinaryIO | None = None
        if path.exists() and os.path.samestat(path.stat(), imported):
            raise InvalidInputError(f"{path} is itself imported: name another file for the rejects")

    def add(self, entry: Entry, why: Rejected) -> None:
        """Write one down, with its record as it came.

        Raises:
            InvalidInputError: the file cannot be written.
        """
        try:
            self._file = self._file or self._open()
            said = {"line": entry.number, "reason": why.reason, "code": why.code}
            self._file.write(orjson.dumps(said | {"record": _as_it_came(entry)}, default=str))
            self._file.write(b"\n")
        except OSError as problem:
            raise self._unwritable(problem) from None

    def written(self) -> int:
        """Bytes that are in it and will still be there after a kill -9.

        Raises:
            InvalidInputError: the file cannot be written.
        """
        if self._file is None:
            return self._kept
        try:
            self._file.flush()
        except OSError as problem:
            raise self._unwritable(problem) from None
        return self._file.tell()

    def _open(self) -> BinaryIO:
        handle = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        os.fchmod(handle, 0o600)  # it may have been there, open to others
        file = self.enter_context(os.fdopen(handle, "r+b"))
        file.truncate(self._kept)
        file.seek(self._kept)
        return file

    def _unwritable(self, problem: OSError) -> InvalidInputError:
        return InvalidInputError(
            f"{self.path}, for the records that are wrong, cannot be written "
            f"({problem.strerror}): name another file"
        )


def _as_it_came(entry: Entry) -> object:
    came = entry.came
    if not isinstance(came, bytes):
        return came
    try:
        orjson.loads(came)
    except orjson.JSONDecodeError:
        return came.decode("utf-8", "backslashreplace")
    return orjson.Fragment(came)
