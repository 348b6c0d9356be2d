"""Versions of installed packages."""

from importlib.metadata import PackageNotFoundError, version


def installed(package: str) -> str:
    """The version of a package; a checkout that was never installed has none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"
