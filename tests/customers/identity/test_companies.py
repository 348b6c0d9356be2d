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
        ("Mueller und Soehne GmbH", "muller sohne"),
        ("Smith and Sons", "smith sons"),
        ("ＡＣＭＥ", "acme"),
        ("Infosys Private Limited", "infosys"),
        ("The Boeing Company", "boing"),
        ("SARL Dupont", "dupont"),
        ("Cemex, S.A.B. de C.V.", "cemex sab de"),
        ("Serenity Spa", "serenity spa"),
        ("Cafe Z", "cafe z"),
        ("J.Crew", "j crew"),
        ("Student/in", "studentin"),
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
        ("Dr. Oetker", "dr otker"),
        ("Dr.Oetker", "dr otker"),
        ("Inc.", ""),
        ("GmbH", ""),
        ("0", ""),
        ("a", ""),
        ("aaa", ""),
        ("12 34", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_a_company_is_compared_without_its_legal_form(written: str, company: str) -> None:
    assert company_of(written) == company


def test_a_company_is_no_longer_than_a_key_should_be() -> None:
    long = "University of " * 10
    assert len(company_of(long)) <= LONG_COMPANY
    assert company_of(f"{long} Aachen") != company_of(f"{long} Bonn")
    assert company_of(f"{long} Bonn") == company_of(f"{long} BONN")
    assert company_of("a" * 99 + " b") == company_of("a" * 99 + "  B") != company_of("a" * 99)


@given(st.text(max_size=40))
def test_a_company_is_words_of_letters_and_digits(text: str) -> None:
    company = company_of(text)
    assert set(company) <= {*string.ascii_lowercase, *string.digits, " "}
    assert company == " ".join(company.split())
