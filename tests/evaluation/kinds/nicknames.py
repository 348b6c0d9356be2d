"""Nicknames: William here, Bill there, with or without an identifier in common.

At some addresses live two whose names have the same short form, such as Patrick and Patricia; what
says Pat there and gives neither birth date nor a thing of one's own is nobody's.
"""

from tests.evaluation.kinds.person import Home, Person
from tests.evaluation.kinds.town import Town
from tests.synthetic import Stream

SHORT = {
    "f": {
        "Katherine": "Kate Katie Kathy Kat",
        "Elizabeth": "Liz Beth Betty Lisa Eliza",
        "Margaret": "Maggie Meg Peggy",
        "Patricia": "Pat Patty Trish",
        "Deborah": "Debbie Deb",
        "Jennifer": "Jen Jenny",
        "Susan": "Sue Susie",
        "Rebecca": "Becky Becca",
        "Barbara": "Barb Babs",
        "Victoria": "Vicky Tori",
        "Christine": "Chris Chrissy Tina",
        "Alexandra": "Alex Sandra Lexi",
        "Samantha": "Sam",
        "Theresa": "Terry Tess",
        "Abigail": "Abby Gail",
        "Pamela": "Pam",
        "Eleanor": "Ellie Nora Nell",
        "Dorothy": "Dot Dottie",
        "Cynthia": "Cindy",
        "Jacqueline": "Jackie",
    },
    "m": {
        "William": "Bill Will Billy Liam",
        "Robert": "Bob Rob Bobby",
        "Richard": "Dick Rick Rich",
        "James": "Jim Jimmy Jamie",
        "Michael": "Mike Mick",
        "Thomas": "Tom Tommy",
        "Edward": "Ed Ted Eddie Ned",
        "Charles": "Chuck Charlie",
        "John": "Jack Johnny",
        "Joseph": "Joe Joey",
        "Patrick": "Pat Paddy",
        "Christopher": "Chris Kit Topher",
        "Alexander": "Alex Sandy Xander",
        "Samuel": "Sam Sammy",
        "Anthony": "Tony",
        "Nicholas": "Nick",
        "Henry": "Harry Hank",
        "Lawrence": "Larry",
        "Andrew": "Andy Drew",
        "Terrence": "Terry",
    },
}
TRAPS = (("Patrick", "Patricia", "Pat"), ("Alexander", "Alexandra", "Alex"),
         ("Samuel", "Samantha", "Sam"), ("Christopher", "Christine", "Chris"))  # fmt: skip


def nicknames(persons: int, seed: int) -> Stream:
    """The records of that many people over three years."""
    town = Town(f"nicknames {seed}")
    while (left := persons - len(town.people)) > 0:
        home, last_name = town.home(), town.surname()
        if left > 1 and town.chance(0.06):
            his, hers, short = town.draw.choice(TRAPS)
            for first_name, sex in ((his, "m"), (hers, "f")):
                _life(town, _somebody(town, home, last_name, sex, first_name), short)
            continue
        for _ in range(min(left, town.pick({1: 50, 2: 40, 3: 10}))):
            sex = town.draw.choice("fm")
            first_name = town.draw.choice(list(SHORT[sex]))
            if any(one.home is home and one.first_name == first_name for one in town.people[-2:]):
                first_name = town.first_name(sex)
            _life(town, _somebody(town, home, last_name, sex, first_name), "")
    return town.stream()


def _somebody(town: Town, home: Home, last_name: str, sex: str, first_name: str) -> Person:
    return town.person(home, last_name, sex=sex, first_name=first_name)


def _life(town: Town, person: Person, ambiguous: str) -> None:
    """Most have one short form that they use; some sources write what the papers say."""
    forms = SHORT[person.sex].get(person.first_name, person.first_name).split()
    used = ambiguous or town.draw.choice(forms)
    if town.chance(0.7):
        number = f"K{person.number:06d}"
        identifiers = {"crmId": number}
        if town.chance(0.5):
            identifiers["email"] = person.email
        if town.chance(0.4):
            identifiers["phone"] = person.home.landline if town.chance(0.3) else person.mobile
        traits = person.name | person.born | person.home.address
        town.record("crm", person, identifiers, traits, source_id=number)
    for _ in range(town.pick({1: 30, 2: 35, 3: 20, 5: 15})):
        _meeting(town, person, used if town.chance(0.75) else person.first_name, ambiguous)


def _meeting(town: Town, person: Person, first_name: str, ambiguous: str) -> None:
    own, born, home = person.email, person.born, person.home
    name = {"firstName": first_name, "lastName": person.last_name}
    unsure = first_name == ambiguous
    kind = town.pick({"account": 35, "club": 25, "delivery": 20, "call": 20})
    if kind == "account":
        phone = {"phone": person.mobile} if town.chance(0.3) else {}
        town.record("shop", person, {"email": own} | phone, name)
    elif kind == "club":
        town.record("club", person, {}, name | born | (home.address if town.chance(0.4) else {}))
    elif kind == "delivery":
        town.record("delivery", None if unsure else person, {}, name | home.address)
    else:
        from_home = town.chance(0.35)
        number = home.landline if from_home else person.mobile
        town.record("call", None if unsure and from_home else person, {"phone": number}, name)
