"""Counts by type and channel, as a text."""

from hypothesis import given
from hypothesis import strategies as st

from customers.kinds import Kind, dumps, loads, needles

# Whatever separates in the text, and what escapes it.
NAMES = st.text("ab;|=%3BéЖ", max_size=4)
KINDS = st.dictionaries(st.tuples(NAMES, NAMES), st.integers(1, 99), max_size=6)


def test_the_text_is_that_of_the_example() -> None:
    kinds = {("page", "web"): 3, ("call", ""): 1}
    assert dumps(kinds) == ";call|=1;page|web=3"
    assert loads(";call|=1;page|web=3") == kinds
    assert loads("") == {}


@given(KINDS)
def test_what_is_written_is_read(kinds: dict[Kind, int]) -> None:
    assert loads(dumps(kinds)) == kinds


@given(
    KINDS,
    st.none() | st.lists(NAMES, max_size=3),
    st.none() | st.lists(NAMES.filter(bool), max_size=3),
)
def test_a_text_has_a_needle_if_and_only_if_it_counts_such_a_kind(
    kinds: dict[Kind, int], types: list[str] | None, channels: list[str] | None
) -> None:
    wanted = needles(types, channels)
    meant = any(
        (types is None or name in types) and (channels is None or channel in channels)
        for name, channel in kinds
    )
    if types is None and channels is None:
        assert wanted is None
    else:
        assert wanted is not None
        assert any(one in dumps(kinds) for one in wanted) == meant
