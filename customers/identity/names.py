"""Names as people write them: accents, titles, suffixes, nicknames, and which of two are one."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from anyascii import anyascii
from nicknames import name_triplets
from rapidfuzz.distance import OSA, JaroWinkler

LONG_NAME = 5  # in a shorter name a slip makes another name
NEAR = 0.88  # Jaro-Winkler similarity from which two long names are one
SLIPS = 2  # of one name there are no more
SHORTEST_TOKEN = 3  # a shared part of a double name says something from this length on

# Slips turn a name that was written down this often into other names now and then.
MANY_NAMES = 8

AGREE, NEITHER, DIFFER = 1, 0, -1

TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "drmed",
        "prof",
        "dipl",
        "dipling",
        "sir",
        "rev",
        "herr",
        "frau",
        "mme",
        "mlle",
    }
)
# What follows one of them and belongs to it: Dr. med., Prof. Dr. rer. nat.
OF_TITLES = frozenset(
    {
        "med",
        "dent",
        "vet",
        "rer",
        "nat",
        "pol",
        "oec",
        "phil",
        "jur",
        "iur",
        "theol",
        "ing",
        "habil",
    }
)
DEGREES = frozenset({"md", "phd", "esq", "dds"})
PARTICLES = frozenset(
    {
        "de",
        "la",
        "del",
        "der",
        "den",
        "van",
        "von",
        "bin",
        "ibn",
        "al",
        "el",
        "di",
        "da",
        "dos",
        "du",
        "le",
        "mac",
        "mc",
    }
)
# What ends the name of a company, and never that of a person.
COMPANIES = frozenset(
    {"inc", "ltd", "limited", "llc", "gmbh", "corp", "corporation", "company", "plc", "srl", "kg"}
)
GENERATIONS = {
    "sr": "1", "senior": "1", "jr": "2", "junior": "2", "jnr": "2", "ii": "2", "2nd": "2",
    "iii": "3", "3rd": "3", "iv": "4", "4th": "4", "filho": "2", "fils": "2", "hijo": "2",
}  # fmt: skip


# What stands behind a family name and is no given one.
NO_NAMES = TITLES | DEGREES | GENERATIONS.keys() | COMPANIES
# Names in their own right, elsewhere than in a suffix.
SUFFIX_GENERATIONS = {"neto": "3", "padre": "1", "pere": "1"}
# So are these, unless a point says that they are short.
SHORT_GENERATIONS = {"sen": "1", "jun": "2", "da": "1", "dj": "2"}
# Generations by what stands behind a name with a point: the younger, the elder. D. J. are initials.
_BEHIND = [
    (generation, re.compile(rf"(?<=\w)[\s,]+(?:{short})\s*$"))
    for generation, short in (
        ("2", r"d\.\s?[Jj]\.?"),
        ("1", r"(?:d\.\s?[AaÄä]|D\.\s?Ä)\.?"),
        ("2", r"(?i:jun)\."),
        ("1", r"(?i:sen)\."),
    )
]
_VOWELS = re.compile("[aeiouy]")
# One name in three ways of writing it: Abd al-Rahman, Abdul Rahman, Abdelrahman.
_SERVANT = re.compile(r"\babd (?:[aeu]l|a[rsz]) (?=\w)")


class Name(NamedTuple):
    """A name as compared, and the generation that its suffix tells (`2` for a junior)."""

    text: str
    generation: str | None


def latin(text: str) -> str:
    """A text in Latin letters, without accents and case."""
    return anyascii(unicodedata.normalize("NFKC", text)).lower()


@lru_cache(maxsize=65_536)
def name_of(text: str) -> Name:
    """A given or family name without accents, case, punctuation, titles and suffixes."""
    plain = unicodedata.normalize("NFKC", text)
    generation = None
    for told, pattern in _BEHIND:
        if short := pattern.search(plain):
            generation, plain = told, plain[: short.start()]
    plain = latin(plain)
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['`.]", "", plain)).split()
    while len(words) > 1 and (words[-1] in GENERATIONS or words[-1] in DEGREES):
        generation = GENERATIONS.get(words.pop(), generation)
    return Name(_SERVANT.sub("abdul ", " ".join(words[_titles(words) :])), generation)


@lru_cache(maxsize=65_536)
def parted(text: str) -> tuple[str, str] | None:
    """Given and family name out of a name that has a mark between them: ``Moor/Ann Mrs``.

    None where there is none, or only a title or a suffix behind it.
    """
    family, mark, rest = re.sub("[/,]", "\n", text, count=1).partition("\n")
    words = rest.split()
    while words and _plain(words[-1]) in TITLES:
        words.pop()
    told = [word for word in words if _plain(word) not in NO_NAMES]
    return (" ".join(words), family) if mark and told and family.strip() else None


@lru_cache(maxsize=65_536)
def whole(text: str) -> tuple[str, str] | None:
    """Given and family name out of a whole name: ``Ann van der Moor``, ``Moor, Ann``.

    None of a single word, and of a company.
    """
    words = text.split()
    if words and _plain(words[-1]) in COMPANIES:
        return None
    if found := parted(text):
        return found
    words = words[_titles([*map(_plain, words)]) :]
    last = len(words) - 1
    while last > 0 and _plain(words[last]) in GENERATIONS.keys() | DEGREES:
        last -= 1
    first = next((n for n in range(1, last) if _plain(words[n]) in PARTICLES), last)
    return (" ".join(words[:first]), " ".join(words[first:])) if first > 0 else None


def _titles(words: Sequence[str]) -> int:
    """How many words at the beginning are titles; the last word never is."""
    count = 0
    while count < len(words) - 1 and (
        words[count] in TITLES or (count and words[count] in OF_TITLES)
    ):
        count += 1
    return count


def _plain(word: str) -> str:
    return re.sub("[^a-z0-9]", "", word.lower())


@lru_cache(maxsize=1024)
def generation_of(text: str) -> str | None:
    """The generation that a suffix standing alone tells: ``Jr.`` is ``2``."""
    told = GENERATIONS | SUFFIX_GENERATIONS | SHORT_GENERATIONS
    return told.get(_plain(anyascii(text)))


@cache
def _short_forms() -> list[tuple[str, str]]:
    """Names and what is short for them; the English ones are a table of the Apache licence 2.0."""
    pairs = [(formal, short) for formal, _, short in name_triplets()]
    return pairs + [(formal, short) for short, formal in map(_pair, _table()["short"])]


@cache
def _known() -> frozenset[str]:
    """The names of the table, as they are written."""
    return _short_names().union(*_table()["spellings"], *_short_forms())


@cache
def _short_names() -> frozenset[str]:
    """Short names in which another letter makes another name."""
    return frozenset(_table()["names"])


@cache
def _formal() -> dict[str, frozenset[str]]:
    """By sound of a name, those of the names it is short for."""
    found: dict[str, set[str]] = {}
    for formal, short in _short_forms():
        found.setdefault(_sound(short), {_sound(short)}).add(_sound(formal))
    for name in _known():
        found.setdefault(_sound(name), {_sound(name)})
    return {name: frozenset(names) for name, names in found.items()}


@cache
def _table() -> dict[str, list[Any]]:
    """What `given_names.toml` says."""
    text = files("customers.identity").joinpath("given_names.toml").read_text("utf-8")
    return tomllib.loads(text)


def _pair(text: str) -> tuple[str, str]:
    one, _, other = text.partition("/")
    return one, other


@cache
def _spellings() -> dict[str, str]:
    """By spelling of a name, the first one of it."""
    return {name: names[0] for names in _table()["spellings"] for name in names}


@cache
def _variants() -> dict[str, list[str]]:
    """By name, those of other languages that are the same one."""
    return {name: names for names in _table()["variants"] for name in names}


@cache
def _two() -> frozenset[frozenset[str]]:
    """Pairs of names that are never one."""
    return frozenset(frozenset(_pair(text)) for text in _table()["two"])


@lru_cache(maxsize=65_536)
def nicknamed(a: str, b: str) -> bool:
    """Whether one is short for the other, or both, which sound alike, for a third: Bob and Rob."""
    formal, one, other = _formal(), _sound(a), _sound(b)
    ours, theirs = formal.get(one, frozenset()), formal.get(other, frozenset())
    if one in theirs or other in ours:
        return True
    return (a[:1] == b[:1] or slip(a, b)) and not ours.isdisjoint(theirs)


@lru_cache(maxsize=65_536)
def slip(a: str, b: str) -> bool:
    """At most one letter dropped, added, changed or two neighbours swapped."""
    return OSA.distance(a, b, score_cutoff=1) <= 1


@lru_cache(maxsize=65_536)
def near(a: str, b: str) -> bool:
    """One name, perhaps with a slip where it is long enough to tell."""
    if a == b or folded(a) == folded(b):
        return True
    if min(len(a), len(b)) < LONG_NAME:
        return False
    return JaroWinkler.similarity(a, b) >= NEAR or slip(a, b)


def folded(name: str) -> str:
    """The same for ``mueller`` and ``muller``, the two ways to write ``müller`` without dots."""
    return re.sub("([aou])e", r"\1", name)


@lru_cache(maxsize=65_536)
def _sound(name: str) -> str:
    """The same for spellings that sound alike: Marc and Mark, Stephen and Steven."""
    name = _spellings().get(name, name)
    for letters, sound in (
        ("ph", "f"),
        ("ck", "k"),
        ("c", "k"),
        ("z", "s"),
        ("y", "i"),
        ("v", "f"),
    ):
        name = name.replace(letters, sound)
    name = re.sub(r"(.)\1+", r"\1", name[:1] + name[1:].replace("h", ""))
    return re.sub("(ie|ei)$", "i", name)


def is_name(text: str) -> bool:
    """Whether it is a given name in its own right, as far as the table knows.

    A short one as it is written there: `olaa` is a slip, in Olga perhaps, and not another Ola.
    """
    return text in _known() if len(text) < LONG_NAME else _sound(text) in _formal()


def _two_names(a: str, b: str) -> bool:
    """Whether both are names in their own right, so that neither is a slip in the other.

    Names of the table, and pairs such as Daniel and Daniela, Mario and Maria. Patrici is a slip.
    Mara may be Maria without a letter, and is not Sara.
    """
    short, long = sorted((a, b), key=len)
    both = is_name(a) and is_name(b)
    if long in (short + "a", short + "e", short + "ne", short + "lle"):
        return both or (len(short) >= SHORTEST_TOKEN and (is_name(short) or not is_name(long)))
    if both:
        shortened = long.startswith(short) or (len(short) < len(long) and slip(a, b))
        return not (shortened and not _short_names().isdisjoint((a, b)))
    ends = len(a) == len(b) >= SHORTEST_TOKEN and a[:-1] == b[:-1]
    return ends and {a[-1], b[-1]} == {"a", "o"}


@lru_cache(maxsize=65_536)
def given_names(a: str, b: str) -> int:
    """Whether two given names agree: AGREE, DIFFER, or NEITHER where nobody can tell."""
    if a == b:
        return AGREE
    one, other = a.split(), b.split()
    same = one[0] == other[0] and len(one[0]) > 1
    verdict = AGREE if same else _first_names(one[0], other[0])
    if len(one) > 1 and len(other) > 1:
        if verdict != AGREE and (sorted(one) == sorted(other) or _inside(one, other)):
            # The words of one name in another order, or with the family name before them.
            return NEITHER
        # Of two double names, such as those of twins, both parts count.
        return min(verdict, AGREE if one[1] == other[1] else _first_names(one[1], other[1]))
    if verdict != AGREE and len(one) + len(other) > 2:  # noqa: PLR2004 - one is a double name
        short, long = sorted((one, other), key=len)
        if near("".join(one), "".join(other)) or nicknamed(short[0], "".join(long)):
            return AGREE
        if short[0] in long or _initials(short[0], long):
            return NEITHER
    return verdict


def _initials(text: str, names: Sequence[str]) -> bool:
    """Whether it is the first letters of names, JB of Jean-Baptiste, and no name such as Ed."""
    return text == "".join([name[0] for name in names]) and not is_name(text)


def _unvowelled(a: str, b: str) -> bool:
    """Whether one may be the other in a script that leaves vowels out: mhmd, Mohammed, Mahmoud."""
    if bool(_VOWELS.search(a)) == bool(_VOWELS.search(b)):
        return False
    one, other = (re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", name)).rstrip("h") for name in (a, b))
    return one == other and len(one) >= SHORTEST_TOKEN


def _inside(one: list[str], other: list[str]) -> bool:
    """Whether the words of one stand in the other one after the other: Hoang Nam, Le Hoang Nam."""
    short, long = sorted((one, other), key=len)
    starts = range(len(long) - len(short) + 1)
    return any(long[at : at + len(short)] == short for at in starts)


def _first_names(a: str, b: str) -> int:
    if min(len(a), len(b)) == 1:
        return NEITHER if a[0] == b[0] else DIFFER
    if frozenset((a, b)) in _two():
        return DIFFER
    # Two letters the wrong way round make another name of some: Brain, Micheal.
    swapped = len(a) == len(b) and slip(a, b) and sorted(a) == sorted(b)
    if swapped or nicknamed(a, b) or _sound(a) == _sound(b) or b in _variants().get(a, ()):
        return AGREE
    short, long = sorted((a, b), key=len)
    begins = len(short) >= SHORTEST_TOKEN and long.startswith(short) and len(long) > len(short) + 1
    if _two_names(a, b):
        return NEITHER if begins else DIFFER
    # In a name that is known a slip is a slip, in another it may be another name.
    slipped = slip(a, b) and is_name(a) != is_name(b)
    if begins or slipped or near(a, b):
        return AGREE
    return NEITHER if slip(a, b) or _unvowelled(a, b) else DIFFER


@lru_cache(maxsize=65_536)
def family_names(a: str, b: str) -> int:
    """Whether two family names agree; one of a double name does for both, in its place."""
    if a == b:
        return AGREE
    if min(len(a), len(b)) == 1:
        return NEITHER if a[0] == b[0] else DIFFER
    one, other = _own_words(a), _own_words(b)
    joined = a.replace(" ", ""), b.replace(" ", "")
    if near(" ".join(one), " ".join(other)) or (
        slip(*joined) and min(map(len, joined)) >= LONG_NAME
    ):
        return AGREE
    if {word for word in one if len(word) >= SHORTEST_TOKEN} & set(other):
        return NEITHER if _in_other_places(one, other) else AGREE
    return NEITHER if slip(a, b) or _unvowelled(a, b) else DIFFER


def _in_other_places(one: list[str], other: list[str]) -> bool:
    """Whether two double names have one in common that is the first here and the last there.

    So it is with a mother and her child in Spain: Solano Fortuny, Otero Solano.
    """
    both = min(len(one), len(other)) > 1 and set(one) != set(other)
    return both and one[0] != other[0] and one[-1] != other[-1]


def _own_words(name: str) -> list[str]:
    """The words of a family name without those that many have, such as ``van`` and ``der``."""
    words = name.split()
    return [word for word in words if word not in PARTICLES] or words


@lru_cache(maxsize=65_536)
def one_family(a: str, b: str) -> bool:
    """Whether two family names are one in all of their words, but for a slip and particles."""
    a, b = folded(a), folded(b)
    one, other = _own_words(a), _own_words(b)
    if a.replace(" ", "") == b.replace(" ", ""):
        return True
    return len(one) == len(other) and all(
        x == y or (min(len(x), len(y)) >= LONG_NAME and slip(x, y))
        for x, y in zip(one, other, strict=True)
    )


@lru_cache(maxsize=65_536)
def people_named(names: frozenset[str]) -> int:
    """How many people given names seem to be: slips in a name, and its short forms, are one.

    Of a few names those that are names in their own right stand for the others first, then the
    longer ones: a slip between two names does not make them one. Of many, the name that most others
    are like: a customer who was written down a thousand times is one however many slips there are.
    """
    if len(names) < MANY_NAMES:
        return _heads(names, given_names, lambda name, _: (is_name(name), len(name)))
    return _heads(names, _given_or_slip, lambda _, alike: alike)


@lru_cache(maxsize=65_536)
def families_named(names: frozenset[str]) -> int:
    """How many families the names seem to be, in the same way."""
    if len(names) < MANY_NAMES:
        return _heads(names, family_names, lambda name, _: len(name))
    return _heads(names, family_names, lambda _, alike: alike)


def _given_or_slip(a: str, b: str) -> int:
    return max(given_names(a, b), NEITHER if slip(a, b) else DIFFER)


def _heads(
    names: frozenset[str],
    compare: Callable[[str, str], int],
    rank: Callable[[str, int], Any],
) -> int:
    """How many names it takes so that each is like one of them, the highest in rank first."""
    alike = {
        name: {other for other in names if other == name or compare(name, other) > DIFFER}
        for name in names
    }
    left, heads = set(names), 0
    while left:
        head = max(sorted(left), key=lambda name: rank(name, len(alike[name] & left)))
        left -= alike[head]
        heads += 1
    return heads


@lru_cache(maxsize=65_536)
def skeleton(name: str) -> str:
    """What stays of a family name under most slips: its last part's first letter and consonants."""
    longest = max(_own_words(folded(name)), key=len, default=name)
    return longest[:1] + re.sub(r"(.)\1+", r"\1", re.sub("[aeiouyhw]", "", longest[1:]))[:4]


def agreement(kind: str, ours: Collection[str], theirs: Collection[str]) -> int:
    """The best that any value of one side and any of the other come to.

    Given names that are known and two stay so, whatever both were written as besides: M. Neal may
    be Marvin or Megan, and Marvin is not Megan.
    """
    if kind != "given":
        return _best(family_names, ours, theirs)
    full, others = _written_out(ours), _written_out(theirs)
    found = _best(given_names, full, others)
    if found == AGREE or len(full) + len(others) == len(ours) + len(theirs):
        return found
    if found == DIFFER and all(_firmly_two(a, b) for a in full for b in others):
        return DIFFER
    return max(found, _best(given_names, ours, theirs))


def shared_word(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Whether any word that is no initial is in a name of both."""
    if not frozenset(ours).isdisjoint(theirs):
        return True
    words = {word for name in theirs for word in name.split() if len(word) > 1}
    return any(word in words for name in ours for word in name.split())


def _firmly_two(a: str, b: str) -> bool:
    """Whether no slips can have made two names of one: both are known, or little is the same."""
    if all(is_name(one.split(maxsplit=1)[0]) for one in (a, b)):
        return True
    return OSA.distance(a, b, score_cutoff=SLIPS) > SLIPS


def _best(compare: Callable[[str, str], int], ours: Iterable[str], theirs: Iterable[str]) -> int:
    best = DIFFER
    for a in ours:
        for b in theirs:
            found = compare(a, b)
            if found == AGREE:
                return AGREE
            best = max(best, found)
    return best


def _written_out(names: Collection[str]) -> Collection[str]:
    """Given names without initials and short forms of others among them."""
    if len(names) == 1:
        return names
    return [
        one for one in names if not any(_shortens(one, other) for other in names if other != one)
    ]


def _shortens(short: str, name: str) -> bool:
    if len(short) == 1:
        return name.startswith(short)
    return len(short) < len(name) and is_name(short) and nicknamed(short, name)
