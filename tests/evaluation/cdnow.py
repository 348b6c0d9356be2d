"""`make eval-stats`: stats of CDNOW's customers, each against plain Python over the file.

The file of the package ``lifetimes`` has 69,659 orders of 23,570 customers; 255 rows are equal to
one before them and are orders all the same. It goes in as a file without ids, so that a row is
known by its place. Compared are what is shown of each customer, the order by spend, and the scores
with fifths that are cut here by sorting. Exits 1 where anything differs.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

from customers.customer import Customer, Facets
from customers.ingest.files import import_file
from customers.listing import Key, Listing, customers_page
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.services import Services, open_services
from customers.stats.renew import renew_quintiles
from customers.times import to_ms
from cypher import Connection, Deadline

CURRENCY, SOURCE = "USD", "cdnow"
PAGE = 500
FIFTHS = 5


@dataclass
class Buyer:
    """A customer of the file: times in epoch milliseconds, amounts in cents."""

    times: list[int] = field(default_factory=list)
    cents: list[int] = field(default_factory=list)
    scores: str = ""


@dataclass
class Compared:
    """How many customers and orders were compared, and those that differ."""

    customers: int
    orders: int
    repeated: int
    wrong: list[str]


def lines(customers: int | None) -> list[str]:
    """The rows of the first `customers`, or of all."""
    found = find_spec("lifetimes")
    assert found is not None
    assert found.submodule_search_locations is not None
    path = Path(found.submodule_search_locations[0], "datasets", "CDNOW_master.txt")
    rows = path.read_text(encoding="utf-8").splitlines()[1:]
    return [row for row in rows if customers is None or int(row.split()[0]) <= customers]


def buyers(rows: Sequence[str]) -> dict[str, Buyer]:
    """What the file says of each customer, with the scores among all of them."""
    found: dict[str, Buyer] = defaultdict(Buyer)
    for row in rows:
        customer, day, _, dollars = row.split()
        found[customer].times.append(at(day))
        found[customer].cents.append(int(Decimal(dollars) * 100))
    known = list(found.values())
    for score in (
        [max(one.times) for one in known],
        [len(one.times) for one in known],
        [sum(one.cents) for one in known],
    ):
        ranks = sorted(score)
        cuts = [ranks[(len(ranks) * n + FIFTHS - 1) // FIFTHS - 1] for n in range(1, FIFTHS)]
        for one, value in zip(known, score, strict=True):
            one.scores += str(1 + sum(1 for cut in cuts if cut < value))
    return dict(found)


def at(day: str) -> int:
    """A day in epoch milliseconds."""
    return to_ms(datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC))


def written(rows: Sequence[str], path: Path) -> None:
    """Write the rows as a file of records."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            customer, day, _, dollars = row.split()
            order = {"name": "Order Completed", "amount": dollars, "currency": CURRENCY}
            record = {
                "source": SOURCE,
                "sourceId": customer,
                "at": f"{day[:4]}-{day[4:6]}-{day[6:]}T00:00:00Z",
                "interaction": order,
            }
            file.write(json.dumps(record) + "\n")


async def compare(services: Services, rows: Sequence[str], folder: Path) -> Compared:
    """Import the rows, and compare what the graph says of every customer."""
    path = folder / "cdnow.ndjson"
    written(rows, path)
    report = await import_file(str(path), services.writer, services.policy, DEVELOPER)
    assert report.written == len(rows), report
    await renew_quintiles(services.graph, DEVELOPER)
    reading = Reading(services.graph, DEVELOPER, Deadline.after(600))
    true = buyers(rows)
    known = await listed(reading, Listing())
    wrong = [
        f"{number}: {shown} and not {truth}"
        for number, truth, shown in sides(true, known)
        if truth != shown
    ]
    ordered = await listed(reading, Listing(Key.SPEND, descending=True, currency=CURRENCY))
    amounts = [sum(true[name(one)].cents) for one in ordered]
    if amounts != sorted((sum(one.cents) for one in true.values()), reverse=True):
        wrong.append("the order by spend")
    return Compared(len(true), len(rows), len(rows) - len(set(rows)), wrong)


def sides(
    true: dict[str, Buyer], known: Sequence[Customer]
) -> Iterator[tuple[str, object, object]]:
    """Of each customer, what the file says and what the graph does."""
    shown = {name(one): one.worth for one in known}
    for number, buyer in true.items():
        one = shown.get(number)
        if one is None:
            yield number, buyer, None
            continue
        [spend] = one.stats.spend
        count, total = len(buyer.times), sum(buyer.cents)
        yield (
            number,
            (count, total, total, 0, (2 * total + count) // (2 * count), min(buyer.times),
             max(buyer.times), count, buyer.scores),
            (spend.orders, spend.gross, spend.net, spend.refunded, spend.average,
             one.stats.first_purchase, one.stats.last_purchase, one.interactions,
             one.scores and one.scores.digits),
        )  # fmt: skip
    for number in shown.keys() - true.keys():
        yield number, None, shown[number]


def name(customer: Customer) -> str:
    """The number that the file gives a customer."""
    return customer.profiles[0].source_id


async def listed(reading: Reading, listing: Listing) -> list[Customer]:
    """All customers of a listing."""
    found: list[Customer] = []
    place = None
    while True:
        facets = Facets(profiles=1, totals=True, stats=True)
        page = await customers_page(reading, listing, PAGE, facets, after=place)
        found += (one.customer for one in page.items)
        if not page.has_next:
            return found
        place = page.items[-1].place


async def _main(customers: int | None) -> int:
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        connection = Connection(Path(folder, "data"))
        async with open_services(connection, b"evaluation" * 4) as services:
            found = await compare(services, lines(customers), Path(folder))
    sys.stdout.write(
        f"{found.customers:,} customers, {found.orders:,} orders, of which {found.repeated} repeat "
        f"another row: {len(found.wrong)} differ, in {time.perf_counter() - start:.0f} s\n"
    )
    sys.stdout.writelines(f"{one}\n" for one in found.wrong[:20])
    return bool(found.wrong)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, help="the first so many alone")
    sys.exit(asyncio.run(_main(parser.parse_args().customers)))
