"""Expected: what an import would do, found out without writing."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from customers.identity.compared import blocking_keys, compared
from customers.identity.component import Held, Member, components, people_of
from customers.identity.partition import partition
from customers.identity.people import Summary, Told, is_generic, told_by
from customers.identity.policy import Policy
from customers.ingest.entry_file import EntryFile
from customers.ingest.files import Progress, checked_chunks
from customers.ingest.formats.entry import Entry
from customers.ingest.formats.layout import Layout
from customers.ingest.mapping.mapping import MapFile
from customers.ingest.prepare import Prepared
from customers.ingest.queue import Rejected
from customers.ingest.report import Report
from customers.traits import Traits, dumps, with_values

# Values in a reason, without which there are as many reasons as kinds of mistakes.
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\d+")
# Rows that are shown, of those that are wrong.
SHOWN = 5
SHOWN_CHARACTERS = 200
# A profile takes some two kilobytes here: of a file with more nobody says how many customers.
MOST_PROFILES = 100_000


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that would be rejected."""

    line: int
    reason: str
    record: str


@dataclass(slots=True)
class Expected:
    """What an import of a file would do to an empty graph.

    `identifiers` counts those of each namespace as often as they are named, and `undeclared` are
    the namespaces that the policy does not know. `profiles` and `customers` are what the records of
    this file alone make, by the policy; None where it has too many profiles to say. What the graph
    has already is not looked at: its customers may take some of them in.
    """

    layout: str = ""
    records: int = 0
    rejected: int = 0
    identifiers: dict[str, int] = field(default_factory=dict)
    undeclared: list[str] = field(default_factory=list)
    interactions: int = 0
    deletions: int = 0
    profiles: int | None = None
    customers: int | None = None
    refused: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)


async def expect(
    path: str,
    policy: Policy,
    *,
    layout: Layout | None = None,
    said: MapFile | None = None,
    most: int = MOST_PROFILES,
    progress: Progress = lambda *_: None,
) -> Expected:
    """Read and check all of a file, as `import_file` does, and write nothing.

    Customers are counted while it has at most `most` profiles.

    Raises:
        InvalidInputError: the file cannot be read.
    """
    found, report = Expected(), Report()
    named: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    everybody: _Everybody | None = _Everybody()
    with EntryFile(path, layout, said) as file:
        await file.look()
        await file.begin()
        found.layout = file.layout.told()
        async for chunk in checked_chunks(file, policy):
            for entry, one in chunk:
                if isinstance(one, Rejected):
                    reasons[QUOTED.sub("…", one.reason)] += 1
                    if len(found.bad) < SHOWN:
                        found.bad.append(_bad(entry, one))
                    continue
                found.records += 1
                found.interactions += one.interaction is not None
                found.deletions += one.deleted
                named.update(identifier.namespace for identifier in one.identifiers)
                for refused in one.refused:
                    report.count_refused(refused)
                if everybody is not None:
                    everybody.add(one)
            if everybody is not None and len(everybody.known) > most:
                everybody = None
            progress(file.position(), file.size, found.records + sum(reasons.values()))
    found.rejected = sum(reasons.values())
    found.reasons = dict(reasons.most_common(SHOWN))
    found.refused = report.refused
    found.identifiers = dict(sorted(named.items()))
    found.undeclared = sorted(named.keys() - policy.namespaces.keys())
    if everybody is not None:
        found.profiles, found.customers = len(everybody.known), everybody.customers(policy)
    return found


def _bad(entry: Entry, why: Rejected) -> BadRow:
    came = entry.came
    if isinstance(came, bytes):
        came = came.decode("utf-8", "backslashreplace")
    elif not isinstance(came, str):
        came = ", ".join(f"{name}={value}" for name, value in came.items() if value is not None)
    return BadRow(entry.number, why.reason, came[:SHOWN_CHARACTERS])


@dataclass(slots=True)
class _Somebody:
    """A profile as its records made it; identifiers with the time when each was last seen."""

    source: str
    identifiers: dict[str, int] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    traits: Traits = field(default_factory=dict)
    replaced: int = 0


class _Everybody:
    """The profiles of a file, in memory."""

    def __init__(self) -> None:
        self.known: dict[str, _Somebody] = {}

    def add(self, record: Prepared) -> None:
        """Take in a record."""
        if record.deleted:
            self.known.pop(record.profile, None)
            return
        one = self.known.get(record.profile)
        if one is None or (record.replace and record.at >= one.replaced):
            # A snapshot leaves nothing of what came before.
            one = self.known[record.profile] = _Somebody(
                record.source, replaced=record.at if record.replace else 0
            )
        elif record.at < one.replaced:
            return
        for identifier in record.identifiers:
            one.identifiers[identifier.key] = max(record.at, one.identifiers.get(identifier.key, 0))
            one.values[identifier.key] = identifier.value
        one.traits = with_values(one.traits, record.traits, record.at)

    def customers(self, policy: Policy) -> int:
        """How many people they are."""
        members = self._members(policy)
        return sum(
            len(
                partition(
                    {one.key: one.evidence(policy) for one in component},
                    people_of(component),
                    policy,
                )
            )
            for component in components(members, policy)
        )

    def _members(self, policy: Policy) -> dict[str, Member]:
        summaries, values = self._summaries(policy)
        held = {
            key: Held(key, people, is_generic(people, values.get(key, key), policy))
            for key, summary in summaries.items()
            if (people := summary.people(key.partition("|")[0], policy))
        }
        return {
            key: Member(
                key=key,
                number=number,
                customer_id=str(number),
                source=one.source,
                traits=dumps(one.traits),
                customer=None,
                held=tuple(
                    held[name]._replace(used=used) for name, used in sorted(one.identifiers.items())
                ),
            )
            for number, (key, one) in enumerate(self.known.items(), 1)
        }

    def _summaries(self, policy: Policy) -> tuple[Mapping[str, Summary], Mapping[str, str]]:
        told: dict[str, list[Told]] = defaultdict(list)
        values: dict[str, str] = {}
        for one in self.known.values():
            fields, trusted = compared(one.traits, policy), policy.trusts(one.source)
            if trusted:
                one.identifiers |= dict.fromkeys(blocking_keys(fields, policy), 0)
            says = told_by(one.identifiers, fields, policy, trusted=trusted)
            for key in one.identifiers:
                told[key].append(says)
            values |= one.values
        return {key: Summary.of(says) for key, says in told.items()}, values
