"""A script for the environment of pseudopeople: FOLDER SEED YEAR, writes records and truth there.

It imports nothing of ours, which that environment does not have.
"""

import json
import sys
import warnings
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# By source: the function that makes it, how it writes dates, and what is before address columns.
OFFICES = {
    "census": ("decennial_census", "%m/%d/%Y", ""),
    "survey": ("current_population_survey", "%m/%d/%Y", ""),
    "nutrition": ("women_infants_and_children", "%m%d%Y", ""),
    "taxes": ("taxes_w2_and_1099", "", "mailing_address_"),
    "security": ("social_security", "%Y%m%d", ""),
}
NAMES = {
    "firstName": "first_name",
    "middleName": "middle_name",
    "middleInitial": "middle_initial",
    "lastName": "last_name",
    "sex": "sex",
}
STREET = ("street_number", "street_name", "unit_number")
EVERY_YEAR = ("survey", "nutrition")  # have few rows a year


def main() -> None:
    """Write the records of all offices, by source and row."""
    folder, seed, year = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    warnings.simplefilter("ignore")
    package, missing = import_module("pseudopeople"), import_module("pandas").isna
    truth: dict[str, str] = {}
    with (folder / "records.ndjson").open("w", encoding="utf-8") as file:
        for source, (name, dates, prefix) in OFFICES.items():
            make = getattr(package, f"generate_{name}")
            frame = make(seed=seed, year=None if source in EVERY_YEAR else year)
            for number, row in enumerate(frame.to_dict("records")):
                known = {column: str(value) for column, value in row.items() if not missing(value)}
                record = _record(source, str(number), known, dates, prefix)
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                truth[f"{source}|{number}"] = known["simulant_id"]
    # Last, as it says that the records are complete.
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")


def _record(source: str, number: str, row: dict[str, str], dates: str, prefix: str) -> Row:
    traits = {name: row.get(column, "") for name, column in NAMES.items()}
    traits["birthDate"] = _date(row.get("date_of_birth", ""), dates)
    traits["street"] = " ".join(row.get(prefix + column, "") for column in STREET)
    if box := row.get("mailing_address_po_box"):
        traits["street"] = f"PO Box {box}"
    for name, column in (("city", "city"), ("state", "state"), ("postalCode", "zipcode")):
        traits[name] = row.get(prefix + column, "")
    if any(traits[name] for name in ("street", "city", "postalCode")):
        traits["country"] = "US"
    traits = {name: " ".join(value.split()) for name, value in traits.items()}
    ssn = row.get("ssn", "").strip()
    return {
        "source": source,
        "sourceId": number,
        "identifiers": [{"namespace": "ssn", "value": ssn}] if ssn else [],
        "traits": {name: value for name, value in traits.items() if value},
    }


def _date(written: str, form: str) -> str:
    """An ISO date where it is one, else as it is written."""
    if not form:
        return written
    try:
        return datetime.strptime(written, form).date().isoformat()  # noqa: DTZ007 - a day
    except ValueError:
        return written


if __name__ == "__main__":
    main()
