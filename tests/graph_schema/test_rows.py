"""Mutation.ingest of rows that are replaced or deleted, and of what nobody trusts."""

import pytest

from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, read_policy
from tests.conftest import Json
from tests.graph_schema.conftest import Ask
from tests.rows import gone, said, snapshot

INGEST = """mutation($records: [RecordInput!]!) {
  ingest(records: $records) {
    results { index profileId customerId known refused { what } }
    errors { code message path }
    customers { id displayName resolutionPending identifiers { nodes { namespace } } }
  }
}"""
BY_ID = "query($id: ID!) { customer(id: $id) { id displayName } }"
BY_MAIL = '{ customer(identifier: {namespace: "email", value: "ann@x.org"}) { id displayName } }'
MAIL = "email:ann@x.org"
ANN = said("c1", 1, MAIL, "crmId:C1", source="crm", firstName="Ann")


@pytest.fixture
def policy() -> Policy:
    """The default, but for browsers, which are not trusted."""
    return read_policy(f"{default_text()}\n[sources.browser]\ntrusted = false\n")


async def ingested(ask: Ask, *records: Json) -> Json:
    payload: Json = (await ask(INGEST, records=list(records))).data["ingest"]
    return payload


async def test_a_snapshot_answers_with_the_customer_as_it_now_is(ask: Ask) -> None:
    await ingested(ask, ANN)
    payload = await ingested(ask, snapshot("c1", 2, "crmId:C1", source="crm", firstName="Anna"))
    assert payload["errors"] == []
    [customer] = payload["customers"]
    assert customer["displayName"] == "Anna"
    assert customer["identifiers"]["nodes"] == [{"namespace": "crmId"}]
    assert (await ask(BY_MAIL)).data == {"customer": None}


async def test_a_deletion_answers_with_no_customer_and_the_old_id_finds_the_successor(
    ask: Ask,
) -> None:
    first = await ingested(ask, ANN, said("u1", 1, MAIL, source="shop", firstName="Ann"))
    old = first["results"][0]["customerId"]
    assert [one["id"] for one in first["customers"]] == [old]
    payload = await ingested(ask, gone("c1", 2, source="crm"))
    assert payload["customers"] == []
    assert payload["errors"] == []
    assert payload["results"] == [
        first["results"][0] | {"customerId": None, "known": False, "refused": []}
    ]
    successor = (await ask(BY_ID, id=old)).data["customer"]
    assert successor["displayName"] == "Ann"
    assert successor["id"] != old
    assert (await ask(BY_MAIL)).data["customer"] == successor
    await ingested(ask, gone("u1", 2, source="shop"))
    for one in (old, successor["id"]):
        assert (await ask(BY_ID, id=one)).data == {"customer": None}


async def test_a_deletion_that_says_more_is_listed_with_the_reason(ask: Ask) -> None:
    payload = await ingested(
        ask, said("c1", 1, MAIL, deleted=True), said(None, 1, MAIL, replace=True)
    )
    assert payload["results"] == []
    assert [one["message"] for one in payload["errors"]] == [
        "a deleted record has source, sourceId and at alone",
        "only a record with a sourceId can be replaced or deleted",
    ]


async def test_the_change_log_shows_what_was_deleted(ask: Ask) -> None:
    payload = await ingested(ask, ANN)
    await ingested(ask, gone("c1", 2, source="crm"))
    changes = (await ask("{ changes { nodes { kind customerId fromId count } } }")).data
    assert changes["changes"]["nodes"][-1] == {
        "kind": "DELETED",
        "customerId": payload["results"][0]["customerId"],
        "fromId": None,
        "count": 1,
    }


async def test_whom_nobody_trusts_is_told_of_no_customer(ask: Ask) -> None:
    await ingested(ask, ANN)
    claim = said("x", 5, MAIL, "crmId:C1", source="browser", firstName="Ann")
    for known in (False, True):
        payload = await ingested(ask, claim)
        assert payload["customers"] == []
        assert payload["errors"] == []
        [result] = payload["results"]
        assert (result["customerId"], result["known"]) == (None, known)
        assert result["profileId"].startswith("prf_")


async def test_whom_nobody_trusts_may_neither_replace_nor_delete(ask: Ask) -> None:
    await ingested(ask, said("x", 1, MAIL, source="browser"))
    payload = await ingested(
        ask, snapshot("x", 5, source="browser"), gone("x", 6, source="browser"), ANN
    )
    told = "the source browser is not trusted: it can neither replace nor delete"
    assert [(one["message"], one["path"]) for one in payload["errors"]] == [
        (told, ["records", "0"]),
        (told, ["records", "1"]),
    ]
    assert [one["index"] for one in payload["results"]] == [2]
    found = (await ask('{ profile(source: "browser", sourceId: "x") { source } }')).data
    assert found == {"profile": {"source": "browser"}}
