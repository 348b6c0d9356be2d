"""Few identifiers: a CRM, tills and events, where two records often share but one thing.

A pair may have only name and birth date in common, only name and address, or only a mailbox. Some
households have one mailbox for all; what came with it and without a name is nobody's.
"""

from tests.evaluation.kinds.person import Person
from tests.evaluation.kinds.town import Town
from tests.synthetic import Stream

# What people leave at a till or an event beside their name, by how often they do.
FORMS: dict[tuple[str, ...], float] = {
    ("birthDate",): 28,
    ("address",): 22,
    ("email",): 18,
    ("mobile",): 10,
    ("birthDate", "address"): 8,
    ("email", "birthDate"): 6,
    ("email", "mobile"): 4,
    (): 4,
}


def few(persons: int, seed: int) -> Stream:
    """The records of that many people over three years."""
    town = Town(f"few {seed}")
    for household in town.households(persons):
        family_mail = ""
        if len(household) > 1 and town.chance(0.08):
            family_mail = household[0].email
        for person in household:
            person.email = family_mail or person.email
            _life(town, person, bool(family_mail))
    return town.stream()


def _life(town: Town, person: Person, shares_mail: bool) -> None:
    if town.chance(0.7):
        _row(town, person)
    for _ in range(town.pick({1: 40, 2: 35, 3: 15, 5: 10})):
        if town.chance(0.12):
            # Newsletters ask for nothing but the mailbox.
            owner = None if shares_mail else person
            town.record("newsletter", owner, {"email": person.email}, {})
        else:
            _registration(town, person)


def _row(town: Town, person: Person) -> None:
    number = f"K{person.number:06d}"
    identifiers = {"crmId": number}
    if town.chance(0.5):
        identifiers["email"] = person.email
    if town.chance(0.35):
        identifiers["phone"] = person.mobile
    traits = person.name | (person.born if town.chance(0.75) else {})
    traits |= person.home.address if town.chance(0.8) else {}
    town.record("crm", person, identifiers, traits, source_id=number)


def _registration(town: Town, person: Person) -> None:
    form = town.pick(FORMS)
    identifiers = {}
    traits = dict(person.name)
    if "email" in form:
        identifiers["email"] = person.email
    if "mobile" in form:
        identifiers["phone"] = person.mobile
    if "birthDate" in form:
        traits |= person.born
    if "address" in form:
        traits |= person.home.address
    town.record(town.draw.choice(["till", "event"]), person, identifiers, traits)
