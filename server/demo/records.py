"""Records of the demo in the import format, and whose each profile is.

FEBRL's originals are the rows of a CRM. Its duplicates, the same people with slips, swapped names,
other birth dates and empty fields, are the accounts of a shop. Between them lie two years of
visits, calls and tickets, and what three data sets have of others: orders of CDs, baskets of a
grocer and its mails, and clicks of visitors who log in late or never. There are traps at known
rates: a family's mailbox, landline and account, a household's tablet, a public kiosk, the number of
a call centre, placeholder e-mails, addresses on the network, recycled numbers, an agent who opens
the wrong file, couples who share all but name and birth date, a web order that is at the till too.
The same seed gives the same records, and more people only add to those of fewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson

from server.demo.accounts import crm_row, family_account, shop_account
from server.demo.calls import calls
from server.demo.datasets import DataSets
from server.demo.homes import Resident, residents
from server.demo.owners import Owners
from server.demo.people import people
from server.demo.sighting import JsonRecord, Profile, Sighting
from server.demo.tickets import tickets
from server.demo.visits import visits

SEED = 1


@dataclass(slots=True)
class Stream:
    """Records by their time, each a line of an import file.

    `truth` is the owner of each profile where that can be told, `families` how many live in the
    home of each owner who goes by one family name with all of that home.
    """

    lines: list[bytes]
    truth: dict[Profile, str]
    families: dict[str, int]

    @property
    def records(self) -> Iterator[JsonRecord]:
        """The records, read again: as lines they take a fifth of the memory."""
        return map(orjson.loads, self.lines)


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
    rows: list[tuple[datetime, Profile, bytes]] = []
    owners = Owners()
    for resident in everybody:
        for one in _life(resident, data, seed):
            # The addition copies: what orjson returns keeps the memory that it was written in.
            rows.append((one.at, one.profile, orjson.dumps(one.record) + b"\n"))
            owners.add(one)
    rows.sort()
    return Stream([line for *_, line in rows], owners.truth(), dict(_families(everybody)))


def _families(everybody: Iterable[Resident]) -> Iterator[tuple[str, int]]:
    homes: dict[int, list[Resident]] = defaultdict(list)
    for resident in everybody:
        homes[resident.home.number].append(resident)
    for members in homes.values():
        if len({one.person.original.surname for one in members}) == 1:
            yield from ((str(one.person.number), len(members)) for one in members)


def _life(resident: Resident, data: DataSets, seed: int) -> Iterator[Sighting]:
    for part in (crm_row, shop_account, family_account, visits, calls, tickets):
        yield from part(resident, seed)
    yield from data.life(resident, seed)
