"""What those whose purchases are most alike bought, on a graph where each number can be counted."""

from math import sqrt

import pytest

from customers.identity.policy_document import read_policy
from customers.principal import Principal, Role, Subject
from customers.recommendation import recommend
from customers.recommendation.nearest import HALF_MS
from customers.recommendation.recommendation import Kind, Path, Why
from customers.recommendation.wording import reason
from cypher import Graph
from tests.conftest import Ingest
from tests.customers.recommendation.shop import TODAY, answer, customer_of, event, offered, order
from tests.distrust import distrusting
from tests.rows import DAY_MS, ms, said


async def test_what_others_bought_with_it_comes_with_everyone_counted(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest(
        [
            order("ann", 1, "tea", "milk"),
            order("ben", 2, "tea", "milk", "cup"),
            order("cid", 3, "tea", "cup"),
            order("dan", 30, "tea", "rice"),
            order("eve", 30, "pot"),
        ]
    )
    found = await offered(graph, "ann")
    assert list(found) == ["cup", "rice"]
    cup, rice = found["cup"], found["rice"]
    assert (cup.path.compared, cup.path.customers, cup.path.recent) == (3, 2, 2)
    assert [(one.product.key, one.customers) for one in cup.path.shared] == [
        ("tea", 2),
        ("milk", 1),
    ]
    assert [(one.product.key, one.customers) for one in rice.path.shared] == [("tea", 1)]
    assert reason(cup) == (
        "2 of the 3 customers who buy most alike bought it in the last 90 days, 2 of them in the "
        "last 30 days. They also bought Tea (2) and Milk (1), as this customer did."
    )


async def test_the_strength_is_the_formula_of_the_docs(graph: Graph, ingest: Ingest) -> None:
    await ingest(
        [order("ann", 1, "tea"), order("ben", 2, "tea", "cup"), order("cid", 3, "tea", "rice")]
    )
    found = await offered(graph, "ann")
    # Both share tea, which three bought, and bought two products: they weigh the same.
    weight = 1 / sqrt(3) / sqrt(2)
    for product, day in (("cup", 2), ("rice", 3)):
        faded = 0.5 ** ((TODAY - day) * DAY_MS / HALF_MS)
        # Of one buyer nothing is taken for being popular.
        assert found[product].strength == pytest.approx(weight * faded / (2 * weight))


async def test_what_everybody_buys_is_worth_less_and_not_nothing(
    graph: Graph, ingest: Ingest
) -> None:
    crowd = [order(f"c{n}", 2, "milk") for n in range(9)]
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea", "cup", "milk"), *crowd])
    found = await offered(graph, "ann")
    assert list(found) == ["cup", "milk"]
    assert found["milk"].strength / found["cup"].strength == pytest.approx(10**-0.1)


async def test_what_was_bought_long_ago_by_others_leads_to_nothing(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea", "cup")])
    assert list(await offered(graph, "ann", day=2 + 90)) == ["cup"]
    assert list(await offered(graph, "ann", day=2 + 90.1)) == []


async def test_recent_is_the_last_thirty_days(graph: Graph, ingest: Ingest) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea", "cup")])
    assert (await offered(graph, "ann", day=31.9))["cup"].path.recent == 1
    assert (await offered(graph, "ann", day=32.1))["cup"].path.recent == 0


async def test_what_is_owned_given_back_or_refused_is_ruled_out(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest(
        [
            order("ann", 1, "tea", "pot"),
            order("ben", 2, "tea", "pot", "cup", "rice", "milk"),
            event("ann", 5, "Product Returned", "pot"),
            event("ann", 6, "Offer Refused", "cup"),
        ]
    )
    found = await answer(graph, "ann")
    assert [one.product.key for one in found.offered] == ["milk", "rice"]
    assert [(one.product.key, one.why, one.at) for one in found.ruled_out] == [
        ("cup", Why.REFUSED, ms(6)),
        ("pot", Why.RETURNED, ms(5)),
        ("tea", Why.OWNED, ms(1)),
    ]
    later = await offered(graph, "ann", day=6 + 80)
    assert "cup" not in later


async def test_a_no_holds_for_half_a_year_and_an_acceptance_ends_it(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest(
        [
            order("ann", 1, "tea"),
            order("ben", 2, "tea", "cup"),
            event("ann", 3, "Offer Refused", "cup"),
        ]
    )
    assert list(await offered(graph, "ann")) == []
    await ingest([event("ann", 4, "Offer Accepted", "cup")])
    assert list(await offered(graph, "ann")) == ["cup"]
    await ingest([event("ann", 5, "Offer Refused", "cup"), order("ben", 150, "cup")])
    assert list(await offered(graph, "ann", day=184)) == []
    assert list(await offered(graph, "ann", day=186)) == ["cup"]


async def test_what_was_shown_in_vain_is_worth_less_each_time(graph: Graph, ingest: Ingest) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea", "cup")])
    before = (await offered(graph, "ann"))["cup"].strength
    await ingest([event("ann", day, "Offer Shown", "cup") for day in (3, 4)])
    cup = (await offered(graph, "ann"))["cup"]
    assert cup.shown == 2
    assert cup.strength == pytest.approx(before * 0.8**2)
    assert reason(cup).endswith(" Offered 2 times in vain.")


async def test_an_order_that_two_sources_saw_is_one_purchase(graph: Graph, ingest: Ingest) -> None:
    both = [order("ann", 1, "tea", id="7", where=source) for source in ("till", "shop")]
    await ingest([*both, order("ben", 2, "tea", "cup"), order("ann", 9, "tea")])
    found = await offered(graph, "ann", Kind.REPLENISH)
    assert (found["tea"].path.times, found["tea"].path.every_days) == (2, 8)


async def test_a_merge_adds_the_purchases_and_a_split_takes_them_back(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest(
        [
            order("ann", 1, "tea"),
            order("ann2", 1, "rice"),
            order("ben", 2, "tea", "cup"),
            order("cid", 2, "rice", "pot"),
        ]
    )
    before = await answer(graph, "ann")
    assert [one.product.key for one in before.offered] == ["cup"]
    same = said("ann2", 3, "email:ann@example.org", source="till")
    await ingest([same | {"replace": True}])
    merged = await offered(graph, "ann")
    assert sorted(merged) == ["cup", "pot"]
    apart = said("ann2", 4, "email:ann2@example.org", source="till")
    await ingest([apart | {"replace": True}])
    assert await answer(graph, "ann") == before


async def test_a_deleted_row_takes_its_purchases_along(graph: Graph, ingest: Ingest) -> None:
    await ingest(
        [order("ann", 1, "tea"), order("ben", 2, "tea", "cup"), order("cid", 2, "tea", "cup")]
    )
    await ingest([said("ben", 5, source="till", deleted=True)])
    found = await offered(graph, "ann")
    assert (found["cup"].path.customers, found["cup"].product.buyers) == (1, 1)
    await ingest([order("ben", 6, "tea")])
    again = await offered(graph, "ann")
    assert (again["cup"].path.compared, again["cup"].path.customers) == (2, 1)


async def test_the_household_and_the_place_stand_in_for_purchases_that_say_nothing(
    graph: Graph, ingest: Ingest
) -> None:
    home = {"lastName": "Hill", "street": "1 High St", "city": "Leeds", "postalCode": "LS1"}
    await ingest(
        [
            said("ann", 1, "email:ann@example.org", source="till", firstName="Ann", **home),
            order("bob", 2, "cup", traits=home | {"firstName": "Bob"}),
            order("cid", 3, "pot", traits={"city": "Leeds", "lastName": "Oak"}),
            order("dan", 3, "rice", traits={"city": "York", "lastName": "Elm"}),
        ]
    )
    found = await offered(graph, "ann")
    assert sorted(found) == ["cup", "pot"]
    assert found["cup"].path == Path(compared=2, customers=1, recent=1, household=1, by_place=True)
    assert reason(found["cup"]) == (
        "1 of the household bought it in the last 90 days, 1 of them in the last 30 days. "
        "What the customer bought itself says nothing yet."
    )


async def test_somebody_of_whom_nothing_is_known_is_offered_nothing(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest([said("ann", 1, "email:ann@example.org", source="till"), order("ben", 2, "tea")])
    for kind in Kind:
        found = await answer(graph, "ann", kind)
        assert (found.offered, found.ruled_out) == ([], [])


async def test_what_costs_more_is_offered_to_whom_others_moved_on_from(
    graph: Graph, ingest: Ingest
) -> None:
    await ingest(
        [
            order("ann", 1, "tea"),
            order("ben", 1, "tea"),
            order("ben", 9, "fine tea", "cup"),
            order("cid", 8, "fine tea"),
            order("cid", 9, "tea"),
            order("dan", 1, "tea"),
            order("dan", 9, "gold tea"),
        ]
    )
    found = await offered(graph, "ann", Kind.UP_SELL)
    # Cid went the other way, cups are no drink, and gold is more than three times as dear.
    assert list(found) == ["fine tea"]
    path = found["fine tea"].path
    assert (path.customers, path.instead_of and path.instead_of.key) == (1, "tea")
    assert reason(found["fine tea"]) == (
        "1 of the 3 customers who buy most alike bought Tea and then this, which costs more."
    )


async def test_the_cheaper_one_may_have_been_bought_long_ago(graph: Graph, ingest: Ingest) -> None:
    early = [order("ann", 1, "tea"), order("ben", 1, "tea")]
    await ingest([*early, order("ben", 150, "fine tea")])
    assert list(await offered(graph, "ann", Kind.UP_SELL, day=200)) == ["fine tea"]
    assert list(await offered(graph, "ann", day=200)) == ["fine tea"]


async def test_a_customer_moves_on_by_profiles_that_are_not_near_themselves(
    graph: Graph, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = order("ben", 2, "rice", "cup")
    online = [order("ben", 1, "tea", where="web"), order("ben", 150, "fine tea", where="web")]
    await ingest([order("ann", 1, "tea"), order("ann", 9, "rice", "cup"), near, *online])
    monkeypatch.setattr(recommend, "NEAREST_PROFILES", 1)
    assert list(await offered(graph, "ann", Kind.UP_SELL, day=200)) == ["fine tea"]
    assert list(await offered(graph, "ann", day=200)) == ["fine tea"]


async def test_who_only_gave_the_cheaper_one_back_did_not_move_on(
    graph: Graph, ingest: Ingest
) -> None:
    back = event("ben", 2, "Product Returned", "tea")
    await ingest([order("ann", 1, "tea", "rice"), back, order("ben", 9, "rice", "fine tea")])
    assert list(await offered(graph, "ann", Kind.UP_SELL)) == []
    assert list(await offered(graph, "ann")) == ["fine tea"]


async def test_what_a_source_that_is_not_trusted_tells_of_others_is_offered_to_nobody(
    graph: Graph, ingest: Ingest
) -> None:
    wary = read_policy(distrusting("web"))
    told = order("ben", 3, "gold tea", where="web")
    records = [order("ann", 1, "tea"), order("ben", 2, "tea", "cup"), told]
    await ingest(records, policy=wary)
    assert await customer_of(graph, "ben") == await customer_of(graph, "ben", "web")
    assert list(await offered(graph, "ann", policy=wary)) == ["cup"]
    assert list(await offered(graph, "ann")) == ["gold tea", "cup"]


async def test_who_is_not_trusted_any_more_leads_nobody(graph: Graph, ingest: Ingest) -> None:
    await ingest([order("ann", 1, "tea"), order("ben", 2, "tea", where="web")])
    await ingest([order("ben", 3, "cup", traits={"firstName": "Ben"})])
    assert await customer_of(graph, "ben") == await customer_of(graph, "ben", "web")
    assert list(await offered(graph, "ann")) == ["cup"]
    assert list(await offered(graph, "ann", policy=read_policy(distrusting("web")))) == []


async def test_prices_of_two_currencies_are_not_compared(graph: Graph, ingest: Ingest) -> None:
    await ingest(
        [
            order("ann", 1, "tea"),
            order("ben", 1, "tea"),
            order("ben", 9, "fine tea", currency="SEK"),
        ]
    )
    assert await offered(graph, "ann", Kind.UP_SELL) == {}


async def test_a_token_of_ones_own_learns_of_others_only_what_five_did(
    graph: Graph, ingest: Ingest
) -> None:
    own = Principal("customer:test", Role.CUSTOMER, Subject("email", "ann@example.org"))
    others = [order(f"o{n}", 20, "tea", "milk", "cup") for n in range(4)]
    await ingest([order("ann", 1, "tea", "rice"), *others, order("ben", 2, "tea", "pot", "rice")])
    assert await offered(graph, "ann", principal=own) == {}
    await ingest([order("o5", 1, "tea", "milk")], received=ms(TODAY))
    found = await offered(graph, "ann", principal=own, day=32)
    assert list(found) == ["milk"]
    assert found["milk"].path.recent is None
    assert [(one.product.key, one.customers) for one in found["milk"].path.shared] == [("tea", 5)]
    assert "fewer than 5 of them in the last 30" in reason(found["milk"])
