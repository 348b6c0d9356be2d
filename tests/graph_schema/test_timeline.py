"""Customer.interactions: filters, cursors, late events, merges and splits."""

import random
from collections.abc import Iterable

import pytest

from cypher import Graph
from tests.conftest import Json, query
from tests.graph_schema.conftest import Answer, Ask
from tests.rows import said

INGEST = """mutation($records: [RecordInput!]!) {
  ingest(records: $records) { results { customerId } errors { message } }
}"""
ANN, BEA = "email:ann@x.org", "cookie:bea"
TYPES, CHANNELS = ("page", "call", "track"), ("web", "app", None)
FACETS = ["customers/by_identifiers", "timeline/interactions"]
LOADED = [
    "customers/by_identifiers",
    "timeline/periods_page",
    "timeline/interactions",
    "customers/versions",
]


async def ingested(ask: Ask, records: Iterable[Json]) -> list[str]:
    """Ingest, and give the customer of every record."""
    payload = (await ask(INGEST, records=list(records))).data["ingest"]
    assert payload["errors"] == []
    return [one["customerId"] for one in payload["results"]]


def event(name: str, day: float, who: str = ANN, of: str = "a", **parts: object) -> Json:
    """Something that a profile of somebody did on a day of January 2026."""
    return said(of, day, who, interaction={"id": name, "name": name, **parts})


def mixed() -> list[Json]:
    """Two profiles' events of sixty hours, of three types in three channels, some at one moment."""
    chance = random.Random(7)
    return [
        event(
            f"e{n:02d}", chance.randrange(60) / 24 + 1, of=chance.choice("ab"),
            type=chance.choice(TYPES), channel=chance.choice(CHANNELS),
        )
        for n in range(90)
    ]  # fmt: skip


def view(arguments: str, shown: str = "name", who: str = ANN) -> str:
    namespace, value = who.split(":")
    given = f"({arguments})" if arguments else ""
    return (
        f'{{ customer(identifier: {{namespace: "{namespace}", value: "{value}"}}) {{ '
        f"interactions{given} {{ nodes {{ {shown} }} pageInfo {{ hasNextPage endCursor }} }}"
        " } }"
    )


def names(answer: Answer) -> list[str]:
    nodes = answer.data["customer"]["interactions"]["nodes"]
    return [one["name"] for one in nodes]


async def all_pages(ask: Ask, arguments: str, first: int = 7) -> list[str]:
    """The names of every page, one after the other."""
    found: list[str] = []
    after = "null"
    while True:
        answer = await ask(view(f"first: {first}, after: {after}, {arguments}"))
        page = answer.data["customer"]["interactions"]
        found += names(answer)
        after = f'"{page["pageInfo"]["endCursor"]}"'
        if not page["pageInfo"]["hasNextPage"]:
            return found


def expected(records: Iterable[Json], types: set[str], channels: set[str | None]) -> list[str]:
    """What a filter leaves, the newest first."""
    found = [
        (one["at"], f"s|{one['interaction']['id']}", one["interaction"]["name"])
        for one in records
        if one["interaction"]["type"] in types and one["interaction"]["channel"] in channels
    ]
    return [name for _, _, name in sorted(found, reverse=True)]


@pytest.mark.parametrize(
    ("arguments", "types", "channels"),
    [
        ("types: null", set(TYPES), set(CHANNELS)),
        ('types: ["call"]', {"call"}, set(CHANNELS)),
        ('types: ["call", "page"]', {"call", "page"}, set(CHANNELS)),
        ('channels: ["app"]', set(TYPES), {"app"}),
        ('types: ["track", "call"], channels: ["web"]', {"track", "call"}, {"web"}),
    ],
)
@pytest.mark.parametrize("old", [False, True], ids=["", "of an old graph"])
async def test_the_pages_of_a_filter_are_what_it_leaves_in_one_order(
    ask: Ask, graph: Graph, arguments: str, types: set[str], channels: set[str | None], *, old: bool
) -> None:
    records = mixed()
    await ingested(ask, records)
    if old:
        # Before kinds were counted; one day was written to since, and has none either.
        await query(graph, "MATCH (d:Period) SET d.kinds = null")
        records.append(event("late", 1.5, type="call", channel="web"))
        await ingested(ask, records[-1:])
        assert await query(graph, "MATCH (d:Period) WHERE d.kinds IS NOT NULL RETURN d.key") == []
    assert await all_pages(ask, arguments) == expected(records, types, channels)


async def test_a_time_is_from_its_beginning_to_before_its_end(ask: Ask) -> None:
    await ingested(ask, [event(f"e{n}", 1 + n / 4, of="ab"[n % 2]) for n in range(20)])
    span = 'from: "2026-01-02T00:00:00Z", to: "2026-01-03T12:00:00Z"'
    assert await all_pages(ask, span, first=2) == ["e9", "e8", "e7", "e6", "e5", "e4"]
    assert await all_pages(ask, 'from: "2026-01-05T12:00:00Z"') == ["e19", "e18"]
    assert await all_pages(ask, 'to: "2026-01-01T06:00:00.001Z"') == ["e1", "e0"]
    # A time without a zone is UTC, as in a record.
    other = 'from: "2026-01-01T20:00:00-04:00", to: "2026-01-02T01:00:00"'
    assert await all_pages(ask, other) == ["e4"]


async def test_what_nothing_matches_is_an_empty_page_without_a_read_of_interactions(
    ask: Ask,
) -> None:
    await ingested(ask, mixed())
    for arguments in (
        "types: []", "channels: []", 'types: ["nobody"]', 'channels: ["carrier pigeon"]',
        'types: ["page"], channels: [""]', 'from: "2027-01-01T00:00:00Z"',
    ):  # fmt: skip
        answer = await ask(view(arguments))
        assert names(answer) == [], arguments
        assert answer.statements == ["customers/by_identifiers"], arguments


async def test_a_time_that_ends_before_it_begins_is_a_clear_error(ask: Ask) -> None:
    await ingested(ask, [event("e", 1)])
    same = '"2026-01-01T00:00:00Z"'
    for later in ('"2026-01-02T00:00:00Z"', same):
        answer = await ask(view(f"from: {later}, to: {same}"))
        assert answer.codes == ["INVALID_INPUT"]
        assert answer.body["errors"][0]["message"] == "`from` must be before `to`."
    many = ", ".join(f'"t{n}"' for n in range(33))
    answer = await ask(view(f"types: [{many}]"))
    assert answer.body["errors"][0]["message"] == "`types` may name 32 at most."


async def test_a_cursor_belongs_to_its_filter(ask: Ask) -> None:
    await ingested(ask, mixed())
    filters = [
        "", 'types: ["page"]', 'types: ["page", "call"]', 'channels: ["web"]',
        'from: "2026-01-01T00:00:00Z"', 'to: "2026-02-01T00:00:00Z"',
    ]  # fmt: skip
    for chosen in filters:
        answer = await ask(view(f"first: 2, {chosen}"))
        cursor = answer.data["customer"]["interactions"]["pageInfo"]["endCursor"]
        for other in filters:
            answer = await ask(view(f'first: 2, after: "{cursor}", {other}'))
            if other == chosen:
                assert len(names(answer)) == 2
            else:
                assert answer.codes == ["CURSOR_MISMATCH"]
    # The order of the names does not count.
    answer = await ask(view('first: 2, types: ["call", "page"]'))
    cursor = answer.data["customer"]["interactions"]["pageInfo"]["endCursor"]
    answer = await ask(view(f'first: 2, after: "{cursor}", types: ["page", "call", "page"]'))
    assert len(names(answer)) == 2


async def test_timelines_of_other_arguments_are_two_round_trips_together(ask: Ask) -> None:
    records = mixed()
    await ingested(ask, records)
    text = """query($of: IdentifierInput!, $types: [String!], $from: DateTime) {
      customer(identifier: $of) {
        totals { type }
        all: interactions(first: 2) { nodes { name } }
        calls: interactions(first: 3, types: $types) { nodes { name } }
        web: interactions(first: 4, channels: ["web"]) { nodes { name } }
        since: interactions(first: 50, from: $from) { nodes { name } }
        none: interactions(types: []) { nodes { name } }
      } }"""
    of = {"namespace": "email", "value": "ann@x.org"}
    answer = await ask(text, of=of, types=["call"], **{"from": "2026-01-03T00:00:00Z"})
    assert answer.statements == FACETS
    found = {
        name: [one["name"] for one in connection["nodes"]]
        for name, connection in answer.data["customer"].items()
        if name != "totals"
    }
    every = expected(records, set(TYPES), set(CHANNELS))
    late = {one["interaction"]["name"] for one in records if one["at"] >= "2026-01-03"}
    assert found == {
        "all": every[:2],
        "calls": expected(records, {"call"}, set(CHANNELS))[:3],
        "web": expected(records, set(TYPES), {"web"})[:4],
        "since": [one for one in every if one in late],
        "none": [],
    }
    assert 0 < len(late) < 50


async def test_what_the_facets_cannot_bring_is_one_statement_more_for_all(ask: Ask) -> None:
    records = mixed()
    await ingested(ask, records)
    page = (await ask(view("first: 3"))).data["customer"]["interactions"]
    text = """query($after: String) {
      customer(identifier: {namespace: "email", value: "ann@x.org"}) {
        rest: interactions(first: 3, after: $after) { nodes { name } }
        old: interactions(first: 3, to: "2026-01-02T00:00:00Z") { nodes { name } }
      } }"""
    answer = await ask(text, after=page["pageInfo"]["endCursor"])
    assert answer.statements == LOADED
    every = expected(records, set(TYPES), set(CHANNELS))
    assert [one["name"] for one in answer.data["customer"]["rest"]["nodes"]] == every[3:6]
    old = {one["interaction"]["name"] for one in records if one["at"] < "2026-01-02"}
    assert [one["name"] for one in answer.data["customer"]["old"]["nodes"]] == [
        one for one in every if one in old
    ][:3]


async def test_more_timelines_than_one_statement_brings_are_all_right(ask: Ask) -> None:
    records = mixed()
    await ingested(ask, records)
    asked = "".join(
        f'p{n}: interactions(first: 2, from: "2026-01-01T{n:02d}:00:00Z") {{ nodes {{ name }} }} '
        for n in range(12)
    )
    answer = await ask(
        f'{{ customer(identifier: {{namespace: "email", value: "ann@x.org"}}) {{ {asked} }} }}'
    )
    assert answer.statements == LOADED
    every = expected(records, set(TYPES), set(CHANNELS))
    for n in range(12):
        nodes = answer.data["customer"][f"p{n}"]["nodes"]
        assert [one["name"] for one in nodes] == every[:2]


async def test_late_events_land_in_their_place(ask: Ask) -> None:
    first = [event(f"e{n}", 10 + n) for n in range(4)]
    await ingested(ask, first)
    page = (await ask(view("first: 2"))).data["customer"]["interactions"]
    assert [one["name"] for one in page["nodes"]] == ["e3", "e2"]
    # Between two, before all, on a day that is there, and long ago.
    late = [event("between", 11.5), event("first", 10.1), event("old", -7_000, of="b")]
    await ingested(ask, late)
    assert await all_pages(ask, "") == ["e3", "e2", "between", "e1", "first", "e0", "old"]
    rest = view(f'after: "{page["pageInfo"]["endCursor"]}"')
    assert names(await ask(rest)) == ["between", "e1", "first", "e0", "old"]
    # Nothing happens later than it is told of.
    await ingested(ask, [event("tomorrow", 100_000)])
    assert names(await ask(view("first: 2"))) == ["tomorrow", "e3"]


async def test_a_merge_and_a_split_move_no_interaction(ask: Ask, graph: Graph) -> None:
    records = [event(f"a{n}", 1 + n, of="a") for n in range(3)]
    records += [event(f"b{n}", 1.5 + n, BEA, of="b") for n in range(3)]
    ann, *_, bea = await ingested(ask, records)
    assert ann != bea
    held = "MATCH (d:Period)-[:HOLDS]->(n:Interaction) RETURN n.key AS n, d.key AS d ORDER BY n"
    before = await query(graph, held)
    assert len(before) == 6
    # A record of both addresses makes them one, and a snapshot takes it back.
    assert await ingested(ask, [said("c", 9, ANN, BEA)]) == [ann]
    merged = ["b2", "a2", "b1", "a1", "b0", "a0"]
    assert await all_pages(ask, "", first=2) == merged
    assert names(await ask(view("", who=BEA))) == merged
    assert await query(graph, held) == before
    await ingested(ask, [said("c", 10, ANN, replace=True)])
    assert await all_pages(ask, "", first=2) == ["a2", "a1", "a0"]
    assert names(await ask(view("", who=BEA))) == ["b2", "b1", "b0"]
    assert await query(graph, held) == before


async def test_an_interaction_says_where_it_came_from(ask: Ask) -> None:
    await ingested(
        ask,
        [
            event("e0", 1),
            event("e1", 2, of="b"),
            said("a", 3, ANN, source="crm", interaction={"id": "call", "name": "e2"}),
            said(None, 4, ANN, source="odd|one", interaction={"id": "x", "name": "e3"}),
        ],
    )
    shown = "name source profile { source sourceId } sightings { source sourceId at }"
    answer = await ask(view("", shown))
    assert answer.statements == [*FACETS, "profiles/by_keys", "customers/versions"]
    nodes = answer.data["customer"]["interactions"]["nodes"]
    assert [(one["name"], one["source"]) for one in nodes] == [
        ("e3", "odd|one"),
        ("e2", "crm"),
        ("e1", "s"),
        ("e0", "s"),
    ]
    for one in nodes:
        [sighting] = one["sightings"]
        assert one["profile"] == {name: sighting[name] for name in ("source", "sourceId")}
        assert one["source"] == sighting["source"]
    assert nodes[2]["profile"] == {"source": "s", "sourceId": "b"}
    assert nodes[3]["sightings"][0]["at"] == "2026-01-01T00:00:00+00:00"
