"""Query.labels, labelPair and unlabelPair."""

from tests.conftest import Ingest
from tests.graph_schema.conftest import Ask
from tests.graph_schema.test_decision import named
from tests.rows import said

MAIL = "email:ann@x.org"
LABEL = """mutation($a: ProfileRef!, $b: ProfileRef!, $same: Boolean!) {
  labelPair(a: $a, b: $b, same: $same) {
    label { id same by linked profiles { sourceId } } errors { code path } } }"""
PAGE = """query($after: String) { labels(first: 1, after: $after) {
  nodes { id same } pageInfo { hasNextPage endCursor } } }"""


async def test_a_pair_is_labelled_listed_found_by_its_id_and_taken_back(
    ask: Ask, ingest: Ingest
) -> None:
    await ingest([said("a", 1, MAIL), said("b", 1, MAIL), said("c", 1, "cookie:k1")])
    a, b, c = named("abc")
    first = (await ask(LABEL, a=b, b=a, same=True)).data["labelPair"]
    assert first["errors"] == []
    label = first["label"]
    assert label == {
        "id": label["id"], "same": True, "by": "developer", "linked": True,
        "profiles": [{"sourceId": "a"}, {"sourceId": "b"}],
    }  # fmt: skip
    assert label["id"].startswith("lab_")
    second = (await ask(LABEL, a=a, b=c, same=True)).data["labelPair"]["label"]
    assert second["linked"] is False
    page = (await ask(PAGE)).data["labels"]
    assert [one["id"] for one in page["nodes"]] == [second["id"]]
    rest = (await ask(PAGE, after=page["pageInfo"]["endCursor"])).data["labels"]
    assert rest["nodes"] == [{"id": label["id"], "same": True}]
    assert rest["pageInfo"]["hasNextPage"] is False
    node = "query($id: ID!) { node(id: $id) { id ... on Label { same } } }"
    assert (await ask(node, id=label["id"])).data["node"] == {"id": label["id"], "same": True}
    undo = "mutation($id: ID!) { unlabelPair(id: $id) { label { id } errors { code } } }"
    assert (await ask(undo, id=label["id"])).data["unlabelPair"] == {"label": None, "errors": []}
    again = (await ask(undo, id=label["id"])).data["unlabelPair"]
    assert again["errors"] == [{"code": "LABEL_UNKNOWN"}]
    assert (await ask(node, id=label["id"])).data["node"] is None


async def test_who_is_not_there_is_refused_in_the_payload(ask: Ask, ingest: Ingest) -> None:
    await ingest([said("a", 1, MAIL)])
    a, x = named("ax")
    assert (await ask(LABEL, a=a, b=x, same=True)).data["labelPair"] == {
        "label": None, "errors": [{"code": "PROFILE_UNKNOWN", "path": ["b"]}]
    }  # fmt: skip
    assert (await ask(LABEL, a=a, b={}, same=True)).codes == ["INVALID_INPUT"]
