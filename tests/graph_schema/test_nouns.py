"""Profiles, identifiers, the identity graph and the change log."""

from typing import Any

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask

AT = "2026-01-01T00:00:00Z"


def seen(source: str, source_id: str | None, **identifiers: str) -> dict[str, Any]:
    """A record that names identifiers."""
    return {
        "source": source,
        "at": AT,
        "identifiers": [{"namespace": n, "value": v} for n, v in identifiers.items()],
    } | ({"sourceId": source_id} if source_id else {})


async def test_a_profile_knows_its_customer_and_its_identifiers(ask: Ask, ingest: Ingest) -> None:
    [written] = await ingest([seen("crm", "a|1 %", crmId="C1", email="ann@ann.io")])
    answer = await ask(
        'query { profile(source: "crm", sourceId: "a|1 %") '
        "{ id source sourceId customer { id } identifiers { namespace value } } }"
    )
    assert answer.data["profile"] == {
        "id": written.profile,
        "source": "crm",
        "sourceId": "a|1 %",
        "customer": {"id": written.customer},
        "identifiers": [
            {"namespace": "crmId", "value": "C1"},
            {"namespace": "email", "value": "ann@ann.io"},
        ],
    }
    assert (await ask('{ profile(source: "crm", sourceId: "b") { id } }')).data["profile"] is None


async def test_a_profile_without_an_id_of_its_own_is_found_by_the_one_it_is_shown_with(
    ask: Ask, ingest: Ingest
) -> None:
    [written] = await ingest([seen("till", None, phone="+1 212 555 0100")])
    page = await ask("{ customers { nodes { profiles { nodes { sourceId } } } } }")
    source_id = page.data["customers"]["nodes"][0]["profiles"]["nodes"][0]["sourceId"]
    answer = await ask(f'{{ profile(source: "till", sourceId: "{source_id}") {{ id }} }}')
    assert answer.data == {"profile": {"id": written.profile}}


async def test_an_identifier_pages_through_its_holders(ask: Ask, ingest: Ingest) -> None:
    await ingest([seen("pos", f"r{n}", email="ann@ann.io") for n in range(5)])
    found: list[str] = []
    after = "null"
    for _ in range(3):
        answer = await ask(
            'query { identifier(namespace: "EMAIL", value: "x") { id } '
            'found: identifier(namespace: "email", value: "Ann@ann.io") '
            f"{{ people generic profiles(first: 2, after: {after}) "
            "{ nodes { sourceId } pageInfo { hasNextPage endCursor } } } }"
        )
        assert answer.data["identifier"] is None
        page = answer.data["found"]["profiles"]
        found += [node["sourceId"] for node in page["nodes"]]
        after = f'"{page["pageInfo"]["endCursor"]}"'
    assert found == ["r0", "r1", "r2", "r3", "r4"]
    assert page["pageInfo"]["hasNextPage"] is False


GRAPH = """query($of: IdentifierInput, $id: ID, $first: Int! = 200) {
  identityGraph(of: $of, customerId: $id, first: $first) {
    complete profiles { id sourceId } identifiers { id value generic }
    edges { profileId identifierId count } clusters { customerId profileIds }
  }
}"""


async def test_the_graph_around_an_identifier_stops_at_generic_ones(
    ask: Ask, ingest: Ingest
) -> None:
    crowd = [
        {**seen("web", f"k{n}", cookie="kiosk", email=f"p{n}@p.io"), "traits": {"firstName": name}}
        for n, name in enumerate(("ann", "bruno", "carla", "dieter", "edgar", "frieda"))
    ]
    outcomes = await ingest([*crowd, seen("app", "x", email="p0@p.io", device="d-1")])
    answer = await ask(GRAPH, of={"namespace": "device", "value": "d-1"})
    graph = answer.data["identityGraph"]
    assert graph["complete"] is True
    assert sorted(one["sourceId"] for one in graph["profiles"]) == ["k0", "x"]
    assert {(one["value"], one["generic"]) for one in graph["identifiers"]} == {
        ("d-1", False),
        ("p0@p.io", False),
        ("kiosk", True),
    }
    assert len(graph["edges"]) == 4
    [cluster] = graph["clusters"]
    assert cluster["customerId"] == outcomes[0].customer
    assert set(cluster["profileIds"]) == {outcomes[0].profile, outcomes[6].profile}
    # Asked for itself, the kiosk shows who used it.
    kiosk = await ask(GRAPH, of={"namespace": "cookie", "value": "kiosk"})
    assert len(kiosk.data["identityGraph"]["clusters"]) == 6
    cut = await ask(GRAPH, of={"namespace": "cookie", "value": "kiosk"}, first=3)
    assert cut.data["identityGraph"]["complete"] is False
    assert len(cut.data["identityGraph"]["profiles"]) == 3
    whole = await ask(GRAPH, id=outcomes[6].customer)
    assert sorted(one["sourceId"] for one in whole.data["identityGraph"]["profiles"]) == ["k0", "x"]
    for bad in (
        {},
        {"id": "x", "of": {"namespace": "email", "value": "a@a.io"}},
        {"id": "x", "first": 0},
    ):
        assert (await ask(GRAPH, **bad)).codes == ["INVALID_INPUT"], bad


async def test_changes_tell_what_happened_in_order_and_go_on_from_a_cursor(
    ask: Ask, ingest: Ingest
) -> None:
    [one] = await ingest([seen("web", "a", cookie="k1")])
    [two] = await ingest([seen("web", "b", email="b@b.io")])
    await ingest([seen("web", "c", cookie="k1", email="b@b.io")])
    log = "query($after: String) { changes(first: 3, after: $after) { nodes { seq kind customerId"
    log += " fromId profiles count cause because by } pageInfo { hasNextPage endCursor } } }"
    first = (await ask(log)).data["changes"]
    assert [(node["seq"], node["kind"]) for node in first["nodes"]] == [
        (1, "CREATED"),
        (2, "CREATED"),
        (3, "JOINED"),
    ]
    rest = (await ask(log, after=first["pageInfo"]["endCursor"])).data["changes"]
    assert rest["nodes"] == [
        {
            "seq": 4,
            "kind": "MERGED",
            "customerId": one.customer,
            "fromId": two.customer,
            "profiles": ["web|b"],
            "count": 1,
            "cause": "ingest",
            "because": "web|c",
            "by": "developer",
        }
    ]
    assert rest["pageInfo"]["hasNextPage"] is False
