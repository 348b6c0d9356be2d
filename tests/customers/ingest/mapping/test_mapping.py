"""Maps: what rows become, and what of them is refused."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from customers.errors import InvalidInputError
from customers.ingest.entry_file import MapNeededError
from customers.ingest.mapping import rows
from customers.ingest.mapping.amounts import Style, WrongValueError, amount_of
from customers.ingest.mapping.document import InvalidMapError
from tests.customers.ingest.reading import entries_of, records_of, rows_of

ORDERS = """
source = "shop"
groupBy = "order"
[identifiers]
email = "mail"
[interaction]
id = "order"
amount = { column = "line", sum = true }
currency = { value = "EUR" }
[[interaction.products]]
key = "sku"
quantity = "qty"
amount = "line"
"""
COLUMNS = b"order,mail,sku,qty,line\n"


def record(path: Path, content: bytes, said: str) -> dict[str, object]:
    """The one record of a file."""
    [found] = records_of(path / "a.csv", content, said)
    assert isinstance(found, dict)
    return found


def test_columns_become_a_record(tmp_path: Path) -> None:
    said = """
        source = { column = "system" }
        sourceId = { columns = ["shop", "no"], join = "-" }
        at = { columns = ["day", "time"], join = " ", format = "%d.%m.%Y %H:%M" }
        timeZone = "Europe/Berlin"
        empty = ["-", "NULL"]
        replace = true
        [identifiers]
        email = { columns = ["mail", "mail 2"], split = ";" }
        phone = "phone"
        [traits]
        firstName = { columns = ["nick", "first"] }
        gender = { column = "sex", values = { m = "male" } }
        country = { value = "DE" }
        points = { column = "points", as = "number", decimal = "1.234,56" }
        optIn = { column = "opt", as = "boolean" }
        tags = { column = "tags", as = "list", split = "|" }
        since = { column = "since", as = "time", format = "seconds" }
        [device]
        value = "tablet"
        platform = { value = "ios" }
        """
    content = (
        b"system,shop,no,day,time,mail,mail 2,phone,nick,first,sex,points,opt,tags,since,tablet\n"
        b'till,S1,7,01.07.2026,10:30,a@x.org; b@x.org,NULL,-,,Ann,m,"1.250,5",Ja,x|y|,0,d-1\n'
    )
    assert record(tmp_path, content, said) == {
        "source": "till",
        "sourceId": "S1-7",
        "at": datetime(2026, 7, 1, 10, 30, tzinfo=ZoneInfo("Europe/Berlin")),
        "identifiers": [
            {"namespace": "email", "value": "a@x.org"},
            {"namespace": "email", "value": "b@x.org"},
        ],
        "traits": {
            "firstName": "Ann",
            "gender": "male",
            "country": "DE",
            "points": 1250.5,
            "optIn": True,
            "tags": ["x", "y"],
            "since": "1970-01-01T00:00:00+00:00",
        },
        "device": {"namespace": "device", "value": "d-1", "platform": "ios"},
        "replace": True,
    }


def test_rows_that_follow_each_other_are_the_lines_of_one_order(tmp_path: Path) -> None:
    content = COLUMNS + b"1,a@x.org,p1,2,5.00\n1,a@x.org,p2,,2.50\n2,b@x.org,p1,1,2.50\n"
    first, second = records_of(tmp_path / "a.csv", content, ORDERS)
    assert first["interaction"] == {
        "id": "1",
        "amount": Decimal("7.50"),
        "currency": "EUR",
        "products": [
            {"key": "p1", "quantity": Decimal(2), "amount": Decimal("5.00")},
            {"key": "p2", "amount": Decimal("2.50")},
        ],
        "properties": {},
    }
    assert second["interaction"]["amount"] == Decimal("2.50")
    entries = entries_of(tmp_path / "a.csv", content, ORDERS)
    assert [(one.number, one.last) for one in entries] == [(2, 3), (4, 4)]
    assert entries[0].came == "1,a@x.org,p1,2,5.00\n1,a@x.org,p2,,2.50"


def test_an_order_whose_lines_are_not_together_is_not_taken_in_pieces(tmp_path: Path) -> None:
    content = (
        COLUMNS + b"1,a@x.org,p1,2,5\n2,b@x.org,p1,1,2\n1,a@x.org,p2,1,3\n,c@x.org,p1,1,1\n" * 1
    )
    found = records_of(tmp_path / "a.csv", content, ORDERS)
    assert found[2] == (
        "rows of this order came before, at line 2, and others between: sort the file by it"
    )
    assert found[3]["identifiers"] == [{"namespace": "email", "value": "c@x.org"}]


def test_an_order_with_a_broken_line_is_rejected_as_a_whole(tmp_path: Path) -> None:
    content = COLUMNS + b"1,a@x.org,p1,2,5\n1,a@x.org\n1,a@x.org,p2,1,3\n2,b@x.org,p1,1,2\n"
    found = records_of(tmp_path / "a.csv", content, ORDERS)
    assert found[:2] == [
        "line 3, in the middle of it, cannot be read",
        "2 columns where the first row names 5",
    ]
    assert found[2]["interaction"]["id"] == "2"


def test_entries_come_in_the_order_of_their_first_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_HELD", 3)
    order, broken = b"%d,a@x.org,p1,2,5\n", b"1\n"
    content = COLUMNS + broken + order % 1 + broken * 2 + order % 2 + broken * 5 + order % 3
    found = entries_of(tmp_path / "a.csv", content, ORDERS)
    assert [one.number for one in found] == [*range(2, 13)]


def test_an_order_with_an_unreadable_amount_is_rejected_with_the_column(tmp_path: Path) -> None:
    content = (
        COLUMNS + b'1,a@x.org,p1,2,5 EUR\n2,a@x.org,p1,x,5\n3,a@x.org,p1,1,"5,00"\n4,,p1,1,5 USD\n'
    )
    found = records_of(tmp_path / "a.csv", content, ORDERS)
    assert found[0]["interaction"]["amount"] == 5
    assert found[1:] == [
        "qty: 'x' is not an amount written as 1234.56 is",
        "line: '5,00' is not an amount written as 1234.56 is",
        "line: '5 USD' is not in EUR",
    ]


def test_a_trait_that_cannot_be_read_is_refused_alone_and_a_time_with_its_row(
    tmp_path: Path,
) -> None:
    said = (
        'source = "s"\nsourceId = "id"\nat = "at"\n'
        '[traits]\nborn = { column = "born", as = "date", format = "%d.%m.%Y" }\n'
    )
    content = b"id,at,born\n1,2026-11-01,31.02.1980\n2,yesterday,\n"
    first, second = entries_of(tmp_path / "a.csv", content, said)
    assert first.found == {
        "source": "s",
        "sourceId": "1",
        "at": datetime(2026, 11, 1, tzinfo=UTC),
        "identifiers": [],
        "traits": {},
    }
    [refused] = first.refused
    assert (refused.what, refused.value, refused.reason) == (
        "trait born", "31.02.1980", "not a date written as %d.%m.%Y says",
    )  # fmt: skip
    assert getattr(second.found, "reason", "") == "at: 'yesterday' is not a time in iso"


def test_a_deleted_row_is_its_id_and_time_alone(tmp_path: Path) -> None:
    said = (
        'source = "s"\nsourceId = "id"\ndeleted = { column = "status", when = ["Gone"] }\n'
        '[traits]\nfirstName = "name"\n'
    )
    content = b"id,name,status\n1,Ann,gone\n"
    assert record(tmp_path, content, said) == {"source": "s", "sourceId": "1", "deleted": True}


@pytest.mark.parametrize(
    ("text", "style", "amount"),
    [
        ("1234.56", "1234.56", "1234.56"),
        ("$12.50", "1,234.56", "12.50"),
        ("-$1,012.50", "1,234.56", "-1012.50"),
        ("(12.50)", "1,234.56", "-12.50"),
        ("1.234,56 €", "1.234,56", "1234.56"),
        ("EUR 12,5", "1.234,56", "12.5"),
        ("12,50-", "1234,56", "-12.50"),
        ("1\u202f234,56", "1 234,56", "1234.56"),
        ("CHF 1'234.55", "1'234.56", "1234.55"),
        ("99 kr", "1 234,56", "99"),
    ],
)
def test_an_amount_is_read_in_its_style(text: str, style: Style, amount: str) -> None:
    assert amount_of(text, style) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("12,50", "1,234.56"), ("1.234,56", "1,234.56"), ("1,234.56", "1.234,56"),
        ("12.50", "1.234,56"), ("1.23.456", "1.234,56"), ("12.50.1", "1234.56"), ("", "1234.56"),
        ("free", "1234.56"), ("1e5", "1234.56"), ("1,23,456", "1,234.56"),
    ],
)  # fmt: skip
def test_an_amount_in_another_style_is_not_guessed(text: str, style: Style) -> None:
    with pytest.raises(WrongValueError, match=f"is not an amount written as {style} is"):
        amount_of(text, style)


def test_every_mistake_in_a_map_is_told_with_its_line(tmp_path: Path) -> None:
    said = """\
source = "s"
sourceID = "id"
at = { column = "at", format = "DD.MM.YYYY" }
timeZone = "Berlin"
decimal = "1,23"

[identifiers]
"e mail" = "mail"
email = { split = ";" }

[traits]
born = { column = "born", as = "text", format = "%Y" }

[interaction]
amount = { column = "a", value = 1 }
[[interaction.products]]
key = "sku"
[[interaction.products]]
name = "sku"
"""
    with pytest.raises(InvalidMapError) as caught:
        entries_of(tmp_path / "a.csv", b"id\n1\n", said)
    assert str(caught.value).splitlines() == [
        "map.toml, line 2: sourceID: no such setting",
        (
            "map.toml, line 3: at.format: iso, seconds, milliseconds, or a format such as "
            "%d.%m.%Y %H:%M"
        ),
        "map.toml, line 4: timeZone: no time zone is called Berlin: Europe/Berlin is one",
        (
            "map.toml, line 5: decimal: Input should be '1234.56', '1,234.56', '1234,56', "
            "'1.234,56', '1 234,56' or \"1'234.56\""
        ),
        (
            "map.toml, line 8: identifiers.e mail.[key]: a namespace is a letter, "
            "then up to 63 letters, digits or _ . : -"
        ),
        "map.toml, line 9: identifiers.email: name one of column and columns",
        'map.toml, line 12: traits.born: format is for as = "date"',
        "map.toml, line 15: interaction.amount: name one of column, columns and value",
        "map.toml, line 18: interaction.products.1.key: Field required",
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("source = \n", "map.toml: not TOML"),
        ('source = "s"\n', "map.toml: a record needs a sourceId or at least one of identifiers"),
        ('source = "s"\nsourceId = "id"\ngroupBy = "id"\n', "line 3: groupBy joins the rows"),
        (
            'source = "s"\nreplace = true\n[identifiers]\nemail = "id"\n',
            "line 2: replace needs a sourceId",
        ),
        (
            'source = "s"\nsourceId = "id"\n[interaction]\namount = {column="id", sum=true}\n',
            "line 4: interaction.amount: sum is for rows that groupBy joins",
        ),
    ],
)  # fmt: skip
def test_what_a_map_needs_as_a_whole_is_told(tmp_path: Path, said: str, why: str) -> None:
    with pytest.raises(InvalidMapError, match=why):
        entries_of(tmp_path / "a.csv", b"id\n1\n", said)


def test_columns_that_the_file_lacks_are_named_with_what_may_be_meant(tmp_path: Path) -> None:
    said = 'source = "s"\nsourceId = "Id"\n[traits]\nfirstName = "Vornme"\ncity = "town"\n'
    with pytest.raises(InvalidMapError) as caught:
        entries_of(tmp_path / "a.csv", b"Id,Vorname,Ort\n1,Ann,Ulm\n", said)
    assert str(caught.value).splitlines() == [
        (
            "map.toml, line 4: traits.firstName: the file has no column 'Vornme'; "
            "did you mean 'Vorname'?"
        ),
        "map.toml, line 5: traits.city: the file has no column 'town'",
        "The columns are: Id, Vorname, Ort",
    ]


def test_a_table_without_a_map_and_ndjson_with_one_are_refused(tmp_path: Path) -> None:
    said = 'source = "s"\nsourceId = "id"\n'
    with pytest.raises(InvalidInputError, match="NDJSON is a record already and needs no map"):
        entries_of(tmp_path / "a.ndjson", b'{"id": 1}\n', said)
    with pytest.raises(InvalidInputError, match="NDJSON is a record already"):
        rows_of(tmp_path / "a.ndjson", b'{"id": 1}\n')
    assert MapNeededError.code == "MAP_NEEDED"
