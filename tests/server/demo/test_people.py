"""People: what the data set has."""

from server.demo.people import people


def test_everybody_is_there_twice() -> None:
    found = people()
    assert [one.number for one in found] == list(range(5000))
    somebody = found[1070]
    assert (somebody.original.given_name, somebody.original.surname) == ("michaela", "neumann")
    assert (somebody.original.suburb, somebody.original.state) == ("winston hills", "nsw")
    assert somebody.original.date_of_birth == "19151111"
    assert sum(one.original == one.duplicate for one in found) < 1000, "duplicates have mistakes"


def test_names_are_swapped_and_misspelt() -> None:
    both = [(one.original, one.duplicate) for one in people()]
    swapped = sum(
        (one.given_name, one.surname) == (other.surname, other.given_name) for one, other in both
    )
    misspelt = sum(
        one.given_name == other.given_name and one.surname != other.surname for one, other in both
    )
    assert (swapped, misspelt) == (212, 963)
