"""Generations: fathers and sons, mothers and daughters, of one name at one address.

They share the landline, often a mailbox. The son writes Jr or III in one place or another, the
father seldom Sr. What says neither that nor a birth date and came by what they share is nobody's.
"""

from dataclasses import dataclass

from tests.evaluation.kinds.person import Person
from tests.evaluation.kinds.town import Town
from tests.synthetic import Stream

JUNIOR = ("Jr", "Jr.", "jr", "JR")
SENIOR = ("Sr", "Sr.", "SR")


@dataclass(frozen=True)
class Heir:
    """One of a name, with the suffixes they may write and how often they do."""

    person: Person
    suffixes: tuple[str, ...]
    writes: float
    mailbox: str | None  # the one they all use


def generations(persons: int, seed: int) -> Stream:
    """The records of that many people over three years; half of them share their name."""
    town = Town(f"generations {seed}")
    while (left := persons - len(town.people)) > 1:
        for heir in _dynasty(town, 3 if left > 2 and town.chance(0.15) else 2):
            _life(town, heir)
        for other in range(min(persons - len(town.people), town.pick({1: 30, 2: 50, 3: 20}))):
            last_name = town.people[-1].last_name if other == 0 else town.surname()
            home = town.people[-1].home if other == 0 else town.home()
            _life(town, Heir(town.person(home, last_name), (), 0, None))
    return town.stream()


def _dynasty(town: Town, size: int) -> list[Heir]:
    home, last_name = town.home(), town.surname()
    sex = "m" if town.chance(0.85) else "f"
    first_name = town.first_name(sex)
    start = town.draw.randrange(1930, 1960)
    suffixes = (SENIOR, JUNIOR if size == 2 or town.chance(0.3) else ("II", "Jr."), ("III", "3rd"))
    people = [
        town.person(
            home,
            last_name,
            first_name=first_name,
            sex=sex,
            years=(start + 25 * n, start + 25 * n + 9),
        )
        for n in range(size)
    ]
    mailbox = people[0].email if town.chance(0.3) else None
    return [
        # Women of one name hardly ever write which they are.
        Heir(person, suffixes[n], (0.25 if n == 0 else 0.7) if sex == "m" else 0.03, mailbox)
        for n, person in enumerate(people)
    ]


def _life(town: Town, heir: Heir) -> None:
    """Of a dynasty all are in the CRM, so that birth dates show how many of the name there are."""
    person, home = heir.person, heir.person.home
    if heir.suffixes or town.chance(0.8):
        number = f"K{person.number:06d}"
        phone = home.landline if town.chance(0.4) else person.mobile
        identifiers = {"crmId": number, "phone": phone if town.chance(0.7) else ""}
        if town.chance(0.7):
            identifiers["email"] = _mail(town, heir)
        traits = _name(town, heir)[0] | person.born | home.address
        clues = {_of_the_name(heir), person.born["birthDate"], *identifiers.values()}
        clues -= {home.landline, heir.mailbox or ""}
        town.record("crm", person, identifiers, traits, clues=clues, source_id=number)
    for _ in range(town.pick({1: 25, 2: 35, 3: 25, 5: 15})):
        _meeting(town, heir)


def _meeting(town: Town, heir: Heir) -> None:
    person, home = heir.person, heir.person.home
    name, suffixed = _name(town, heir)
    sure = suffixed or not heir.suffixes
    kind = town.pick({"shop": 35, "pharmacy": 25, "delivery": 20, "call": 20})
    shared = {_of_the_name(heir)} if sure else set[str]()
    if kind == "shop":
        mailbox = _mail(town, heir)
        clues = {mailbox} if mailbox != heir.mailbox else shared
        town.record("shop", person if clues else None, {"email": mailbox}, name, clues=clues)
    elif kind == "pharmacy":
        address = home.address if town.chance(0.6) else {}
        clues = {person.born["birthDate"]}
        town.record("pharmacy", person, {}, name | person.born | address, clues=clues)
    elif kind == "delivery":
        owner = person if sure else None
        town.record("delivery", owner, {}, name | home.address, clues=shared)
    else:
        from_home = town.chance(0.4)
        number = home.landline if from_home else person.mobile
        clues = shared if from_home else {number}
        town.record("call", person if clues else None, {"phone": number}, name, clues=clues)


def _of_the_name(heir: Heir) -> str:
    """Who it is, as far as an address, a name and a suffix tell."""
    return f"{heir.person.first_name} {heir.suffixes} of {heir.person.home.street}"


def _mail(town: Town, heir: Heir) -> str:
    return heir.mailbox if heir.mailbox and town.chance(0.8) else heir.person.email


def _name(town: Town, heir: Heir) -> tuple[dict[str, str], bool]:
    """The name as they write it this time, and whether the suffix is in it."""
    name = heir.person.name
    if not heir.suffixes or not town.chance(heir.writes):
        return name, False
    suffix = town.draw.choice(heir.suffixes)
    place = town.pick({"suffix": 35, "lastName": 40, "comma": 15, "firstName": 10})
    if place == "suffix":
        return name | {"suffix": suffix}, True
    if place == "comma":
        return name | {"lastName": f"{name['lastName']}, {suffix}"}, True
    return name | {place: f"{name[place]} {suffix}"}, True
