"""A preview: what applying then does, and nothing written; and steps in any order end the same."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.decisions.asked import Asked, Block, Merge, Withdraw
from customers.decisions.preview import Preview
from customers.identity.compared_customers import Compared, Fate, compared
from customers.identity.policy import Policy
from cypher import Graph, load, tally
from tests.conftest import Clusters, Ingest, Json, query, wipe
from tests.decisions import block, decided, merge, previewed, split, withdraw
from tests.rows import customers, gone, resolved_again, said

MAIL, PHONE = "email:ann@x.org", "phone:+12125550101"
ROWS = "abcdef"


def shown(preview: Preview) -> list[tuple[str, list[str], list[str]]]:
    """What becomes of whom: the rows of each customer before and after."""
    return [(one.fate, names(one.before), names(one.after)) for one in preview.customers]


def names(side: Mapping[str, tuple[str, ...]]) -> list[str]:
    return ["".join(key.removeprefix("s|") for key in keys) for keys in side.values()]


async def everything(graph: Graph) -> list[str]:
    """Every node and relationship with its properties, the counters too."""
    nodes = await query(graph, "MATCH (n) RETURN labels(n) AS l, n {.*} AS p")
    links = await query(
        graph, "MATCH (a)-[r]->(b) RETURN a.key AS a, type(r) AS t, r {.*} AS p, b.key AS b"
    )
    return sorted(map(repr, nodes + links))


async def test_a_preview_says_who_would_merge_split_move_and_stay_and_writes_nothing(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL, PHONE), said("c", 1, PHONE)])
    await ingest([said("d", 1, "crmId:4"), said("e", 1, "crmId:5")])
    ids = await customers(graph)
    before = await everything(graph)
    with tally() as sent:
        one = await previewed(graph, policy, split("a"))
        merged = await previewed(graph, policy, merge("de"))
        moved = await previewed(graph, policy, split("c"), merge("cd"))
        kept = await previewed(graph, policy, merge("ab"))
        blocked = await previewed(graph, policy, block("email|ann@x.org"))
    assert {load(name).mode for name in sent} == {"read"}
    assert await everything(graph) == before
    assert shown(one) == [("split", ["abc"], ["a", "bc"])]
    assert shown(merged) == [("merge", ["d", "e"], ["de"])]
    assert shown(moved) == [("move", ["abc", "d"], ["ab", "cd"])]
    assert shown(kept) == [("keep", ["abc"], ["abc"])]
    assert shown(blocked) == shown(one)
    # By the ids that they would have.
    assert list(merged.customers[0].after) == [ids["d"]]
    assert (one.refused, one.waits) == ([], False)


async def test_a_step_is_seen_by_those_that_come_after_it(
    graph: Graph, ingest: Ingest, policy: Policy
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, "crmId:2"), said("c", 1, "crmId:3")])
    # b and c are of one customer once they are merged, and then c is not split off.
    found = await previewed(graph, policy, merge("bc"), merge("ab"), split("bc"), split("abc"))
    assert [why.code for why in found.refused] == ["DECISION_CONTRADICTED", "NOTHING_TO_SPLIT"]
    assert [why.path[:2] for why in found.refused] == [("decisions", "2"), ("decisions", "3")]
    assert shown(found) == [("merge", ["a", "b", "c"], ["abc"])]


async def test_a_withdrawal_is_previewed(graph: Graph, ingest: Ingest, policy: Policy) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, "crmId:2")])
    made = await decided(graph, merge("ab"), policy)
    blocked = await decided(graph, block("email|ann@x.org"), policy)
    found = await previewed(graph, policy, withdraw(made), merge("ab"), withdraw(blocked))
    assert shown(found) == [("keep", ["ab"], ["ab"])]
    found = await previewed(graph, policy, withdraw(made), withdraw(made))
    assert shown(found) == [("split", ["ab"], ["a", "b"])]
    assert [why.code for why in found.refused] == ["ALREADY_WITHDRAWN"]


def test_customers_are_compared_by_the_profiles_they_exchange() -> None:
    found = compared(
        dict(zip("abcde", "11223", strict=True)), dict(zip("abcde", "14423", strict=True))
    )
    assert found == [
        Compared({"1": ("a", "b"), "2": ("c", "d")}, {"1": ("a",), "4": ("b", "c"), "2": ("d",)}),
        Compared({"3": ("e",)}, {"3": ("e",)}),
    ]
    assert [one.fate for one in found] == [Fate.MOVE, Fate.KEEP]


# A few people of a few identifiers, and what is decided of them.

IDENTIFIERS = st.lists(
    st.sampled_from([MAIL, PHONE, "crmId:1", "crmId:2", "cookie:k"]), min_size=1, max_size=2
)
RECORDS = st.fixed_dictionaries(dict.fromkeys(ROWS, IDENTIFIERS))
SOME = st.sets(st.sampled_from(ROWS), min_size=1, max_size=3).map(lambda one: "".join(sorted(one)))
ASKED = st.one_of(
    SOME.filter(lambda one: len(one) > 1).map(merge),
    SOME.map(split),
    st.sampled_from(["email|ann@x.org", "phone|+12125550101", "cookie|k"]).map(block),
)
STEPS = st.lists(ASKED, min_size=1, max_size=4)
BOUNDED = settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@BOUNDED
@given(records=RECORDS, steps=STEPS, later=STEPS)
async def test_what_is_previewed_is_what_applying_then_does(
    *,
    graph: Graph,
    ingest: Ingest,
    policy: Policy,
    records: Json,
    steps: list[Asked],
    later: list[Asked],
) -> None:
    await wipe(graph)
    await ingest([said(name, 1, *held) for name, held in records.items()])
    made = [await decided(graph, one, policy) for one in steps]
    undo = [Withdraw(one.decision) for one in made if one.decision][:1]
    asked = [*later, *undo]
    expected = await previewed(graph, policy, *asked)
    outcomes = [await decided(graph, one, policy) for one in asked]
    ids = await customers(graph)
    for one in expected.customers:
        for customer, keys in one.after.items():
            assert {ids[key.removeprefix("s|")] for key in keys} == {customer}
    assert [why.code for why in expected.refused] == [
        why.code for one in outcomes for why in one.refused
    ]
    assert (await resolved_again(graph, policy)).did_anything is False


@BOUNDED
@given(records=RECORDS, steps=STEPS, order=st.permutations(ROWS), lost=st.sampled_from(ROWS))
async def test_records_and_deletions_in_any_order_about_decisions_end_the_same(
    *,
    graph: Graph,
    ingest: Ingest,
    policy: Policy,
    clusters: Clusters,
    records: Json,
    steps: list[Asked],
    order: list[str],
    lost: str,
) -> None:
    """Decisions before or after the evidence, rows in any order, one lost and told again."""
    bare = [said(name, 1) for name in ROWS]
    told = {name: said(name, 2, *held) for name, held in records.items()}
    await wipe(graph)
    await ingest(bare + list(told.values()))
    blocks: list[Asked] = [one for one in steps if isinstance(one, Block)]
    merges: list[Asked] = [one for one in steps if isinstance(one, Merge)]
    for one in (*blocks, *merges):
        await decided(graph, one, policy)
    first = await clusters()
    await wipe(graph)
    await ingest(bare)
    for one in merges:
        await decided(graph, one, policy)
    await ingest([told[name] for name in order], 2)
    for one in blocks:
        await decided(graph, one, policy)
    await ingest([gone(lost, 3), said(lost, 4, *records[lost])], 1)
    assert await clusters() == first
    assert (await resolved_again(graph, policy)).did_anything is False
