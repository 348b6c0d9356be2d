"""Mutation.ingest."""

import math
from typing import Any
from unittest.mock import patch

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask

INGEST = """mutation($records: [RecordInput!]!) {
  ingest(records: $records) {
    results { index profileId customerId known refused { what value reason } }
    errors { code message path }
    customers { id displayName interactions { nodes { name amount { amount currency } } } }
  }
}"""


def record(**more: object) -> dict[str, Any]:
    """A record of Ann's."""
    return {
        "source": "crm",
        "sourceId": "a1",
        "at": "2026-11-01T10:00:00Z",
        "identifiers": [{"namespace": "email", "value": "ann@ann.io"}],
        "traits": {"firstName": "Ann", "nested": {"any": ["JSON", 1, None]}},
        **more,
    }


async def test_a_caller_reads_its_own_write(ask: Ask) -> None:
    order = {"id": "m1", "name": "Order", "amount": 12.5, "currency": "EUR"}
    answer = await ask(INGEST, records=[record(interaction=order)])
    payload = answer.data["ingest"]
    assert payload["errors"] == []
    assert payload["customers"] == [
        {
            "id": payload["results"][0]["customerId"],
            "displayName": "Ann",
            "interactions": {
                "nodes": [{"name": "Order", "amount": {"amount": "12.50", "currency": "EUR"}}]
            },
        }
    ]


async def test_bad_records_are_listed_and_the_others_go_in(ask: Ask) -> None:
    bad = [
        record(source=""),
        record(sourceId=None, identifiers=[]),
        record(at="2026-13-45"),
        record(identifiers=[{"namespace": "e|mail", "value": "x"}]),
        record(identifiers=[{"namespace": "cookie", "value": f"c{n}"} for n in range(101)]),
        record(interaction={"amount": 1}),
        record(sourceId=None, identifiers=[{"namespace": "email", "value": "null"}]),
    ]
    answer = await ask(INGEST, records=[*bad, record()])
    payload = answer.data["ingest"]
    assert [error["path"] for error in payload["errors"]] == [
        ["records", str(place)] for place in range(7)
    ]
    assert {error["code"] for error in payload["errors"]} == {"INVALID_RECORD"}
    texts = [error["message"] for error in payload["errors"]]
    assert texts[0].startswith("source: ")
    assert texts[1] == "a record needs a sourceId or at least one identifier"
    assert texts[2].startswith("at: ")
    assert texts[3].startswith("identifiers.0.namespace: a namespace is a letter")
    assert texts[4] == ("identifiers: List should have at most 100 items after validation, not 101")
    assert texts[5] == "interaction: an amount needs a currency, such as EUR"
    assert texts[6].startswith("no usable identifier and no sourceId")
    assert [result["index"] for result in payload["results"]] == [7]


async def test_what_is_refused_of_a_record_is_named_with_its_reason(ask: Ask) -> None:
    answer = await ask(
        INGEST,
        records=[
            record(
                identifiers=[
                    {"namespace": "email", "value": "not an address"},
                    {"namespace": "phone", "value": "000"},
                    {"namespace": "cookie", "value": "x" * 600},
                ],
                traits={"birthDate": "1980-13-45", "essay": "x" * 1_000_000},
            )
        ],
    )
    [result] = answer.data["ingest"]["results"]
    assert [(one["what"], one["reason"]) for one in result["refused"]] == [
        ("identifier email", "not an e-mail address"),
        ("identifier phone", "a placeholder, blocked by the policy"),
        ("identifier cookie", "longer than 512 bytes"),
        ("trait", "longer than 16384 bytes"),
    ]
    # An impossible date is kept as it was written.
    kept = await ask('{ profile(source: "crm", sourceId: "a1") { traits } }')
    assert kept.data["profile"]["traits"] == {"birthDate": "1980-13-45"}


async def test_a_number_that_is_none_is_refused_and_the_others_go_in(ask: Ask) -> None:
    answer = await ask("""mutation { ingest(records: [{source: "crm", sourceId: "a1",
        traits: {score: 1e999, city: "Leeds"}, interaction: {properties: {n: [-1e999]}}}])
        { results { refused { what value reason } } errors { code } } }""")
    [result] = answer.data["ingest"]["results"]
    assert [one["reason"] for one in result["refused"]] == ["not JSON: Number is infinite"] * 2
    kept = await ask("""{ customers { nodes { traits fields { name value }
        interactions { nodes { properties } } } } }""")
    assert kept.data["customers"]["nodes"] == [
        {
            "traits": {"city": "Leeds"},
            "fields": [{"name": "city", "value": "Leeds"}],
            "interactions": {"nodes": [{"properties": {}}]},
        }
    ]


async def test_a_number_that_was_kept_as_null_once_is_not_shown(ask: Ask, ingest: Ingest) -> None:
    with patch("customers.ingest.prepare._infinite", return_value=False):
        await ingest([record(traits={"score": math.inf, "rank": math.inf})])
        older = record(sourceId="a2", at="2026-10-01", traits={"score": 7})
        newer = record(sourceId="a3", at="2026-11-02", traits={"rank": 1, "level": math.inf})
        await ingest([older, newer])
    text = "{ customers { nodes { traits fields { name value others { value } } } } }"
    assert (await ask(text)).data["customers"]["nodes"] == [
        {
            "traits": {"rank": 1, "score": 7},
            "fields": [
                {"name": "rank", "value": 1, "others": []},
                {"name": "score", "value": 7, "others": []},
            ],
        }
    ]


async def test_the_same_records_again_are_known_and_change_nothing(ask: Ask) -> None:
    records = [record(), record(sourceId="a2", interaction={"id": "m1", "name": "Call"})]
    first = (await ask(INGEST, records=records)).data["ingest"]
    again = (await ask(INGEST, records=records)).data["ingest"]
    assert [result["known"] for result in first["results"]] == [False, False]
    assert [result["known"] for result in again["results"]] == [True, True]
    assert again["customers"] == first["customers"]


async def test_more_than_a_thousand_records_in_a_call_are_refused(ask: Ask) -> None:
    answer = await ask(INGEST, records=[record()] * 1001)
    assert answer.codes == ["INVALID_INPUT"]
    assert (await ask("{ customers { nodes { id } } }")).data["customers"]["nodes"] == []
