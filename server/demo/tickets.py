"""Tickets: what people write to the support, and when that was settled, if it was."""

from collections.abc import Iterator
from datetime import timedelta

from server.demo import contacts
from server.demo.chance import chance
from server.demo.days import END, some_time
from server.demo.homes import Resident
from server.demo.sighting import Sighting, record

LEFT_OPEN_RATE = 0.15
FILE_RATE = 0.5  # who is logged in gives the customer number along
_TICKETS, _TICKET_WEIGHTS = (0, 1, 2), (60, 30, 10)
_TOPICS = ("damaged goods", "late delivery", "wrong invoice", "refund", "login")
_SEVERITIES, _SEVERITY_WEIGHTS = ("low", "normal", "high", "urgent"), (30, 45, 18, 7)
_CHANNELS = ("email", "chat")


def tickets(resident: Resident, seed: int) -> Iterator[Sighting]:
    """Each is a profile of its own, with whom it is from as far as that is known."""
    draw = chance(seed, "tickets", resident.position)
    for turn in range(draw.choices(_TICKETS, _TICKET_WEIGHTS)[0]):
        opened = some_time(draw)
        closed = opened + timedelta(minutes=draw.randrange(30, 14 * 24 * 60))
        identifiers = [("email", contacts.mailbox(resident, draw))]
        if draw.random() < FILE_RATE:
            identifiers.append(("crmId", resident.crm_id))
        ticket = {"topic": draw.choice(_TOPICS)} | {
            "severity": draw.choices(_SEVERITIES, _SEVERITY_WEIGHTS)[0]
        }
        channel, name = draw.choice(_CHANNELS), contacts.name(resident, draw)
        number = f"W{resident.position:06d}-{turn}"
        steps = [("open", opened)]
        if closed < END and draw.random() >= LEFT_OPEN_RATE:
            steps.append(("closed", closed))
        for status, at in steps:
            interaction = _step(number, status, channel, ticket)
            seen = record("support", number, at, identifiers, traits=name, interaction=interaction)
            yield Sighting(at, seen, str(resident.person.number))


def _step(number: str, status: str, channel: str, ticket: dict[str, str]) -> dict[str, object]:
    return {
        "id": f"{number}-{status}",
        "type": "ticket",
        "name": "Ticket Opened" if status == "open" else "Ticket Closed",
        "channel": channel,
        "properties": {"ticket": number, "status": status} | ticket,
    }
