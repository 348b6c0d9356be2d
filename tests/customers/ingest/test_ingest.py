"""Ingest: raw records from a caller, checked one by one."""

import math

import orjson
import pytest

from customers.errors import ForbiddenError, InvalidInputError
from customers.ingest.ingest import ingest, prepared, validated
from customers.ingest.prepare import Prepared
from customers.ingest.queue import Rejected
from customers.ingest.record import Record
from customers.ingest.writer import Written
from customers.principal import DEVELOPER, Principal, Role
from customers.services import Services
from tests.conftest import query, soon

ANN = {"source": "crm", "sourceId": "c1"}


async def test_a_wrong_record_does_not_stop_the_others(services: Services) -> None:
    records = [{"source": "crm"}, ANN, {"source": "crm", "sourceId": "c2", "colour": "red"}]
    outcomes = await ingest(services.writer, services.policy, records, DEVELOPER, soon())
    assert outcomes[0] == Rejected(
        "a record needs a sourceId or at least one identifier", "INVALID_RECORD"
    )
    assert isinstance(outcomes[1], Written)
    assert outcomes[2] == Rejected("colour: Extra inputs are not permitted", "INVALID_RECORD")


async def test_more_than_a_thousand_records_are_refused_whole(services: Services) -> None:
    with pytest.raises(InvalidInputError, match="at most 1000 at a time"):
        await ingest(services.writer, services.policy, [ANN] * 1001, DEVELOPER, soon())
    assert await query(services.graph, "MATCH (p:Profile) RETURN p.key AS key") == []


async def test_who_may_not_write_writes_nothing(services: Services) -> None:
    reader = Principal("reader", Role.ANALYST)
    with pytest.raises(ForbiddenError):
        await ingest(services.writer, services.policy, [ANN], reader, soon())
    assert await query(services.graph, "MATCH (p:Profile) RETURN p.key AS key") == []


async def test_a_caller_of_one_source_writes_for_it_alone_and_learns_of_nobody(
    services: Services,
) -> None:
    web = Principal("web", Role.INGEST, source="web")
    records = [ANN, ANN | {"source": "web"}, {"source": "crm"}, ANN | {"source": " web "}]
    outcomes = await ingest(services.writer, services.policy, records, web, soon())
    assert outcomes[0] == Rejected("this caller writes for the source web alone", "FOREIGN_SOURCE")
    assert outcomes[2] == outcomes[0], "what is wrong with another source's record is not told"
    for one in (outcomes[1], outcomes[3]):
        assert isinstance(one, Written)
        assert one.customer is None
    rows = await query(services.graph, "MATCH (p:Profile) RETURN p.key AS key")
    assert rows == [{"key": "web|c1"}]
    [again] = await ingest(services.writer, services.policy, [records[1]], DEVELOPER, soon())
    assert isinstance(again, Written)
    assert again.customer is not None


def test_a_record_that_is_right_is_a_record() -> None:
    assert validated(ANN) == Record(source="crm", source_id="c1")


@pytest.mark.parametrize("raw", [None, 5, "text", [ANN]])
def test_what_is_no_object_is_rejected(raw: object) -> None:
    assert validated(raw) == Rejected("not a JSON object", "INVALID_RECORD")


@pytest.mark.parametrize(
    "value", ["\ud800", 2**70, [1, -math.inf], orjson.loads("[" * 300 + "]" * 300)]
)
def test_properties_that_json_cannot_hold_are_refused_and_the_record_goes_in(
    services: Services, value: object
) -> None:
    raw = ANN | {"interaction": {"properties": {"x": value}}}
    found = prepared(raw, services.policy, 0)
    assert isinstance(found, Prepared)
    assert found.interaction is not None
    assert found.interaction.properties == "{}"
    [refused] = found.refused
    assert (refused.what, refused.value) == ("properties", "track")
    assert refused.reason.startswith("not JSON: ")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (2**70, "not JSON: Integer exceeds 64-bit range"),
        (math.inf, "not JSON: Number is infinite"),
        ({"x": [None, -math.inf]}, "not JSON: Number is infinite"),
    ],
)
def test_a_trait_that_json_cannot_hold_is_refused_and_the_others_go_in(
    services: Services, value: object, reason: str
) -> None:
    traits = {"score": value, "city": "Leeds", "empty": [None, math.nan]}
    found = prepared(ANN | {"traits": traits}, services.policy, 0)
    assert isinstance(found, Prepared)
    assert found.traits == {"city": '"Leeds"', "empty": "[null,null]"}
    assert [(one.what, one.value, one.reason) for one in found.refused] == [
        ("trait", "score", reason)
    ]


def test_an_identifier_that_no_text_can_hold_is_rejected_and_not_an_error(
    services: Services,
) -> None:
    raw = ANN | {"identifiers": [{"namespace": "cookie", "value": "\ud800"}]}
    found = prepared(raw, services.policy, 0)
    assert isinstance(found, Rejected)
    assert found.code == "INVALID_RECORD"
