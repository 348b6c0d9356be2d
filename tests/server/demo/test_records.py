"""Records of the demo: the same every time, valid, with the traps at their rates."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import cast

import pytest

from customers.identity.policy_document import default_policy
from customers.ingest.prepare import Prepared, prepare
from customers.ingest.record import Record
from customers.times import to_ms
from server.cli.demo import USUAL_PEOPLE
from server.demo.accounts import birth_date
from server.demo.contacts import PLACEHOLDERS
from server.demo.days import BEGIN, END, GIVEN_UP, TAKEN_OVER
from server.demo.homes import Resident, residents
from server.demo.people import people
from server.demo.phones import CALL_CENTRE
from server.demo.records import SEED, Stream, stream, stream_of
from server.demo.scoring import links_of, score
from server.demo.sighting import JsonRecord, Profile
from tests.pure import clusters

COUNT = 600


@pytest.fixture(scope="module")
def made() -> Stream:
    return stream(COUNT)


@pytest.fixture(scope="module")
def records(made: Stream) -> list[JsonRecord]:
    return list(made.records)


@pytest.fixture(scope="module")
def everybody() -> list[Resident]:
    return residents(people(), SEED)


@pytest.fixture(scope="module")
def prepared(records: list[JsonRecord]) -> list[Prepared]:
    policy = default_policy()
    return [prepare(Record.model_validate(one), policy, to_ms(END)) for one in records]


def values(record: JsonRecord, namespace: str) -> list[str]:
    return [one["value"] for one in record["identifiers"] if one["namespace"] == namespace]


def of(records: list[JsonRecord], *sources: str) -> Iterator[JsonRecord]:
    return (one for one in records if one["source"] in sources)


def share(found: Iterable[bool]) -> float:
    counts = Counter(found)
    return counts[True] / counts.total()


def test_the_same_seed_gives_the_same_records(everybody: list[Resident]) -> None:
    one, same, other = (stream_of(everybody[:100], seed) for seed in (1, 1, 2))
    assert one == same
    assert one.lines != other.lines


def test_more_people_only_add_records(made: Stream) -> None:
    few = stream(133)
    assert len(few.lines) > 133 * 20
    assert set(few.lines) <= set(made.lines)


def test_there_is_as_much_as_promised(records: list[JsonRecord]) -> None:
    assert 25_000 <= len(records) <= 27_000
    sources = {"crm", "shop", "till", "web", "app", "call", "support", "mail"}
    assert {one["source"] for one in records} == sources
    assert [one["at"] for one in records] == sorted(one["at"] for one in records)
    done = [one["interaction"] for one in records if "interaction" in one]
    assert {one["type"] for one in done} == {"page", "track", "call", "ticket"}
    assert {one["channel"] for one in done} == {"web", "store", "phone", "app", "email", "chat"}


def test_every_record_is_taken_and_only_placeholders_are_refused(prepared: list[Prepared]) -> None:
    refused = [one for record in prepared for one in record.refused]
    assert {one.value for one in refused} == set(PLACEHOLDERS)
    assert all(to_ms(BEGIN) <= record.at <= to_ms(END) for record in prepared)


def test_truth_covers_every_profile_but_what_nobody_can_tell(
    made: Stream, records: list[JsonRecord]
) -> None:
    profiles = {(one["source"], one["sourceId"]) for one in records}
    unknown = profiles - made.truth.keys()
    assert made.truth.keys() <= profiles
    assert all(re.fullmatch(r"tablet-\d+|kiosk-\d", source_id) for _, source_id in unknown)
    persons = {owner for owner in made.truth.values() if owner.isdigit()}
    assert len(persons) == COUNT
    for source in ("crm", "shop"):
        rows = {owner for key, owner in made.truth.items() if key[0] == source}
        assert len({owner for owner in rows if owner.isdigit()}) == COUNT


def test_anonymous_use_of_a_shared_thing_is_nobodys(made: Stream) -> None:
    shared = {key[1] for key, owner in made.truth.items() if owner == key[1]}
    shared -= {owner for owner in shared if owner.startswith("visitor-")}
    users: dict[str, set[str]] = defaultdict(set)
    for (_, source_id), owner in made.truth.items():
        thing, login, _ = source_id.partition(".")
        if login:
            users[thing].add(owner)
    assert shared
    assert all(len(users[thing]) > 1 for thing in shared)


def test_logins_of_several_people_on_one_thing_are_profiles_of_their_own(
    made: Stream, records: list[JsonRecord]
) -> None:
    owners = defaultdict(set)
    for sighting in records:
        key = (sighting["source"], sighting["sourceId"])
        if key in made.truth and sighting.get("traits", {}).get("firstName"):
            owners[key].add(made.truth[key])
    assert all(len(found) == 1 for found in owners.values())


def test_a_kiosk_a_call_centre_and_placeholders_are_at_their_rates(
    records: list[JsonRecord],
) -> None:
    browsers = [one["device"]["value"] for one in of(records, "web")]
    kiosk = share(one.startswith("kiosk") for one in browsers if not one.startswith("visitor"))
    centre = share(CALL_CENTRE in values(one, "phone") for one in of(records, "call"))
    emails = [one for record in of(records, "crm", "shop") for one in values(record, "email")]
    assert kiosk == pytest.approx(0.01, abs=0.005)
    assert centre == pytest.approx(0.1, abs=0.03)
    assert share(email in PLACEHOLDERS for email in emails) == pytest.approx(0.01, abs=0.005)


def test_families_share_mailbox_landline_and_tablet(
    records: list[JsonRecord], everybody: list[Resident]
) -> None:
    rows = [one for one in of(records, "crm") if not everybody[_position(one)].home.family_mailbox]
    mailbox = share(values(row, "email")[0].endswith("@family.example") for row in rows)
    landline = share("5550" in values(row, "phone")[0] for row in rows if values(row, "phone"))
    tablet = share(one["device"]["value"].startswith("tablet") for one in of(records, "app"))
    assert mailbox == pytest.approx(0.07 * 0.5, abs=0.03)
    assert landline == pytest.approx(0.27, abs=0.05)
    assert tablet == pytest.approx(0.11, abs=0.03)


def _position(row: JsonRecord) -> int:
    return int(row["sourceId"][1:])


def test_half_of_the_homes_go_by_one_name_and_the_shop_may_know_another(
    everybody: list[Resident],
) -> None:
    homes: dict[int, list[Resident]] = defaultdict(list)
    for one in everybody:
        homes[one.home.number].append(one)
    several = [members for members in homes.values() if len(members) > 1]
    families = [
        members for members in several if len({one.person.original.surname for one in members}) == 1
    ]
    assert len(families) / len(several) == pytest.approx(0.5, abs=0.05)
    agree = share(
        one.person.original.surname == one.person.duplicate.surname
        for members in families
        for one in members
    )
    assert 0.5 < agree < 0.9


def test_a_family_account_is_of_a_mailbox_that_all_of_the_family_gave(
    made: Stream, records: list[JsonRecord], everybody: list[Resident]
) -> None:
    accounts = [one for one in of(records, "shop") if one["sourceId"].startswith("F")]
    rows = [one for one in accounts if "traits" in one]
    assert len(rows) == len({one["sourceId"] for one in rows}) > 5
    assert len(accounts) >= 3 * len(rows)
    families = {one.home.number: one.home for one in everybody}
    gave = Counter(values(one, "email")[0] for one in of(records, "crm"))
    for row in rows:
        home = families[_position(row)]
        assert values(row, "email") == [home.family_mailbox]
        assert gave[home.family_mailbox or ""] == home.size >= 3
        assert made.truth["shop", row["sourceId"]] == f"family-{home.number}"


def test_some_households_share_everything(everybody: list[Resident]) -> None:
    homes = {one.home.number: one.home for one in everybody}
    sizes = Counter(one.home.number for one in everybody)
    several = [home for home in homes.values() if sizes[home.number] > 1]
    assert share(home.close for home in several) == pytest.approx(0.03, abs=0.015)
    assert share(home.mailbox is not None for home in several) == pytest.approx(0.15, abs=0.03)
    assert not any(home.close or home.mailbox for home in homes.values() if home not in several)


def test_agents_seldom_open_the_wrong_file(made: Stream, records: list[JsonRecord]) -> None:
    files = {key[1]: owner for key, owner in made.truth.items() if key[0] == "crm"}
    calls = [one for one in of(records, "call") if values(one, "crmId")]
    wrong = share(
        files[values(one, "crmId")[0]] != made.truth["call", one["sourceId"]] for one in calls
    )
    assert 0 < wrong < 0.025


def test_some_orders_of_the_web_are_at_the_till_too(records: list[JsonRecord]) -> None:
    found: dict[str, list[JsonRecord]] = defaultdict(list)
    for one in of(records, "web", "till"):
        if one["interaction"].get("orderId", "").startswith("O-3"):
            found[one["interaction"]["orderId"]].append(one)
    both = [pair for pair in found.values() if len(pair) == 2]
    assert share(len(pair) == 2 for pair in found.values()) == pytest.approx(0.15, abs=0.03)
    for online, receipt in both:
        assert (online["source"], receipt["source"]) == ("web", "till")
        assert online["at"] < receipt["at"]
        assert online["interaction"] == receipt["interaction"] | {"channel": "web"}


def test_most_receipts_have_the_card_and_the_others_an_email(records: list[JsonRecord]) -> None:
    receipts = list(of(records, "till"))
    assert share(bool(values(one, "loyaltyId")) for one in receipts) == pytest.approx(0.9, abs=0.02)
    assert all(len(one["identifiers"]) == 1 for one in receipts)


def test_visitors_are_anonymous_until_they_log_in_and_strangers_for_ever(
    made: Stream, records: list[JsonRecord]
) -> None:
    browsers: dict[str, list[JsonRecord]] = defaultdict(list)
    for one in of(records, "web"):
        if one["sourceId"].startswith("visitor-"):
            browsers[one["device"]["value"]].append(one)
    logged_in = strangers = 0
    for seen in browsers.values():
        known = [bool(values(one, "email")) for one in seen]
        assert known == sorted(known)
        first = seen[0]["interaction"]["properties"]["session"]
        sessions = [one["interaction"]["properties"]["session"] for one in seen]
        assert (first, True) not in zip(sessions, known, strict=True)
        assert all(("." in one["sourceId"]) == told for one, told in zip(seen, known, strict=True))
        owners = {made.truth["web", one["sourceId"]] for one in seen}
        assert len(owners) == 1
        logged_in += known[-1]
        strangers += owners.pop().startswith("visitor-")
    assert 20 < logged_in < 60
    assert 20 < strangers < 60
    assert len(browsers) >= logged_in + strangers


def test_tickets_are_opened_and_most_of_them_closed(records: list[JsonRecord]) -> None:
    steps: dict[str, list[JsonRecord]] = defaultdict(list)
    for one in of(records, "support"):
        steps[one["sourceId"]].append(one["interaction"])
    for ticket, done in steps.items():
        assert [one["name"] for one in done] in (
            ["Ticket Opened"],
            ["Ticket Opened", "Ticket Closed"],
        )
        assert [one["properties"]["status"] for one in done] in (["open"], ["open", "closed"])
        assert {one["properties"]["ticket"] for one in done} == {ticket}
    assert share(len(done) == 1 for done in steps.values()) == pytest.approx(0.16, abs=0.06)
    severities = Counter(done[0]["properties"]["severity"] for done in steps.values())
    assert sorted(severities) == ["high", "low", "normal", "urgent"]


def test_who_follows_a_mail_has_opened_it(records: list[JsonRecord]) -> None:
    names = Counter(one["interaction"]["name"] for one in of(records, "mail"))
    assert names["Email Opened"] / names["Email Delivered"] == pytest.approx(0.45, abs=0.05)
    assert names["Email Link Clicked"] / names["Email Opened"] == pytest.approx(0.3, abs=0.07)


def test_nothing_of_the_traps_makes_two_people_one_in_the_usual_demo() -> None:
    made, policy = stream(USUAL_PEOPLE), default_policy()
    customers = [[tuple(key.split("|")) for key in keys] for keys in clusters(made.records, policy)]
    result = score(cast(list[list[Profile]], customers), made.truth, links_of(made.records, policy))
    assert result.wrongly_merged == 0
    assert result.recall > 0.95 * result.possible


def test_recycled_numbers_have_one_owner_at_a_time(everybody: list[Resident]) -> None:
    new_owners = [one for one in everybody if one.later_phone]
    assert len(new_owners) == len(everybody) / 100
    for new in new_owners:
        old = everybody[new.position - 10]
        assert old.phone == new.later_phone
        assert old.phone_at(BEGIN) == old.phone
        assert old.phone_at(GIVEN_UP) is None
        assert new.phone_at(GIVEN_UP) == new.phone
        assert new.phone_at(TAKEN_OVER) == old.phone


def test_nothing_of_ones_own_belongs_to_somebody_else(everybody: list[Resident]) -> None:
    for own in ("email", "phone", "crm_id", "loyalty_id"):
        assert len({getattr(one, own) for one in everybody}) == len(everybody)


def test_one_number_is_written_in_many_ways(
    records: list[JsonRecord], prepared: list[Prepared]
) -> None:
    texts = [text for record in records for text in values(record, "phone")]
    keys = {one.value for record in prepared for one in record.identifiers if "phone" in one.key}
    assert len(set(texts)) > 1.5 * len(keys)
    assert all(re.fullmatch(r"\+61([2378](5550|7010)\d{4}|1800975\d{3})", key) for key in keys)


def test_a_day_that_never_was_stays_as_it_is_written(records: list[JsonRecord]) -> None:
    assert birth_date("19650113") == "1965-01-13"
    assert birth_date("19450493") == "19450493"
    assert birth_date("") == ""
    born = [one["traits"].get("birthDate") for one in of(records, "shop") if "traits" in one]
    assert any(text and "-" not in text for text in born)


def test_orders_add_up(records: list[JsonRecord]) -> None:
    done = [one for one in records if "orderId" in one.get("interaction", {})]
    assert len(done) > 15 * COUNT
    assert len({(one["source"], one["interaction"]["id"]) for one in done}) == len(done)
    for order in (one["interaction"] for one in done):
        assert order["currency"] == "AUD"
        assert order["amount"] == pytest.approx(sum(line["amount"] for line in order["products"]))
