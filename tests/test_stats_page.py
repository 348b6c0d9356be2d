"""The table of RFM names in docs/stats.md is the one that is in force."""

from customers.stats.names import GRID
from tests.pages import Page


def test_the_names_are_those_of_the_table() -> None:
    table = Page.of("stats.md").rows("## RFM")
    rows = [[cell.strip("` ") for cell in row] for row in table]
    ours = [[str(n), *(one.name for one in GRID[n - 1])] for n in (5, 4, 3, 2, 1)]
    assert rows == ours
