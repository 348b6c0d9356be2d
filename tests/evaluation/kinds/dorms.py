"""Dorms: hundreds of students at one address, of close birth dates and the same few first names.

Room-mates share a tablet on which each logs in, the whole house a network. Some have the very name
of another in the house. The tablet where nobody logged in, and a parcel for a name that two have,
are nobody's.
"""

from collections import Counter
from dataclasses import dataclass

from tests.evaluation.kinds.names import MEN, SURNAMES, WOMEN
from tests.evaluation.kinds.person import Person
from tests.evaluation.kinds.town import Town
from tests.synthetic import Stream

HOUSE = 200
FIRST_NAMES = {"f": WOMEN[5:22], "m": MEN[:17]}


@dataclass(frozen=True)
class Student:
    """Somebody in a room of the house."""

    person: Person
    room: str
    tablet: str  # the room's, if it has one
    network: str
    device: str
    alone: bool  # nobody else in the house has the name


def dorms(persons: int, seed: int) -> Stream:
    """The records of that many students over three years."""
    town = Town(f"dorms {seed}")
    while len(town.people) < persons:
        for student in _house(town, min(HOUSE, persons - len(town.people))):
            _life(town, student)
    return town.stream()


def _house(town: Town, size: int) -> list[Student]:
    home, number = town.home(), len(town.people)
    network = f"198.51.100.{1 + number // HOUSE % 250}"
    people = []
    for _ in range(size):
        sex = town.draw.choice("fm")
        last_name = town.draw.choice(SURNAMES[:60]) if town.chance(0.35) else town.surname()
        first_name = town.draw.choice(FIRST_NAMES[sex]) if town.chance(0.6) else ""
        person = town.person(home, last_name, first_name=first_name, sex=sex, years=(2004, 2006))
        person.email = town.mailbox(person.first_name, last_name, "students.example")
        people.append(person)
    called = Counter((one.first_name, one.last_name) for one in people)
    students = []
    for place, person in enumerate(people):
        room = place // 2
        students.append(
            Student(
                person=person,
                room=f"Room {100 + room}",
                tablet=f"tablet-{number}-{room}" if room % 5 < 2 else "",
                network=network,
                device=f"phone-{person.number}",
                alone=called[person.first_name, person.last_name] == 1,
            )
        )
    return students


def _life(town: Town, student: Student) -> None:
    person = student.person
    number = f"S{person.number:06d}"
    if town.chance(0.9):
        identifiers = {"crmId": number, "email": person.email}
        if town.chance(0.5):
            identifiers["phone"] = person.mobile
        room = {"address2": student.room} if town.chance(0.4) else {}
        traits = person.name | person.born | person.home.address | room
        clues = {*identifiers.values(), person.born["birthDate"]} | _by_name(student)
        town.record("registrar", person, identifiers, traits, clues=clues, source_id=number)
    for _ in range(town.pick({2: 30, 4: 40, 7: 30})):
        _use(
            town, student, town.pick({"app": 35, "wifi": 15, "library": 20, "shop": 20, "mail": 10})
        )


def _use(town: Town, student: Student, kind: str) -> None:
    person = student.person
    if kind == "app":
        _app(town, student)
    elif kind == "wifi":
        identifiers = {"ip": student.network, "email": person.email}
        town.record("wifi", person, identifiers, {}, clues={person.email})
    elif kind == "library":
        traits = person.name | person.born | (person.home.address if town.chance(0.5) else {})
        town.record("library", person, {}, traits, clues={person.born["birthDate"]})
    elif kind == "shop":
        by_mail = town.chance(0.4)
        identifiers = {"email": person.email} if by_mail else {"phone": person.mobile}
        town.record("shop", person, identifiers, person.name, clues=set(identifiers.values()))
    else:
        clues = _by_name(student)
        traits = person.name | person.home.address
        town.record("parcels", person if clues else None, {}, traits, clues=clues)


def _app(town: Town, student: Student) -> None:
    """On the own phone or the room's tablet, logged in or not; either is one profile a login."""
    person = student.person
    shared = bool(student.tablet) and town.chance(0.4)
    device = student.tablet if shared else student.device
    identifiers = {"device": device, "ip": student.network}
    if town.chance(0.35):
        owner = None if shared else person
        town.record("app", owner, identifiers, {}, clues={device}, source_id=device)
        return
    name = person.name if town.chance(0.6) else {}
    clues = {person.email} if shared else {person.email, device}
    identifiers |= {"email": person.email}
    source_id = f"{device}.{person.number}"
    town.record("app", person, identifiers, name, clues=clues, source_id=source_id)


def _by_name(student: Student) -> set[str]:
    return {f"{student.person.first_name} {student.person.last_name}"} if student.alone else set()
