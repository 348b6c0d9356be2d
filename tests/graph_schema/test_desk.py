"""The service desk: open tickets, who waits for us, and who is calling."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from customers.decisions.asked import Merge, ProfileRef
from customers.identity.policy import Policy
from customers.identity.policy_document import read_policy
from customers.principal import Role
from customers.services import Services
from cypher import Graph
from tests.asking import AskAs, asking_as, customer_of
from tests.conftest import Ingest, Json, query
from tests.decisions import decided, merge
from tests.distrust import distrusting
from tests.rows import born, gone, resolved_again, said

QUEUE = """query($of: ServiceQueueOf!, $first: Int, $after: String) {
  serviceQueue(of: $of, first: $first, after: $after) {
    complete
    nodes { score parts { points why } calls customer { displayName } ticket { number severity }
      lastCall { name } }
    pageInfo { hasNextPage endCursor }
  }
}"""
TICKETS = """query($id: ID!, $first: Int = 10) { customer(id: $id) { openTickets(first: $first) {
  source number subject topic status severity channel open lastInteraction { name } } } }"""


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def heard(row: str, days: float, type: str, id: str, name: str = "Broken", **given: Any) -> Json:  # noqa: ANN401
    """An interaction of so many days ago, of a row."""
    happened = {"id": id, "type": type, "name": name, "channel": "email", "properties": given}
    return said(row, 1, f"crmId:{row}", interaction=happened) | {"at": ago(days)}


def ticket(row: str, days: float, number: str, status: str, **more: Any) -> Json:  # noqa: ANN401
    word = f"{number}-{status}-{days}"
    return heard(row, days, "ticket", word, ticket=number, status=status, **more)


def ordered(row: str, amount: float) -> Json:
    happened = {"id": f"o-{row}", "type": "order", "amount": amount, "currency": "EUR"}
    return said(row, 1, f"crmId:{row}", interaction=happened, firstName=row.title())


@pytest.fixture
def ask_as(services: Services) -> AskAs:
    return asking_as(services)


async def queue(ask_as: AskAs, of: str, **more: object) -> Json:
    answer = await ask_as(Role.SERVICE, QUEUE, of=of, **more)
    assert answer.data is not None, answer.errors
    found: Json = answer.data["serviceQueue"]
    return found


async def numbers(ask_as: AskAs) -> list[str]:
    return [one["ticket"]["number"] for one in (await queue(ask_as, "TICKETS"))["nodes"]]


async def callers(ask_as: AskAs) -> list[tuple[str, int]]:
    found = (await queue(ask_as, "CALLERS"))["nodes"]
    return [(one["customer"]["displayName"], one["calls"]) for one in found]


# Tickets


async def test_open_tickets_are_shown_as_they_stand(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    await ingest([
        ticket("a", 3, "T1", "open", topic="refund", severity="low"),
        ticket("a", 1, "T1", "waiting", severity="high"),
        ticket("a", 5, "T2", "open"),
        ticket("a", 4, "T2", "closed"),
    ])  # fmt: skip
    own = await born(graph)
    answer = await ask_as(Role.SELLER, TICKETS, id=own["a"])
    assert answer.data == {
        "customer": {
            "openTickets": [
                {
                    "source": "s", "number": "T1", "subject": "Broken", "topic": "refund",
                    "status": "waiting", "severity": "high", "channel": "email", "open": True,
                    "lastInteraction": {"name": "Broken"},
                }
            ]
        }
    }  # fmt: skip
    assert answer.statements == [
        "customers/by_ids", "desk/of_customers", "timeline/interactions_by_keys",
        "customers/versions",
    ]  # fmt: skip


async def test_tickets_wait_in_the_order_of_their_scores(ask_as: AskAs, ingest: Ingest) -> None:
    await ingest([
        ordered("ann", 999), ordered("ben", 9),
        ticket("ann", 2, "N2", "open"),
        ticket("ben", 2, "N1", "open"),
        ticket("ben", 0.5, "U1", "open", severity="urgent"),
        ticket("ben", 9, "L1", "open", severity="low"),
    ])  # fmt: skip
    found = await queue(ask_as, "TICKETS")
    assert [
        (one["ticket"]["number"], one["customer"]["displayName"], round(one["score"]))
        for one in found["nodes"]
    ] == [("U1", "Ben", 98), ("N2", "Ann", 56), ("N1", "Ben", 44), ("L1", "Ben", 42)]
    assert found["complete"] is True
    assert found["nodes"][1]["parts"] == [
        {"points": 30.0, "why": "severity normal"},
        {"points": 8.0, "why": "waits for 2 days"},
        {"points": 18.0, "why": "net spend 999.00 EUR"},
    ]


async def test_a_page_goes_on_as_of_the_first(ask_as: AskAs, ingest: Ingest) -> None:
    await ingest([ticket("a", n, f"T{n}", "open") for n in range(1, 6)])
    seen: list[str] = []
    after = None
    for _ in range(3):
        found = await queue(ask_as, "TICKETS", first=2, after=after)
        seen += [one["ticket"]["number"] for one in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
    assert seen == ["T5", "T4", "T3", "T2", "T1"]
    assert found["pageInfo"]["hasNextPage"] is False
    other = await ask_as(Role.SERVICE, QUEUE, of="CALLERS", first=2, after=after)
    assert other.codes == ["CURSOR_MISMATCH"]


async def test_a_queue_is_kept_true_by_whatever_happens(
    graph: Graph, ask_as: AskAs, ingest: Ingest, policy: Policy
) -> None:
    await ingest([ticket("a", 3, "T1", "open"), ticket("b", 2, "T2", "open")])
    assert await numbers(ask_as) == ["T1", "T2"]
    await ingest([ticket("a", 1, "T1", "closed")])
    assert await numbers(ask_as) == ["T2"]
    # A word that comes late is old all the same.
    await ingest([ticket("a", 2, "T1", "reopened")])
    assert await numbers(ask_as) == ["T2"]
    await decided(graph, merge("ab"), policy)
    assert await numbers(ask_as) == ["T2"]
    own = await born(graph)
    answer = await ask_as(Role.SERVICE, TICKETS, id=own["a"])
    assert answer.data is not None
    assert [one["number"] for one in answer.data["customer"]["openTickets"]] == ["T2"]
    await ingest([gone("b", 400)])
    assert await numbers(ask_as) == []
    kept = "MATCH (p:Profile) WHERE p.desk IS NOT NULL OR p.ticketOpen RETURN p.sourceId AS id"
    assert await query(graph, kept) == [{"id": "a"}]


async def test_a_ticket_that_two_profiles_tell_of_is_one_for_their_customer(
    graph: Graph, ask_as: AskAs, ingest: Ingest, policy: Policy
) -> None:
    told = ticket("b", 1, "T1", "closed")
    await ingest([ticket("a", 3, "T1", "open"), told])
    assert await numbers(ask_as) == ["T1"]
    await decided(graph, merge("ab"), policy)
    assert await numbers(ask_as) == []
    assert not (await resolved_again(graph, policy)).did_anything


async def test_what_an_earlier_version_left_is_counted(
    graph: Graph, ask_as: AskAs, ingest: Ingest, policy: Policy
) -> None:
    await ingest([
        ticket("a", 3, "T1", "open", severity="high"), ticket("b", 3, "T2", "closed"),
        heard("c", 1, "call", "c1"), ordered("d", 9),
    ])  # fmt: skip
    names = ("desk", "ticketOpen", "ticketUrgency", "ticketSince", "calledOn", "facts")
    kept = "MATCH (p:Profile) RETURN p {" + ", ".join(f".{one}" for one in names) + "} AS p "
    before = await query(graph, f"{kept} ORDER BY p.number")
    assert await numbers(ask_as) == ["T1"]
    await query(graph, "MATCH (p:Profile) SET " + ", ".join(f"p.{one} = null" for one in names))
    assert await numbers(ask_as) == []
    await resolved_again(graph, policy)
    assert await query(graph, f"{kept} ORDER BY p.number") == before
    assert await numbers(ask_as) == ["T1"]


async def test_nobody_in_doubt_comes_into_the_queue(ask_as: AskAs, ingest: Ingest) -> None:
    record = ticket("a", 1, "T1", "open", severity="urgent") | {"source": "browser"}
    await ingest([record], policy=read_policy(distrusting("browser")))
    assert await numbers(ask_as) == []


async def test_an_order_that_several_sources_saw_is_worth_once(
    ask_as: AskAs, ingest: Ingest
) -> None:
    order = {"type": "order", "orderId": "4711", "amount": 9, "currency": "EUR"}
    await ingest([
        said("a", 1, "crmId:1", source=source, interaction=order | {"id": f"o-{source}"})
        for source in ("shop", "till")
    ])  # fmt: skip
    await ingest([ticket("a", 1, "T1", "open") | {"identifiers": [
        {"namespace": "crmId", "value": "1"}
    ]}])  # fmt: skip
    [one] = (await queue(ask_as, "TICKETS"))["nodes"]
    assert one["parts"][2] == {"points": 6.0, "why": "net spend 9.00 EUR"}


# Callers


async def test_callers_wait_until_they_are_called_back(
    graph: Graph, ask_as: AskAs, ingest: Ingest, policy: Policy
) -> None:
    await ingest([
        ordered("ann", 9), ordered("ben", 9),
        heard("ann", 1, "call", "c1", "Where is it", topic="delivery"),
        heard("ann", 0.5, "call", "c2"),
        heard("ben", 3, "call", "c3"),
        heard("cat", 15, "call", "c4"),
        heard("dan", 2, "call", "c5", status="resolved"),
    ])  # fmt: skip
    assert await callers(ask_as) == [("Ben", 1), ("Ann", 2)]
    await ingest([heard("ben", 2, "call", "c6", direction="outbound")])
    assert await callers(ask_as) == [("Ann", 2)]
    await ingest([heard("eve", 0.2, "call", "c7", direction="outbound")])
    both = Merge([ProfileRef.of("s", name, None) for name in ("ann", "eve")])
    await decided(graph, both, policy)
    assert await callers(ask_as) == []


async def test_a_call_that_names_a_ticket_waits_for_it(ask_as: AskAs, ingest: Ingest) -> None:
    await ingest([ordered("ann", 9), heard("ann", 1, "call", "c1", ticket="T1")])
    await ingest([ticket("ann", 2, "T1", "open")])
    assert await callers(ask_as) == [("Ann", 1)]
    await ingest([ticket("ann", 0.5, "T1", "solved")])
    assert await callers(ask_as) == []


async def test_the_queue_is_one_statement_and_its_customers_another(
    ask_as: AskAs, ingest: Ingest
) -> None:
    await ingest([ticket(f"r{n}", n, f"T{n}", "open") for n in range(1, 8)])
    answer = await ask_as(Role.SERVICE, QUEUE, of="TICKETS", first=5)
    assert answer.statements == ["desk/with_open_tickets", "customers/by_ids"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MARKETER, Role.INGEST])
async def test_the_queue_is_for_those_who_serve(ask_as: AskAs, role: Role) -> None:
    assert (await ask_as(role, QUEUE, of="TICKETS")).codes == ["FORBIDDEN"]
    calls = await ask_as(role, '{ callerContext(phone: "+442079460101") { known } }')
    assert calls.codes == ["FORBIDDEN"]


async def test_customers_see_neither_queue_nor_tickets(ask_as: AskAs) -> None:
    me = customer_of("crmId", "1")
    for text in (
        "{ serviceQueue(of: TICKETS) { complete } }",
        '{ callerContext(phone: "+442079460101") { known } }',
        "{ me { openTickets { number } } }",
    ):
        assert (await ask_as(me, text)).codes == ["FORBIDDEN"]


# Who is calling

CALLING = """query($phone: String!, $region: String) {
  callerContext(phone: $phone, region: $region) {
  phone known generic people reason
  callers { customer { displayName } holds count sources reasons }
  }
}"""
LINE = "+442079460101"


async def calling(ask_as: AskAs, phone: str, region: str | None = None) -> Json:
    answer = await ask_as(Role.SERVICE, CALLING, phone=phone, region=region)
    assert answer.data is not None, answer.errors
    found: Json = answer.data["callerContext"]
    return found


@pytest.mark.parametrize(
    ("phone", "region"),
    [(LINE, None), ("0044 20 7946 0101", None), ("020 7946 0101", "GB"), ("(020) 79460101", "gb")],
)
async def test_a_caller_is_known_in_any_notation(
    ask_as: AskAs, ingest: Ingest, phone: str, region: str | None
) -> None:
    await ingest([said("a", 1, f"phone:{LINE}", "crmId:1", firstName="Ann")])
    assert await calling(ask_as, phone, region) == {
        "phone": LINE,
        "known": True,
        "generic": False,
        "people": 1,
        "reason": f"{LINE} is known to be one customer's.",
        "callers": [
            {
                "customer": {"displayName": "Ann"},
                "holds": True,
                "count": 1,
                "sources": ["s"],
                "reasons": ["holds the number by s", "seen with it once, last on 2026-01-01"],
            }
        ],
    }


async def test_who_was_seen_with_a_number_last_comes_first(ask_as: AskAs, ingest: Ingest) -> None:
    await ingest([
        said("a", 5, f"phone:{LINE}", "crmId:1", firstName="Ann", birthDate="1980-02-03"),
        said("b", 9, f"phone:{LINE}", "crmId:2", firstName="Ben", birthDate="1951-07-09"),
        said("c", 2, f"phone:{LINE}", "crmId:3", firstName="Cat", birthDate="2001-11-30",
             replace=True),
        said("c", 20, "crmId:3", firstName="Cat", birthDate="2001-11-30", replace=True),
    ])  # fmt: skip
    found = await calling(ask_as, LINE)
    assert [(one["customer"]["displayName"], one["holds"]) for one in found["callers"]] == [
        ("Ben", True), ("Ann", True), ("Cat", False),
    ]  # fmt: skip
    assert found["reason"] == f"{LINE} is shared by 3 customers: ask who is calling."
    assert "a newer record no longer names it" in found["callers"][2]["reasons"]


async def test_an_unknown_number_is_nobodys(ask_as: AskAs) -> None:
    assert await calling(ask_as, LINE) == {
        "phone": LINE, "known": False, "generic": False, "people": None,
        "reason": f"Nobody is known by {LINE}.", "callers": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("phone", "region", "read"),
    [
        ("(207) 946-0999", None, "+12079460999, as it is read in US"),
        ("020 7946 0999", "GB", "+442079460999, as it is read in GB"),
    ],
)
async def test_a_number_without_a_prefix_says_in_which_region_it_was_read(
    ask_as: AskAs, phone: str, region: str | None, read: str
) -> None:
    found = await calling(ask_as, phone, region)
    assert found["reason"] == f"Nobody is known by {read}: give `region` for another country."


@pytest.mark.parametrize(
    ("phone", "region", "told"),
    [
        ("12", None, "not a possible phone number"),
        ("", None, "empty"),
        ("call me", None, "not a possible phone number"),
        (LINE, "Atlantis", "`region` is a country's code such as GB"),
    ],
)
async def test_a_wrong_number_is_said_to_be_one(
    ask_as: AskAs, phone: str, region: str | None, told: str
) -> None:
    answer = await ask_as(Role.SERVICE, CALLING, phone=phone, region=region)
    assert answer.codes == ["INVALID_INPUT"]
    assert told in answer.errors[0]["message"]


async def test_a_number_of_very_many_names_nobody(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    await ingest([
        said(f"r{n}", 1, f"phone:{LINE}", f"crmId:{n}", firstName=f"{name}")
        for n, name in enumerate(
            ["Ann", "Boris", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas",
             "Kira", "Liam", "Mona", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Sven", "Tara"]
        )
    ])  # fmt: skip
    [row] = await query(graph, "MATCH (i:Identifier {namespace: 'phone'}) RETURN i.generic AS g")
    assert row["g"] is True
    found = await calling(ask_as, LINE)
    assert (found["known"], found["generic"], found["callers"]) == (True, True, [])
    assert found["reason"].endswith("20 records were seen with it: ask for the name.")


# What not to do

DO_NOT = "query($id: ID!) { customer(id: $id) { doNot { kind text why channel } } }"


async def test_what_not_to_do_is_one_statement_more_than_a_360(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    offer = {"id": "f1", "type": "offer", "name": "Winter", "properties": {"outcome": "declined"}}
    await ingest([
        said("a", 1, "crmId:1", "email:ann@x.org", doNotCall=True),
        said("b", 1, "crmId:2", "email:ann@x.org", firstName="Ben", birthDate="1951-07-09"),
        said("a", 2, "crmId:1", firstName="Ann", birthDate="1980-02-03"),
        ticket("a", 2, "T1", "open", topic="refund"),
        said("a", 1, "crmId:1", interaction=offer) | {"at": ago(3)},
    ])  # fmt: skip
    own = await born(graph)
    answer = await ask_as(Role.SELLER, DO_NOT, id=own["a"])
    assert answer.data is not None, answer.errors
    found = answer.data["customer"]["doNot"]
    assert [(one["kind"], one["text"], one["channel"]) for one in found] == [
        ("NOT_BY_CHANNEL", "Do not contact by phone.", "phone"),
        ("NO_MARKETING", "Do not advertise.", None),
        ("OPEN_TICKET", "Do not sell before what is open is settled.", None),
        ("OFFER_REFUSED", "Do not offer Winter again.", None),
        (
            "SHARED_CONTACT",
            "Do not speak of orders by ann@x.org before you know who it is.",
            None,
        ),
    ]
    assert sorted(answer.statements) == [
        "customers/by_ids", "customers/versions", "desk/of_customers", "matches/of_customers",
        "timeline/interactions",
    ]  # fmt: skip
    me = customer_of("crmId", "1")
    assert (await ask_as(me, "{ me { doNot { text } } }")).codes == ["FORBIDDEN"]


async def test_a_seller_is_told_of_possible_duplicates_without_their_evidence(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    ann = {"firstName": "Ann", "lastName": "Smith", "city": "Leeds"}
    await ingest([
        said("a", 1, "email:a@x.org", "crmId:1", **ann),
        said("b", 1, "email:a@x.org", "crmId:2", **ann),
    ])  # fmt: skip
    own = await born(graph)
    text = "query($id: ID!) { customer(id: $id) { possibleDuplicates doNot { kind } } }"
    answer = await ask_as(Role.SELLER, text, id=own["a"])
    assert answer.data is not None, answer.errors
    found = answer.data["customer"]
    assert found["possibleDuplicates"] == [own["b"]]
    assert "POSSIBLE_DUPLICATE" in {one["kind"] for one in found["doNot"]}
    matches = "query($id: ID!) { customer(id: $id) { possibleMatches { nodes { id } } } }"
    assert (await ask_as(Role.SELLER, matches, id=own["a"])).codes == ["FORBIDDEN"]
    listed = await ask_as(Role.STEWARD, matches, id=own["a"])
    assert listed.data is not None, listed.errors
    [match] = listed.data["customer"]["possibleMatches"]["nodes"]
    dismiss = 'mutation($id: ID!) { dismissMatch(id: $id, reason: "two") { errors { code } } }'
    await ask_as(Role.STEWARD, dismiss, id=match["id"])
    answer = await ask_as(Role.SELLER, text, id=own["a"])
    assert answer.data is not None
    assert answer.data["customer"]["possibleDuplicates"] == []
