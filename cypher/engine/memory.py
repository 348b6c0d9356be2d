"""Memory: how much of the machine's the embedded engine takes, where nobody says it."""

import os
from collections.abc import Iterator
from pathlib import Path

LEAST_HEAP_MB, MOST_HEAP_MB = 1_024, 8_192
SHARE = 4
_OWN_GROUPS = Path("/proc/self/cgroup")
_GROUPS = Path("/sys/fs/cgroup")


def default_heap_mb() -> int:
    """A quarter of the memory of the machine or of what its container may take: 1 to 8 GB."""
    wanted = min([_machine_bytes(), *_limits()]) // SHARE >> 20
    return max(LEAST_HEAP_MB, min(wanted, MOST_HEAP_MB))


def _machine_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _limits() -> Iterator[int]:
    """What the control groups of this process may take, and those that they are in."""
    try:
        groups = _OWN_GROUPS.read_text().splitlines()
    except OSError:  # no Linux
        return
    for line in groups:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            root, name = _GROUPS, "memory.max"
        elif "memory" in controllers.split(","):  # the first version of control groups
            root, name = _GROUPS / "memory", "memory.limit_in_bytes"
        else:
            continue
        # In a container the path may be one of its host, of which it sees the last part as root.
        own = root / path.lstrip("/")
        for folder in (own, *own.parents):
            if folder.is_relative_to(root) and (limit := _number(folder / name)) is not None:
                yield limit


def _number(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
