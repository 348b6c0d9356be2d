"""Copied: all that is compared, beside the graph, for deciding about everything by another policy.

A temporary database that SQLite keeps on disk without a name, so that nothing of it is left. In
memory is a number for each profile.
"""

import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from types import TracebackType
from typing import Self

import orjson

from customers.identity.compared import blocking_keys
from customers.identity.component import Held, Member
from customers.identity.decided import Decided
from customers.identity.evidence import namespace_of
from customers.identity.people import Summary, is_generic
from customers.identity.policy import OURS, Policy

_TABLES = """
CREATE TABLE profile (
  number INTEGER PRIMARY KEY, customer TEXT, root INTEGER, after TEXT, told TEXT, member TEXT
);
CREATE TABLE held (key TEXT, number INTEGER);
CREATE TABLE said (decision TEXT, number INTEGER);
CREATE TABLE identifier (key TEXT PRIMARY KEY, people INTEGER, generic INTEGER);
"""
_INDEXES = "CREATE INDEX held_key ON held (key, number); CREATE INDEX held_number ON held (number);"
_ROOTS = "CREATE INDEX profile_root ON profile (root, number)"


class Roots:
    """Which of the profiles are connected, by number."""

    def __init__(self, last: int) -> None:
        """Of the numbers up to `last`, none is."""
        self._parent = array("q", range(last + 1))

    def find(self, number: int) -> int:
        """A number that all connected ones have in common."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def connect(self, numbers: Iterable[int]) -> None:
        """All of these."""
        first: int | None = None
        for number in numbers:
            if first is None:
                first = self.find(number)
            self._parent[self.find(number)] = first


class Copied:
    """The profiles of a graph as a policy sees them; used as a context manager."""

    def __init__(self, policy: Policy, last: int, blocked: Collection[str]) -> None:
        """Of profiles numbered up to `last`; `blocked` are identifiers that link nobody."""
        self.policy, self.last, self.blocked = policy, last, frozenset(blocked)
        self._sql = sqlite3.connect("", check_same_thread=False)
        self._sql.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _tb: TracebackType | None,
    ) -> None:
        self._sql.close()

    def add(self, members: Iterable[Member]) -> None:
        """Take in profiles, with the blocking keys that the policy makes of their traits."""
        for one in members:
            fields = one.compared(self.policy)
            held = {link.key: link.used for link in one.held if not link.key.startswith(OURS)}
            if self.policy.trusts(one.source):
                held |= dict.fromkeys(blocking_keys(fields, self.policy), 0)
            seen_so = one._replace(
                held=tuple(Held(key, 1, False, used) for key, used in held.items())
            )
            told = {kind: sorted(values) for kind, values in seen_so.tells(self.policy).items()}
            self._sql.execute(
                "INSERT OR REPLACE INTO profile VALUES (?, ?, NULL, NULL, ?, ?)",
                (one.number, one.customer, orjson.dumps(told).decode(), _dumped(seen_so)),
            )
            self._sql.executemany(
                "INSERT INTO held VALUES (?, ?)", [(key, one.number) for key in held]
            )
            self._sql.executemany(
                "INSERT INTO said VALUES (?, ?)", [(name, one.number) for name in one.joined()]
            )

    def count(self) -> None:
        """Count the people of every identifier from all who hold it."""
        self._sql.executescript(_INDEXES)
        rows = self._sql.execute(
            "SELECT held.key, profile.told FROM held JOIN profile USING (number) ORDER BY held.key"
        )
        for key, holders in groupby(rows, key=lambda row: row[0]):
            people, generic = None, False
            if namespace_of(key) in self.policy.counted:
                told = (
                    {kind: frozenset(values) for kind, values in orjson.loads(text).items()}
                    for _, text in holders
                )
                people = Summary.of(told).people(namespace_of(key), self.policy)
                value = key if key.startswith(OURS) else key.partition("|")[2]
                generic = key in self.blocked or is_generic(people, value, self.policy)
            self._sql.execute("INSERT INTO identifier VALUES (?, ?, ?)", (key, people, generic))

    def components(self) -> Iterator[dict[str, Member]]:
        """The components by the policy, each with its members by key."""
        self._connect(self._ways())
        rows = self._sql.execute("SELECT root, number, member FROM profile ORDER BY root, number")
        for root, found in groupby(rows, key=lambda row: row[0]):
            counts = {
                key: Held(key, people, bool(generic))
                for key, people, generic in self._sql.execute(
                    "SELECT DISTINCT identifier.* FROM profile JOIN held USING (number) "
                    "JOIN identifier USING (key) WHERE root = ?",
                    (root,),
                )
            }
            members = (_loaded(text).with_counts(counts) for _, _, text in found)
            yield {one.key: one for one in members}

    def decide(self, customer_of: Iterable[tuple[int, str]]) -> None:
        """Note which customers profiles would have."""
        self._sql.executemany(
            "UPDATE profile SET after = ? WHERE number = ?", [(to, at) for at, to in customer_of]
        )

    def customers_then(self, numbers: Iterable[int]) -> dict[int, str]:
        """The customers that profiles would have, by number."""
        found: dict[int, str] = {}
        for number in numbers:
            for (then,) in self._sql.execute(
                "SELECT after FROM profile WHERE number = ?", (number,)
            ):
                found[number] = then
        return found

    def exchanges(self) -> Iterator[list[tuple[str, str, str]]]:
        """Key, customer and customer then, of those whose customers have profiles of each other."""
        self._connect(
            f"SELECT {name}, number FROM profile WHERE {name} IS NOT NULL ORDER BY {name}"  # noqa: S608 - the names are ours
            for name in ("customer", "after")
        )
        rows = self._sql.execute(
            "SELECT root, member, customer, after FROM profile "
            "WHERE customer IS NOT NULL AND after IS NOT NULL ORDER BY root, number"
        )
        for _, found in groupby(rows, key=lambda row: row[0]):
            yield [(_loaded(text).key, was, then) for _, text, was, then in found]

    def _ways(self) -> Iterator[str]:
        spaces = ", ".join(f"'{name}'" for name in sorted(self.policy.leads))
        yield (
            "SELECT held.key, number FROM held JOIN identifier USING (key) WHERE generic = 0 "  # noqa: S608 - names of the policy
            f"AND substr(held.key, 1, instr(held.key, '|') - 1) IN ({spaces}) ORDER BY held.key"
        )
        yield "SELECT decision, number FROM said ORDER BY decision"

    def _connect(self, ways: Iterable[str]) -> None:
        roots = Roots(self.last)
        for way in ways:
            for _, rows in groupby(self._sql.execute(way), key=lambda row: row[0]):
                roots.connect(number for _, number in rows)
        numbers = [row[0] for row in self._sql.execute("SELECT number FROM profile")]
        self._sql.executemany(
            "UPDATE profile SET root = ? WHERE number = ?",
            ((roots.find(one), one) for one in numbers),
        )
        self._sql.execute("DROP INDEX IF EXISTS profile_root")
        self._sql.execute(_ROOTS)


def _dumped(one: Member) -> str:
    plain = one._replace(held=(), fields=None, decided=(), matches=(), corrected=())
    held = [(link.key, link.used) for link in one.held]
    return orjson.dumps([list(plain), held, [said.dumps() for said in one.decided]]).decode()


def _loaded(text: str) -> Member:
    plain, held, decided = orjson.loads(text)
    return Member(*plain)._replace(
        held=tuple(Held(key, None, False, used) for key, used in held),
        decided=tuple(map(Decided.loads, decided)),
        matches=(),
        corrected=(),
    )
