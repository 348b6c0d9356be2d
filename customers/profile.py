"""Profile: what one source knows of somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from customers import traits
from customers.access.masks import Masks
from customers.identifier import Identifier, identifier
from customers.ids import own_customer_id, profile_id
from customers.ingest.keys import known_key
from customers.page import END, Page, PageWanted
from customers.reading import Reading
from cypher import Row, load

BY_KEYS = load("profiles/by_keys")
BY_IDS = load("profiles/by_ids")
IDENTIFIERS = load("profiles/identifiers")
HOLDERS_PAGE = load("identity/holders_page")
# A profile is one source's record of somebody; more identifiers than this are no person's.
MOST_IDENTIFIERS = 200


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile; `traits` has the newest value of each. Times in epoch milliseconds.

    `as_of` is the recorded time at which it belonged to `customer`; None is now.
    """

    id: str
    number: int
    source: str
    source_id: str
    first_seen: int
    last_seen: int
    since: int
    traits: Mapping[str, Any]
    customer: str | None = None
    as_of: int | None = None

    @property
    def own_customer_id(self) -> str:
        """The id that its customer would have if this profile were its anchor."""
        return own_customer_id(self.id)


def profile(
    row: Row, masks: Masks, customer: str | None = None, as_of: int | None = None
) -> Profile:
    """A profile out of a row of any statement that shows profiles."""
    return Profile(
        id=profile_id(row["customerId"]),
        number=row["number"],
        source=row["source"],
        source_id=masks.source_id(row["sourceId"]),
        first_seen=row["firstSeen"],
        last_seen=row["lastSeen"],
        since=row["since"],
        traits=masks.traits_of(
            {
                name: orjson.loads(values[0][0])
                for name, values in traits.loads(row["traits"]).items()
            }
        ),
        customer=customer or row.get("customer"),
        as_of=as_of,
    )


async def profiles_by_source_ids(
    reading: Reading,
    wanted: Sequence[tuple[str, str]],
) -> list[Profile | None]:
    """The profiles of `(source, sourceId)` pairs, in their order; None where there is none.

    Raises:
        MaskedError: an id stands for identifiers that the caller does not see as they are.
    """
    for _, source_id in wanted:
        reading.principal.check_source_id(source_id)
    return await profiles_by_keys(reading, [known_key(*one) for one in wanted])


async def profiles_by_keys(reading: Reading, keys: Sequence[str]) -> list[Profile | None]:
    """The profiles of these keys, in their order; None where there is none."""
    rows = await reading.rows(BY_KEYS, keys=sorted(set(keys)))
    reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
    found = {row["wanted"]: profile(row, reading.masks) for row in rows}
    return [found.get(key) for key in keys]


async def profiles_by_ids(reading: Reading, ids: Sequence[str]) -> list[Profile | None]:
    """Profiles in the order of `ids`; None where there is none."""
    wanted = [own_customer_id(one) for one in ids]
    rows = await reading.rows(BY_IDS, ids=wanted)
    reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
    found = {row["customerId"]: profile(row, reading.masks) for row in rows}
    return [found.get(one) for one in wanted]


async def identifiers_of_profiles(
    reading: Reading, wanted: Sequence[tuple[str, int | None]]
) -> list[list[Identifier]]:
    """The identifiers that each profile's records named: by its own customer id, as of a time."""
    pages = [
        {"place": place, "id": one, "asOf": END if as_of is None else as_of}
        for place, (one, as_of) in enumerate(wanted)
    ]
    rows = await reading.rows(IDENTIFIERS, pages=pages, first=MOST_IDENTIFIERS)
    found = {
        row["page"]: [
            identifier(one, reading.masks, wanted[row["page"]][1]) for one in row["found"]
        ]
        for row in rows
    }
    return [found.get(place, []) for place in range(len(wanted))]


async def holder_pages(
    reading: Reading,
    wanted: Sequence[PageWanted],
) -> list[Page[Profile]]:
    """Further profiles that hold an identifier, by number; the position is `(number,)`."""
    pages = [
        {"place": place, "identifier": one.of, "after": one.position[0] if one.position else 0}
        for place, one in enumerate(wanted)
    ]
    first = max(one.first for one in wanted)
    rows = await reading.rows(HOLDERS_PAGE, pages=pages, first=first + 1)
    reading.versions.saw_read(
        (one["customer"], one["version"]) for row in rows for one in row["found"]
    )
    found = {row["page"]: [profile(one, reading.masks) for one in row["found"]] for row in rows}
    return [
        Page.of(found.get(place, []), one.first, after=bool(one.position))
        for place, one in enumerate(wanted)
    ]
