"""Couples: what either of two may have said is nobody's, and never makes them one."""

from itertools import permutations

import pytest

from customers.identity.policy_document import default_policy
from tests import pure
from tests.conftest import Json
from tests.rows import said

POLICY = default_policy()
MAIL, PHONE = "email:the.moors@mail.org", "phone:+442079460101"


def clusters(records: list[Json]) -> set[str]:
    """The rows by customer, ``{"ab", "c"}``."""
    found = pure.clusters(records, POLICY)
    return {"".join(sorted(key.split("|")[1] for key in keys)) for keys in found}


ANN = {"firstName": "Ann", "lastName": "Moor"}
PAUL = {"firstName": "Paul", "lastName": "Moor"}
HOME = {"street": "7 High Street", "postalCode": "LS1 4AB"}


@pytest.mark.parametrize(
    "records",
    [
        [said("a", 1, MAIL, **ANN), said("b", 1, MAIL, **PAUL), said("c", 2, MAIL)],
        [
            said("a", 1, PHONE, **ANN),
            said("b", 1, PHONE, **PAUL),
            said("c", 2, PHONE, lastName="Moor"),
        ],
        [
            said("a", 1, MAIL, PHONE, "phone:+447700900001", **ANN, **HOME),
            said("b", 1, MAIL, PHONE, "phone:+447700900002", **PAUL, **HOME),
            said("c", 2, MAIL),
        ],
        [
            said("a", 1, MAIL, PHONE, **ANN),
            said("b", 1, MAIL, PHONE, **PAUL),
            said("c", 2, MAIL, firstName="Ann & Paul", lastName="Moor"),
        ],
        [
            said("a", 1, MAIL, firstName="Christine", lastName="Moor"),
            said("b", 1, MAIL, firstName="Christopher", lastName="Moor"),
            said("c", 2, MAIL, firstName="Chris", lastName="Moor"),
        ],
        [
            said("a", 1, PHONE, firstName="John", lastName="Moor"),
            said("b", 1, PHONE, firstName="Jane", lastName="Moor"),
            said("c", 2, PHONE, firstName="J.", lastName="Moor"),
        ],
        [
            said("a", 1, firstName="Patrick", lastName="Moor", **HOME),
            said("b", 1, firstName="Patricia", lastName="Moor", **HOME),
            said("c", 2, firstName="Pat", lastName="Moor", **HOME),
        ],
    ],
    ids=["newsletter", "surname", "household", "names", "short for both", "initial", "house"],
)
def test_what_either_of_a_couple_may_have_said_joins_neither(records: list[Json]) -> None:
    for order in permutations(records):
        assert clusters(list(order)) == {"a", "b", "c"}


def test_what_only_one_of_them_can_have_said_is_theirs() -> None:
    couple = [
        said("a", 1, MAIL, "phone:+447700900001", **ANN),
        said("b", 1, MAIL, "phone:+447700900002", **PAUL),
    ]
    assert clusters([*couple, said("c", 2, MAIL, "phone:+447700900002")]) == {"a", "bc"}
    assert clusters([*couple, said("c", 2, MAIL, **ANN)]) == {"ac", "b"}


def test_a_nickname_that_nobody_knows_is_one_person_where_the_birth_date_says_so() -> None:
    born = {"lastName": "Huber", "birthDate": "1970-05-04"}
    known = [
        said("a", 1, MAIL, firstName="Georg", **born),
        said("b", 1, MAIL, firstName="Schorsch", **born),
    ]
    assert clusters([*known, said("c", 2, MAIL)]) == {"abc"}


def test_a_loyal_customer_who_calls_herself_otherwise_stays_one() -> None:
    # Her number is hers alone, and so the mailbox of two names is no couple's.
    rows = [
        said("a", 1, "crmId:1", MAIL, firstName="Katarina", lastName="Moor"),
        said("b", 1, "crmId:1", MAIL, firstName="Kat", lastName="Moor"),
        said("c", 2, MAIL),
    ]
    assert clusters(rows) == {"abc"}


def test_rows_without_names_are_a_crowd_by_their_mailboxes() -> None:
    shop = [said(f"r{n}", 1, PHONE, f"email:guest.{n}@mail.org") for n in range(30)]
    assert clusters(shop) == {f"r{n}" for n in range(30)}
    # One who has a name among them makes them no fewer.
    assert len(clusters([*shop, said("a", 1, PHONE, **ANN)])) == 31
    # So many mailboxes one person may have.
    assert clusters(shop[:5]) == {"".join(f"r{n}" for n in range(5))}


def test_a_first_name_and_a_birth_date_join_nobody_by_themselves() -> None:
    born = {"firstName": "Maria", "birthDate": "1985-03-12"}
    rows = [
        said(one, 1, f"cookie:{one}", city=city, **born)
        for one, city in zip("ab", ("Kiel", "Ulm"), strict=True)
    ]
    assert clusters(rows) == {"a", "b"}
    named = [one | {"traits": one["traits"] | {"lastName": "Moor"}} for one in rows]
    assert clusters(named) == {"ab"}


def test_two_of_one_first_name_in_a_firm_of_several_are_two() -> None:
    firm = {"street": "ul. Ogrodowa 54", "postalCode": "96-305", "city": "Toruń"}
    info, switchboard = "email:info@dycha.pl", "phone:+48125547059"

    def row(one: str, first: str, last: str, *own: str) -> Json:
        return said(one, 1, info, switchboard, *own, firstName=first, lastName=last, **firm)

    colleague = row("k", "Oliwier", "Krauza")
    assert clusters([row("a", "Ada", "Sawko"), row("b", "Ada", "Pacura"), colleague]) == {
        "a", "b", "k"
    }  # fmt: skip
    # She who married has her own mobile still.
    mobile = "phone:+48600100200"
    married = [row("a", "Ada", "Sawko", mobile), row("b", "Ada", "Pacura", mobile)]
    assert clusters([*married, colleague]) == {"ab", "k"}


def test_who_calls_by_the_switchboard_is_she_who_works_there_under_that_name() -> None:
    info, switchboard = "email:info@norwick.example", "phone:+12679507804"
    names = ["Ann Moor", "Ben Lee", "Cara Fox", "Dan Moss", "Eve Hill", "Finn Wood", "Gina Park"]

    def staff(row: str, name: str, *identifiers: str) -> Json:
        first, last = name.split()
        return said(
            row, 1, *identifiers, firstName=first, lastName=last, company="Norwick Foods Inc."
        )

    crm = [
        staff(row, name, f"crmId:{row}", f"email:{row}@norwick.example", info, switchboard)
        for row, name in zip("abcdefg", names, strict=True)
    ]
    call = staff("z", "Ann Moor", info, switchboard)
    assert clusters([*crm, call]) == {"az", *"bcdefg"}
    # Of two who are called so it is nobody's, nor is it hers of another company.
    assert clusters([*crm, staff("y", "Ann Moor", "crmId:y", switchboard), call]) == {
        *"abcdefg", "y", "z"
    }  # fmt: skip
    # Nor does it join two of other places, or of other mailboxes, to each other.
    boston, austin = {"postalCode": "02139"}, {"postalCode": "78701"}
    two = [
        said(
            "m", 1, "email:m@x.org", firstName="Ann", lastName="Moor", company="Norwick", **boston
        ),
        said(
            "n", 1, "email:n@x.org", firstName="Ann", lastName="Moor", company="Norwick", **austin
        ),
    ]
    bare = said("o", 1, firstName="Ann", lastName="Moor", company="Norwick")
    assert clusters([*two, bare]) == clusters([bare, *reversed(two)]) == {"m", "n", "o"}
    assert clusters([two[0], bare]) == {"mo"}
    elsewhere = call | {"traits": call["traits"] | {"company": "Walham Group"}}
    assert clusters([*crm, elsewhere]) == {*"abcdefg", "z"}
