"""What is told again is not decided again, and comes to what deciding would have come to."""

import random
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from customers.identity.component import Held, Member, components, people_of
from customers.identity.decided import NEVER, Decided
from customers.identity.matched import Matching, Standing
from customers.identity.partition import joins_its_like, partition
from customers.identity.policy import Policy
from customers.identity.possible import Kind
from customers.identity.repeated import Repeated
from customers.identity.resolve import Resolution, resolve
from cypher import Graph
from tests import pure
from tests.conftest import Clusters, Ingest, query
from tests.customers.identity.test_partition import DOUBTING, NEWEST
from tests.customers.identity.test_replay import RECORDS
from tests.evidence import POLICY, changed
from tests.rows import gone, resolved_again, said

Json = dict[str, Any]
Members = dict[str, Member]
NOW = 1_800_000_000_000


def decided(members: Members, policy: Policy) -> Members:
    """The members as they are read once all of them are decided on."""
    found = resolve(members, members, policy, NOW)
    sizes = Counter(found.customer_of.values())
    homes = {row["customer"]: row["household"] for row in found.households}
    notes = {row["customer"]: row["add"] for row in found.matches.notes}
    return {
        key: one._replace(
            customer=customer,
            size=sizes[customer],
            household=homes.get(customer),
            matches=tuple(notes.get(customer, ())),
        )
        for key, one in members.items()
        for customer in [found.customer_of[key]]
    }


def again(one: Member, number: int) -> Member:
    """A new profile that tells what another tells."""
    return one._replace(
        key=f"{one.key}-{number}",
        customer_id=f"cus_{number}",
        number=number,
        customer=None,
        size=0,
        household=None,
        matches=(),
    )


@settings(max_examples=300)
@given(RECORDS, st.sampled_from([POLICY, NEWEST, DOUBTING]), st.data())
def test_how_often_it_is_told_decides_nothing(
    records: list[Json], policy: Policy, data: st.DataObject
) -> None:
    numbered = [record | {"sourceId": f"{n}"} for n, record in enumerate(records)]
    members = pure.members(numbered, policy)
    once = {frozenset(keys) for keys in pure.clusters_of(members.values(), policy)}
    of_itself = [key for key, one in members.items() if told_by_itself(one, policy)]
    chosen = data.draw(st.lists(st.sampled_from(of_itself), max_size=3)) if of_itself else []
    copies = [again(members[key], 1_000 + n) for n, key in enumerate(chosen)]
    copied = {copy.key: key for copy, key in zip(copies, chosen, strict=True)}
    twice = pure.clusters_of([*members.values(), *copies], policy)
    assert sum(map(len, twice)) == len(members) + len(copies)
    assert {frozenset(copied.get(key, key) for key in keys) for keys in twice} == once
    event(f"{len(copies)} copies")


def told_by_itself(one: Member, policy: Policy) -> bool:
    """Whether a second profile of its evidence is one with it."""
    return joins_its_like(one.evidence(policy), people_of([one]), policy)


@settings(max_examples=300)
@given(RECORDS, st.sampled_from([POLICY, NEWEST, DOUBTING]), st.data())
def test_what_is_told_again_comes_to_what_deciding_comes_to(
    records: list[Json], policy: Policy, data: st.DataObject
) -> None:
    twice = data.draw(st.lists(st.sampled_from(records), max_size=5))
    numbered = [record | {"sourceId": f"{n}"} for n, record in enumerate([*records, *twice])]
    members = decided(pure.members(numbered, policy), policy)
    chosen = data.draw(st.lists(st.sampled_from(sorted(members)), min_size=1, max_size=3))
    new = [again(members[key], 1_000 + n) for n, key in enumerate(chosen)]
    members |= {one.key: one for one in new}
    touched = [one.key for one in new]
    repeated = Repeated(touched, (), policy)
    near = brought(members, touched, repeated, policy)
    quickly = resolve(near, touched, policy, NOW, repeated=repeated)
    wholly = resolve(members, touched, policy, NOW)
    assert quickly.customer_of == {key: wholly.customer_of[key] for key in near}
    assert ordered(quickly) == ordered(wholly)
    event(f"{len(members) - len(near)} not brought")
    parts = [repeated.parts(one) for one in components(members, policy)]
    event(f"{sum(part is not None for part in parts)} components")


def ordered(found: Resolution) -> Resolution:
    """All that is written, in one order: what is not brought may be what connects two."""
    return replace(
        found,
        customer_of={},
        customers=sorted(found.customers, key=lambda row: str(row["id"])),
        placed=sorted(found.placed, key=lambda row: str(row["profile"])),
        changes=sorted(found.changes, key=lambda one: one.profiles),
    )


def brought(
    members: Members, seeds: Collection[str], repeated: Repeated, policy: Policy
) -> Members:
    """The members that are brought for the sake of `seeds`: by their identifiers, customers whole.

    Nobody is followed whose component is known to be told again.
    """
    near: Members = {}
    more = {key: members[key] for key in seeds}
    while more:
        near |= more
        still = repeated.members(near)
        ways = {held.key for key in near.keys() - still for held in members[key].leads(policy)}
        customers = {
            one.customer
            for one in members.values()
            if not ways.isdisjoint(held.key for held in one.leads(policy))
        } - {None}
        more = {
            key: one
            for key, one in members.items()
            if one.customer in customers and key not in near
        }
    return {key: one for key, one in members.items() if key in near}


PROPOSAL = Standing("cus_1", "cus_9", Kind.PROPOSED, 3.0, "look", "evidence", NOW, by="splink")


def component(policy: Policy = POLICY) -> list[Member]:
    """Two profiles of one customer, one of another, and a new one like the first."""
    records = [
        said("1", 1, "loyaltyId:7", "email:ann@x.org", firstName="Ann", lastName="Smith"),
        said("2", 2, "email:ann@x.org", firstName="Ann"),
        said("3", 3, "email:ann@x.org", "crmId:9", firstName="Ben"),
    ]
    members = [*decided(pure.members(records, policy), policy).values()]
    assert [one.customer for one in members] == ["cus_1", "cus_1", "cus_3"]
    return [*(one._replace(matches=()) for one in members), again(members[0], 4)]


def keys(parts: list[list[Member]] | None) -> list[list[str]] | None:
    return None if parts is None else [[one.customer_id for one in part] for part in parts]


def found(
    members: list[Member],
    policy: Policy = POLICY,
    *,
    touched: Collection[str] | None = None,
    shifted: tuple[str, ...] = (),
) -> list[list[str]] | None:
    news = [one.key for one in members if one.customer is None]
    repeated = Repeated(news if touched is None else touched, shifted, policy)
    return keys(repeated.parts(members))


def test_a_second_receipt_comes_to_the_customer_of_the_first() -> None:
    assert found(component()) == [["cus_1", "cus_2", "cus_4"], ["cus_3"]]


def test_what_links_nobody_makes_no_difference() -> None:
    *old, new = component()
    other = Held("email|shop@x.org", 9, generic=True), Held("order|9", None, generic=False)
    assert found([*old, new._replace(held=(*new.held, *other))]) == found([*old, new]) is not None


def test_without_a_new_profile_there_is_something_else_to_decide() -> None:
    assert found(component()[:3]) is None
    assert found(component(), touched=()) is None


@pytest.mark.parametrize(
    "more",
    [
        {"traits": '{"firstName":[["\\"Ann\\"",1]]}'},
        {"held": (Held("email|ann@x.org", 2, generic=False),)},
        {"source": "web"},
        {"decided": (Decided("dec_1", NEVER, "a"),)},
        {"number": 0},
    ],
)
def test_who_tells_anything_else_is_decided_on(more: Json) -> None:
    policy = changed(POLICY, sources={"web": {"trusted": False}})
    *old, new = component(policy)
    assert found([*old, new], policy) is not None
    assert found([*old, new._replace(**more)], policy) is None


@pytest.mark.parametrize(
    "other",
    [
        {"pending": True},
        {"matches": (PROPOSAL.dumps(),)},
        {"size": 3},
    ],
)
def test_whose_customer_awaits_anything_is_decided_on(other: Json) -> None:
    one, *others = component()
    assert found([one._replace(**other), *others]) is None


def test_a_possible_match_stays_as_it_is() -> None:
    one, *others = component()
    match = PROPOSAL._replace(kind=Kind.SCORE, by="").dumps()
    members = [one._replace(matches=(match,)), *others]
    assert found(members) == found([one, *others]) is not None
    news = [members[-1].key]
    repeated = Repeated(news, (), POLICY)
    resolution = resolve({one.key: one for one in members}, news, POLICY, NOW, repeated=repeated)
    assert resolution.matches == Matching()


def test_what_else_has_changed_is_decided_on() -> None:
    members = component()
    assert found(members, touched=[members[-1].key, members[1].key]) is None
    assert found(members, shifted=("crmId|9",)) is None
    assert found(members, shifted=("crmId|10",)) is not None
    twin = members[0]._replace(decided=(Decided("dec_1", NEVER, "a"),))
    assert found([twin, *members[1:]]) is None


def test_evidence_that_joins_nobody_joins_not_its_like_either() -> None:
    records = [said("1", 1, "device:d1")]
    [one] = decided(pure.members(records, POLICY), POLICY).values()
    held = tuple(held._replace(people=5) for held in one.held)
    assert found([one, again(one, 2)]) == [["cus_1", "cus_2"]]
    assert found([each._replace(held=held) for each in (one, again(one, 2))]) is None


def test_who_used_it_last_is_decided_where_a_thing_is_theirs() -> None:
    assert POLICY.owned == frozenset()
    assert found(component(), NEWEST) is None


async def test_who_is_told_again_is_decided_on_where_others_let_go(
    ingest: Ingest, clusters: Clusters
) -> None:
    """A mailbox of six people is generic; of five it joins Ann's receipt with her card's."""
    mail = "email:shop@x.org"
    names = ("Ann", "Bob", "Cleo", "Dora", "Emil", "Fritz")
    rows = [said(one, 1, mail, firstName=one, lastName=f"{one}son") for one in names[1:]]
    ann = {"firstName": "Ann", "lastName": "Smith"}
    card = [said(row, 1, "loyaltyId:7", mail, **ann) for row in ("1", "1b")]
    await ingest([*rows, *card, said("2", 1, mail, **ann)])
    assert sorted(map(len, await clusters())) == [1] * 6 + [2]
    leaves = said("Bob", 2, "phone:+12125550100", replace=True, firstName="Bob", lastName="Bobson")
    await ingest([leaves, said("3", 2, "loyaltyId:7", mail, **ann)])
    assert sorted(map(len, await clusters())) == [1] * 5 + [4]


async def test_who_is_told_again_is_decided_on_where_an_identifier_has_more_people(
    ingest: Ingest, clusters: Clusters
) -> None:
    """A house of six is crowded, and of less weight; who moves in has nothing else of Ann's."""
    home = {"street": "12 Main St", "postalCode": "02139"}
    ann = {"firstName": "Ann", "lastName": "Smith"} | home
    names = ["Bob Bobson", "Cleo Fox", "Dora Lee", "Emil Kohl", "Fritz Berg"]
    rows = [
        said(first, 1, firstName=first, lastName=last, **home)
        for first, last in map(str.split, names)
    ]
    known = [said(row, 1, "crmId:7", **ann) for row in ("1", "1b")]
    await ingest([*rows[:4], *known, said("2", 1, **ann | {"firstName": "Anne"})])
    assert sorted(map(len, await clusters())) == [1, 1, 1, 1, 3]
    await ingest([rows[4], said("3", 2, "crmId:7", **ann)])
    assert sorted(map(len, await clusters())) == [1, 1, 1, 1, 1, 1, 3]


KNOWN = [
    "email:ann@x.org", "email:home@x.org", "email:shop@x.org", "phone:+12125550101",
    "phone:+12125550102", "loyaltyId:7", "loyaltyId:8", "crmId:1", "crmId:2", "cookie:c1",
]  # fmt: skip
CALLED: list[Json] = [
    {"firstName": first, "lastName": last}
    for first in ("Ann", "Anne", "Ben", "Cleo", "Dora", "Emil", "Fritz")
    for last in ("Smith", "Jones")
] + [{}, {"lastName": "Smith"}, {"firstName": "Ann", "birthDate": "1980-02-03"}]


@pytest.mark.parametrize("seed", range(8))
async def test_where_much_is_told_again_nothing_is_left_to_decide(
    ingest: Ingest, graph: Graph, policy: Policy, seed: int
) -> None:
    """Rows that repeat others, say otherwise later, and go, in batches of any size."""
    draw = random.Random(seed)
    told: list[Json] = []
    while len(told) < 120:
        row, day = f"{len(told)}", 1 + len(told) / 10
        kind = draw.random()
        if told and kind < 0.6:
            told.append(draw.choice(told) | {"sourceId": row})
        elif told and kind < 0.7:
            told.append(gone(draw.choice(told)["sourceId"], day))
        else:
            if told and kind < 0.8:
                row = draw.choice(told)["sourceId"]
            held = draw.sample(KNOWN, draw.choice([1, 2, 2, 3]))
            traits = draw.choice(CALLED)
            told.append(said(row, day, *held, **traits, replace=draw.random() < 0.3))
    while told:
        size = draw.choice([1, 1, 2, 5, 10])
        await ingest(told[:size])
        del told[:size]
    found = await resolved_again(graph, policy)
    assert (found.moved, found.housed, found.matches_changed, found.changed) == (0, 0, 0, 0)


async def test_of_receipts_of_one_card_the_first_is_decided_on(
    ingest: Ingest, clusters: Clusters, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the writer; what changes besides is decided on, the people of an identifier too."""
    asked: list[int] = []

    def counting(known: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        asked.append(len(known))
        return partition(known, *args, **kwargs)

    monkeypatch.setattr("customers.identity.resolve.partition", counting)

    async def receipt(number: int, *identifiers: str, **traits: str) -> None:
        await ingest([said(f"{number}", number, *identifiers, **traits)])

    await receipt(1, "loyaltyId:7", "email:ann@x.org", firstName="Ann")
    await receipt(2, "loyaltyId:7", "email:ann@x.org", firstName="Ann")
    await receipt(3, "loyaltyId:7", "email:ann@x.org", firstName="Ann")
    assert asked == [1]
    await receipt(4, "loyaltyId:7", firstName="Ann")
    await receipt(5, "email:ann@x.org", firstName="Ben")
    assert asked == [1, 4, 5]
    await receipt(6, "email:ann@x.org", firstName="Ben")
    await receipt(7, "email:ann@x.org", firstName="Ben")
    assert asked == [1, 4, 5]
    sources = await query(graph, "MATCH (p:Profile) RETURN p.sourceId AS id, p.customerId AS born")
    assert len(sources) == len({row["born"] for row in sources}) == 7
    assert sorted(map(len, await clusters())) == [3, 4]
