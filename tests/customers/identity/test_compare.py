"""When two names, or two dates, are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.compare import calendar_date, near, people_named, plain, slip

NAMES = st.text("abeno", max_size=7)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("  Ann\t MARIE ", "ann marie"),
        ("ＡＮＮ", "ann"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁona", "fiona"),
        ("  ", ""),
    ],
)
def test_text_is_compared_without_case_width_and_spaces(written: str, compared: str) -> None:
    assert plain(written) == compared


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1980-02-03", "1980-02-03"),
        (" 1980-02-03 ", "1980-02-03"),
        ("1980-02-03T23:59:59Z", "1980-02-03"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None),
        ("1980-13-01", None),
        ("0000-00-00", None),
        ("3.2.1980", None),
        ("", None),
    ],
)
def test_a_date_is_a_day_of_the_calendar(written: str, day: str | None) -> None:
    assert calendar_date(written) == day


@pytest.mark.parametrize(
    ("one", "other"),
    [("ann", "ann"), ("ann", "an"), ("ann", "anne"), ("ann", "amn"), ("ann", "nan"), ("", "a")],
)
def test_one_letter_or_two_neighbours_swapped_are_a_slip(one: str, other: str) -> None:
    assert slip(one, other)
    assert slip(other, one)


@pytest.mark.parametrize(("one", "other"), [("ann", "a"), ("anna", "nnaa"), ("ann", "ben")])
def test_more_than_that_is_none(one: str, other: str) -> None:
    assert not slip(one, other)
    assert not slip(other, one)


def test_a_slip_in_a_long_name_is_the_same_name_and_in_a_short_one_another() -> None:
    assert near("smith", "smiht")
    assert near("johansson", "johanson")
    assert not near("ann", "amn")
    assert not near("anna", "anne")
    assert near("ann", "ann")


def test_long_names_are_one_from_a_likeness_of_eighty_eight_in_a_hundred() -> None:
    assert near("katherine", "kathleen")  # .902
    assert not near("stephan", "stefano")  # .867
    assert not near("christine", "catherine")


def test_names_within_a_slip_of_each_other_are_one_person() -> None:
    assert people_named(frozenset()) == 0
    assert people_named(frozenset({"ann"})) == 1
    assert people_named(frozenset({"anna", "ann", "anne"})) == 1
    assert people_named(frozenset({"ann", "ben"})) == 2
    assert people_named(frozenset({"katherine", "katharina", "ben", "bem", "zoe"})) == 3


@given(NAMES, NAMES)
def test_it_does_not_matter_which_comes_first(one: str, other: str) -> None:
    assert slip(one, other) == slip(other, one)
    assert near(one, other) == near(other, one)


@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    assert slip(name, name)
    assert near(name, name)


@given(st.text(max_size=20))
def test_comparing_twice_is_comparing_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.frozensets(NAMES, min_size=1, max_size=8))
def test_a_set_of_names_is_at_least_one_person_and_at_most_one_a_name(
    names: frozenset[str],
) -> None:
    assert 1 <= people_named(names) <= len(names)
