"""Query.customer: the 360 view."""

from typing import Any

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask

VIEW = """
query View($of: IdentifierInput!, $after: String) {
  customer(identifier: $of) {
    id displayName traits
    fields { name value source at others { value source at } }
    counts { profiles identifiers devices interactions }
    totals { type count sums { amount currency } }
    profiles(first: 2) { nodes { source sourceId traits } pageInfo { hasNextPage endCursor } }
    identifiers(first: 10) { nodes { namespace value people generic count firstSeen lastSeen } }
    devices { nodes { platform identifier { value } } }
    interactions(first: 3, after: $after) {
      nodes {
        type name at channel amount { amount currency } orderId device
        products { key name category quantity amount { amount } }
      }
      pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }
}
"""
ANN = {"namespace": "email", "value": " ANN@Shop.example.org"}


def order(number: int, at: str, amount: float, **more: object) -> dict[str, Any]:
    """An order of Ann's, of 2 teas."""
    return {
        "source": "shop",
        "sourceId": f"u{number % 2}",
        "at": at,
        "identifiers": [{"namespace": "email", "value": "ann@shop.example.org"}],
        "traits": {"firstName": "Ann", "lastName": "Lee"},
        "device": {"namespace": "device", "value": "d-1", "platform": "ios"},
        "interaction": {
            "id": f"m{number}",
            "type": "purchase",
            "name": "Order Completed",
            "channel": "web",
            "amount": amount,
            "currency": "EUR",
            "orderId": f"o{number}",
            "products": [{"key": "tea", "name": "Tea", "category": "Food", "quantity": 2}],
            **more,
        },
    }


CRM = {
    "source": "crm",
    "sourceId": "c1",
    "at": "2026-02-01T00:00:00Z",
    "identifiers": [
        {"namespace": "email", "value": "Ann@shop.example.org"},
        {"namespace": "crmId", "value": "C1"},
    ],
    "traits": {"firstName": "Anne", "lastName": "Lee", "birthDate": "1980-02-03"},
}
ORDERS = [order(n, f"2026-01-0{n}T10:00:00Z", 10.5 * n) for n in range(1, 6)]


async def test_a_360_is_one_statement_for_the_facets_and_one_for_the_timeline(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([*ORDERS, CRM])
    answer = await ask(VIEW, of=ANN)
    assert answer.statements == ["customers/by_identifiers", "timeline/interactions"]
    customer = answer.data["customer"]
    assert customer["displayName"] == "Anne Lee"
    assert customer["traits"] == {
        "birthDate": "1980-02-03",
        "firstName": "Anne",
        "lastName": "Lee",
    }
    assert customer["counts"] == {
        "profiles": 3,
        "identifiers": 3,
        "devices": 1,
        "interactions": 5,
    }
    assert customer["totals"] == [
        {"type": "purchase", "count": 5, "sums": [{"amount": "157.50", "currency": "EUR"}]}
    ]
    assert [one["sourceId"] for one in customer["profiles"]["nodes"]] == ["u1", "u0"]
    assert customer["profiles"]["pageInfo"]["hasNextPage"] is True
    assert customer["devices"]["nodes"] == [{"platform": "ios", "identifier": {"value": "d-1"}}]
    assert customer["identifiers"]["nodes"][-1] == {
        "namespace": "device",
        "value": "d-1",
        "people": 1,
        "generic": False,
        "count": 5,
        "firstSeen": "2026-01-01T10:00:00+00:00",
        "lastSeen": "2026-01-05T10:00:00+00:00",
    }


async def test_a_golden_trait_names_its_source_and_the_values_that_lost(
    ask: Ask, ingest: Ingest
) -> None:
    late = order(6, "2026-03-01T10:00:00Z", 1)
    await ingest([*ORDERS, CRM, late])
    fields = (await ask(VIEW, of=ANN)).data["customer"]["fields"]
    # The CRM's word is older and wins all the same: its priority is higher.
    assert fields[1] == {
        "name": "firstName",
        "value": "Anne",
        "source": "crm",
        "at": "2026-02-01T00:00:00+00:00",
        "others": [{"value": "Ann", "source": "shop", "at": "2026-03-01T10:00:00+00:00"}],
    }


async def test_the_timeline_pages_from_the_newest_to_the_oldest_without_gap_or_repeat(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([*ORDERS, CRM])
    first = (await ask(VIEW, of=ANN)).data["customer"]["interactions"]
    assert [one["orderId"] for one in first["nodes"]] == ["o5", "o4", "o3"]
    assert first["nodes"][0] == {
        "type": "purchase",
        "name": "Order Completed",
        "at": "2026-01-05T10:00:00+00:00",
        "channel": "web",
        "amount": {"amount": "52.50", "currency": "EUR"},
        "orderId": "o5",
        "device": "device|d-1",
        "products": [
            {"key": "tea", "name": "Tea", "category": "Food", "quantity": 2.0, "amount": None}
        ],
    }
    assert first["pageInfo"]["hasNextPage"] is True
    answer = await ask(VIEW, of=ANN, after=first["pageInfo"]["endCursor"])
    rest = answer.data["customer"]["interactions"]
    assert [one["orderId"] for one in rest["nodes"]] == ["o2", "o1"]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert rest["pageInfo"]["hasPreviousPage"] is True


async def test_interactions_of_one_day_and_one_moment_page_in_one_order(
    ask: Ask, ingest: Ingest
) -> None:
    same = [order(n, "2026-01-01T10:00:00Z", 1) for n in range(12)]
    day = [order(20 + n, f"2026-01-01T{n:02d}:30:00Z", 1) for n in range(15)]
    await ingest(same + day)
    seen: list[tuple[str, str]] = []
    after: str | None = None
    while True:
        page = (await ask(VIEW, of=ANN, after=after)).data["customer"]["interactions"]
        seen += [(one["at"], one["orderId"]) for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 27
    assert [at for at, _ in seen] == sorted((at for at, _ in seen), reverse=True)


async def test_an_id_that_a_merge_took_still_finds_the_customer(ask: Ask, ingest: Ingest) -> None:
    base = {"source": "web", "at": "2026-01-01T00:00:00Z"}
    [one] = await ingest(
        [base | {"sourceId": "a", "identifiers": [{"namespace": "cookie", "value": "k1"}]}]
    )
    [two] = await ingest(
        [base | {"sourceId": "b", "identifiers": [{"namespace": "email", "value": "b@b.io"}]}]
    )
    assert one.customer != two.customer
    both = [{"namespace": "cookie", "value": "k1"}, {"namespace": "email", "value": "b@b.io"}]
    await ingest([base | {"sourceId": "c", "identifiers": both}])
    answer = await ask("query($id: ID!) { customer(id: $id) { id } }", id=two.customer)
    assert answer.data == {"customer": {"id": one.customer}}


async def test_an_unknown_customer_is_null(ask: Ask) -> None:
    by_id = await ask('{ customer(id: "cus_nobody") { id } }')
    assert by_id.data == {"customer": None}
    never = '{ customer(identifier: {namespace: "email", value: "null"}) { id } }'
    assert (await ask(never)).data == {"customer": None}


async def test_a_shared_identifier_says_so_and_how_to_see_its_holders(
    ask: Ask, ingest: Ingest
) -> None:
    shared = {"namespace": "email", "value": "family@home.io"}
    await ingest(
        [
            {"source": "crm", "sourceId": name, "identifiers": [shared],
             "traits": {"firstName": name, "birthDate": birth}}
            for name, birth in (("ann", "1980-01-01"), ("bruno", "1950-05-05"))
        ]
    )  # fmt: skip
    answer = await ask(VIEW, of=shared)
    assert answer.body["data"] == {"customer": None}
    assert answer.codes == ["IDENTIFIER_SHARED"]
    holders = await ask(
        '{ identifier(namespace: "email", value: "family@home.io") '
        "{ people customers { displayName } } }"
    )
    assert holders.data["identifier"] == {
        "people": 2,
        "customers": [{"displayName": "ann"}, {"displayName": "bruno"}],
    }


async def test_neither_id_nor_identifier_is_a_clear_error(ask: Ask) -> None:
    answer = await ask("{ customer { id } }")
    assert answer.codes == ["INVALID_INPUT"]
    assert answer.body["errors"][0]["message"] == "Give either `id` or `identifier`."


async def test_further_pages_of_profiles_identifiers_and_devices_come_through_their_cursors(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest(
        [
            {
                "source": "app",
                "sourceId": f"a{n}",
                "at": f"2026-01-{n + 1:02d}T00:00:00Z",
                "identifiers": [{"namespace": "userId", "value": "U1"}],
                "device": {"namespace": "device", "value": f"d{n}"},
            }
            for n in range(7)
        ]
    )
    of = 'identifier: {namespace: "userId", value: "U1"}'
    for facet, shown in (
        ("profiles", "sourceId"),
        ("identifiers", "value"),
        ("devices", "identifier { value }"),
    ):
        seen: list[str] = []
        after = "null"
        for _ in range(4):
            answer = await ask(
                f"{{ customer({of}) {{ {facet}(first: 3, after: {after}) "
                f"{{ nodes {{ {shown} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
            )
            page = answer.data["customer"][facet]
            seen += [str(node) for node in page["nodes"]]
            after = f'"{page["pageInfo"]["endCursor"]}"'
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert len(seen) == len(set(seen)) == (8 if facet == "identifiers" else 7), facet


async def test_aliases_of_one_facet_with_other_sizes_are_each_right(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([*ORDERS, CRM])
    answer = await ask(
        "query($of: IdentifierInput!) { customer(identifier: $of) {"
        " one: interactions(first: 1) { nodes { orderId } pageInfo { hasNextPage } }"
        " all: interactions(first: 50) { nodes { orderId } pageInfo { hasNextPage } }"
        " none: profiles(first: 0) { nodes { id } } } }",
        of=ANN,
    )
    customer = answer.data["customer"]
    assert customer["one"] == {
        "nodes": [{"orderId": "o5"}],
        "pageInfo": {"hasNextPage": True},
    }
    assert len(customer["all"]["nodes"]) == 5
    assert customer["all"]["pageInfo"]["hasNextPage"] is False
    assert customer["none"]["nodes"] == []
    assert answer.statements == ["customers/by_identifiers", "timeline/interactions"]
