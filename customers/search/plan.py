"""Plan: from which tokens to go to customers, so that a name that thousands have stays cheap."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from customers.search.card import DOMAIN, DOUBTFUL
from customers.search.query import Query, Word
from cypher import Row

# Customers that all tokens together may lead to; one that leads to more may be the only one, up to
# bounds of its own: where other words narrow what it leads to, and where it is all that was typed,
# so that the longest known will do. Tokens of one word.
MOST_LED, MOST_NARROWED, MOST_ALONE, MOST_TOKENS = 300, 8_000, 500, 24
# What it says for a customer that a token is found: typed so, one slip away, only begun with it;
# last, typed so, but known of nobody who is trusted.
EXACT, SLIP, BEGUN, DOUBTED = 100, 60, 50, 40


@dataclass(slots=True)
class Plan:
    """Tokens to start from, with the word (by place) that they stand for and its weight.

    `others` are the tokens, by word, that narrow without being gone to: what too many have. One of
    these is `spare`: to start from where nobody who has all of the words is found.
    """

    starts: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    spare: Row | None = None

    def crowd(self) -> list[str]:
        """Every token that narrows."""
        return sorted({key for one in self.others for key in one["keys"]})


def plan(query: Query, counts: Mapping[str, int]) -> Plan:
    """How to find what has most of the words; `counts` has the customers of each token there is.

    What is typed exactly comes before slips and beginnings, what few have before what many have. A
    word that is too many's name as it is typed is not looked for as a slip of another.
    """
    choices = sorted(
        (-weight, counts[key], key, place)
        for place, word in enumerate(query.words)
        for key, weight in _foremost(word, counts)
    )
    made, left = Plan(), MOST_LED
    narrowing: dict[int, set[str]] = {n: word.places() for n, word in enumerate(query.words)}
    crowds: dict[int, Row] = {}
    skipped: list[Row] = []
    for negative, count, key, place in choices:
        start = {"key": key, "word": place, "weight": -negative}
        if count <= left and place not in crowds:
            left -= count
            made.starts.append(start)
        else:
            narrowing[place].add(key)
            skipped.append(start)
            if -negative == EXACT:
                crowds.setdefault(place, start)
    most = MOST_NARROWED if len(query.words) > 1 else MOST_ALONE
    few = [one for one in (*crowds.values(), *skipped) if counts[one["key"]] <= most]
    if not made.starts:
        made.starts = [one for one in few if not crowds or one["weight"] == EXACT][:1]
    elif len(query.words) > 1:
        made.spare = next(iter(few), None)
    made.others = [{"word": n, "keys": sorted(keys)} for n, keys in narrowing.items() if keys]
    return made


def _foremost(word: Word, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    found = sorted(_weighed(word, counts), key=lambda one: (-one[1], -counts[one[0]], one[0]))
    return found[:MOST_TOKENS]


def _weighed(word: Word, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    exact = word.keys() & counts.keys()
    slipped = (word.mistyped() & counts.keys()) - exact
    begins = tuple(word.beginnings())
    begun = {
        key
        for key in counts
        if begins and key.startswith(begins) and key not in exact and key not in slipped
    }
    return [
        *((key, DOUBTED if key.startswith(DOUBTFUL) else EXACT) for key in exact),
        *((key, SLIP) for key in slipped),
        *((key, BEGUN - key.startswith(DOMAIN)) for key in begun),
    ]
