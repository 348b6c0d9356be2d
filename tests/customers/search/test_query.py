"""What is looked for, of what somebody types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from customers.errors import InvalidInputError
from customers.identity.policy_document import default_policy
from customers.search.query import LONGEST_TEXT, MOST_WORDS, Word, query_of, slips

POLICY = default_policy()
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


def stems(text: str) -> list[str]:
    return [word.stem or word.digits or "@" + word.domain for word in query_of(text, POLICY).words]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jonh  Smiht", ["jonh", "smiht"]),
        ("Müller, Jörg", ["muller", "jorg"]),
        ("ann.moor73@fam.example", ["ann", "moor", "@fam.example"]),
        ("@fam.example", ["@fam.example"]),
        ("moor +1 (212) 555-0101", ["moor", "12125550101"]),
        ("212.555.0101", ["2125550101"]),
        ("0151/2345678", ["01512345678"]),
        ("A-1001", ["1001"]),
        ("x", []),
        ("  ", []),
        ("!?", []),
    ],
)
def test_a_text_is_words_and_numbers(text: str, found: list[str]) -> None:
    assert stems(text) == found


def test_a_phone_is_looked_for_as_the_policy_writes_it() -> None:
    assert query_of("(212) 555-0101", POLICY).identifiers["phone|+12125550101"] == "(212) 555-0101"


def test_an_id_is_looked_for_in_any_case_and_without_its_sign() -> None:
    assert {"#a1", "a1", "A1"} <= query_of("#a1", POLICY).ids.keys()


def test_placeholders_are_looked_for_as_words_alone() -> None:
    found = query_of("test", POLICY)
    assert (found.identifiers, found.ids) == ({}, {})
    assert [word.stem for word in found.words] == ["test"]


def test_what_may_be_a_domain_is_looked_for_as_one_too() -> None:
    [first, last] = query_of("acme.com", POLICY).words
    assert (first.stem, last.stem, first.domain) == ("acme", "com", "acme.com")
    assert "@acme.com" in first.keys()  # noqa: SIM118 - no dict


def test_a_text_that_nobody_types_is_refused() -> None:
    assert len(query_of("ab " * 66, POLICY).words) == 1
    assert len(query_of(" ".join(f"ab{'c' * n}" for n in range(1, 15)), POLICY).words) == MOST_WORDS
    with pytest.raises(InvalidInputError, match="at most 200 characters, not 201"):
        query_of("a" * (LONGEST_TEXT + 1), POLICY)


def test_short_words_have_no_slips_and_shorter_ones_no_beginnings() -> None:
    assert Word("jon", "jon").mistyped() == set()
    assert "john" in Word("jonh", "jonh").mistyped()
    assert Word("12345", "12345").mistyped() == set()
    assert Word("jo", "jo").beginnings() == set()
    assert Word("jon", "jon").beginnings() == {"jon", "@jon"}


@given(LETTERS)
def test_slips_are_one_letter_or_a_swap_away(word: str) -> None:
    for other in slips(word):
        assert OSA.distance(word, other) == 1


@given(LETTERS, LETTERS)
def test_every_slip_is_found_from_either_side(a: str, b: str) -> None:
    assert (b in slips(a)) == (a in slips(b)) == (OSA.distance(a, b) == 1)


@given(st.text(max_size=LONGEST_TEXT))
def test_any_text_is_a_bounded_query(text: str) -> None:
    found = query_of(text, POLICY)
    assert len(found.words) <= MOST_WORDS
    assert all(word.stem or word.digits or word.domain for word in found.words)
