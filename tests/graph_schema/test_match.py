"""Possible matches, and what people answer, by GraphQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from customers.principal import Role
from customers.services import Services
from tests.asking import asking_as
from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask
from tests.proposals import proposed
from tests.rows import gone, said

ANN = {"firstName": "Ann", "lastName": "Smith"}
BOB = {"firstName": "Bob", "lastName": "Jones"}
MATCH = """id score needed kind status snoozedUntil reopened suggestion evidence decidedBy reason
  customers { id displayName profiles { nodes { sourceId } } }"""
LIST = """query($first: Int, $after: String, $status: PossibleMatchStatus! = OPEN,
  $kind: PossibleMatchKind, $min: Float, $of: ID) { possibleMatches(first: $first, after: $after,
  status: $status, kind: $kind, minScore: $min, customerId: $of)
  { nodes { MATCH } pageInfo { endCursor hasNextPage hasPreviousPage } } }""".replace(
    "MATCH", MATCH
)
PAYLOAD = "{ decision { id kind reason } customers { id } errors { code path } match { MATCH } }"
PAYLOAD = PAYLOAD.replace("MATCH", MATCH)
ACCEPT = 'mutation($id: ID!, $e: String) { made: acceptMatch(id: $id, reason: "one", evidence: $e)'
DISMISS = """mutation($id: ID!, $e: String, $apart: Boolean! = false) {
  made: dismissMatch(id: $id, reason: "two", evidence: $e, keepApart: $apart)"""
SNOOZE = """mutation($id: ID!, $until: DateTime!) {
  made: snoozeMatch(id: $id, until: $until, reason: "later")"""
REOPEN = "mutation($id: ID!) { made: reopenMatch(id: $id)"
BULK = """mutation($dry: Boolean!, $min: Float! = 5, $first: Int! = 10) {
  acceptMatches(minScore: $min, kind: UNIQUE, reason: "same", dryRun: $dry, first: $first) {
    accepted refused results { matchId score decisionId customerIds errors { code } } } }"""


async def made(ask: Ask, text: str, **variables: object) -> dict[str, Any]:
    """What came of a mutation."""
    found: dict[str, Any] = (await ask(f"{text} {PAYLOAD} }}", **variables)).data["made"]
    return found


async def listed(ask: Ask, **variables: object) -> list[str]:
    """The rows of the matches of a page: ``["a-b"]``."""
    nodes = (await ask(LIST, **variables)).data["possibleMatches"]["nodes"]
    return [rows(one) for one in nodes]


def rows(match: dict[str, Any]) -> str:
    """Between which rows a match is."""
    sides = ("".join(row["sourceId"] for row in one["profiles"]["nodes"])
             for one in match["customers"])  # fmt: skip
    return "-".join(sides)


async def audited(ask: Ask) -> list[tuple[str, list[str]]]:
    """What the audit log has besides reads, the newest first."""
    nodes = (await ask("{ audit(first: 20) { nodes { action about } } }")).data["audit"]["nodes"]
    return [(one["action"], one["about"]) for one in nodes if one["action"] != "read"]


@pytest.fixture
async def pairs(ingest: Ingest) -> None:
    """Rows that agree in all but their numbers: a and b, and c and d, who have a birth date too."""
    await ingest([
        said("a", 1, "email:a@x.org", "crmId:1", **ANN),
        said("b", 1, "email:a@x.org", "crmId:2", **ANN),
        said("c", 1, "email:c@x.org", "crmId:3", birthDate="1980-02-03", **BOB),
        said("d", 1, "email:c@x.org", "crmId:4", birthDate="1980-02-03", **BOB),
    ])  # fmt: skip


@pytest.mark.usefixtures("pairs")
async def test_the_strongest_match_comes_first_with_all_that_a_person_needs(ask: Ask) -> None:
    answer = await ask(LIST)
    first, second = answer.data["possibleMatches"]["nodes"]
    assert [rows(first), rows(second)] == ["c-d", "a-b"]
    assert first["score"] > second["score"] == 10.5
    assert [one["displayName"] for one in second["customers"]] == ["Ann Smith"] * 2
    known = {name: second[name] for name in ("needed", "kind", "status", "suggestion", "reopened")}
    assert known == {
        "needed": 5.0, "kind": "UNIQUE", "status": "OPEN", "suggestion": "MERGE", "reopened": False,
    }  # fmt: skip
    assert (second["decidedBy"], second["reason"], second["snoozedUntil"]) == (None, None, None)
    assert answer.statements == [
        "matches/ladder", "matches/between", "matches/due", "matches/by_ids",
        "customers/by_ids", "customers/versions",
    ]  # fmt: skip


@pytest.mark.usefixtures("pairs")
async def test_a_page_goes_on_where_the_last_one_ended(ask: Ask) -> None:
    page = (await ask(LIST, first=1)).data["possibleMatches"]
    assert page["pageInfo"]["hasNextPage"] is True
    cursor = page["pageInfo"]["endCursor"]
    rest = (await ask(LIST, first=1, after=cursor)).data["possibleMatches"]
    assert [rows(one) for one in rest["nodes"]] == ["a-b"]
    assert rest["pageInfo"] == {
        "endCursor": rest["pageInfo"]["endCursor"], "hasNextPage": False, "hasPreviousPage": True,
    }  # fmt: skip
    assert "10.5" not in cursor
    assert (await ask(LIST, after=cursor, min=1)).codes == ["CURSOR_MISMATCH"]
    assert (await ask(LIST, after="x")).codes == ["INVALID_INPUT"]


@pytest.mark.usefixtures("pairs")
async def test_matches_are_chosen_by_kind_score_and_customer(ask: Ask, ingest: Ingest) -> None:
    await ingest([
        said("e", 1, "cookie:k", "crmId:5"), said("f", 1, "cookie:q", "crmId:6"),
        said("n", 1, "cookie:k", "cookie:q"),
    ])  # fmt: skip
    assert set(await listed(ask, kind="TIE")) == {"e-n", "f-n"}
    assert await listed(ask, kind="SCORE") == []
    assert await listed(ask, min=10.5) == ["c-d", "a-b"]
    assert await listed(ask, min=10.50001) == ["c-d"]
    data = (await ask('{ c: profile(source: "s", sourceId: "n") { customer { id } } }')).data
    n = data["c"]["customer"]["id"]
    assert set(await listed(ask, of=n)) == {"e-n", "f-n"}
    assert await listed(ask, of=n, kind="UNIQUE") == []
    assert await listed(ask, of="cus_nobody") == []
    own = """query($id: ID!, $after: String) { customer(id: $id) {
      possibleMatches(first: 1, after: $after) { nodes { kind } pageInfo { endCursor hasNextPage }
    } } }"""
    page = (await ask(own, id=n)).data["customer"]["possibleMatches"]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = (await ask(own, id=n, after=page["pageInfo"]["endCursor"])).data["customer"]
    assert rest["possibleMatches"]["pageInfo"]["hasNextPage"] is False


@pytest.mark.usefixtures("pairs")
async def test_a_match_explains_itself_and_is_a_node(ask: Ask) -> None:
    match = (await ask("{ possibleMatches(first: 1) { nodes { id why { reason text } } } }")).data[
        "possibleMatches"
    ]["nodes"][0]
    assert match["why"]["reason"] == "VETO"
    assert "crmId" in match["why"]["text"]
    node = "query($id: ID!) { node(id: $id) { id ... on PossibleMatch { kind } } }"
    answer = await ask(node, id=match["id"])
    assert answer.data["node"] == {"id": match["id"], "kind": "UNIQUE"}
    assert (await ask(node, id="mat_x")).data["node"] is None


@pytest.mark.usefixtures("pairs")
async def test_a_match_is_accepted_as_it_was_seen(ask: Ask) -> None:
    match = (await ask(LIST, first=1)).data["possibleMatches"]["nodes"][0]
    changed = await made(ask, ACCEPT, id=match["id"], e="evd_x")
    assert changed["errors"] == [{"code": "MATCH_CHANGED", "path": ["evidence"]}]
    assert (changed["decision"], changed["match"]["status"]) == (None, "OPEN")
    payload = await made(ask, ACCEPT, id=match["id"], e=match["evidence"])
    assert payload["errors"] == []
    assert payload["decision"]["kind"] == "ALWAYS_LINK"
    assert [one["id"] for one in payload["customers"]] == [match["customers"][0]["id"]]
    assert payload["match"] is None
    again = await made(ask, ACCEPT, id=match["id"])
    assert again["errors"] == [{"code": "MATCH_UNKNOWN", "path": ["id"]}]
    assert await audited(ask) == [("merge", [payload["decision"]["id"], match["id"]])]


@pytest.mark.usefixtures("pairs")
async def test_a_match_is_dismissed_and_reopened(ask: Ask) -> None:
    match = (await ask(LIST, first=1)).data["possibleMatches"]["nodes"][0]
    payload = await made(ask, DISMISS, id=match["id"], e=match["evidence"])
    known = {name: payload["match"][name] for name in ("status", "decidedBy", "reason")}
    assert known == {"status": "DISMISSED", "decidedBy": "developer", "reason": "two"}
    assert payload["decision"]["kind"] == "DISMISSED"
    assert await listed(ask) == ["a-b"]
    assert await listed(ask, status="DISMISSED") == ["c-d"]
    assert (await made(ask, REOPEN, id=match["id"]))["match"]["status"] == "OPEN"
    assert await listed(ask) == ["c-d", "a-b"]
    twice = await made(ask, REOPEN, id=match["id"])
    assert twice["errors"] == [{"code": "MATCH_OPEN", "path": ["id"]}]
    assert await audited(ask) == [
        ("withdraw", [payload["decision"]["id"]]),
        ("dismiss", [payload["decision"]["id"], match["id"]]),
    ]


@pytest.mark.usefixtures("pairs")
async def test_a_match_that_is_kept_apart_is_none_any_more(ask: Ask) -> None:
    match = (await ask(LIST, first=1)).data["possibleMatches"]["nodes"][0]
    payload = await made(ask, DISMISS, id=match["id"], apart=True)
    assert payload["decision"]["kind"] == "NEVER_LINK"
    assert payload["match"] is None
    assert await listed(ask) == ["a-b"]


@pytest.mark.usefixtures("pairs")
async def test_a_snoozed_match_is_listed_again_once_its_time_has_come(ask: Ask) -> None:
    match = (await ask(LIST, first=1)).data["possibleMatches"]["nodes"][0]
    soon = datetime.now(UTC) + timedelta(seconds=1)
    payload = await made(ask, SNOOZE, id=match["id"], until=soon.isoformat())
    assert payload["match"]["status"] == "SNOOZED"
    assert await listed(ask) == ["a-b"]
    assert await listed(ask, status="SNOOZED") == ["c-d"]
    while datetime.now(UTC) <= soon:
        pass
    assert await listed(ask) == ["c-d", "a-b"]
    assert await listed(ask, first=1) == ["c-d"]
    assert await listed(ask, status="SNOOZED") == []
    past = await ask(f"{SNOOZE} {{ errors {{ code }} }} }}", id=match["id"], until=soon.isoformat())
    assert past.codes == ["INVALID_INPUT"]


async def test_many_are_accepted_at_once_but_for_those_that_contradict(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([
        said("a", 1, "email:a@x.org", "crmId:1", **ANN),
        said("b", 1, "email:a@x.org", "crmId:2", **ANN),
        said("c", 1, "email:c@x.org", "crmId:3", **BOB),
        said("d", 1, "email:c@x.org", "crmId:4", **BOB),
        said("x", 1, "crmId:3"),
    ])  # fmt: skip
    # Somebody said of x that it is d and not c, which still counts where the row is erased.
    x, d = (f'{{source: "s", sourceId: "{row}"}}' for row in "xd")
    await ask(f'mutation {{ splitProfiles(profiles: [{x}], reason: "r") {{ errors {{ code }} }} }}')
    both = f"[{x}, {d}]"
    await ask(
        f'mutation {{ mergeProfiles(profiles: {both}, reason: "r") {{ errors {{ code }} }} }}'
    )
    assert await listed(ask) == ["a-b"]
    await ingest([gone("x", 2)])
    assert sorted(await listed(ask)) == ["a-b", "c-d"]
    dry = (await ask(BULK, dry=True)).data["acceptMatches"]
    assert len(await listed(ask)) == 2
    done = (await ask(BULK, dry=False)).data["acceptMatches"]
    for payload in (dry, done):
        codes = sorted(why["code"] for one in payload["results"] for why in one["errors"])
        assert codes == ["DECISION_CONTRADICTED"]
        assert (payload["accepted"], payload["refused"]) == (1, 1)
    assert await listed(ask) == ["c-d"]


async def test_a_dry_run_says_what_a_run_then_does(ask: Ask, ingest: Ingest) -> None:
    # Three rows with three numbers: once two are one, the match with the third is another.
    await ingest([said(row, 1, "email:a@x.org", f"crmId:{row}", **ANN) for row in "abc"])
    assert sorted(await listed(ask)) == ["a-b", "a-c", "b-c"]
    dry = (await ask(BULK, dry=True, min=0)).data["acceptMatches"]
    done = (await ask(BULK, dry=False, min=0)).data["acceptMatches"]

    def told(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
        return [
            (one["matchId"], [why["code"] for why in one["errors"]]) for one in payload["results"]
        ]

    assert told(dry) == told(done)
    assert sorted(why for _, codes in told(done) for why in codes) == [
        "MATCH_CHANGED",
        "MATCH_SETTLED",
    ]
    assert (done["accepted"], done["refused"]) == (dry["accepted"], dry["refused"]) == (1, 2)
    assert [one["decisionId"] is None for one in done["results"]] == [False, True, True]
    assert (await ask(BULK, dry=True, first=101)).codes == ["INVALID_INPUT"]


@pytest.mark.parametrize(
    ("role", "reads", "acts"),
    [
        (Role.ANALYST, True, False),
        (Role.STEWARD, True, True),
        (Role.ADMIN, True, True),
        (Role.SELLER, False, False),
        (Role.MARKETER, False, False),
        (Role.CUSTOMER, False, False),
        (Role.INGEST, False, False),
    ],
)
@pytest.mark.usefixtures("pairs")
async def test_who_explores_identity_sees_matches_and_who_decides_answers(
    services: Services, role: Role, reads: bool, acts: bool
) -> None:
    ask = asking_as(services)
    answer = await ask(role, "{ possibleMatches { nodes { id } } }")
    assert (answer.codes == []) is reads
    text = SNOOZE + " { errors { code } } }"
    answer = await ask(role, text, id="mat_x", until="2100-01-01T00:00:00Z")
    assert (answer.codes == []) is acts
    assert set(answer.codes) <= {"FORBIDDEN"}


@pytest.mark.usefixtures("pairs")
async def test_what_a_tool_proposed_is_told_from_what_resolution_found(
    ask: Ask, services: Services, ingest: Ingest
) -> None:
    await ingest([said("k", 1, "crmId:8"), said("l", 1, "crmId:9")])
    assert await proposed(services.graph, services.policy, "kl") == {"added": 1}
    answer = await ask(
        "{ possibleMatches(kind: PROPOSED) { nodes { score probability proposedBy suggestion "
        "kind why { linked } } } identityHealth { awaitsReview { kinds { kind open } } } }"
    )
    [node] = answer.data["possibleMatches"]["nodes"]
    assert node.pop("probability") == pytest.approx(0.999999, abs=1e-6)
    assert node == {
        "score": 20.0, "proposedBy": "made-up 1.0", "suggestion": "LOOK", "kind": "PROPOSED",
        "why": {"linked": False},
    }  # fmt: skip
    counts = answer.data["identityHealth"]["awaitsReview"]["kinds"]
    assert {one["kind"]: one["open"] for one in counts} == {"PROPOSED": 1, "UNIQUE": 2}
    found = (
        await ask("{ possibleMatches(kind: UNIQUE) { nodes { probability proposedBy } } }")
    ).data
    nothing = {"probability": None, "proposedBy": None}
    assert found["possibleMatches"]["nodes"] == [nothing, nothing]
