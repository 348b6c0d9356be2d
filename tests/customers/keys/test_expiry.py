"""When a key ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.errors import InvalidInputError
from customers.keys.expiry import expiry
from customers.keys.key import Kind
from customers.keys.keys import usual_expiry
from customers.times import DAY_MS, to_datetime

NOW = 1_780_000_000_000


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("never", None),
        ("90d", NOW + 90 * DAY_MS),
        ("12h", NOW + DAY_MS // 2),
        ("4w", NOW + 28 * DAY_MS),
        ("2027-01-31", 1_801_353_600_000),
        ("2027-01-31T01:00:00+01:00", 1_801_353_600_000),
    ],
)
def test_an_end_is_a_time_from_now_or_a_date(text: str, end: int | None) -> None:
    assert expiry(text, NOW) == end


@pytest.mark.parametrize("text", ["", "soon", "90", "-1d", "1.5d", "2027-13-01", "999999d"])
def test_what_is_no_end_is_refused_with_what_is_one(text: str) -> None:
    with pytest.raises(InvalidInputError, match="write 90d, 12h, 4w, a date such as"):
        expiry(text, NOW)


@pytest.mark.parametrize("text", ["0d", "2020-01-01"])
def test_what_is_past_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is past"):
        expiry(text, NOW)


@given(st.integers(1, 10**12))
def test_any_later_moment_is_an_end(ahead: int) -> None:
    assert expiry(to_datetime(NOW + ahead).isoformat(), NOW) == NOW + ahead


def test_a_server_key_ends_after_a_year_and_a_write_key_never() -> None:
    assert usual_expiry(Kind.SERVER, NOW) == NOW + 365 * DAY_MS
    assert usual_expiry(Kind.WRITE, NOW) is None
