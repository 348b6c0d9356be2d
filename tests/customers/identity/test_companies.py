"""When two companies are one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.companies import LONG_COMPANY, company_of


@pytest.mark.parametrize(
    ("written", "company"),
    [
        ("ACME Inc.", "acme"),
        ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
        ("Smith and Sons", "smith sons"),
        ("Smith & Sons", "smith sons"),
        ("Mercadona, S. A.", "mercadona"),
        ("Ferrari S.p.A.", "ferrari"),
        ("Kowalski Sp. z o.o.", "kowalski"),
        ("J.P. Morgan", "jp morgan"),
        ("J. P. Morgan", "jp morgan"),
        ("O'Brien Foods", "obrien foods"),
        ("Norwick", "norwick"),
        ("3M", "3m"),
        # Suffixes and titles of people are part of a company's name.
        ("Blackstone Fund II", "blackstone fund ii"),
        ("Blackstone Fund III", "blackstone fund iii"),
        ("Dr. Oetker", "dr oetker"),
        ("Inc.", ""),
        ("GmbH", ""),
        ("0", ""),
        ("12 34", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_a_company_is_compared_without_its_legal_form(written: str, company: str) -> None:
    assert company_of(written) == company


def test_a_company_is_no_longer_than_a_key_should_be() -> None:
    assert company_of("ﷺ" * 200) == company_of("ﷺ" * 100)
    assert len(company_of("ﷺ" * 200)) <= LONG_COMPANY


@given(st.text(max_size=40))
def test_a_company_is_words_of_letters_and_digits(text: str) -> None:
    company = company_of(text)
    assert set(company) <= {*string.ascii_lowercase, *string.digits, " "}
    assert company == " ".join(company.split())
