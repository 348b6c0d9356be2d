"""Reading CSV: rows and bytes a second as far as the Record, beside the bare readers."""

import asyncio
import csv
import time
from collections.abc import Callable
from pathlib import Path

from pyarrow import csv as arrow

from customers.identity.policy_document import default_policy
from customers.ingest.entry_file import EntryFile
from customers.ingest.files import checked_chunks
from customers.ingest.mapping.mapping import MapFile
from customers.ingest.queue import Rejected
from customers.ingest.record import Record

ROWS = 100_000
Say = Callable[[str, str], None]
MAP = """
source = "crm"
sourceId = "Kundennr"
at = { column = "Stand", format = "%d.%m.%Y %H:%M" }
[identifiers]
crmId = "Kundennr"
email = "E-Mail"
phone = ["Telefon", "Mobil"]
[traits]
firstName = "Vorname"
lastName = "Nachname"
birthDate = { column = "Geburtsdatum", as = "date", format = "%d.%m.%Y" }
street = { columns = ["Straße", "Hausnr"], join = " " }
postalCode = "PLZ"
city = "Ort"
"""
HEADER = "Kundennr;Vorname;Nachname;E-Mail;Telefon;Mobil;Geburtsdatum;Straße;Hausnr;PLZ;Ort;Stand\n"


def write(path: Path) -> None:
    """Write a file of people."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(
            f"K-{n};Jörg{n % 900};Müller{n % 7_000};j{n}@mail.example;030 {5_550_000 + n};;"
            f'{n % 28 + 1:02}.{n % 12 + 1:02}.{1950 + n % 50};"Weg {n % 400}";{n % 90};'
            f"{10_000 + n % 9_000};Berlin;{n % 28 + 1:02}.09.2026 {n % 24:02}:{n % 60:02}\n"
            for n in range(ROWS)
        )


def read_tables(folder: Path, say: Say) -> None:
    """Print what it takes to read and map a file, and what the bare readers take of it."""
    path = folder / "people.csv"
    write(path)
    size = path.stat().st_size / 1e6
    bare, columns = timed(lambda: plainly(path)), timed(lambda: by_arrow(path))
    mapped = timed(lambda: asyncio.run(records(path)))
    checked = timed(lambda: asyncio.run(checks(path)))
    for what, seconds in (("to a Record", mapped), ("checked for the graph", checked)):
        say(
            "csv",
            f"{what}: {ROWS / seconds:,.0f} rows/s, {size / seconds:.1f} MB/s; "
            f"x{seconds / bare:.1f} csv.reader, x{seconds / columns:.0f} pyarrow",
        )


def timed(work: Callable[[], None]) -> float:
    """Seconds of this process's CPUs, which others do not disturb; the better of two."""
    return min(_once(work) for _ in range(2))


def _once(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def plainly(path: Path) -> None:
    """All rows through csv.reader."""
    with path.open(encoding="utf-8", newline="") as file:
        count = sum(1 for _ in csv.reader(file, delimiter=";"))
    _complete(count - 1)


def by_arrow(path: Path) -> None:
    """All rows through pyarrow's reader, into columns."""
    options = arrow.ParseOptions(delimiter=";")
    _complete(arrow.read_csv(path, parse_options=options).num_rows)


async def records(path: Path) -> None:
    """All rows as Records."""
    count = 0
    with EntryFile(str(path), None, MapFile.read(MAP, "map.toml")) as file:
        await file.look()
        await file.begin()
        while some := await file.next():
            count += sum(isinstance(Record.model_validate(one.found), Record) for one in some)
    _complete(count)


async def checks(path: Path) -> None:
    """All rows as the writer gets them, with normalised identifiers."""
    count = 0
    with EntryFile(str(path), None, MapFile.read(MAP, "map.toml")) as file:
        await file.look()
        await file.begin()
        async for chunk in checked_chunks(file, default_policy()):
            count += sum(not isinstance(one, Rejected) for _, one in chunk)
    _complete(count)


def _complete(count: int) -> None:
    if count != ROWS:
        raise RuntimeError(f"{count} rows of {ROWS}")
