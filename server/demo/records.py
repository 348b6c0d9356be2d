"""Records of the demo in the import format, and whose each profile is.

FEBRL's originals are the rows of a CRM. Its duplicates, the same people with slips, swapped names,
other birth dates and empty fields, are the accounts of a shop. Between them lie two years of
visits, orders and calls, with traps at known rates: a family's mailbox and landline, a household's
tablet, a public kiosk, the number of a call centre, placeholder e-mails, addresses on the network,
recycled numbers, an agent who opens the wrong file, couples who share all but name and birth date.
The same seed gives the same records, and more people only add to those of fewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from server.demo.accounts import crm_row, family_account, shop_account
from server.demo.calls import calls
from server.demo.datasets import DataSets
from server.demo.homes import Resident, residents
from server.demo.people import people
from server.demo.sighting import JsonRecord, Sighting
from server.demo.tickets import tickets
from server.demo.visits import visits

SEED = 1


@dataclass(slots=True)
class Stream:
    """Records by their time, and the owner of each profile where that can be told."""

    records: list[JsonRecord] = field(default_factory=list)
    truth: dict[tuple[str, str], str] = field(default_factory=dict)


def stream(count: int, seed: int = SEED) -> Stream:
    """The records of `count` people.

    Raises:
        DemoDataError
    """
    return stream_of(residents(people(), seed)[:count], seed)


def stream_of(found: Iterable[Resident], seed: int = SEED) -> Stream:
    """The records of these people."""
    everybody = list(found)
    data = DataSets.of({resident.position for resident in everybody})
    seen = [one for resident in everybody for one in _life(resident, data, seed)]
    seen.sort(key=lambda one: (one.at, one.profile, one.record.get("interaction", {}).get("id")))
    return Stream([one.record for one in seen], dict(_owners(seen)))


def _life(resident: Resident, data: DataSets, seed: int) -> Iterator[Sighting]:
    for part in (crm_row, shop_account, family_account, visits, calls, tickets):
        yield from part(resident, seed)
    yield from data.life(resident, seed)


def _owners(seen: Iterable[Sighting]) -> Iterator[tuple[tuple[str, str], str]]:
    """Owners by profile.

    Anonymous use of a shared thing is nobody's, and its owner is the thing. Where fewer than two
    people log in on it nobody could tell, and it is left out.
    """
    users: dict[str, set[str]] = defaultdict(set)
    for one in seen:
        if one.shared_thing and not one.nobodys:
            users[one.shared_thing].add(one.owner)
    for one in seen:
        if not one.nobodys or len(users[one.owner]) > 1:
            yield one.profile, one.owner
