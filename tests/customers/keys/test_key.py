"""The text of a key, and what is kept of it."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.keys import key
from customers.keys.key import Key, Kind, hash_of, id_in, new_text, opens, parts
from customers.principal import Role

TEXT, ID, HASH = new_text()
SECRET = TEXT.rpartition("_")[2]
KEY = Key(ID, "till", Kind.SERVER, Role.INGEST, None, 0, 1000, None, None, HASH)


def test_a_text_is_known_by_its_beginning_and_has_256_random_bits() -> None:
    assert re.fullmatch(r"pgk_[2-9b-z]{12}_[A-Za-z0-9]{43}", TEXT)
    assert len(string.ascii_letters + string.digits) ** 43 > 2**256
    assert len({new_text()[0] for _ in range(100)}) == 100


def test_what_is_kept_is_a_hash_and_opens_for_the_secret_alone() -> None:
    assert parts(TEXT) == (ID, SECRET)
    assert hash_of(SECRET) == HASH
    assert SECRET not in HASH
    assert opens(SECRET, KEY)
    assert not opens(SECRET[:-1] + ("a" if SECRET[-1] != "a" else "b"), KEY)
    assert not opens(SECRET, None)


def test_nothing_opens_a_key_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key, "NOBODYS", HASH)
    assert not opens(SECRET, None)


def test_a_key_shows_nothing_of_its_hash() -> None:
    assert HASH not in repr(KEY)


@given(st.text())
def test_what_is_no_text_of_a_key_has_no_parts(text: str) -> None:
    assert parts(text) is None


def test_a_text_with_more_around_it_is_none() -> None:
    for text in (f" {TEXT}", f"{TEXT}\n", TEXT.upper(), TEXT[:-1], TEXT.replace("_", "-")):
        assert parts(text) is None


def test_a_key_is_named_by_its_id_or_any_beginning_of_its_text_from_there_on() -> None:
    for given_ in (ID, f"pgk_{ID}", TEXT, f"pgk_{ID}_", f" {ID}\n"):
        assert id_in(given_) == ID
    for given_ in ("", "pgk_", ID[:-1], f"{ID}x", "pgk_x", SECRET):
        assert id_in(given_) is None


def test_a_key_is_usable_until_its_last_moment() -> None:
    assert [KEY.state(now) for now in (0, 999, 1000, 2000)] == [
        *("usable", "usable", "expired", "expired")
    ]
    revoked = Key(ID, "till", Kind.SERVER, Role.INGEST, None, 0, 1000, 5, None)
    assert {revoked.state(now) for now in (0, 2000)} == {"revoked"}
