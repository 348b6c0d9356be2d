"""Mails: a grocer's campaigns, as they reach people, are opened, and are followed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.demo import contacts, grocery
from server.demo.chance import chance
from server.demo.days import BEGIN
from server.demo.homes import Resident
from server.demo.sighting import Sighting, record

OPEN_RATE, CLICK_RATE = 0.45, 0.3
SENT_AT = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Mail:
    """A campaign that somebody was written to for."""

    campaign: int
    kind: str
    at: datetime


def mails_of(positions: Collection[int]) -> dict[int, list[Mail]]:
    """The mails to each.

    Raises:
        DemoDataError
    """
    campaigns = grocery.campaigns()
    return {
        position: [
            Mail(
                row["campaign_id"],
                row["campaign_type"],
                grocery.shifted(row["start_date"], position) + SENT_AT,
            )
            for row in campaigns.get(position % grocery.HOUSEHOLDS, ())
            # The data's first campaigns began before its year.
            if grocery.shifted(row["start_date"], position) >= BEGIN
        ]
        for position in positions
    }


def mails(resident: Resident, made: Sequence[Mail], seed: int) -> Iterator[Sighting]:
    """All to the address that is on the list."""
    draw = chance(seed, "mails", resident.position)
    address, name = contacts.mailbox(resident, draw), contacts.name(resident, draw)
    for mail in made:
        at = mail.at
        for what, rate in (("Delivered", 1), ("Opened", OPEN_RATE), ("Link Clicked", CLICK_RATE)):
            if draw.random() >= rate:
                break
            interaction = {
                "id": f"M{resident.position:06d}-{mail.campaign}-{what.lower()}",
                "type": "track",
                "name": f"Email {what}",
                "channel": "email",
                "properties": {"campaign": mail.campaign, "kind": mail.kind},
            }
            seen = record(
                "mail",
                f"M{resident.position:06d}",
                at,
                [("email", address)],
                traits=name,
                interaction=interaction,
            )
            yield Sighting(at, seen, str(resident.person.number))
            at += timedelta(minutes=draw.randrange(1, 2 * 24 * 60))
