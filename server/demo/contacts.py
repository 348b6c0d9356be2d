"""Contacts: which mailbox, number and name somebody gives, with the traps of real life."""

import hashlib
import random
from datetime import datetime

from server.demo.homes import Resident

PLACEHOLDERS = ("test@test.com", "noemail@example.com", "none@none.com", "a@a.com")
PLACEHOLDER_RATE = 0.01
MAILBOX_USE, CLOSE_MAILBOX_USE = 0.5, 0.9
CLOSE_LANDLINE_USE = 0.8
SLIP_RATE = 0.05


def mailbox(resident: Resident, draw: random.Random) -> str:
    """Their own e-mail, the family's, or one that is nobody's."""
    if draw.random() < PLACEHOLDER_RATE:
        return draw.choice(PLACEHOLDERS)
    home = resident.home
    use = CLOSE_MAILBOX_USE if home.close else MAILBOX_USE
    return home.mailbox if home.mailbox and draw.random() < use else resident.email


def number(resident: Resident, at: datetime, draw: random.Random, at_home: float) -> str:
    """Their own phone number, or with the probability `at_home` the household's."""
    home = resident.home
    own = resident.phone_at(at)
    if home.close and draw.random() < CLOSE_LANDLINE_USE:
        own = None
    return home.landline if own is None or draw.random() < at_home else own


def common(email: str, resident: Resident) -> bool:
    """Whether others may give the same e-mail."""
    return email in PLACEHOLDERS or email == resident.home.mailbox


def login(email: str, resident: Resident) -> str:
    """Tells the people apart who log in with a common e-mail, as a user id would."""
    who = f"{email} {resident.position}" if common(email, resident) else email
    return hashlib.blake2b(who.encode(), digest_size=3).hexdigest()


def name(resident: Resident, draw: random.Random) -> dict[str, str]:
    """Their name as typed, now and then with a letter dropped or changed."""
    entry = resident.person.original
    typed = {"firstName": entry.given_name, "lastName": entry.surname}
    return {field: _slipped(text, draw).title() for field, text in typed.items() if text}


def _slipped(text: str, draw: random.Random) -> str:
    if len(text) < 2 or draw.random() >= SLIP_RATE:  # noqa: PLR2004 - of one letter nothing is left
        return text
    place = draw.randrange(len(text))
    put = "" if draw.random() < 0.5 else draw.choice("aeiort")  # noqa: PLR2004 - one in two
    return text[:place] + put + text[place + 1 :]
