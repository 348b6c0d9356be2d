"""Symmetry: nothing depends on which of two is asked about the other."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.identity.compared import compared
from customers.identity.evidence import Evidence, bits, called_otherwise, evidence, missing
from customers.identity.names import agreement
from customers.identity.policy_document import default_policy

POLICY = default_policy()
AT = 1_760_000_000_000
# As people write them, in either field: cut, changed over, in other letters, doubled and titled.
NAMES = st.sampled_from(
    (
        "Ann", "N. Ann", "Ann N", "N", "A.", "Anna", "Anna Maria", "Maria Anna", "Maria",
        "Smith", "Smyth", "Ann Smith", "Smith Ann", "Smith/Ann", "Moor, Ann", "Dr. med. Ann",
        "Le", "Hoang Nam", "Le Hoang Nam", "Bill", "William", "W", "Dina", "Dana", "García",
        "García López", "López", "Otero Solano", "Solano Fortuny", "YOUNGHO", "Young-ho",
        "J.P.", "Jean-Pierre", "Jean", "de la Cruz", "Müller", "Mueller", "Jon", "John", "Joan",
        "Not", "Provided", "JB", "Jean-Baptiste", "Hajo", "Hans-Joachim", "محمد", "Mohammed",
    )
)  # fmt: skip
DAYS = st.sampled_from(("1980-01-01", "1980-02-03", "1980-02-04", "1980-03-02", "1981-02-03"))
STREETS = st.sampled_from(("12 Oak St", "12 Oak Street, Apt 4", "13 Oak St"))
KEYS = st.sampled_from(
    (
        "phone|+15124392751", "email|fam@x.org", "email|jane@gmail.com", "email|jane@gmial.com",
        "cookie|t", "crmId|1", "crmId|2", "loyaltyId|3", "ssn|123456789", "ssn|123456780",
    )
)  # fmt: skip


@st.composite
def known(draw: st.DrawFn) -> Evidence:
    """What a row may come to."""
    told = {
        "firstName": draw(st.lists(NAMES, max_size=2, unique=True)),
        "lastName": draw(st.lists(NAMES, max_size=2, unique=True)),
        "suffix": draw(st.lists(st.sampled_from(("Jr", "Sr", "III")), max_size=1)),
        "birthDate": draw(st.lists(DAYS, max_size=2, unique=True)),
        "street": draw(st.lists(STREETS, max_size=1)),
    }
    told["city"] = told["street"] and ["Boston"]
    traits = {
        name: tuple((orjson.dumps(value).decode(), AT + n) for n, value in enumerate(values))
        for name, values in told.items()
        if values
    }
    keys = draw(st.lists(KEYS, max_size=4, unique=True))
    return evidence(keys, compared(traits, POLICY), POLICY)


@settings(max_examples=1_500)
@given(known(), known(), st.integers(1, 3))
def test_two_are_to_each_other_what_the_other_is_to_them(
    a: Evidence, b: Evidence, people: int
) -> None:
    counts = dict.fromkeys(a.links | b.links, people)
    assert bits(a, b, counts, POLICY) == bits(b, a, counts, POLICY)
    assert called_otherwise(a, b, counts, POLICY) == called_otherwise(b, a, counts, POLICY)
    assert missing(a, b, POLICY) == missing(b, a, POLICY)


@settings(max_examples=500)
@given(st.sets(NAMES, min_size=1, max_size=3), st.sets(NAMES, min_size=1, max_size=3))
def test_names_agree_both_ways(ours: set[str], theirs: set[str]) -> None:
    one, other = ({name.lower() for name in names} for names in (ours, theirs))
    for kind in ("given", "family"):
        assert agreement(kind, one, other) == agreement(kind, other, one)
