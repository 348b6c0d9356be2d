"""Checkpoint: how far an import came, in a small file beside its rejects."""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import Base64Bytes, TypeAdapter, ValidationError

from customers.errors import InvalidInputError
from customers.ingest.report import Report


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All entries that end by `line` are in, or in the file of rejects, whose size is `rejects`.

    Of those after it the ones in `beyond` are, as `Settled` has it.

    `digest` is the content's and `how` that of its map and layout: another content, or the same
    read otherwise, begins anew. `profile` is the last that went in; a graph without it is not the
    one that this is about.
    """

    digest: str
    how: str
    line: int
    beyond: Base64Bytes
    rejects: int
    profile: str | None
    report: Report

    def write(self, path: Path) -> None:
        """Put it in place of the last one.

        Raises:
            InvalidInputError: it cannot be written.
        """
        part = path.with_name(f"{path.name}.part")
        try:
            handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(_FORM.dump_json(self))
            part.replace(path)
        except OSError as problem:
            raise InvalidInputError(
                f"{path}, which says how far the import is, cannot be written "
                f"({problem.strerror}): name a file for the rejects elsewhere"
            ) from None


_FORM = TypeAdapter(Checkpoint)


def checkpoint_of(path: str, rejects: Path) -> Path:
    """Where the checkpoint of a file is."""
    return rejects.with_name(f"{Path(path).name}.resume.json")


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint that was written, None if there is none or it cannot be read."""
    try:
        return _FORM.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
