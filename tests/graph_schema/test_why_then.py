"""Query.why as of a recorded time: what made two one customer then, asked later."""

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cypher import Graph
from tests.conftest import Ingest, Json, wipe
from tests.graph_schema.conftest import Ask
from tests.graph_schema.test_decision import (
    BLOCK,
    DECISION,
    MERGE,
    SPLIT,
    WITHDRAW,
    made,
    named,
    rows,
)
from tests.graph_schema.test_past import MAIL, PHONE, moment
from tests.rows import gone, said, snapshot

WHY = """query($a: EntityRef!, $b: EntityRef!, $asOf: DateTime) { why(a: $a, b: $b, asOf: $asOf) {
  linked upToDate reason text score missingBits customerId decision bits { what rule bits }
  path { via fromProfile { sourceId profile { sourceId customer { id } } }
         toProfile { sourceId } identifier { value customers { id } } }
} }"""


def row(name: str) -> Json:
    return {"profile": {"source": "s", "sourceId": name}}


async def why(ask: Ask, names: str, at: str | None = None) -> Json:
    """What is told of two rows, now or as of a time; an error's code where nothing is."""
    answer = await ask(WHY, a=row(names[0]), b=row(names[1]), asOf=at)
    told = "errors" in answer.body
    found: Json = {"code": answer.codes[0]} if told else answer.data["why"]
    return found


async def test_what_a_split_parted_is_told_as_it_was_before(ask: Ask, ingest: Ingest) -> None:
    [a, _] = await ingest([said("a", 1, MAIL), said("b", 1, MAIL)])
    live, before = await why(ask, "ab"), await moment()
    split = made(await ask(SPLIT % DECISION, p=named("b")))
    assert rows(split["customers"]) == ["a", "b"]
    apart, parted = await why(ask, "ab"), await moment()
    await ask(WITHDRAW % DECISION, id=split["decision"]["id"])
    then = await why(ask, "ab", before)
    assert then == live
    assert (then["linked"], then["upToDate"], then["reason"]) == (True, True, "JOINED")
    assert then["path"][0]["fromProfile"]["profile"] == {
        "sourceId": "a", "customer": {"id": a.customer}
    }  # fmt: skip
    assert apart == await why(ask, "ab", parted)
    assert (apart["linked"], apart["decision"]) == (False, split["decision"]["id"])
    assert (await why(ask, "ab"))["linked"]


async def test_a_link_that_a_snapshot_closed_held_then(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL)])
    live, before = await why(ask, "ab"), await moment()
    await ingest([snapshot("b", 2, PHONE)])
    assert (await why(ask, "ab"))["reason"] == "NOTHING_SHARED"
    assert await why(ask, "ab", before) == live


async def test_an_identifier_that_was_blocked_since_linked_then(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL)])
    live, before = await why(ask, "ab"), await moment()
    blocked = made(await ask(BLOCK % DECISION))["decision"]["id"]
    without, between = await why(ask, "ab"), await moment()
    await ask(WITHDRAW % DECISION, id=blocked)
    assert await why(ask, "ab", before) == live
    assert await why(ask, "ab", between) == without
    assert (live["linked"], without["linked"]) == (True, False)


async def test_before_a_profile_was_recorded_nobody_is_known_by_it(
    ask: Ask, ingest: Ingest
) -> None:
    before = await moment()
    await ingest([said("a", 1, MAIL)])
    between = await moment()
    await ingest([said("b", 1, MAIL)])
    assert await why(ask, "ab", before) == {"code": "INVALID_INPUT"}
    assert await why(ask, "ab", between) == {"code": "INVALID_INPUT"}
    both = await moment()
    await ingest([gone("b", 2)])  # what was erased is in no past
    assert await why(ask, "ab", both) == {"code": "INVALID_INPUT"}


async def test_what_todays_traits_do_not_explain_is_said_so(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("a", 1, MAIL, firstName="Ann"), said("b", 1, MAIL, firstName="Ann")])
    before = await moment()
    await ingest([snapshot("b", 2, MAIL, firstName="Bob", birthDate="1980-01-01")])
    await ingest([snapshot("a", 2, MAIL, firstName="Ann", birthDate="1955-05-05")])
    then = await why(ask, "ab", before)
    assert (then["linked"], then["upToDate"], then["reason"]) == (True, False, "VETO")
    assert then["text"].endswith(
        "By then the graph had them as one customer: what is told here goes by what the profiles "
        "say, how many people an identifier has and the policy as they are now."
    )


STEP = st.tuples(
    st.sampled_from(["say", "say", "say", "snapshot", "merge", "split", "block", "withdraw"]),
    st.sampled_from(["a", "b", "c", "d"]),
    st.lists(st.sampled_from([MAIL, PHONE, "cookie:k1"]), min_size=1, max_size=2, unique=True),
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=3, max_size=7))
async def test_whatever_people_decided_the_past_is_told_as_it_was(
    ask: Ask, ingest: Ingest, graph: Graph, story: list[tuple[str, str, list[str]]]
) -> None:
    await wipe(graph)
    diary: list[tuple[str, str, Json]] = []
    decisions: list[str] = []
    for day, (what, who, held) in enumerate(story, 1):
        if what in ("say", "snapshot"):
            make = said if what == "say" else snapshot
            await ingest([make(who, day, *held, firstName="Ann")])
        elif what == "withdraw":
            if decisions:
                await ask(WITHDRAW % DECISION, id=decisions.pop())
        else:
            text = {"merge": MERGE, "split": SPLIT, "block": BLOCK}[what] % DECISION
            variables = {} if what == "block" else {"p": named(who + "a" * (what == "merge"))}
            payload = made(await ask(text, **variables))
            decisions += [payload["decision"]["id"]] if payload["decision"] else []
        at = await moment()
        for one, other in combinations("abcd", 2):
            diary.append((at, one + other, await why(ask, one + other)))
    for at, names, live in diary:
        assert await why(ask, names, at) == live, (at, names)
