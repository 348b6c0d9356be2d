"""When parts of an address are one house, and how much two addresses have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.addresses import (
    addresses_of,
    comparable,
    in_two_places,
    is_house,
    nearness,
    plain_place,
)

ADDRESSES = st.tuples(
    st.sampled_from(["02139", "02138", "10001", "leeds"]),
    st.sampled_from(["5/main", "12/main", "12/mian", "12a/main", "12#4/high", "/"]),
).map("/".join)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("02139", "02139"),
        ("02139-4307", "02139"),
        ("021394307", "02139"),
        (" sw1a 1aa ", "sw1a1aa"),
        ("SW1A1AA", "sw1a1aa"),
        ("São Paulo", "saopaulo"),
        ("Stoke-on-Trent", "stokeontrent"),
        ("D-10115", "10115"),
        ("DE 10115", "10115"),
        ("F-75001", "75001"),
        ("EC1A 1BB", "ec1a1bb"),
        ("-", ""),
    ],
)
def test_a_place_is_compared_without_accents_case_and_blanks(written: str, place: str) -> None:
    assert plain_place(written) == place


@pytest.mark.parametrize(
    ("street", "address"),
    [
        ("12 Main Street", "02139/12/main"),
        ("12 MAIN ST.", "02139/12/main"),
        ("12 N Main St", "02139/12/main"),
        ("12 Maine Ave", "02139/12/main"),
        ("Main Street 12", "02139/12/main"),
        ("12a Main St", "02139/12a/main"),
        ("12 Main St, Apt 4", "02139/12#4/main"),
        ("12 Main St #4", "02139/12#4/main"),
        ("12 Main St Unit B", "02139/12#b/main"),
        ("Hauptstraße 12", "02139/12/haup"),
        ("Hauptstr. 12", "02139/12/haup"),
        ("Mühlgasse 12", "02139/12/muhl"),
        ("Muehlgasse 12", "02139/12/muhl"),
        ("Hauptstr 12", "02139/12/haup"),
        ("12 rue de la Paix", "02139/12/paix"),
        ("12 rue de l'Église", "02139/12/egli"),
        ("12 r. de l'Eglise", "02139/12/egli"),
        ("ul. Krótka 12", "02139/12/krot"),
        ("Krótka 12", "02139/12/krot"),
        ("Krótka 12/4", "02139/12#4/krot"),
        ("Krótka 12 m. 4", "02139/12#4/krot"),
        ("Calle Ancha, nº 12, 2º C", "02139/12/anch"),
        ("C/ Ancha 12", "02139/12/anch"),
        ("C. Ancha n.º12", "02139/12/anch"),
        ("C/ Sol 12 2º C", "02139/12/sol"),
        ("Rua das Flores, 12, apto 4", "02139/12#4/flor"),
        ("R DAS FLORES 12", "02139/12/flor"),
        ("Corso Italia n. 12", "02139/12/cors"),
        ("House No. 12, MG Road", "02139/12/mg"),
        ("Flat 4, Park Street, No 12", "02139/12#4/park"),
        ("12 Main St No 4", "02139/12#4/main"),
        ("12-14 High Street", "02139/12-14/high"),
        ("Straße des 17. Juni 12", "02139/12/17ju"),
        ("1st Floor, 12 Main St", "02139/12/main"),
        ("12 North Street", "02139/12/nort"),
        ("12 West St", "02139/12/west"),
        ("12 C St NW", "02139/12/c"),
        ("Avenue C 12", "02139/12/c"),
        ("Avenue D 12", "02139/12/d"),
        ("12 Oak Ln", "02139/12/oak"),
        ("4/12 Main St", "02139/12#4/main"),
        ("Flat 4, 12 Main St", "02139/12#4/main"),
        ("12 Fifth Ave", "02139/12/5th"),
        ("12 5th Avenue", "02139/12/5th"),
        ("12 Saint Charles Ave", "02139/12/char"),
        ("12 St. Charles Ave", "02139/12/char"),
        ("12 Mt. Vernon St", "02139/12/vern"),
        ("12 Mount Vernon St", "02139/12/vern"),
    ],
)
def test_a_street_is_its_house_number_with_the_unit_and_the_beginning_of_its_name(
    street: str, address: str
) -> None:
    assert addresses_of({"street": street, "postalCode": "02139"}) == [address]


def test_the_unit_may_stand_in_a_line_of_its_own() -> None:
    parts = {"street": "12 Main St", "postalCode": "02139"}
    assert addresses_of(parts | {"address2": "Apt 4"}) == ["02139/12#4/main"]
    assert addresses_of(parts | {"address2": ""}) == ["02139/12/main"]


def test_the_city_does_where_there_is_no_postal_code() -> None:
    street = {"street": "12 Main St"}
    assert addresses_of(street | {"city": "Leeds"}) == ["leeds/12/main"]
    assert addresses_of(street | {"city": "Leeds", "postalCode": ""}) == ["leeds/12/main"]
    assert addresses_of(street | {"city": "Leeds", "postalCode": "n/a"}) == ["na/12/main"]


def test_a_house_with_a_code_has_a_second_address_in_its_city() -> None:
    house = {"street": "12 Main St", "city": "Leeds", "postalCode": "LS1 4AP"}
    assert addresses_of(house) == ["ls14ap/12/main", "leeds/12/main"]
    assert addresses_of(house | {"street": "Main St"}) == ["ls14ap//"]


def test_a_house_in_one_city_is_two_where_its_codes_differ() -> None:
    one = ["10827/5/haup", "berlin/5/haup"]
    other = ["13158/5/haup", "berlin/5/haup"]
    assert in_two_places("berlin/5/haup", one, other)
    assert not in_two_places("berlin/5/haup", one, ["berlin/5/haup"])
    assert not in_two_places("berlin/5/haup", one, [*other, "10827/5/haup"])
    assert not in_two_places("berlin/5/haup", one, ["80331/9/mari", "berlin/5/haup"])
    assert not in_two_places("10827/5/haup", one, other)


def test_addresses_with_a_code_are_compared_with_such() -> None:
    both, city = frozenset({"10827/5/haup", "berlin/5/haup"}), frozenset({"berlin/7/oran"})
    assert comparable(both, frozenset({"10829/7/oran", "berlin/7/oran"})) == (
        frozenset({"10827/5/haup"}),
        frozenset({"10829/7/oran"}),
    )
    assert comparable(both, city) == (both, city)


@pytest.mark.parametrize(
    "parts",
    [
        {"postalCode": "02139", "city": "Cambridge"},
        {"street": "Main St", "postalCode": "02139"},
        {"street": "12", "postalCode": "02139"},
        {"street": "12 Street", "postalCode": "02139"},
        {"street": "PO Box", "postalCode": "02139"},
    ],
)
def test_what_is_not_one_house_is_a_place_alone(parts: dict[str, str]) -> None:
    assert addresses_of(parts) == ["02139//"]


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"street": "12 Main St"},
        {"street": "12 Main St", "address2": "Apt 4"},
        {"street": "12 Main St", "postalCode": "--", "city": ""},
    ],
)
def test_without_a_place_there_is_no_address(parts: dict[str, str]) -> None:
    assert addresses_of(parts) == []


def test_a_house_is_more_than_a_place() -> None:
    assert is_house("02139/12/main")
    assert not is_house("02139//")


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("02139/12/main", "02139/12/main", 1),
        ("02139/12/main", "02139/12/mian", 0.6),
        ("02139/12/main", "02139/12/man", 0.6),
        ("02139/12/main", "02138/12/main", 0.6),
        ("02139/12/main", "0213/12/main", 0.6),
        ("02139/12/main", "02139/13/main", 0.5),
        ("02139/12/main", "02139/12a/main", 0.5),
        ("02139/12#4/main", "02139/12#5/main", 0.5),
        ("02139/12#4/main", "02139/12/main", 0.9),
        ("02139/12#4/main", "02139/12/mian", 0.5),
        ("02139/12#4/main", "02138/12/main", 0),
        ("02139/12#4/main", "02139/13/main", 0.5),
        ("02139/12/main", "02139/12/oak", 0.5),
        ("02139/12/main", "02139//", 0.5),
        ("02139//", "02139//", 0.5),
        ("02139/12/main", "10001/12/main", 0),
        ("02139/12/main", "02138/12/mian", 0),
        ("02139/12/main", "02138/13/main", 0),
        ("02139//", "02138//", 0),
    ],
)
def test_a_house_is_one_with_a_slip_and_a_place_is_half_of_it(
    one: str, other: str, common: float
) -> None:
    assert nearness(one, other) == nearness(other, one) == common


@given(ADDRESSES, ADDRESSES)
def test_it_does_not_matter_which_address_comes_first(one: str, other: str) -> None:
    assert nearness(one, other) == nearness(other, one)
    assert nearness(one, one) == (1 if is_house(one) else 0.5)


@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_written_is_an_address_of_three_parts_or_none(
    street: str, code: str, city: str
) -> None:
    for address in addresses_of({"street": street, "postalCode": code, "city": city}):
        place, *house = address.split("/")
        assert place
        assert len(house) == 2
        assert all(house) == is_house(address)
        assert any(house) == is_house(address)
