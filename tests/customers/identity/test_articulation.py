"""Identifiers without which profiles would fall apart, against taking each one away."""

from hypothesis import given
from hypothesis import strategies as st

from customers.identity.articulation import articulations

LINKS = st.sets(st.tuples(st.integers(0, 7), st.sampled_from("abcdefg")), max_size=16)


def pieces(links: set[tuple[int, str]], profiles: set[int]) -> list[set[int]]:
    """The profiles that reach each other."""
    found: list[set[int]] = [{one} for one in sorted(profiles)]
    for identifier in {key for _, key in links}:
        holders = {profile for profile, key in links if key == identifier}
        touched = [one for one in found if one & holders]
        found = [one for one in found if not one & holders] + [set().union(*touched)]
    return found


@given(LINKS)
def test_an_identifier_is_named_with_the_parts_that_there_would_be_without_it(
    links: set[tuple[int, str]],
) -> None:
    profiles = {profile for profile, _ in links}
    expected = {}
    for identifier in {key for _, key in links}:
        left = {one for one in links if one[1] != identifier}
        [whole] = [
            one
            for one in pieces(links, profiles)
            if any((profile, identifier) in links for profile in one)
        ]
        parts = [len(one) for one in pieces(left, profiles) if one <= whole]
        if len(parts) > 1:
            expected[identifier] = sorted(parts, reverse=True)
    assert articulations(links) == expected


def test_a_chain_of_ten_thousand_profiles_is_no_deep_recursion() -> None:
    chain = [(n + side, f"{n:05}") for n in range(9_999) for side in (0, 1)]
    found = articulations(chain)
    assert len(found) == 9_999
    assert found["00000"] == [9_999, 1]
    assert found["04999"] == [5_000, 5_000]
