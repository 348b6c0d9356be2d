"""Customers and identity graphs as of a recorded time: what we answered then, asked later."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.times import now_ms, to_datetime
from cypher import Graph
from tests.conftest import Ingest, Json, query, wipe
from tests.graph_schema.conftest import Ask
from tests.rows import gone, said, snapshot

FACETS = """
  id createdAt
  counts { profiles identifiers devices interactions }
  totals { type count sums { amount currency } }
  profiles(first: 50) { nodes { source sourceId since identifiers { value } customer { id } } }
  identifiers(first: 50) { nodes { namespace value } }
  devices(first: 50) { nodes { identifier { value } } }
  interactions(first: 50) { nodes { name at amount { amount } sightings { source } } }
  web: interactions(first: 50, channels: ["web"]) { nodes { name } }
"""
NOW = f"""query($of: ID, $i: IdentifierInput) {{
  customer(id: $of, identifier: $i) {{ {FACETS} }}
}}"""
THEN = f"""query($of: ID, $i: IdentifierInput, $asOf: DateTime) {{
  customer(id: $of, identifier: $i, asOf: $asOf) {{ {FACETS} }}
}}"""
GRAPH = """query($i: IdentifierInput, $of: ID, $asOf: DateTime) {
  identityGraph(of: $i, customerId: $of, asOf: $asOf) {
    profiles { source sourceId since customer { id } identifiers { value } }
    identifiers { value } edges { profileId } clusters { customerId profileIds } complete
  }
}"""
MAIL, PHONE = "email:ann@x.org", "phone:+442079460101"


def identifier(text: str) -> Json:
    """As an argument."""
    namespace, value = text.split(":", 1)
    return {"namespace": namespace, "value": value}


async def moment() -> str:
    """A time between two writes: after the one before, and before the next."""
    at = now_ms()
    while now_ms() <= at:
        await asyncio.sleep(0.001)
    return to_datetime(at).isoformat()


def settled(answer: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """An answer without the order of lists that go by times that later records change."""
    if isinstance(answer, list):
        return sorted(map(settled, answer), key=repr)
    if isinstance(answer, dict):
        return {name: settled(value) for name, value in answer.items()}
    return answer


class Diary:
    """What was answered live, and when."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.entries: list[tuple[str, dict[str, Any], Json]] = []

    async def note(self, ids: Sequence[str], identifiers: Sequence[str]) -> str:
        """Ask for everybody now."""
        at = await moment()
        asked: list[dict[str, Any]] = [{"of": one} for one in ids]
        asked += [{"i": identifier(one)} for one in identifiers]
        for one in asked:
            for text in (NOW, GRAPH):
                answer = await self._ask(text, **one)
                self.entries.append((at, one | {"text": text}, answer.body))
        return at

    async def compare(self) -> None:
        """Ask for every moment again."""
        for at, asked, live in self.entries:
            text = THEN if asked["text"] == NOW else GRAPH
            variables = {name: value for name, value in asked.items() if name != "text"}
            then = (await self._ask(text, **variables, asOf=at)).body
            if "errors" in live:  # an identifier of several customers
                codes = [error["extensions"]["code"] for error in live["errors"]]
                assert [error["extensions"]["code"] for error in then["errors"]] == codes
            else:
                assert settled(then) == settled(live), (at, variables)


def order(source: str, id: str, day: float, *held: str, channel: str = "web") -> Json:
    """An order of ten euros."""
    happened = {
        "id": f"{source}-{id}-{day}", "type": "purchase", "name": "Order Completed",
        "channel": channel, "amount": 10, "currency": "EUR", "orderId": f"o{day}",
    }  # fmt: skip
    return said(id, day, *held, source=source, interaction=happened)


async def test_a_customer_is_answered_as_it_was_before_merges_splits_and_snapshots(
    ask: Ask, ingest: Ingest
) -> None:
    diary = Diary(ask)
    [crm] = await ingest([said("c1", 1, MAIL, "crmId:C1", source="crm", firstName="Ann")])
    [shop] = await ingest([order("shop", "7", 1, PHONE, "cookie:k1")])
    ids, held = [str(crm.customer), str(shop.customer)], [MAIL, PHONE, "cookie:k1", "crmId:C1"]
    await diary.note(ids, held)
    await ingest([order("till", "9", 1, MAIL, PHONE, channel="store")])  # merges the two
    await diary.note(ids, held)
    await ingest([order("shop", "7", 0.5, PHONE), order("shop", "7", 2, PHONE)])  # one comes late
    await diary.note(ids, held)
    await ingest([snapshot("9", 3, PHONE, source="till")])  # the mail no longer holds: a split
    await diary.note(ids, held)
    await ingest([said("9", 4, MAIL, source="till")])  # and does again
    await diary.note(ids, held)
    members = [
        {one["sourceId"] for one in body["data"]["customer"]["profiles"]["nodes"]}
        for _, asked, body in diary.entries
        if asked["text"] == NOW and asked.get("of") == ids[0]
    ]
    assert members == [{"c1"}, {"c1", "7", "9"}, {"c1", "7", "9"}, {"c1"}, {"c1", "7", "9"}]
    await diary.compare()


STEP = st.tuples(
    st.sampled_from(["say", "say", "say", "order", "snapshot"]),
    st.integers(0, 4),
    st.lists(st.sampled_from([MAIL, PHONE, "cookie:k1", "userId:U1", "email:bo@x.org"]),
             min_size=1, max_size=2, unique=True),
    st.integers(1, 9),
)  # fmt: skip


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=3, max_size=8))
async def test_whatever_happened_the_past_is_what_was_answered_then(
    ask: Ask, ingest: Ingest, graph: Graph, story: list[tuple[str, int, list[str], int]]
) -> None:
    await wipe(graph)
    diary, ids = Diary(ask), set[str]()
    for n, (what, who, held, day) in enumerate(story):
        # Seen when it is told, or earlier: no record renews what another said.
        make = {"say": said, "snapshot": snapshot}.get(what)
        made = (
            make(f"{who}", day + n / 10, *held, source="crm", firstName="Ann")
            if make
            else order("shop", f"{who}", day + n / 10, *held)
        )
        ids |= {str(one.customer) for one in await ingest([made])}
        await diary.note(sorted(ids), held)
    await diary.compare()
    turned = await query(
        graph,
        "MATCH ()-[s:HAS_IDENTIFIER]->() WHERE (s.closedAt IS NULL) "
        "<> (size(coalesce(s.turned, [])) % 2 = 0) RETURN s.key AS key",
    )
    assert turned == []


async def test_what_was_erased_is_in_no_past(ask: Ask, ingest: Ingest) -> None:
    [crm, shop] = await ingest(
        [said("c1", 1, MAIL, source="crm"), said("s1", 1, MAIL, source="shop", firstName="Ann")]
    )
    assert shop.customer == crm.customer
    at = await moment()
    await ingest([gone("c1", 2, source="crm")])
    by_mail = (await ask(THEN, i=identifier(MAIL), asOf=at)).data["customer"]
    by_id = (await ask(THEN, of=str(crm.customer), asOf=at)).data["customer"]
    assert by_id == by_mail
    assert by_id["id"] == crm.customer  # the name it had then
    assert [one["source"] for one in by_id["profiles"]["nodes"]] == ["shop"]
    await ingest([gone("s1", 3, source="shop")])
    for one in ({"of": str(crm.customer)}, {"i": identifier(MAIL)}):
        assert (await ask(THEN, **one, asOf=at)).data == {"customer": None}
    assert (await ask(GRAPH, of=str(crm.customer), asOf=at)).data["identityGraph"]["profiles"] == []


async def test_before_the_first_record_there_is_nobody_and_of_the_future_nothing_is_said(
    ask: Ask, ingest: Ingest
) -> None:
    before = await moment()
    [crm] = await ingest([said("c1", 1, MAIL, source="crm")])
    assert (await ask(THEN, i=identifier(MAIL), asOf=before)).data == {"customer": None}
    assert (await ask(THEN, of=str(crm.customer), asOf=before)).data == {"customer": None}
    for one in ({"of": str(crm.customer)}, {"i": identifier(MAIL)}):
        graph = (await ask(GRAPH, **one, asOf=before)).data["identityGraph"]
        assert (graph["profiles"], graph["identifiers"]) == ([], [])
    later = to_datetime(time.time_ns() // 1_000_000 + 60_000).isoformat()
    for text in (THEN, GRAPH):
        assert (await ask(text, i=identifier(MAIL), asOf=later)).codes == ["INVALID_INPUT"]


async def test_a_past_360_is_two_statements_and_pages_to_its_end(ask: Ask, ingest: Ingest) -> None:
    await ingest(order("shop", "7", day, MAIL, f"cookie:k{day}") for day in range(1, 6))
    await ingest([said(f"p{n}", 1, MAIL, source="crm") for n in range(3)])
    at = await moment()
    await ingest(order("shop", "7", day + 0.5, MAIL) for day in range(1, 6))
    await ingest([said("p9", 1, MAIL, source="crm")])
    plain = THEN.replace("identifiers { value } ", "")
    answer = await ask(plain, i=identifier(MAIL), asOf=at)
    assert answer.statements == ["past/by_identifiers", "timeline/interactions"]
    assert answer.data["customer"]["counts"] == {
        "profiles": 4, "identifiers": 6, "devices": 0, "interactions": 5
    }  # fmt: skip
    for field, show, many in (
        ("profiles", "sourceId", 4), ("identifiers", "value", 6), ("interactions", "at", 5),
    ):  # fmt: skip
        text = f"""query($i: IdentifierInput, $asOf: DateTime, $after: String) {{
          customer(identifier: $i, asOf: $asOf) {{ {field}(first: 2, after: $after) {{
            nodes {{ {show} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
        seen: list[str] = []
        after, more = None, True
        while more:
            page = (await ask(text, i=identifier(MAIL), asOf=at, after=after)).data["customer"]
            seen += [one[show] for one in page[field]["nodes"]]
            after, more = (
                page[field]["pageInfo"]["endCursor"],
                page[field]["pageInfo"]["hasNextPage"],
            )
        assert len(seen) == len(set(seen)) == many, field


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("household { id }", "household"),
        ("how { number }", "how"),
        ("identifiers { nodes { profiles { nodes { id } } } }", "profiles"),
        ("interactions { nodes { profile { id } } }", "profile"),
    ],
)
async def test_what_has_no_past_is_refused(field: str, what: str, ask: Ask, ingest: Ingest) -> None:
    await ingest([order("shop", "7", 1, MAIL)])
    asked = f"customer(identifier: $i, asOf: $at) {{ {field} }}"
    text = f"query($i: IdentifierInput, $at: DateTime) {{ {asked} }}"
    answer = await ask(text, i=identifier(MAIL), at=await moment())
    assert answer.codes == ["INVALID_INPUT"]
    assert f"`{what}` is only known as it is now" in answer.body["errors"][0]["message"]


async def test_now_and_then_in_one_operation_are_kept_apart(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("c1", 1, MAIL, source="crm")])
    at = await moment()
    await ingest([said("s1", 1, MAIL, source="shop")])
    answer = await ask(
        """query($i: IdentifierInput, $at: DateTime) {
          now: customer(identifier: $i) { ...All }
          then: customer(identifier: $i, asOf: $at) { ...All }
        }
        fragment All on Customer {
          counts { profiles }
          profiles { nodes { customer { counts { profiles } } } }
          identifiers { nodes { customers { counts { profiles } } } }
        }""",
        i=identifier(MAIL),
        at=at,
    )
    for name, many in (("now", 2), ("then", 1)):
        one = {"counts": {"profiles": many}}
        assert answer.data[name] == one | {
            "profiles": {"nodes": [{"customer": one}] * many},
            "identifiers": {"nodes": [{"customers": [one]}]},
        }
