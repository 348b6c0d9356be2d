"""Notes: who writes and reads them, and where they go."""

import pytest

from customers.identity.policy import Policy
from customers.principal import Principal, Role
from customers.services import Services
from cypher import Graph
from tests.asking import AskAs, asking_as, customer_of
from tests.conftest import Ingest, Json, query
from tests.decisions import decided, merge, split, withdraw
from tests.rows import born, gone, said

ADD = """mutation($id: ID!, $text: String!, $about: ProfileRef) {
  addNote(customerId: $id, text: $text, about: $about) {
    note { id text by profile { sourceId } withdrawnAt } errors { code path }
  }
}"""
WITHDRAW = """mutation($id: ID!) { withdrawNote(id: $id, reason: "wrong person") {
  note { text by withdrawnBy withdrawnReason } errors { code path }
} }"""
NOTES = """query($id: ID!, $all: Boolean) { customer(id: $id) {
  notes(first: 10, includeWithdrawn: $all) { nodes { text } pageInfo { hasNextPage } }
} }"""
ANN, BEN = Principal("ann", Role.SELLER), Principal("ben", Role.SERVICE)


@pytest.fixture
async def ask_as(services: Services, ingest: Ingest) -> AskAs:
    await ingest([said("a", 1, "crmId:1", firstName="Ann"), said("b", 1, "crmId:2")])
    return asking_as(services)


async def add(ask_as: AskAs, who: Principal, id: str, text: str, **more: Json) -> Json:
    answer = await ask_as(who, ADD, id=id, text=text, **more)
    assert answer.errors == []
    assert answer.data is not None
    payload: Json = answer.data["addNote"]
    return payload


async def texts(ask_as: AskAs, id: str, *, withdrawn: bool = False) -> list[str]:
    answer = await ask_as(Role.SERVICE, NOTES, id=id, all=withdrawn)
    assert answer.data is not None, answer.errors
    return [one["text"] for one in answer.data["customer"]["notes"]["nodes"]]


async def test_a_seller_writes_a_note_that_service_reads(graph: Graph, ask_as: AskAs) -> None:
    own = await born(graph)
    assert await add(ask_as, ANN, own["a"], " Call after six \n") == {
        "note": {
            "id": (await query(graph, "MATCH (x:Note) RETURN x.id AS id"))[0]["id"],
            "text": "Call after six",
            "by": "ann",
            "profile": {"sourceId": "a"},
            "withdrawnAt": None,
        },
        "errors": [],
    }
    await add(ask_as, BEN, own["a"], "Called")
    assert await texts(ask_as, own["a"]) == ["Called", "Call after six"]
    assert await texts(ask_as, own["b"]) == []


async def test_notes_go_where_the_profile_goes(graph: Graph, ask_as: AskAs, policy: Policy) -> None:
    own = await born(graph)
    await add(ask_as, ANN, own["b"], "about b")
    merged = await decided(graph, merge("ab"), policy)
    await add(ask_as, ANN, own["a"], "b again", about={"source": "s", "sourceId": "b"})
    await add(ask_as, ANN, own["a"], "about a")
    assert await texts(ask_as, own["b"]) == ["about a", "b again", "about b"]
    await decided(graph, withdraw(merged), policy)
    assert await texts(ask_as, own["b"]) == ["b again", "about b"]
    assert await texts(ask_as, own["a"]) == ["about a"]


async def test_notes_stay_apart_through_a_split(
    graph: Graph, ask_as: AskAs, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("c", 2, "crmId:1")])
    own = await born(graph)
    await add(ask_as, ANN, own["a"], "about c", about={"source": "s", "sourceId": "c"})
    await decided(graph, split("c"), policy)
    assert (await texts(ask_as, own["a"]), await texts(ask_as, own["c"])) == ([], ["about c"])


async def test_an_erased_profile_leaves_no_note(
    graph: Graph, ask_as: AskAs, ingest: Ingest
) -> None:
    own = await born(graph)
    await add(ask_as, ANN, own["a"], "about a")
    await add(ask_as, ANN, own["b"], "about b")
    await ingest([gone("a", 3)])
    assert await query(graph, "MATCH (x:Note) RETURN x.text AS text") == [{"text": "about b"}]


async def test_who_wrote_a_note_withdraws_it_and_a_steward_any(graph: Graph, ask_as: AskAs) -> None:
    own = await born(graph)
    note = (await add(ask_as, ANN, own["a"], "wrong"))["note"]["id"]
    anothers = await ask_as(BEN, WITHDRAW, id=note)
    assert anothers.data == {
        "withdrawNote": {"note": None, "errors": [{"code": "ANOTHERS_NOTE", "path": ["id"]}]}
    }
    done = await ask_as(ANN, WITHDRAW, id=note)
    assert done.data == {
        "withdrawNote": {
            "note": {
                "text": "wrong", "by": "ann", "withdrawnBy": "ann",
                "withdrawnReason": "wrong person",
            },
            "errors": [],
        }
    }  # fmt: skip
    assert await texts(ask_as, own["a"]) == []
    assert await texts(ask_as, own["a"], withdrawn=True) == ["wrong"]
    again = await ask_as(Principal("eve", Role.STEWARD), WITHDRAW, id=note)
    assert again.data is not None
    assert again.data["withdrawNote"]["errors"] == [{"code": "ALREADY_WITHDRAWN", "path": ["id"]}]
    second = (await add(ask_as, BEN, own["a"], "rude"))["note"]["id"]
    stewards = await ask_as(Principal("eve", Role.STEWARD), WITHDRAW, id=second)
    assert stewards.data is not None
    assert stewards.data["withdrawNote"]["errors"] == []


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"id": "cus_nobody"}, "CUSTOMER_UNKNOWN"),
        ({"about": {"source": "s", "sourceId": "z"}}, "PROFILE_UNKNOWN"),
        ({"about": {"source": "s", "sourceId": "b"}}, "ANOTHER_CUSTOMER"),
    ],
)
async def test_a_note_about_nobody_is_refused(
    graph: Graph, ask_as: AskAs, variables: Json, code: str
) -> None:
    own = await born(graph)
    answer = await ask_as(ANN, ADD, **{"id": own["a"], "text": "x"} | variables)
    assert answer.data is not None, answer.errors
    assert [one["code"] for one in answer.data["addNote"]["errors"]] == [code]
    assert await query(graph, "MATCH (x:Note) RETURN x.id") == []


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001])
async def test_a_text_that_is_none_is_refused(ask_as: AskAs, text: str) -> None:
    assert (await ask_as(ANN, ADD, id="cus_x", text=text)).codes == ["INVALID_INPUT"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MARKETER, Role.INGEST])
async def test_notes_are_for_those_who_speak_with_customers(
    graph: Graph, ask_as: AskAs, role: Role
) -> None:
    own = await born(graph)
    assert (await ask_as(role, NOTES, id=own["a"])).codes == ["FORBIDDEN"]
    assert (await ask_as(role, ADD, id=own["a"], text="x")).codes == ["FORBIDDEN"]


async def test_customers_do_not_read_what_is_written_about_them(ask_as: AskAs) -> None:
    me = customer_of("crmId", "1")
    assert (await ask_as(me, "{ me { notes { nodes { text } } } }")).codes == ["FORBIDDEN"]


async def test_pages_of_notes_end_where_they_end(graph: Graph, ask_as: AskAs) -> None:
    own = await born(graph)
    for n in range(5):
        await add(ask_as, ANN, own["a"], f"n{n}")
    text = """query($id: ID!, $after: String) { customer(id: $id) {
      notes(first: 2, after: $after) { nodes { text } pageInfo { hasNextPage endCursor } } } }"""
    seen, after = [], None
    while True:
        answer = await ask_as(Role.ADMIN, text, id=own["a"], after=after)
        assert answer.data is not None, answer.errors
        assert answer.statements[:2] == ["customers/by_ids", "notes/page"]
        page = answer.data["customer"]["notes"]
        seen.append([one["text"] for one in page["nodes"]])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == [["n4", "n3"], ["n2", "n1"], ["n0"]]


async def test_it_is_told_in_the_audit_log(graph: Graph, ask_as: AskAs) -> None:
    own = await born(graph)
    note = (await add(ask_as, ANN, own["a"], "secret text"))["note"]["id"]
    await ask_as(ANN, WITHDRAW, id=note)
    rows = await query(
        graph,
        "MATCH (x:AuditEntry) WHERE x.action STARTS WITH 'note' RETURN x {.*} AS x ORDER BY x.seq",
    )
    assert [(row["x"]["action"], row["x"]["actor"], row["x"]["about"]) for row in rows] == [
        ("note", "ann", [note, own["a"]]),
        ("noteWithdrawn", "ann", [note, own["a"]]),
    ]
    assert "secret" not in str(rows)
