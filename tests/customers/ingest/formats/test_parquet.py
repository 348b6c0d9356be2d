"""Parquet: typed rows out of columns, from a file, a compressed one or none at all."""

import datetime as dt
import gzip
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from customers.errors import InvalidInputError
from tests.customers.ingest.reading import records_of, rows_of

AT = dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC)
MAP = """
source = "lake"
sourceId = "id"
at = "at"
[identifiers]
email = "mails"
[traits]
birthDate = { column = "born", as = "date" }
tags = "tags"
[interaction]
amount = "amount"
currency = { value = "EUR" }
"""


def table(path: Path) -> bytes:
    """A table of every kind of column that a map reads otherwise than text."""
    parquet.write_table(
        pa.table(
            {
                "id": pa.array([7.0, 8.0]),
                "at": pa.array([AT, None], pa.timestamp("ns", tz="UTC")),
                "mails": pa.array([["a@mail.example", "b@mail.example"], None]),
                "born": pa.array([dt.date(1980, 2, 3), None]),
                "tags": pa.array([["x"], []]),
                "amount": pa.array([Decimal("12.50"), None]),
                "unused": pa.array([1, 2]),
            }
        ),
        path,
    )
    return path.read_bytes()


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
def test_values_keep_their_types(tmp_path: Path, squeeze: type[bytes]) -> None:
    content = squeeze(table(tmp_path / "made"))
    first, second = records_of(tmp_path / "a.parquet", content, MAP)
    assert first == {
        "source": "lake",
        "sourceId": "7",
        "at": AT,
        "identifiers": [
            {"namespace": "email", "value": "a@mail.example"},
            {"namespace": "email", "value": "b@mail.example"},
        ],
        "traits": {"birthDate": "1980-02-03", "tags": ["x"]},
        "interaction": {"amount": Decimal("12.50"), "currency": "EUR", "properties": {}},
    }
    assert second["sourceId"] == "8"
    assert "at" not in second


def test_it_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    columns, rows = rows_of(tmp_path / "a", table(tmp_path / "made"))
    assert columns == ["id", "at", "mails", "born", "tags", "amount", "unused"]
    assert [row.number for row in rows] == [1, 2]


def test_what_is_none_and_what_reads_it_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidInputError, match=r"a\.parquet: it cannot be read as Parquet"):
        rows_of(tmp_path / "a.parquet", b"PAR1 and nothing more")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InvalidInputError, match=r"pip install 'profile-graph\[parquet\]'"):
        rows_of(tmp_path / "a.parquet", b"PAR1")
