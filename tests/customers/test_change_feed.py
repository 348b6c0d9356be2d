"""The change feed: every change once and in order, whoever writes, for few statements."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from customers.change_feed import PAUSE_S, ChangeFeed, Follower
from customers.changes import Change
from customers.errors import ForbiddenError, StoppingError, TooSlowError
from customers.principal import DEVELOPER, Principal, Role
from customers.reading import Reading
from customers.services import Services
from cypher import DatabaseUnavailableError, Graph
from tests.conftest import Ingest, soon
from tests.unreachable import unreachable_graph

LONG_S = 30.0


def record(source_id: str, *mails: str) -> dict[str, object]:
    """A row of a source that knows some e-mails."""
    return {
        "source": "crm",
        "sourceId": source_id,
        "at": "2026-01-01T00:00:00Z",
        "identifiers": [{"namespace": "email", "value": mail} for mail in mails],
    }


def follower(feed: ChangeFeed, graph: Graph, after: int | None = None, *customers: str) -> Follower:
    return Follower(feed, lambda: Reading(graph, DEVELOPER, soon()), after, frozenset(customers))


async def taken(changes: AsyncIterator[Change], count: int) -> list[Change]:
    """The next changes."""
    async with asyncio.timeout(LONG_S):
        return [await anext(changes) for _ in range(count)]


@pytest.fixture
async def feed(graph: Graph) -> AsyncIterator[ChangeFeed]:
    made = ChangeFeed(graph, every_s=0.05, kept=10)
    yield made
    await made.close()


@asynccontextmanager
async def waiting(
    changes: AsyncIterator[Change], feed: ChangeFeed
) -> AsyncIterator[asyncio.Task[Change]]:
    """The next change, being waited for from now on."""
    task = asyncio.ensure_future(anext(changes))
    async with asyncio.timeout(LONG_S):
        while feed.last is None:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    yield task


async def test_whoever_names_no_place_has_what_happens_from_now_on(
    feed: ChangeFeed, graph: Graph, ingest: Ingest
) -> None:
    await ingest([record("old")])
    async with (
        aclosing(follower(feed, graph).changes()) as changes,
        waiting(changes, feed) as first,
    ):
        assert not first.done()
        await ingest([record("1"), record("2"), record("3")])
        assert [(await first).seq, *(one.seq for one in await taken(changes, 2))] == [2, 3, 4]


async def test_whoever_names_a_place_goes_on_from_there_through_what_is_kept_and_what_is_not(
    feed: ChangeFeed, graph: Graph, ingest: Ingest
) -> None:
    await ingest([record(f"{n}") for n in range(30)])
    async with aclosing(follower(feed, graph, 3).changes()) as changes:
        assert [one.seq for one in await taken(changes, 27)] == list(range(4, 31))
        await ingest([record("next")])
        assert [one.seq for one in await taken(changes, 1)] == [31]


async def test_many_followers_cost_the_statements_of_one(
    feed: ChangeFeed, graph: Graph, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    followers = [follower(feed, graph, 0) for _ in range(50)]
    names: list[str] = []
    read = Graph.read

    async def counting(self: Graph, statement: object, *args: object, **params: object) -> object:
        names.append(statement.name)  # type: ignore[attr-defined]
        return await read(self, statement, *args, **params)  # type: ignore[arg-type]

    monkeypatch.setattr(Graph, "read", counting)

    async def first_five(one: Follower) -> list[int]:
        async with aclosing(one.changes()) as changes:
            return [change.seq for change in await taken(changes, 5)]

    following = asyncio.gather(*(first_five(one) for one in followers))
    async with asyncio.timeout(LONG_S):
        while feed.last is None:
            await asyncio.sleep(0.01)
    names.clear()
    began = time.monotonic()
    await ingest([record(f"{n}") for n in range(5)])
    assert await following == [[1, 2, 3, 4, 5]] * 50
    assert names.count("changes/after") == 1
    looks = (time.monotonic() - began) / (0.05 + PAUSE_S) + 2
    assert names.count("changes/last") <= looks
    assert set(names) == {"changes/after", "changes/last"}


async def test_what_this_process_writes_is_told_without_waiting_for_the_next_look(
    graph: Graph, ingest: Ingest
) -> None:
    feed = ChangeFeed(graph, every_s=LONG_S * 2)
    async with (
        aclosing(follower(feed, graph).changes()) as changes,
        waiting(changes, feed) as first,
    ):
        await ingest([record("1")])
        assert (await asyncio.wait_for(first, LONG_S)).seq == 1
    await feed.close()


async def test_nobody_who_follows_is_nothing_that_is_read(
    feed: ChangeFeed, graph: Graph, ingest: Ingest
) -> None:
    await ingest([record("1")])
    async with aclosing(follower(feed, graph, 0).changes()) as changes:
        await taken(changes, 1)
        task = feed._task
        assert task is not None
    await asyncio.wait_for(task, LONG_S)
    assert (feed.followers, feed._task, feed.last) == (0, None, None)


async def test_a_follower_that_falls_behind_is_dropped_with_its_place(
    feed: ChangeFeed, graph: Graph, ingest: Ingest
) -> None:
    one = follower(feed, graph)
    async with aclosing(one.changes()) as changes:
        async with waiting(changes, feed) as first:
            await ingest([record("1")])
            assert (await first).seq == 1
        await ingest([record(f"{n}") for n in range(2, 13)])
        async with asyncio.timeout(LONG_S):
            while feed.last != 12:
                await asyncio.sleep(0.01)
        with pytest.raises(TooSlowError):
            await taken(changes, 1)
    assert one.position == 1
    async with aclosing(follower(feed, graph, one.position).changes()) as changes:
        assert [change.seq for change in await taken(changes, 11)] == list(range(2, 13))


async def test_a_customer_is_followed_into_the_one_it_merges_into(
    feed: ChangeFeed, graph: Graph, ingest: Ingest
) -> None:
    ann, bob = await ingest([record("a", "ann@x.org"), record("b", "bob@x.org")])
    assert bob.customer is not None
    other = follower(feed, graph, 0, bob.customer)
    async with aclosing(other.changes()) as changes:
        assert [one.seq for one in await taken(changes, 1)] == [2]
        await ingest([record("elsewhere", "eve@x.org")])
        # More evidence than one mailbox has, so that the two are one.
        await ingest(
            [
                {**record(source_id, "ann@x.org", "bob@x.org"), "traits": TRAITS}
                for source_id in ("a", "b")
            ]
        )
        merged, *_ = await taken(changes, 1)
        assert (merged.kind, merged.came_from) == ("merged", bob.customer)
        assert merged.customer == ann.customer
        await ingest([{**record("d", "ann@x.org", "bob@x.org"), "traits": TRAITS}])
        later = await taken(changes, 1)
        assert [one.customer for one in later] == [ann.customer]


TRAITS = {"firstName": "Ann", "lastName": "Smith", "birthDate": "1980-02-03"}


async def test_what_one_process_writes_another_tells_of(
    services: Services, graph: Graph, ingest: Ingest
) -> None:
    # Two feeds, as two servers have them; the second hears of the first one's commits by asking.
    feeds = [ChangeFeed(graph, every_s=0.05) for _ in range(2)]

    async def all_twenty(feed: ChangeFeed) -> list[int]:
        async with aclosing(follower(feed, graph, 0).changes()) as changes:
            return [one.seq for one in await taken(changes, 20)]

    following = asyncio.gather(*(all_twenty(one) for one in feeds))
    for n in range(20):
        await ingest([record(f"{n}")])
    assert await following == [list(range(1, 21))] * 2
    for one in feeds:
        await one.close()


async def test_a_database_that_is_away_ends_the_followers_who_then_know_it(
    unused_tcp_port: int,
) -> None:
    async with unreachable_graph(unused_tcp_port) as away:
        feed = ChangeFeed(away)
        async with aclosing(follower(feed, away, 7).changes()) as changes:
            with pytest.raises(DatabaseUnavailableError):
                await taken(changes, 1)
        await feed.close()


async def test_a_feed_that_is_closed_ends_its_followers_and_takes_no_more(
    feed: ChangeFeed, graph: Graph
) -> None:
    async with (
        aclosing(follower(feed, graph).changes()) as changes,
        waiting(changes, feed) as first,
    ):
        await feed.close()
        with pytest.raises(StoppingError):
            await first
    with pytest.raises(StoppingError):
        await anext(follower(feed, graph).changes())


async def test_nobody_follows_who_may_not_read(feed: ChangeFeed, graph: Graph) -> None:
    nobody = Principal("nobody", Role.INGEST)
    for after in (None, 0):
        one = Follower(feed, lambda: Reading(graph, nobody, soon()), after)
        with pytest.raises(ForbiddenError):
            await anext(one.changes())
    assert feed.followers == 0
