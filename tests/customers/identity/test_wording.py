"""The sentences of explanations, word by word."""

import random
from typing import Any

import pytest

from customers.identity.account import account
from customers.identity.explanation import Explanation
from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from customers.identity.replay import Replay
from customers.identity.telling import Telling
from customers.identity.wording import Wording, bits, listed, signed
from customers.principal import DEVELOPER
from tests import pure
from tests.scenarios import SCENARIOS

POLICY = default_policy()
Records = list[dict[str, Any]]


def explanation(records: Records, a: str, b: str, policy: Policy = POLICY) -> Explanation:
    """What is told of two profiles, with the identifiers' keys for their values."""
    replay = Replay(pure.members(records, policy), policy)
    rows = {
        key: {
            "sourceId": key.partition("|")[2],
            "links": [
                {
                    "key": held.key,
                    "value": held.key.partition("|")[2],
                    "firstSeen": held.used,
                    "lastSeen": held.used,
                }
                for held in one.held
                if not held.key.startswith("~")
            ],
        }
        for key, one in replay.members.items()
    }
    telling = Telling(replay, Wording(policy), DEVELOPER, rows)
    return telling.explanation(account(replay, {a}, {b}))


def said(records: Records, a: str, b: str, policy: Policy = POLICY) -> str:
    """The text, without what is added since nothing was written to a graph."""
    return explanation(records, a, b, policy).text.partition(" The graph still has")[0]


def scenario(name: str) -> Records:
    [found] = [one for one in SCENARIOS if one.name == name]
    return found.records


def record(source: str, source_id: str, identifiers: dict[str, str], **traits: str) -> Any:  # noqa: ANN401 - JSON
    return {
        "source": source,
        "sourceId": source_id,
        "at": "2026-01-01T00:00:00Z",
        "identifiers": [{"namespace": name, "value": one} for name, one in identifiers.items()],
        "traits": traits,
    }


def test_a_mailbox_of_two_counts_less_and_says_so() -> None:
    couple = scenario("10 couple who share everything")
    assert said(couple, "crm|a", "app|tabA").startswith(
        "crm a and app tabA are one customer, by 1 join. crm a and app tabA: both have the e-mail "
    )
    assert said(couple, "crm|a", "app|tabA").endswith(
        "(+5.5, of 2 people), first names agree (+3), family names agree (+2); together 10.5 of 5 "
        "bits needed."
    )


def test_mailboxes_of_one_full_name_and_birth_date_are_told_and_count_nothing() -> None:
    ann = {"lastName": "Moor", "birthDate": "1980-02-03"}
    records = [
        record("crm", "1", {"email": "ann@work.example"}, firstName="Ann", **ann),
        record(
            "till", "2", {"email": "ann@home.example"}, lastName="MOOR/ANN", birthDate="3.2.1980"
        ),
    ]
    assert said(records, "crm|1", "till|2").endswith(
        "e-mails are others (0, of one full name and birth date), first names agree (+3), family "
        "names agree (+2), birth dates agree (+6), they share no identifier (-4); together 7 of 5 "
        "bits needed."
    )


def test_names_not_to_the_letter_and_a_day_that_may_be_a_year_are_told_as_such() -> None:
    born = {"lastName": "Moor", "birthDate": "1980-01-01"}
    phone = {"phone": "+447700900001"}
    records = [
        record("crm", "1", phone, firstName="Katherine", **born),
        record("till", "2", phone, firstName="Kathrine", **born),
    ]
    assert said(records, "crm|1", "till|2").endswith(
        "first names are alike (+2), family names agree (+2), birth dates agree, but a 1 January "
        "may stand for a year alone (+3); together 15 of 5 bits needed."
    )


def test_of_one_full_name_in_a_company_there_is_one() -> None:
    ann = {"firstName": "Ann", "lastName": "Moor", "company": "Norwick Foods"}
    records = [
        record("crm", "1", {"crmId": "1"}, **ann),
        record("call", "2", {}, **ann | {"company": "NORWICK FOODS, Inc."}),
    ]
    assert said(records, "crm|1", "call|2").endswith(
        "companies are one, in which few have one full name (+4), first names agree (+3), family "
        "names agree (+2), they share no identifier (-4); together 5 of 5 bits needed."
    )


def test_colleagues_of_one_first_name_are_told_as_such() -> None:
    info, home = {"email": "info@norwick.example"}, {"street": "12 Main St", "postalCode": "02139"}
    records = [
        record("crm", "1", info, firstName="Ada", lastName="Sawko", **home),
        record("crm", "2", info, firstName="Ada", lastName="Pacura", **home),
        record("crm", "3", info, firstName="Ben", lastName="Reed", **home),
    ]
    assert ("family names differ, of two who have nothing that is one person's alone (-5)") in said(
        records, "crm|1", "crm|2"
    )


def test_of_one_full_name_in_a_hall_of_many_there_is_one() -> None:
    hall = {"street": "12 Main St", "postalCode": "02139"}
    others = ["Ben Lee", "Cara Fox", "Dan Moss", "Eve Hill", "Finn Wood", "Gina Park", "Hugo Bond"]
    names = ["Ann Moor", "Ann Moor", *others]
    records = [
        record("desk", str(n), {}, firstName=name.split()[0], lastName=name.split()[1], **hall)
        for n, name in enumerate(names)
    ]
    assert said(records, "desk|0", "desk|1").endswith(
        "addresses are of one house, in which many live (+4), first names agree (+3), family names "
        "agree (+2), they share no identifier (-4); together 5 of 5 bits needed."
    )
    assert len(pure.clusters(records, POLICY)) == len(names) - 1
    born = [
        one | {"traits": one["traits"] | {"birthDate": day}}
        for one, day in zip(records, ["1999-01-02", "2001-07-08"], strict=False)
    ]
    assert len(pure.clusters([*born, *records[2:]], POLICY)) == len(names)


def test_birth_dates_that_exclude_each_other_are_both_told() -> None:
    records = [
        record("app", "h1", {"email": "j@x.org"}, firstName="John", birthDate="1950-01-02"),
        record("app", "h2", {"email": "j@x.org"}, firstName="John", birthDate="1981-03-04"),
    ]
    assert said(records, "app|h1", "app|h2") == (
        "app h1 and app h2 are two customers: app h1 has birth date 1950-01-02, app h2 has birth "
        "date 1981-03-04, and a person has one."
    )


def test_two_numbers_on_one_record_join_nobody() -> None:
    two = scenario("16 two numbers on one record")
    assert said(two, "crm|a", "call|x").endswith("and so joins nobody.")
    assert " has crmIds " in said(two, "crm|a", "call|x")


def test_what_is_missing_is_told_and_what_would_be_enough() -> None:
    records = [
        record("crm", "a", {"email": "a@x.org"}, firstName="Ann", lastName="Lee"),
        record("app", "b", {"email": "a@x.org"}, firstName="Bob", lastName="Lee"),
    ]
    found = explanation(records, "crm|a", "app|b")
    assert found.missing == 4.5
    assert said(records, "crm|a", "app|b") == (
        "crm a and app b are two customers: both have the e-mail a@x.org (+5.5, of 2 people), "
        "first names differ (-7), family names agree (+2); together 0.5 of 5 bits needed. It would "
        "take a shared crmId (then 5.5 bits), a shared user id (then 5.5 bits) or a shared "
        "loyaltyId (then 5.5 bits)."
    )
    # A phone of two who are called otherwise is of two people, and no better than their e-mail.
    assert found.would_supply == [
        "a shared crmId (then 5.5 bits)",
        "a shared user id (then 5.5 bits)",
        "a shared loyaltyId (then 5.5 bits)",
    ]
    for one in records:
        one["identifiers"].append({"namespace": "crmId", "value": "C1"})
    assert explanation(records, "crm|a", "app|b").score == 5.5


def test_rivals_are_named() -> None:
    equal = scenario("15 equally likely")
    found = explanation(equal, "call|m", "crm|a")
    assert [(one.side.name, one.score) for one in found.rivals] == [("crm z", 9.5)]
    assert said(equal, "call|m", "crm|a").endswith(
        "together 9.5 of 5 bits needed. But crm z (9.5 bits) has as much with call m, and is not "
        "crm a: call m joins neither while they are less than 1 bits apart."
    )
    other = explanation(equal, "crm|a", "call|m")
    assert other.text.endswith(found.text.partition("But ")[2])


def test_what_belongs_to_its_newest_user_is_told() -> None:
    owned = POLICY.model_dump(by_alias=True)
    owned["namespaces"]["cookie"] |= {"owner": "newest"}
    policy = Policy.model_validate(owned)
    logins = scenario("12 two logins on one browser")
    newest = explanation(logins, "web|ck1", "web|ck1.ben", policy)
    assert newest.path
    other = explanation(logins, "web|ck1", "web|ck1.ann", policy)
    assert other.reason == "veto" or "belongs to whoever used it last" in other.text


def test_profiles_that_know_the_same_are_one_to_begin_with() -> None:
    records = [record("till", f"{n}", {"email": "a@x.org"}, firstName="Ann") for n in range(3)]
    assert said(records, "till|0", "till|2") == (
        "till 0 and till 2 are one customer, by 1 join. till 0 and till 1 with 1 more are one to "
        "begin with: all 3 know the same. both have the e-mail a@x.org (+9, of 1 person), first "
        "names agree (+3); together 12 of 5 bits needed."
    )


def test_who_share_no_identifier_are_told_what_is_missing_for_it() -> None:
    born = {"birthDate": "1980-02-03"}
    records = [
        record("crm", "a", {"email": "a@x.org"}, firstName="Ann", lastName="Smith", **born),
        record("till", "b", {"loyaltyId": "7"}, firstName="Ann", lastName="Smyth", **born),
    ]
    found = explanation(records, "crm|a", "till|b")
    assert [(one.via, one.identifier, one.one.value) for one in found.path] == [
        ("nameBirth", None, None)
    ]
    assert said(records, "crm|a", "till|b").endswith(
        "first names agree (+3), family names agree (+2), birth dates agree (+6), they share no "
        "identifier (-4); together 7 of 5 bits needed."
    )


@pytest.mark.parametrize(
    ("amount", "plain", "sign"),
    [
        (9.0, "9", "+9"),
        (3.45, "3.5", "+3.5"),
        (-7.0, "-7", "-7"),
        (0.0, "0", "0"),
        (-0.01, "0", "-0"),
    ],
)
def test_bits_have_one_digit_at_most(amount: float, plain: str, sign: str) -> None:
    assert bits(amount) == plain
    assert signed(amount) in (sign, "0")


def test_lists_read_as_they_are_spoken() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b"], "or") == "a or b"


@pytest.mark.parametrize("one", SCENARIOS, ids=lambda one: one.name)
def test_any_two_of_a_scenario_have_a_text_and_no_values_of_blocking_keys(one: Any) -> None:  # noqa: ANN401
    keys = list(pure.members(one.records, POLICY))
    rng = random.Random(one.name)
    for _ in range(3):
        a, b = rng.sample(keys, 2)
        text = said(one.records, a, b)
        assert text.endswith(".")
        assert "~" not in text
        assert "None" not in text


def test_family_names_that_nobody_compared_are_missed() -> None:
    records = [
        record("crm", "a", {"cookie": "k1"}, firstName="Ann", birthDate="1980-02-03"),
        record("app", "b", {"cookie": "k2"}, firstName="Ann", birthDate="1980-02-03"),
    ]
    assert (
        "they share no identifier, and no family names are compared (-6); together 3 of 5 bits"
        in said(records, "crm|a", "app|b")
    )
