"""Amounts of money as integers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.money import exponent, to_major, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.5", "EUR", 1250),
        ("0.07", "USD", 7),
        ("-3.10", "GBP", -310),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("0.0001", "CLF", 1),
        ("0.125", "EUR", 12),
        ("0.135", "EUR", 14),
        ("99999999999.99", "EUR", 9999999999999),
    ],
)
def test_an_amount_is_minor_units_rounded_half_to_even(
    amount: str, currency: str, minor: int
) -> None:
    assert to_minor(Decimal(amount), currency) == minor


def test_minor_units_are_written_as_people_write_them() -> None:
    assert str(to_major(1250, "EUR")) == "12.50"
    assert str(to_major(1200, "JPY")) == "1200"
    assert str(to_major(-5, "TND")) == "-0.005"


def test_a_currency_that_is_not_listed_has_hundredths() -> None:
    known = ("EUR", "XYZ", "JPY", "BHD", "UYW")
    assert [exponent(currency) for currency in known] == [2, 2, 0, 3, 4]


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_comes_back_as_it_went(minor: int, currency: str) -> None:
    assert to_minor(to_major(minor, currency), currency) == minor
