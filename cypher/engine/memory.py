"""Memory: how much of the machine's the embedded engine takes, where nobody says it."""

import os
from pathlib import Path

LEAST_HEAP_MB, MOST_HEAP_MB = 1_024, 8_192
SHARE = 4
# What a container may take, by the second and the first version of control groups.
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def default_heap_mb() -> int:
    """A quarter of the memory of the machine or the container: 1,024 to 8,192 MB."""
    wanted = _memory_bytes() // SHARE >> 20
    return max(LEAST_HEAP_MB, min(wanted, MOST_HEAP_MB))


def _memory_bytes() -> int:
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *(limit for path in _LIMITS if (limit := _limit(path)))])


def _limit(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:  # no Linux, or the other version
        return None
    return int(text) if text.isdecimal() else None
