"""Keys in the graph: made, found, revoked, and their secrets nowhere."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from customers.audit.pages import Wanted as AuditWanted
from customers.audit.pages import audit_page
from customers.errors import ForbiddenError, InvalidInputError
from customers.keys import keyring, keys
from customers.keys.key import Key, Kind, hash_of
from customers.keys.keyring import Keyring
from customers.keys.keys import Wanted, create_key, every_key, revoke_key
from customers.principal import DEVELOPER, Principal, Role
from customers.reading import Reading
from customers.times import now_ms
from cypher import Graph, tally
from tests.conftest import query, soon
from tests.distrust import distrust

SELLER = Principal("seller", Role.SELLER)


async def made(graph: Graph, **more: Any) -> tuple[Key, str]:  # noqa: ANN401 - what a key has
    """A key and its text."""
    wanted = Wanted(**({"name": "till", "role": Role.SELLER} | more))
    return await create_key(graph, wanted, DEVELOPER, soon())


@pytest.fixture
async def ring(graph: Graph) -> AsyncIterator[Keyring]:
    """A process's keys, nothing read yet."""
    ring = Keyring(graph)
    yield ring
    await ring.close()


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let time pass for whoever asks how old what it knows is."""
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + seconds)


async def test_a_secret_is_nowhere_in_the_graph(graph: Graph, ring: Keyring) -> None:
    key, text = await made(graph)
    secret = text.rpartition("_")[2]
    assert await ring.find(text)
    await ring.close()
    rows = await query(graph, "MATCH (n) UNWIND keys(n) AS name RETURN name, n[name] AS value")
    assert {row["name"] for row in rows} >= {"hash", "lastUsedAt"}
    assert [row for row in rows if secret in str(row["value"])] == []
    assert hash_of(secret) in [row["value"] for row in rows if row["name"] == "hash"]
    assert key.hash != hash_of(secret)


async def test_a_write_key_is_of_one_source_and_can_only_write(graph: Graph) -> None:
    with pytest.raises(InvalidInputError, match="the policy trusts the source web"):
        await made(graph, role=None, source="web")
    await distrust(graph, "web")
    key, _ = await made(graph, role=None, source="web")
    assert (key.kind, key.role, key.source) == (Kind.WRITE, Role.INGEST, "web")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"name": " "}, "A key has a name"),
        ({"name": "a\nb"}, "A key has a name"),
        ({"name": "x" * 101}, "A key has a name"),
        ({"role": Role.INGEST, "source": " web"}, "A source has a name"),
        ({"role": Role.INGEST, "source": ""}, "A source has a name"),
        ({"role": None}, "a source that it writes for"),
        ({"role": Role.CUSTOMER}, "A customer comes with a token"),
        ({"role": Role.SELLER, "source": "web"}, "A source narrows the role ingest, not seller"),
    ],
)
async def test_a_key_that_would_be_none_is_refused(
    graph: Graph, given: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        await made(graph, **given)
    assert await query(graph, "MATCH (k:ApiKey) RETURN k.id AS id") == []


async def test_only_an_administrator_has_to_do_with_keys(graph: Graph) -> None:
    key, text = await made(graph)
    with pytest.raises(ForbiddenError):
        await create_key(graph, Wanted("mine", Role.ADMIN), SELLER, soon())
    with pytest.raises(ForbiddenError):
        await every_key(graph, SELLER, soon())
    with pytest.raises(ForbiddenError):
        await revoke_key(graph, text, SELLER, soon())
    [only] = await every_key(graph, DEVELOPER, soon())
    assert (only.id, only.revoked_at) == (key.id, None)


async def test_there_is_a_bound_on_usable_keys(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST_KEYS", 2)
    first, _ = await made(graph)
    await made(graph)
    with pytest.raises(InvalidInputError, match="There are 2 usable keys"):
        await made(graph)
    await revoke_key(graph, first.id, DEVELOPER, soon())
    await made(graph)


async def test_a_key_is_found_by_its_whole_text_alone(graph: Graph, ring: Keyring) -> None:
    key, text = await made(graph)
    other, other_text = await made(graph)
    found = await ring.find(text)
    assert found is not None
    assert (found.id, found.name, found.role) == (key.id, "till", Role.SELLER)
    swapped = f"pgk_{other.id}_{text.rpartition('_')[2]}"
    for wrong in ("", text[:-1], swapped, text.replace(key.id, "2" * 12), other_text + "x"):
        assert await ring.find(wrong) is None


async def test_a_key_that_was_just_made_is_found_at_once(graph: Graph, ring: Keyring) -> None:
    assert not await ring.holds_any()
    await asyncio.sleep(keyring.AGAIN_S)
    key, text = await made(graph)
    assert await ring.find(text)
    assert await ring.holds(key.id)
    assert await ring.holds_any()


async def test_a_revoked_key_ends_within_seconds(
    graph: Graph, ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, text = await made(graph)
    assert await ring.find(text)
    revoked = await revoke_key(graph, text, DEVELOPER, soon())
    assert revoked.revoked_at is not None
    later(monkeypatch, keyring.KEPT_S)
    assert not await ring.holds(key.id)
    assert await ring.find(text) is None
    assert not await ring.holds_any()
    again = await revoke_key(graph, key.id, DEVELOPER, soon())
    assert again.revoked_at == revoked.revoked_at


async def test_a_key_ends_when_it_expires_however_lately_it_was_read(
    graph: Graph, ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = now_ms() + 600_000
    key, text = await made(graph, expires_at=end)
    assert await ring.find(text)
    monkeypatch.setattr(keyring, "KEPT_S", 60.0)
    monkeypatch.setattr(keyring, "now_ms", lambda: end - 1)
    assert await ring.holds(key.id)
    monkeypatch.setattr(keyring, "now_ms", lambda: end)
    assert not await ring.holds(key.id)
    assert await ring.find(text) is None


async def test_who_is_not_there_is_not_revoked_and_not_quoted(graph: Graph) -> None:
    for given in ("2" * 12, "hunter2"):
        with pytest.raises(InvalidInputError, match="There is no key with this id") as refused:
            await revoke_key(graph, given, DEVELOPER, soon())
        assert given not in str(refused.value)


async def test_known_keys_and_made_up_ones_cost_the_same_statements(
    graph: Graph, ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "KEPT_S", 60.0)
    monkeypatch.setattr(keyring, "AGAIN_S", 60.0)
    _, text = await made(graph)
    with tally() as sent:
        await asyncio.gather(*(ring.find(text) for _ in range(20)))
        await asyncio.gather(*(ring.find(f"{text[:-2]}{n}") for n in range(10, 60)))
        await asyncio.gather(*(ring.find(f"pgk_{'2' * 12}_{'x' * 41}{n}") for n in range(10, 60)))
    assert sent == ["keys/usable"]
    monkeypatch.setattr(keyring, "AGAIN_S", -1.0)
    for wrong in (f"{text[:-2]}00", f"pgk_{'2' * 12}_{'x' * 43}"):
        with tally() as sent:
            assert await ring.find(wrong) is None
        assert sent == ["keys/usable"]


async def test_its_use_is_noted_once_a_minute(
    graph: Graph, ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, text = await made(graph)
    before = now_ms()
    for _ in range(3):
        assert await ring.find(text)
    await ring.close()
    [used] = await every_key(graph, DEVELOPER, soon())
    assert used.last_used_at is not None
    assert before <= used.last_used_at <= now_ms()
    monkeypatch.setattr(keyring, "now_ms", lambda: before + keyring.USED_MS - 1)
    assert await ring.find(text)
    assert ring._unwritten == {}
    monkeypatch.setattr(keyring, "now_ms", lambda: now_ms() + keyring.USED_MS)
    assert await ring.find(text)
    await ring.close()
    [again] = await every_key(graph, DEVELOPER, soon())
    assert again.last_used_at is not None
    assert again.last_used_at >= used.last_used_at + keyring.USED_MS - 1
    assert key.id == again.id


async def test_a_later_use_that_another_process_noted_stays(graph: Graph) -> None:
    key, _ = await made(graph)
    for at in (2000, 1000):
        await graph.write(keyring.USED, soon(), uses=[{"id": key.id, "at": at}])
    [found] = await every_key(graph, DEVELOPER, soon())
    assert found.last_used_at == 2000


async def test_the_audit_log_has_who_made_and_who_revoked_a_key(graph: Graph) -> None:
    key, _ = await create_key(graph, Wanted("shop", Role.SELLER), DEVELOPER, soon())
    await revoke_key(graph, key.id, DEVELOPER, soon())
    with pytest.raises(InvalidInputError):
        await revoke_key(graph, "23456789bcdf", DEVELOPER, soon())
    page = await audit_page(Reading(graph, DEVELOPER, soon()), AuditWanted(), 10)
    told = [(one.entry.action, one.entry.about, one.entry.actor) for one in page.items]
    assert told == [
        ("keyRevoked", (key.id,), "developer"),
        ("keyCreated", (key.id,), "developer"),
    ]
