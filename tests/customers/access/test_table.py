"""The table of who may see and do what."""

from pathlib import Path

import pytest

from customers.access import table as tables
from customers.access.table import InvalidAccessError, Table, table
from customers.principal import Principal, Role
from customers.toml_document import read_document

TEXT = Path(tables.__file__).with_name("access.toml").read_text(encoding="utf-8")


def read(text: str) -> Table:
    return read_document(text, "access.toml", Table, InvalidAccessError)


def test_its_roles_are_those_of_a_principal() -> None:
    assert set(table().roles) == set(Role)


def test_a_role_may_what_its_groups_may_and_nothing_else() -> None:
    assert table().may("steward", "write records")
    assert not table().may("seller", "write records")
    assert not table().may("admin", "fly")
    assert table().may_see("analyst", "Query.identityGraph")
    assert not table().may_see("seller", "Query.identityGraph")


def test_what_no_line_names_is_nobodys() -> None:
    assert not table().may_see("admin", "Customer.shoeSize")
    assert not table().may_see("admin", "Secret.id")


def test_what_only_holds_others_together_is_everybodys() -> None:
    assert table().may_see("customer", "InteractionConnection.edges")
    assert table().may_see("customer", "PageInfo.endCursor")


def test_a_field_of_a_connection_that_has_a_line_goes_by_it() -> None:
    assert table().may_see("marketer", "CustomerConnection.totalCount")
    assert not table().may_see("customer", "CustomerConnection.totalCount")


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('search profile identifier" = "staff"', 'search profile identifier" = "stuff"', "stuff"),
        ('name = "clear"', 'name = "clera"', "line 29: sees.customer.name"),
        ("[sees.marketer]", "[sees.intern]", "sees.marketer does not say of: address"),
        (
            '"search profile identifier" = "staff"',
            '"search profile identifier" = "people"',
            "marketer may search and does not see clear: name, contact",
        ),
        ("[shapes]\n", "[shapes]\ncolour = 1\n", "no such setting"),
    ],
)
def test_a_mistake_in_it_is_told(wrong: str, right: str, told: str) -> None:
    assert wrong in TEXT
    with pytest.raises(InvalidAccessError, match=told):
        read(TEXT.replace(wrong, right, 1))


def test_a_principal_is_of_a_role() -> None:
    seller = Principal("sue", Role.SELLER)
    assert seller.may("read customers")
    assert not seller.masks.clear_trait("birthDate")
    assert Principal("developer").masks.clear
