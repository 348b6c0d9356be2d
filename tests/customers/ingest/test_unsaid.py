"""What a profile no longer says of its holder, although no snapshot or deletion took it back."""

import pytest

from customers.identity.policy import Policy
from cypher import Graph
from tests.conftest import Ingest, Json
from tests.rows import customers, people, resolved_again, said

PHONE = "phone:+12125550101"
THREE = (("Ann", "Gina"), ("Ben", "Hugo"), ("Cara", "Ida"))
GINA = said("z", 3, PHONE, firstName="Gina", lastName="Moor")
SIX = ("Ann", "Ben", "Cara", "Dora", "Emil", "Fritz")
SPELLINGS = (
    "Katarina", "Katharina", "Katrina", "Katarine", "Katarzina", "Katarinna", "Kattarina",
    "Katarrina", "Kataryna", "Catarina", "Catharina", "Katariina", "Katarinaa", "Kaatarina",
    "Katarima", "Katarin",
)  # fmt: skip


def whole_names() -> list[Json]:
    """Three who tell a whole name, and later the names that are theirs."""
    before = [said(f"r{n}", 1, PHONE, name=f"{one} Moor") for n, (one, _) in enumerate(THREE)]
    after = [
        said(f"r{n}", 2, firstName=other, lastName="Moor") for n, (_, other) in enumerate(THREE)
    ]
    return [*before, *after, GINA]


def tills() -> list[Json]:
    """Three whom a till wrote with both names in the field of one."""
    before = [said(f"r{n}", 1, PHONE, lastName=f"Moor, {one}") for n, (one, _) in enumerate(THREE)]
    after = [said(f"r{n}", 2, firstName=other) for n, (_, other) in enumerate(THREE)]
    return [*before, *after, GINA]


def many_names() -> list[Json]:
    """One of more names than are kept."""
    names = enumerate((*SIX, *SPELLINGS))
    rows = [said("a", 1 + n / 100, PHONE, firstName=one, lastName="Moor") for n, one in names]
    return [*rows, said("b", 3, PHONE, firstName="Katarina", lastName="Moor")]


ORDERS = ("one by one", "the other way round", "at once")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("rows", "people_of_it", "joined"),
    [(whole_names(), 3, {"r0", "z"}), (tills(), 3, {"r0", "z"}), (many_names(), 1, {"a", "b"})],
    ids=["whole names", "tills", "many names"],
)
async def test_what_is_told_otherwise_later_counts_nobody(  # noqa: PLR0917 - parameters of a test
    ingest: Ingest,
    graph: Graph,
    policy: Policy,
    order: str,
    rows: list[Json],
    people_of_it: int,
    joined: set[str],
) -> None:
    size = len(rows) if order == ORDERS[2] else 1
    await ingest(rows[::-1] if order == ORDERS[1] else rows, size=size)
    assert await people(graph, PHONE.replace(":", "|", 1)) == (people_of_it, False)
    found = await customers(graph)
    assert {row for row in found if found[row] == found[min(joined)]} == joined
    assert not (await resolved_again(graph, policy)).did_anything


async def test_a_given_name_that_comes_later_leaves_nothing_to_mend(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    await ingest([said("a", 1, PHONE, lastName="Moor"), said("a", 2, firstName="Ann")], size=1)
    assert not (await resolved_again(graph, policy)).identifiers_changed


async def test_what_is_told_besides_is_not_counted_again(
    ingest: Ingest, graph: Graph, policy: Policy
) -> None:
    """Only what is told no longer: the holders of a number need not be read for what is new."""
    await ingest([said("a", 1, PHONE, firstName="Ann"), said("b", 1, PHONE, firstName="Ben")])
    await ingest([said("a", 2, firstName="Anna", lastName="Moor")])
    assert await people(graph, PHONE.replace(":", "|", 1)) == (2, False)
    assert not (await resolved_again(graph, policy)).did_anything
