"""Companies: a mailbox and a switchboard for all of them, and orders by several people.

Employees have a mailbox of the form first.last@company, some a number of their own, and they shop
as private people too. An order that names only the company is nobody's.
"""

from dataclasses import dataclass

from tests.evaluation.kinds.person import Home, Person
from tests.evaluation.kinds.town import Town
from tests.synthetic import Stream

FUNCTIONS = ("purchasing", "sales", "accounts")
FORMS = ("Ltd", "Inc", "GmbH", "Group", "Partners", "Systems", "Logistics", "Foods")


@dataclass(frozen=True)
class Company:
    """Where people work, and what they share there."""

    name: str
    domain: str
    home: Home

    @property
    def traits(self) -> dict[str, str]:
        """What its records say of it."""
        return {"company": self.name} | self.home.address


@dataclass(frozen=True)
class Employee:
    """Somebody who works there; a function mailbox is read by two or three."""

    person: Person
    company: Company
    work_mail: str
    function_mail: str
    extension: str


def companies(persons: int, seed: int) -> Stream:
    """The records of that many employees over three years."""
    town = Town(f"companies {seed}")
    while (left := persons - len(town.people)) > 0:
        company = _company(town)
        size = min(left, town.pick({2: 30, 4: 25, 8: 20, 15: 15, 40: 10}))
        staff = [_employee(town, company, n) for n in range(size)]
        taken = {(one.person.first_name, one.person.last_name) for one in staff}
        for one in staff:
            _life(town, one, unique=len(taken) == size)
        for _ in range(size // 2):
            mail = f"info@{company.domain}"
            town.record(
                "orders", None, {"email": mail, "phone": company.home.landline}, company.traits
            )
    return town.stream()


def _company(town: Town) -> Company:
    word, form = town.surname(), town.draw.choice(FORMS)
    domain = f"{word}-{form}{len(town.people)}.example".lower()
    return Company(f"{word} {form}", domain, town.home())


def _employee(town: Town, company: Company, place: int) -> Employee:
    person = town.person(town.home(), town.surname(), years=(1958, 2003))
    first, last = person.first_name.lower(), person.last_name.lower()
    work_mail = town.mailbox(first, last, company.domain)
    has_function = place < 3 * len(FUNCTIONS) and town.chance(0.4)
    function = f"{FUNCTIONS[place % len(FUNCTIONS)]}@{company.domain}" if has_function else ""
    extension = town.number(("212",)) if town.chance(0.4) else ""
    return Employee(person, company, work_mail, function, extension)


def _life(town: Town, employee: Employee, *, unique: bool) -> None:
    person, company = employee.person, employee.company
    at_work = (
        f"{person.first_name} {person.last_name} {company.name}"  # a clue, if nobody shares it
    )
    if town.chance(0.8):
        number = f"K{person.number:06d}"
        phone = employee.extension or company.home.landline
        identifiers = {"crmId": number, "email": employee.work_mail, "phone": phone}
        clues = {employee.work_mail, at_work if unique else employee.work_mail}
        traits = person.name | company.traits
        town.record("crm", person, identifiers, traits, clues=clues, source_id=number)
    for _ in range(town.pick({1: 30, 2: 30, 4: 25, 7: 15})):
        _order(town, employee, {at_work} if unique else set())
    if town.chance(0.35):
        _private(town, employee)


def _order(town: Town, employee: Employee, named: set[str]) -> None:
    person, company = employee.person, employee.company
    by = town.pick({"own": 40, "function": 20, "info": 25, "phone": 15})
    shared = {"function": employee.function_mail, "info": f"info@{company.domain}"}
    mailbox = shared.get(by) or ("" if by == "phone" else employee.work_mail)
    number = company.home.landline if town.chance(0.6) else employee.extension
    if by == "phone":
        number = number or company.home.landline
    identifiers = {"email": mailbox, "phone": number}
    clues = set(named)
    if mailbox == employee.work_mail:
        clues.add(mailbox)
    if number and number == employee.extension:
        clues.add(number)
    traits = person.name | (company.traits if town.chance(0.8) else {"company": company.name})
    town.record("orders", person if clues else None, identifiers, traits, clues=clues)


def _private(town: Town, employee: Employee) -> None:
    """An account at home, where the number, the address or the work's mailbox tell who it is."""
    person = employee.person
    traits = person.name | person.home.address
    if town.chance(0.5):
        identifiers = {"email": employee.work_mail}
        if town.chance(0.7):
            identifiers["phone"] = person.mobile
        traits_there = traits | {"company": employee.company.name}
        town.record("event", person, identifiers, traits_there)
    identifiers = {"email": person.email, "phone": employee.extension}
    town.record("shop", person, identifiers, traits)
