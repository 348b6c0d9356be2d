"""Namesakes: dozens of people of one name in one city, who share nothing else; and twins.

Each of them can be followed by what is their own, a mailbox, a number or the birth date. What gives
the name and the city alone is nobody's. Twins share all but the first name and what is their own.
"""

from datetime import date

from tests.evaluation.kinds.person import Home, Person
from tests.evaluation.kinds.town import Town
from tests.synthetic import Stream

NAMES = (
    ("John", "Smith", "m"), ("Maria", "Garcia", "f"), ("Mary", "Johnson", "f"),
    ("Michael", "Brown", "m"), ("Jose", "Rodriguez", "m"), ("David", "Lee", "m"),
    ("James", "Williams", "m"), ("Jennifer", "Jones", "f"), ("Robert", "Miller", "m"),
    ("Linda", "Davis", "f"), ("Juan", "Hernandez", "m"), ("Patricia", "Wilson", "f"),
    ("William", "Taylor", "m"), ("Ana", "Martinez", "f"), ("Daniel", "Kim", "m"),
    ("Anh", "Nguyen", "f"), ("Elizabeth", "Moore", "f"), ("Thomas", "Martin", "m"),
)  # fmt: skip
TWINS = (("Maria", "Marta"), ("Juan", "Julian"), ("John", "James"), ("Linda", "Laura"),
         ("Anna", "Hannah"), ("Daniel", "David"), ("Emily", "Emma"), ("Mark", "Max"))  # fmt: skip


def namesakes(persons: int, seed: int) -> Stream:
    """The records of that many people over three years, a tenth of them twins."""
    town = Town(f"namesakes {seed}")
    city = town.home()
    born: set[tuple[str, date]] = set()
    while len(town.people) < persons * 0.9:
        first_name, last_name, sex = town.draw.choice(NAMES)
        person = town.person(_in(town, city), last_name, first_name=first_name, sex=sex)
        while (last_name, person.birth_date) in born:
            person.birth_date = town.birth_date(1940, 2006)
        born.add((last_name, person.birth_date))
        _life(town, person)
    while len(town.people) < persons:
        home, last_name = _in(town, city), town.draw.choice(NAMES)[1]
        twins = [
            town.person(home, last_name, first_name=first_name)
            for first_name in town.draw.choice(TWINS)
        ]
        for twin in twins:
            twin.birth_date = twins[0].birth_date
            _life(town, twin)
    return town.stream()


def _in(town: Town, city: Home) -> Home:
    """Another address in the same city, which has a dozen postal codes."""
    zone = city.postal_code[:3]
    home = town.home()
    home.city, home.state = city.city, city.state
    home.postal_code = f"{zone}{town.draw.randrange(1, 13):02d}"
    return home


def _life(town: Town, person: Person) -> None:
    for _ in range(town.pick({1: 15, 2: 25, 3: 30, 5: 30})):
        _record(town, person)


def _record(town: Town, person: Person) -> None:
    name, born, home = person.name, person.born, person.home
    place = {"city": home.city, "state": home.state}
    kind = town.pick({"crm": 20, "shop": 25, "clinic": 20, "library": 15, "call": 15, "raffle": 5})
    if kind == "crm":
        row = f"K{person.number:06d}"
        mail = {"email": person.email} if town.chance(0.6) else {}
        phone = home.landline if town.chance(0.3) else person.mobile
        identifiers = {"crmId": row} | mail | ({"phone": phone} if town.chance(0.5) else {})
        town.record("crm", person, identifiers, name | born | home.address, source_id=row)
    elif kind == "shop":
        town.record("shop", person, {"email": person.email}, name | place)
    elif kind == "clinic":
        town.record("clinic", person, {}, name | born | place)
    elif kind == "library":
        town.record("library", person, {}, name | born | home.address)
    elif kind == "call":
        phone = home.landline if town.chance(0.3) else person.mobile
        town.record("call", person, {"phone": phone}, name)
    else:
        town.record("raffle", None, {}, name | place)
