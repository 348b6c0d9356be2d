"""People: what the data set has, and what is said where it is missing."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from server.demo import people as module
from server.demo.people import DemoDataError, people


def test_everybody_is_there_twice() -> None:
    found = people()
    assert [one.number for one in found] == list(range(5000))
    somebody = found[1070]
    assert (somebody.original.given_name, somebody.original.surname) == ("michaela", "neumann")
    assert (somebody.original.suburb, somebody.original.state) == ("winston hills", "nsw")
    assert somebody.original.date_of_birth == "19151111"
    assert sum(one.original == one.duplicate for one in found) < 1000, "duplicates have mistakes"


@pytest.mark.parametrize("name", ["no_such_package_at_all", "pytest"])
def test_without_the_package_the_error_says_what_to_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: find_spec(name))
    with pytest.raises(DemoDataError, match=re.escape("`make install` brings it")):
        people()


def test_the_package_itself_is_never_imported() -> None:
    root = Path(module.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in root.glob("*.py"))
    assert "import recordlinkage" not in text
    assert "from recordlinkage" not in text
