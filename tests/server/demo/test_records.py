"""Records of the demo: the same every time, valid, with the traps at their rates."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pytest

from customers.identity.policy_document import default_policy
from customers.ingest.prepare import Prepared, prepare
from customers.ingest.record import Record
from customers.times import to_ms
from server.demo.accounts import birth_date
from server.demo.contacts import PLACEHOLDERS
from server.demo.days import BEGIN, END, GIVEN_UP, TAKEN_OVER
from server.demo.homes import Resident, residents
from server.demo.people import people
from server.demo.phones import CALL_CENTRE
from server.demo.records import SEED, Stream, stream, stream_of
from server.demo.sighting import JsonRecord

COUNT = 2000


@pytest.fixture(scope="module")
def made() -> Stream:
    return stream(COUNT)


@pytest.fixture(scope="module")
def everybody() -> list[Resident]:
    return residents(people(), SEED)


@pytest.fixture(scope="module")
def prepared(made: Stream) -> list[Prepared]:
    policy = default_policy()
    return [prepare(Record.model_validate(one), policy, to_ms(END)) for one in made.records]


def values(record: JsonRecord, namespace: str) -> list[str]:
    return [one["value"] for one in record["identifiers"] if one["namespace"] == namespace]


def of(made: Stream, *sources: str) -> Iterator[JsonRecord]:
    return (one for one in made.records if one["source"] in sources)


def share(found: Iterable[bool]) -> float:
    counts = Counter(found)
    return counts[True] / counts.total()


def test_the_same_seed_gives_the_same_records(everybody: list[Resident]) -> None:
    one, same, other = (stream_of(everybody[:100], seed) for seed in (1, 1, 2))
    assert one == same
    assert one.records != other.records


def test_more_people_only_add_records(made: Stream) -> None:
    few = stream(333)
    many = {str(record) for record in made.records}
    assert all(str(record) in many for record in few.records)


def test_there_is_as_much_as_promised(made: Stream) -> None:
    assert 20_000 <= len(made.records) <= 25_000
    assert {one["source"] for one in made.records} == {"crm", "shop", "web", "app", "call"}
    assert [one["at"] for one in made.records] == sorted(one["at"] for one in made.records)
    assert 0.7 < share("interaction" in one for one in made.records) < 0.9


def test_every_record_is_taken_and_only_placeholders_are_refused(prepared: list[Prepared]) -> None:
    refused = [one for record in prepared for one in record.refused]
    assert {one.value for one in refused} == set(PLACEHOLDERS)
    assert all(to_ms(BEGIN) <= record.at <= to_ms(END) for record in prepared)


def test_truth_covers_every_profile_but_what_nobody_can_tell(made: Stream) -> None:
    profiles = {(one["source"], one["sourceId"]) for one in made.records}
    unknown = profiles - made.truth.keys()
    assert made.truth.keys() <= profiles
    assert all(re.fullmatch(r"tablet-\d+|kiosk-\d", source_id) for _, source_id in unknown)
    persons = {owner for owner in made.truth.values() if owner.isdigit()}
    assert len(persons) == COUNT
    for source in ("crm", "shop"):
        assert len({owner for key, owner in made.truth.items() if key[0] == source}) == COUNT


def test_anonymous_use_of_a_shared_thing_is_nobodys(made: Stream) -> None:
    assert made.truth["web", "kiosk-0"] == "kiosk-0"
    shared = {key[1] for key, owner in made.truth.items() if not owner.isdigit()}
    users: dict[str, set[str]] = defaultdict(set)
    for (_, source_id), owner in made.truth.items():
        thing, login, _ = source_id.partition(".")
        if login:
            users[thing].add(owner)
    assert shared
    assert all(len(users[thing]) > 1 for thing in shared)


def test_logins_of_several_people_on_one_thing_are_profiles_of_their_own(made: Stream) -> None:
    owners = defaultdict(set)
    for sighting in made.records:
        key = (sighting["source"], sighting["sourceId"])
        if key in made.truth and sighting.get("traits", {}).get("firstName"):
            owners[key].add(made.truth[key])
    assert all(len(found) == 1 for found in owners.values())


def test_a_kiosk_a_call_centre_and_placeholders_are_at_their_rates(made: Stream) -> None:
    kiosk = share(one["device"]["value"].startswith("kiosk") for one in of(made, "web"))
    centre = share(CALL_CENTRE in values(one, "phone") for one in of(made, "call"))
    emails = [one for record in of(made, "crm", "shop") for one in values(record, "email")]
    assert kiosk == pytest.approx(0.01, abs=0.005)
    assert centre == pytest.approx(0.1, abs=0.03)
    assert share(email in PLACEHOLDERS for email in emails) == pytest.approx(0.01, abs=0.005)


def test_families_share_mailbox_landline_and_tablet(made: Stream) -> None:
    rows = list(of(made, "crm"))
    mailbox = share(values(row, "email")[0].endswith("@family.example") for row in rows)
    landline = share("5550" in values(row, "phone")[0] for row in rows if values(row, "phone"))
    tablet = share(one["device"]["value"].startswith("tablet") for one in of(made, "app"))
    assert mailbox == pytest.approx(0.15 * 0.5 * 0.85, abs=0.03)
    assert landline == pytest.approx(0.27, abs=0.03)
    assert tablet == pytest.approx(0.11, abs=0.03)


def test_some_households_share_everything(everybody: list[Resident]) -> None:
    homes = {one.home.number: one.home for one in everybody}
    sizes = Counter(one.home.number for one in everybody)
    several = [home for home in homes.values() if sizes[home.number] > 1]
    assert share(home.close for home in several) == pytest.approx(0.03, abs=0.015)
    assert share(home.mailbox is not None for home in several) == pytest.approx(0.15, abs=0.03)
    assert not any(home.close or home.mailbox for home in homes.values() if home not in several)


def test_agents_seldom_open_the_wrong_file(made: Stream) -> None:
    files = {key[1]: owner for key, owner in made.truth.items() if key[0] == "crm"}
    calls = [one for one in of(made, "call") if values(one, "crmId")]
    wrong = share(
        files[values(one, "crmId")[0]] != made.truth["call", one["sourceId"]] for one in calls
    )
    assert 0 < wrong < 0.025


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


def test_one_number_is_written_in_many_ways(made: Stream, prepared: list[Prepared]) -> None:
    texts = [text for record in made.records for text in values(record, "phone")]
    keys = {one.value for record in prepared for one in record.identifiers if "phone" in one.key}
    assert len(set(texts)) > 1.5 * len(keys)
    assert all(re.fullmatch(r"\+61([2378](5550|7010)\d{4}|1800975\d{3})", key) for key in keys)


def test_a_day_that_never_was_stays_as_it_is_written(made: Stream) -> None:
    assert birth_date("19650113") == "1965-01-13"
    assert birth_date("19450493") == "19450493"
    assert birth_date("") == ""
    born = [one["traits"].get("birthDate") for one in of(made, "shop") if "traits" in one]
    assert any(text and "-" not in text for text in born)


def test_orders_add_up(made: Stream) -> None:
    orders = [one["interaction"] for one in made.records if "interaction" in one]
    orders = [one for one in orders if "orderId" in one]
    assert len(orders) > COUNT
    assert len({one["id"] for one in orders}) == len(orders)
    for one in orders:
        assert one["currency"] == "AUD"
        assert one["amount"] == pytest.approx(sum(line["amount"] for line in one["products"]))
