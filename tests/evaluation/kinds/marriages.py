"""Marriages: a last name that changes at a date, and sometimes the mailbox and the address too.

The birth date and the number mostly stay. In the new household lives a spouse; now and then an
in-law of the same first name, who was born another day.
"""

from dataclasses import replace

from tests.evaluation.kinds.person import Person
from tests.evaluation.kinds.town import DAYS, Town
from tests.synthetic import Stream


def marriages(persons: int, seed: int) -> Stream:
    """The records of that many people, of whom about two in five change their name."""
    town = Town(f"marriages {seed}")
    while (left := persons - len(town.people)) > 1:
        home, last_name = town.home(), town.surname()
        spouse = town.person(home, last_name, years=(1970, 2000))
        bride = town.person(
            town.home(), town.surname(), sex="f" if spouse.sex == "m" else "m", years=(1970, 2000)
        )
        day = town.draw.randrange(200, DAYS - 200)
        in_law = left > 2 and town.chance(0.15)
        before, after = bride, _married(town, bride, spouse)
        for _ in range(town.pick({2: 40, 3: 40, 4: 20})):
            _record(town, before, town.draw.randrange(day), doubt=in_law)
        for _ in range(town.pick({2: 40, 3: 40, 4: 20})):
            # It takes a while until everybody is told; some are never.
            told = town.chance(0.85)
            bride = after if told else before
            _record(town, bride, town.draw.randrange(day, DAYS), doubt=in_law)
        for _ in range(town.pick({1: 30, 2: 40, 4: 30})):
            _record(town, spouse, town.draw.randrange(DAYS))
        if in_law:
            namesake = town.person(home, last_name, first_name=bride.first_name, sex=bride.sex)
            for _ in range(3):
                _record(town, namesake, town.draw.randrange(DAYS), doubt=True)
    return town.stream()


def _married(town: Town, bride: Person, spouse: Person) -> Person:
    """The same person under the new name; what was told of one is told of the other."""
    last_name = spouse.last_name
    if town.chance(0.15):
        last_name = f"{bride.last_name}-{last_name}"
    moves = town.chance(0.7)
    changed = replace(bride, last_name=last_name, home=spouse.home if moves else bride.home)
    if town.chance(0.4):
        changed.email = town.mailbox(bride.first_name, last_name)
    if town.chance(0.1):
        changed.mobile = town.number(("646", "917"))
    return changed


def _record(town: Town, person: Person, day: int, *, doubt: bool = False) -> None:
    """By shop, call, clinic or CRM; with `doubt`, the landline does not tell who it is."""
    kind = town.pick({"shop": 35, "clinic": 25, "call": 20, "crm": 20})
    name, home = person.name, person.home
    landline = town.chance(0.2)
    number = home.landline if landline else person.mobile
    rings = set[str]() if landline and doubt else {f"{person.first_name} {number}"}
    birth = f"{person.first_name} {person.birth_date}"
    if kind == "shop":
        phone = {"phone": number} if town.chance(0.35) else {}
        traits = name | (home.address if town.chance(0.3) else {})
        clues = {person.email} | (rings if phone else set())
        town.record("shop", person, {"email": person.email} | phone, traits, day=day, clues=clues)
    elif kind == "clinic":
        phone = {"phone": number} if town.chance(0.5) else {}
        clues = {birth} | (rings if phone else set())
        town.record("clinic", person, phone, name | person.born, day=day, clues=clues)
    elif kind == "call":
        owner = person if rings else None
        town.record("call", owner, {"phone": number}, name, day=day, clues=rings)
    else:
        # The row keeps its number under either name: later ones are the same profile.
        row = f"K{person.number:06d}"
        identifiers = {"crmId": row, "email": person.email}
        traits = name | person.born | home.address
        clues = {row, person.email, birth}
        town.record("crm", person, identifiers, traits, day=day, clues=clues, source_id=row)
