"""Results as a table of plain text."""

from collections.abc import Iterable

from tests.evaluation.result import Result

HEAD = ("data set", "profiles", "persons", "precision", "recall", "ceiling", "F1", "wrong/1000",
        "wrong", "split", "exact", "seconds")  # fmt: skip
WIDTHS = (20, 8, 7, 9, 7, 7, 7, 10, 6, 6, 6, 7)


def heading() -> str:
    """The names of the columns."""
    return _line(HEAD)


def line(result: Result) -> str:
    """One result."""
    ceiling = "" if result.ceiling is None else f"{result.ceiling:.4f}"
    return _line(
        (
            result.name,
            f"{result.profiles:.0f}",
            f"{result.persons:.0f}",
            f"{result.precision:.4f}",
            f"{result.recall:.4f}",
            ceiling,
            f"{result.f1:.4f}",
            f"{result.wrong_per_thousand:.2f}",
            _count(result.wrong),
            _count(result.split),
            _count(result.exact),
            f"{result.seconds:.1f}",
        )
    )


def _count(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _line(cells: Iterable[str]) -> str:
    first, *others = zip(cells, WIDTHS, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
