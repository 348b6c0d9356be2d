"""Who is found in the graph, and that nobody is found who must not be."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from customers.errors import ForbiddenError, InvalidInputError
from customers.identity.everything import resolve_everything
from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, read_policy
from customers.principal import DEVELOPER, Principal, Role
from customers.reading import Reading
from customers.search import plan as plans
from customers.search.plan import MOST_LED
from customers.search.ranking import Hit, Kind
from customers.search.search import search
from cypher import Graph, tally
from tests.conftest import Ingest, Json, in_force, query, soon
from tests.rows import customers, gone, said, snapshot

Search = Callable[..., Awaitable[list[Hit]]]
Found = Callable[[str], Awaitable[list[str]]]

JOHN = {"firstName": "John", "lastName": "Smith", "city": "Leeds"}
JOERG = {"firstName": "Jörg", "lastName": "Müller"}


@pytest.fixture
def policy() -> Policy:
    """The default, but for browsers, which are not trusted."""
    return read_policy(f"{default_text()}\n[sources.browser]\ntrusted = false\n")


@pytest.fixture
def find(graph: Graph, policy: Policy) -> Search:
    """The hits of a text."""

    async def hits(text: str, first: int = 50) -> list[Hit]:
        reading = Reading(graph, DEVELOPER, soon())
        found = await search(reading, policy, text, first)
        await reading.check()
        return found

    return hits


@pytest.fixture
def found(graph: Graph, find: Search) -> Found:
    """The sourceIds of the first profiles of the hits, in their order."""

    async def source_ids(text: str) -> list[str]:
        rows = await query(graph, "MATCH (p:Profile) RETURN p.customerId AS id, p.sourceId AS key")
        names = {row["id"]: row["key"] for row in rows}
        return [names[hit.id] for hit in await find(text)]

    return source_ids


async def tokens(graph: Graph) -> dict[str, int]:
    """Every token with its count, which is how many customers it leads to."""
    rows = await query(
        graph,
        "MATCH (t:Token) OPTIONAL MATCH (t)<-[:FOUND_BY]-(c:Customer) "
        "RETURN t.key AS key, t.count AS count, count(c) AS led, count(c.closedAt) AS closed",
    )
    assert all(row["count"] == row["led"] and row["closed"] == 0 for row in rows)
    return {row["key"]: row["count"] for row in rows}


def bought(source_id: str, day: float, order: str, *identifiers: str, **parts: Any) -> Json:  # noqa: ANN401
    """A purchase with the number of its order."""
    what = {"type": "track", "name": "Order Completed", "orderId": order}
    return said(source_id, day, *identifiers, interaction=what, **parts)


@pytest.mark.parametrize(
    "text",
    [
        "John Smith", "smith john", "Jonh Smiht", "Jon Smyth", "Johnn Smit", "joh smi",
        "SMITH, John", "Snith", "mith", "john leeds", "smith fam.example", "smith @fam",
        "j.smith@fam",
    ],
)  # fmt: skip
async def test_a_name_is_found_as_it_is_mistyped(ingest: Ingest, found: Found, text: str) -> None:
    await ingest(
        [
            said("john", 1, "email:j.smith@fam.example", source="crm", **JOHN),
            said("john2", 1, "email:x@y.org", firstName="John", lastName="Moor", city="York"),
            said("eve", 1, "email:eve@y.org", firstName="Eve", lastName="Adler"),
        ]
    )
    assert (await found(text))[0] == "john"


@pytest.mark.parametrize(
    "text", ["Müller", "Mueller", "muller", "MULLER", "Jorg Mueller", "Mülelr"]
)
async def test_accents_and_umlauts_are_written_in_any_way(
    ingest: Ingest, found: Found, text: str
) -> None:
    await ingest([said("a", 1, "crmId:1", **JOERG), said("b", 1, "crmId:2", lastName="Meller")])
    assert (await found(text))[0] == "a"


@pytest.mark.parametrize(
    "text",
    [
        "+1 (212) 555-0101", "212-555-0101", "001 212 555 0101", "2125550101", "555 0101",
        "1.212.555.0101", "smith 555-0101",
    ],
)  # fmt: skip
async def test_a_phone_is_found_in_any_notation(ingest: Ingest, found: Found, text: str) -> None:
    await ingest(
        [
            said("a", 1, "phone:+12125550101", **JOHN),
            said("b", 1, "phone:+12125560101", firstName="Bea", lastName="Moor"),
        ]
    )
    assert await found(text) == ["a"]


async def test_a_phone_of_another_country_is_found_by_how_it_is_dialled_there(
    ingest: Ingest, found: Found
) -> None:
    await ingest([said("a", 1, "phone:0151 23456789", country="DE")])
    assert await found("0151 23456789") == await found("+49 151 23456789") == ["a"]


async def test_a_part_of_a_mailbox_is_enough(ingest: Ingest, find: Search, found: Found) -> None:
    await ingest([said("a", 1, "email:ann.moor73@acme.org"), said("b", 1, "email:bea@moor.org")])
    for text in (
        "ann.moor73@acme.org",
        "ann.moor",
        "moor73",
        "annn",
        "acme",
        "@acme.org",
        "ACME.ORG",
    ):
        assert (await found(text))[0] == "a", text
    assert await found("moor") == ["a", "b"]
    [hit] = await find("Ann.Moor73@Acme.org")
    [reason] = hit.reasons[:1]
    assert (reason.kind, reason.matched, reason.exact) == (Kind.EMAIL, "ann.moor73@acme.org", True)
    assert hit.score == 1.0


async def test_an_order_a_row_and_a_card_are_found_by_their_numbers(
    ingest: Ingest, find: Search, found: Found
) -> None:
    await ingest(
        [
            bought("a", 1, "A-1001", "loyaltyId:L-77", firstName="Ann"),
            said("row-9", 1, "email:bea@x.org", source="crm"),
        ]
    )
    for text in ("A-1001", "a-1001", "#A-1001", "ann A-1001"):
        assert await found(text) == ["a"], text
    assert await found("l-77") == ["a"]
    assert await found("row-9") == ["row-9"]
    [hit] = await find("#A-1001")
    assert [(one.kind, one.matched, one.typed) for one in hit.reasons] == [
        (Kind.ORDER, "A-1001", "#A-1001")
    ]
    [hit] = await find("ROW-9")
    assert [(one.kind, one.matched) for one in hit.reasons] == [(Kind.IDENTIFIER, "crm row-9")]


async def test_tokens_follow_a_merge_a_split_and_a_new_name(
    graph: Graph, ingest: Ingest, found: Found
) -> None:
    await ingest(
        [
            said("a", 1, "email:a@x.org", firstName="Ann", lastName="Moor"),
            said("b", 2, "email:b@x.org", firstName="Ann", lastName="Moor", maidenName="Lee"),
        ]
    )
    assert (await found("moor"), await found("lee")) == (["a", "b"], ["b"])
    apart = await tokens(graph)
    assert (apart["ann"], apart["@x.org"]) == (2, 2)
    # A record with both mailboxes makes them one, under both names; taken back, they are two.
    await ingest([said("both", 3, "email:a@x.org", "email:b@x.org", "crmId:1", firstName="Ann")])
    assert await found("lee") == await found("moor") == ["a"]
    assert (await tokens(graph))["ann"] == 1
    await ingest([gone("both", 4)])
    assert (await found("moor"), await found("lee")) == (["a", "b"], ["b"])
    assert await tokens(graph) == apart
    await ingest([snapshot("b", 5, "email:b@x.org", firstName="Ann", lastName="Abel")])
    assert (await found("abel"), await found("lee")) == (["b"], [])


async def test_nothing_leads_to_who_is_gone(graph: Graph, ingest: Ingest, found: Found) -> None:
    await ingest([bought("a", 1, "A1", "email:a@x.org", "phone:+12125550101", **JOHN)])
    await ingest([gone("a", 2)])
    assert await tokens(graph) == {}
    for text in ("john", "a@x.org", "x.org", "A1", "+12125550101"):
        assert await found(text) == []
    closed = await query(graph, "MATCH (c:Customer) RETURN c.card AS card, c.tokens AS tokens")
    assert closed == [{"card": None, "tokens": []}]


async def test_a_browser_does_not_put_itself_under_the_name_of_a_customer(
    ingest: Ingest, found: Found, graph: Graph
) -> None:
    await ingest([said("a", 1, "email:ann@x.org", source="crm", firstName="Ann", lastName="Moor")])
    claims = {"source": "browser", "nickname": "Eve", "city": "Ely"}
    await ingest([bought("web", 2, "A1", "email:ann@x.org", "email:evil@z.org", **claims)])
    owners = await customers(graph)
    assert owners["web"] == owners["a"]
    for text in ("eve", "evil", "A1", "evil@z.org", "z.org", "web"):
        assert await found(text) == [], text
    assert await found("ann moor") == await found("ann@x.org") == ["a"]


async def test_customers_of_browsers_alone_come_last(ingest: Ingest, found: Found) -> None:
    await ingest(
        [
            said("web", 1, "cookie:c1", source="browser", firstName="Ann", lastName="Moor"),
            said("crm", 2, "crmId:1", source="crm", firstName="Anne", lastName="Moor"),
        ]
    )
    assert await found("ann moor") == ["crm", "web"]


async def test_a_crowd_is_bounded_in_what_is_read(
    graph: Graph, ingest: Ingest, find: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ingest(
        said(f"s{n}", 1, f"crmId:{n}", firstName=f"Name{'abcdefghij'[n % 10]}", lastName="Smith")
        for n in range(120)
    )
    monkeypatch.setattr(plans, "MOST_LED", 20)
    with tally() as statements:
        hits = await find("namec smith")
    assert len(hits) == 12
    assert all(hit.score == 1.0 for hit in hits)
    assert statements == ["search/tokens", "search/led_to", "customers/versions"]
    # One token that leads to more is gone to alone, and one of too many not at all.
    alone = await find("smith")
    monkeypatch.setattr(plans, "MOST_ALONE", 20)
    with tally() as statements:
        assert await find("smith") == alone
    assert statements[:2] == ["search/tokens", "search/among_buckets"]
    assert len(alone) == 50
    assert len(await find("smith", 7)) == 7


async def test_hits_come_in_one_order(ingest: Ingest, found: Found) -> None:
    names = [("Ann", "Smith"), ("Anna", "Smith"), ("Ann", "Smyth"), ("Ann", "Smith")]
    await ingest(
        said(f"p{n}", n + 1, f"crmId:{n}", firstName=given, lastName=family)
        for n, (given, family) in enumerate(names)
    )
    assert await found("ann smith") == ["p0", "p3", "p2", "p1"]


@pytest.mark.parametrize("text", ["", " ", "a", "!", "%", "|", "zzzzzz"])
async def test_too_little_finds_nobody(ingest: Ingest, find: Search, text: str) -> None:
    await ingest([said("a", 1, "crmId:1", firstName="A", lastName="Abel")])
    assert await find(text) == []


async def test_what_cannot_be_asked_is_refused(graph: Graph, find: Search, policy: Policy) -> None:
    with pytest.raises(InvalidInputError, match="at most 200 characters"):
        await find("a" * 201)
    for first in (-1, 51):
        with pytest.raises(InvalidInputError, match="between 0 and 50"):
            await find("ann", first)
    nobody = Reading(graph, Principal("nobody", Role.INGEST), soon())
    with pytest.raises(ForbiddenError):
        await search(nobody, policy, "a", 1)


async def test_customers_of_an_older_version_are_found_once_all_is_resolved_again(
    graph: Graph, ingest: Ingest, policy: Policy, found: Found
) -> None:
    await ingest([said("a", 1, "email:a@x.org", **JOHN), said("b", 1, "crmId:2", **JOERG)])
    before = await tokens(graph)
    await query(graph, "MATCH (t:Token) DETACH DELETE t")
    await query(graph, "MATCH (c:Customer) REMOVE c.card, c.tokens")
    assert await found("john smith") == []
    first = await resolve_everything(graph, in_force(policy), DEVELOPER)
    assert (first.traits_changed, first.moved) == (2, 0)
    assert await found("john smith") == ["a"]
    assert await tokens(graph) == before
    assert not (await resolve_everything(graph, in_force(policy), DEVELOPER)).did_anything


def test_the_bounds_fit_each_other() -> None:
    assert MOST_LED < plans.MOST_ALONE
