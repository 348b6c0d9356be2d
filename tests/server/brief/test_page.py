"""The page of a customer over HTTP: for whom it is, what it says, and that all of it is text."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette

from customers.about import About
from customers.keys.keys import Wanted, create_key
from customers.notes.write import add_note
from customers.principal import DEVELOPER, Role
from customers.services import Services
from cypher import Connection, Graph, tally
from server.brief.rendered import POLICY
from tests.conftest import Ingest, Json, query, soon
from tests.rows import born, bought, said
from tests.server.application import application
from tests.unreachable import unreachable_graph

Client = httpx2.AsyncClient
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
FIRST = "/customers/cus_nobody/brief"


@pytest.fixture
def app(connection: Connection, services: Services) -> Starlette:
    """The application, with services that are open already."""
    app = application(connection)
    app.state.services = services
    return app


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[Client]:
    transport = httpx2.ASGITransport(app)
    async with Client(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def page_of(graph: Graph, row: str) -> str:
    return f"/customers/{(await born(graph))[row]}/brief"


async def key(graph: Graph, role: Role) -> dict[str, str]:
    """The header of a key of a role."""
    _, text = await create_key(graph, Wanted(f"a {role}", role), DEVELOPER, soon())
    return {"Authorization": f"Bearer {text}"}


def plain(html: str) -> str:
    """The text of a page, as a reader has it."""
    body = html.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


async def test_a_customer_is_on_one_page(graph: Graph, ingest: Ingest, client: Client) -> None:
    order = {
        "id": "o1", "name": "Order Completed", "amount": 12.5, "currency": "EUR",
        "products": [{"key": "p1", "name": "Tea", "category": "Food"}],
    }  # fmt: skip
    ticket = {"id": "t1", "type": "ticket", "name": "Broken", "properties": {"ticket": "T1"}}
    await ingest([
        said("a", 1, "email:ann@x.org", firstName="Ann", lastName="Moor", interaction=order),
        said("a", 2, interaction=ticket),
    ])  # fmt: skip
    own = (await born(graph))["a"]
    await add_note(graph, About(own), "Call after six", DEVELOPER, soon())
    with tally() as statements:
        answer = await client.get(await page_of(graph, "a"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == POLICY
    text = plain(answer.text)
    for part in (
        f"Ann Moor {own} · known since 2026-01-01 ·",
        "What not to do Do not advertise. no consent to marketing is known Do not sell before",
        "first name Ann last name Moor",
        "email ann@x.org 2026-01-01",
        (
            "net spend 12.50 EUR orders 1 first order 2026-01-01 last order 2026-01-01 "
            "mostly buys Food In all: 1 × ticket, 1 × track"
        ),
        "T1 Broken open since 2026-01-02, last word 2026-01-02",
        "2026-01-01 Order Completed, 12.50 EUR: Tea",
        "Call after six developer,",
    ):
        assert part in text
    assert statements[-1] == "customers/versions"


async def test_what_is_due_again_is_on_it(
    client: httpx2.AsyncClient, graph: Graph, ingest: Ingest
) -> None:
    tea = [{"key": "tea", "name": "Tea"}]
    await ingest(
        [said("a", day, interaction=bought(f"o{day}", day, products=tea)) for day in (1, 11, 21)]
    )
    text = plain((await client.get(await page_of(graph, "a"))).text)
    assert (
        "Due again Tea Bought 3 times, every 10 days, last on 2026-01-21: due on 2026-01-31."
        in text
    )


@pytest.mark.parametrize("role", [Role.SELLER, Role.SERVICE, Role.STEWARD, Role.ADMIN])
async def test_who_speaks_with_customers_sees_them_as_the_role_does(
    graph: Graph, ingest: Ingest, client: Client, role: Role
) -> None:
    await ingest([said("a", 1, "crmId:1", firstName="Ann", birthDate="1980-02-03")])
    answer = await client.get(await page_of(graph, "a"), headers=await key(graph, role))
    assert answer.status_code == 200
    born_on = "1980" if role is Role.SELLER else "1980-02-03"
    assert f"birth date {born_on} first name" in plain(answer.text)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MARKETER])
async def test_whom_it_is_not_for_is_told_so(
    graph: Graph, ingest: Ingest, client: Client, role: Role
) -> None:
    await ingest([said("a", 1, "crmId:1", firstName="Ann")])
    answer = await client.get(await page_of(graph, "a"), headers=await key(graph, role))
    assert answer.status_code == 403
    assert plain(answer.text).startswith(f"Not for you Why The role {role} may not ask for")
    assert "Ann" not in answer.text


async def test_who_shows_nothing_is_asked_who_they_are(graph: Graph, client: Client) -> None:
    await key(graph, Role.ADMIN)
    answer = await client.get(FIRST)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert plain(answer.text).startswith("Who are you? Why This request needs credentials")


@pytest.mark.parametrize("id", ["cus_nobody", "x", "%3Cscript%3E", "x" * 300])
async def test_of_nobody_there_is_no_page(client: Client, id: str) -> None:
    answer = await client.get(f"/customers/{id}/brief")
    assert answer.status_code == 404
    assert plain(answer.text).startswith("Nobody is known by this")
    assert "<script" not in answer.text


async def test_a_database_that_is_away_is_said_to_be(
    app: Starlette, client: Client, services: Services, unused_tcp_port: int
) -> None:
    async with unreachable_graph(unused_tcp_port) as away:
        app.state.services = Services(away, services.writer, services.policies, services.secret)
        answer = await client.get(FIRST)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert plain(answer.text).startswith("Not just now")
        await app.state.services.close()


async def test_what_is_hostile_comes_out_as_text(
    graph: Graph, ingest: Ingest, client: Client
) -> None:
    bought = {
        "id": "o1", "type": "return", "name": HOSTILE, "channel": HOSTILE, "amount": 1,
        "currency": "EUR", "products": [{"key": HOSTILE, "name": HOSTILE}],
        "properties": {"reason": HOSTILE},
    }  # fmt: skip
    ticket = {
        "id": "t1", "type": "ticket", "name": HOSTILE,
        "properties": {"ticket": HOSTILE, "topic": HOSTILE, "severity": HOSTILE, "status": "<b>"},
    }  # fmt: skip
    names: Json = {
        "firstName": HOSTILE,
        HOSTILE: HOSTILE,
        "list": [HOSTILE],
        "nested": {"a": HOSTILE},
    }
    await ingest([
        said("a", 1, f"crmId:{HOSTILE}", interaction=bought, **names),
        said("a", 2, interaction=ticket),
    ])  # fmt: skip
    own = (await born(graph))["a"]
    await add_note(graph, About(own), HOSTILE, DEVELOPER, soon())
    html = (await client.get(f"/customers/{own}/brief")).text
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 12
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= {
        "html", "head", "meta", "title", "style", "body", "main", "header", "section", "h1", "h2",
        "p", "ul", "ol", "li", "strong", "span", "dl", "div", "dt", "dd", "table", "caption",
        "thead", "tbody", "tr", "th", "td", "time", "em",
    }  # fmt: skip


async def test_a_head_has_the_headers_and_only_a_get_is_possible(
    graph: Graph, ingest: Ingest, client: Client
) -> None:
    await ingest([said("a", 1, "crmId:1")])
    place = await page_of(graph, "a")
    head = await client.head(place)
    assert (head.status_code, head.headers["cache-control"]) == (200, "no-store")
    assert (await client.post(place)).status_code == 405


async def test_who_looked_is_in_the_audit_log(
    graph: Graph, ingest: Ingest, client: Client, services: Services
) -> None:
    await ingest([said("a", 1, "crmId:1", firstName="Ann")])
    own = (await born(graph))["a"]
    await client.get(f"/customers/{own}/brief", headers=await key(graph, Role.SELLER))
    await services.audit.close()
    rows = await query(
        graph,
        "MATCH (x:AuditEntry {action: 'read'}) RETURN x.operation AS operation, x.about AS about, "
        "x.role AS role",
    )
    assert rows == [{"operation": "query customer", "about": [own], "role": "seller"}]


async def test_another_page_cannot_ask_for_it_but_may_lead_to_it(client: Client) -> None:
    framed = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"}
    assert (await client.get(FIRST, headers=framed)).status_code == 403
    led = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}
    assert (await client.get(FIRST, headers=led)).status_code == 404
