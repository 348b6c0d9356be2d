"""A made-up stream of records of which we know who is who.

People live in households and meet a shop as a CRM row, on browsers and devices (a profile for each
device and login, one more for what was anonymous there), by till receipts and by calls. At known
rates it lays traps: a family's mailbox and landline, a household's tablet, a public kiosk, the
number of a call centre, placeholder e-mails, network addresses, recycled numbers, an agent who
opens the wrong file, couples who share all but name and birth date, senior and junior, late
records. The same seed gives the same records.
"""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

NAMES = (  # noqa: SIM905
    "ann ben cara dan eva finn gina hugo iris jack kate liam mia noah olga paul rosa sam tina uma "
    "vera will xena yuri zoe"
).split()

SYLLABLES = (  # noqa: SIM905
    "ba be bi bo da de di do ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si "
    "so ta te ti to va ve"
).split()

PLACEHOLDERS = ("test@test.com", "noemail@example.com", "none@none.com", "a@a.com")
CALL_CENTRE = "+18005550100"
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
YEAR_MINUTES = 525_600
GIVEN_UP, TAKEN_OVER = 240_000, 260_000  # minutes at which a number is left, and has a new owner

JsonRecord = dict[str, Any]
Draft = tuple[
    int, int, JsonRecord, str
]  # minute of arrival, minute it happened, record, its person


@dataclass
class Home:
    """What the people of one household share."""

    landline: str
    tablet: str
    network: str
    street: str
    postal_code: str
    mailbox: str | None
    close: bool  # they share everything


@dataclass
class Person:
    """Somebody, and what is theirs alone."""

    number: int
    home: Home
    first_name: str
    last_name: str
    birth_date: str
    crm_id: str
    mobile: str
    devices: list[str]
    cookies: list[str]
    email: str = ""
    mobile_until: int | None = None
    next_mobile: str | None = None

    def mobile_at(self, minute: int) -> str | None:
        """The number that reaches them then."""
        if self.next_mobile is not None and minute > TAKEN_OVER:
            return self.next_mobile
        gone = self.mobile_until is not None and minute > self.mobile_until
        return None if gone else self.mobile


@dataclass
class Stream:
    """Records in order of arrival, and the person behind each profile where that can be told."""

    records: list[JsonRecord] = field(default_factory=list)
    truth: dict[tuple[str, str], str] = field(default_factory=dict)


def stream(persons: int = 5000, seed: int = 1) -> Stream:
    """The records of that many people over one year."""
    return _Maker(persons, seed).stream()


class _Maker:
    """Draws everything from one generator, in one order, which is what makes a seed repeatable."""

    def __init__(self, persons: int, seed: int) -> None:
        self.draw = random.Random(seed)
        self.people = self._population(persons)
        self.kiosks = [f"kiosk-{n}" for n in range(max(1, persons // 2500))]
        self.serial = 0
        self._recycle_numbers(persons // 100)

    def stream(self) -> Stream:
        drafts = [draft for person in self.people for draft in self._life(person)]
        logged_in: dict[str, set[str]] = {}
        for _, _, record, who in drafts:
            thing, dot, _ = record["sourceId"].partition(".")
            if dot:
                logged_in.setdefault(thing, set()).add(who)
        drafts.sort(key=lambda draft: (draft[0], draft[1], draft[2]["sourceId"]))
        made = Stream()
        for _, happened, record, who in drafts:
            at = BEGIN + timedelta(minutes=happened)
            made.records.append(record | {"at": at.isoformat().replace("+00:00", "Z")})
            # Anonymous use of a thing is nobody's where several people log in; where at most one
            # does, nobody could tell, and it is not scored.
            if not who.startswith(("kiosk", "tab")) or len(logged_in.get(who, ())) > 1:
                made.truth[record["source"], record["sourceId"]] = who
        return made

    def _population(self, count: int) -> list[Person]:
        people: list[Person] = []
        homes = 0
        while len(people) < count:
            surname = self._surname()
            size = self.draw.choices([1, 2, 3, 4, 5], [35, 30, 15, 14, 6])[0]
            home = self._home(homes, surname, size)
            homes += 1
            people += [self._person(len(people) + n, home, surname) for n in range(size)]
            if size > 1 and self.draw.random() < 0.02:  # senior and junior
                people[-1].first_name = people[-2].first_name
                people[-1].last_name = people[-2].last_name
        return people[:count]

    def _surname(self) -> str:
        return "".join(self.draw.choice(SYLLABLES) for _ in range(self.draw.randint(2, 4)))

    def _home(self, number: int, surname: str, size: int) -> Home:
        draw = self.draw
        network = f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(256)}"
        street = f"{draw.randrange(1, 300)} {self._surname()} street"
        postal_code = str(draw.randrange(10000, 99999))
        shares_mail = size > 1 and draw.random() < 0.15
        return Home(
            landline=f"+1212555{number % 10000:04d}",
            tablet=f"tab-{number}",
            network=network,
            street=street,
            postal_code=postal_code,
            mailbox=f"the.{surname}s{number}@family.example" if shares_mail else None,
            close=size > 1 and draw.random() < 0.03,
        )

    def _person(self, number: int, home: Home, surname: str) -> Person:
        draw = self.draw
        first_name = draw.choice(NAMES)
        last_name = surname if draw.random() < 0.9 else self._surname()
        year, month, day = draw.randrange(1940, 2008), draw.randrange(1, 13), draw.randrange(1, 29)
        prefix = draw.choice(["646", "718", "929"])
        devices, cookies = draw.choice([1, 1, 2, 3]), draw.choice([1, 2, 3, 5])
        return Person(
            number=number,
            home=home,
            first_name=first_name,
            last_name=last_name,
            birth_date=f"{year}-{month:02d}-{day:02d}",
            crm_id=f"C{number:07d}",
            mobile=f"+1{prefix}{2000000 + number:07d}",
            devices=[f"dev-{number}-{n}" for n in range(devices)],
            cookies=[f"ck-{number}-{n}" for n in range(cookies)],
            email=f"{first_name}.{surname}{number}@mail.example",
        )

    def _recycle_numbers(self, count: int) -> None:
        for old in self.draw.sample(self.people, count):
            new = self.draw.choice(self.people)
            if new is not old:
                new.next_mobile = old.mobile
                old.mobile_until = GIVEN_UP

    def _life(self, person: Person) -> list[Draft]:
        records = self.draw.choices([2, 3, 4, 6, 9, 14], [10, 20, 25, 20, 15, 10])[0]
        return [self._record(person) for _ in range(records)]

    def _record(self, person: Person) -> Draft:
        draw, home = self.draw, person.home
        happened = draw.randrange(YEAR_MINUTES)
        source = draw.choices(["web", "app", "crm", "pos", "call"], [40, 20, 15, 15, 10])[0]
        email = person.email
        if home.mailbox and draw.random() < (0.9 if home.close else 0.5):
            email = home.mailbox
        if draw.random() < 0.01:
            email = draw.choice(PLACEHOLDERS)
        mobile = person.mobile_at(happened)
        if home.close and draw.random() < 0.8:
            mobile = home.landline
        self.serial += 1
        make = {"web": self._visit, "app": self._visit, "crm": self._row, "pos": self._receipt}
        record, who = make.get(source, self._call)(source, person, email, mobile)
        late = draw.randrange(20000) if draw.random() < 0.02 else 0
        return happened + late, happened, record, who

    def _visit(
        self, source: str, person: Person, email: str, mobile: str | None
    ) -> tuple[JsonRecord, str]:
        draw, home = self.draw, person.home
        if source == "web":
            kiosk = draw.random() < 0.01
            thing, known_as = draw.choice(self.kiosks if kiosk else person.cookies), "cookie"
        else:
            shared = draw.random() < (0.6 if home.close else 0.1)
            thing, known_as = home.tablet if shared else draw.choice(person.devices), "device"
        logs_in = draw.random() < 0.6
        identifiers = [(known_as, thing)]
        if source == "web":
            identifiers.append(("ip", home.network))
        if not logs_in:
            owner = thing if thing.startswith(("kiosk", "tab")) else str(person.number)
            return _json(source, thing, identifiers, {}), owner
        identifiers.append(("email", email))
        name = self._written_name(person)
        common = email in PLACEHOLDERS or email == home.mailbox
        login = hashlib.md5(f"{email}{person.number if common else ''}".encode()).hexdigest()[:6]
        if source == "app" and mobile and draw.random() < 0.5:
            identifiers.append(("phone", mobile))
        return _json(source, f"{thing}.{login}", identifiers, name), str(person.number)

    def _row(
        self, source: str, person: Person, email: str, mobile: str | None
    ) -> tuple[JsonRecord, str]:
        identifiers = [("crmId", person.crm_id), ("email", email)]
        if mobile and self.draw.random() < 0.7:
            landline = self.draw.random() < 0.25
            identifiers.append(("phone", person.home.landline if landline else mobile))
        traits = self._written_name(person) | {
            "birthDate": person.birth_date,
            "street": person.home.street,
            "postalCode": person.home.postal_code,
        }
        return _json(source, person.crm_id, identifiers, traits), str(person.number)

    def _receipt(
        self, source: str, person: Person, email: str, mobile: str | None
    ) -> tuple[JsonRecord, str]:
        by_card = self.draw.random() < 0.6 or not mobile
        identifiers = [("crmId", person.crm_id) if by_card else ("phone", str(mobile))]
        if self.draw.random() < 0.4:
            identifiers.append(("email", email))
        name = self._written_name(person)
        return _json(source, f"r{self.serial}", identifiers, name), str(person.number)

    def _call(
        self, source: str, person: Person, email: str, mobile: str | None
    ) -> tuple[JsonRecord, str]:
        draw = self.draw
        if draw.random() < 0.1:
            caller = CALL_CENTRE
        else:
            from_home = draw.random() < 0.3 or not mobile
            caller = person.home.landline if from_home else str(mobile)
        identifiers = [("phone", caller)]
        if draw.random() < 0.5:
            wrong_file = draw.random() < 0.01
            opened = draw.choice(self.people) if wrong_file else person
            identifiers.append(("crmId", opened.crm_id))
        traits = self._written_name(person) | {"birthDate": person.birth_date}
        return _json(source, f"t{self.serial}", identifiers, traits), str(person.number)

    def _written_name(self, person: Person) -> dict[str, str]:
        return {
            "firstName": self._slipped(person.first_name),
            "lastName": self._slipped(person.last_name),
        }

    def _slipped(self, name: str) -> str:
        """The name, one time in twenty with a letter dropped or changed."""
        draw = self.draw
        if draw.random() >= 0.05:
            return name
        place = draw.randrange(1, len(name))
        if draw.random() < 0.5:
            return name[: place - 1] + name[place:]
        return name[: place - 1] + draw.choice("aeiort") + name[place:]


def _json(
    source: str, source_id: str, identifiers: list[tuple[str, str]], traits: dict[str, str]
) -> JsonRecord:
    return {
        "source": source,
        "sourceId": source_id,
        "identifiers": [{"namespace": name, "value": value} for name, value in identifiers],
        "traits": traits,
    }
