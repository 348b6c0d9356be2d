"""Proposed maps: they can be used as they are, and say where they guess."""

import asyncio
from pathlib import Path

import pytest

from customers.ingest.formats.layout import Layout
from customers.ingest.mapping.document import read_map
from customers.ingest.mapping.proposal import propose_map
from tests.customers.ingest.reading import records_of

CRM = (
    "Kundennr;Vorname;Nachname;E-Mail;Telefon;Handy;Geburtsdatum;Straße;Hausnr;PLZ;Ort;Stufe\n"
    "1;Ann;Bo;a@x.org;;+49 171 5550101;03.02.1988;Weg;4;10115;Berlin;Gold\n"
    "2;Cy;Do;c@x.org;030 555;;21.07.1985;Weg;5;10115;Berlin;\n"
).encode()
ORDERS = (
    b"Order ID,Created at,Customer Email,SKU,Qty,Line Total,Total,Coupon\n"
    b'7,10/25/2026 4:05 PM,a@x.org,p1,2,$5.00,"$1,007.50",\n'
    b'7,10/25/2026 4:05 PM,a@x.org,p2,1,"$1,002.50","$1,007.50",\n'
)


async def proposed(path: Path, content: bytes) -> str:
    """What is proposed for a file."""
    path.write_bytes(content)
    return await propose_map(str(path), Layout())


async def test_a_crm_export_is_understood(tmp_path: Path) -> None:
    text = await proposed(tmp_path / "Kunden.csv", CRM)
    said = read_map(text).model_dump(by_alias=True, exclude_defaults=True)
    assert said == {
        "source": {"value": "kunden"},
        "sourceId": {"column": "Kundennr"},
        "identifiers": {
            "email": {"column": "E-Mail"},
            "phone": {"columns": ("Telefon", "Handy")},
            "crmId": {"column": "Kundennr"},
        },
        "traits": {
            "firstName": {"column": "Vorname"},
            "lastName": {"column": "Nachname"},
            "birthDate": {"column": "Geburtsdatum", "as": "date", "format": "%d.%m.%Y"},
            "street": {"columns": ("Straße", "Hausnr"), "join": " "},
            "postalCode": {"column": "PLZ"},
            "city": {"column": "Ort"},
        },
    }
    assert '# stufe = "Stufe"' in text.splitlines()
    assert "# unsure: phones without a prefix such as +49 are of the policy's region" in text


async def test_the_lines_of_orders_are_grouped(tmp_path: Path) -> None:
    text = await proposed(tmp_path / "orders.csv", ORDERS)
    said = read_map(text).model_dump(by_alias=True, exclude_defaults=True)
    assert said["groupBy"] == "Order ID"
    assert said["decimal"] == "1,234.56"
    assert said["at"] == {"column": "Created at", "format": "%m/%d/%Y %I:%M %p"}
    assert said["interaction"]["currency"] == {"value": "USD"}
    assert said["interaction"]["products"] == (
        {
            "key": {"column": "SKU"},
            "quantity": {"column": "Qty"},
            "amount": {"column": "Line Total"},
        },
    )
    assert "unsure: $ may be another" in text


def test_a_proposal_makes_records(tmp_path: Path) -> None:
    text = asyncio.run(proposed(tmp_path / "a.csv", CRM))
    first, second = records_of(tmp_path / "a.csv", CRM, text)
    assert first["traits"]["birthDate"] == "1988-02-03"
    assert second["identifiers"][1] == {"namespace": "phone", "value": "030 555"}


@pytest.mark.parametrize(
    "header",
    ["x", 'a "b" \\ c', "sourceId", "=,#", "E-Mail;E-Mail", "name\tmail", "日本,語", '"a\nb",c'],
)
async def test_a_proposal_is_a_map_whatever_the_columns_are_called(
    tmp_path: Path, header: str
) -> None:
    text = await proposed(tmp_path / "a.csv", f"{header}\n1\n".encode())
    read_map(text)


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ("when,mail\n05/04/2026,a@x.org\n", 'format = "%d/%m/%Y" }  # unsure: or %m/%d/%Y'),
        (
            "contact\na@x.org\nb@x.org\n",
            'email = "contact"  # unsure: its values look like e-mails',
        ),
        (
            "reach\n+49 171 5550101\n",
            'phone = "reach"  # unsure: its values look like phone numbers',
        ),
        ("email\nnobody\nnone\n", "# unsure: few of its values are e-mails"),
        ('mail\n"a@x.org, b@x.org"\n', 'email = { columns = ["mail"], split = "," }'),
        ("order,total\n1,1.234\n", "# unsure: the amounts can be read in more than one way"),
    ],
)
async def test_what_is_a_guess_is_called_unsure(tmp_path: Path, cells: str, line: str) -> None:
    text = await proposed(tmp_path / "a.csv", cells.replace("when", "date").encode())
    assert line in text
