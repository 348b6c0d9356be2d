"""Orders that the web shop and the till both saw, from ingest to totals and timeline."""

import itertools

import pytest

from cypher import Graph
from tests.conftest import Json, query
from tests.graph_schema.conftest import Ask
from tests.graph_schema.test_timeline import ANN, BEA, FACETS, ingested
from tests.rows import bought, gone, said

VIEW = """query($of: IdentifierInput!, $first: Int, $after: String, $channels: [String!]) {
  customer(identifier: $of) {
    counts { interactions }
    totals { type count sums { amount currency } }
    interactions(first: $first, after: $after, channels: $channels) {
      nodes { name orderId source amount { amount } sightings { source sourceId channel } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
TEA = [{"key": "tea", "amount": 5}]
WEB, TILL, ERP = "web", "till", "erp"


def order(source: str, day: float, who: str = ANN, number: str = "o-1", **parts: object) -> Json:
    """An order of 5 EUR as a source saw it."""
    value = bought(f"{number}.{day}", day, orderId=number, channel=source) | parts
    return said(f"{source}-{who}", day, who, source=source, interaction=value)


async def seen(ask: Ask, who: str = ANN, **variables: object) -> Json:
    namespace, value = who.split(":")
    answer = await ask(VIEW, of={"namespace": namespace, "value": value}, **variables)
    customer: Json = answer.data["customer"]
    return customer


def told(customer: Json) -> list[tuple[str, list[str]]]:
    """The leading source of each interaction, and all its sources."""
    return [
        (one["source"], [sighting["source"] for sighting in one["sightings"]])
        for one in customer["interactions"]["nodes"]
    ]


@pytest.mark.parametrize("size", [1, 4])
async def test_an_order_of_web_shop_and_till_counts_once(ask: Ask, size: int) -> None:
    records = [
        order(WEB, 1, products=TEA, amount=5.0),
        order(TILL, 3, amount=4.5),
        order(WEB, 2, number="o-2", amount=7),
        said("x", 2, ANN, source="web", interaction={"id": "p", "type": "page", "channel": "web"}),
    ]
    for start in range(0, 4, size):
        await ingested(ask, records[start : start + size])
    customer = await seen(ask)
    assert customer["counts"] == {"interactions": 3}
    assert customer["totals"] == [
        {"type": "page", "count": 1, "sums": []},
        {"type": "track", "count": 2, "sums": [{"amount": "12.00", "currency": "EUR"}]},
    ]
    assert told(customer) == [(WEB, [WEB]), (WEB, [WEB]), (WEB, [WEB, TILL])]
    [*_, one] = customer["interactions"]["nodes"]
    assert one["amount"] == {"amount": "5.00"}
    assert one["sightings"][1] == {"source": TILL, "sourceId": f"till-{ANN}", "channel": TILL}


async def test_a_360_with_orders_seen_twice_is_two_round_trips(ask: Ask) -> None:
    await ingested(ask, [order(WEB, 1), order(TILL, 2)])
    of = {"namespace": "email", "value": "ann@x.org"}
    for channels in (None, [WEB]):
        answer = await ask(VIEW, of=of, after=None, channels=channels)
        assert answer.statements == FACETS
        assert told(answer.data["customer"]) == [(WEB, [WEB, TILL])]


async def test_whichever_comes_first_the_answer_is_the_same(ask: Ask) -> None:
    records = [order(WEB, 1), order(TILL, 2, products=TEA), order(ERP, 3), order(WEB, 4)]
    answers = []
    for n, arrival in enumerate(itertools.permutations(records)):
        if n % 5 == 0:
            who = f"email:p{n}@x.org"
            await ingested(
                ask,
                [
                    one
                    | {
                        "sourceId": f"{one['sourceId']}{n}",
                        "identifiers": [{"namespace": "email", "value": f"p{n}@x.org"}],
                        "interaction": one["interaction"]
                        | {"id": f"{one['interaction']['id']}.{n}", "orderId": f"o-{n}"},
                    }
                    for one in arrival
                ],
            )
            customer = await seen(ask, who)
            answers.append((told(customer), customer["totals"], customer["counts"]))
    assert answers == 5 * [
        (
            # The till's has a line, so it leads; the web shop's second is a purchase of its own.
            [(WEB, [WEB]), (TILL, [WEB, TILL, ERP])],
            [{"type": "track", "count": 2, "sums": [{"amount": "10.00", "currency": "EUR"}]}],
            {"interactions": 2},
        )
    ]


async def test_both_stay_in_the_graph(ask: Ask, graph: Graph) -> None:
    await ingested(ask, [order(WEB, 1), order(TILL, 2)])
    assert len(await query(graph, "MATCH (n:Interaction) RETURN n.key")) == 2
    totals = await query(graph, "MATCH (p:Profile) RETURN p.totals AS totals")
    assert [one["totals"] for one in totals] == 2 * ['{"track":{"EUR":500,"count":1}}']


async def test_numbers_of_two_shops_and_two_people_are_two_orders(ask: Ask) -> None:
    await ingested(ask, [order(WEB, 1, ANN), order(TILL, 2, BEA)])
    for who, source in ((ANN, WEB), (BEA, TILL)):
        customer = await seen(ask, who)
        assert told(customer) == [(source, [source])]
        assert customer["counts"] == {"interactions": 1}


async def test_a_merge_makes_one_of_it_and_a_split_two_again(ask: Ask) -> None:
    await ingested(ask, [order(WEB, 1, ANN), order(TILL, 2, BEA)])
    apart = [await seen(ask, ANN), await seen(ask, BEA)]
    await ingested(ask, [said("c", 9, ANN, BEA)])
    customer = await seen(ask)
    assert told(customer) == [(WEB, [WEB, TILL])]
    assert customer["totals"][0]["count"] == 1
    await ingested(ask, [said("c", 10, ANN, replace=True)])
    assert [await seen(ask, ANN), await seen(ask, BEA)] == apart


@pytest.mark.parametrize(
    "other",
    [
        order(WEB, 2),
        order(TILL, 2, name="Order Refunded"),
        order(TILL, 2, name="Order Shipped", amount=None),
        order(TILL, 2, currency="USD"),
        order(TILL, 2, number="o-2"),
        order(TILL, 2, amount=-5),
    ],
    ids=["of one source", "a refund", "a delivery", "other money", "another number", "paid back"],
)
async def test_what_is_no_second_sighting_counts(ask: Ask, other: Json) -> None:
    await ingested(ask, [order(WEB, 1), other])
    customer = await seen(ask)
    assert customer["counts"] == {"interactions": 2}
    assert all(len(sources) == 1 for _, sources in told(customer))


async def test_a_channel_shows_the_sighting_that_was_made_there(ask: Ask) -> None:
    await ingested(ask, [order(WEB, 1, products=TEA), order(TILL, 3)])
    for source in (WEB, TILL):
        assert told(await seen(ask, channels=[source])) == [(source, [WEB, TILL])]
    assert told(await seen(ask, channels=[WEB, TILL])) == [(WEB, [WEB, TILL])]


async def test_pages_of_many_orders_seen_twice_have_no_gap_and_no_repeat(ask: Ask) -> None:
    records = [
        order(source, 1 + n / 3 + shift, number=f"o-{n:02d}", products=TEA[n % 2 :])
        for n in range(30)
        for source, shift in ((WEB, 0), (TILL, 1.5), (ERP, 4))
        if source != ERP or n % 4 == 0
    ]
    records += [
        said("x", 1 + n / 2, ANN, interaction={"id": f"p{n}", "type": "page", "name": f"p{n}"})
        for n in range(20)
    ]
    await ingested(ask, records)
    for first in (1, 4, 7):
        found: list[str] = []
        after = None
        while True:
            page = (await seen(ask, first=first, after=after))["interactions"]
            assert len(page["nodes"]) == first or not page["pageInfo"]["hasNextPage"]
            found += [one["orderId"] or one["name"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert sorted(found) == sorted({*found})
        assert len(found) == 50
    customer = await seen(ask)
    assert customer["counts"] == {"interactions": 50}


async def test_what_one_source_erases_the_other_still_saw(ask: Ask, graph: Graph) -> None:
    await ingested(ask, [order(WEB, 1), order(TILL, 2)])
    await ingested(ask, [gone(f"web-{ANN}", 5, source=WEB)])
    customer = await seen(ask)
    assert told(customer) == [(TILL, [TILL])]
    assert customer["counts"] == {"interactions": 1}
    await ingested(ask, [order(WEB, 6)])
    assert told(await seen(ask)) == [(TILL, [TILL, WEB])]
    assert await query(graph, "MATCH (o:Order) RETURN o.key") == []


async def test_orders_of_a_graph_without_the_note_are_found_with_the_next_sighting(
    ask: Ask, graph: Graph
) -> None:
    await ingested(ask, [order(WEB, 1), order(TILL, 2)])
    await query(graph, "MATCH (:Profile)-[noted:SIGHTED]->() DELETE noted")
    assert len(told(await seen(ask))) == 2
    await ingested(ask, [order(ERP, 3)])
    assert told(await seen(ask)) == [(WEB, [WEB, TILL, ERP])]


@pytest.mark.parametrize("size", [17, 52])
async def test_a_number_of_too_many_purchases_is_no_order(
    ask: Ask, graph: Graph, size: int
) -> None:
    many = [
        order((WEB, TILL)[n % 2], 1 + n, f"email:p{n // 2}@x.org", number="none") for n in range(52)
    ]
    await ingested(ask, many[:50])
    assert told(await seen(ask, "email:p0@x.org")) == [(WEB, [WEB, TILL])]
    for start in range(50, 52, size):
        await ingested(ask, many[start : start + size])
    assert len(told(await seen(ask, "email:p0@x.org"))) == 2
    assert len(told(await seen(ask, "email:p25@x.org"))) == 2
    assert await query(graph, "MATCH (o:Order) RETURN o.key AS key") == [{"key": "none"}]
    assert await query(graph, "MATCH ()-[noted:SIGHTED]->() RETURN noted.key") == []
