"""Lookahead: the entries of a file in an order in which those about one person come together.

Each batch that has records of a person decides on that person again, with all that is known by
then. Where these records are spread over a file that is done over and over; written together, once.
Identity does not depend on the order of arrival, so the order is free, but for the records of one
profile, which keep theirs.
"""

import asyncio
import pickle
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from customers.identity.policy import Policy
from customers.ingest.entry_file import SLICE_ENTRIES, EntryFile
from customers.ingest.formats.entry import Entry
from customers.ingest.ingest import prepared
from customers.ingest.keys import known_key
from customers.ingest.prepare import Prepared
from customers.ingest.record import MOST_IDENTIFIERS
from customers.ingest.settled import Settled
from cypher import ProfileGraphError

# So much of a file waits to be written, however long it is: about 120 MB of memory.
WINDOW_ENTRIES = 100_000
WINDOW_BYTES = 64 << 20
# So many come before some go, or whoever writes would wait for the whole window.
FILL_ENTRIES = 1_000
# More entries than this in one place are a crowd's, and are cut.
GROUP_ENTRIES = 1_000
# What more profiles share brings nobody together, such as the address of a company's network.
MOST_SHARING = 50
# A phone number has as many digits at least, with or without the code of its country.
NATIONAL_DIGITS = 8
# A pipe may be slow: what has come by then is written first.
PIPE_S = 1.0


class Lookahead:
    """The entries of a file that was begun, a few at a time."""

    def __init__(self, file: EntryFile, policy: Policy, settled: Settled) -> None:
        """Leave out what is `settled`, which is told what is read."""
        self._file, self._settled = file, settled
        self._window = Window(policy)
        self._ready: deque[Entry] = deque()
        self._reading: asyncio.Task[list[Entry]] | None = None
        self._ended = self._draining = False
        self._broken: ProfileGraphError | None = None

    @property
    def digest(self) -> str:
        """The file's."""
        return self._file.digest

    async def next(self) -> list[Entry]:
        """The next few entries; none at the end, or where the file cannot be read any further."""
        if not self._ready:
            if not self._draining:
                await self._fill()
            while self._window and len(self._ready) < SLICE_ENTRIES:
                self._ready.extend(self._window.take())
            self._draining = self._draining and bool(self._window)
        await asyncio.sleep(0)
        return [self._ready.popleft() for _ in range(min(SLICE_ENTRIES, len(self._ready)))]

    def close(self) -> None:
        """Read no further."""
        if self._reading is not None:
            self._reading.cancel()

    def check(self) -> None:
        """See whether it was read to its end.

        Raises:
            InvalidInputError: it could not be.
        """
        if self._broken is not None:
            raise self._broken

    async def _fill(self) -> None:
        """Read some more, as long as the window has room and no pipe is slow."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PIPE_S
        most = self._settled.read + FILL_ENTRIES
        while not (self._ended or self._window.full or self._settled.read >= most):
            hurry = self._window and not self._file.regular
            self._reading = self._reading or asyncio.create_task(self._read())
            done, _ = await asyncio.wait(
                {self._reading}, timeout=max(0, end - loop.time()) if hurry else None
            )
            if not done:
                self._draining = True
                return
            some, self._reading = self._reading.result(), None
            for entry in some:
                self._settled.expect(entry.number, entry.last)
                if entry.number not in self._settled:
                    self._window.add(entry)
            self._ended = not some

    async def _read(self) -> list[Entry]:
        try:
            return await self._file.next()
        except ProfileGraphError as problem:
            self._broken = problem
            return []


@dataclass(slots=True)
class _Waiting:
    """The entries of a profile, in their order, and what others may share with it."""

    entries: list[bytes | Entry] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)


class Window:
    """Entries that wait. Whom they are about is a guess: where it is wrong, it costs time alone."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._size = self._entries = 0
        self._profiles: dict[str, _Waiting] = {}
        # From the oldest; of profiles that were taken for another's sake it still has the name.
        self._order: deque[str] = deque()
        self._sharing: dict[str, list[str]] = {}
        self._common: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._profiles)

    @property
    def full(self) -> bool:
        """Whether entries have to go before others come."""
        return self._entries >= WINDOW_ENTRIES or self._size >= WINDOW_BYTES

    def add(self, entry: Entry) -> None:
        """Let an entry wait."""
        name = _profile(entry, self._policy)
        profile = self._profiles.get(name)
        if profile is None:
            profile = self._profiles[name] = _Waiting()
            self._order.append(name)
        packed = _packed(entry)
        profile.entries.append(packed)
        self._entries += 1
        self._size += _size(packed)
        for key in _shared(entry.found):
            if key not in profile.shared and key not in self._common:
                profile.shared.add(key)
                self._share(key, name)

    def take(self) -> list[Entry]:
        """The oldest entry and those that are likely about the same person, in their order."""
        while self._order[0] not in self._profiles:
            self._order.popleft()
        names = deque([self._order[0]])
        seen = set(names)
        group: list[Entry] = []
        while names and len(group) < GROUP_ENTRIES:
            profile = self._profiles.pop(names.popleft())
            group += map(_unpacked, profile.entries)
            self._size -= sum(map(_size, profile.entries))
            self._entries -= len(profile.entries)
            for key in profile.shared:
                others = [one for one in self._present(key) if one not in seen]
                seen.update(others)
                names.extend(others)
        return sorted(group, key=lambda one: one.number)

    def _share(self, key: str, name: str) -> None:
        names = self._sharing.setdefault(key, [])
        names.append(name)
        if len(names) > MOST_SHARING and len(self._present(key)) > MOST_SHARING:
            self._common.add(key)
            del self._sharing[key]

    def _present(self, key: str) -> list[str]:
        """The profiles that wait and share something."""
        present = [one for one in self._sharing.get(key, ()) if one in self._profiles]
        if present:
            self._sharing[key] = present
        else:
            self._sharing.pop(key, None)
        return present


def _packed(entry: Entry) -> bytes | Entry:
    """An entry in a third of its memory."""
    try:
        return pickle.dumps((entry.number, entry.last, entry.found, entry.came, entry.refused))
    except RecursionError:
        return entry  # JSON may be nested deeper than pickle goes


def _unpacked(packed: bytes | Entry) -> Entry:
    return packed if isinstance(packed, Entry) else Entry(*pickle.loads(packed))  # noqa: S301 - own


def _size(packed: bytes | Entry) -> int:
    return packed.size if isinstance(packed, Entry) else len(packed)


def _profile(entry: Entry, policy: Policy) -> str:
    """Whose profile an entry is of. Never two names for one profile, or its order would be lost."""
    found = entry.found
    if isinstance(found, Mapping):
        source, source_id = found.get("source"), found.get("sourceId")
        if isinstance(source, str) and isinstance(source_id, str | int):
            return known_key(source.strip(), str(source_id).strip())
        one = prepared(found, policy, 0)
        if isinstance(one, Prepared):
            return one.profile
    return f"line {entry.number}"


def _shared(found: object) -> Iterator[str]:
    """What a raw record has in common with others of the same person, as far as one sees at once.

    Its identifiers, and a birth date with either name.
    """
    if not isinstance(found, Mapping):
        return
    identifiers = found.get("identifiers")
    several = identifiers[:MOST_IDENTIFIERS] if isinstance(identifiers, list) else ()
    for one in (*several, found.get("device")):
        if not isinstance(one, Mapping) or not isinstance(name := one.get("namespace"), str):
            continue
        if value := _folded(one.get("value")):
            yield f"{name}|{value}"
    traits = found.get("traits")
    if isinstance(traits, Mapping) and (born := _folded(traits.get("birthDate"))):
        for name in ("firstName", "lastName"):
            if value := _folded(traits.get(name)):
                yield f"{name}|{born}|{value}"


def _folded(value: object) -> str:
    """What the notations of a text have in common: its letters and digits, of a number the last."""
    if not isinstance(value, str | int):
        return ""
    text = "".join(filter(str.isalnum, str(value))).casefold()
    return text[-NATIONAL_DIGITS:] if text.isdigit() else text
