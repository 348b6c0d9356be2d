"""Import of tables: what a second time changes, and how an import goes on that was cut off."""

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from customers.errors import InvalidInputError
from customers.ingest import files
from customers.ingest.checkpoint import checkpoint_of, read_checkpoint
from customers.ingest.files import import_file
from customers.ingest.mapping.mapping import MapFile
from customers.ingest.queue import Outcome
from customers.ingest.rejects import rejects_of
from customers.ingest.report import Report
from customers.principal import DEVELOPER
from customers.services import Services
from cypher import DatabaseUnavailableError
from tests.conftest import query, wipe
from tests.contract.canonical import canonical, exported

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SALES = MapFile.read(
    """
    source = "till"
    at = "day"
    [identifiers]
    loyaltyId = "card"
    [interaction]
    name = { value = "Sale" }
    amount = "amount"
    currency = { value = "EUR" }
    """,
    "sales.toml",
)
# Two who bought the same thing twice on one day, and one row that is wrong.
ROWS = b"day,card,amount\n2026-11-01,L-7,5\n2026-11-01,L-7,5\n2026-11-01,L-8,x\n2026-11-02,L-7,5\n"
PEOPLE = MapFile.read('source = "crm"\nsourceId = "id"\n[traits]\nfirstName = "name"\n', "p.toml")


async def imported(
    services: Services, path: Path, said: MapFile = SALES, *, resume: bool = False
) -> Report:
    return await import_file(
        str(path), services.writer, services.policy, DEVELOPER,
        said=said, resume=services.graph if resume else None,
    )  # fmt: skip


async def sales(services: Services) -> list[int]:
    rows = await query(services.graph, "MATCH (i:Interaction) RETURN i.amount AS amount")
    return [row["amount"] for row in rows]


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress, zstd.compress])
async def test_the_same_rows_again_change_nothing_however_compressed(
    services: Services, tmp_path: Path, squeeze: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS)
    (tmp_path / "b").write_bytes(squeeze(ROWS))
    first = await imported(services, tmp_path / "a.csv")
    again = await imported(services, tmp_path / "b")
    assert (first.read, first.written, first.known, first.rejected) == (4, 3, 0, 1)
    assert (again.read, again.written, again.known, again.rejected) == (4, 0, 3, 1)
    # Equal rows of one file are two purchases.
    assert await sales(services) == [500, 500, 500]


async def test_the_rejects_have_the_row_as_it_came(services: Services, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS)
    await imported(services, tmp_path / "a.csv")
    [line] = rejects_of(str(tmp_path / "a.csv")).read_text().splitlines()
    assert json.loads(line) == {
        "line": 4,
        "reason": "amount: 'x' is not an amount written as 1234.56 is",
        "code": "INVALID_RECORD",
        "record": "2026-11-01,L-8,x",
    }


def people(path: Path, count: int = 250) -> Path:
    """A file of people, every seventieth row of it ragged."""
    rows = [f"{n},Ann{n}" if n % 70 else f"{n}" for n in range(count)]
    path.write_text("\n".join(["id,name", *rows, ""]))
    return path


async def cut_off(
    services: Services, path: Path, monkeypatch: pytest.MonkeyPatch, said: MapFile = PEOPLE
) -> None:
    """Import a file whose third chunk does not go in any more."""
    submit, calls = services.writer.submit, iter(range(100))

    async def some(*arguments: Any, **options: Any) -> list[Outcome]:  # noqa: ANN401 - as submit
        if next(calls) >= 2:
            raise DatabaseUnavailableError("away")
        return await submit(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(services.writer, "submit", some)
        with pytest.raises(DatabaseUnavailableError) as caught:
            await imported(services, path, said)
    assert "--resume passes over it" in caught.value.__notes__[0]


async def test_an_import_that_was_cut_off_goes_on_where_it_was(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_RECORDS", 40)
    file = people(tmp_path / "a.csv")
    await cut_off(services, file, monkeypatch)
    mark = checkpoint_of(str(file), rejects_of(str(file)))
    found = read_checkpoint(mark)
    assert found is not None
    assert found.line == 81
    report = await imported(services, file, PEOPLE, resume=True)
    assert (report.resumed, report.read, report.written, report.known) == (80, 250, 246, 0)
    assert report.rejected == 4
    lines = rejects_of(str(file)).read_text().splitlines()
    assert [json.loads(line)["line"] for line in lines] == [2, 72, 142, 212]
    assert not mark.exists()
    resumed = canonical(await exported(services.graph))
    await wipe(services.graph)
    whole = await imported(services, people(tmp_path / "b.csv"), PEOPLE)
    assert whole.written == 246
    assert canonical(await exported(services.graph)) == resumed


async def test_one_that_was_cut_off_between_the_rows_of_people_goes_on_with_the_others(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_RECORDS", 40)
    lines = [f"c{n},Ann{n % 50},{n % 50}@example.org" for n in range(250)]
    said = MapFile.read(
        PEOPLE.text.replace("[traits]", '[identifiers]\nemail = "mail"\n[traits]'), "p"
    )
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["id,name,mail", *lines]) + "\n")
    await cut_off(services, file, monkeypatch, said)
    found = read_checkpoint(checkpoint_of(str(file), rejects_of(str(file))))
    assert found is not None
    assert found.line < 20
    assert len(found.beyond) > 20
    assert found.report.read == 80
    report = await imported(services, file, said, resume=True)
    assert (report.resumed, report.read, report.written, report.known) == (80, 250, 250, 0)
    profiles = await query(services.graph, "MATCH (p:Profile) RETURN p.sourceId AS id")
    assert len(profiles) == 250


ORDERS = MapFile.read(
    """
    source = "shop"
    groupBy = "order"
    [identifiers]
    email = "mail"
    [interaction]
    id = "order"
    type = { value = "track" }
    [[interaction.products]]
    key = "sku"
    """,
    "orders.toml",
)


@pytest.mark.parametrize("blank", range(9))
async def test_an_order_before_a_line_that_cannot_be_read_is_not_passed_over(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank: int
) -> None:
    monkeypatch.setattr(files, "CHUNK_RECORDS", 40)
    lines = [f"o{n},s,{n}@example.org" for n in range(79)]
    lines += ["o79,s,g@example.org", "G,s,g@example.org", "broken,line", "H,s,h@example.org"]
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["order,sku,mail", *[""] * blank, *lines]) + "\n")
    await cut_off(services, file, monkeypatch, ORDERS)
    report = await imported(services, file, ORDERS, resume=True)
    assert (report.read, report.written, report.rejected) == (83, 82, 1)
    assert len(await query(services.graph, "MATCH (n:Interaction) RETURN n.key AS key")) == 82


async def test_another_content_or_another_map_begins_anew(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_RECORDS", 40)
    file = people(tmp_path / "a.csv")
    await cut_off(services, file, monkeypatch)
    other = MapFile.read(PEOPLE.text.replace("firstName", "lastName"), "p.toml")
    assert (await imported(services, file, other, resume=True)).resumed == 0
    await cut_off(services, people(tmp_path / "b.csv", 300), monkeypatch)
    assert (
        await imported(services, people(tmp_path / "b.csv", 301), PEOPLE, resume=True)
    ).resumed == 0


async def test_another_graph_is_not_taken_for_the_one_that_has_the_beginning(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_RECORDS", 40)
    file = people(tmp_path / "a.csv")
    await cut_off(services, file, monkeypatch)
    await wipe(services.graph)
    with pytest.raises(InvalidInputError, match="import without --resume"):
        await imported(services, file, PEOPLE, resume=True)
    assert (await imported(services, file, PEOPLE)).written == 246
