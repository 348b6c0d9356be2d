"""What one profile and one interaction is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.ingest.keys import (
    LONGEST_KEY_BYTES,
    digest,
    escaped,
    interaction_key,
    profile_key,
)

TEXT = st.text("ab|%~", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("source", "source_id", "key"),
    [
        ("crm", "a1", "crm|a1"),
        ("cr|m", "a|1", "cr%7Cm|a%7C1"),
        ("50%", "%7C", "50%25|%257C"),
        ("~t", "~1", "%7Et|%7E1"),
        ("a~b", "c~", "a~b|c~"),
        ("crm ü", "日本", "crm ü|日本"),
    ],
)
def test_a_profile_is_its_source_and_its_id_there(source: str, source_id: str, key: str) -> None:
    assert profile_key(source, source_id, ["email|a@x.org"]) == (key, source_id)


@given(st.tuples(TEXT, TEXT), st.tuples(TEXT, TEXT))
def test_two_profiles_never_have_one_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    keys = profile_key(*one, [])[0], profile_key(*other, [])[0]
    assert (keys[0] == keys[1]) == (one == other)
    assert not keys[0].startswith("~")


def test_a_profile_without_an_id_is_known_by_its_identifiers_in_any_order() -> None:
    key, source_id = profile_key("web", None, ["email|a", "phone|b"])
    assert (key, source_id) == profile_key("web", None, ["phone|b", "email|a"])
    assert key == f"~h|web|{source_id[1:]}"
    assert source_id == "~" + digest("email|a", "phone|b")
    assert profile_key("web", None, ["email|a"]) != (key, source_id)
    assert profile_key("app", None, ["email|a", "phone|b"])[0] != key


def test_a_long_key_is_a_hash_of_both_parts() -> None:
    longest = "x" * (LONGEST_KEY_BYTES - len("crm|"))
    assert profile_key("crm", longest, [])[0] == f"crm|{longest}"
    key, source_id = profile_key("crm", longest + "x", [])
    assert key == f"~l|{digest('crm', longest + 'x')}"
    assert source_id == longest + "x"


def test_length_is_counted_in_bytes_after_escaping() -> None:
    assert profile_key("s", "|" * 340, [])[0] == "s|" + "%7C" * 340
    assert profile_key("s", "|" * 341, [])[0].startswith("~l|")
    assert profile_key("s", "ü" * 512, [])[0].startswith("~l|")


def test_an_interaction_is_its_source_and_its_id_there() -> None:
    assert interaction_key("web", "m|1", "described") == "web|m%7C1"
    assert interaction_key("web", "~1") == "web|%7E1"
    assert interaction_key("web", "x" * 2000) == f"~l|{digest('web', 'x' * 2000)}"


def test_an_interaction_without_an_id_is_what_describes_it() -> None:
    key = interaction_key("web", None, "profile", "1", "track")
    assert key == f"~h|{digest('web', 'profile', '1', 'track')}"
    assert interaction_key("web", None, "profile", "2", "track") != key


@given(st.lists(TEXT, max_size=4), st.lists(TEXT, max_size=4))
def test_a_digest_is_of_the_list_and_not_of_the_text(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


@given(TEXT)
def test_an_escaped_part_has_no_separator(part: str) -> None:
    assert "|" not in escaped(part)
    assert not escaped(part).startswith("~")
