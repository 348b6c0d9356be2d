"""Decisions, their preview and what was decided, by GraphQL."""

from typing import Any

import pytest

from tests.conftest import Ingest
from tests.graph_schema.conftest import Answer, Ask
from tests.rows import said

MAIL, PHONE = "email:ann@x.org", "phone:+12125550101"
DECISION = """decision { id kind by reason withdrawnBy identifier { value }
  profiles { nodes { side profile { sourceId } } } }
  customers { id profiles { nodes { sourceId } } } errors { code message path }"""
MERGE = 'mutation($p: [ProfileRef!]!) { made: mergeProfiles(profiles: $p, reason: "why") {%s} }'
SPLIT = 'mutation($p: [ProfileRef!]!) { made: splitProfiles(profiles: $p, reason: "why") {%s} }'
BLOCK = """mutation { made: blockIdentifier(namespace: "email", value: "ANN@x.org", reason: "why")
  {%s} }"""
WITHDRAW = "mutation($id: ID!) { made: withdrawDecision(id: $id) {%s} }"
PREVIEW = """query($d: [DecisionInput!]!) { previewDecisions(decisions: $d) {
  merged split moved kept resolutionPending errors { code path }
  customers { outcome before { customerId size profiles { sourceId } }
              after { customerId size profiles { sourceId } } } } }"""


def named(names: str) -> list[dict[str, str]]:
    return [{"source": "s", "sourceId": one} for one in names]


def made(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = answer.data["made"]
    return found


def rows(customers: list[dict[str, Any]]) -> list[str]:
    """The rows of each customer of a payload."""
    return ["".join(row["sourceId"] for row in one["profiles"]["nodes"]) for one in customers]


@pytest.fixture
async def three(ingest: Ingest) -> None:
    """Rows a and b are one, c is another."""
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, PHONE)])


@pytest.mark.usefixtures("three")
async def test_a_split_is_answered_with_both_customers(ask: Ask) -> None:
    payload = made(await ask(SPLIT % DECISION, p=named("b")))
    decision = payload["decision"]
    assert payload["errors"] == []
    assert rows(payload["customers"]) == ["a", "b"]
    assert (decision["kind"], decision["by"], decision["reason"]) == (
        "NEVER_LINK", "developer", "why",
    )  # fmt: skip
    assert decision["identifier"] is None
    assert decision["profiles"]["nodes"] == [
        {"side": "REST", "profile": {"sourceId": "a"}},
        {"side": "SPLIT", "profile": {"sourceId": "b"}},
    ]
    answer = await ask("{ changes(first: 9) { nodes { kind cause because by } } }")
    assert answer.data["changes"]["nodes"][-1] == {
        "kind": "SPLIT", "cause": "decided", "because": decision["id"], "by": "developer",
    }  # fmt: skip


@pytest.mark.usefixtures("three")
async def test_profiles_are_named_by_their_ids_too(ask: Ask) -> None:
    data = (await ask('{ a: profile(source: "s", sourceId: "a") { id } }')).data
    refs = [{"id": data["a"]["id"]}, *named("c")]
    payload = made(await ask(MERGE % DECISION, p=refs))
    assert payload["decision"]["kind"] == "ALWAYS_LINK"
    assert rows(payload["customers"]) == ["abc"]
    for wrong in ({}, {"source": "s"}, {"id": "cus_x"}, {"id": data["a"]["id"], "source": "s"}):
        assert (await ask(MERGE % DECISION, p=[wrong])).codes == ["INVALID_INPUT"]
    assert (await ask(MERGE % DECISION, p=[])).codes == ["INVALID_INPUT"]
    assert (await ask((MERGE % DECISION).replace("why", " "), p=refs)).codes == ["INVALID_INPUT"]


@pytest.mark.usefixtures("three")
async def test_an_identifier_is_blocked_in_any_notation(ask: Ask) -> None:
    payload = made(await ask(BLOCK % DECISION))
    assert payload["decision"]["identifier"] == {"value": "ann@x.org"}
    assert rows(payload["customers"]) == ["a", "b"]
    show = """{ identifier(namespace: "email", value: "ann@x.org") { generic blockedBy { id } } }"""
    blocks = payload["decision"]["id"]
    assert (await ask(show)).data["identifier"] == {"generic": True, "blockedBy": {"id": blocks}}
    payload = made(await ask(WITHDRAW % DECISION, id=blocks))
    assert rows(payload["customers"]) == ["ab"]
    assert payload["decision"]["withdrawnBy"] == "developer"
    assert (await ask(show)).data["identifier"] == {"generic": False, "blockedBy": None}


@pytest.mark.usefixtures("three")
async def test_what_cannot_be_decided_is_in_the_errors(ask: Ask) -> None:
    payload = made(await ask(MERGE % DECISION, p=named("az")))
    assert (payload["decision"], payload["customers"]) == (None, [])
    assert payload["errors"] == [
        {
            "code": "PROFILE_UNKNOWN",
            "message": "There is no such profile.",
            "path": ["profiles", "1"],
        }
    ]


@pytest.mark.usefixtures("three")
async def test_what_was_decided_is_found_again(ask: Ask) -> None:
    first = made(await ask(SPLIT % DECISION, p=named("b")))["decision"]["id"]
    second = made(await ask(MERGE % DECISION, p=named("bc")))["decision"]["id"]
    third = made(await ask(BLOCK % DECISION))["decision"]["id"]
    listed = "query($after: String) { decisions(first: 2, after: $after) { nodes { id } "
    listed += "pageInfo { endCursor hasNextPage } } }"
    page = (await ask(listed)).data["decisions"]
    assert [one["id"] for one in page["nodes"]] == [third, second]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = (await ask(listed, after=page["pageInfo"]["endCursor"])).data["decisions"]
    assert [one["id"] for one in rest["nodes"]] == [first]
    await ask(WITHDRAW % DECISION, id=second)
    of_b = """query($all: Boolean!) { decisions(profile: {source: "s", sourceId: "b"},
      includeWithdrawn: $all) { nodes { id } } }"""
    found = (await ask(of_b, all=False)).data["decisions"]["nodes"]
    assert [one["id"] for one in found] == [first]
    found = (await ask(of_b, all=True)).data["decisions"]["nodes"]
    assert [one["id"] for one in found] == [second, first]
    show = """query($id: ID!) { node(id: $id) { ... on Decision { kind withdrawnBy } }
      profile(source: "s", sourceId: "b") { decisions { id } } }"""
    answer = await ask(show, id=second)
    assert answer.data == {
        "node": {"kind": "ALWAYS_LINK", "withdrawnBy": "developer"},
        "profile": {"decisions": [{"id": first}]},
    }
    assert (await ask(show, id="dec_nothing")).data["node"] is None


@pytest.mark.usefixtures("three")
async def test_a_preview_shows_who_would_be_whom_and_only_reads(ask: Ask) -> None:
    steps = [{"split": named("b")}, {"merge": named("bc")}, {"merge": named("ab")}]
    answer = await ask(PREVIEW, d=steps)
    found = answer.data["previewDecisions"]
    assert (found["merged"], found["split"], found["moved"], found["kept"]) == (0, 0, 1, 0)
    assert found["errors"] == [
        {"code": "DECISION_CONTRADICTED", "path": ["decisions", "2", "profiles"]}
    ]
    [group] = found["customers"]
    assert group["outcome"] == "MOVE"
    assert [rows_of(one) for one in group["before"]] == ["ab", "c"]
    assert [rows_of(one) for one in group["after"]] == ["a", "bc"]
    assert not any("write" in name or "turn" in name for name in answer.statements)
    assert (await ask(PREVIEW, d=[])).codes == ["INVALID_INPUT"]
    assert (await ask(PREVIEW, d=[{"withdraw": "dec_x"}])).data["previewDecisions"]["errors"] == [
        {"code": "DECISION_UNKNOWN", "path": ["decisions", "0", "id"]}
    ]


def rows_of(customer: dict[str, Any]) -> str:
    assert customer["size"] == len(customer["profiles"])
    return "".join(one["sourceId"] for one in customer["profiles"])
