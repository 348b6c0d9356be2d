"""Query: what somebody typed, as words and numbers to look for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from string import ascii_lowercase

from customers.access.masks import Masks
from customers.errors import InvalidInputError
from customers.identity.evidence import namespace_of
from customers.identity.normalise import RefusedError, identifier_key
from customers.identity.policy import Policy
from customers.search.card import DOMAIN, DOUBTFUL, PHONE, PLACE, SHORTEST, START, TAIL, words

LONGEST_TEXT = 200
# Words that are looked for; what is typed after them is not.
MOST_WORDS = 6
# A word this long may be mistyped.
MISTYPED = 4
# A number of so many digits, however they are set apart.
_NUMBER = re.compile(r"(?<![\w@.])[+(]*\d(?:[ ()./-]{0,3}\d){5,17}(?![\w@])")
_APART = re.compile(r"[\s,;<>\"]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word to look for; `typed` is the part of the text that it comes from.

    `stem` is the word as names are compared; `digits` the end of a number instead; `domain` the
    part of the text as the domain of a mailbox, where it may be one.
    """

    typed: str
    stem: str = ""
    digits: str = ""
    domain: str = ""

    def keys(self) -> set[str]:
        """Tokens that are exactly what was typed."""
        if self.digits:
            exact = {PHONE + self.digits[-TAIL:]}
        else:
            exact = {self.stem} if self.stem else set()
            exact |= {DOMAIN + self.domain} if self.domain else set()
        return exact | {DOUBTFUL + one for one in exact}

    def mistyped(self) -> set[str]:
        """Tokens from which it is one slip away."""
        may_be = len(self.stem) >= MISTYPED and self.stem.isalpha()
        return slips(self.stem) if may_be else set()

    def beginnings(self) -> set[str]:
        """What tokens begin with that it is the beginning of."""
        found = {self.stem, DOMAIN + self.stem} if len(self.stem) >= START else set()
        return found | ({DOMAIN + self.domain} if len(self.domain) >= START else set())

    def places(self) -> set[str]:
        """Tokens that only narrow: a city."""
        return {PLACE + self.stem, DOUBTFUL + PLACE + self.stem} if self.stem else set()


@dataclass(frozen=True, slots=True)
class Query:
    """A `text`: its words, and the parts of it that may be a number or id as they stand.

    `identifiers` are keys with the part that they come from; `ids` are orders' or rows' ids.
    """

    text: str
    words: tuple[Word, ...]
    identifiers: dict[str, str]
    ids: dict[str, str]

    def seen_by(self, masks: Masks) -> "Query":
        """The same without identifiers, and ids that stand for some, which are masked."""
        return replace(
            self,
            identifiers={
                key: typed
                for key, typed in self.identifiers.items()
                if masks.clear_namespace(namespace_of(key))
            },
            ids={one: typed for one, typed in self.ids.items() if masks.source_id(one) == one},
        )

    def covered(self, typed: str) -> set[int]:
        """The words (by place) of a part of the text, or of all of it."""
        return {n for n, word in enumerate(self.words) if typed in (word.typed, self.text)}


def query_of(text: str, policy: Policy) -> Query:
    """What to look for.

    Raises:
        InvalidInputError: longer than anybody types.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidInputError(
            f"`text` must have at most {LONGEST_TEXT} characters, not {len(text)}."
        )
    whole = " ".join(text.split())
    parts = list(dict.fromkeys(_parts(whole)))
    values = [part for part in dict.fromkeys((whole, *parts)) if len(part) >= SHORTEST]
    identifiers: dict[str, str] = {}
    ids: dict[str, str] = {}
    for value in values:
        for key in _identifiers(value, policy):
            identifiers.setdefault(key, value)
        for one in _ids(value, policy):
            ids.setdefault(one, value)
    found = dict.fromkeys(word for part in parts for word in _words(part))
    return Query(whole, tuple(found)[:MOST_WORDS], identifiers, ids)


def _parts(text: str) -> Iterator[str]:
    """Numbers as wholes, and what stands between blanks and commas besides."""
    end = 0
    for number in _NUMBER.finditer(text):
        yield from filter(None, _APART.split(text[end : number.start()]))
        yield number[0]
        end = number.end()
    yield from filter(None, _APART.split(text[end:]))


def _words(part: str) -> Iterator[Word]:
    if _NUMBER.fullmatch(part):
        yield Word(part, digits=re.sub(r"\D", "", part))
        return
    local, at, domain = part.rpartition("@")
    if at:
        yield from (Word(part, stem) for stem in words(re.sub(r"[\d_.]+", " ", local)))
        yield from (Word(part, domain=domain.lower()) for _ in range(bool(domain)))
        return
    domain = part.lower() if re.fullmatch(r"[\w-]+(\.[\w-]+)+", part) else ""
    letters = words(re.sub(r"[\d_.]+", " ", part)) or words(part)
    yield from (Word(part, stem, domain=domain) for stem in letters)


def _identifiers(value: str, policy: Policy) -> Iterator[str]:
    """The keys that a value would have in any namespace that the policy declares."""
    for namespace in policy.namespaces:
        try:
            yield identifier_key(namespace, value, policy)[0]
        except RefusedError:
            continue


def _ids(value: str, policy: Policy) -> Iterator[str]:
    """The ways in which a source may have written an id; no placeholders."""
    for one in (value, value.lstrip("#№ ")):
        if len(one) >= SHORTEST and not policy.blocked_pattern.matches(one):
            yield from (one, one.upper(), one.lower())


def slips(word: str) -> set[str]:
    """All words that one letter dropped, added, changed or swapped with the next makes of it."""
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    found = {start + end[1:] for start, end in halves if end}
    found |= {word[:n] + b + a + word[n + 2 :] for n, (a, b) in enumerate(pairwise(word))}
    found |= {start + letter + end for start, end in halves for letter in ascii_lowercase}
    found |= {
        start + letter + end[1:] for start, end in halves if end for letter in ascii_lowercase
    }
    return found - {word}


def all_of(sets: Iterable[set[str]]) -> list[str]:
    """Members of any of the sets, sorted."""
    return sorted(set().union(*sets))
