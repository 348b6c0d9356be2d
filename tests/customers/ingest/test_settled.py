"""What of a file is through, written in any order, and where another import goes on."""

from hypothesis import given
from hypothesis import strategies as st

from customers.ingest.settled import Settled


@st.composite
def files(draw: st.DrawFn) -> list[tuple[int, int]]:
    """The first and the last line of each entry of a file, some lines of which are blank."""
    line, found = 0, []
    for blank, long in draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), max_size=60)):
        found.append((line + blank + 1, line + blank + 1 + long))
        line = found[-1][1]
    return found


@given(files(), st.data())
def test_another_goes_on_with_what_is_left_wherever_it_was_stopped(
    entries: list[tuple[int, int]], data: st.DataObject
) -> None:
    left, settled = [*entries], Settled()
    while left:
        for number, last in left:
            settled.expect(number, last)
        assert settled.read == len(left)
        some = data.draw(st.lists(st.sampled_from(left), unique=True, min_size=1))
        for at, (number, _) in enumerate(some):
            settled.settle(number)
            if at % 3 == 0:
                settled.mark()
        line, beyond = settled.mark()
        settled = Settled(line, beyond)
        left = [one for one in left if one not in some]
        # As a file is begun: what ends by the line is left out, and of the rest what is settled.
        assert [one for one in entries if one[1] > line and one[0] not in settled] == left


def test_what_is_kept_is_a_bit_for_a_line_that_waits_for_an_earlier_one() -> None:
    settled = Settled()
    for line in range(1, 80_002):
        settled.expect(line, line)
    for line in range(2, 80_002):
        settled.settle(line)
    line, beyond = settled.mark()
    assert line == 0
    assert len(beyond) <= 10_001
    settled.settle(1)
    assert settled.mark() == (80_001, settled.mark()[1])
    assert len(settled.mark()[1]) <= 1


def test_what_was_through_is_not_counted_as_read() -> None:
    begun = Settled()
    for line in (1, 2, 3):
        begun.expect(line, line)
    begun.settle(2)
    again = Settled(*begun.mark())
    for line in (1, 2, 3):
        again.expect(line, line)
    assert (begun.read, again.read) == (3, 2)
    again.settle(1)
    assert again.mark()[0] == 2


def test_an_empty_file_is_through_from_the_start() -> None:
    assert Settled().mark() == (0, b"")
    assert Settled(7, b"").mark()[0] == 7
