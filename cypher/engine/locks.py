"""File locks between processes; the kernel drops them when their holder ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_S = 0.05


def open_lock(path: Path) -> int:
    """A file descriptor of the lock file `path`, which holds no lock yet."""
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


def take(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if that is possible at once, and tell whether it was."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for(descriptor: int, deadline: float, *, shared: bool = False) -> bool:
    """Take the lock before `deadline` (of the monotonic clock), and tell whether that succeeded."""
    # flock has no time limit of its own, and a signal cannot end it in a thread.
    while not take(descriptor, shared=shared):
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_S)
    return True


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """The lock file `path`, closed at the end, which drops the lock that it may hold."""
    descriptor = open_lock(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
