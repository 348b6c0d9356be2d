"""How a command runs: its event loop, its settings, and what becomes of an expected error."""

import errno
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import uvloop
from rich.console import Console
from rich.text import Text

from cypher import ProfileGraphError
from server import logging
from server.settings import ConfigError, Settings

T = TypeVar("T")

FAILED, REJECTS = 1, 3

console = Console(stderr=True, highlight=False, soft_wrap=True)


def settings_of() -> Settings:
    """The settings, with logging set up by them.

    Raises:
        ConfigError
    """
    settings = Settings.from_environment()
    logging.configure(settings.log_format, settings.log_level)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return uvloop.run(work)


# Standard output that takes no more: a full disk or quota, a broken device, a pipe nobody reads.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EPIPE})


@contextmanager
def reported() -> Iterator[None]:
    """An expected error becomes a red line that says what to do, and exit code 1."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except ProfileGraphError as problem:
        complain(problem)
        sys.exit(FAILED)
    except OSError as problem:
        if problem.errno not in _FULL:
            raise
        # Python would try it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if problem.errno != errno.EPIPE:  # whoever reads has what it wanted
            complain(ConfigError(f"The output cannot be written: {problem.strerror}"))
        sys.exit(FAILED)


def complain(problem: ProfileGraphError) -> None:
    """Say what is wrong, and what was noted on the way."""
    for line in (str(problem), *getattr(problem, "__notes__", ())):
        console.print(Text(line, style="red"))
