"""What one caller may spend, and hold open: told by codes, statuses and `extensions.cost`."""

from typing import Any

import httpx2
import pytest

from customers.principal import Principal
from customers.services import Services
from graph_schema.budget import Budget
from graph_schema.operations import Asked, Operations
from graph_schema.rules import Rules
from server.rules import limits_of
from server.settings import ConfigError, Settings
from tests.contract.serving import Served, served, subscribe

ANN, BOB = Principal("ann"), Principal("bob")
SEARCH = '{ search(text: "x") { score } }'  # 210 points


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer is counted like everybody."""
    monkeypatch.setattr("graph_schema.budget.DEVELOPER", None)


async def sent(
    server: Served,
    query: str,
    headers: dict[str, str] | None = None,
    **more: Any,  # noqa: ANN401
) -> httpx2.Response:
    """A query."""
    async with server.http() as client:
        return await client.post(server.url, json={"query": query, **more}, headers=headers)


async def test_what_is_too_dear_is_refused_before_anything_is_read(services: Services) -> None:
    async with served(services, max_cost=200, cost_per_minute=200) as server:
        answer = await sent(server, SEARCH, {"accept": "application/graphql-response+json"})
        assert answer.status_code == 400
        assert answer.json() == {
            "errors": [
                {
                    "message": "The operation costs 210 points, and at most 200 are possible: ask "
                    "for smaller pages, or less at a time.",
                    "extensions": {"code": "COST_EXCEEDED", "cost": 210, "maximum": 200},
                }
            ]
        }
        smaller = await sent(server, '{ customer(id: "cus_x") { id } }')
        assert smaller.json() == {"data": {"customer": None}}


async def test_a_mutation_that_is_too_dear_writes_nothing(services: Services) -> None:
    query = """mutation($records: [RecordInput!]!) {
        ingest(records: $records) { errors { code } } }"""
    records = [{"source": "crm", "sourceId": f"{n}"} for n in range(20)]
    async with served(services, max_cost=100) as server:
        refused = await sent(server, query, variables={"records": records})
        assert refused.json()["errors"][0]["extensions"]["code"] == "COST_EXCEEDED"
        assert await server.ask('{ profile(source: "crm", sourceId: "1") { id } }') == {
            "profile": None
        }
        one = await sent(server, query, variables={"records": records[:1]})
        assert one.json() == {"data": {"ingest": {"errors": []}}}


async def test_what_is_in_the_variables_costs_through_every_door(services: Services) -> None:
    query = "query($where: CustomerWhere) { customers(where: $where) { nodes { id } } }"
    follow = "subscription($where: ID) { changes(customerId: $where) { seq } }"
    # 61 points are the field's, an object costs 4, and ten values 1.
    small: Any = {"where": {"or": [{"sources": ["crm"]}]}}
    large: Any = {"where": {"or": [{"or": [{}] * 999}] * 26}}
    async with served(services, batching=2) as server:
        answer = await sent(server, query, {"x-cost": "1"}, variables=small)
        assert answer.json()["extensions"]["cost"]["estimated"] == 61 + 8
        batch = [{"query": query, "variables": one} for one in (small, large)]
        async with server.http() as client:
            taken, refused = (await client.post(server.url, json=batch)).json()
            assert taken == {"data": {"customers": {"nodes": []}}}
            events = await client.post(
                server.url,
                json={"query": query, "variables": large},
                headers={"accept": "text/event-stream"},
            )
        assert [one["extensions"]["code"] for one in refused["errors"]] == ["COST_EXCEEDED"]
        assert '"COST_EXCEEDED"' in events.text
        async with server.socket() as client:
            for text in (query, follow):
                await client.send(subscribe("1", text, **large))
                message = await client.receive()
                assert message["type"] == "error"
                assert message["payload"][0]["extensions"]["code"] == "COST_EXCEEDED"


async def test_long_lists_within_long_lists_are_refused(services: Services) -> None:
    query = "{ customers(first: 500) { nodes { identifiers(first: 41) { nodes { id } } } } }"
    async with served(services) as server:
        [error] = (await sent(server, query)).json()["errors"]
        assert error["extensions"]["code"] == "LIST_BUDGET_EXCEEDED"
        assert "20,500 objects" in error["message"]
        assert "errors" not in (await sent(server, query.replace("41", "40"))).json()


@pytest.mark.usefixtures("counted")
async def test_the_price_is_in_the_answer_if_asked_for(services: Services) -> None:
    async with served(services, max_cost=1000, cost_per_minute=1000) as server:
        assert "extensions" not in (await sent(server, SEARCH)).json()
        by_header = await sent(server, SEARCH, {"x-cost": "1"})
        cost = {"estimated": 210, "maximum": 1000, "remaining": 580}
        assert by_header.json() == {"data": {"search": []}, "extensions": {"cost": cost}}
        by_body = await sent(server, SEARCH, extensions={"cost": True})
        assert by_body.json()["extensions"] == {"cost": cost | {"remaining": 370}}
        async with server.socket() as client:
            message = subscribe("s", SEARCH)
            message["payload"]["extensions"] = {"cost": True}  # type: ignore[index]
            await client.send(message)
            told = (await client.receive())["payload"]
        assert told["extensions"] == {"cost": cost | {"remaining": 160}}


async def test_the_developer_spends_what_it_likes(services: Services) -> None:
    async with served(services, max_cost=210, cost_per_minute=210) as server:
        for _ in range(3):
            answer = await sent(server, SEARCH, {"x-cost": "1"})
            assert answer.json()["extensions"]["cost"]["remaining"] is None


@pytest.mark.usefixtures("counted")
async def test_who_has_spent_a_minute_is_told_when_to_come_again(services: Services) -> None:
    async with served(services, max_cost=300, cost_per_minute=300) as server:
        assert (await sent(server, SEARCH)).status_code == 200
        refused = await sent(server, SEARCH)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 120
        [error] = refused.json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert "210 points, and 90 of 300" in error["message"]
        # What it can still afford it gets, since a try that is refused costs nothing.
        for _ in range(9):
            assert (await sent(server, SEARCH)).status_code == 429
        assert (await sent(server, "{ __typename }")).status_code == 200
        async with server.socket() as client:
            await client.send(subscribe("s", SEARCH))
            message = await client.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"


@pytest.mark.usefixtures("counted")
async def test_guesses_are_not_free(services: Services) -> None:
    async with served(services, max_cost=100, cost_per_minute=100) as server:
        statuses = [(await sent(server, "{ nothing }")).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


async def test_each_caller_has_a_budget_of_its_own(services: Services) -> None:
    operations = Operations(lambda: services, 30, Rules(budget=Budget(300)))
    asked = Asked(SEARCH)
    assert (await operations.answer(asked, ANN)).errors is None
    [refused] = (await operations.answer(asked, ANN)).errors or []
    assert (refused.extensions or {})["code"] == "RATE_LIMITED"
    assert (await operations.answer(asked, BOB)).errors is None


async def test_a_read_that_is_repeated_costs_once(services: Services) -> None:
    operations = Operations(lambda: services, 30, Rules(budget=Budget(1000)))
    context = operations._context(ANN)
    again = context.again()
    assert again.meter is context.meter


async def test_connections_of_one_caller_are_bounded(services: Services) -> None:
    async with served(services, max_connections_per_caller=2) as server:
        async with server.socket(), server.socket(), server.socket(ready=False) as third:
            await third.send({"type": "connection_init"})
            assert await third.closed() == 1013
            async with server.http() as client:
                stream = await client.post(
                    server.url,
                    json={"query": "subscription { changes { seq } }"},
                    headers={"accept": "text/event-stream"},
                )
            assert (stream.status_code, stream.headers["retry-after"]) == (429, "5")
            assert stream.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_CONNECTIONS"
        async with server.socket():
            pass  # there is room again
    assert server.server._graphql._open._callers == {}


@pytest.mark.parametrize(
    ("settings", "variable"),
    [
        ({"max_cost": 1000, "cost_per_minute": 999}, "COST_PER_MINUTE"),
        ({"rate_storage": "nonsense://"}, "RATE_STORAGE"),
        ({"cors_origins": "*"}, "CORS_ORIGINS"),
        ({"cors_origins": "shop.example"}, "CORS_ORIGINS"),
        ({"cors_origins": "https://shop.example/path"}, "CORS_ORIGINS"),
        ({"documents_mode": "enforce"}, "DOCUMENTS_MODE"),
        ({"documents": "nowhere.json"}, "DOCUMENTS"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings: dict[str, Any], variable: str) -> None:
    with pytest.raises(ConfigError, match=f"PROFILE_GRAPH_{variable}"):
        limits_of(Settings(**settings))


def test_no_limit_is_possible() -> None:
    assert limits_of(Settings(cost_per_minute=0)).rules.budget is None


async def test_nobody_counts_what_the_developer_spends_whatever_the_reason(
    services: Services,
) -> None:
    async with served(services, max_cost=1000, cost_per_minute=1000) as server:
        for reason in ({}, {"x-reason": "ticket 7"}):
            answer = await sent(server, SEARCH, {"x-cost": "1"} | reason)
            assert answer.json()["extensions"]["cost"]["remaining"] is None
