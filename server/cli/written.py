"""Written: where a command's output goes that may be a file."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from server.settings import ConfigError

Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Instead of standard output.")
]


@contextmanager
def written(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file for its owner's eyes only that is there when all is in it.

    What is there and no file, such as a pipe, is written to as it is; a link is followed.
    """
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    output = Path(os.path.realpath(output))
    part = output.with_name(f"{output.name}.part")
    try:
        if output.exists() and not output.is_file():
            with output.open("wb") as file:
                yield file
            return
        handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o600)
            yield file
        part.replace(output)
    except OSError as problem:
        raise ConfigError(f"{output} cannot be written: {problem.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
