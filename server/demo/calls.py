"""Calls to the support, each a ticket of its own."""

from collections.abc import Iterator

from server.demo import contacts, phones
from server.demo.accounts import birth_date
from server.demo.chance import chance
from server.demo.days import some_time
from server.demo.homes import Resident
from server.demo.sighting import Sighting, record

CENTRE_RATE = 0.1  # the number shown is the call centre's own
LANDLINE_RATE = 0.3
FILE_RATE = 0.7  # the agent opens the caller's file ...
WRONG_FILE_RATE = 0.01  # ... and of these so many times somebody else's
_CALLS, _CALL_WEIGHTS = (0, 1, 2, 3), (55, 30, 10, 5)
_TOPICS = ("delivery", "return", "payment", "product", "loyalty card")


def calls(resident: Resident, seed: int) -> Iterator[Sighting]:
    """Who calls says name and birth date."""
    draw = chance(seed, "calls", resident.position)
    for turn in range(draw.choices(_CALLS, _CALL_WEIGHTS)[0]):
        at = some_time(draw)
        phone = contacts.number(resident, at, draw, LANDLINE_RATE)
        caller = phones.CALL_CENTRE if draw.random() < CENTRE_RATE else phone
        identifiers = [("phone", phones.written(caller, draw))]
        if draw.random() < FILE_RATE:
            identifiers.append(("crmId", _opened_file(resident, draw.random(), draw.random())))
        ticket = f"T{resident.position:06d}-{turn}"
        topic = draw.choice(_TOPICS)
        interaction = {
            "id": ticket,
            "type": "call",
            "name": "Support Call",
            "channel": "phone",
            "properties": {"topic": topic, "minutes": draw.randrange(2, 30)},
        }
        traits = contacts.name(resident, draw)
        if born := birth_date(resident.person.original.date_of_birth):
            traits["birthDate"] = born
        call = record("call", ticket, at, identifiers, traits=traits, interaction=interaction)
        yield Sighting(at, call, str(resident.person.number))


def _opened_file(resident: Resident, chance_of_error: float, which: float) -> str:
    """The caller's customer number, seldom that of somebody who was there before."""
    wrong = chance_of_error < WRONG_FILE_RATE and resident.position > 0
    position = int(which * resident.position) if wrong else resident.position
    return f"C{position:06d}"
