"""An address as one combined value: postal code or city, house number, street."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from anyascii import anyascii

from customers.identity.names import slip

KINDS_OF_STREET = frozenset(
    [
        "street",
        "st",
        "road",
        "rd",
        "avenue",
        "ave",
        "av",
        "drive",
        "dr",
        "lane",
        "ln",
        "court",
        "ct",
        "place",
        "pl",
        "boulevard",
        "blvd",
        "way",
        "terrace",
        "tce",
        "crescent",
        "cres",
        "circle",
        "cir",
        "close",
        "strasse",
        "str",
        "rue",
        "via",
        "calle",
        "plaza",
        "square",
        "sq",
        "parkway",
        "pkwy",
        "highway",
        "hwy",
        "north",
        "south",
        "east",
        "west",
        "n",
        "s",
        "e",
        "w",
        "ne",
        "nw",
        "se",
        "sw",
        "the",
        "saint",
        "sainte",
        "mount",
        "mt",
        "fort",
        "ft",
    ]
)
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
UNIT = re.compile(
    r"(?:\b(?:apt|apartment|unit|suite|ste|flat|room|rm|no)\b\.?\s*|#\s*)([a-z]?\d+[a-z]?|[a-z])\b"
)
NUMBER = re.compile(r"\b\d+[a-z]?\b")
# Elsewhere than in America the unit stands before the number: 2/15 Main Street.
UNIT_FIRST = re.compile(r"^\s*(\d+[a-z]?)\s*/\s*(?=\d)")
# What a country writes before its postal codes: D-10115.
COUNTRY_OF_CODE = re.compile(r"^(?:a|b|ch|d|de|dk|f|fr|i|it|l|nl|s|se)(?=\d{4,5}$)")
STREET_LETTERS = 4


@lru_cache(maxsize=65_536)
def plain_place(text: str) -> str:
    """A postal code or city without accents, case, blanks and punctuation; zip+4 without the 4."""
    plain = re.sub(r"[^a-z0-9]+", "", anyascii(unicodedata.normalize("NFKC", text)).lower())
    plain = COUNTRY_OF_CODE.sub("", plain)
    return plain[:5] if re.fullmatch(r"\d{9}", plain) else plain


@lru_cache(maxsize=65_536)
def _street(text: str) -> tuple[str, str]:
    """House number with the unit, and the beginning of the street's name."""
    plain = re.sub(
        r"(strasse|straat)\b", r" \1", anyascii(unicodedata.normalize("NFKC", text)).lower()
    )
    plain = UNIT_FIRST.sub(r"unit \1 ", plain)
    unit = UNIT.search(plain)
    plain = UNIT.sub(" ", plain)
    number = NUMBER.search(plain)
    words = [
        ORDINALS.get(word, word)
        for word in re.sub(r"[^a-z0-9]+", " ", plain).split()
        if word not in KINDS_OF_STREET and (number is None or word != number[0])
    ]
    house = (number[0] if number else "") + (f"#{unit[1]}" if unit else "")
    return house, "".join(words)[:STREET_LETTERS]


def address_of(parts: Mapping[str, str]) -> str | None:
    """The address in traits ``street``, ``address2``, ``postalCode`` and ``city``, as compared.

    ``place/house/street``; the last two are empty where they are not those of one house. None
    without a place.
    """
    place = plain_place(parts.get("postalCode") or parts.get("city") or "")
    if not place:
        return None
    house, street = _street(f"{parts.get('street', '')} {parts.get('address2', '')}")
    return f"{place}/{house}/{street}" if house and street else f"{place}//"


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
