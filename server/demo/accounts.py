"""Accounts: the row that the CRM has of somebody, and the one that the shop has."""

from collections.abc import Iterator
from datetime import date

from server.demo import contacts, orders, phones
from server.demo.chance import chance
from server.demo.days import some_time
from server.demo.homes import Resident
from server.demo.people import Entry
from server.demo.sighting import Sighting, record

CRM_PHONE_RATE, LANDLINE_RATE, CRM_CARD_RATE = 0.7, 0.25, 0.6
SHOP_EMAIL_RATE, SHOP_PHONE_RATE = 0.9, 0.7


def crm_row(resident: Resident, seed: int) -> Iterator[Sighting]:
    """The original entry under a customer number; all of a home are at one address."""
    draw = chance(seed, "crm", resident.position)
    at = some_time(draw)
    email = contacts.mailbox(resident, draw)
    if resident.home.family_mailbox:
        email = resident.home.family_mailbox
    identifiers = [("crmId", resident.crm_id), ("email", email)]
    if draw.random() < CRM_PHONE_RATE:
        phone = contacts.number(resident, at, draw, LANDLINE_RATE)
        identifiers.append(("phone", phones.written(phone, draw)))
    if draw.random() < CRM_CARD_RATE:
        identifiers.append(("loyaltyId", resident.loyalty_id))
    entry = resident.person.original
    traits = _person_traits(entry) | _address_traits(resident.home.address)
    row = record("crm", resident.crm_id, at, identifiers, traits=traits)
    yield Sighting(at, row, str(resident.person.number))


def shop_account(resident: Resident, seed: int) -> Iterator[Sighting]:
    """The duplicate entry under a shop's own number."""
    draw = chance(seed, "shop", resident.position)
    at = some_time(draw)
    identifiers = [("loyaltyId", resident.loyalty_id)]
    if draw.random() < SHOP_EMAIL_RATE:
        identifiers.append(("email", contacts.mailbox(resident, draw)))
    if draw.random() < SHOP_PHONE_RATE:
        phone = contacts.number(resident, at, draw, LANDLINE_RATE)
        identifiers.append(("phone", phones.written(phone, draw)))
    entry = resident.person.duplicate
    traits = _person_traits(entry) | _address_traits(entry)
    row = record("shop", resident.shop_id, at, identifiers, traits=traits)
    yield Sighting(at, row, str(resident.person.number))


def family_account(resident: Resident, seed: int) -> Iterator[Sighting]:
    """One account that a whole family orders with: nobody's own, and so a customer of its own.

    The last of the home stands for all, so that no account comes before its family.
    """
    home = resident.home
    last = home.first + home.size - 1
    if home.family_mailbox is None or resident.position != last:
        return
    draw = chance(seed, "family account", home.number)
    account, owner = f"F{home.number:06d}", f"family-{home.number}"
    mailbox = [("email", home.family_mailbox)]
    traits = {"accountType": "family"}
    at = some_time(draw)
    yield Sighting(at, record("shop", account, at, mailbox, traits=traits), owner)
    for turn in range(draw.randrange(2, 6)):
        bought = some_time(draw)
        order = orders.order(f"{account}-{turn}", "web", draw)
        yield Sighting(bought, record("shop", account, bought, mailbox, interaction=order), owner)


def _person_traits(entry: Entry) -> dict[str, str]:
    traits = {
        "firstName": entry.given_name.title(),
        "lastName": entry.surname.title(),
        "birthDate": birth_date(entry.date_of_birth),
    }
    return {name: text for name, text in traits.items() if text}


def _address_traits(entry: Entry) -> dict[str, str]:
    traits = {
        "street": f"{entry.street_number} {entry.street}".strip().title(),
        "city": entry.suburb.title(),
        "postalCode": entry.postcode,
        "state": entry.state.upper(),
    }
    return {name: text for name, text in traits.items() if text} | {"country": "AU"}


def birth_date(text: str) -> str:
    """``19650113`` as an ISO date; a day that never was stays as it is written."""
    iso = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return text
