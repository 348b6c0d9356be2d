"""Visits: what browsers and apps report of somebody, logged in or not."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from server.demo import contacts, orders, phones
from server.demo.chance import chance
from server.demo.days import some_time
from server.demo.homes import Resident
from server.demo.sighting import Sighting, record

WEB_SHARE, LOGIN_RATE, ORDER_RATE = 0.65, 0.8, 0.3
KIOSK_RATE, PEOPLE_PER_KIOSK = 0.01, 2_500
TABLET_USE, CLOSE_TABLET_USE = 0.1, 0.6
APP_PHONE_RATE, APP_CARD_RATE = 0.5, 0.5
_VISITS, _VISIT_WEIGHTS = (1, 2, 3, 4, 6, 9), (15, 25, 25, 15, 12, 8)
_STEPS, _STEP_WEIGHTS = (1, 2, 3), (30, 40, 30)
_BROWSERS, _PLATFORMS = ("Chrome", "Firefox", "Safari"), ("ios", "android")


@dataclass(frozen=True, slots=True)
class _Thing:
    """A browser's cookie or a device."""

    source: str
    known_as: dict[str, str]
    shared: bool

    @property
    def value(self) -> str:
        return self.known_as["value"]


def visits(resident: Resident, seed: int) -> Iterator[Sighting]:
    """Each visit is a few steps on one thing, a few minutes apart."""
    draw = chance(seed, "visits", resident.position)
    for number in range(draw.choices(_VISITS, _VISIT_WEIGHTS)[0]):
        thing = _thing(resident, draw)
        yield from _visit(resident, thing, f"{thing.source}-{resident.position}-{number}", draw)


def _thing(resident: Resident, draw: random.Random) -> _Thing:
    if draw.random() < WEB_SHARE:
        kiosk = draw.random() < KIOSK_RATE
        public = f"kiosk-{resident.position // PEOPLE_PER_KIOSK}"
        value = public if kiosk else draw.choice(resident.cookies)
        browser = chance(value).choice(_BROWSERS)
        return _Thing("web", {"namespace": "cookie", "value": value, "browser": browser}, kiosk)
    tablet = draw.random() < (CLOSE_TABLET_USE if resident.home.close else TABLET_USE)
    value = resident.home.tablet if tablet else draw.choice(resident.devices)
    platform = chance(value).choice(_PLATFORMS)
    return _Thing("app", {"namespace": "device", "value": value, "platform": platform}, tablet)


def _visit(resident: Resident, thing: _Thing, id: str, draw: random.Random) -> Iterator[Sighting]:
    at = some_time(draw)
    identifiers = [("ip", resident.home.network)] if thing.source == "web" else []
    owner, source_id = str(resident.person.number), thing.value
    shared_thing = thing.value if thing.shared else None
    traits: dict[str, str] = {}
    login = draw.random() < LOGIN_RATE
    if login:
        email = contacts.mailbox(resident, draw)
        source_id = f"{thing.value}.{contacts.login(email, resident)}"
        identifiers.append(("email", email))
        traits = contacts.name(resident, draw)
        if thing.source == "app":
            identifiers += _account_numbers(resident, contacts.number(resident, at, draw, 0), draw)
    elif thing.shared:
        owner = thing.value
    for step, done in enumerate(_steps(id, thing.source, draw, login=login)):
        then = at + timedelta(minutes=3 * step)
        seen = record(
            thing.source,
            source_id,
            then,
            identifiers,
            traits=traits,
            device=thing.known_as,
            interaction=done,
        )
        yield Sighting(then, seen, owner, shared_thing)


def _account_numbers(
    resident: Resident, phone: str, draw: random.Random
) -> Iterator[tuple[str, str]]:
    """What people tell an app besides their e-mail."""
    if draw.random() < APP_PHONE_RATE:
        yield "phone", phones.written(phone, draw)
    if draw.random() < APP_CARD_RATE:
        yield "loyaltyId", resident.loyalty_id


def _steps(id: str, channel: str, draw: random.Random, *, login: bool) -> Iterator[dict[str, Any]]:
    count = draw.choices(_STEPS, _STEP_WEIGHTS)[0]
    for step in range(count):
        yield orders.view(f"{id}-{step}", channel, draw)
    if login and draw.random() < ORDER_RATE:
        yield orders.order(f"{id}-{count}", channel, draw)
