"""The policy in force: versions in the graph that every process which writes goes by."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from customers.customer import Facets, customers_by_ids
from customers.errors import ForbiddenError, StaleReadError
from customers.identity import everything
from customers.identity.background import background
from customers.identity.everything import resolve_everything
from customers.identity.policy_document import InvalidPolicyError, default_text
from customers.identity.policy_in_force import (
    PolicyInForce,
    open_policy,
    policy_in_force,
    put_in_force,
)
from customers.ingest.ingest import ingest as ingest_raw
from customers.ingest.prepare import Prepared, prepare
from customers.ingest.queue import Writer
from customers.ingest.record import Record
from customers.ingest.writer import Found, Written, _Batch, write_batch
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services, open_services
from cypher import Connection, Graph
from server.app import create_app
from server.settings import ConfigError, Settings
from tests.conftest import Clusters, Json, query, soon
from tests.rows import born, changes, customers, reading, said

NOBODY = default_text().replace("mergeBits = 5.0", "mergeBits = 1000.0")
DISTRUST = f"{default_text()}\n[sources.browser]\ntrusted = false\n"
# Who is known by an e-mail alone is not even brought to the others.
NO_MAIL = default_text().replace("[namespaces.email]\nbits = 9", "[namespaces.email]\nbits = 0")
# Who shares no identifier is brought to nobody.
KEYLESS = re.sub(r"\[blocking\..*?(?=\n#)", "", default_text(), flags=re.DOTALL)
MAIL = "email:ann@x.org"
assert default_text() not in (NOBODY, DISTRUST, NO_MAIL, KEYLESS)


async def opened(graph: Graph, text: str | None = None) -> PolicyInForce:
    return await open_policy(graph, text, DEVELOPER, soon())


async def put(graph: Graph, text: str) -> PolicyInForce:
    return await put_in_force(graph, text, "file", DEVELOPER, soon())


async def versions(graph: Graph) -> list[tuple[int, str, bool]]:
    """Every version there was: number, where it came from, whether everything is resolved by it."""
    rows = await query(
        graph,
        "MATCH (p:Policy) RETURN p.version AS v, p.origin AS origin, p.resolvedAt AS at ORDER BY v",
    )
    return [(row["v"], row["origin"], row["at"] is not None) for row in rows]


async def write(services: Services, records: Iterable[Json]) -> list[Written]:
    outcomes = await ingest_raw(services.writer, services.policy, list(records), DEVELOPER, soon())
    written = [one for one in outcomes if isinstance(one, Written)]
    assert len(written) == len(outcomes)
    return written


@asynccontextmanager
async def process(graph: Graph) -> AsyncIterator[Services]:
    """What a process that starts now works with."""
    policies = await opened(graph)
    async with Writer(graph, policies) as writer:
        yield Services(graph, writer, policies, secret=b"test" * 8)


# Which one it is


async def test_the_first_start_puts_the_default_in_force(graph: Graph) -> None:
    assert await policy_in_force(graph, soon()) is None
    first = await opened(graph)
    assert (first.version, first.text) == (1, default_text())
    row = await policy_in_force(graph, soon())
    assert row is not None
    assert (row["version"], row["origin"], row["by"]) == (1, "default", "developer")
    assert row["text"] == default_text()
    # There was nothing to resolve.
    assert row["resolvedAt"] >= row["at"] > 0


async def test_the_next_start_finds_it_and_puts_nothing(graph: Graph) -> None:
    await opened(graph)
    again = await opened(graph)
    assert (again.version, again.policy.merge_bits) == (1, 5.0)
    assert await versions(graph) == [(1, "default", True)]


async def test_a_new_default_takes_the_place_of_an_old_one_and_of_nobody_s_own(
    graph: Graph,
) -> None:
    await put_in_force(graph, NOBODY, "default", DEVELOPER, soon())
    assert ((await opened(graph)).version, (await opened(graph)).text) == (2, default_text())
    await put(graph, NOBODY)
    own = await opened(graph)
    assert (own.version, own.policy.merge_bits) == (3, 1000.0)


async def test_a_policy_of_one_s_own_stays_until_there_is_another(graph: Graph) -> None:
    for text, version in [(NOBODY, 1), (NOBODY, 1), (DISTRUST, 2), (NOBODY, 3)]:
        assert (await opened(graph, text)).version == version
    assert (await opened(graph)).policy.merge_bits == 1000.0
    assert [origin for _, origin, _ in await versions(graph)] == ["file"] * 3


async def test_what_says_the_same_is_the_same_version(graph: Graph) -> None:
    await put(graph, NOBODY)
    same = await put(graph, f"# Mine.\n\n{NOBODY}\n# The end.\n")
    assert (same.version, same.text) == (1, NOBODY)
    assert await versions(graph) == [(1, "file", True)]


async def test_what_is_wrong_is_never_in_force(graph: Graph) -> None:
    await put(graph, NOBODY)
    with pytest.raises(InvalidPolicyError, match="crowd"):
        await put(graph, NOBODY.replace("crowd = 5", "crowd = 0"))
    assert await versions(graph) == [(1, "file", True)]


async def test_who_may_not_write_puts_nothing_in_force(graph: Graph) -> None:
    reader = Principal("reader", Role.ANALYST)
    with pytest.raises(ForbiddenError):
        await put_in_force(graph, NOBODY, "file", reader, soon())
    assert await policy_in_force(graph, soon()) is None


async def test_two_who_put_the_same_at_once_put_it_once(graph: Graph) -> None:
    both = await asyncio.gather(put(graph, NOBODY), put(graph, NOBODY))
    assert [one.version for one in both] == [1, 1]
    others = await asyncio.gather(put(graph, DISTRUST), put(graph, default_text()))
    assert sorted(one.version for one in others) == [2, 3]


# Whoever writes


async def test_another_process_takes_a_new_version_up_with_its_next_batch(graph: Graph) -> None:
    async with process(graph) as one, process(graph) as other:
        records = [said("a", 1, MAIL), said("b", 1, MAIL)]
        await write(other, records)
        assert len(set((await customers(graph)).values())) == 1
        await put(graph, NOBODY)
        assert (one.policies.version, other.policies.version) == (1, 1)
        first, second = await write(other, [said("c", 2, MAIL), said("d", 2, MAIL)])
        own = await born(graph)
        assert (first.customer, second.customer) == (own["c"], own["d"])
        assert (one.policies.version, other.policies.version) == (1, 2)
        assert other.policy.merge_bits == 1000.0
        # Who has nothing to write needs it for nothing.
        assert one.policy.merge_bits == 5.0


async def test_the_first_batch_by_a_new_version_asks_for_its_keys(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = {"firstName": "Ann", "lastName": "Moor", "birthDate": "1980-05-17"}
    late = await put(graph, KEYLESS)
    async with process(graph) as services:
        await put(graph, default_text())
        [first] = await write(services, [said("a", 1, **ann)])
    # What the batch wants of the graph is made out by the version before.
    asked: list[set[str]] = []
    read = _Batch.read

    async def watched(self: _Batch, records: Sequence[Prepared], wanted: set[str]) -> Found:
        asked.append(wanted)
        return await read(self, records, wanted)

    monkeypatch.setattr(_Batch, "read", watched)
    record = prepare(Record.model_validate(said("b", 1, **ann)), late.policy, 1_760_000_000_000)
    [second] = await write_batch(graph, [record], late, DEVELOPER, soon())
    assert second.customer == first.customer
    assert [len(keys) for keys in asked] == [2]
    # Nor does it ask for what the version before would have.
    await put(graph, KEYLESS)
    await write_batch(graph, [record], late, DEVELOPER, soon())
    assert asked[1:] == [set()]


async def test_a_source_is_not_trusted_from_the_next_batch_on(graph: Graph) -> None:
    async with process(graph) as services:
        [before] = await write(services, [said("x", 1, "cookie:k", source="browser")])
        assert before.customer is not None
        await put(graph, DISTRUST)
        [after] = await write(services, [said("x", 2, "cookie:k", source="browser")])
        assert after.customer is None
        # The source itself says so from the batch after that on, which knows it from its beginning.
        await write(services, [said("x", 3, "cookie:k", source="browser")])
        rows = await query(graph, "MATCH (s:Source {name: 'browser'}) RETURN s.trusted AS trusted")
        assert rows == [{"trusted": False}]


async def test_a_version_is_read_only_once(graph: Graph) -> None:
    async with process(graph) as services:
        await put(graph, NOBODY)
        await write(services, [said("a", 1, MAIL)])
        taken = services.policy
        await write(services, [said("b", 1, MAIL)])
        assert services.policy is taken


# Everything again


async def test_everything_is_resolved_by_a_version_once_and_that_is_noted(
    graph: Graph, clusters: Clusters
) -> None:
    async with process(graph) as services:
        await write(services, [said("a", 1, MAIL), said("b", 1, MAIL)])
        policies = await put(graph, NOBODY)
        assert await versions(graph) == [(1, "default", True), (2, "file", False)]
        # Until then all is as it was.
        assert await clusters() == {frozenset("ab")}
        report = await resolve_everything(graph, policies, DEVELOPER)
        assert (report.moved, report.customers) == (1, 2)
        assert await clusters() == {frozenset("a"), frozenset("b")}
        assert await versions(graph) == [(1, "default", True), (2, "file", True)]


async def test_a_version_that_another_followed_meanwhile_is_not_noted(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everything, "WINDOW", 2)
    async with process(graph) as services:
        await write(services, [said(f"a{n}", 1, MAIL) for n in range(8)])
        policies = await put(graph, NOBODY)
        others: list[asyncio.Task[PolicyInForce]] = []

        def told(done: int, _steps: int) -> None:
            if done == 4:
                others.append(asyncio.create_task(put(graph, DISTRUST)))

        await resolve_everything(graph, policies, DEVELOPER, progress=told)
        assert [(await one).version for one in others] == [3]
        found = await versions(graph)
        assert (found[1], found[2]) == ((2, "file", False), (3, "file", False))
        await resolve_everything(graph, policies, DEVELOPER)
        assert (await versions(graph))[2] == (3, "file", True)


async def test_the_background_of_a_server_resolves_by_what_another_process_put_in_force(
    graph: Graph, clusters: Clusters
) -> None:
    async with process(graph) as services, background(services, every_s=0.05):
        await write(services, [said("a", 1, MAIL), said("b", 1, MAIL)])
        await asyncio.sleep(0.3)
        assert await clusters() == {frozenset("ab")}
        count = len(await changes(graph))
        await put(graph, NOBODY)
        async with asyncio.timeout(60):
            while not (await versions(graph))[-1][2]:
                await asyncio.sleep(0.05)
        own = await born(graph)
        assert await clusters() == {frozenset("a"), frozenset("b")}
        assert await changes(graph, count) == [("split", own["b"], own["a"], ["s|b"])]
        assert (services.policies.version, services.policy.merge_bits) == (2, 1000.0)
    rows = await query(
        graph, "MATCH (x:Change {kind: 'split'}) RETURN x.by AS by, x.cause AS cause"
    )
    assert rows == [{"by": "background", "cause": "resolve"}]


# Between the two

OTHERS = [pytest.param(NOBODY, id="nobody"), pytest.param(NO_MAIL, id="no mail")]


def households(count: int) -> list[Json]:
    """Three visits for each of many people, those of one far from each other."""
    return [
        said(f"{person}.{visit}", 1, f"email:p{person}@x.org")
        for visit in range(3)
        for person in range(count)
    ]


TOGETHER = {frozenset(f"{person}.{visit}" for visit in range(3)) for person in range(6)}
ALONE = {frozenset([one]) for cluster in TOGETHER for one in cluster}


@pytest.mark.parametrize("other", OTHERS)
async def test_each_step_of_a_change_shows_a_customer_as_it_was_or_as_it_will_be(
    graph: Graph, clusters: Clusters, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    monkeypatch.setattr(everything, "WINDOW", 2)
    async with process(graph) as services:
        await write(services, households(6))
        own = await born(graph)
        for text, after in ((other, ALONE), (default_text(), TOGETHER)):
            before = await clusters()
            policies = await put(graph, text)
            watched = asyncio.create_task(_watch(graph, [*own.values()], before | after))
            await resolve_everything(graph, policies, DEVELOPER)
            watched.cancel()
            with pytest.raises(asyncio.CancelledError):
                await watched
            assert await clusters() == after
        assert await customers(graph) == {
            f"{person}.{visit}": own[f"{person}.0"] for person in range(6) for visit in range(3)
        }


async def _watch(graph: Graph, ids: list[str], either: set[frozenset[str]]) -> None:
    """Read all customers again and again: each as it was before or after, each profile in one."""
    while True:
        one = reading(graph)
        try:
            found = await customers_by_ids(one, ids, Facets(profiles=50))
            await one.check()
        except StaleReadError:
            continue
        shown = {
            customer.id: frozenset(profile.source_id for profile in customer.profiles)
            for customer in found
            if customer is not None
        }
        assert set(shown.values()) <= either
        assert sum(len(parts) for parts in shown.values()) == len(ids)


@pytest.mark.parametrize("other", OTHERS)
async def test_a_record_that_comes_before_everything_is_resolved_tears_nobody(
    graph: Graph, clusters: Clusters, other: str
) -> None:
    async with process(graph) as services:
        await write(services, households(6))
        own = await born(graph)
        policies = await put(graph, other)
        [written] = await write(services, [said("0.2", 2, "email:p0@x.org", city="Leeds")])
        assert written.customer == own["0.2"]
        found = {frozenset(cluster) for cluster in await clusters()}
        assert found == TOGETHER - {frozenset(["0.0", "0.1", "0.2"])} | {
            frozenset(["0.0"]), frozenset(["0.1"]), frozenset(["0.2"]),
        }  # fmt: skip
        await resolve_everything(graph, policies, DEVELOPER)
        assert await clusters() == ALONE


@pytest.mark.parametrize("other", OTHERS)
async def test_records_go_in_while_everything_is_resolved(
    graph: Graph, clusters: Clusters, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    monkeypatch.setattr(everything, "WINDOW", 2)
    async with process(graph) as services:
        await write(services, households(6))
        policies = await put(graph, other)
        work = asyncio.create_task(resolve_everything(graph, policies, DEVELOPER))
        late = 0
        while not work.done():
            await write(services, [said(f"late{late}", 2, f"email:p{late % 6}@x.org")])
            late += 1
        await work
        assert late > 0
        assert await clusters() == ALONE | {frozenset([f"late{n}"]) for n in range(late)}


# At the start of a server


def settings(connection: Connection, **more: object) -> Settings:
    """The settings of a process on the tests' graph."""
    return Settings.model_validate(
        {
            "data_dir": connection.data_dir,
            "NEO4J_URI": connection.uri,
            "NEO4J_USER": connection.user,
            "NEO4J_PASSWORD": connection.password,
            "NEO4J_DATABASE": connection.database,
            **more,
        }
    )


async def test_a_server_puts_the_policy_of_its_environment_in_force(
    graph: Graph, connection: Connection, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(NOBODY)
    app = create_app(settings(connection, policy=file))
    async with app.router.lifespan_context(app):
        assert (app.state.services.policies.version, app.state.services.policy.merge_bits) == (
            1,
            1000.0,
        )
    row = await policy_in_force(graph, soon())
    assert row is not None
    assert (row["origin"], row["text"]) == ("file", NOBODY)
    # Without it the next one goes by the same.
    app = create_app(settings(connection))
    async with app.router.lifespan_context(app):
        assert app.state.services.policy.merge_bits == 1000.0


async def test_a_policy_that_cannot_be_read_or_used_is_said_before_anything_is_done(
    graph: Graph, connection: Connection, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(NOBODY.replace("crowd = 5", "crowd = 0"))
    for file, problem, told in (
        (tmp_path / "none.toml", ConfigError, "PROFILE_GRAPH_POLICY: .*none.toml cannot be read"),
        (tmp_path, ConfigError, "PROFILE_GRAPH_POLICY: .* cannot be read"),
        (wrong, InvalidPolicyError, "line 5: crowd: .*greater than or equal to 1"),
    ):
        app = create_app(settings(connection, policy=file))
        with pytest.raises(problem, match=told):
            async with app.router.lifespan_context(app):
                pass
    assert await policy_in_force(graph, soon()) is None


async def test_services_go_by_the_policy_they_are_opened_with(
    graph: Graph, connection: Connection
) -> None:
    async with open_services(connection, b"test" * 8, DISTRUST) as services:
        assert not services.policy.trusts("browser")
        assert services.policies.version == 1
    async with open_services(connection, b"test" * 8) as services:
        assert not services.policy.trusts("browser")
