"""When a text is a date of birth, and when two dates are one with a slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.identity.dates import calendar_date, date_slip, is_new_year, of_year, one_part_off

DAYS = st.dates().map(lambda day: day.isoformat())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1980-02-03", "1980-02-03"),
        (" 1980-02-03 ", "1980-02-03"),
        ("1980-2-3", "1980-02-03"),
        ("1980/02/03", "1980-02-03"),
        ("1980-02-03T23:59:59Z", "1980-02-03"),
        ("1980-02-03 23:59", "1980-02-03"),
        ("19800203", "1980-02-03"),
        ("3.2.1980", "1980-02-03"),
        ("03. 02. 1980", "1980-02-03"),
        ("3/2/1980", "1980-02-03"),
        ("3-2-1980", "1980-02-03"),
        ("2/25/1980", "1980-02-25"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, day: str) -> None:
    assert calendar_date(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "2023-02-29", "1980-13-01", "0000-00-00", "13/13/1980", "19801301", "31.4.1980",
        "3.2.80", "80-02-03", "1980", "198002", "1980-02", "3 Feb 1980", "unknown", "", "  ",
    ],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_no_date(written: str) -> None:
    assert calendar_date(written) is None
    assert calendar_date(written, month_first=True) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("3/2/1980", "1980-03-02"),
        ("3-2-1980", "1980-03-02"),
        ("25/2/1980", "1980-02-25"),
        ("3.2.1980", "1980-02-03"),
        ("1980-02-03", "1980-02-03"),
        ("1980/02/03", "1980-02-03"),
    ],
)
def test_where_the_month_comes_first_it_does_so_before_slashes_and_not_before_dots(
    written: str, day: str
) -> None:
    assert calendar_date(written, month_first=True) == day


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1980-02-03", "1980-02-03"),
        ("1980-02-03", "1980-02-04"),
        ("1980-02-03", "1980-02-13"),
        ("1980-02-03", "1981-02-03"),
        ("1980-02-03", "1890-02-03"),
        ("1980-12-03", "1980-21-03"),
        ("1980-02-03", "1980-03-02"),
        ("1980-11-05", "1980-05-11"),
    ],
)
def test_one_digit_or_two_neighbours_or_day_and_month_are_a_slip(one: str, other: str) -> None:
    assert date_slip(one, other)
    assert date_slip(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1980-02-03", "1980-03-04"),
        ("1980-02-03", "1981-02-04"),
        ("1980-02-03", "1981-03-02"),
        ("1980-02-03", "1955-06-07"),
    ],
)
def test_more_than_that_is_another_date(one: str, other: str) -> None:
    assert not date_slip(one, other)
    assert not date_slip(other, one)


@given(DAYS, DAYS)
def test_it_does_not_matter_which_date_comes_first(one: str, other: str) -> None:
    assert date_slip(one, other) == date_slip(other, one)


@given(DAYS)
def test_every_day_of_the_calendar_is_read_as_it_is_written(day: str) -> None:
    assert calendar_date(day) == calendar_date(day, month_first=True) == day
    assert calendar_date(day.replace("-", "")) == day
    assert date_slip(day, day)


def test_a_first_of_january_may_stand_for_a_year() -> None:
    assert is_new_year("1980-01-01")
    assert not is_new_year("1980-11-01")
    assert not is_new_year("1980-01-02")


def test_another_day_of_the_year_that_a_first_of_january_stands_for_is_no_other_date() -> None:
    assert of_year("1980-01-01", "1980-10-20")
    assert of_year("1980-10-20", "1980-01-01")
    assert not of_year("1980-01-01", "1981-10-20")
    assert not of_year("1980-02-01", "1980-10-20")


def test_another_part_of_a_date_may_be_misread_but_not_for_that_of_a_child() -> None:
    assert one_part_off("1966-03-27", "1973-03-27")
    assert one_part_off("1966-03-27", "1966-11-27")
    assert one_part_off("1966-03-27", "1966-03-14")
    assert not one_part_off("1966-03-27", "1989-03-27")
    assert not one_part_off("1966-03-27", "1973-03-14")
    assert not one_part_off("1961-01-01", "1988-01-01")


def test_a_slip_in_a_year_alone_is_none_that_makes_a_child_of_it() -> None:
    assert date_slip("1961-01-01", "1962-01-01")
    assert not date_slip("1961-01-01", "1991-01-01")
    assert date_slip("1961-03-27", "1991-03-27")
