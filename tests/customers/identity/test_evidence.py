"""How many bits speak for two profiles, or two clusters, being one person."""

from itertools import permutations

import pytest

from customers.identity.evidence import (
    VETO,
    Evidence,
    Rule,
    bits,
    called_otherwise,
    evidence,
    linked,
    namespace_of,
    pieces,
    total,
)
from tests.evidence import POLICY, changed, doubted, key_of, known

ANN = {"first": "ann", "last": "smith"}


def strength(a: Evidence, b: Evidence, **people: int) -> float:
    """Bits between the two, where identifiers of these namespaces have so many people."""
    counts = {key: people.get(namespace_of(key), 1) for key in a.links | b.links}
    found = bits(a, b, counts, POLICY)
    assert found == bits(b, a, counts, POLICY)
    return found


# Identifiers


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (known("c:1"), known("c:1"), 14),
        (known("m:a"), known("m:a"), 9),
        (known("k:a"), known("k:a"), 9),
        (known("p:1"), known("p:1"), 8),
        (known("d:1"), known("d:1"), 8),
        (known("s:1"), known("s:1"), 11),
        (known("m:a", "p:1", "d:1"), known("m:a", "p:1", "d:2"), 17),
        (known("i:1"), known("i:1"), 0),
        (known("k:1", "m:a"), known("k:1", "m:b"), 9 - 3),
        (known("k:1", "p:1"), known("k:1", "p:2"), 9 - 1),
        (known("k:1", "m:a", "m:b"), known("k:1", "m:b"), 18),
        (known("k:1", "s:123"), known("k:1", "s:999"), 9 - 4),
        (known("k:1", "s:123"), known("k:1"), 9),
        (known(), known(), 0),
    ],
)
def test_identifiers_of_one_person_add_up(a: Evidence, b: Evidence, expected: float) -> None:
    assert strength(a, b) == expected


def test_pieces_come_to_the_same_in_whatever_order_they_are_told() -> None:
    told = [(Rule.HELD, str(value), value) for value in (0.1, 0.2, 0.3, -7.3, 28.1, 8 - 3.5)]
    assert {total(some) for some in permutations(told)} == {25.9}
    assert total([*told, (Rule.EXCLUDE, "birthDate", VETO)]) == VETO


def test_an_identifier_that_several_people_share_counts_less_by_how_many_they_are() -> None:
    a, b = known("p:1"), known("p:1")
    assert [strength(a, b, phone=count) for count in (1, 2, 4)] == [8, 8 - 3.5, 8 - 7]
    assert strength(known("c:1"), known("c:1"), crmId=4) == 14 - 7


def test_what_a_household_shares_is_one_fact() -> None:
    a, b = known("m:a", "p:1", "d:1"), known("m:a", "p:1", "d:1")
    assert strength(a, b, phone=2) == 9 + 8 + (8 - 3.5)
    assert strength(a, b, phone=2, device=2) == 9 + (8 - 3.5)
    assert strength(a, b, email=2, phone=2, device=2) == 9 - 3.5
    assert strength(a, b, email=2, phone=4, device=4) == 9 - 3.5
    assert strength(a, b, email=4, phone=4, device=4) == 9 - 7


def test_what_too_many_people_share_counts_nothing_and_not_against() -> None:
    assert strength(known("p:1"), known("p:1"), phone=5) == 0
    a, b = known("p:1", "m:a"), known("p:1", "m:a")
    assert strength(a, b, phone=5) == 9


def test_an_address_is_among_what_a_household_shares() -> None:
    house, other_house = "02139/12/main", "10001/12/main"
    assert strength(known(home=house), known(home=house)) == 5
    assert strength(known("p:1", home=house), known("p:1", home=house)) == 8 + 5
    assert strength(known("p:1", home=house), known("p:1", home=house), phone=2) == 5
    assert strength(known("m:a", home=house), known("m:a", home=house), email=2) == 9 - 3.5
    assert strength(known("p:1", home=house), known("p:1", home=other_house)) == 8


def test_an_address_with_a_slip_counts_three_fifths_of_one_without() -> None:
    a, b = known(home="02139/12/main"), known(home="02139/12/mian")
    assert strength(a, b) == 3
    assert strength(known(home="02139/12/main"), known(home="02138/12/mian")) == 0
    both = known(home="02139/12/main|02139/12/mian")
    assert strength(a, both) == 5


def test_one_place_counts_half_of_one_house() -> None:
    house, neighbours, place = "02139/12/main", "02139/14/main", "02139//"
    assert strength(known(home=house), known(home=neighbours)) == 2.5
    assert strength(known(home=house), known(home=place)) == 2.5
    assert strength(known(home=place), known(home=place)) == 2.5
    assert strength(known("p:1", home=house), known("p:1", home=neighbours), phone=2) == 8 - 3.5


def test_who_tells_no_code_lives_in_the_house_of_one_city() -> None:
    coded, city = known(home="02139/12/main|cambridge/12/main"), known(home="cambridge/12/main")
    assert strength(coded, city) == 5
    assert strength(coded, known(home="cambridge/14/main")) == 2.5
    # One city is no place that few live in, where both tell more.
    assert strength(coded, known(home="02140/14/oak|cambridge/14/oak")) == 0


def test_one_street_and_number_of_a_city_with_two_codes_are_two_houses() -> None:
    one = known(home="10827/5/haup|berlin/5/haup")
    other = known(home="13158/5/haup|berlin/5/haup")
    assert strength(one, other) == 0
    assert strength(known("p:1", **ANN), known("p:1", **ANN)) == strength(
        one | known("p:1", **ANN), other | known("p:1", **ANN)
    )
    moved = known(home="80331/9/mari|berlin/5/haup")
    assert strength(one, moved) == 5


def test_a_house_is_nobody_s_alone_whoever_is_counted_in_it() -> None:
    house = "02139/12/main"
    ann, ben = (known("m:a", first=name, home=house) for name in ("ann", "ben"))
    counts = {f"~address|{house}": 1, "email|a": 2}
    assert called_otherwise(ann, ben, counts, POLICY)
    assert not called_otherwise(ann, ben, counts | {"email|a": 1}, POLICY)


def test_an_address_that_many_share_is_still_one_of_a_household() -> None:
    a = known(home="02139/12/main")
    assert bits(a, a, {"~address|02139/12/main": 40}, POLICY) == 5


def test_of_an_address_where_too_many_live_most_is_left() -> None:
    # As such it is no key of theirs.
    hall = {**ANN, "home": "02139/12/main"}
    a, b = (known("k:1", **hall)._replace(links=frozenset({"cookie|1"})) for _ in range(2))
    assert [*pieces(a, b, {"cookie|1": 1}, POLICY)][1] == (Rule.CROWDED, "address", 4)
    assert strength(a, b) == 9 + 4 + 3 + 2
    # What is not trusted has no keys, and gains nothing by naming a house.
    assert strength(a, doubted("k:1", **hall)) == 9 + 3 + 2


# E-mails


def test_a_family_mailbox_does_not_hide_that_each_has_one_of_their_own() -> None:
    a, b = known("m:family", "m:ann"), known("m:family", "m:ben")
    people = {"email|family": 2, "email|ann": 1, "email|ben": 1}
    assert bits(a, b, people, POLICY) == (9 - 3.5) - 3


def test_who_has_only_the_familys_mailbox_is_told_apart_by_nothing() -> None:
    a, b = known("m:family"), known("m:family", "m:ann")
    people = {"email|family": 2, "email|ann": 1}
    assert bits(a, a, people, POLICY) == bits(a, b, people, POLICY) == 9 - 3.5
    # Nor by a mailbox of another family besides; but two are whose only ones are two families'.
    c = known("m:family", "m:office")
    assert bits(b, c, people | {"email|office": 3}, POLICY) == 9 - 3.5
    assert strength(known("m:office", "k:1"), known("m:family", "k:1"), email=3) == 9 - 3


def test_a_personal_number_that_several_wrote_down_still_tells_apart() -> None:
    a, b = known("s:123", "k:1"), known("s:999", "k:1")
    assert strength(a, b, ssn=2) == strength(a, b) == 9 - 4
    assert bits(a, b, {"ssn|123": 1, "ssn|999": 2, "cookie|1": 1}, POLICY) == 9 - 4


# Personal numbers


def test_who_agrees_in_both_names_and_the_birth_date_may_have_a_mailbox_at_work_too() -> None:
    full = ANN | {"born": "1980-02-03"}
    apart = ("m:a", "p:1"), ("m:b", "p:2")
    one, other = (known(*keys, "k:1", **full) for keys in apart)
    assert strength(one, other) == 9 + 3 + 2 + 6
    # A personal number counts, and so do mailboxes where one of the three does not agree.
    assert strength(known("s:123", "k:1", **full), known("s:999", "k:1", **full)) == 9 + 11 - 4
    for less in ({"born": "1980-02-04"}, {"last": "lee"}, {"first": "a"}):
        assert strength(known("m:a", "k:1", **full), known("m:b", "k:1", **full | less)) == (
            strength(known("k:1", **full), known("k:1", **full | less)) - 3
        )


def test_a_personal_number_counts_beside_what_a_household_shares() -> None:
    a, b = known("s:1", "m:a"), known("s:1", "m:a")
    assert strength(a, b) == 20
    assert strength(a, b, email=2) == 11 + (9 - 3.5)
    assert strength(a, b, ssn=2) == 9 + (11 - 2)
    assert strength(a, b, email=2, ssn=2) == 11 - 2


def test_a_slip_in_a_personal_number_speaks_neither_for_nor_against() -> None:
    one = known("k:1", "s:123-45-6789")
    assert strength(one, known("k:1", "s:123-45-6798")) == 9
    assert strength(one, known("k:1", "s:123-45-678")) == 9
    assert strength(one, known("k:1", "s:321-54-6789")) == 9 - 4


@pytest.mark.parametrize(
    "other",
    [
        "janelambert@gmial.com", "jane.lambert@gmail.con", "jane.lambert@gmail.co",
        "janelambret@gmail.com", "jannelambert@gmail.com", "janelammbert@gmial.com",
    ],
)  # fmt: skip
def test_a_mistyped_e_mail_speaks_neither_for_nor_against(other: str) -> None:
    one = known("k:1", "m:janelambert@gmail.com")
    assert strength(one, known("k:1", f"m:{other}")) == 9
    # Nor does the same mailbox bring anybody together by its likeness.
    assert strength(one, known(f"m:{other}")) == 0


@pytest.mark.parametrize(
    "other",
    ["anm@x.org", "anna@x.org", "an@x.org", "ann1@x.org", "ann@y.com", "ann", "ann2@x.org"],
)
def test_another_slip_in_an_e_mail_is_another_e_mail(other: str) -> None:
    assert strength(known("k:1", "m:ann@x.org"), known("k:1", f"m:{other}")) == 9 - 3


def test_among_many_mailboxes_nobody_looks_for_a_slip() -> None:
    one = known("k:1", *(f"m:a{n}@gmail.com" for n in range(20)))
    other = [f"m:b{n}@gmail.com" for n in range(20)]
    slipped = "m:a7@gmial.com"
    assert strength(one, known("k:1", slipped, *other[1:])) == 9
    assert strength(one, known("k:1", slipped, *other)) == 9 - 3


def test_figures_that_are_doubled_are_another_e_mail() -> None:
    assert strength(known("k:1", "m:ann7@x.org"), known("k:1", "m:ann77@x.org")) == 9 - 3


def test_the_mailbox_of_a_family_is_no_slip_in_itself() -> None:
    one, other = known("m:fam@x.org", "m:ann@x.org"), known("m:fam@x.org", "m:eva@x.org")
    people = {"email|fam@x.org": 2, "email|ann@x.org": 1, "email|eva@x.org": 1}
    assert bits(one, other, people, POLICY) == 9 - 3.5 - 3


def test_another_mailbox_and_another_family_name_are_another_person() -> None:
    ann = {"first": "ann", "last": "moor"}
    one = known("p:1", "m:a", **ann)
    assert strength(one, known("p:1", "m:b", **ann | {"last": "reed"})) == 8 + 3 - 3 - 3 - 1
    assert strength(one, known("p:1", "m:a", **ann | {"last": "reed"})) == 8 + 9 + 3 - 3
    assert strength(one, known("p:1", "m:b", **ann)) == 8 + 3 + 2 - 3
    born = {"born": "1980-02-03"}
    married = known("p:1", "m:b", **ann | born | {"last": "reed"})
    assert strength(known("p:1", "m:a", **ann, **born), married) == 8 + 3 + 6 - 3 - 3


def test_a_personal_number_lifts_the_veto_of_birth_dates_that_differ() -> None:
    young, old = {"born": "1980-02-03"}, {"born": "1955-06-07"}
    assert strength(known("m:a", **young), known("m:a", **old)) == VETO
    assert strength(known("s:1", **young), known("s:1", **old)) == 11 - 9
    assert strength(known("s:1", "m:a", **young), known("s:1", "m:a", **old)) == 20 - 9
    assert strength(known("s:1", "m:a", **young), known("s:2", "m:a", **old)) == VETO


# Unique ids


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (known("m:a", "c:1"), known("m:a", "c:2")),
        (known("m:a", "c:1", "c:2"), known("m:a", "c:1")),
        (known("m:a", "c:1", "c:2"), known("m:a")),
        (known("m:a", "c:1", "u:1"), known("m:a", "c:1", "u:2")),
        (known("m:a", "s:1", "c:1"), known("m:a", "s:1", "c:2")),
        (known("m:a", born="1980-02-03"), known("m:a", born="1991-12-24")),
        (
            known("m:a", "p:1", "d:1", born="1980-02-03"),
            known("m:a", "p:1", "d:1", born="1981-03-02"),
        ),
    ],
)
def test_some_two_are_never_one(a: Evidence, b: Evidence) -> None:
    assert strength(a, b) == VETO


def test_a_unique_id_lifts_the_veto_of_birth_dates_that_differ() -> None:
    a, b = known("c:1", born="1980-02-03"), known("c:1", born="1991-12-24")
    assert strength(a, b) == 14 - 9


@pytest.mark.parametrize("thing", ["k:1", "d:1"])
def test_a_thing_that_two_known_by_other_kinds_of_ids_used_has_two_users(thing: str) -> None:
    weight = POLICY.links[namespace_of(key_of(thing))]
    a, b = known("c:1", thing), known("l:7", thing)
    # So little that somebody who is known by nothing does not bring them together either.
    assert strength(a, b) == strength(a, b, cookie=4, device=4) == -4
    # Somebody known by nothing, or by the same kind, is another matter.
    assert strength(a, known(thing)) == weight
    assert strength(a, known("c:1", thing)) == 14 + weight


def test_what_they_share_besides_the_thing_may_make_them_one() -> None:
    a, b = known("c:1", "k:1", "m:a"), known("l:7", "k:1", "m:a")
    assert strength(a, b) == 9 + (9 - 2) / 2
    assert strength(known("c:1", "k:1", **ANN), known("l:7", "k:1", **ANN)) == 3.5 + 3 + 2


# Fields


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"first": "ann"}, {"first": "ann"}, 3),
        ({"first": "bill"}, {"first": "william"}, 2),
        ({"first": "kathrine"}, {"first": "katherine"}, 2),
        ({"first": "kathrine|kate"}, {"first": "katherine|kate"}, 3),
        ({"first": "ann e"}, {"first": "ann"}, 3),
        ({"first": "anne e"}, {"first": "ann e"}, 2),
        ({"first": "ann"}, {"first": "ben"}, -7),
        ({"first": "a"}, {"first": "ann"}, 0),
        ({"first": "ann|ben"}, {"first": "cara|ben"}, 3),
        ({"first": "anna maria"}, {"first": "anna lena"}, -7),
        ({"first": "ann"}, {"last": "ben"}, 0),
        ({"last": "smith"}, {"last": "smiht"}, 2),
        ({"last": "smith"}, {"last": "jones"}, -3),
        ({"last": "lee"}, {"last": "leo"}, 0),
        ({"middle": "q"}, {"middle": "q"}, 1.5),
        ({"middle": "q"}, {"middle": "r"}, -2),
        ({"sex": "f"}, {"sex": "f"}, 0.5),
        ({"sex": "f"}, {"sex": "m"}, -1.5),
        ({"born": "1980-02-03"}, {"born": "1980-02-03"}, 6),
        ({"born": "1980-01-01"}, {"born": "1980-01-01"}, 3),
        ({"born": "1980-01-01"}, {"born": "1980-10-20"}, 0),
        ({"born": "1980-01-01|1980-02-03"}, {"born": "1980-01-01|1980-02-03"}, 6),
        ({"born": "1980-02-03"}, {"born": "1980-02-04"}, 0),
        ({"born": "1980-02-03"}, {"born": "1980-03-02"}, 0),
        (ANN, ANN, 5),
        (ANN, {}, 0),
    ],
)
def test_names_and_dates_add_to_it_or_take_from_it(
    one: dict[str, str], other: dict[str, str], expected: float
) -> None:
    assert strength(known("p:1", **one), known("p:1", **other)) == 8 + expected


def test_of_colleagues_and_flatmates_of_one_first_name_nobody_married() -> None:
    ada, other = ({"first": "ada", "last": last} for last in ("sawko", "pacura"))
    # By what is one person's she may have a new name; by what several have she is another.
    assert strength(known("m:a", **ada), known("m:a", **other)) == 9 + 3 - 3
    assert strength(known("m:a", **ada), known("m:a", **other), email=2) == 5.5 + 3 - 3 - 2
    both = known("m:a", "p:1", **ada), known("m:a", "p:1", **other)
    assert strength(*both, email=2) == 8 + 5.5 + 3 - 3
    assert strength(*both, email=2, phone=3) == pytest.approx(5.5 + 3 - 3 - 2)
    # One birth date says that she married; who is called otherwise is another anyway.
    born = {"born": "1980-02-03"}
    assert (
        strength(known("m:a", **ada, **born), known("m:a", **other, **born), email=2)
        == 5.5 + 3 - 3 + 6
    )
    ben = {"first": "ben", "last": "pacura"}
    assert strength(known("m:a", **ada), known("m:a", **ben), email=2) == 5.5 - 7 - 3
    # Nor is anything told of two who share nothing.
    assert strength(known(**ada), known(**other)) == 3 - 3


def test_a_first_of_january_counts_whole_where_a_number_is_one() -> None:
    born = {"born": "1980-01-01"}
    assert strength(known("c:1", **born), known("c:1", **born)) == 14 + 6


def test_a_name_that_is_one_is_never_held_against_anybody() -> None:
    fields = POLICY.model_dump(by_alias=True)["fields"]
    little = changed(POLICY, fields=fields | {"firstName": fields["firstName"] | {"agree": 0.5}})
    bill, william = known("m:a", first="bill"), known("m:a", first="william")
    counts = dict.fromkeys(bill.links, 1)
    assert bits(bill, william, counts, little) == 9


def test_only_family_names_count_more_of_who_share_what_several_have() -> None:
    woman, man = ({"first": "kim", "last": "lee", "sex": sex} for sex in "fm")
    assert strength(known("m:a", **woman), known("m:a", **man), email=2) == 5.5 + 3 + 2 - 1.5


def test_what_is_no_mailbox_is_no_office() -> None:
    said = POLICY.model_dump(by_alias=True)["namespaces"]
    cards = {"loyaltyId": said["loyaltyId"] | {"unique": False, "differ": -4.0}}
    policy = changed(POLICY, namespaces=said | cards)
    one, other = (
        evidence([f"loyaltyId|{card}", "cookie|1"], {}, policy) for card in ("info", "ann")
    )
    assert bits(one, other, dict.fromkeys(one.links | other.links, 1), policy) == 9 - 4


def test_an_office_s_mailbox_is_nobodys_own() -> None:
    for office in ("info@x.org", "purchasing2@x.org", "buchhaltung@x.org"):
        assert strength(known("k:1", f"m:{office}"), known("k:1", "m:ann@x.org")) == 9
    # Of whoever has a domain of their own these may be all that they have.
    for own in ("mail@annmoor.org", "hello@annmoor.org", "kontakt@annmoor.org"):
        assert strength(known("k:1", f"m:{own}"), known("k:1", "m:ann@x.org")) == 9 - 3
    assert strength(known("k:1", "m:infos.ann@x.org"), known("k:1", "m:ann@x.org")) == 9 - 3
    # Two that are known by such alone are of two offices.
    assert strength(known("k:1", "m:info@acme.org"), known("k:1", "m:info@foo.com")) == 9 - 3
    # It is evidence as any other.
    assert strength(known("m:info@x.org"), known("m:info@x.org")) == 9


def test_of_one_full_name_there_are_few_in_a_company() -> None:
    staff = ANN | {"firm": "acme"}
    assert strength(known(**staff), known(**staff)) == 5 + 5
    assert strength(known(**staff), known(**ANN)) == 5
    assert strength(known(**staff), known(**ANN, firm="norwick")) == 5
    # What several share is one fact, and the company says nothing of who is called otherwise.
    assert strength(known("m:a", **staff), known("m:a", **staff), email=2) == 5.5 + 5
    assert strength(known("m:a", **staff), known("m:a", **staff), email=4) == 5 + 5
    ben = {"first": "ben", "last": "smith", "firm": "acme"}
    assert strength(known(**staff), known(**ben)) == -7 + 2
    assert strength(known(last="smith", firm="acme"), known(**ben)) == 2


def test_a_company_tells_of_one_full_name_alone() -> None:
    def found(one: str, other: str) -> float:
        given = {"first": "ann", "firm": "acme"}
        return strength(known(last=one, **given), known(last=other, **given))

    assert found("garcia lopez", "garcia lopez") == found("smith", "smyth") == 3 + 2 + 5
    assert found("ruel", "rul") == 3 + 2 + 5  # Rül
    # One of a double name will do for a family name, and not for who works there.
    assert found("garcia lopez", "garcia perez") == found("garcia", "garcia lopez") == 3 + 2


def test_a_company_tells_nothing_of_two_who_live_in_two_places() -> None:
    staff = ANN | {"firm": "acme"}
    at_home, nearby = (known(**staff, home=f"02139/{house}/main") for house in (12, 14))
    assert strength(at_home, nearby) == 5 + 5
    assert strength(at_home, known(**staff)) == 5 + 5
    assert strength(at_home, known(**staff, home="90001//")) == 5
    # Of whom both have a code, these tell, whatever the cities are called.
    boston = known(**staff, home="02139/12/main|boston/12/main")
    assert strength(boston, known(**staff, home="02215/9/elm|boston/9/elm")) == 5


def test_a_company_leads_nobody_to_who_has_another_phone() -> None:
    staff = ANN | {"firm": "acme", "sex": "f"}
    assert strength(known("p:1", **staff), known(**staff)) == 5 + 0.5 + 5
    assert strength(known("p:1", **staff), known("p:2", **staff)) == 5 + 0.5 - 1
    # Who share something have another phone besides.
    one, other = known("k:1", "p:1", **staff), known("k:1", "p:2", **staff)
    assert strength(one, other, cookie=9) == 5 + 0.5 + 5 - 1


def test_whoever_is_not_trusted_works_nowhere() -> None:
    staff = ANN | {"firm": "acme"}
    assert strength(known(**staff), doubted(**staff)) == 5


def test_first_and_last_name_changed_over_agree() -> None:
    swapped = {"first": "smith", "last": "ann"}
    assert strength(known("p:1", **ANN), known("p:1", **swapped)) == 8 + 3 + 2
    cut = {"first": "n ann", "last": "smith"}
    assert strength(known("p:1", **cut), known("p:1", **swapped)) == 8 + 3 + 2
    half = {"first": "smith", "last": "ben"}
    assert strength(known("p:1", **ANN), known("p:1", **half)) == 8 - 7 - 3


def test_a_family_name_that_both_were_also_written_with_as_the_first_tells_nothing() -> None:
    # James West, once West James, and Stephanie West, once West Stephanie.
    james = known("p:1", first="james|west", last="west|james")
    stephanie = known("p:1", first="stephanie|west", last="west|stephanie")
    assert strength(james, stephanie) == 8 - 7 + 2
    assert strength(james, known("p:1", first="west|jim", last="james|west")) == 8 + 3 + 2
    # What both are called, and nobody's family, is a first name.
    ann, bea = (
        known("p:1", first="ann|bea", last="west"),
        known("p:1", first="ann|cleo", last="west"),
    )
    assert strength(ann, bea) == 8 + 3 + 2
    # Where both have both names the wrong way round, that is what they have in common.
    jimmy = known("p:1", first="james|west|jimmy", last="west|james")
    assert strength(jimmy, known("p:1", first="james|west|bert", last="west|james")) == 8 + 3 + 2
    # What is nobody's family name, or only one's, is a first name.
    assert strength(known("p:1", first="ann|bea", last="ann|west"), bea) == 8 + 3 + 2
    # Of who is called West West nothing would be left.
    assert strength(james, known("p:1", first="west", last="west")) == 8 + 3 + 2


def test_the_only_name_may_stand_in_the_others_place() -> None:
    assert strength(known("p:1", **ANN), known("p:1", first="smith")) == 8
    assert strength(known("p:1", **ANN), known("p:1", last="ann")) == 8
    assert strength(known("p:1", **ANN), known("p:1", first="ben")) == 8 - 7
    assert strength(known("p:1", last="smith"), known("p:1", last="ann")) == 8 - 3
    # That it is also like the other one takes nothing from what agrees.
    assert strength(known("p:1", **ANN), known("p:1", first="ann smith")) == 8 + 3


def test_a_date_with_one_part_misread_is_neither_for_who_is_called_the_same() -> None:
    born, misread = {"born": "1980-02-03"}, {"born": "1980-02-19"}
    assert strength(known("p:1", **ANN, **born), known("p:1", **ANN, **misread)) == 8 + 5
    ben = {"first": "ben", "last": "smith"}
    assert strength(known("p:1", **ANN, **born), known("p:1", **ben, **misread)) == VETO
    assert strength(known("p:1", **born), known("p:1", **misread)) == VETO
    other = {"born": "1981-02-19"}
    assert strength(known("p:1", **ANN, **born), known("p:1", **ANN, **other)) == VETO


# Generations


def test_a_junior_is_not_the_senior_whether_marked_or_not() -> None:
    junior = known("p:1", generation="2", **ANN)
    assert strength(junior, known("p:1", generation="1", **ANN)) == VETO
    assert strength(junior, known("p:1", generation="3", **ANN)) == VETO
    assert strength(junior, known("p:1", **ANN)) == VETO
    assert strength(junior, junior) == 13


def test_the_senior_need_not_be_marked() -> None:
    assert strength(known("p:1", generation="1", **ANN), known("p:1", **ANN)) == 13


def test_a_junior_of_the_same_birth_date_is_the_same_however_the_name_was_written() -> None:
    born = ANN | {"born": "1980-02-03"}
    assert strength(known("p:1", generation="2", **born), known("p:1", **born)) == 13 + 6
    slip = ANN | {"born": "1980-02-04"}
    assert strength(known("p:1", generation="2", **born), known("p:1", **slip)) == VETO


def test_who_writes_from_the_juniors_mailbox_left_the_suffix_out() -> None:
    junior = known("m:a", generation="2", born="1980-02-03", **ANN)
    assert strength(junior, known("m:a", **ANN)) == 9 + 5
    # The mailbox may be the house's, the phone is.
    assert strength(junior, known("m:a", **ANN), email=2) == VETO
    assert (
        strength(known("p:1", generation="2", born="1980-02-03", **ANN), known("p:1", **ANN))
        == VETO
    )
    # So it is where nobody tells a birth date; a senior who tells one is another.
    assert strength(known("m:a", generation="2", **ANN), known("m:a", **ANN)) == 9 + 5
    assert strength(junior, known("m:a", born="1980-02-04", **ANN)) == VETO
    senior = known("m:a", born="1955-06-07", **ANN)
    assert strength(known("m:a", generation="2", **ANN), senior) == VETO
    # An office's mailbox is not the junior's own, and of another middle name is somebody else.
    office = known("m:info@x.org", generation="2", **ANN)
    assert strength(office, known("m:info@x.org", **ANN)) == VETO
    middle = known("m:a", generation="2", middle="b", **ANN)
    assert strength(middle, known("m:a", middle="b", **ANN)) == 9 + 5 + 1.5
    assert strength(middle, known("m:a", middle="c", **ANN)) == VETO


def test_names_in_each_others_place_are_one_of_which_one_is_cut_to_an_initial() -> None:
    whole = known("p:1", first="ramaswamy", last="suresh")
    assert strength(whole, known("p:1", first="suresh", last="r")) == 8 + 3
    assert (
        strength(
            known("p:1", first="meena", last="narayanan"), known("p:1", first="n", last="meena")
        )
        == 8 + 3
    )
    assert strength(whole, known("p:1", first="suresh", last="k")) == 8 - 7 - 3


def test_a_birth_date_says_little_of_two_who_are_called_otherwise() -> None:
    born = ANN | {"born": "1980-02-03"}
    twin = born | {"first": "ben"}
    assert strength(known("m:a", **born), known("m:a", **twin)) == 9 + 2 - 7 + 6 / 3


def test_who_says_no_family_name_is_no_senior() -> None:
    assert strength(known("p:1", generation="2", **ANN), known("p:1", first="ann")) == 8 + 3


# What evidence is


def test_only_what_links_is_evidence_and_our_own_keys_lead_to_others() -> None:
    one = known("c:1", "m:a", "k:1", "i:1", first="ann", born="1980-02-03", home="02139/1/oak")
    assert one.links == {"crmId|1", "email|a", "cookie|1", "~address|02139/1/oak"}
    assert one.leads == {"~nameBirth|1980-02-03|an", "~nameAddress|02139/1/oak|an"}
    assert one.held == {"crmId": {"crmId|1"}, "email": {"email|a"}}
    assert one.used == frozenset()


def test_two_are_linked_by_identifiers_and_not_by_an_address_or_a_key() -> None:
    same = {"first": "ann", "born": "1980-02-03", "home": "02139/1/oak"}
    assert not linked(known("i:1", **same), known("i:1", **same))
    assert linked(known("k:1"), known("k:1", "m:a"))
    assert not linked(known("k:1"), known("k:2"))


def test_uses_are_those_by_somebody_whom_a_better_identifier_tells() -> None:
    policy = changed(
        POLICY,
        namespaces={
            "crmId": {"bits": 14, "unique": True, "priority": 30},
            "email": {"bits": 9, "priority": 20},
            "cookie": {"bits": 9, "priority": 10, "owner": "newest"},
        },
    )

    def uses(*keys: str) -> frozenset[tuple[str, int]]:
        return evidence(keys, {}, policy, used=dict.fromkeys(keys, 7)).used

    assert uses("crmId|1", "cookie|1") == uses("email|a", "cookie|1") == {("cookie|1", 7)}
    assert uses("cookie|1") == uses("cookie|1", "cookie|2") == uses("crmId|1") == frozenset()
    assert evidence(["crmId|1", "cookie|1"], {}, POLICY, used={"cookie|1": 7}).used == frozenset()


def test_two_as_one_know_what_either_knew() -> None:
    a = doubted("c:1", first="ann")
    b = known("m:a", "m:b", first="anna", last="smith", born="1980-02-03")
    both = a | b
    assert both == b | a
    assert both.links == {"crmId|1", "email|a", "email|b"}
    assert both.held == {"crmId": {"crmId|1"}, "email": {"email|a", "email|b"}}
    assert both.fields == {
        "firstName": {"ann", "anna"},
        "lastName": {"smith"},
        "birthDate": {"1980-02-03"},
    }
    assert both.leads == b.leads
    assert both.trusted
    assert not (a | a).trusted
