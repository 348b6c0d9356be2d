"""Numbers that pass from one person to another: given up at a date, resold months later.

Calls and text messages often come with the number alone. Between the named records of one owner
they are that owner's; before, after and in the months between, nobody could tell.
"""

from dataclasses import dataclass, field

from tests.evaluation.kinds.person import Person
from tests.evaluation.kinds.town import DAYS, Town
from tests.synthetic import Stream

ALWAYS = (0, DAYS)


@dataclass
class Number:
    """A number for as long as somebody has it."""

    value: str
    days: tuple[int, int]
    resold: bool
    named: list[int] = field(default_factory=list)  # days on which a name came with it


def numbers(persons: int, seed: int) -> Stream:
    """The records of that many people, of whom three in ten get the number of another."""
    town = Town(f"numbers {seed}")
    people = [person for household in town.households(persons) for person in household]
    has = {one.number: [Number(one.mobile, ALWAYS, resold=False)] for one in people}
    shuffled = town.draw.sample(people, len(people))
    pairs = int(persons * 0.3)
    for old, new in zip(shuffled[:pairs], shuffled[pairs : 2 * pairs], strict=True):
        left = town.draw.randrange(250, DAYS - 450)
        taken = left + town.draw.randrange(45, 200)
        has[old.number] = [Number(old.mobile, (0, left), resold=True)]
        if town.chance(0.6):  # the rest leave no number from then on
            number = town.number(("646", "917"))
            has[old.number].append(Number(number, (left, DAYS), resold=False))
        has[new.number] = [Number(old.mobile, (taken, DAYS), resold=True)]
    for person in people:
        _life(town, person, has[person.number])
    return town.stream()


def _life(town: Town, person: Person, has: list[Number]) -> None:
    for _ in range(town.pick({2: 30, 4: 40, 6: 30})):
        day = town.draw.randrange(DAYS)
        _named(town, person, _at(has, day), day)
    for number in has:
        for _ in range(town.pick({0: 30, 1: 40, 3: 30})):
            day = town.draw.randrange(*number.days)
            _unnamed(town, person, number, day)


def _at(has: list[Number], day: int) -> Number | None:
    return next((one for one in has if one.days[0] <= day < one.days[1]), None)


def _named(town: Town, person: Person, number: Number | None, day: int) -> None:
    """By CRM, shop or call; the last two are profiles of their own each time."""
    kind = town.pick({"crm": 30, "shop": 40, "call": 30})
    phone = {"phone": number.value} if number else {}
    if kind == "crm":
        row = f"K{person.number:06d}"
        phone = phone if town.chance(0.6) else {}
        mail = {"email": person.email} if town.chance(0.7) else {}
        traits = person.name | person.born | person.home.address
        identifiers = {"crmId": row} | mail | phone
        town.record("crm", person, identifiers, traits, day=day, source_id=row)
    elif kind == "shop" or not phone:
        phone = phone if town.chance(0.6) else {}
        traits = person.name | (person.home.address if town.chance(0.4) else {})
        town.record("shop", person, {"email": person.email} | phone, traits, day=day)
    else:
        traits = person.name | (person.born if town.chance(0.3) else {})
        town.record("call", person, phone, traits, day=day)
    if number and phone:
        number.named.append(day)


def _unnamed(town: Town, person: Person, number: Number, day: int) -> None:
    named = number.named or [DAYS, 0]
    sure = not number.resold or min(named) <= day <= max(named)
    owner = person if sure else None
    source = town.draw.choice(["call", "sms"])
    town.record(source, owner, {"phone": number.value}, {}, day=day)
