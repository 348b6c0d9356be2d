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
