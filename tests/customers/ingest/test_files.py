"""Import of files: what goes in, what is rejected and why, and what a second time changes."""

import asyncio
import gzip
import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from customers.errors import ForbiddenError, InvalidInputError
from customers.ingest import files, lookahead
from customers.ingest.entry_file import EntryFile
from customers.ingest.files import import_file
from customers.ingest.formats.entry import Entry
from customers.ingest.formats.ndjson import LONGEST_LINE_BYTES
from customers.ingest.rejects import rejects_of
from customers.ingest.report import Report
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from cypher import DatabaseUnavailableError, Graph
from tests.conftest import query

RECORDS: list[dict[str, Any]] = [
    {
        "source": "crm",
        "sourceId": f"c{n}",
        "identifiers": [{"namespace": "crmId", "value": f"C{n}"}],
    }
    for n in range(3)
]
VISIT = {
    "source": "web",
    "sourceId": "v1",
    "at": "2026-11-01T10:00:00Z",
    "interaction": {"type": "page", "name": "Home"},
}


def ndjson(records: Iterable[object]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


async def imported(services: Services, file: str) -> Report:
    return await import_file(file, services.writer, services.policy, DEVELOPER)


def rejects(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def counts(graph: Graph) -> dict[str, int]:
    rows = await query(graph, "MATCH (n) WHERE NOT n:Migration RETURN labels(n)[0] AS label, n")
    labels = [one["label"] for one in rows]
    return {label: labels.count(label) for label in set(labels) - {"Counter", "Source"}}


async def test_every_record_of_a_file_goes_in(services: Services, tmp_path: Path) -> None:
    report = await imported(services, written(tmp_path / "a.ndjson", ndjson(RECORDS)))
    assert (report.read, report.written, report.known, report.rejected) == (3, 3, 0, 0)
    assert await counts(services.graph) == {
        "Profile": 3, "Identifier": 3, "Customer": 3, "Change": 3,
    }  # fmt: skip
    assert not rejects_of(str(tmp_path / "a.ndjson")).exists()


async def test_the_same_file_again_changes_nothing(services: Services, tmp_path: Path) -> None:
    # Two equal lines are two visits, but the same line of the same file is one.
    content = ndjson([*RECORDS, VISIT, VISIT])
    first = await imported(services, written(tmp_path / "a.ndjson", content))
    before = await counts(services.graph)
    again = await imported(services, written(tmp_path / "b.ndjson", content))
    assert (first.written, first.known) == (5, 0)
    assert (again.written, again.known) == (0, 5)
    assert before["Interaction"] == 2
    assert await counts(services.graph) == before


async def test_gzip_is_known_by_its_first_bytes_and_is_the_same_file(
    services: Services, tmp_path: Path
) -> None:
    content = ndjson([*RECORDS, VISIT])
    await imported(services, written(tmp_path / "a.ndjson", content))
    report = await imported(services, written(tmp_path / "b.txt", gzip.compress(content)))
    assert (report.written, report.known) == (0, 4)


async def test_what_is_wrong_is_rejected_with_line_and_reason_and_the_rest_goes_in(
    services: Services, tmp_path: Path
) -> None:
    lines = [
        ndjson([RECORDS[0]]),
        b"\n",
        b"  \t\r\n",
        b'{"source": "crm", "sourceId": "\xff"}\n',
        b'{"source": "crm", \n',
        b"[1]\n",
        ndjson([{"source": "crm"}]),
        ndjson([{"source": "crm", "identifiers": [{"namespace": "email", "value": "nobody"}]}]),
        json.dumps(RECORDS[1]).encode() + b"\r\n",
    ]
    report = await imported(services, written(tmp_path / "a.ndjson", b"".join(lines)))
    assert (report.read, report.written, report.rejected) == (7, 2, 5)
    path = tmp_path / "a.ndjson.rejects.ndjson"
    found = rejects(path)
    assert [(one["line"], one["code"]) for one in found] == [
        (line, "INVALID_RECORD") for line in (4, 5, 6, 7, 8)
    ]
    assert [one["reason"] for one in found] == [
        "not UTF-8, at byte 32",
        "not JSON: unexpected end of data at character 18",
        "not a JSON object",
        "a record needs a sourceId or at least one identifier",
        "no usable identifier and no sourceId (identifier email 'nobody': not an e-mail address)",
    ]
    assert found[0]["record"] == '{"source": "crm", "sourceId": "\\xff"}'
    assert found[1]["record"] == '{"source": "crm",'
    assert found[3]["record"] == {"source": "crm"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_line_of_a_megabyte_is_rejected_and_one_byte_less_is_read(
    services: Services, tmp_path: Path
) -> None:
    def line(length: int) -> bytes:
        begin, end = b'{"source": "crm", "sourceId": "c1", "traits": {"note": "', b'"}}'
        return begin + b"x" * (length - len(begin) - len(end)) + end + b"\n"

    content = line(LONGEST_LINE_BYTES) + line(LONGEST_LINE_BYTES + 1) + ndjson([RECORDS[0]])
    report = await imported(services, written(tmp_path / "a.ndjson", content))
    assert (report.read, report.written, report.rejected) == (3, 2, 1)
    [found] = rejects(tmp_path / "a.ndjson.rejects.ndjson")
    assert found["line"] == 2
    assert found["reason"] == "longer than 1048576 bytes"
    assert len(found["record"]) == 1024
    assert report.refused == {"trait: longer than 16384 bytes": 1}


async def test_a_byte_order_mark_is_no_part_of_the_first_record(
    services: Services, tmp_path: Path
) -> None:
    content = b"\xef\xbb\xbf" + ndjson(RECORDS)
    report = await imported(services, written(tmp_path / "a.ndjson", content))
    assert (report.written, report.rejected) == (3, 0)


async def test_values_that_are_refused_are_counted_by_reason(
    services: Services, tmp_path: Path
) -> None:
    bad = {"namespace": "email", "value": "nobody"}
    records = [{"source": "crm", "sourceId": f"{n}", "identifiers": [bad]} for n in range(3)]
    report = await imported(services, written(tmp_path / "a.ndjson", ndjson(records)))
    assert report.written == 3
    assert report.refused == {"identifier email: not an e-mail address": 3}


async def test_a_long_file_is_told_about_and_stays_in_order(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_RECORDS", 40)
    records: list[object] = [
        {"source": "crm", "sourceId": f"{n}"} if n % 70 else {"source": "crm"} for n in range(250)
    ]
    content = ndjson(records)
    told: list[tuple[int, int | None, int]] = []
    report = await import_file(
        written(tmp_path / "a.ndjson", content),
        services.writer,
        services.policy,
        DEVELOPER,
        rejects=tmp_path / "bad",
        progress=lambda *step: told.append(step),
    )
    assert (report.read, report.written, report.rejected) == (250, 246, 4)
    assert [one["line"] for one in rejects(tmp_path / "bad")] == [1, 71, 141, 211]
    assert [records for _, _, records in told] == [40, 80, 120, 160, 200, 240, 250]
    assert told[-1][:2] == (len(content), len(content))


async def test_records_of_a_person_are_written_together_and_those_of_a_row_in_their_order(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_RECORDS", 10)
    mails = [[{"namespace": "email", "value": f"{n % 20}@x.org"}] for n in range(60)]
    people: list[dict[str, Any]] = [
        {"source": "crm", "sourceId": f"{n}", "identifiers": one} for n, one in enumerate(mails)
    ]
    # Undated: what is said of a row holds from the time of the import, and the last word counts.
    row = {"source": "crm", "sourceId": "gone"}
    said = [row | {"traits": {"firstName": "Ann"}}, *people, row | {"deleted": True}]
    told: list[tuple[int, int | None, int]] = []
    report = await import_file(
        written(tmp_path / "a.ndjson", ndjson(said)),
        services.writer,
        services.policy,
        DEVELOPER,
        progress=lambda *step: told.append(step),
    )
    assert (report.written, report.known, report.rejected) == (62, 0, 0)
    profiles = await query(
        services.graph, "MATCH (p:Profile) RETURN p.sourceId AS id ORDER BY p.number"
    )
    ids = [one["id"] for one in profiles]
    assert [one for one in ids if one != "gone"] == [
        f"{n + more}" for n in range(20) for more in (0, 20, 40)
    ]
    gone = await query(
        services.graph, "MATCH (p:Profile {sourceId: 'gone'}) RETURN p.deletedAt AS at"
    )
    assert gone[0]["at"] is not None
    done = [where for where, _, _ in told]
    assert done == sorted(done)
    assert done[0] < done[-1] == told[-1][1]


async def test_a_damaged_gzip_file_is_named(services: Services, tmp_path: Path) -> None:
    file = written(tmp_path / "a.gz", gzip.compress(ndjson(RECORDS))[:-9])
    with pytest.raises(InvalidInputError, match=r"a\.gz is a damaged gzip file"):
        await imported(services, file)


async def test_what_comes_through_a_pipe_before_the_damage_goes_in(
    services: Services, tmp_path: Path
) -> None:
    note = {"note": "x" * 2_000}
    content = ndjson({"source": "crm", "sourceId": f"{n}", "traits": note} for n in range(500))
    reader, writer = os.pipe()

    def write() -> None:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(gzip.compress(content)[:-9])

    with os.fdopen(reader):
        writing = asyncio.create_task(asyncio.to_thread(write))
        with pytest.raises(InvalidInputError, match="is a damaged compressed file") as caught:
            await import_file(
                f"/dev/fd/{reader}",
                services.writer,
                services.policy,
                DEVELOPER,
                rejects=tmp_path / "rejects",
            )
        await writing
    found = (await counts(services.graph))["Profile"]
    assert found == 500
    assert f"{found} records are in" in caught.value.__notes__[0]


async def test_what_stops_an_import_is_told_and_not_what_is_wrong_with_the_file(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: EntryFile) -> list[Entry]:
        raise InvalidInputError("damaged")

    async def away(*_: object, **__: object) -> None:
        monkeypatch.setattr(EntryFile, "next", broken)
        raise DatabaseUnavailableError("away")

    monkeypatch.setattr(lookahead, "FILL_ENTRIES", 40)
    monkeypatch.setattr(files, "CHUNK_RECORDS", 40)
    monkeypatch.setattr(services.writer, "submit", away)
    many: list[object] = [{"source": "crm", "sourceId": f"{n}"} for n in range(400)]
    with pytest.raises(DatabaseUnavailableError, match="away"):
        await imported(services, written(tmp_path / "a.ndjson", ndjson(many)))


async def test_a_file_that_is_not_there_is_named(services: Services, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="none cannot be read: No such file"):
        await imported(services, str(tmp_path / "none"))
    with pytest.raises(InvalidInputError, match="cannot be read: Is a directory"):
        await imported(services, str(tmp_path))


async def test_the_rejects_never_overwrite_the_file_itself(
    services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "a.ndjson"
    content = ndjson([{"source": "crm"}])
    file.write_bytes(content)
    with pytest.raises(InvalidInputError, match="is itself imported"):
        await import_file(str(file), services.writer, services.policy, DEVELOPER, rejects=file)
    assert file.read_bytes() == content


async def test_who_may_not_write_reads_no_file(services: Services, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError):
        await import_file(
            str(tmp_path / "none"),
            services.writer,
            services.policy,
            Principal("ann", Role.ANALYST),
        )


async def test_an_import_that_is_stopped_says_that_it_can_be_repeated(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise DatabaseUnavailableError("away")

    monkeypatch.setattr(services.writer, "submit", away)
    with pytest.raises(DatabaseUnavailableError) as caught:
        await imported(services, written(tmp_path / "a.ndjson", ndjson(RECORDS)))
    assert "0 records are in. Import it again" in caught.value.__notes__[0]


async def test_entries_come_in_slices_however_long_the_file(tmp_path: Path) -> None:
    with EntryFile(written(tmp_path / "a", b"{}\n" * 100)) as file:
        await file.look()
        await file.begin()
        sizes = []
        while some := await file.next():
            sizes.append(len(some))
    assert sizes == [40, 40, 20]
