"""Query.identityHealth: figures that are right, each with a query that runs as it is."""

from collections.abc import Iterator
from typing import Any

import pytest

from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, read_policy
from customers.services import Services
from customers.times import now_ms
from cypher import Graph
from tests.conftest import Ingest, Json
from tests.graph_schema.conftest import Ask
from tests.matches import snoozed
from tests.rows import said, snapshot

SHOWN = "namespace value people"
HEALTH = f"""{{ identityHealth {{
  asOf
  sizes {{ least most customers profiles query }}
  largest {{ customerId profiles query }}
  namespaces {{ namespace identifiers shared generic query }}
  mostPeople {{ people holders query identifier {{ {SHOWN} }} }}
  mostHolders {{ people holders query identifier {{ {SHOWN} }} }}
  bridges {{ customerId parts query identifier {{ {SHOWN} }} }}
  sparsest {{ customerId profiles links query }}
  refused {{ source namespace reason count query }}
  days {{ day created joined merged split moved deleted query }}
  sources {{ source profiles unlinked query }}
  awaitsReview {{ open snoozed oldest query kinds {{ kind open query }} }}
}} }}"""
NAMES = ("Ann Lee", "Bob Stone", "Cyd Marsh", "Dora Lind", "Egon Falk", "Fay Hill", "Gus Orr")


@pytest.fixture
def policy() -> Policy:
    """The default, with a source that is not trusted."""
    return read_policy(f"{default_text()}\n[sources.browser]\ntrusted = false\n")


def visit(n: int) -> Json:
    """Somebody at the kiosk, with a mailbox of their own."""
    first, last = NAMES[n].split()
    names = {"firstName": first, "lastName": last}
    return said(f"v{n}", 1, "cookie:kiosk", f"email:p{n}@x.org", source="web", **names)


def queries(found: Any) -> Iterator[str]:  # noqa: ANN401 - JSON is anything
    """All the texts that lead on."""
    if isinstance(found, list):
        for one in found:
            yield from queries(one)
    elif isinstance(found, dict):
        if text := found.get("query"):
            yield text
        for one in found.values():
            yield from queries(one)


async def asked(ask: Ask, services: Services) -> Json:
    """The figures as they are now, which nobody counted yet."""
    services.health._until = 0
    answer: Json = (await ask(HEALTH)).data["identityHealth"]
    return answer


async def test_an_empty_graph_is_healthy(ask: Ask, services: Services) -> None:
    found = await asked(ask, services)
    sizes = found.pop("sizes")
    assert found.pop("asOf")
    review = found.pop("awaitsReview")
    assert (review["open"], review["snoozed"], review["oldest"], review["kinds"]) == (
        0,
        0,
        None,
        [],
    )
    assert found == {name: [] for name in found}
    assert [(one["least"], one["most"]) for one in sizes] == [
        (1, 1), (2, 2), (3, 5), (6, 10), (11, 50), (51, 200), (201, None)
    ]  # fmt: skip
    assert {(one["customers"], one["profiles"], one["query"]) for one in sizes} == {(0, 0, None)}


async def test_the_figures_are_those_of_the_graph_and_lead_to_what_they_count(
    ask: Ask, ingest: Ingest, services: Services
) -> None:
    bridge = "email:ann@x.org"
    written = await ingest(
        [
            # Four rows of one person, two of which one mailbox holds to the two others.
            said("a1", 1, "phone:+442079460101", bridge, source="crm"),
            said("a2", 1, "phone:+442079460101", source="shop"),
            said("b1", 1, "userId:U1", bridge, source="shop"),
            said("b2", 1, "userId:U1", source='sh"op'),
            *(visit(n) for n in range(7)),
            said("alone", 1, "email:alone@x.org", source="crm"),
            said("r1", 1, "email:nothing", "email:null", "pet:test@test.com", source="crm"),
            said("r2", 1, "phone:12", source="browser"),
        ]
    )
    await ingest([said("r1", 1, "email:nothing", "email:null", "pet:test@test.com", source="crm")])
    [ann] = {one.customer for one in written[:4]}
    found = await asked(ask, services)
    assert [(one["customers"], one["profiles"]) for one in found["sizes"]] == [
        (10, 10), (0, 0), (1, 4), (0, 0), (0, 0), (0, 0), (0, 0)
    ]  # fmt: skip
    assert [(one["customerId"], one["profiles"]) for one in found["largest"]] == [(ann, 4)]
    assert [
        (one["namespace"], one["identifiers"], one["shared"], one["generic"])
        for one in found["namespaces"]
    ] == [("cookie", 1, 1, 1), ("email", 9, 0, 0), ("phone", 1, 0, 0), ("userId", 1, 0, 0)]
    kiosk = {"namespace": "cookie", "value": "kiosk", "people": 7}
    [crowded] = found["mostPeople"]
    assert (crowded["people"], crowded["holders"], crowded["identifier"]) == (7, 7, kiosk)
    assert [one["holders"] for one in found["mostHolders"]] == [7, 2, 2, 2]
    [worst, *others] = found["bridges"]
    assert (worst["customerId"], worst["parts"]) == (ann, [2, 2])
    assert worst["identifier"]["value"] == "ann@x.org"
    assert [one["parts"] for one in others] == [[3, 1], [3, 1]]
    assert [(one["profiles"], one["links"]) for one in found["sparsest"]] == [(4, 6)]
    # What was refused again in a record that was known is not counted again.
    assert [
        (one["source"], one["namespace"], one["reason"], one["count"]) for one in found["refused"]
    ] == [
        ("browser", "phone", "not a possible phone number", 1),
        ("crm", "email", "a placeholder, blocked by the policy", 1),
        ("crm", "email", "not an e-mail address", 1),
        ("crm", "other", "a placeholder, blocked by the policy", 1),
    ]
    [day] = found["days"]
    assert (day["created"], day["merged"], day["split"], day["deleted"]) == (11, 0, 0, 0)
    assert {one["source"]: (one["profiles"], one["unlinked"]) for one in found["sources"]} == {
        "browser": (1, 1), "crm": (3, 2), "shop": (2, 0), 'sh"op': (1, 0), "web": (7, 7)
    }  # fmt: skip
    texts = set(queries(found))
    assert len(texts) > 10
    for text in texts:
        answer = await ask(text)
        [shown] = answer.data.values()
        assert shown, text
        assert "x.org" not in text


async def test_merges_and_splits_are_counted_by_day(
    ask: Ask, ingest: Ingest, services: Services
) -> None:
    mail, phone = "email:ann@x.org", "phone:+442079460101"
    await ingest([said("a", 1, mail, source="crm"), said("b", 1, phone, source="shop")])
    await ingest([said("t", 1, mail, phone, source="till")])
    await ingest([snapshot("t", 2, phone, source="till")])
    [day] = (await asked(ask, services))["days"]
    assert (day["created"], day["merged"], day["split"] + day["moved"]) == (2, 1, 1)
    first = (await ask(day["query"])).data["changes"]["nodes"][0]
    assert first["seq"] == 1


async def test_what_awaits_a_person_is_counted_by_kind_and_leads_to_the_queue(
    ask: Ask, ingest: Ingest, services: Services, graph: Graph, policy: Policy
) -> None:
    ann = {"firstName": "Ann", "lastName": "Moor"}
    await ingest([said(name, 1, "email:m@x.org", f"crmId:{name}", **ann) for name in "ab"])
    await snoozed(graph, policy, now_ms() + 60_000)
    await ingest([
        said("e", 1, "cookie:k", "crmId:5"), said("f", 1, "cookie:q", "crmId:6"),
        said("n", 1, "cookie:k", "cookie:q"),
    ])  # fmt: skip
    review = (await asked(ask, services))["awaitsReview"]
    assert (review["open"], review["snoozed"]) == (2, 1)
    [kind] = review["kinds"]
    assert (kind["kind"], kind["open"]) == ("TIE", 2)
    assert review["oldest"] is not None
    for text in (review["query"], kind["query"]):
        nodes = (await ask(text)).data["possibleMatches"]["nodes"]
        assert [one["kind"] for one in nodes] == ["TIE", "TIE"]


async def test_figures_are_kept_a_while_and_say_of_when_they_are(
    ask: Ask, ingest: Ingest, services: Services
) -> None:
    before = await asked(ask, services)
    await ingest([said("a", 1, "email:ann@x.org")])
    answer = await ask(HEALTH)
    assert answer.statements == []
    assert answer.data["identityHealth"] == before
    after = await asked(ask, services)
    assert after["asOf"] > before["asOf"]
    assert after["sizes"][0]["customers"] == 1


async def test_one_question_is_few_statements_however_many_ask(
    ask: Ask, ingest: Ingest, services: Services
) -> None:
    await ingest([said("a", 1, "email:ann@x.org"), said("b", 1, "email:ann@x.org")])
    services.health._until = 0
    answer = await ask("{ a: identityHealth { asOf } b: identityHealth { asOf } }")
    assert answer.data["a"] == answer.data["b"]
    assert answer.statements == [
        "customers/last_number", "health/sizes", "health/largest", "health/links",
        "health/namespaces", "health/most", "health/most", "health/refusals", "changes/last",
        "health/days", "health/unlinked", "matches/counts",
    ]  # fmt: skip
