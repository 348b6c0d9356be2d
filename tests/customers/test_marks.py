"""Texts whose normalisation would take for ever."""

import pytest

from customers.marks import MOST_MARKS, too_many_marks


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ann",
        "Zoë",
        "Ann" + "\u0301" * MOST_MARKS,
        ("e" + "\u0301\u0316" * 15) * 1_000,
        "ไทยกุ้ง",
        "한국",
    ],
)
def test_what_people_write_is_normalised(text: str) -> None:
    assert not too_many_marks(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301" * (MOST_MARKS + 1),
        "\u0316" * (MOST_MARKS + 1),
        "Ann " + "\u0301\u0316" * 20 + " Moor",
        # One letter that is two marks once it is taken apart, and is none itself.
        "a" + "\u0f73" * 16,
        "é" + "\u0301" * MOST_MARKS,
    ],
)
def test_a_letter_has_no_more_marks_than_any_language_gives_it(text: str) -> None:
    assert too_many_marks(text)
