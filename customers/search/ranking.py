"""Ranking: how well a customer fits what was typed, and for what reasons."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from customers.identity.names import slip
from customers.search.card import Card, mailbox_words, words
from customers.search.query import MISTYPED, Query, Word

# What a reason is worth from 0 to 1: the value as a whole; a word of it; a word with a slip; a
# word's beginning, the more the longer; the domain of a mailbox, or the city, which many share.
WHOLE, WORD, SLIPPED, BEGUN, SHARED = 1.0, 0.9, 0.7, 0.6, 0.5
# A mailbox tells a little less of a name than the name does.
MAILBOX = 0.95


class Kind(StrEnum):
    """What of a customer was found."""

    NAME = "NAME"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    ORDER = "ORDER"
    IDENTIFIER = "IDENTIFIER"
    CITY = "CITY"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a customer is a hit: `matched` of what we know is `typed` in the text.

    `exact` unless a slip or a beginning was made up for.
    """

    kind: Kind
    matched: str
    typed: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A value by which the graph itself found a customer: an order, an identifier, a row's id."""

    kind: Kind
    matched: str
    typed: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that may be meant."""

    id: str
    number: int
    card: Card
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that was found; `score` from 0 to 1."""

    id: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    candidate: Candidate
    words: int
    score: float
    reasons: tuple[Reason, ...]

    @property
    def rank(self) -> tuple[bool, float, int]:
        return (not self.candidate.card.trusted, -self.score, self.candidate.number)


def ranked(candidates: Iterable[Candidate], query: Query, first: int) -> list[Hit]:
    """The best `first`: of the customers that have most of the words those who fit them best.

    Customers whom no trusted source knows come last. Of equals who is known longest comes first.
    """
    fits = [fit for one in candidates if (fit := _fit(one, query)) is not None]
    relied = [one for one in fits if one.candidate.card.trusted] or fits
    most = max((one.words for one in relied), default=0)
    best = sorted((one for one in fits if one.words >= most), key=lambda one: one.rank)
    return [Hit(one.candidate.id, one.score, one.reasons) for one in best[:first]]


def _fit(candidate: Candidate, query: Query) -> _Fit | None:
    scores: list[float] = []
    reasons: dict[Reason, None] = {}
    known = [one for one in candidate.known if one.trusted or not candidate.card.trusted]
    covered: set[int] = set()
    for one in known:
        covered |= query.covered(one.typed)
        reasons[Reason(one.kind, one.matched, one.typed, exact=True)] = None
    for place, word in enumerate(query.words):
        found = max(_reasons(candidate.card, word), key=lambda one: one[0], default=None)
        if place in covered:
            scores.append(WHOLE)
        elif found is not None:
            scores.append(found[0])
            reasons[found[1]] = None
    # What many share narrows, and is a reason by itself where it is all that was typed.
    if not reasons or (max(scores, default=WHOLE) <= SHARED and len(scores) < len(query.words)):
        return None
    score = sum(scores) / len(query.words) if query.words else WHOLE
    return _Fit(candidate, len(scores) or 1, round(score, 4), tuple(reasons))


def _reasons(card: Card, word: Word) -> Iterator[tuple[float, Reason]]:
    """What speaks for a word, the first of equal worth counts."""
    if word.digits:
        yield from _phones(card.phones, word)
        return
    if word.stem:
        for name in card.names:
            yield from _worded(Kind.NAME, name, words(name), word, 1.0)
    for email in card.emails:
        local, _, domain = email.rpartition("@")
        if word.stem:
            yield from _worded(Kind.EMAIL, email, mailbox_words(local), word, MAILBOX)
        for typed in filter(None, (word.domain, word.stem)):
            if domain.startswith(typed):
                yield SHARED, Reason(Kind.EMAIL, email, word.typed, exact=domain == typed)
    for city in card.cities:
        if word.stem in words(city):
            yield SHARED, Reason(Kind.CITY, city, word.typed, exact=True)


def _worded(
    kind: Kind, value: str, parts: Sequence[str], word: Word, worth: float
) -> Iterator[tuple[float, Reason]]:
    for part in parts:
        if part == word.stem:
            yield (
                (WHOLE if len(parts) == 1 else WORD) * worth,
                Reason(kind, value, word.typed, exact=True),
            )
        elif len(word.stem) >= MISTYPED and slip(part, word.stem):
            yield SLIPPED * worth, Reason(kind, value, word.typed, exact=False)
        elif part.startswith(word.stem):
            begun = BEGUN * len(word.stem) / len(part)
            yield begun * worth, Reason(kind, value, word.typed, exact=False)


def _phones(phones: Iterable[str], word: Word) -> Iterator[tuple[float, Reason]]:
    # Before the number that all notations share stand 0, 00 or 011, or nothing.
    typed = word.digits.lstrip("0")
    for phone in phones:
        digits = phone.lstrip("+")
        if digits == typed:
            yield WHOLE, Reason(Kind.PHONE, phone, word.typed, exact=True)
        elif digits.endswith(typed):
            yield WORD, Reason(Kind.PHONE, phone, word.typed, exact=False)
