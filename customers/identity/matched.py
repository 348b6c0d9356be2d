"""Matched: the possible matches that are stored, and what differs from those that there are. Pure.

A customer has the text of each of its matches, and so resolution has it with the members. What
people said of a match is noted at the two profiles that gave its customers their ids, as every
decision is: it holds for whichever customers these are of, while the evidence is the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from customers.identity.component import Member
from customers.identity.decided import DISMISSED, NEVER, SNOOZED, Decided, apart
from customers.identity.possible import Kind, Possible, Suggestion
from customers.ids import match_id
from cypher import Row

OPEN = "open"
# Between the evidence that was snoozed and until when it is.
_UNTIL = "~"
# The order is that of the texts: the larger score comes first.
_TOP, _WIDTH = 1_000_000, 17

NOBODY: Mapping[str, None] = MappingProxyType({})
NOWHERE: frozenset[tuple[str, str]] = frozenset()

Pair: TypeAlias = tuple[str, str]
# By customer, on which sides it is of what people decided never to link.
Sides: TypeAlias = Mapping[str, frozenset[tuple[str, str]]]


class Word(NamedTuple):
    """What somebody said of a match by a decision: `until` is 0 of one that was dismissed."""

    kind: str
    decision: str
    evidence: str
    until: int = 0

    @classmethod
    def of(cls, said: Decided) -> "Word":
        """The word that is noted at a profile."""
        evidence, _, until = said.side.partition(_UNTIL)
        return cls(said.kind, said.decision, evidence, int(until or 0))

    def side(self) -> str:
        """As it is noted beside kind and decision."""
        return f"{self.evidence}{_UNTIL}{self.until}" if self.until else self.evidence


class Standing(NamedTuple):
    """A match as it is stored; `one` and `other` are customers, the lower id first.

    `decision` is the last word on it: where the match is open, the evidence has changed since.
    `by` is who proposed it, "" where the partition found it; of a proposal the evidence are two
    digests, of what was known of the one and of the other.
    """

    one: str
    other: str
    kind: str
    score: float
    suggestion: str
    evidence: str
    since: int
    status: str = OPEN
    decision: str = ""
    until: int = 0
    by: str = ""

    @classmethod
    def loads(cls, text: str) -> "Standing":
        """Read what `dumps` wrote."""
        _, one, other, kind, score, suggestion, evidence, since, status, decision, until, *by = (
            text.split("|")
        )
        known = one, other, kind, float(score), suggestion, evidence, int(since)
        return cls(*known, status, decision, int(until), *by)

    def dumps(self) -> str:
        """The text at its customers; it begins with the id, and names who proposed it last."""
        return "|".join([self.id, *map(str, self if self.by else self[:-1])])

    def fresh(self) -> "Standing":
        """The same, as if nobody had said anything of it."""
        return self._replace(status=OPEN, decision="", until=0)

    @property
    def id(self) -> str:
        """The id of a match of these two, whenever there is one."""
        return match_id(self.one, self.other)

    @property
    def pair(self) -> Pair:
        """The customers."""
        return self.one, self.other

    def row(self) -> Row:
        """As it is written."""
        return {
            "id": self.id,
            "kind": self.kind,
            "score": self.score,
            "suggestion": self.suggestion,
            "evidence": self.evidence,
            "since": self.since,
            "status": self.status,
            "decision": self.decision or None,
            "until": self.until or None,
            "proposedBy": self.by or None,
            # Backwards, so that ids which begin alike lie all over the order.
            "place": f"{self.status}|{rank(self.score)}|{self.id[::-1]}",
            "customers": list(self.pair),
        }


def rank(score: float) -> str:
    """Texts in the order of scores, the largest first."""
    return f"{_TOP - score:0{_WIDTH}.9f}"


class Awaiting(NamedTuple):
    """A possible match of the partition, by profiles, and what is suggested."""

    found: Possible[str]
    suggestion: Suggestion


@dataclass(slots=True)
class Matching:
    """Matches to write, ids of those to forget, and by customer the texts that change."""

    rows: list[Row] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)

    def __or__(self, other: "Matching") -> "Matching":
        """The two as one."""
        return Matching(self.rows + other.rows, self.gone + other.gone, self.notes + other.notes)


def matching(  # noqa: PLR0917 - what there is, and what there was
    awaiting: Sequence[Awaiting],
    noted: Iterable[str],
    members: Mapping[str, Member],
    customer_of: Mapping[str, str],
    now: int,
    kept: Collection[str] = (),
    told: Mapping[str, str | None] = NOBODY,
) -> Matching:
    """What differs from the matches that are `noted` at the customers of `members`.

    `customer_of` has the customers as they are now. Matches of `kept` ones stay as they are.
    `told` are those with proposals: the digest of what a tool would be told of them now, None of
    one that is gone. The other of the two may be elsewhere, and is then as it was.
    """
    known = {text: Standing.loads(text) for text in {*noted}}
    stored = {
        one.pair: one for one in known.values() if one.one not in kept and one.other not in kept
    }
    if not awaiting and not stored:
        return Matching()
    since = _since(stored.values(), members, customer_of)
    words = words_of(members.values(), customer_of)
    wanted: dict[Pair, Standing] = {}
    for one, suggestion in awaiting:
        pair = pair_of(customer_of[one.one], customer_of[one.other])
        if pair[0] in kept or pair[1] in kept:
            continue
        evidence = one.evidence()
        wanted[pair] = said(
            Standing(
                *pair, one.kind.value, one.score, suggestion.value, evidence, since.get(pair, now)
            ),
            words.get(pair, ()),
        )
    proposals = [one for pair, one in stored.items() if one.by and pair not in wanted]
    sides = sides_of(members.values(), customer_of) if proposals else {}
    for old in proposals:
        if _holds(old, told) and apart(*(sides.get(of, NOWHERE) for of in old.pair)) is None:
            both = all(customer in told for customer in old.pair)
            wanted[old.pair] = said(old.fresh(), words.get(old.pair, ())) if both else old
    return differences(stored, wanted)


def proposed_of(texts: Iterable[str]) -> set[str]:
    """The customers of the proposals among the texts of matches."""
    found = (Standing.loads(text) for text in texts if f"|{Kind.PROPOSED}|" in text)
    return {customer for one in found for customer in one.pair}


def _holds(one: Standing, told: Mapping[str, str | None]) -> bool:
    """Whether both customers of a proposal are what they were, as far as it is known."""
    half = len(one.evidence) // 2
    digests = one.evidence[:half], one.evidence[half:]
    return all(told.get(of, was) == was for of, was in zip(one.pair, digests, strict=True))


def sides_of(members: Iterable[Member], customer_of: Mapping[str, str]) -> Sides:
    """On which sides customers are of what people decided never to link."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in members:
        found[customer_of[one.key]].update(
            (each.decision, each.side) for each in one.decided if each.kind == NEVER
        )
    return {customer: frozenset(sides) for customer, sides in found.items()}


def pair_of(a: str, b: str) -> Pair:
    """Two customers, the lower id first."""
    return (a, b) if a < b else (b, a)


def _since(
    stored: Iterable[Standing], members: Mapping[str, Member], customer_of: Mapping[str, str]
) -> dict[Pair, int]:
    """Since when the customers of today await a person, be it under other ids."""
    now_of = {one.customer_id: customer_of[key] for key, one in members.items()}
    found: dict[Pair, int] = {}
    for one in stored:
        a, b = now_of.get(one.one, one.one), now_of.get(one.other, one.other)
        pair = pair_of(a, b)
        found[pair] = min(one.since, found.get(pair, one.since))
    return found


def words_of(
    members: Iterable[Member], customer_of: Mapping[str, str]
) -> Mapping[Pair, Sequence[Word]]:
    """What people said of matches, by the customers that these are of now."""
    about: dict[Word, set[str]] = defaultdict(set)
    for one in members:
        for noted in one.decided:
            if noted.kind in (DISMISSED, SNOOZED):
                about[Word.of(noted)].add(customer_of[one.key])
    found: dict[Pair, list[Word]] = defaultdict(list)
    for word, customers in about.items():
        if len(customers) > 1:
            found[pair_of(*customers)].append(word)
    return found


def said(match: Standing, words: Iterable[Word]) -> Standing:
    """The match with the word that counts: one of the same evidence, else any of another."""
    word = max(
        words,
        key=lambda one: (one.evidence == match.evidence, one.kind == DISMISSED, *one[1:]),
        default=None,
    )
    if word is None:
        return match
    if word.evidence != match.evidence:
        return match._replace(decision=word.decision)
    return match._replace(status=word.kind, decision=word.decision, until=word.until)


def differences(stored: Mapping[Pair, Standing], wanted: Mapping[Pair, Standing]) -> Matching:
    """What must be written so that what is stored is what is wanted."""
    changed = [one for pair, one in wanted.items() if stored.get(pair) != one]
    gone = [one for pair, one in stored.items() if pair not in wanted]
    notes: dict[str, Row] = {}
    for one, text in _texts(changed, gone):
        for customer in one.pair:
            note = notes.setdefault(customer, {"customer": customer, "drop": [], "add": []})
            note["drop"].append(one.id)
            note["add"] += text
    return Matching(
        sorted((one.row() for one in changed), key=lambda row: str(row["id"])),
        sorted(one.id for one in gone),
        [notes[customer] for customer in sorted(notes)],
    )


def _texts(
    changed: Iterable[Standing], gone: Iterable[Standing]
) -> Iterator[tuple[Standing, list[str]]]:
    yield from ((one, []) for one in gone)
    yield from ((one, [one.dumps()]) for one in changed)
