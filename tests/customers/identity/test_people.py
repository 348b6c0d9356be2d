"""How many people an identifier seems to serve."""

import random
import string
from collections.abc import Mapping
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.identity.people import (
    DOUBTFUL,
    FAMILY,
    GIVEN,
    KEPT,
    NAMED,
    NAMELESS,
    TRUSTED,
    YES,
    Summary,
    Told,
    told_by,
)
from customers.identity.policy_document import default_policy
from tests.evidence import changed

POLICY = default_policy()
# What browsers send is not believed.
DOUBTING = changed(POLICY, sources={"web": {"trusted": False}})
WORDS = ["ann", "ben", "cara", "dora", "emil", "fritz", "gustav", "hilda", "ingrid", "jasper"]
VALUES = st.frozensets(st.integers(0, 300).map(str), max_size=80)
KINDS = [
    *(GIVEN, FAMILY, NAMELESS, "crmId", "email", NAMED + "email"),
    *(DOUBTFUL + GIVEN, DOUBTFUL + "crmId", DOUBTFUL + "email"),
]
TOLD = st.dictionaries(st.sampled_from(KINDS), VALUES, max_size=3)


def given_names(*names: str) -> Told:
    return {GIVEN: frozenset(names)}


def holder(
    *identifiers: str, first: str = "", last: str = "", born: str = "", trusted: bool = True
) -> Told:
    """What somebody of this name, with these identifiers, tells where not all are believed."""
    said = {"firstName": first, "lastName": last, "birthDate": born}
    fields = {name: frozenset({value}) for name, value in said.items() if value}
    return told_by(identifiers, fields, DOUBTING, trusted=trusted)


def people(namespace: str, *holders: Told) -> int:
    return Summary.of(holders).people(namespace, POLICY)


# People


def test_an_identifier_of_nobody_we_know_has_one_holder() -> None:
    assert people("email") == 1
    assert people("email", {}) == 1


def test_first_names_are_counted_with_their_slips_and_short_forms_as_one() -> None:
    assert people("phone", given_names("ann"), given_names("anne", "ben")) == 2
    assert people("phone", given_names("bill"), given_names("william", "will")) == 1
    assert people("phone", given_names("mario"), given_names("maria")) == 2


def test_a_family_name_counts_nobody_where_a_given_name_came_with_it() -> None:
    couple = [holder(first="ann", last="smith"), holder(first="ann", last="jones")]
    assert people("email", *couple) == people("cookie", *couple) == 1


def test_a_family_name_without_a_given_name_is_somebody_else_unless_it_is_known() -> None:
    ann = holder(first="ann", last="smith")
    assert people("email", ann, holder(last="smith")) == 1
    assert people("email", ann, holder(last="smiht")) == 1
    assert people("email", ann, holder(last="jones")) == 2
    assert people("email", ann, holder(last="jones"), holder(last="jonse")) == 2
    assert people("email", holder(last="jones"), holder(last="smith")) == 2
    assert people("email", holder(last="jones")) == 1


def test_birth_dates_count_nobody() -> None:
    assert people("email", holder(born="1980-01-01"), holder(born="1955-06-07")) == 1


def test_distinct_unique_values_are_distinct_people() -> None:
    holders = [holder(f"crmId|c{n}", "userId|u") for n in range(3)]
    assert people("email", *holders) == 3


def test_a_unique_value_does_not_count_itself() -> None:
    holders = [holder("crmId|c1"), holder("crmId|c2")]
    assert people("crmId", *holders) == 1
    assert people("userId", *holders) == 2


def test_e_mails_count_on_things_only() -> None:
    mails = [holder("email|a@x.org"), holder("email|b@x.org")]
    assert people("cookie", *mails) == people("device", *mails) == 2
    assert people("phone", *mails) == people("crmId", *mails) == 1


def test_the_largest_count_is_the_verdict() -> None:
    mails = [f"email|{one}@x.org" for one in "abc"]
    holders = [holder("crmId|c", *mails), holder(first="ann"), holder(first="ben")]
    assert people("cookie", *holders) == 3
    assert people("phone", *holders) == 2


def login(mail: str, first: str = "", last: str = "", *, trusted: bool = True) -> Told:
    """What somebody tells who logs in on a browser."""
    identifiers = "cookie|k", f"email|{mail}@x.org"
    return holder(*identifiers, first=first, last=last, trusted=trusted)


def test_one_who_is_named_has_two_mailboxes_on_a_browser() -> None:
    ann = [login("work", "ann"), login("home", "anne")]
    assert people("cookie", *ann) == 1
    assert people("cookie", *ann, login("home")) == 1
    assert people("cookie", *ann, login("shop", "ben")) == 2
    # Who has more is several people of one name.
    assert people("cookie", *ann, login("shop", "ann")) == 2
    store = [login(str(n), "store") for n in range(7)]
    assert people("cookie", *store) == 6 > POLICY.crowd
    assert people("cookie", *[login(str(n), "ann") for n in range(KEPT * 3)]) == KEPT - 1
    # Two of one given name and different families are two, unless they have one mailbox.
    smith, slipped = login("s", "ann", "smith"), login("home", "ann", "smiht")
    assert people("cookie", smith, login("j", "ann", "jones")) == 2
    assert (
        people("cookie", smith, slipped) == people("cookie", smith, login("s", "ann", "jones")) == 1
    )


def test_whose_a_mailbox_is_that_came_without_a_name_nobody_knows() -> None:
    ann = [login("work", "ann"), login("home", "anne")]
    assert people("cookie", *ann, login("shop")) == 2
    assert people("cookie", *ann, login("shop"), login("club")) == 3
    assert people("cookie", login("work"), login("home"), holder(first="ann")) == 2
    # An initial may be anybody's, and so may what came with a family name alone.
    assert people("cookie", login("work", "marc"), login("home", "m")) == 2
    assert people("cookie", login("work", last="moor"), login("home", last="moor")) == 2
    # Also where many are named, of whom some are kept.
    many = [login(f"{n}", "ann") for n in range(KEPT * 3)]
    some = [login(f"shop{n}") for n in range(KEPT * 3)]
    assert people("cookie", *many, *some) > people("cookie", *many) == KEPT - 1


def test_who_is_not_believed_lowers_no_count_by_a_name() -> None:
    visits = [login(str(n), trusted=False) for n in range(7)]
    named = [login(str(n), "ann", trusted=False) for n in range(7)]
    assert people("cookie", *visits) == people("cookie", *visits, *named) == 7
    assert people("cookie", *[login(str(n)) for n in range(4)], *named) == 4


def test_a_name_changed_over_is_one_person() -> None:
    james, changed_over = holder(first="james", last="west"), holder(first="west", last="james")
    assert people("email", james, changed_over) == 1
    assert people("email", james, changed_over, holder(first="sarah", last="west")) == 2
    assert people("email", james, holder(first="ann", last="james")) == 2
    # Without one of so many names the others would look like more.
    names = ["ann", "j", "katerine", "katherina", "kim", "thomas", "w", "will"]
    kates = [holder(first=one, last=last) for one in names for last in ("katerine", "will")]
    assert people("email", *kates) == people("email", given_names(*names)) == 5
    # Nobody of these three is changed over.
    ann = holder(first="ann", last="james")
    assert (
        people(
            "email", ann, holder(first="james", last="thomas"), holder(first="thomas", last="scott")
        )
        == 3
    )


def test_a_crowd_is_counted_once_whatever_is_changed_over_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: list[frozenset[str]] = []

    def count(names: frozenset[str]) -> int:
        counted.append(names)
        return len(names)

    monkeypatch.setattr("customers.identity.people.people_named", count)
    crowd = [holder(first=a, last=b) for a in WORDS for b in WORDS]
    assert people("email", *crowd) == len(WORDS)
    assert len(counted) == 1


def test_one_of_our_own_keys_counts_families_too() -> None:
    holders = [holder(first="ann", last=last) for last in ("smith", "jones", "brown")]
    assert people("~nameBirth", *holders) == 3
    assert people("email", *holders) == 1
    assert people("~nameBirth", holder(first="ann", last="smith"), holder(last="jones")) == 2
    assert people("~nameBirth", holder(first="ann"), holder(first="ben")) == 2


# A loyal customer


def slips_of(name: str) -> list[str]:
    """All that one letter dropped, added or changed, or two neighbours swapped, make of a name."""
    halves = [(name[:place], name[place:]) for place in range(len(name) + 1)]
    found = {a + letter + b for a, b in halves for letter in string.ascii_lowercase}
    for a, b in halves[:-1]:
        found |= {a + b[1:], a + b[1:2] + b[:1] + b[2:]}
        found |= {a + letter + b[1:] for letter in string.ascii_lowercase}
    return sorted(found - {name})


@settings(max_examples=60)
@given(
    st.sampled_from(["anna", "mary", "john", "emma", "lisa", "erik", "robert", "katherine"])
    | st.text(string.ascii_lowercase, min_size=4, max_size=9),
    st.integers(0, 600),
    st.randoms(use_true_random=False),
)
def test_a_customer_is_one_person_however_often_the_name_was_mistyped(
    name: str, often: int, rng: random.Random
) -> None:
    slips = slips_of(name)
    written = [name, *rng.sample(slips, min(often, len(slips)))]
    assert people("email", *map(given_names, written)) <= POLICY.crowd


def test_a_thousand_slips_of_one_name_are_one_person() -> None:
    slips = slips_of("alexandria") + slips_of("alexandrea")
    assert len(slips) > 1000
    assert people("email", *map(given_names, ["alexandria", *slips])) == 1


def test_two_customers_who_were_mistyped_often_are_two_people_and_more() -> None:
    slips = [*slips_of("katherine")[:30], *slips_of("robert")[:30]]
    assert people("email", *map(given_names, ["katherine", "robert", *slips])) == 2


# Who is believed


def test_who_is_not_believed_never_raises_what_the_believed_tell() -> None:
    ann = holder("crmId|c1", "email|a@x.org", first="ann", last="smith")
    others = [
        holder(f"crmId|d{n}", f"email|{n}@x.org", first=name, last=name, trusted=False)
        for n, name in enumerate(WORDS)
    ]
    for namespace in ("email", "phone", "cookie", "~nameBirth"):
        assert people(namespace, ann, *others) == people(namespace, ann) == 1


def test_who_is_not_believed_counts_where_nobody_is() -> None:
    kiosk = [holder(first=name, trusted=False) for name in WORDS]
    assert people("cookie", *kiosk) == len(WORDS)
    logins = [holder(f"userId|{n}", trusted=False) for n in range(7)]
    assert people("cookie", *logins) == 7
    mails = [holder(f"email|{n}@x.org", trusted=False) for n in range(4)]
    assert people("cookie", *mails) == 4
    assert people("phone", *mails) == 1
    assert people("phone", holder(last="smith", trusted=False), holder(last="jones")) == 1


def test_the_believed_who_say_nothing_of_themselves_are_believed() -> None:
    assert people("cookie", holder(), *[holder(first=name, trusted=False) for name in WORDS]) == 1


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.lists(st.sampled_from(WORDS), max_size=9),
    st.sampled_from(["email", "cookie", "~nameBirth", "crmId"]),
)
def test_any_number_of_others_changes_nothing_of_what_the_believed_tell(
    believed: list[str], others: list[str], namespace: str
) -> None:
    ours = [holder(f"crmId|{one}", first=one, last=one) for one in believed]
    theirs = [holder(f"userId|{one}", last=one, trusted=False) for one in others]
    assert people(namespace, *ours, *theirs) == people(namespace, *ours)


# What is told


def test_a_profile_tells_its_names_its_unique_values_and_its_e_mails() -> None:
    identifiers = ["email|a@x.org", "crmId|c1", "cookie|k", "ip|10.0.0.1"]
    fields: Mapping[str, frozenset[str]] = {
        "firstName": frozenset({"ann"}),
        "lastName": frozenset({"smith"}),
        "birthDate": frozenset({"1980-02-03"}),
    }
    assert told_by(identifiers, fields, POLICY, trusted=True) == {
        GIVEN: {"ann"},
        FAMILY: {"smith"},
        "email": {"email|a@x.org"},
        "crmId": {"crmId|c1"},
        NAMED + "email": {"email|a@x.org"},
    }
    # Only things ask whether a name came with an e-mail, and only those who are believed.
    assert DOUBTFUL + NAMED + "email" not in told_by(identifiers, fields, DOUBTING, trusted=False)
    assert NAMED + "email" not in told_by(identifiers[:2], fields, POLICY, trusted=True)
    nameless = told_by(identifiers, {}, POLICY, trusted=True)
    assert nameless == {"email": {"email|a@x.org"}, "crmId": {"crmId|c1"}}


def test_a_family_name_without_a_given_name_is_told_as_such() -> None:
    fields = {"lastName": frozenset({"smith"})}
    assert told_by([], fields, POLICY, trusted=True) == {NAMELESS: {"smith"}}


def test_who_is_believed_is_told_only_where_not_everybody_is() -> None:
    fields = {"firstName": frozenset({"ann"})}
    assert told_by(["crmId|1"], fields, POLICY, trusted=True) == {
        GIVEN: {"ann"},
        "crmId": {"crmId|1"},
    }
    assert told_by(["crmId|1"], fields, DOUBTING, trusted=True) == {
        GIVEN: {"ann"},
        "crmId": {"crmId|1"},
        TRUSTED: YES,
    }
    assert told_by(["crmId|1"], fields, DOUBTING, trusted=False) == {
        DOUBTFUL + GIVEN: {"ann"},
        DOUBTFUL + "crmId": {"crmId|1"},
    }


def test_a_profile_that_shows_nothing_tells_nothing() -> None:
    assert told_by(["cookie|k"], {}, POLICY, trusted=True) == {}
    assert told_by(["cookie|k"], {}, DOUBTING, trusted=False) == {}
    summary = Summary.of([given_names("ann")])
    assert summary | {} is summary


# The summary


def test_a_family_name_is_nobodys_alone_once_a_given_name_came_with_it() -> None:
    alone = {NAMELESS: frozenset({"moor", "reed"})}
    told = {**given_names("ann"), FAMILY: frozenset({"moor"})}
    for first, second in ((alone, told), (told, alone)):
        assert (Summary({}) | first | second).values == {**told, NAMELESS: frozenset({"reed"})}


def test_what_is_known_already_changes_nothing() -> None:
    summary = Summary.of([given_names("ann", "ben")])
    assert summary | given_names("ben") is summary
    assert (summary | given_names("cara")).values == given_names("ann", "ben", "cara")


def test_a_summary_without_text_is_empty() -> None:
    assert Summary.loads(None) == Summary.loads("") == Summary({})
    assert Summary({}).dumps() == "{}"


@pytest.mark.parametrize("kind", [GIVEN, "crmId"])
def test_a_summary_is_bounded_however_many_hold_the_identifier(kind: str) -> None:
    values = [one + other for one in WORDS for other in [*WORDS, *map(str.upper, WORDS)]]
    summary = Summary.of({kind: frozenset({value})} for value in values)
    assert len(summary.values[kind]) == KEPT == 64
    assert summary.values[kind] != frozenset(sorted(values)[:KEPT])
    assert summary == Summary.of({kind: frozenset({value})} for value in reversed(values))
    assert summary.people("email", POLICY) > POLICY.crowd


@given(st.lists(TOLD, max_size=5), st.randoms(use_true_random=False))
def test_a_summary_does_not_depend_on_the_order_of_its_holders(
    holders: list[Told], rng: random.Random
) -> None:
    shuffled = rng.sample(holders, len(holders))
    one_by_one: Summary = reduce(lambda summary, holder: summary | holder, shuffled, Summary({}))
    assert one_by_one == Summary.of(holders)
    assert one_by_one.dumps() == Summary.of(holders).dumps()


@given(TOLD, TOLD)
def test_a_summary_in_parts_is_the_whole(one: Told, other: Told) -> None:
    both = Summary.of([one]) | Summary.of([other]).values
    assert both == Summary.of([one, other])


@given(st.lists(TOLD, max_size=3))
def test_a_summary_is_read_as_it_was_written(holders: list[Told]) -> None:
    summary = Summary.of(holders)
    assert Summary.loads(summary.dumps()) == summary
    assert all(len(values) <= KEPT for values in summary.values.values())
