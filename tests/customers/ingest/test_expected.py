"""Dry runs: what an import would do, without a graph."""

import json
from pathlib import Path

from customers.identity.policy import Policy
from customers.ingest.expected import BadRow, expect
from customers.ingest.mapping.mapping import MapFile

MAP = """
source = "crm"
sourceId = "id"
[identifiers]
email = "mail"
badge = "badge"
[traits]
birthDate = { column = "born", as = "date" }
"""
ROWS = (
    "id,mail,badge,born\n"
    "1,a@mail.org,b1,1980-02-03\n2,A@mail.org,,\n3,c@mail.org,,never\n4,nobody,,\n5\n6\n"
)


async def test_records_identifiers_rejects_and_customers_are_counted(
    tmp_path: Path, policy: Policy
) -> None:
    (tmp_path / "a.csv").write_text(ROWS)
    found = await expect(str(tmp_path / "a.csv"), policy, said=MapFile.read(MAP, "map.toml"))
    assert (found.records, found.rejected, found.interactions) == (4, 2, 0)
    assert found.identifiers == {"badge": 1, "email": 3}
    assert found.undeclared == ["badge"]
    # 1 and 2 have one mailbox.
    assert (found.profiles, found.customers) == (4, 3)
    assert found.refused == {
        "trait birthDate: not a date in iso": 1,
        "identifier email: not an e-mail address": 1,
    }
    assert found.reasons == {"… columns where the first row names …": 2}
    why = "1 columns where the first row names 4"
    assert found.bad == [BadRow(6, why, "5"), BadRow(7, why, "6")]
    assert list(tmp_path.iterdir()) == [tmp_path / "a.csv"]


async def test_ndjson_is_tried_as_well_and_what_is_erased_is_nobody(
    tmp_path: Path, policy: Policy
) -> None:
    lines = [
        {"source": "crm", "sourceId": "1"},
        {"source": "crm", "sourceId": "2"},
        {"source": "crm", "sourceId": "1", "deleted": True},
        {"source": "crm"},
    ]
    (tmp_path / "a.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = await expect(str(tmp_path / "a.ndjson"), policy)
    assert (found.records, found.rejected, found.profiles, found.customers) == (3, 1, 1, 1)
    assert found.bad[0].record == '{"source": "crm"}'


async def test_the_customers_of_a_file_with_too_many_profiles_are_not_counted(
    tmp_path: Path, policy: Policy
) -> None:
    (tmp_path / "a.csv").write_text(ROWS)
    said = MapFile.read(MAP, "map.toml")
    found = await expect(str(tmp_path / "a.csv"), policy, said=said, most=3)
    assert (found.records, found.profiles, found.customers) == (4, None, None)
