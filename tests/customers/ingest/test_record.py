"""What a record may look like, and what is said of one that may not."""

from typing import Any

import pytest
from pydantic import ValidationError

from customers.ingest.record import Record, reasons

FULL: dict[str, Any] = {
    "source": "crm",
    "sourceId": "a1",
    "at": "2026-11-01T10:00:00Z",
    "identifiers": [{"namespace": "email", "value": "Ann@Example.org"}],
    "traits": {"firstName": "Ann", "anything": {"else": [1]}},
    "device": {"namespace": "device", "value": "d-1", "platform": "ios"},
    "interaction": {
        "id": "m-1",
        "type": "track",
        "name": "Order Completed",
        "channel": "web",
        "amount": 12.5,
        "currency": "EUR",
        "orderId": "o-1",
        "products": [
            {"key": "p1", "name": "Tea", "category": "Food", "quantity": 1, "amount": 12.5}
        ],
        "properties": {"a": None},
    },
}


def problem(**changed: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Record.model_validate({"source": "crm", "sourceId": "a1"} | changed)
    return reasons(caught.value)


def test_a_full_record_is_read() -> None:
    record = Record.model_validate(FULL)
    assert (record.source, record.source_id) == ("crm", "a1")
    assert record.identifiers[0].value == "Ann@Example.org"
    assert record.interaction is not None
    assert str(record.interaction.amount) == "12.5"
    assert record.interaction.order_id == "o-1"
    assert record.device is not None
    assert record.device.platform == "ios"


def test_json_and_python_give_the_same_record() -> None:
    record = Record.model_validate(FULL)
    assert Record.model_validate_json(record.model_dump_json(by_alias=True)) == record


@pytest.mark.parametrize(
    "record",
    [
        {"source": "web", "sourceId": "1"},
        {"source": "web", "identifiers": [{"namespace": "email", "value": "a@x.org"}]},
        {"source": "web", "device": {"namespace": "device", "value": "d"}},
    ],
)
def test_a_source_and_something_that_says_who_is_enough(record: dict[str, Any]) -> None:
    assert Record.model_validate(record).interaction is None


@pytest.mark.parametrize("record", [{"source": "web"}, {"source": "web", "identifiers": []}])
def test_a_record_of_nobody_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Record.model_validate(record)
    assert reasons(caught.value) == "a record needs a sourceId or at least one identifier"


def test_numbers_are_taken_where_sources_write_them_for_texts() -> None:
    record = Record.model_validate(
        {"source": "crm", "sourceId": 17, "identifiers": [{"namespace": "crmId", "value": 4711}]}
    )
    assert record.source_id == "17"
    assert record.identifiers[0].value == "4711"


@pytest.mark.parametrize(
    "source", ["CRM Süd", "crm|eu", "50%", "~web", "日本", "'; MATCH (n) //", "a" * 128]
)
def test_a_source_may_have_an_odd_name(source: str) -> None:
    assert Record.model_validate({"source": source, "sourceId": "1"}).source == source


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"source": ""}, "source: String should have at least 1 character"),
        (
            {"source": "a" * 129},
            "source: String should have at most 128 characters",
        ),
        ({"source": "a\nb"}, "source: control characters are not allowed"),
        ({"source": None}, "source: Input should be a valid string"),
        ({"sourceId": "x" * 513}, "sourceId: longer than 512 bytes"),
        ({"sourceId": "ü" * 257}, "sourceId: longer than 512 bytes"),
        ({"sourceId": True}, "sourceId: Input should be a valid string"),
        ({"identifiers": [{"value": "a"}]}, "identifiers.0.namespace: Field required"),
        ({"identifiers": [{"namespace": "e"}]}, "identifiers.0.value: Field required"),
        ({"sourceID": "1"}, "sourceID: Extra inputs are not permitted"),
        ({"traits": ["a"]}, "traits: Input should be a valid dictionary"),
        (
            {"interaction": {"amount": 1}},
            "interaction: an amount needs a currency, such as EUR",
        ),
        (
            {"interaction": {"products": [{"key": "p", "amount": 1}]}},
            "interaction: an amount needs a currency, such as EUR",
        ),
        (
            {"interaction": {"currency": "euro"}},
            "interaction.currency: String should match pattern '^[A-Z]{3}$'",
        ),
        (
            {"interaction": {"amount": "NaN", "currency": "EUR"}},
            "interaction.amount: Input should be a finite number",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(changed: dict[str, object], reason: str) -> None:
    assert problem(**changed) == reason


@pytest.mark.parametrize("namespace", ["", "1a", "~name", "a|b", "a b", "é", "a" * 65])
def test_a_namespace_is_a_plain_word(namespace: str) -> None:
    told = problem(identifiers=[{"namespace": namespace, "value": "x"}])
    assert told == (
        "identifiers.0.namespace: a namespace is a letter, then up to 63 letters, digits or _ . : -"
    )


def test_five_hundred_and_twelve_bytes_are_taken() -> None:
    assert Record.model_validate({"source": "s", "sourceId": "ü" * 256}).source_id == "ü" * 256


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"identifiers": [{"namespace": "a", "value": "b"}] * 101}, "identifiers"),
        ({"traits": {str(n): n for n in range(201)}}, "traits"),
        ({"interaction": {"products": [{"key": "p"}] * 501}}, "interaction.products"),
    ],
)
def test_lists_have_bounds(changed: dict[str, object], place: str) -> None:
    assert problem(**changed).startswith(f"{place}: ")


def test_of_many_problems_five_are_told() -> None:
    told = problem(identifiers=[{"namespace": "a"}] * 8)
    assert told.count("Field required") == 5
    assert told.endswith("; and 3 more")


@pytest.mark.parametrize("quantity", [1e-300, -1e-9, 1e300, 1e12])
def test_nobody_buys_so_little_or_so_much(quantity: float) -> None:
    line = {"key": "p1", "quantity": quantity, "amount": 12.5}
    with pytest.raises(ValidationError, match="a quantity is 0, or from"):
        Record.model_validate(FULL | {"interaction": FULL["interaction"] | {"products": [line]}})


@pytest.mark.parametrize("quantity", [0, 0.001, -1, 2.5, 1e9])
def test_what_is_bought_is_counted_or_weighed(quantity: float) -> None:
    line = {"key": "p1", "quantity": quantity, "amount": 12.5}
    one = Record.model_validate(FULL | {"interaction": FULL["interaction"] | {"products": [line]}})
    assert one.interaction is not None
    assert one.interaction.products[0].quantity == quantity
