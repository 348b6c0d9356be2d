"""Customer.stats: what a customer bought, gave back and asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from customers.identity.policy_document import read_policy
from customers.ingest import sightings
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from customers.stats.renew import renew_quintiles
from cypher import Graph
from tests.asking import asking_as, customer_of
from tests.conftest import Ingest, Json, query
from tests.distrust import distrusting
from tests.graph_schema.conftest import Ask
from tests.graph_schema.test_timeline import FACETS
from tests.rows import gone, resolved_again, said

ANN, BEA = "email:ann@x.org", "cookie:bea"
OF = {"namespace": "email", "value": "ann@x.org"}
STATS = """
  currency net { amount currency } orders firstPurchase lastPurchase openTickets interactions
  spend { currency orders gross { amount } refunds refunded { amount } net { amount }
    averageOrder { amount } }
  favouriteChannel { name times amount { amount } }
  favouriteCategory { name times amount { amount } }
"""
VIEW = f"query($of: IdentifierInput!) {{ customer(identifier: $of) {{ stats {{ {STATS} }} }} }}"


def did(day: float, who: str = ANN, source: str = "web", **parts: object) -> Json:
    """Something that somebody did, as a source of one profile for each told of it."""
    interaction = {"id": f"{source}.{who}.{day}"} | parts
    return said(f"{source}-{who}", day, who, source=source, interaction=interaction)


def order(
    day: float,
    amount: float,
    currency: str = "EUR",
    who: str = ANN,
    source: str = "web",
    **parts: object,
) -> Json:
    """A completed order."""
    paid = {"name": "Order Completed", "amount": amount, "currency": currency}
    return did(day, who, source, **paid | parts)


def refund(day: float, amount: float) -> Json:
    """Money given back."""
    return order(day, amount, name="Order Refunded")


def ticket(day: float, number: str, status: str, who: str = ANN) -> Json:
    """A word of a ticket."""
    properties = {"ticket": number, "status": status}
    return did(day, who, "desk", type="ticket", properties=properties)


async def stats(ask: Ask, who: str = ANN) -> Json:
    namespace, value = who.split(":")
    answer = await ask(VIEW, of={"namespace": namespace, "value": value})
    found: Json = answer.data["customer"]["stats"]
    return found


NOTHING: Json = {
    "currency": None, "net": None, "orders": 0, "firstPurchase": None, "lastPurchase": None,
    "openTickets": 0, "interactions": 0, "spend": [],
    "favouriteChannel": None, "favouriteCategory": None,
}  # fmt: skip


async def test_who_never_bought_has_nothing(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("a", 1, ANN)])
    assert await stats(ask) == NOTHING


async def test_purchases_add_up_by_currency_and_the_main_one_comes_first(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([
        order(1, 10, channel="web", products=[{"key": "t", "category": "Food", "amount": 10}]),
        order(3, 5.5, channel="app", products=[{"key": "b", "category": "Books", "amount": 5.5}]),
        order(2, 100, "USD", channel="app"),
        refund(4, 2),
        order(5, -1),
        did(6, type="page", name="Home"),
    ])  # fmt: skip
    assert await stats(ask) == {
        "currency": "EUR",
        "net": {"amount": "12.50", "currency": "EUR"},
        "orders": 3,
        "firstPurchase": "2026-01-01T00:00:00+00:00",
        "lastPurchase": "2026-01-03T00:00:00+00:00",
        "openTickets": 0,
        "interactions": 6,
        "spend": [
            {"currency": "EUR", "orders": 2, "gross": {"amount": "15.50"}, "refunds": 2,
             "refunded": {"amount": "3.00"}, "net": {"amount": "12.50"},
             "averageOrder": {"amount": "7.75"}},
            {"currency": "USD", "orders": 1, "gross": {"amount": "100.00"}, "refunds": 0,
             "refunded": {"amount": "0.00"}, "net": {"amount": "100.00"},
             "averageOrder": {"amount": "100.00"}},
        ],
        # Twice in the app; each category once, so what it came to decides.
        "favouriteChannel": {"name": "app", "times": 2, "amount": {"amount": "5.50"}},
        "favouriteCategory": {"name": "Food", "times": 1, "amount": {"amount": "10.00"}},
    }  # fmt: skip


async def test_who_only_got_money_back_is_below_zero_and_bought_nothing(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([refund(1, 3)])
    found = await stats(ask)
    assert found["net"] == {"amount": "-3.00", "currency": "EUR"}
    assert (found["orders"], found["firstPurchase"], found["favouriteChannel"]) == (0, None, None)
    assert found["spend"][0]["averageOrder"] is None


async def test_an_order_that_two_sources_saw_counts_once_and_so_does_its_category(
    ask: Ask, ingest: Ingest
) -> None:
    tea = [{"key": "t", "category": "Food", "amount": 4}, {"key": "c", "category": "Food"}]
    await ingest([order(1, 5, orderId="o-1", channel="web", products=tea)])
    await ingest([
        order(2, 6, orderId="o-1", channel="store", source="till", products=tea[:1]),
        order(3, 7, orderId="o-2", channel="store", source="till"),
    ])  # fmt: skip
    found = await stats(ask)
    assert (found["orders"], found["net"]["amount"]) == (2, "12.00")
    assert found["favouriteCategory"] == {"name": "Food", "times": 1, "amount": {"amount": "4.00"}}
    # Each channel once; the till's came to more.
    assert found["favouriteChannel"]["name"] == "store"
    assert found["favouriteChannel"]["times"] == 1


async def test_when_a_number_turns_out_to_be_nobodys_its_purchases_are_several_again(
    ask: Ask, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "MOST_PURCHASES", 3)
    await ingest([order(1, 5, orderId="0"), order(2, 5, source="till", orderId="0")])
    assert (await stats(ask))["orders"] == 1
    await ingest([order(n, 5, who=f"cookie:{n}", orderId="0") for n in (3, 4)])
    assert (await stats(ask))["orders"] == 2
    twice = "{ customers(where: {stats: {orders: {gte: 2}}}) { nodes { stats { orders } } } }"
    assert (await ask(twice)).data["customers"]["nodes"] == [{"stats": {"orders": 2}}]


async def test_a_ticket_is_open_unless_its_newest_word_closed_it(ask: Ask, ingest: Ingest) -> None:
    await ingest([
        ticket(1, "T1", "open"), ticket(3, "T1", "Solved"), ticket(2, "T1", "open"),
        ticket(1.1, "T2", "closed"), ticket(2.1, "T2", "open"),
        ticket(1.2, "T3", "pending"), ticket(1.3, "T4", "closed"),
        did(1.4, source="desk", type="ticket", name="Ticket Resolved"),
        did(1.5, source="desk", type="ticket", name="Ticket Unresolved"),
        ticket(4, "T3", "open", who=BEA),
    ])  # fmt: skip
    assert (await stats(ask))["openTickets"] == 3
    assert (await stats(ask, BEA))["openTickets"] == 1


async def test_a_ticket_of_a_source_that_is_not_trusted_is_none_and_an_order_is_one(
    ask: Ask, ingest: Ingest, graph: Graph
) -> None:
    doubted = read_policy(distrusting("web"))
    anybody = [order(1, 10), did(2, type="ticket", properties={"ticket": "T"})]
    await ingest([said("crm", 1, ANN, source="crm"), *anybody], policy=doubted)
    for _ in range(2):
        found = await stats(ask)
        assert (found["orders"], found["openTickets"]) == (1, 0)
        await query(graph, "MATCH (p:Profile) SET p.facts = null")
        assert (await resolved_again(graph, doubted)).facts_counted == 2


async def test_a_merge_adds_up_and_a_split_takes_apart_again(ask: Ask, ingest: Ingest) -> None:
    await ingest(
        [order(1, 10), order(2, 20, who=BEA, source="till"), did(3, BEA, "till", type="ticket")]
    )
    before = [await stats(ask), await stats(ask, BEA)]
    await ingest([said("c", 9, ANN, BEA)])
    found = await stats(ask)
    assert (found["orders"], found["net"]["amount"], found["openTickets"]) == (2, "30.00", 1)
    await ingest([said("c", 10, ANN, replace=True)])
    assert [await stats(ask), await stats(ask, BEA)] == before


async def test_a_first_order_counts_while_another_row_of_the_customer_is_resolved(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([did(1, type="page"), said("crm", 1, ANN, source="crm")])
    await ingest([order(2, 5), said("crm", 3, ANN, source="crm", firstName="Ann")])
    bought = "{ customers(where: {stats: {orders: {gte: 1}}}) { nodes { displayName } } }"
    assert (await ask(bought)).data["customers"]["nodes"] == [{"displayName": "Ann"}]


async def test_a_corrected_trait_leaves_them_as_they_are(
    ask: Ask, ingest: Ingest, services: Services
) -> None:
    written = await ingest([order(1, 10), said("crm", 1, ANN, source="crm", lastName="Smit")])
    text = """mutation($id: ID) {
      correctTrait(customerId: $id, name: "lastName", value: "Smith", reason: "passport") {
        errors { code } } }"""
    steward = Principal("eve", Role.STEWARD)
    done = await asking_as(services)(steward, text, id=written[0].customer)
    assert done.data == {"correctTrait": {"errors": []}}
    spent = '{ customers(orderBy: {field: SPEND, currency: "EUR"}) { nodes { displayName } } }'
    assert (await ask(spent)).data["customers"]["nodes"] == [{"displayName": "Smith"}]


async def test_the_same_records_again_change_nothing(ask: Ask, ingest: Ingest) -> None:
    records = [order(1, 10), refund(2, 3), ticket(3, "T", "open")]
    await ingest(records)
    before = await stats(ask)
    await ingest(records[::-1])
    assert await stats(ask) == before


async def test_a_deleted_row_takes_its_purchases_along(ask: Ask, ingest: Ingest) -> None:
    await ingest([order(1, 10), order(2, 5, source="till")])
    await ingest([gone(f"web-{ANN}", 9, source="web")])
    assert (await stats(ask))["net"]["amount"] == "5.00"


async def test_a_purchase_of_tomorrow_was_made_when_it_came(ask: Ask, ingest: Ingest) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=400)
    await ingest([order(1, 10) | {"at": tomorrow.isoformat()}])
    rfm = "rfm { recencyDays frequency monetary { amount } scores name }"
    answer = await ask(
        f"{{ customers {{ nodes {{ stats {{ lastPurchase recencyDays tenureDays {rfm} }} }} }} }}"
    )
    [found] = [one["stats"] for one in answer.data["customers"]["nodes"]]
    assert datetime.fromisoformat(found.pop("lastPurchase")) <= datetime.now(UTC)
    assert found == {
        "recencyDays": 0,
        "tenureDays": 0,
        "rfm": {"recencyDays": 0, "frequency": 1, "monetary": {"amount": "10.00"},
                "scores": None, "name": None},
    }  # fmt: skip


async def test_a_360_with_stats_is_two_round_trips(ask: Ask, ingest: Ingest) -> None:
    await ingest([order(1, 10)])
    text = (
        "query($of: IdentifierInput!) { customer(identifier: $of) { stats { orders rfm { name } }"
    )
    answer = await ask(
        f"{text} totals {{ count }} interactions {{ nodes {{ name }} }} }} }}", of=OF
    )
    assert answer.data["customer"]["stats"]["orders"] == 1
    assert answer.statements == FACETS


async def test_who_bought_is_scored_among_the_buyers_of_the_same_currency(
    ask: Ask, ingest: Ingest, graph: Graph
) -> None:
    crowd = [
        order(1 + n, 10 + n, who=f"email:p{n}@x.org", id=f"{n}.{k}")
        for n in range(20)
        for k in range(n // 4 + 1)
    ]
    await ingest([*crowd, order(30, 5, "USD", who="email:usd@x.org")])
    await renew_quintiles(graph, DEVELOPER)
    stats = "stats { rfm { scores name } }"
    text = f"query($of: IdentifierInput!) {{ customer(identifier: $of) {{ {stats} }} }}"
    found = []
    for who in ("p0", "p3", "p4", "p11", "p19", "usd"):
        answer = await ask(text, of={"namespace": "email", "value": f"{who}@x.org"})
        found.append(answer.data["customer"]["stats"]["rfm"])
    assert found == [
        {"scores": "111", "name": "LOST"},
        {"scores": "111", "name": "LOST"},
        {"scores": "222", "name": "ASLEEP"},
        {"scores": "333", "name": "NEEDS_ATTENTION"},
        {"scores": "555", "name": "CHAMPION"},
        {"scores": None, "name": None},
    ]


async def test_who_has_scores_is_found_by_them_and_by_their_name(
    ask: Ask, ingest: Ingest, graph: Graph
) -> None:
    crowd = [order(1 + n, 10 + n, who=f"email:p{n}@x.org") for n in range(20)]
    await ingest([*crowd, said("z", 1, "email:z@x.org")])
    text = """query($rfm: RfmWhere!, $not: Boolean = false) {
      found: customers(where: {stats: {rfm: $rfm}}) @skip(if: $not) { totalCount }
      others: customers(where: {not: {stats: {rfm: $rfm}}}) @include(if: $not) { totalCount }
    }"""

    async def found(**rfm: object) -> int:
        count: int = (await ask(text, rfm=rfm)).data["found"]["totalCount"]
        others = (await ask(text, rfm=rfm, **{"not": True})).data["others"]["totalCount"]
        assert count + others == 21
        return count

    assert await found(names=["POTENTIAL", "NEW"]) == 0
    await renew_quintiles(graph, DEVELOPER)
    # All have one order, and so the lowest frequency; the latest spent most.
    assert await found(names=["LOYAL"]) == 8
    assert await found(scores=["111", "515"]) == 8
    assert await found(names=["LOYAL"], scores=["515"]) == 4
    assert await found() == 20
    answer = await ask(text, rfm={"scores": ["051"]})
    assert answer.codes == ["INVALID_INPUT"]


async def test_an_order_by_spend_names_a_currency_and_no_other_does(ask: Ask) -> None:
    text = "query($order: CustomerOrder) { customers(orderBy: $order) { nodes { id } } }"
    wrong = [
        {"field": "SPEND"},
        {"field": "ORDERS", "currency": "EUR"},
        {"field": "SPEND", "currency": "eur"},
        {"field": "SPEND", "currency": "EUR\t"},
    ]
    for one in wrong:
        assert (await ask(text, order=one)).codes == ["INVALID_INPUT"], one
    assert (await ask(text, order={"field": "SPEND", "currency": "EUR"})).data


async def test_a_graph_whose_purchases_nobody_counted_takes_and_shows_more(
    ask: Ask, ingest: Ingest, graph: Graph
) -> None:
    await ingest([order(1, 5, orderId="o-1"), order(2, 6, "EUR", ANN, "till", orderId="o-1")])
    await query(graph, "MATCH (p:Profile) SET p.facts = null")
    await ingest([order(3, 7, "USD", ANN, "erp", orderId="o-1"), order(4, 9)])
    assert (await stats(ask))["spend"][0]["currency"] == "USD"


async def test_customers_see_their_spend_and_no_scores(services: Services, ingest: Ingest) -> None:
    await ingest([order(1, 10)])
    ask = asking_as(services)
    ann = customer_of("email", "ann@x.org")
    answer = await ask(ann, "{ me { stats { orders net { amount } } } }")
    assert answer.data == {"me": {"stats": {"orders": 1, "net": {"amount": "10.00"}}}}
    assert (await ask(ann, "{ me { stats { rfm { name } } } }")).codes == ["FORBIDDEN"]
    marketer = await ask(Role.MARKETER, "{ customers { nodes { stats { rfm { name } orders } } } }")
    assert marketer.data == {
        "customers": {"nodes": [{"stats": {"rfm": {"name": None}, "orders": 1}}]}
    }


async def test_stats_are_known_as_they_are_now_alone(ask: Ask, ingest: Ingest) -> None:
    written = await ingest([order(1, 10)])
    when = datetime.now(UTC).isoformat()
    answer = await ask(
        "query($id: ID!, $at: DateTime) { customer(id: $id, asOf: $at) { stats { orders } } }",
        id=written[0].customer,
        at=when,
    )
    assert answer.codes == ["INVALID_INPUT"]
