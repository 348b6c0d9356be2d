"""In which order a file is written: who belongs together comes together, nothing is lost."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from customers.ingest import lookahead
from customers.ingest.entry_file import SLICE_ENTRIES, EntryFile
from customers.ingest.formats.compression import SAMPLE_BYTES
from customers.ingest.formats.entry import Entry
from customers.ingest.ingest import prepared
from customers.ingest.lookahead import Lookahead, Window
from customers.ingest.prepare import Prepared
from customers.ingest.queue import Rejected
from customers.ingest.settled import Settled

NAMES = "ann", "bea", "cem"
MAILS = "ann@x.org", "Ann@X.org ", "bea@x.org", "shop@x.org"
PHONES = "+1 718 201 0828", "718-201-0828"


def row(source_id: object, *mails: str, **more: object) -> dict[str, Any]:
    found = [{"namespace": "email", "value": one} for one in mails]
    return {"source": "crm", "sourceId": source_id, "identifiers": found} | more


def window_of(policy: Policy, found: Iterable[object]) -> Window:
    window = Window(policy)
    for number, one in enumerate(found, 1):
        window.add(Entry(number, number, one, orjson.dumps(None)))
    return window


def taken(window: Window) -> Iterator[list[int]]:
    while window:
        yield [one.number for one in window.take()]


def test_records_that_share_an_identifier_come_together_in_their_order(policy: Policy) -> None:
    said = [
        row(1, "ann@x.org"),
        row(2, "bea@x.org"),
        row(3, "Ann@x.org", "ann@work.org"),
        row(4, "cem@x.org"),
        row(5, "ann@work.org"),
        row(2),
    ]
    assert [*taken(window_of(policy, said))] == [[1, 3, 5], [2, 6], [4]]
    # However they are found: who was first stays the one by whose id the customer goes.
    found_last = [row(1, "ann@x.org"), row(2, "ann@y.org"), row(3, "ann@x.org", "ann@y.org")]
    assert [*taken(window_of(policy, found_last))] == [[1, 2, 3]]


def test_a_phone_number_brings_together_in_any_notation(policy: Policy) -> None:
    said = [
        row(n, identifiers=[{"namespace": "phone", "value": one}])
        for n, one in enumerate(["020 7946 0101", "+1 718 201 0828", "+442079460101"])
    ]
    assert [*taken(window_of(policy, said))] == [[1, 3], [2]]


def test_a_birth_date_and_a_name_bring_together_too(policy: Policy) -> None:
    born = {"birthDate": "1980-02-03"}
    said = [
        row(1, traits=born | {"firstName": "Ann", "lastName": "Moor"}),
        row(2, traits=born | {"firstName": "Bea", "lastName": "Lee"}),
        row(3, traits=born | {"firstName": "ann"}),
        row(4, traits={"firstName": "Ann", "lastName": "Moor"}),
    ]
    assert [*taken(window_of(policy, said))] == [[1, 3], [2], [4]]


def test_a_device_brings_together_and_what_is_no_record_stays_alone(policy: Policy) -> None:
    said: list[object] = [
        row(1, device={"namespace": "device", "value": "d-1"}),
        Rejected("not JSON", "INVALID_RECORD"),
        [1],
        {"source": "crm"},
        {"source": 3, "sourceId": [], "identifiers": {"a": 1}, "traits": [2], "device": "d-1"},
        row(2, device={"namespace": "device", "value": "d-1"}) | {"identifiers": [None, "x"]},
        row(3, traits={"birthDate": None, "firstName": "Ann"}),
    ]
    assert [*taken(window_of(policy, said))] == [[1, 6], [2], [3], [4], [5], [7]]


def test_any_json_anywhere_waits_and_comes_as_it_is(policy: Policy) -> None:
    deep = orjson.loads(b"[" * 1_000 + b"]" * 1_000)
    odd: list[object] = [None, True, 1.5, 2**63, "", "\0", [], {}, {"a": [None]}, deep]
    names = "source", "sourceId", "identifiers", "device", "traits", "interaction"
    said: list[object] = [*odd]
    for value in odd:
        said += [row(1) | {name: value} for name in names]
        said += [row(1, identifiers=[{"namespace": value, "value": value}, value])]
        said += [row(1, traits={"birthDate": value, "firstName": value}, device={"value": value})]
    said += [row(1, identifiers=[{"namespace": one, "value": "x"}]) for one in odd]
    window = Window(policy)
    for number, one in enumerate(said):
        window.add(Entry(number, number, one, b"x"))
    came = sorted((one for _ in said if window for one in window.take()), key=lambda x: x.number)
    assert [one.number for one in came] == [*range(len(said))]
    assert all(
        orjson.dumps(one.found) == orjson.dumps(was)
        for one, was in zip(came, said, strict=True)
        if not _deep(was)
    )
    assert window._size == 0


def _deep(value: object) -> bool:
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return True
    return False


def test_what_very_many_share_brings_nobody_together(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookahead, "MOST_SHARING", 3)
    three = [row(n, "office@x.org") for n in range(3)]
    assert [*taken(window_of(policy, three))] == [[1, 2, 3]]
    four = [row(n, "office@x.org", f"{n // 2}@x.org") for n in range(4)]
    assert [*taken(window_of(policy, four))] == [[1, 2], [3, 4]]
    # Not of those that went long ago: a customer who comes again and again is no crowd.
    window = Window(policy)
    for number in range(1, 9):
        window.add(Entry(number, number, row(number, "ann@x.org"), b""))
        if number % 2 == 0:
            assert [one.number for one in window.take()] == [number - 1, number]


def test_a_crowd_is_cut(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookahead, "GROUP_ENTRIES", 4)
    chain = [row(n, f"{n}@x.org", f"{n + 1}@x.org") for n in range(10)]
    found = [*taken(window_of(policy, chain))]
    assert sorted(number for group in found for number in group) == [*range(1, 11)]
    assert max(map(len, found)) == 4


def test_a_row_without_an_id_has_one_profile_however_it_is_written(policy: Policy) -> None:
    phones = [{"namespace": "phone", "value": one} for one in PHONES]
    here = {"country": "US"}
    said = [row(None, identifiers=[one], traits=here) for one in phones]
    first, second = (prepared(one, policy, 0) for one in said)
    assert isinstance(first, Prepared)
    assert isinstance(second, Prepared)
    assert first.profile == second.profile
    shown = {"source": "crm", "sourceId": first.source_id, "deleted": True}
    assert [*taken(window_of(policy, [*said, row(7), shown]))] == [[1, 2, 4], [3]]


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    """A raw record that has much in common with others."""
    found = [{"namespace": "email", "value": one} for one in draw(st.lists(st.sampled_from(MAILS)))]
    if draw(st.booleans()):
        found.append({"namespace": "phone", "value": draw(st.sampled_from(PHONES))})
    source_id = draw(st.sampled_from([None, 1, "1", " 1", "2", "3", "4", "~5"]))
    return {"source": draw(st.sampled_from(["crm", " crm"])), "sourceId": source_id} | {
        "identifiers": found, "traits": {"country": "US", "birthDate": "1980-01-01",
                                         "firstName": draw(st.sampled_from(NAMES))},
    }  # fmt: skip


@given(st.lists(said(), max_size=40), st.integers(1, 9), st.integers(1, 4), st.integers(1, 4))
def test_each_entry_comes_once_and_those_of_a_profile_in_their_order(
    records: list[dict[str, Any]], room: int, group: int, sharing: int
) -> None:
    policy = default_policy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookahead, "WINDOW_ENTRIES", room)
        patch.setattr(lookahead, "GROUP_ENTRIES", group)
        patch.setattr(lookahead, "MOST_SHARING", sharing)
        window = Window(policy)
        came: list[int] = []
        for number, one in enumerate(records):
            window.add(Entry(number, number, one, b""))
            while window.full:
                came += [entry.number for entry in window.take()]
        came += [number for some in taken(window) for number in some]
    assert sorted(came) == [*range(len(records))]
    of_profile: dict[str, list[int]] = defaultdict(list)
    for number in came:
        found = prepared(records[number], policy, 0)
        if isinstance(found, Prepared):
            of_profile[found.profile].append(number)
    assert all(numbers == sorted(numbers) for numbers in of_profile.values())
    assert window._entries == window._size == 0
    assert window._sharing == {}


def test_the_window_is_full_with_many_entries_or_large_ones(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookahead, "WINDOW_BYTES", 10_000)
    monkeypatch.setattr(lookahead, "WINDOW_ENTRIES", 3)
    assert not window_of(policy, [row(1), row(2)]).full
    assert window_of(policy, [row(1), row(2), row(3)]).full
    assert window_of(policy, [row(1, traits={"note": "x" * 10_000})]).full


async def test_a_pipe_that_pauses_keeps_nobody_waiting(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookahead, "PIPE_S", 2.0)
    reader, writer = os.pipe()
    # The beginning of a pipe, which tells its format, is waited for; then a slice at a time.
    note = {"note": "x" * (2 * SAMPLE_BYTES // SLICE_ENTRIES)}
    said = [row(n, f"{n % 80}@x.org", traits=note) for n in range(4 * SLICE_ENTRIES)]

    def write(pipe: BinaryIO) -> None:
        pipe.write(b"".join(orjson.dumps(one) + b"\n" for one in said))

    with (
        os.fdopen(reader, "rb"),
        os.fdopen(writer, "wb", buffering=0) as pipe,
        EntryFile(f"/dev/fd/{reader}") as file,
    ):
        writing = asyncio.create_task(asyncio.to_thread(write, pipe))
        async with asyncio.timeout(20):
            await file.look()
            await file.begin()
            ahead = Lookahead(file, policy, Settled())
            numbers = [one.number for one in await ahead.next()]
            await writing
            # It waited once, and not for every slice.
            async with asyncio.timeout(1.9):
                while len(numbers) < len(said):
                    numbers += [one.number for one in await ahead.next()]
            assert numbers == [n for m in range(1, 81) for n in (m, m + 80)]
            writing = asyncio.create_task(asyncio.to_thread(write, pipe))
            numbers = [one.number for one in await ahead.next()]
            await writing
            while len(numbers) < len(said):
                numbers += [one.number for one in await ahead.next()]
            assert sorted(numbers) == [*range(161, 321)]
            pipe.close()
            assert await ahead.next() == []
        ahead.close()


async def test_a_part_of_a_file_waits_while_the_next_is_read(
    policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookahead, "WINDOW_ENTRIES", 50)
    monkeypatch.setattr(lookahead, "FILL_ENTRIES", 40)
    path = tmp_path / "a.ndjson"
    mails = [f"{n % 100}@x.org" for n in range(400)]
    path.write_bytes(b"".join(orjson.dumps(row(n, one)) + b"\n" for n, one in enumerate(mails)))
    settled = Settled()
    came: list[int] = []
    with EntryFile(str(path)) as file:
        await file.look()
        await file.begin()
        ahead = Lookahead(file, policy, settled)
        while some := await ahead.next():
            came += [one.number for one in some]
            assert settled.read - len(came) <= 50 + 40 + 40
        ahead.close()
    assert sorted(came) == [*range(1, 401)]
