"""A town: people with what is theirs, and the records that they leave behind.

A record gives clues (a mailbox, a birth date, an address). Of the profiles of a person those are
scored that clues lead to from one to the next, the most where that falls into parts: of the others
nobody could tell whose they are.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from tests.evaluation.kinds import names
from tests.evaluation.kinds.clues import Profile, followed
from tests.evaluation.kinds.person import Home, Person
from tests.synthetic import JsonRecord, Stream

DAYS = 1095  # of the three years that a stream covers
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
DOMAINS = ("mail.example", "post.example", "inbox.example", "letters.example")
Something = TypeVar("Something")


class Town:
    """Draws everything from one generator, which is what makes a seed repeatable."""

    def __init__(self, seed: str) -> None:
        self.draw = random.Random(seed)
        self.people: list[Person] = []
        self._taken: set[str] = set()
        self._records: list[tuple[str, JsonRecord]] = []
        self._clues: dict[int, dict[Profile, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._nobodys: set[Profile] = set()

    def chance(self, share: float) -> bool:
        """Whether it happens, so often of all times."""
        return self.draw.random() < share

    def pick(self, weights: Mapping[Something, float]) -> Something:
        """One of them, by weight."""
        return self.draw.choices(list(weights), list(weights.values()))[0]

    def households(self, persons: int) -> Iterator[list[Person]]:
        """So many people in all, by household: mostly families of one name."""
        while (left := persons - len(self.people)) > 0:
            size = min(left, self.pick({1: 35, 2: 30, 3: 15, 4: 14, 5: 6}))
            home, last_name = self.home(), self.surname()
            yield [
                self.person(home, last_name if self.chance(0.9) else self.surname())
                for _ in range(size)
            ]

    def home(self) -> Home:
        """Somewhere else each time."""
        draw = self.draw
        city, state, zone, areas = draw.choice(names.CITIES)
        while True:
            kind = draw.choice(names.STREET_TYPES)
            street = f"{draw.randrange(1, 400)} {draw.choice(names.STREETS)} {kind}"
            if self._free(f"{street} {city}"):
                break
        return Home(street, city, state, f"{zone}{draw.randrange(1, 40):02d}", self.number(areas))

    def person(
        self,
        home: Home,
        last_name: str,
        *,
        first_name: str = "",
        sex: str = "",
        years: tuple[int, int] = (1940, 2006),
    ) -> Person:
        """Somebody who lives there."""
        sex = sex or self.draw.choice("fm")
        first_name = first_name or self.first_name(sex)
        made = Person(
            number=len(self.people),
            sex=sex,
            first_name=first_name,
            last_name=last_name,
            birth_date=self.birth_date(*years),
            home=home,
            mobile=self.number(("646", "917", "332")),
            email=self.mailbox(first_name, last_name),
        )
        self.people.append(made)
        return made

    def first_name(self, sex: str) -> str:
        """Frequent ones more often."""
        return self._frequent(names.WOMEN if sex == "f" else names.MEN)

    def surname(self) -> str:
        """One in three is one of the frequent ones."""
        if self.chance(0.35):
            return self._frequent(names.SURNAMES)
        return self.draw.choice(names.BEGINNINGS) + self.draw.choice(names.ENDINGS)

    def birth_date(self, first_year: int, last_year: int) -> date:
        """Of those years, the last one included."""
        first, after = date(first_year, 1, 1), date(last_year + 1, 1, 1)
        return first + timedelta(self.draw.randrange((after - first).days))

    def number(self, areas: Sequence[str]) -> str:
        """A telephone number that nobody else has."""
        draw = self.draw
        while True:
            exchange = f"{draw.randrange(2, 10)}{draw.randrange(2, 10)}{draw.randrange(10)}"
            number = f"+1{draw.choice(areas)}{exchange}{draw.randrange(10000):04d}"
            if self._free(number):
                return number

    def mailbox(self, first_name: str, last_name: str, domain: str = "") -> str:
        """A mail address that nobody else has, made of the name as people do."""
        draw = self.draw
        first, last = (
            "".join(letter for letter in name.lower() if "a" <= letter <= "z")
            for name in (first_name, last_name)
        )
        domain = domain or draw.choice(DOMAINS)
        plain = draw.choice([f"{first}.{last}", f"{first[0]}{last}", f"{first}{last}", last])
        while not self._free(mailbox := f"{plain}@{domain}"):
            plain += str(draw.randrange(10))
        return mailbox

    def record(
        self,
        source: str,
        owner: Person | None,
        identifiers: Mapping[str, str],
        traits: Mapping[str, str],
        *,
        clues: Collection[str] | None = None,
        day: int | None = None,
        source_id: str = "",
    ) -> None:
        """A record, on any day unless one is given; by itself a profile unless an id is given.

        Unless they are given, the clues are its identifiers, its birth date and its address.
        """
        source_id = source_id or f"{source}-{len(self._records)}"
        day = self.draw.randrange(DAYS) if day is None else day
        at = BEGIN + timedelta(days=day, minutes=self.draw.randrange(1440))
        if clues is None:
            clues = {*identifiers.values(), traits.get("birthDate", ""), traits.get("street", "")}
        if owner is None:
            self._nobodys.add((source, source_id))
        else:
            self._clues[owner.number][source, source_id] |= set(clues) - {""}
        record: JsonRecord = {
            "source": source,
            "sourceId": source_id,
            "at": at.isoformat().replace("+00:00", "Z"),
            "identifiers": [
                {"namespace": name, "value": value} for name, value in identifiers.items() if value
            ],
            "traits": {name: value for name, value in traits.items() if value},
        }
        self._records.append((record["at"], record))

    def stream(self) -> Stream:
        """All records so far, in order of time."""
        truth = {
            profile: f"p{number}"
            for number, clues in self._clues.items()
            for profile in followed(clues) - self._nobodys
        }
        return Stream(
            [record for _, record in sorted(self._records, key=lambda one: one[0])], truth
        )

    def _free(self, what: str) -> bool:
        free = what not in self._taken
        self._taken.add(what)
        return free

    def _frequent(self, among: Sequence[str]) -> str:
        weights = [1 / (place + 10) for place in range(len(among))]
        return self.draw.choices(among, weights)[0]
