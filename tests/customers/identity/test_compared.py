"""What is compared of the traits of a profile, and the keys that are made of it."""

import math
from collections.abc import Iterator
from itertools import product

import orjson
import pytest

from customers.identity.compared import (
    MOST_KEYS,
    Fields,
    blocked_together,
    blocking_keys,
    compared,
)
from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from customers.traits import LONG_VALUE
from tests.evidence import changed
from tests.traits import said

POLICY = default_policy()
NOW = 1_767_225_600_000  # 2026-01-01
DAY = 86_400_000
HOME = {"street": "12 Main St", "postalCode": "02139", "city": "Cambridge"}
AT_HOME = {"~address|02139/12/main", "~address|cambridge/12/main"}


def fields(**traits: object) -> Fields:
    """What is compared of traits that were said together."""
    return compared(said((NOW, traits)), POLICY)


def fields_under(policy: Policy, **traits: object) -> Fields:
    """The same under another policy."""
    return compared(said((NOW, traits)), policy)


# Values


def test_names_and_dates_are_compared_normalised_each_value_that_was_ever_said() -> None:
    traits = said(
        (NOW - 2, {"firstName": "  ANN ", "lastName": "Straße", "birthDate": "1980-02-03"}),
        (NOW - 1, {"firstName": "Ann", "plan": "free"}),
        (NOW, {"firstName": "Anna", "birthDate": "1980-02-04T00:00:00Z"}),
    )
    assert compared(traits, POLICY) == {
        "firstName": {"ann", "anna"},
        "lastName": {"strasse"},
        "birthDate": {"1980-02-03", "1980-02-04"},
    }


@pytest.mark.parametrize(
    "traits",
    [
        {"lastName": "MOOR/ANN MRS"},
        {"lastName": "Moor, Ann"},
        {"name": "Ann Moor"},
        {"fullName": "Moor, Ann"},
        {"firstName": "Ann", "fullName": "Ann Moor"},
        {"lastName": "Moor", "name": "Ann Moor"},
        {"firstName": "Ann", "lastName": "Moor", "name": "Somebody Else"},
    ],
)
def test_both_names_may_come_in_one_where_no_other_trait_tells_them(
    traits: dict[str, str],
) -> None:
    assert fields(**traits) == {"firstName": {"ann"}, "lastName": {"moor"}}


def test_a_name_is_taken_as_it_is_where_both_are_told() -> None:
    assert fields(firstName="Ann", lastName="Moor, Lee") == {
        "firstName": {"ann"},
        "lastName": {"moor lee"},
    }
    assert fields(firstName="Ann Marie") == {"firstName": {"ann marie"}}


@pytest.mark.parametrize(
    "text", ["Ann & Ben", "Ann and Ben", "Ann+Ben", "Anna und Ben", "Ana y Juan", "Leandro e Ana"]
)
def test_who_comes_as_two_is_neither(text: str) -> None:
    assert fields(firstName=text, lastName="Moor") == {"lastName": {"moor"}}


@pytest.mark.parametrize("text", ["Andy", "Ann Anderson", "Ann-Marie", "Ann E."])
def test_and_in_a_name_is_no_second_one(text: str) -> None:
    assert "firstName" in fields(firstName=text)


def test_a_field_takes_its_values_from_the_traits_that_the_policy_names() -> None:
    assert fields(middleName="Mary", middleInitial="Q.") == {"middleName": {"m", "q"}}
    assert fields(gender="F", sex="female") == {"sex": {"f"}}
    assert fields(plan="free") == {}


@pytest.mark.parametrize(
    "traits",
    [
        {"firstName": "Ann", "lastName": "Smith Jr."},
        {"firstName": "Ann Jr", "lastName": "Smith"},
        {"firstName": "Ann", "lastName": "Smith", "suffix": "Jr."},
        {"firstName": "Ann", "lastName": "Smith", "nameSuffix": "Jun."},
        {"firstName": "Ann", "lastName": "Smith", "generation": "II"},
    ],
)
def test_the_generation_is_told_by_either_name_or_by_the_suffix(traits: dict[str, str]) -> None:
    assert fields(**traits) == {
        "firstName": {"ann"},
        "lastName": {"smith"},
        "generation": {"2"},
    }


@pytest.mark.parametrize(
    "traits",
    [
        {"firstName": "Jun", "lastName": "Li"},
        {"firstName": "J.R.", "lastName": "Smith"},
        {"firstName": "Amartya", "lastName": "Sen"},
        {"firstName": "Ann", "lastName": "Senior"},
    ],
)
def test_a_name_that_only_looks_like_a_suffix_tells_no_generation(traits: dict[str, str]) -> None:
    assert fields(**traits).keys() == {"firstName", "lastName"}


@pytest.mark.parametrize(
    "name",
    [
        "unknown", "UNKNOWN", "N/A", "n.a.", "none", "test", "customer", "Guest", "x", "XXX",
        "no name", "No Name Given", "not provided", "first name", "Baby", "Baby Girl",
        "Mother of Ann", "The Wife", "male", "--", "", "  ",
    ],
)  # fmt: skip
def test_what_stands_where_a_name_belongs_says_nothing(name: str) -> None:
    assert fields(firstName=name, lastName=name, middleName=name) == {}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Not", "Provided"),
        ("Provided", "Not"),
        ("Cash", "Sale"),
        ("Customer", "Walk-in"),
        ("Mr", "Mrs"),
    ],
)
def test_nor_does_what_is_written_over_both_names(first: str, last: str) -> None:
    assert fields(firstName=first, lastName=last) == {}
    assert fields(firstName="Ann", lastName=last) != {}


def test_of_several_names_those_of_nobody_say_nothing() -> None:
    traits = said(
        (NOW - 1, {"firstName": "Not", "lastName": "Provided"}),
        (NOW, {"firstName": "Emily", "lastName": "Patel"}),
    )
    assert compared(traits, POLICY) == {"firstName": {"emily"}, "lastName": {"patel"}}


@pytest.mark.parametrize("name", ["Manny", "Babette", "Selfridge", "Testa", "Nonette", "Xavier"])
def test_a_name_that_only_begins_like_that_says_who_it_is(name: str) -> None:
    assert fields(firstName=name) == {"firstName": {name.lower()}}


@pytest.mark.parametrize("day", POLICY.blocked_dates)
def test_a_date_that_stands_for_none_says_nothing(day: str) -> None:
    assert fields(birthDate=day) == {}
    assert fields(birthDate=day.replace("-", "")) == {}


def test_which_names_and_dates_say_nothing_is_the_policys_word() -> None:
    policy = changed(POLICY, blockedNames=["smith"], blockedDates=["1980-02-03"])
    said_of_her = {"firstName": "Unknown", "lastName": "Smith", "birthDate": "1980-02-03"}
    assert fields_under(policy, **said_of_her) == {"firstName": {"unknown"}}


@pytest.mark.parametrize(
    "value", ["1980-02-31", "unknown", "", "  ", 19800203, None, ["1980-02-03"], {"day": 3}]
)
def test_an_impossible_date_is_kept_and_not_compared(value: object) -> None:
    traits = said((NOW, {"birthDate": value}))
    assert compared(traits, POLICY) == {}
    assert traits["birthDate"] == ((orjson.dumps(value).decode(), NOW),)


def test_a_field_is_read_whatever_it_is_called_and_an_address_from_its_own_traits() -> None:
    said_of_it = POLICY.model_dump(by_alias=True)["fields"]
    given = {**said_of_it["firstName"], "traits": ("firstName",)}
    home = {**said_of_it["address"], "traits": ()}
    policy = changed(
        POLICY,
        fields={"": given, "lastName": said_of_it["lastName"], "home": home},
        blocking={},
    )
    assert fields_under(policy, firstName="Ann") == {"": {"ann"}}
    assert fields_under(policy, **HOME)["home"] == {"02139/12/main", "cambridge/12/main"}


def test_a_text_longer_than_any_name_is_kept_and_not_compared() -> None:
    longest = "ann " + "e" * (LONG_VALUE - len('"ann "'))
    traits = said((NOW, {"firstName": longest, "lastName": longest + "e", "city": longest + "e"}))
    assert compared(traits, POLICY) == {"firstName": {longest}}
    assert traits["lastName"] == ((f'"{longest}e"', NOW),)
    # The names that were told besides are compared.
    more = said((NOW, {"lastName": "x" * 999}), (NOW - 1, {"lastName": "Moor"}))
    assert compared(more, POLICY) == {"lastName": {"moor"}}


def test_nobody_is_born_after_they_were_written_down() -> None:
    assert fields(birthDate="2026-01-01") == {"birthDate": {"2026-01-01"}}
    assert fields(birthDate="2026-01-02") == {}
    traits = said((NOW, {"birthDate": "2026-01-02"}), (NOW - DAY, {"birthDate": "2025-12-31"}))
    assert compared(traits, POLICY) == {"birthDate": {"2025-12-31"}}
    # The same day, said again when it had come.
    assert compared(said((NOW + DAY, {"birthDate": "2026-01-02"})), POLICY) == {
        "birthDate": {"2026-01-02"}
    }


def test_the_month_comes_first_in_dates_of_the_united_states() -> None:
    assert fields(birthDate="3/2/1980") == {"birthDate": {"1980-03-02"}}
    assert fields_under(changed(POLICY, region="GB"), birthDate="3/2/1980") == {
        "birthDate": {"1980-02-03"}
    }


# Addresses


def test_an_address_is_of_the_parts_that_were_said_together() -> None:
    moved = {"street": "5 Oak Ave", "postalCode": "10001", "city": "New York"}
    traits = said((1, HOME), (2, moved))
    assert compared(traits, POLICY) == {
        "address": {"02139/12/main", "cambridge/12/main", "10001/5/oak", "newyork/5/oak"}
    }
    assert compared(said((2, moved), (1, HOME)), POLICY) == compared(traits, POLICY)


def test_a_street_that_was_said_alone_is_where_the_newest_place_is() -> None:
    traits = said((1, HOME), (2, {"street": "5 Oak Ave"}))
    assert compared(traits, POLICY) == {
        "address": {"02139/12/main", "cambridge/12/main", "02139/5/oak", "cambridge/5/oak"}
    }


def test_half_an_address_says_the_place_alone_or_nothing() -> None:
    assert fields(street="Main St", postalCode="02139") == {"address": {"02139//"}}
    assert fields(street="12 Main St") == {}
    assert fields(city="Leeds", street=12) == {"address": {"leeds//"}}
    assert fields(city="Leeds") == {"address": {"leeds//"}}
    assert fields(address2="Apt 4") == {}


# Blocking keys


def test_the_blocking_keys_of_a_profile_are_what_most_slips_leave_of_it() -> None:
    one = fields(firstName="Katherine", lastName="Smith", birthDate="1980-02-03", **HOME)
    keys = {
        "~address|02139/12/main",
        "~address|cambridge/12/main",
        "~nameAddress|02139/12/main|ktrn",
        "~nameAddress|02139/12/main|smt",
        "~nameAddress|cambridge/12/main|ktrn",
        "~nameAddress|cambridge/12/main|smt",
        "~nameBirth|1980-02-03|ktrn",
        "~nameBirth|1980-02-03|smt",
    }
    assert blocking_keys(one, POLICY) == keys
    slips = fields(firstName="Katharine", lastName="Smyth", birthDate="3 Feb", **HOME)
    assert blocking_keys(slips, POLICY) == {key for key in keys if "Birth" not in key}


def test_a_key_needs_all_its_fields_and_one_of_those_that_will_do() -> None:
    assert blocking_keys(fields(birthDate="1980-02-03"), POLICY) == frozenset()
    assert blocking_keys(fields(firstName="Ann", lastName="Smith"), POLICY) == frozenset()
    assert blocking_keys(fields(lastName="Smith", birthDate="1980-02-03"), POLICY) == {
        "~nameBirth|1980-02-03|smt"
    }
    assert blocking_keys(fields(**HOME), POLICY) == AT_HOME


def test_a_place_alone_brings_nobody_together() -> None:
    one = fields(firstName="Ann", street="Main St", postalCode="02139")
    assert one == {"firstName": {"ann"}, "address": {"02139//"}}
    assert blocking_keys(one, POLICY) == frozenset()


def test_a_unit_is_no_part_of_a_key_and_is_one_of_the_address() -> None:
    one = fields(firstName="Ann", **(HOME | {"street": "12 Main St Apt 4"}))
    assert blocking_keys(one, POLICY) == {
        "~address|02139/12#4/main",
        "~address|cambridge/12#4/main",
        "~nameAddress|02139/12/main|an",
        "~nameAddress|cambridge/12/main|an",
    }


def test_of_a_double_name_the_first_and_of_a_double_family_name_the_longest_part_count() -> None:
    one = fields(firstName="Anna Maria", lastName="van der Berg Lindgren", birthDate="1980-02-03")
    assert blocking_keys(one, POLICY) == {
        "~nameBirth|1980-02-03|an",
        "~nameBirth|1980-02-03|lndgr",
    }


def test_the_keys_of_a_profile_are_bounded_and_the_first_ones_are_kept() -> None:
    births = [f"19{n:02d}-02-03" for n in range(15)]
    traits = said(
        *[(NOW - n, {"birthDate": day, "lastName": "Li"}) for n, day in enumerate(births)]
    )
    keys = blocking_keys(compared(traits, POLICY), POLICY)
    assert MOST_KEYS == 12
    assert keys == {f"~nameBirth|{day}|l" for day in births[:12]}


def test_who_moves_often_keeps_the_keys_of_another_kind() -> None:
    homes = [{"street": f"{n} Oak Ave", "postalCode": "10001"} for n in range(1, 16)]
    traits = said(*[(NOW - n, {"birthDate": "1980-02-03", "lastName": "Li"} | home)
                    for n, home in enumerate(homes)])  # fmt: skip
    keys = blocking_keys(compared(traits, POLICY), POLICY)
    assert len(keys) == MOST_KEYS + MOST_KEYS + 1
    assert "~nameBirth|1980-02-03|l" in keys


def test_without_blocking_there_are_no_keys_but_addresses() -> None:
    one = fields(firstName="Ann", lastName="Smith", birthDate="1980-02-03", **HOME)
    assert blocking_keys(one, changed(POLICY, blocking={})) == AT_HOME


@pytest.mark.parametrize(
    "nowhere",
    [
        "N/A", "n.v.t.", "-", "0", "", "unknown", "None", "keine", "Keine Angabe", "no company",
        "Not applicable", "sin empresa", "Company", "Company name", "My Company", "Firma", "GmbH",
        "privat", "Privatperson", "Privatkunde", "Private individual", "Privé", "Particulier",
        "particular", "Personal", "Individual", "Consumer", "End user", "Home", "Homemaker",
        "Housewife", "Hausfrau", "Retired", "Retiree", "Pensioner", "Rentner", "Student", "Schüler",
        "Self-employed", "self employed", "Selbstständig", "selbständig",
        "freelancer", "autónomo", "Owner",
        "unemployed", "Not employed", "selbstaendig", "Schueler", "Student/in", "Rentner*in",
        "No Company Given", "k.A.", "ninguno", "Test Firma", "asd", "частное лицо", "Walk-in",
    ],
)  # fmt: skip
def test_what_says_that_there_is_no_company_is_none(nowhere: str) -> None:
    assert "company" not in fields(firstName="Ann", lastName="Moor", company=nowhere)


def test_a_company_leads_who_have_both_names_to_each_other() -> None:
    keys = blocking_keys(fields(firstName="Ann", lastName="Moor", company="Acme Ltd."), POLICY)
    assert keys == {"~nameCompany|acme|an|mr"}
    assert not blocking_keys(fields(firstName="Ann", company="Acme"), POLICY)


def test_there_is_a_company_where_a_placeholder_is_one_word_of_its_name() -> None:
    for company in ("Private Eye Ltd", "Student Travel", "Home Depot", "Testo AG", "ABC Inc."):
        assert "company" in fields(firstName="Ann", lastName="Moor", company=company)


@pytest.mark.parametrize("own", ["John Smith", "Smith", "J Smith", "Mr. John Smith", "SMITH, John"])
def test_where_ones_own_name_stands_is_no_company(own: str) -> None:
    assert "company" not in fields(firstName="John", lastName="Smith", company=own)
    assert "company" in fields(firstName="John", lastName="Smith", company=f"{own} Ltd.")
    assert "company" in fields(firstName="Ann", lastName="Moor", company="John Smith")


def test_who_was_called_in_many_ways_has_no_more_keys_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor are more put together of them: a cluster may have hundreds of each."""

    def counting(*parts: list[str]) -> Iterator[tuple[str, ...]]:
        counts.append(math.prod(map(len, parts)))
        return product(*parts)

    counts: list[int] = []
    monkeypatch.setattr("customers.identity.compared.product", counting)
    names = {letter * 4 for letter in "bcdfghjklmnpqrst"}
    many = {"firstName": names, "lastName": names, "company": names}
    assert len(blocking_keys({k: frozenset(v) for k, v in many.items()}, POLICY)) == MOST_KEYS
    assert max(counts) == MOST_KEYS**3


def test_two_are_led_together_by_what_both_have_of_every_part_of_a_key() -> None:
    ann = fields(firstName="Ann", lastName="Moor", company="Acme Ltd.")
    assert blocked_together(ann, ann, POLICY)
    assert not blocked_together(ann, fields(firstName="Ann", lastName="Moor"), POLICY)
    elsewhere = fields(firstName="Ann", lastName="Moor", company="Norwick")
    assert not blocked_together(ann, elsewhere, POLICY)
    born = fields(firstName="Bea", lastName="Moor", birthDate="1980-02-03")
    assert blocked_together(born, fields(lastName="Moor", birthDate="1980-02-03"), POLICY)
    assert not blocked_together(born, fields(lastName="Lee", birthDate="1980-02-03"), POLICY)
    assert not blocked_together(ann, ann, changed(POLICY, blocking={}))
