"""Near names: who is called so to the letter comes before a relative who is called nearly so."""

from itertools import permutations

import pytest

from customers.identity.policy_document import default_policy
from tests import pure
from tests.conftest import Json
from tests.rows import said

POLICY = default_policy()
PHONE = "phone:+15124392751"
HOME = {"street": "12 Oak St", "postalCode": "02139", "city": "Boston"}


def clusters(records: list[Json]) -> set[str]:
    """The rows by customer, ``{"ab", "c"}``."""
    found = pure.clusters(records, POLICY)
    return {"".join(sorted(key.split("|")[1] for key in keys)) for keys in found}


def sisters(one: str, other: str, *shared: str, **born: str) -> list[Json]:
    """Two of one house, each with a number and a mailbox of her own."""
    return [
        said(
            row, 1, f"crmId:{row}", f"email:{row}@mail.org", *shared,
            firstName=name, lastName="Kim", **HOME, **born,
        )
        for row, name in (("a", one), ("b", other))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"), [("Mara", "Maria"), ("Fabian", "Fabienne"), ("Luca", "Luka"), ("Jon", "John")]
)
def test_a_call_is_hers_who_is_called_so(one: str, other: str) -> None:
    calls = [
        said("c", 2, PHONE, firstName=one, lastName="Kim"),
        said("d", 2, PHONE, firstName=other, lastName="Kim"),
    ]
    for records in permutations([*sisters(one, other, PHONE), *calls]):
        assert clusters([*records]) == {"ac", "bd"}


def test_a_name_that_is_nearly_both_is_nobodys() -> None:
    call = said("c", 2, PHONE, firstName="Jaydan", lastName="Kim")
    assert clusters([*sisters("Jayden", "Jaydon", PHONE), call]) == {"a", "b", "c"}


def test_a_slip_is_hers_where_nobody_else_is_called_so() -> None:
    [ann, _] = sisters("Katherine", "Ben", PHONE)
    call = said("c", 2, PHONE, firstName="Kathrine", lastName="Kim")
    assert clusters([ann, call]) == {"ac"}
    assert clusters([*sisters("Katherine", "Ben", PHONE), call]) == {"ac", "b"}


def test_a_twin_is_told_by_the_letter() -> None:
    twins = sisters("Luca", "Luka", PHONE, birthDate="1999-10-31")
    till = said(
        "c", 2, PHONE, "loyaltyId:7", firstName="Luka", lastName="Kim", birthDate="1999-10-31"
    )
    assert clusters([*twins, till]) == {"a", "bc"}


def test_strangers_of_one_common_name_and_a_first_of_january_stay_apart() -> None:
    born = {"firstName": "Maria", "lastName": "Garcia"}

    def rows(day: str) -> list[Json]:
        return [
            said("a", 1, "crmId:1", "email:a@mail.org", birthDate=day, city="Madrid", **born),
            said("b", 1, "loyaltyId:9", "email:b@mail.org", birthDate=day, city="Sevilla", **born),
        ]

    assert clusters(rows("1987-01-01")) == {"a", "b"}
    assert clusters(rows("1987-05-17")) == {"ab"}
    # With a house in common there is more than a year.
    assert clusters([one | {"traits": one["traits"] | HOME} for one in rows("1987-01-01")]) == {
        "ab"
    }
    # And so there is with a mailbox.
    mail = "email:maria@mail.org"
    same = [
        said("a", 1, "crmId:1", mail, birthDate="1987-01-01", **born),
        said("b", 1, "loyaltyId:9", mail, birthDate="1987-01-01", **born),
    ]
    assert clusters(same) == {"ab"}
