"""Spellings: the same people written differently in every source.

Umlauts and accents, first for last names, day for month, slips, dots and tags of Gmail, notations
of numbers, double names of which one is left out. A damaged birth date is no clue, the others are.
Some twins have double names of which the first is the same.
"""

from tests.evaluation.kinds import writing
from tests.evaluation.kinds.person import Person
from tests.evaluation.kinds.town import Town
from tests.synthetic import Stream

FIRST = {
    "f": ("Zoë", "Chloé", "Jörgine", "Renée", "Anna Maria", "Mary Ann", "Marie-Claire", "Käthe",
          "Sofía", "Małgorzata", "Ana Lucía", "Åsa", "Hélène", "Ann-Kathrin", "Núria"),
    "m": ("Jürgen", "Björn", "André", "José", "Jean-Pierre", "Hans-Peter", "Søren", "Günther",
          "Łukasz", "Juan Carlos", "François", "Jörg", "Karl Heinz", "Raúl", "Håkan"),
}  # fmt: skip
LAST = (  # noqa: SIM905
    "Müller Schröder Jäger Weiß Groß Köhler Böhm Krüger García Núñez Peña Ibáñez Lefèvre Gagné "
    "Côté O'Brien O'Connor O'Neill D'Angelo D'Souza Åberg Sjöström Nørgaard Wałęsa Żak Kovač "
    "Dvořák Çelik McDonald MacKenzie Fitz-Gerald Saint-Pierre Al-Farsi Smith-Jones García-López "
    "Weber-Schulz Hall-Lindley"
).split()
PARTICLES = ("van der Berg", "de la Cruz", "von Stein", "Le Blanc", "St. John", "di Marco")
TWINS = {"f": ("Anna Maria", "Anna Lena"), "m": ("Hans-Peter", "Hans-Martin")}


def spellings(persons: int, seed: int) -> Stream:
    """The records of that many people over three years."""
    town = Town(f"spellings {seed}")
    while (left := persons - len(town.people)) > 0:
        home, last_name = town.home(), _last_name(town)
        if left > 1 and town.chance(0.02):
            sex = town.draw.choice("fm")
            born = town.birth_date(1950, 2005)
            for first_name in TWINS[sex]:
                twin = town.person(home, last_name, first_name=first_name, sex=sex)
                twin.birth_date = born
                _life(town, twin, alone=False)
            continue
        for _ in range(min(left, town.pick({1: 50, 2: 35, 3: 15}))):
            sex = town.draw.choice("fm")
            first_name = town.draw.choice(FIRST[sex]) if town.chance(0.5) else ""
            _life(town, town.person(home, last_name, first_name=first_name, sex=sex), alone=True)
    return town.stream()


def _last_name(town: Town) -> str:
    if town.chance(0.45):
        return town.surname()
    return town.draw.choice(PARTICLES if town.chance(0.15) else LAST)


def _life(town: Town, person: Person, *, alone: bool) -> None:
    if town.chance(0.5):
        first, last = (writing.joined(writing.german(one)) for one in person.name.values())
        person.email = town.mailbox(first, last, "gmail.com")
    for _ in range(town.pick({2: 30, 3: 35, 4: 20, 6: 15})):
        _record(town, person, alone=alone)


def _record(town: Town, person: Person, *, alone: bool) -> None:
    draw = town.draw
    kind = town.pick({"crm": 25, "shop": 30, "clinic": 20, "call": 15, "delivery": 10})
    name = _name(town, person)
    told = alone or " " in name["firstName"] or "-" in name["firstName"]  # which of the twins
    identifiers, traits, clues = {}, dict(name), set[str]()
    if kind == "shop" or (kind == "crm" and town.chance(0.6)):
        identifiers["email"] = writing.mail(person.email, draw)
        clues.add(person.email)
    if kind == "call" or (kind in {"crm", "shop"} and town.chance(0.35)):
        identifiers["phone"] = writing.number(person.mobile, draw)
        clues.add(person.mobile)
    if kind in {"crm", "clinic"}:
        traits["birthDate"] = _birth_date(town, person)
        if told and traits["birthDate"] == person.born["birthDate"]:
            clues.add(traits["birthDate"])
    if kind in {"crm", "delivery"}:
        traits |= person.home.address
        if told:
            clues.add(person.home.street)
    town.record(kind, person if clues else None, identifiers, traits, clues=clues)


def _name(town: Town, person: Person) -> dict[str, str]:
    first, last = person.first_name, person.last_name
    how = town.pick({"as it is": 40, "plain": 25, "german": 20, "joined": 8, "spaced": 7})
    ways = {
        "plain": writing.without_accents,
        "german": writing.german,
        "joined": writing.joined,
        "spaced": writing.spaced,
    }
    if how in ways:
        first, last = ways[how](first), ways[how](last)
    if town.chance(0.2):
        first = writing.half(first)
    if town.chance(0.15):
        last = writing.half(last)
    if town.chance(0.06):
        first = writing.slip(first, town.draw)
    if town.chance(0.06):
        last = writing.slip(last, town.draw)
    if town.chance(0.04):
        first, last = last, first
    if town.chance(0.08):
        first, last = first.upper(), last.upper()
    return {"firstName": first, "lastName": last}


def _birth_date(town: Town, person: Person) -> str:
    iso = person.born["birthDate"]
    how = town.pick({"right": 90, "swapped": 6, "slipped": 4})
    if how == "swapped":
        return writing.day_for_month(iso)
    return writing.slipped_date(iso, town.draw) if how == "slipped" else iso
