"""Household: customers of one family name who share an address, a landline or a mailbox."""

from collections.abc import Sequence

from customers.reading import Reading
from cypher import load

MEMBERS = load("customers/household_members")
# A family, and a few more; a house in which more people live is no household.
MOST_MEMBERS = 50


async def household_members(reading: Reading, ids: Sequence[str]) -> list[list[str]]:
    """The ids of the customers of each household, the longest known first."""
    rows = await reading.rows(MEMBERS, ids=sorted(set(ids)), most=MOST_MEMBERS)
    found = {row["household"]: row["customers"] for row in rows}
    return [found.get(one, []) for one in ids]
