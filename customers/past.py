"""Past: customers as we had them at a recorded time, whatever happened to them since.

Who belonged to whom and which links held is what it was then. What the profiles say of somebody,
and the policy by which that is read, are today's. What was erased since is in no past.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from customers.access.masks import Masks
from customers.customer import Customer, Facets, settled
from customers.errors import ForbiddenError, InvalidInputError
from customers.identifier import identifier
from customers.identity.corrected import Corrected
from customers.identity.policy import Policy
from customers.page import END
from customers.period import period
from customers.profile import profile
from customers.purchase import sighting
from customers.reading import Reading
from customers.stats.worth import Worth
from customers.timeline import Brought
from customers.timeline_filter import EVERYTHING
from customers.times import now_ms, to_ms
from customers.total import totals_of
from customers.traits import golden, loads, shown
from cypher import Row, load

BY_IDS = load("past/by_ids")
BY_IDENTIFIERS = load("past/by_identifiers")
# A customer of then is brought whole, so that every page is cut out of what was read.
WHOLE = Facets(profiles=END, identifiers=END, devices=END)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is asked for (an id, or an identifier's key), and the recorded time."""

    of: str
    as_of: int


def recorded_by(moment: datetime) -> int:
    """The recorded time that a caller asks for, in epoch milliseconds.

    Raises:
        InvalidInputError: it lies in the future, of which nothing is recorded.
    """
    as_of = to_ms(moment)
    if as_of > now_ms():
        raise InvalidInputError("`asOf` lies in the future: nothing is recorded of it.")
    return as_of


def check_now(what: str, as_of: int | None) -> None:
    """Refuse what is not recorded by time.

    Raises:
        InvalidInputError: it is asked for as of a time.
    """
    if as_of is not None:
        raise InvalidInputError(f"`{what}` is only known as it is now: ask without `asOf`.")


async def past_by_ids(
    reading: Reading, wanted: Sequence[Moment], facets: Facets, policy: Policy
) -> list[Customer | None]:
    """Customers as of a time by any id they had then, in the order of `wanted`; else None."""
    found: dict[Moment, Customer] = {}
    for as_of, ids in _by_time(wanted):
        rows = await settled(reading, BY_IDS, ids=ids, **_params(facets, as_of))
        found |= {
            Moment(row["wanted"], as_of): one for row, one in _all(reading, rows, policy, as_of)
        }
    return [found.get(one) for one in wanted]


async def past_by_identifiers(
    reading: Reading, wanted: Sequence[Moment], most: int, facets: Facets, policy: Policy
) -> list[list[Customer]]:
    """The customers that held each identifier as of a time, at most `most` of each."""
    found: dict[Moment, list[Customer]] = defaultdict(list)
    for as_of, keys in _by_time(wanted):
        rows = await settled(
            reading, BY_IDENTIFIERS, keys=keys, most=most, **_params(facets, as_of)
        )
        for row, one in _all(reading, rows, policy, as_of):
            found[Moment(row["wanted"], as_of)].append(one)
    return [sorted(found[one], key=lambda each: each.number) for one in wanted]


def _by_time(wanted: Iterable[Moment]) -> Iterable[tuple[int, list[str]]]:
    times: dict[int, dict[str, None]] = defaultdict(dict)
    for one in wanted:
        times[one.as_of][one.of] = None
    return [(as_of, list(of)) for as_of, of in times.items()]


def _params(facets: Facets, as_of: int) -> Row:
    return {
        "asOf": as_of,
        "identifiers": facets.counts or not facets.selected.isdisjoint(("identifiers", "devices")),
        "timeline": facets.totals or "periods" in facets.selected,
    }


def _all(
    reading: Reading, rows: Iterable[Row], policy: Policy, as_of: int
) -> Iterator[tuple[Row, Customer]]:
    if reading.hidden:
        raise ForbiddenError("This caller may not read the past.")
    for row in rows:
        if row["customer"]["profiles"]:
            yield row, _customer(row, policy, reading.masks, as_of)


def _customer(row: Row, policy: Policy, masks: Masks, as_of: int) -> Customer:
    found = row["customer"]
    members = found["profiles"]
    held = [identifier(one, masks, as_of) for one in found["identifiers"]]
    devices = [one for one in held if one.is_device]
    anchor = next((one for one in members if one["customerId"] == found["id"]), members[0])
    best = golden(
        ((one["source"], loads(one["traits"])) for one in members),
        policy,
        (Corrected.loads(text) for one in members for text in one["corrected"] or ()),
    )
    return Customer(
        id=found["id"],
        number=anchor["number"],
        version=row["after"],
        created_at=found["createdAt"],
        size=len(members),
        traits=shown(orjson.loads(orjson.dumps(best)), masks),
        facets=WHOLE,
        profiles=[profile(one, masks, found["id"], as_of) for one in members],
        identifiers=held,
        devices=devices,
        timelines={EVERYTHING: _timeline(found)},
        totals=totals_of(
            [*(one["totals"] for one in members), *map(_less, found["later"])],
            [sighting(one) for one in found["sightings"]],
        ),
        worth=Worth(),
        identifier_count=len(held),
        device_count=len(devices),
        household=None,
        pending=False,
        as_of=as_of,
    )


def _timeline(found: Row) -> Brought:
    """All days of the customer of then, without what was recorded later."""
    later: dict[str, list[Row]] = defaultdict(list)
    for row in found["later"]:
        later[row["bucket"]].append(row)
    return Brought(
        [period(one).without(later[one["key"]]) for one in found["periods"]],
        [sighting(one) for one in found["sightings"]],
    )


def _less(row: Row) -> str:
    """What was recorded later, as totals to add."""
    amounts = {"count": -row["count"]}
    if row["currency"] is not None and row["amount"]:
        amounts[row["currency"]] = -row["amount"]
    return orjson.dumps({row["type"]: amounts}).decode()
