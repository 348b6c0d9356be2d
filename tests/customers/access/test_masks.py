"""What is left of a value that somebody is not to have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.access.masks import HIDDEN, Kind, masked
from customers.access.table import table

MARKETER, ADMIN, SELLER = (table().masks[role] for role in ("marketer", "admin", "seller"))


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("contact", "ann.moor@example.org", "a••@example.org"),
        ("contact", "+447911123456", "••3456"),
        ("contact", "12345", "••"),
        ("contact", "@example.org", "••"),
        ("birthDate", "1980-02-03", "1980"),
        ("birthDate", "03.02.1980", "••"),
        ("birthDate", "1980", "••"),
        ("birthDate", "02031980", "••"),
        ("name", "Ann", "A••"),
        ("name", "Ann Marie", "A•• M••"),
        ("name", "   ", "••"),
        ("number", "C000002", "••02"),
        ("number", "C12", "••"),
        ("device", "a3f0-99", "••99"),
        ("address", "1 High St", "••"),
        ("personal", 0.93, "••"),
        ("personal", ["a", "b"], "••"),
        ("name", {"first": "Ann"}, "••"),
        ("name", None, None),
        ("contact", "", ""),
    ],
)
def test_enough_is_shown_to_recognise_it_by(kind: Kind, value: object, shown: object) -> None:
    assert masked(kind, value) == shown


@given(
    st.sampled_from(["contact", "number", "device", "secret", "address", "text", "personal"]),
    st.text(min_size=8, max_size=40),
)
def test_the_larger_part_of_a_value_is_never_shown(kind: Kind, value: str) -> None:
    local = (value.rpartition("@")[0] if kind == "contact" else "") or value
    shown = str(masked(kind, value)).replace(HIDDEN, "").removesuffix(value[len(local) :])
    assert len(shown) * 2 <= max(len(local), 2)


def test_what_nobody_declared_is_personal() -> None:
    assert MARKETER.kind_of_trait("churnRisk") == "personal"
    assert MARKETER.kind_of_namespace("guestbook") == "personal"
    assert MARKETER.kind_of_trait("consent.marketing") == "behaviour"
    assert MARKETER.traits_of({"firstName": "Ann", "churnRisk": 1, "city": "Leeds"}) == {
        "firstName": "A••",
        "city": "Leeds",
    }
    assert SELLER.traits_of({"churnRisk": 1}) == {"churnRisk": "••"}


def test_what_a_shown_value_is_made_of_is_of_kinds_too() -> None:
    said = {
        "company": {"name": "Ann Ltd", "taxId": "DE999999"},
        "page": [{"path": "/a", "ssn": "1"}],
    }
    assert MARKETER.traits_of(said) == {
        "company": {"name": "A•• L••"},
        "page": [{"path": "/a"}],
    }


def test_identifiers_are_shown_by_their_namespace() -> None:
    assert MARKETER.identifier("email", "ann@x.org") == "a••@x.org"
    assert MARKETER.identifier("crmId", "C000002") == "••"
    assert MARKETER.identifier_key("cookie|abcdef12") == "cookie|••12"
    assert ADMIN.identifier("email", "ann@x.org") == "ann@x.org"


def test_who_sees_all_is_given_what_there_is() -> None:
    traits = {"firstName": "Ann", "churnRisk": 1}
    assert ADMIN.clear
    assert ADMIN.traits_of(traits) is traits
