"""From a record to keys, normalised values and reasons."""

from datetime import UTC, datetime
from typing import Any

import pytest

from customers.errors import InvalidInputError
from customers.identity.policy_document import default_policy
from customers.ingest.prepare import (
    EARLIEST_MS,
    LONGEST_DOUBTFUL_BYTES,
    LONGEST_PROPERTIES_BYTES,
    LONGEST_TRAIT_BYTES,
    Prepared,
    PreparedProduct,
    Refused,
    prepare,
)
from customers.ingest.record import Record
from tests.evidence import changed

POLICY = default_policy()
RECEIVED = 1_767_225_600_000  # 2026-01-01T00:00:00Z
PLACEHOLDER = "a placeholder, blocked by the policy"


def prepared(place: str = "", received: int = RECEIVED, **parts: Any) -> Prepared:  # noqa: ANN401
    record = Record.model_validate({"source": "web", "sourceId": "1"} | parts)
    return prepare(record, POLICY, received, place)


def identified(namespace: str, value: str) -> Prepared:
    return prepared(identifiers=[{"namespace": namespace, "value": value}])


@pytest.mark.parametrize(
    ("namespace", "value", "key", "shown"),
    [
        ("email", " Ann@Mail.Example.ORG ", "email|ann@mail.example.org", "ann@mail.example.org"),
        ("phone", "(212) 555-0199", "phone|+12125550199", "+12125550199"),
        ("email", "Ann.Lee+x@GoogleMail.com", "email|annlee@gmail.com", "annlee@gmail.com"),
        ("phone", "+44 20 7946 0958", "phone|+442079460958", "+442079460958"),
        ("phone", "0044 20 7946 0958", "phone|+442079460958", "+442079460958"),
        ("crmId", " C  1 ", "crmId|c 1", "C 1"),
        ("crmId", "Ｃ１", "crmId|c1", "C1"),
        ("anything", "X", "anything|x", "X"),
        ("ip", "10.0.0.1", "ip|10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_value_is_normalised_as_its_namespace_says(
    namespace: str, value: str, key: str, shown: str
) -> None:
    one = identified(namespace, value)
    assert one.refused == []
    assert [(i.key, i.namespace, i.value) for i in one.identifiers] == [(key, namespace, shown)]


@pytest.mark.parametrize(
    ("namespace", "value", "reason"),
    [
        ("email", "test@test.com", PLACEHOLDER),
        ("email", "Anybody@Example.COM", PLACEHOLDER),
        ("crmId", "0000", PLACEHOLDER),
        ("crmId", "NULL", PLACEHOLDER),
        ("crmId", "anonymous", PLACEHOLDER),
        ("device", "00000000-0000-0000-0000-000000000000", PLACEHOLDER),
        ("phone", "000-000-0000", PLACEHOLDER),
        ("email", "ann at home", "not an e-mail address"),
        ("phone", "call me", "not a possible phone number"),
        ("phone", "12", "not a possible phone number"),
        ("crmId", "", "empty"),
        ("crmId", " \t ", "empty"),
        ("crmId", "a\0b", "control characters"),
        ("crmId", "ü" * 257, "longer than 512 bytes"),
    ],
)
def test_a_value_that_is_none_is_refused_with_the_reason_and_the_record_is_kept(
    namespace: str, value: str, reason: str
) -> None:
    one = identified(namespace, value)
    assert one.identifiers == ()
    assert [(refused.what, refused.reason) for refused in one.refused] == [
        (f"identifier {namespace}", reason)
    ]
    assert one.profile == "web|1"


@pytest.mark.parametrize(
    ("country", "number"),
    [("GB", "+442079460958"), ("gb", "+442079460958"), ("DE", "+492079460958")],
)
def test_a_phone_number_without_a_prefix_is_one_of_the_country_that_the_record_tells(
    country: str, number: str
) -> None:
    numbers = [{"namespace": "phone", "value": "020 7946 0958"}]
    one = prepared(identifiers=numbers, traits={"country": country})
    assert [i.value for i in one.identifiers] == [number]
    assert one.refused == []


@pytest.mark.parametrize("traits", [{}, {"country": "Britain"}, {"country": 44}, {"region": "GB"}])
def test_without_a_country_code_it_is_one_of_the_policys_region(traits: dict[str, Any]) -> None:
    numbers = ["020 7946 0958", "(212) 555-0199"]
    identifiers = [{"namespace": "phone", "value": number} for number in numbers]
    one = prepared(identifiers=identifiers, traits=traits)
    assert [i.value for i in one.identifiers] == ["+12125550199"]
    assert one.refused == [
        Refused("identifier phone", "020 7946 0958", "not a possible phone number")
    ]


def test_a_refused_value_is_shown_by_its_beginning() -> None:
    [refused] = identified("crmId", "x" * 600).refused
    assert refused == Refused("identifier crmId", "x" * 80, "longer than 512 bytes")
    assert identified("crmId", "x" * 512).identifiers[0].value == "x" * 512


def test_a_record_of_which_no_identifier_is_left_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        prepared(sourceId=None, identifiers=[{"namespace": "crmId", "value": "0"}])
    assert str(caught.value) == (
        f"no usable identifier and no sourceId (identifier crmId '0': {PLACEHOLDER})"
    )
    assert caught.value.code == "INVALID_INPUT"


def test_values_that_are_one_are_one_identifier() -> None:
    pairs = [("email", "A@x.org"), ("email", "a@X.org"), ("crmId", "a@x.org")]
    one = prepared(identifiers=[{"namespace": n, "value": v} for n, v in pairs])
    assert [i.key for i in one.identifiers] == ["email|a@x.org", "crmId|a@x.org"]


def test_a_device_is_an_identifier_of_which_something_is_known() -> None:
    device = {"namespace": "device", "value": "D1", "os": "iOS 19"}
    one = prepared(device=device, identifiers=[{"namespace": "device", "value": "d1"}])
    [identifier] = one.identifiers
    assert identifier.key == "device|d1"
    assert identifier.device is not None
    assert identifier.device.os == "iOS 19"


# Times


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-12-31T23:59:59.5Z", RECEIVED - 500),
        ("2025-12-31T23:59:59.5", RECEIVED - 500),
        ("2026-01-01T01:00:00+02:00", RECEIVED - 3_600_000),
        ("2030-01-01T00:00:00Z", RECEIVED),
        (None, RECEIVED),
        ("1800-01-01T00:00:00Z", EARLIEST_MS),
    ],
)
def test_a_time_is_epoch_milliseconds_and_never_later_than_its_receipt(
    at: str | None, expected: int
) -> None:
    one = prepared(at=at)
    assert (one.at, one.dated) == (expected, at is not None)


def test_the_earliest_time_is_the_year_1900() -> None:
    assert datetime(1900, 1, 1, tzinfo=UTC).timestamp() * 1000 == EARLIEST_MS


# Traits


def test_traits_are_json_texts_and_empty_ones_say_nothing() -> None:
    traits = {
        "a": "  two   words ", "b": 0, "c": False, "d": {"y": 1, "x": [None]}, "e": "e\u0301",
        "f": "", "g": None, "h": [], "i": {}, "j": "  ",
    }  # fmt: skip
    assert prepared(traits=traits).traits == {
        "a": '"two words"',
        "b": "0",
        "c": "false",
        "d": '{"x":[null],"y":1}',
        "e": '"\u00e9"',
    }


def test_a_trait_that_is_too_long_is_refused_and_the_others_are_kept() -> None:
    fits = "x" * (LONGEST_TRAIT_BYTES - 2)
    one = prepared(traits={"a": fits, "b": fits + "x", "c" * 129: 1, "d": 1})
    assert one.traits.keys() == {"a", "d"}
    reason = f"longer than {LONGEST_TRAIT_BYTES} bytes"
    assert one.refused == [Refused("trait", "b", reason), Refused("trait", "c" * 80, reason)]


def test_a_text_of_a_source_that_is_not_trusted_is_short() -> None:
    doubting = changed(POLICY, sources={"web": {"trusted": False}})
    record = Record.model_validate(
        {"source": "web", "sourceId": "1", "traits": {"bio": "x" * LONGEST_DOUBTFUL_BYTES}}
    )
    assert prepare(record, POLICY, RECEIVED).refused == []
    [refused] = prepare(record, doubting, RECEIVED).refused
    assert refused == Refused("trait", "bio", f"longer than {LONGEST_DOUBTFUL_BYTES} bytes")


MARKS = "\u0301\u0316" * 8_000  # a quarter of a second to normalise, and four times that of twice


def test_marks_upon_marks_are_refused_before_they_are_normalised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    normalised: list[int] = []

    def normalise(_: str, text: str) -> str:
        normalised.append(len(text))
        return text

    monkeypatch.setattr("unicodedata.normalize", normalise)
    one = prepared(
        traits={"firstName": "Ann", "bio": "a" + MARKS},
        identifiers=[{"namespace": "crmId", "value": "a" + MARKS}],
    )
    assert [(refused.what, refused.reason) for refused in one.refused] == [
        ("identifier crmId", "longer than 512 bytes"),
        ("trait", "over 30 marks on a letter"),
    ]
    assert max(normalised) <= 512


def test_a_number_that_json_cannot_hold_is_refused() -> None:
    one = prepared(traits={"a": 2**70, "b": 1})
    assert one.traits == {"b": "1"}
    assert [(refused.what, refused.value) for refused in one.refused] == [("trait", "a")]


# Interactions

ORDER: dict[str, Any] = {
    "id": "m-1",
    "name": "Order Completed",
    "amount": "12.5",
    "currency": "EUR",
    "orderId": "o-1",
    "products": [{"key": "p1", "name": "Tea", "quantity": 2, "amount": 6.25}, {"key": "p2"}],
    "properties": {"b": 1, "a": 2},
}


def test_an_interaction_has_its_period_and_money_in_minor_units() -> None:
    value = prepared(interaction=ORDER, at="2025-11-30T23:30:00Z").interaction
    assert value is not None
    assert (value.key, value.period) == ("web|m-1", "web|1|2025-11-30")
    assert value.day == 1_764_460_800_000
    assert (value.type, value.amount, value.currency) == ("track", 1250, "EUR")
    assert (value.order_id, value.properties) == ("o-1", '{"a":2,"b":1}')
    assert value.products == (
        PreparedProduct("p1", "Tea", None, 2, 625),
        PreparedProduct("p2", None, None, 1, None),
    )


def test_properties_that_are_too_long_are_refused_and_the_interaction_is_kept() -> None:
    value = {"name": "Viewed", "properties": {"x": "y" * LONGEST_PROPERTIES_BYTES}}
    one = prepared(interaction=value)
    assert one.interaction is not None
    assert one.interaction.properties == "{}"
    assert one.refused == [
        Refused("properties", "Viewed", f"longer than {LONGEST_PROPERTIES_BYTES} bytes")
    ]


def test_an_interaction_without_an_id_is_told_apart_by_what_it_is_and_its_place() -> None:
    def key(place: str = "1", **parts: Any) -> str:  # noqa: ANN401
        base: dict[str, Any] = {"at": "2025-01-01T00:00:00Z", "interaction": {"name": "Viewed"}}
        value = prepared(place, **(base | parts)).interaction
        assert value is not None
        return value.key

    keys = [
        key(),
        key("2"),
        key(sourceId="2"),
        key(source="app"),
        key(at="2025-01-01T00:00:01Z"),
        key(interaction={"name": "Bought"}),
        key(interaction={"name": "Viewed", "type": "page"}),
        key(interaction={"name": "Viewed", "properties": {"a": 1}}),
    ]
    assert len(set(keys)) == len(keys)
    assert key() == keys[0]


# Known again


def test_a_record_is_known_again_by_what_it_says() -> None:
    base: dict[str, Any] = {
        "at": "2025-01-01T00:00:00Z",
        "identifiers": [{"namespace": n, "value": v} for n, v in (("a", "x"), ("b", "y"))],
        "traits": {"p": 1, "q": 2},
    }
    digest = prepared(**base).digest
    assert 0 <= digest < 2**63
    same = base | {"identifiers": base["identifiers"][::-1], "traits": {"q": 2, "p": 1}}
    assert prepared("9", RECEIVED + 1, **same).digest == digest
    others = [
        base | {"at": "2025-01-01T00:00:01Z"},
        base | {"at": None},
        base | {"identifiers": base["identifiers"][:1]},
        base | {"traits": {"p": 1, "q": "2"}},
    ]
    digests = {prepared(**other).digest for other in others}
    assert len(digests | {digest}) == 5
