"""Labels of pairs: what is said last holds, nothing is decided by it, and policies are measured."""

import io
import json

import pytest

from customers.decisions.asked import ProfileRef
from customers.errors import ForbiddenError
from customers.identity.policy import Policy
from customers.identity.policy_document import default_text, read_policy
from customers.labels.files import say_file
from customers.labels.label import End, Label, every_label, labels_before
from customers.labels.measure import measure, measured, pair
from customers.labels.say import Pair, Said, say, unsay
from customers.principal import DEVELOPER, Principal, Role
from cypher import Graph
from tests.conftest import Ingest, query, soon
from tests.rows import customers, gone, reading, said

MAIL, PHONE = "email:ann@x.org", "phone:+12125550101"
APART = default_text().replace("mergeBits = 5.0", "mergeBits = 1000.0")


def labelled(names: str, *, same: bool) -> Pair:
    """``"ab"``: what is said of the rows a and b of source ``s``."""
    a, b = (ProfileRef.of("s", name, None) for name in names)
    return Pair(a, b, same)


async def told(graph: Graph, *pairs: Pair, principal: Principal = DEVELOPER) -> list[Said]:
    return await say(graph, pairs, principal, soon())


def named(label: Label) -> tuple[str, bool, bool]:
    return "".join(one.source_id for one in label.ends), label.same, label.linked


@pytest.fixture
async def three(ingest: Ingest) -> None:
    """Rows a and b are one, c is another."""
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, PHONE)])


@pytest.mark.usefixtures("three")
async def test_what_is_said_last_of_a_pair_holds_in_either_order(graph: Graph) -> None:
    before = await customers(graph)
    [first, other] = await told(graph, labelled("ab", same=False), labelled("ac", same=False))
    [again] = await told(graph, labelled("ba", same=True))
    assert again.label == first.label != other.label
    text = "MATCH (e:AuditEntry) RETURN e.about AS about ORDER BY e.seq DESC"
    assert (await query(graph, text))[0] == {"about": [first.label]}
    found = await every_label(reading(graph))
    assert [named(one) for one in found] == [("ab", True, True), ("ac", False, False)]
    assert found[0].by == "developer"
    assert await customers(graph) == before
    page = await labels_before(reading(graph), found[0].number, 1)
    assert [named(one) for one in page.items] == [("ac", False, False)]
    assert (page.has_next, page.has_previous) == (False, True)


@pytest.mark.usefixtures("three")
async def test_of_one_request_the_last_word_on_a_pair_holds(graph: Graph) -> None:
    found = await told(graph, labelled("ab", same=False), labelled("ba", same=True))
    assert found[0].label == found[1].label
    [label] = await every_label(reading(graph))
    assert named(label) == ("ab", True, True)


@pytest.mark.usefixtures("three")
async def test_what_is_no_pair_is_refused_and_the_others_go_in(graph: Graph) -> None:
    found = await told(
        graph,
        labelled("ax", same=True),
        labelled("aa", same=True),
        labelled("ac", same=True),
    )
    assert [[(why.code, why.path) for why in one.refused] for one in found] == [
        [("PROFILE_UNKNOWN", ("b",))],
        [("SAME_PROFILE", ("b",))],
        [],
    ]
    assert len(await every_label(reading(graph))) == 1
    [row] = await query(graph, "MATCH (e:AuditEntry) RETURN e.about AS about, e.count AS count")
    assert row == {"about": [found[2].label], "count": 1}


@pytest.mark.usefixtures("three")
async def test_a_label_is_taken_back_once_and_the_audit_log_says_so(graph: Graph) -> None:
    [one] = await told(graph, labelled("ab", same=True))
    assert one.label is not None
    assert (await unsay(graph, one.label, DEVELOPER, soon())).label == one.label
    [refused] = (await unsay(graph, one.label, DEVELOPER, soon())).refused
    assert refused.code == "LABEL_UNKNOWN"
    assert await every_label(reading(graph)) == []
    rows = await query(
        graph, "MATCH (e:AuditEntry) RETURN e.action AS action, e.about AS about ORDER BY e.seq"
    )
    assert [(row["action"], row["about"]) for row in rows] == [
        ("label", [one.label]),
        ("unlabel", [one.label]),
    ]


@pytest.mark.usefixtures("three")
async def test_the_label_of_an_erased_row_is_shown_nowhere(graph: Graph, ingest: Ingest) -> None:
    await told(graph, labelled("ab", same=True), labelled("bc", same=False))
    await ingest([gone("a", 2)])
    assert [named(one) for one in await every_label(reading(graph))] == [("bc", False, False)]
    await ingest([said("a", 3, MAIL)])
    assert len(await every_label(reading(graph))) == 2


@pytest.mark.usefixtures("three")
async def test_who_does_not_work_on_identity_labels_nothing(graph: Graph) -> None:
    for role in (Role.SELLER, Role.MARKETER, Role.INGEST):
        with pytest.raises(ForbiddenError):
            await told(graph, labelled("ab", same=True), principal=Principal("x", role))
        with pytest.raises(ForbiddenError):
            await measure(graph, Principal("x", role))
    assert await told(graph, labelled("ab", same=True), principal=Principal("x", Role.ANALYST))


@pytest.mark.usefixtures("three")
async def test_a_policy_is_measured_by_the_labels_and_the_wrong_ones_are_named(
    graph: Graph, policy: Policy
) -> None:
    await told(
        graph,
        labelled("ab", same=True),
        labelled("ac", same=True),
        labelled("bc", same=False),
    )
    now = await measure(graph, DEVELOPER)
    assert (now.joined, now.missed, now.merged, now.apart) == (1, 1, 0, 1)
    assert (now.precision, now.recall) == (1.0, 0.5)
    assert now.f1 == pytest.approx(2 / 3)
    assert [pair(one) for one in now.wrong] == [
        {"a": {"source": "s", "sourceId": "a"}, "b": {"source": "s", "sourceId": "c"}, "same": True}
    ]
    assert (await measure(graph, DEVELOPER, policy)).as_json() == now.as_json()
    other = await measure(graph, DEVELOPER, read_policy(APART, "apart"))
    assert (other.joined, other.missed, other.merged, other.apart) == (0, 2, 0, 1)
    assert (other.precision, other.recall, other.f1) == (None, 0.0, 0.0)
    await told(graph, labelled("ab", same=False))
    wrong = await measure(graph, DEVELOPER)
    assert (wrong.merged, wrong.precision) == (1, 0.0)


def test_pairs_of_which_nothing_is_known_do_not_count() -> None:
    ends = End("cus_1", 1, "s", "a", "cus_1"), End("cus_2", 2, "s", "b", "cus_2")
    labels = [Label(f"lab_{n}", n, True, "ann", 0, ends) for n in (1, 2)]
    found = measured(labels, lambda one: True if one.number == 1 else None)
    assert (found.joined, found.missed, found.wrong) == (1, 0, [])


async def test_without_labels_nothing_is_measured(graph: Graph) -> None:
    found = await measure(graph, DEVELOPER)
    assert (found.precision, found.recall, found.f1, found.wrong) == (None, None, None, [])


@pytest.mark.usefixtures("three")
async def test_a_file_of_pairs_is_said_and_wrong_lines_are_named(graph: Graph) -> None:
    lines = [
        json.dumps({"a": {"source": "s", "sourceId": "a"},
                    "b": {"source": "s", "sourceId": "c"}, "same": False}),
        "{nothing",
        json.dumps({"a": {"source": "s", "sourceId": "a"}, "same": True}),
        json.dumps({"a": {"source": "s", "sourceId": "a"},
                    "b": {"source": "s", "sourceId": "zz"}, "same": True}),
        json.dumps({"a": {"source": "s", "sourceId": "a"},
                    "b": {"source": "s", "sourceId": "b"}, "same": "no"}),
    ]  # fmt: skip
    content = io.BytesIO("\n".join(lines).encode())
    report = await say_file(graph, content, DEVELOPER)
    assert (report.labelled, report.rejected) == (1, 4)
    assert report.reasons[0] == (
        2,
        "not JSON: unexpected character, expected a string key at character 2",
    )
    assert report.reasons[1][0] == 3
    assert "b" in report.reasons[1][1]
    wrong = dict(report.reasons)
    assert (wrong[4], wrong[5]) == (
        "There is no such profile.",
        "same: Input should be a valid boolean",
    )
    [label] = await every_label(reading(graph))
    assert named(label) == ("ac", False, False)
