"""Query.why, Customer.how and Identifier.genericReason on the people of the documentation."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from customers.errors import ForbiddenError
from customers.identity.policy_document import default_policy
from customers.identity.replay import Replay
from customers.identity.why import ProfileAsked
from customers.identity.why import why as explained
from customers.principal import Principal, Role
from customers.reading import Reading
from customers.services import Services
from cypher import Graph
from tests import pure
from tests.conftest import Ingest, Json, query, soon
from tests.distrust import distrust
from tests.graph_schema.conftest import Ask
from tests.pages import DOCS
from tests.rows import said
from tests.scenarios import SCENARIOS

WHY = """query($a: EntityRef!, $b: EntityRef!) { why(a: $a, b: $b) {
  linked upToDate customerId reason text score needed missingBits wouldSupply decision
  bits { what rule bits people firstSeen lastSeen identifier { value }
         ours { ...sighting } theirs { ...sighting } }
  path { via identifier { value } fromProfile { ...sighting } toProfile { ...sighting } }
  steps { number alike score one { size first { sourceId } } other { size first { sourceId } } }
  veto { what rule bits ours { ...sighting } theirs { ...sighting } }
  rivals { score customerId side { size first { sourceId } } }
} }
fragment sighting on EvidenceSighting { source sourceId value firstSeen lastSeen }"""
HOW = """{ customer(identifier: {namespace: "crmId", value: "C1"}) {
  how(first: %d) { number alike score text }
} }"""
KIOSK = {"identifier": {"namespace": "cookie", "value": "kiosk-leeds"}}


def records() -> list[Json]:
    text = (DOCS / "examples" / "people.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def row(source: str, source_id: str) -> Json:
    return {"profile": {"source": source, "sourceId": source_id}}


async def why(ask: Ask, a: Json, b: Json) -> Json:
    found: Json = (await ask(WHY, a=a, b=b)).data["why"]
    return found


async def test_two_that_are_one_have_a_way_of_joins_with_the_evidence(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest(records())
    found = await why(ask, row("crm", "C1"), row("web", "v-1"))
    assert (found["linked"], found["upToDate"], found["reason"]) == (True, True, "JOINED")
    assert found["text"] == (
        "crm C1 and web v-1 are one customer, by 2 joins. crm C1 and shop 7: both have the e-mail "
        "ann@mail.example (+9, of 1 person), first names are alike (+2), family names agree (+2); "
        "together 13 of 5 bits needed. crm C1 with 1 more and web v-1: both have the cookie k-ann "
        "(+9, of 1 person); together 9 of 5 bits needed."
    )
    assert [(one["number"], one["score"], one["alike"]) for one in found["steps"]] == [
        (1, 13, False),
        (3, 9, False),
    ]
    hop = found["path"][1]
    assert (hop["via"], hop["identifier"]) == ("cookie", {"value": "k-ann"})
    assert hop["fromProfile"] == {
        "source": "shop",
        "sourceId": "7",
        "value": "k-ann",
        "firstSeen": "2026-10-01T09:00:00+00:00",
        "lastSeen": "2026-10-01T09:00:00+00:00",
    }
    assert (hop["toProfile"]["source"], hop["toProfile"]["sourceId"]) == ("web", "v-1")
    [piece] = found["bits"]
    assert (piece["what"], piece["rule"], piece["bits"], piece["people"]) == (
        "cookie",
        "HELD",
        9,
        1,
    )
    assert (piece["firstSeen"], piece["lastSeen"]) == (
        "2026-09-30T19:40:00+00:00",
        "2026-10-01T09:00:00+00:00",
    )
    assert (found["score"], found["needed"], found["missingBits"]) == (9, 5, None)
    assert (found["veto"], found["rivals"], found["wouldSupply"]) == (None, [], [])
    assert found["decision"] is None


async def test_two_who_exclude_each_other_are_told_with_both_values(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest(records())
    found = await why(ask, row("desk", "c-1"), row("shop", "8"))
    assert (found["linked"], found["reason"], found["customerId"]) == (False, "VETO", None)
    assert found["text"] == (
        "desk c-1 and shop 8 are two customers (crm C1 with 4 more and crm C2 with 1 more): crm C1 "
        "has crmId C1, crm C2 has crmId C2, and a person has one."
    )
    assert found["veto"]["rule"] == "OTHER_UNIQUE"
    assert found["veto"]["bits"] is None
    assert [one["value"] for one in found["veto"]["ours"]] == ["C1"]
    assert [one["value"] for one in found["veto"]["theirs"]] == ["C2"]
    assert (found["score"], found["path"], found["steps"]) == (None, [], [])
    # What there is besides the numbers, for whoever looks at it as a possible match.
    assert {(one["what"], one["rule"]): one["bits"] for one in found["bits"]} == {
        ("email", "COMMON"): 5.5, ("firstName", "DIFFER"): -7.0, ("lastName", "AGREE"): 2.0,
    }  # fmt: skip


async def test_what_is_missing_is_told_with_what_would_supply_it(ask: Ask, ingest: Ingest) -> None:
    await ingest(records())
    found = await why(ask, row("app", "a-9"), row("crm", "C1"))
    assert (found["linked"], found["reason"]) == (False, "NOTHING_SHARED")
    assert (found["score"], found["missingBits"]) == (-6, 11)
    assert sum(one["bits"] for one in found["bits"]) == -6
    assert found["wouldSupply"] == [
        "a shared cookie (then 5.5 bits)",
        "a shared anonymousId (then 5.5 bits)",
        "a shared phone (then 8 bits)",
        "a shared ssn (then 11 bits)",
        "a shared e-mail (then 12 bits)",
        "a shared crmId (then 14 bits)",
    ]
    assert found["text"].endswith(
        "They have no blocking key in common: nameBirth (birth date with first name or family "
        "name; app a-9 has no birth date), nameAddress (address with first name or family name; "
        "app a-9 has no address) and nameCompany (company, first name and family name; app a-9 "
        "has no company or family name and crm C1 has no company)."
    )


async def test_what_was_missing_joins_once_it_is_there(ask: Ask, ingest: Ingest) -> None:
    await ingest(records())
    phone = {"namespace": "phone", "value": "+442079460101"}
    await ingest([{"source": "app", "sourceId": "a-9", "identifiers": [phone]}])
    found = await why(ask, row("app", "a-9"), row("crm", "C1"))
    assert found["linked"] is True
    assert found["steps"][-1]["score"] == 8


async def test_an_identifier_that_links_nobody_says_why(ask: Ask, ingest: Ingest) -> None:
    await ingest(records())
    answer = await ask(WHY, a=KIOSK, b=row("web", "b-2"))
    found = answer.data["why"]
    assert (found["linked"], found["reason"]) == (False, "GENERIC")
    assert found["text"] == (
        "The cookie kiosk-leeds links nobody. 6 people have it, more than the 5 of one identifier "
        "(`crowd`): they are called dora, egon, greta, hugo, ida and karl."
    )
    # Its holders are not brought: there may be a crowd of them.
    assert not {"identity/holders", "identity/hop"} & {*answer.statements}
    both = await why(ask, row("web", "b-1"), row("web", "b-2"))
    assert [one for one in both["bits"] if one["rule"] == "GENERIC"] == [
        {
            "what": "cookie",
            "rule": "GENERIC",
            "bits": 0,
            "people": 6,
            "firstSeen": "2026-10-12T10:00:00+00:00",
            "lastSeen": "2026-10-12T10:20:00+00:00",
            "identifier": {"value": "kiosk-leeds"},
            "ours": [sighting("b-1", "2026-10-12T10:00:00+00:00")],
            "theirs": [sighting("b-2", "2026-10-12T10:20:00+00:00")],
        }
    ]


def sighting(source_id: str, at: str) -> Json:
    return {
        "source": "web",
        "sourceId": source_id,
        "value": "kiosk-leeds",
        "firstSeen": at,
        "lastSeen": at,
    }


async def test_an_identifier_stands_for_whoever_holds_it(ask: Ask, ingest: Ingest) -> None:
    await ingest(records())
    mailbox = {"identifier": {"namespace": "email", "value": "Moors@fam.example"}}
    # Ann and Paul hold it: with the call Ann's profile is one.
    found = await why(ask, mailbox, row("desk", "c-1"))
    assert found["linked"] is True
    assert found["path"][0]["fromProfile"]["sourceId"] == "C1"
    assert (await why(ask, mailbox, row("crm", "C2")))["reason"] == "SAME"


async def test_ids_of_the_api_are_as_good_as_sources(ask: Ask, ingest: Ingest) -> None:
    await ingest(records())
    ids = (
        await ask(
            '{ a: profile(source: "shop", sourceId: "7") { id customer { id } } '
            'b: profile(source: "till", sourceId: "K-7") { id } }'
        )
    ).data
    wanted = await why(ask, row("shop", "7"), row("till", "K-7"))
    assert wanted["linked"] is True
    assert wanted == await why(
        ask, {"profile": {"id": ids["a"]["id"]}}, {"profile": {"id": ids["b"]["id"]}}
    )
    # A customer's id is that of its anchor.
    customer = ids["a"]["customer"]["id"]
    own = "cus_" + ids["b"]["id"].removeprefix("prf_")
    found = await why(ask, {"customer": customer}, {"customer": own})
    assert found["customerId"] == customer
    assert found["path"][0]["fromProfile"]["sourceId"] == "C1"
    assert found["path"][-1]["toProfile"]["sourceId"] == "K-7"


@pytest.mark.parametrize(
    "unknown",
    [
        row("crm", "C9"),
        {"customer": "cus_nobody"},
        {"profile": {"id": "prf_nobody"}},
        {"identifier": {"namespace": "email", "value": "nobody@mail.example"}},
        {"identifier": {"namespace": "email", "value": "null"}},
    ],
)
async def test_whom_nobody_knows_is_refused(ask: Ask, ingest: Ingest, unknown: Json) -> None:
    await ingest(records()[:1])
    answer = await ask(WHY, a=unknown, b=row("crm", "C1"))
    assert answer.codes == ["INVALID_INPUT"]
    assert answer.body["errors"][0]["message"].startswith("Nobody is known by this ")


async def test_one_of_the_ways_to_name_somebody_is_given(ask: Ask) -> None:
    answer = await ask(WHY, a=row("crm", "C1") | {"customer": "cus_x"}, b=row("crm", "C1"))
    assert "errors" in answer.body


async def test_how_a_customer_came_about_is_told_step_by_step(ask: Ask, ingest: Ingest) -> None:
    await ingest(records())
    answer = await ask(HOW % 50)
    assert [(one["number"], one["score"]) for one in answer.data["customer"]["how"]] == [
        (1, 13),
        (3, 9),
        (3, 9),
        (4, 8),
    ]
    assert answer.data["customer"]["how"][3]["text"] == (
        "crm C1 with 3 more and desk c-1: both have the phone +442079460101 (+8, of 1 person); "
        "together 8 of 5 bits needed."
    )
    assert [one["number"] for one in (await ask(HOW % 2)).data["customer"]["how"]] == [1, 3]


async def test_a_customer_of_one_profile_has_no_steps(ask: Ask, ingest: Ingest) -> None:
    await ingest(records()[:1])
    assert (await ask(HOW % 50)).data == {"customer": {"how": []}}


async def test_few_statements_answer(ask: Ask, ingest: Ingest) -> None:
    await ingest(records())
    text = "query($a: EntityRef!, $b: EntityRef!) { why(a: $a, b: $b) { text path { via } } }"
    answer = await ask(text, a=row("crm", "C1"), b=row("shop", "7"))
    assert answer.statements == [
        "identity/profile_members",
        "identity/profile_members",
        "identity/hop",
        "identity/links",
    ]


async def test_reasons_of_several_identifiers_are_read_at_once(ask: Ask, ingest: Ingest) -> None:
    await ingest(
        [
            *records(),
            {
                "source": "web",
                "sourceId": "b-1",
                "identifiers": [
                    {"namespace": "ip", "value": "10.0.0.1"},
                    {"namespace": "shoe", "value": "42"},
                ],
            },
        ]
    )
    answer = await ask(
        '{ profile(source: "web", sourceId: "b-1") { identifiers { namespace genericReason } } }'
    )
    reasons = {
        one["namespace"]: one["genericReason"] for one in answer.data["profile"]["identifiers"]
    }
    assert reasons == {
        "cookie": "6 people have it, more than the 5 of one identifier (`crowd`): they are called "
        "dora, egon, greta, hugo, ida and karl.",
        "email": None,
        "ip": "The namespace ip has 0 bits in the policy, its values are only kept.",
        "shoe": "The policy does not know the namespace shoe, whose values are only kept.",
    }
    assert answer.statements.count("identity/summaries") == 1


async def test_a_graph_that_was_decided_by_another_policy_is_told_of(
    ask: Ask, ingest: Ingest
) -> None:
    strict = default_policy().model_dump(by_alias=True) | {"crowd": 1, "mergeBits": 30}
    await ingest(records(), policy=type(default_policy()).model_validate(strict))
    found = await why(ask, row("crm", "C1"), row("desk", "c-1"))
    assert (found["linked"], found["upToDate"], found["reason"]) == (False, False, "JOINED")
    assert found["text"].endswith(
        "The graph still has them as two customers: it was decided by another policy, or waits for "
        "the background."
    )


async def test_a_component_above_the_limit_is_not_gone_through(
    ask: Ask, ingest: Ingest, services: Services
) -> None:
    await ingest(records())
    services.policies.policy = services.policy.model_copy(update={"component_limit": 3})
    found = await why(ask, row("crm", "C1"), row("desk", "c-1"))
    assert (found["linked"], found["reason"]) == (True, "TOO_LARGE")
    assert found["text"].startswith("They are one customer. Their component has more than 3 prof")
    assert (await ask(HOW % 50)).data["customer"]["how"] == []


LIVE = ("9 twins", "10 couple who share everything", "11 senior and junior", "15 equally likely")


@pytest.mark.parametrize("name", LIVE)
async def test_every_pair_in_the_graph_is_explained_as_without_one(
    name: str, ask: Ask, ingest: Ingest, graph: Graph
) -> None:
    [scenario] = [one for one in SCENARIOS if one.name == name]
    await ingest(scenario.records)
    rows = await query(
        graph,
        "MATCH (p:Profile)-[:BELONGS_TO]->(c:Customer) "
        "RETURN p.source AS source, p.sourceId AS id, c.id AS customer",
    )
    customers: Mapping[Any, str] = {(one["source"], one["id"]): one["customer"] for one in rows}
    policy = default_policy()
    replay = Replay(pure.members(scenario.records, policy), policy)
    refs = sorted(customers)
    for place, a in enumerate(refs):
        for b in refs[place + 1 :]:
            found = await why(ask, row(*a), row(*b))
            assert found["upToDate"] is True
            assert found["linked"] is (customers[a] == customers[b])
            assert bool(found["path"]) is found["linked"]
            if not found["linked"]:
                apart = replay.apart("|".join(a), "|".join(b))
                assert found["score"] == apart.score
                assert found["veto"] or found["rivals"] or found["missingBits"] > 0


async def test_values_are_shown_as_the_role_sees_them(services: Services, ingest: Ingest) -> None:
    await ingest(records())
    reading = Reading(services.graph, Principal("a marketer", Role.MARKETER), soon())
    a, b = ProfileAsked("crm", "C1"), ProfileAsked("shop", "7")
    found = await explained(reading, services.policy, a, b)
    assert "ann@mail.example" not in found.text
    assert "both have the e-mail a••@mail.example (+9, of 1 person)" in found.text
    assert {one.value for one in found.bits[0].ours} == {"a••@mail.example"}
    assert {one.value for one in found.bits[1].ours} == {"A••"}
    assert found.path[0].one.value == "a••@mail.example"


async def test_who_may_not_read_is_refused(services: Services) -> None:
    reading = Reading(services.graph, Principal("a machine", Role.INGEST), soon())
    with pytest.raises(ForbiddenError):
        await explained(
            reading, services.policy, ProfileAsked("crm", "C1"), ProfileAsked("crm", "C2")
        )


async def decided(ask: Ask, asked: str) -> str:
    found = (
        await ask(f'mutation {{ made: {asked}, reason: "why") {{ decision {{ id }} }} }}')
    ).data
    decision: str = found["made"]["decision"]["id"]
    return decision


async def test_what_a_person_decided_is_told_with_the_decision(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("a", 1, "crmId:1"), said("b", 1, "crmId:2"), said("c", 1, "crmId:2")])
    a, b, c = (f'{{source: "s", sourceId: "{name}"}}' for name in "abc")
    merge = await decided(ask, f"mergeProfiles(profiles: [{a}, {b}]")
    found = await why(ask, row("s", "a"), row("s", "c"))
    assert (found["linked"], found["upToDate"], found["decision"]) == (True, True, merge)
    assert found["text"] == (
        "s a and s c are one customer, by 2 joins. s b and s c are one to begin with: all 2 know "
        "the same. both have the crmId 2 (+14, of 1 person); together 14 of 5 bits needed. "
        f"s a and s b with 1 more: a person said so ({merge})."
    )
    assert [one["via"] for one in found["path"]] == ["decision", "crmId"]
    assert (found["bits"], found["score"]) == ([], 0)
    split = await decided(ask, f"splitProfiles(profiles: [{c}]")
    found = await why(ask, row("s", "b"), row("s", "c"))
    assert (found["linked"], found["reason"], found["decision"]) == (False, "VETO", split)
    assert found["veto"] == {
        "what": split,
        "rule": "DECIDED",
        "bits": None,
        "ours": [],
        "theirs": [],
    }
    assert f"a person said that they are two ({split})." in found["text"]


async def test_a_browser_that_a_person_joined_to_a_trusted_row_is_told_so(
    services: Services, ask: Ask, ingest: Ingest
) -> None:
    await ingest([said("a", 1, "email:ann@x.org"), said("b", 1, "cookie:k", source="web")])
    both = '[{source: "s", sourceId: "a"}, {source: "web", sourceId: "b"}]'
    merge = await decided(ask, f"mergeProfiles(profiles: {both}")
    found = await why(ask, row("web", "b"), row("s", "a"))
    assert (found["linked"], found["decision"]) == (True, merge)


async def test_an_identifier_that_a_person_blocked_says_so(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("a", 1, "email:ann@x.org")])
    block = await decided(ask, 'blockIdentifier(namespace: "email", value: "ann@x.org"')
    reason = '{ identifier(namespace: "email", value: "ann@x.org") { genericReason } }'
    assert (await ask(reason)).data["identifier"]["genericReason"] == (
        f"A person decided that it links nobody ({block})."
    )


async def test_whom_people_joined_by_way_of_a_browser_are_one_by_what_they_said(
    ask: Ask, ingest: Ingest, graph: Graph
) -> None:
    await distrust(graph, "web")
    await ingest([
        said("a", 1, "crmId:1", "email:a@x.org"), said("b", 1, "crmId:2", "email:b@x.org"),
        said("u", 1, "cookie:k", source="web"), said("v", 1, "cookie:k", source="web"),
    ])  # fmt: skip
    visit = '{source: "web", sourceId: "u"}'
    made = [
        await decided(
            ask, f'mergeProfiles(profiles: [{{source: "s", sourceId: "{name}"}}, {visit}]'
        )
        for name in "ab"
    ]
    found = await why(ask, row("s", "a"), row("s", "b"))
    assert (found["linked"], found["reason"]) == (True, "JOINED")
    assert [one["toProfile"]["sourceId"] for one in found["path"]] == ["b"]
    assert found["decision"] == made[1]
    assert found["text"].endswith(f"s a and s b: a person said so ({made[1]}).")
    # The browser comes in by their word, too, and what else was seen of it by its cookie.
    found = await why(ask, row("s", "b"), row("web", "v"))
    assert (found["linked"], found["path"][-1]["via"]) == (True, "cookie")
