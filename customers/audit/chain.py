"""Chain: each entry's hash covers the one before, so that nothing can be changed in between.

What is hashed is written down byte for byte in docs/audit.md: the SHA-256 of the entry's values,
each as a netstring: its length in bytes in decimal digits, `:`, the bytes in UTF-8, `,`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from customers.audit.entry import Entry, Recorded

FORM = "profile-graph audit 1"
# What the first entry has for the hash before its own.
NOTHING = "0" * 64


def hash_of(entry: Recorded) -> str:
    """The hash that an entry must have."""
    values = (
        FORM,
        entry.previous,
        entry.seq,
        entry.id,
        entry.at,
        entry.recorded_at,
        entry.actor,
        entry.role,
        entry.action,
        entry.operation or "",
        entry.reason or "",
        entry.count,
        len(entry.about),
        *entry.about,
    )
    return hashlib.sha256(b"".join(_netstring(str(one)) for one in values)).hexdigest()


def chained(
    entries: Iterable[Entry], last: int, previous: str, recorded_at: int
) -> Sequence[Recorded]:
    """Entries in their places, after the entry `last` whose hash is `previous`."""
    found: list[Recorded] = []
    for seq, one in enumerate(entries, last + 1):
        values: dict[str, Any] = asdict(one)
        place: dict[str, Any] = {"seq": seq, "recorded_at": recorded_at, "previous": previous}
        previous = hash_of(Recorded(**values, **place, hash=""))
        found.append(Recorded(**values, **place, hash=previous))
    return found


def fault(entry: Recorded, seq: int, previous: str) -> str | None:
    """What is wrong with the entry that stands where `seq` should, after the hash `previous`."""
    if entry.seq != seq:
        return f"entry {seq} is missing"
    if entry.previous != previous:
        return f"entry {seq} does not follow from the one before it"
    if hash_of(entry) != entry.hash:
        return f"entry {seq} was changed"
    return None


def _netstring(text: str) -> bytes:
    content = text.encode()
    return b"%d:%b," % (len(content), content)
