"""An address as one combined value: postal code or city, house number, street."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from customers.identity.names import folded, latin, slip

# Which end of a street it is. Where nothing else tells a street from another, that does.
ENDS = frozenset(["north", "south", "east", "west", "n", "s", "e", "w", "ne", "nw", "se", "sw"])
# What tells no street from another besides: what kind of street it is, in the languages of whoever
# writes them, with their articles.
TELLS_NOTHING = ENDS | {
    # English
    "street", "st", "road", "rd", "avenue", "ave", "av", "drive", "dr", "lane", "ln", "court",
    "ct", "place", "pl", "boulevard", "blvd", "way", "terrace", "tce", "crescent", "cres",
    "circle", "cir", "close", "square", "sq", "parkway", "pkwy", "highway", "hwy", "gardens",
    "gdns", "the", "saint", "sainte", "mount", "mt", "fort", "ft", "of",
    # German, Dutch, Polish, Hindi
    "strasse", "straat", "str", "weg", "gasse", "allee", "platz", "am", "an", "der", "den", "dem",
    "im", "zum", "zur", "ul", "ulica", "al", "aleja", "aleje", "os", "osiedle", "plac", "nagar",
    "ngr", "marg",
    # French, Italian, Spanish, Portuguese
    "rue", "bd", "bld", "bvd", "chemin", "che", "ch", "impasse", "imp", "quai", "via", "viale",
    "piazza", "largo", "calle", "avenida", "avda", "avd", "plaza", "pza", "paseo", "camino",
    "carretera", "ctra", "ronda", "rua", "r", "travessa", "tv", "alameda", "praca", "rodovia",
    "rod", "estrada", "de", "la", "le", "les", "el", "los", "las", "del", "du", "des", "do", "da",
    "dos", "das", "di", "della",
}  # fmt: skip
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
UNIT = re.compile(
    r"(?:\b(?:apt|apto|appt|apartment|apartamento|unit|suite|ste|flat|room|rm|piso|whg|wohnung|m)\b"
    r"\.?\s*|#\s*)([a-z]?\d+[a-z]?|[a-z])\b"
)
# Behind another number it is a unit, else the house: 12 Main St No 4, Calle Ancha nº 7.
NUMBERED = re.compile(
    r"(?:\b(?:house|plot|door|[hd])\b\.?\s*)?\b(?:(?:no|nr|num|numero)\.?|n\.o?)\s*(?=\d)"
)
# One house may have several: 12-14 High Street. The 17th of June is none.
NUMBER = re.compile(r"\b\d+[a-z]?(?:-\d+[a-z]?)?\b(?!\.\s*[a-z])")
FLOOR = re.compile(r"\b(?:\w+ floor|floor \w+)\b")
# Elsewhere than in America the unit stands before the number, 2/15 Main Street, or right behind it,
# ul. Krótka 15/2.
UNIT_FIRST = re.compile(r"^\s*(\d+[a-z]?)\s*/\s*(?=\d)")
UNIT_NEXT = re.compile(r"(\s\d+[a-z]?)\s*/\s*(?=\d)")
# C/ Mayor, R. Augusta, rue de l'Église.
SHORT_WORD = re.compile(r"\b(?:[cr][./]|[dl]')")
# What a country writes before its postal codes: D-10115.
COUNTRY_OF_CODE = re.compile(r"^(?:a|b|ch|d|de|dk|f|fr|i|it|l|nl|s|se)(?=\d{4,5}$)")
STREET_LETTERS = 4


@lru_cache(maxsize=65_536)
def plain_place(text: str) -> str:
    """A postal code or city without accents, case, blanks and punctuation; zip+4 without the 4."""
    plain = re.sub(r"[^a-z0-9]+", "", latin(text))
    plain = COUNTRY_OF_CODE.sub("", plain)
    return plain[:5] if re.fullmatch(r"\d{9}", plain) else plain


@lru_cache(maxsize=65_536)
def _street(text: str) -> tuple[str, str]:
    """House number with the unit, and the beginning of the street's name."""
    plain = latin(text.replace("°", "o"))
    plain = re.sub(r"(strasse|straat|str)\b", r" \1", FLOOR.sub(" ", plain))
    plain = SHORT_WORD.sub(" ", plain)
    plain = UNIT_NEXT.sub(r"\1 # ", UNIT_FIRST.sub(r"unit \1 ", plain))
    before = NUMBERED.split(UNIT.sub(" ", plain), maxsplit=1)[0]
    plain = NUMBERED.sub(" # " if NUMBER.search(before) else " ", plain)
    unit = UNIT.search(plain)
    plain = UNIT.sub(" ", plain)
    number = NUMBER.search(plain)
    parts = NUMBER.split(plain, maxsplit=1)
    # What stands behind the number of a street that was named before it is a floor or a door.
    name = next(filter(None, map(_name_of_street, parts)), "")
    house = (number[0] if number else "") + (f"#{unit[1]}" if unit else "")
    return house, name[:STREET_LETTERS]


def _name_of_street(text: str) -> str:
    """The words that tell a street from another; of `North Street` and `Avenue C` the one word."""
    words = [ORDINALS.get(word, word) for word in re.sub(r"[^a-z0-9]+", " ", text).split()]
    own = [word for word in words if word not in TELLS_NOTHING]
    short = [word for word in words if word in ENDS or len(word) == 1]
    return folded("".join(own or short[:1] or words[:-1][:1]))


def addresses_of(parts: Mapping[str, str]) -> list[str]:
    """The address in traits ``street``, ``address2``, ``postalCode`` and ``city``, as compared.

    ``place/house/street``; the last two are empty where they are not those of one house. The place
    is the postal code; of one house with a code there is a second one, whose place is the city,
    since others tell no code. Nothing without a place.
    """
    house, street = _street(f"{parts.get('street', '')} {parts.get('address2', '')}")
    code, city = (plain_place(parts.get(name, "")) for name in ("postalCode", "city"))
    places = [place for place in (code, city) if place]
    if not (house and street):
        return [f"{place}//" for place in places[:1]]
    return [f"{place}/{house}/{street}" for place in places[: 2 if has_code(code) else 1]]


@lru_cache(maxsize=65_536)
def has_code(address: str) -> bool:
    """Whether the place of an address is a postal code, or such a code itself: it has digits."""
    return any(map(str.isdigit, address.partition("/")[0]))


def comparable(
    ours: frozenset[str], theirs: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The addresses of both sides that say as much: where both tell codes, those with a code."""
    codes, others = (frozenset(filter(has_code, side)) for side in (ours, theirs))
    return (codes, others) if codes and others else (ours, theirs)


def in_two_places(house: str, ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether a house that both have in one city has another postal code on either side.

    A large city has several streets of one name.
    """
    if has_code(house):
        return False
    codes, others = codes_of(house, ours), codes_of(house, theirs)
    return bool(codes and others) and codes.isdisjoint(others)


def codes_of(house: str, addresses: Iterable[str]) -> set[str]:
    """Those of `addresses` that are of this house, but for the place, and have a code."""
    told = house.partition("/")[2]
    return {one for one in addresses if has_code(one) and one.partition("/")[2] == told}


def is_house(address: str) -> bool:
    """Whether it is an address of one house, and not only a place."""
    return not address.endswith("//")


@lru_cache(maxsize=65_536)
def nearness(a: str, b: str) -> float:
    """How much two addresses have in common, from 0 to 1 for one and the same house.

    A unit that one of them leaves out leaves 0.9 of it, a slip in the postal code or in the street
    0.6 (a house number has none), and one place alone 0.5.
    """
    (place, house, street), (place2, house2, street2) = a.split("/"), b.split("/")
    (number, _, unit), (number2, _, unit2) = house.partition("#"), house2.partition("#")
    if a == b and house:
        return 1.0
    if number and (place, number, street) == (place2, number2, street2) and not (unit and unit2):
        return 0.9
    slipped = (place == place2 and slip(street, street2)) or (
        street == street2 and slip(place, place2)
    )
    if house and house == house2 and slipped:
        return 0.6
    return 0.5 if place == place2 else 0.0
