"""Packages: the data sets of the demo come in Python packages, of which nothing is imported."""

from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from cypher import ProfileGraphError


class DemoDataError(ProfileGraphError):
    """A data set of the demo is not there; the text says how to get it."""

    code: ClassVar[str] = "DEMO_DATA_MISSING"


def data_file(package: str, *path: str) -> Path:
    """A file that a package brings.

    Raises:
        DemoDataError
    """
    found = find_spec(package)
    for place in (found.submodule_search_locations or ()) if found else ():
        file = Path(place).joinpath(*path)
        if file.is_file():
            return file
    raise DemoDataError(
        f"The demo reads {path[-1]} of the package {package}, which is not installed: "
        "`make install` brings it."
    )
