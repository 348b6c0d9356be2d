"""Homes: who lives with whom, what the people of one home share, and what is each one's own."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from server.demo import phones
from server.demo.chance import chance
from server.demo.days import GIVEN_UP, TAKEN_OVER
from server.demo.people import Entry, Person

SIZES, SIZE_WEIGHTS = (1, 2, 3, 4, 5), (35, 30, 15, 14, 6)
MAILBOX_RATE = 0.15  # of the homes with several people: one mailbox for all
FAMILY_RATE = 0.5  # of the homes with several people: they go by one family name
CLOSE_RATE = 0.03  # of the same: they share everything but name and birth date
A_FAMILY = 3
# One in so many gives up a phone number, and one in so many gets such a number.
RECYCLED_EVERY, GIVES_UP, TAKES_OVER = 100, 7, 17


@dataclass(frozen=True, slots=True)
class Home:
    """What the people of one household share."""

    number: int
    first: int  # the position of the first of its people
    size: int
    address: Entry
    landline: str
    tablet: str
    network: str
    mailbox: str | None
    close: bool

    @property
    def family_mailbox(self) -> str | None:
        """The mailbox of a family whose people all gave it, and order with one account."""
        return self.mailbox if self.size >= A_FAMILY else None


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody at home, and what is theirs alone."""

    position: int
    person: Person
    home: Home
    email: str
    phone: str
    later_phone: str | None
    cookies: tuple[str, ...]
    devices: tuple[str, ...]

    @property
    def crm_id(self) -> str:
        """The customer number."""
        return f"C{self.position:06d}"

    @property
    def shop_id(self) -> str:
        """The number of the account in the shop."""
        return f"S{self.position:06d}"

    @property
    def loyalty_id(self) -> str:
        """The number on the loyalty card."""
        return f"L{self.position:06d}"

    def phone_at(self, at: datetime) -> str | None:
        """The number that reaches them then."""
        if self.position % RECYCLED_EVERY == GIVES_UP and at >= GIVEN_UP:
            return None
        return self.later_phone if self.later_phone and at >= TAKEN_OVER else self.phone


def residents(people: Iterable[Person], seed: int) -> list[Resident]:
    """Everybody, home by home. The first of them are the same however many are wanted."""
    found: list[Resident] = []
    for number, members in enumerate(_households(people, seed)):
        home = _home(number, len(found), members, seed)
        for person in _family(number, members, seed):
            found.append(_resident(person, home, found, seed))
    return found


def _households(people: Iterable[Person], seed: int) -> list[list[Person]]:
    """People of one suburb live together, in homes of the sizes that homes have."""
    suburbs: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        suburbs[person.original.suburb or f"nowhere {person.number}"].append(person)
    draw = chance(seed, "households")
    homes: list[list[Person]] = []
    for suburb in sorted(suburbs):
        neighbours = suburbs[suburb]
        draw.shuffle(neighbours)
        while neighbours:
            size = draw.choices(SIZES, SIZE_WEIGHTS)[0]
            homes.append(neighbours[:size])
            neighbours = neighbours[size:]
    draw.shuffle(homes)
    return homes


def _family(number: int, members: list[Person], seed: int) -> Iterator[Person]:
    """The same people; in some homes they all took the name of the first."""
    one_name = chance(seed, "family", number).random() < FAMILY_RATE
    surname = members[0].original.surname
    for person in members:
        yield _renamed(person, surname) if one_name and surname else person


def _renamed(person: Person, surname: str) -> Person:
    """Where the duplicate has the name with a mistake, it keeps the old one."""
    old = person.original.surname
    duplicate = person.duplicate
    if duplicate.surname == old:
        duplicate = replace(duplicate, surname=surname)
    return replace(person, original=replace(person.original, surname=surname), duplicate=duplicate)


def _home(number: int, first: int, members: list[Person], seed: int) -> Home:
    draw = chance(seed, "home", number)
    address = members[0].original
    shares_mail, close = draw.random() < MAILBOX_RATE, draw.random() < CLOSE_RATE
    several = len(members) > 1
    name = _letters(address.surname) or "home"
    return Home(
        number=number,
        first=first,
        size=len(members),
        address=address,
        landline=phones.landline(number, address.state),
        tablet=f"tablet-{number}",
        network=f"2001:db8:{number:x}::1",
        mailbox=f"the.{name}s{number}@family.example" if several and shares_mail else None,
        close=several and close,
    )


def _resident(person: Person, home: Home, before: list[Resident], seed: int) -> Resident:
    draw = chance(seed, "resident", person.number)
    position = len(before)
    given_up = position - (TAKES_OVER - GIVES_UP)
    takes_over = position % RECYCLED_EVERY == TAKES_OVER
    return Resident(
        position=position,
        person=person,
        home=home,
        email=f"{'.'.join(_names(person.original))}{person.number}@mail.example",
        phone=phones.personal(position, person.original.state),
        later_phone=before[given_up].phone if takes_over else None,
        cookies=tuple(f"ck-{position}-{n}" for n in range(draw.choice([1, 1, 1, 2]))),
        devices=tuple(f"dev-{position}-{n}" for n in range(draw.choice([1, 1, 1, 2]))),
    )


def _names(entry: Entry) -> Iterator[str]:
    yield _letters(entry.given_name) or "customer"
    if surname := _letters(entry.surname):
        yield surname


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name)
