"""Rejects: the file of the records that did not go in, each with its line and the reason."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import orjson

from customers.errors import InvalidInputError
from customers.ingest.lines import STDIN, Line
from customers.ingest.queue import Rejected


def rejects_of(path: str) -> Path:
    """Where the records of a file go that are wrong, unless somebody names another place."""
    return Path("stdin.rejects.ndjson" if path == STDIN else f"{path}.rejects.ndjson")


class RejectFile(ExitStack):
    """NDJSON, ``{"line", "reason", "code", "record"}``, for its owner's eyes only.

    It is made with the first record, so that there is none when all went in.
    """

    def __init__(self, path: Path, imported: os.stat_result) -> None:
        super().__init__()
        self.path = path
        self._file: BinaryIO | None = None
        if path.exists() and os.path.samestat(path.stat(), imported):
            raise InvalidInputError(f"{path} is itself imported: name another file for the rejects")

    def add(self, line: Line, why: Rejected) -> None:
        """Write one down, with its record as it came.

        Raises:
            InvalidInputError: the file cannot be written.
        """
        try:
            self._file = self._file or self._create()
            entry = {"line": line.number, "reason": why.reason, "code": why.code}
            self._file.write(orjson.dumps(entry | {"record": _as_it_came(line)}) + b"\n")
        except OSError as problem:
            raise InvalidInputError(
                f"{self.path}, for the records that are wrong, cannot be written "
                f"({problem.strerror}): name another file"
            ) from None

    def _create(self) -> BinaryIO:
        handle = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        os.fchmod(handle, 0o600)  # it may have been there, open to others
        return self.enter_context(os.fdopen(handle, "wb"))


def _as_it_came(line: Line) -> orjson.Fragment | str:
    try:
        orjson.loads(line.text)
    except orjson.JSONDecodeError:
        return line.text.decode("utf-8", "backslashreplace")
    return orjson.Fragment(line.text)
