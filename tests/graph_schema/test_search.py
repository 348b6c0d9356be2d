"""Query.search."""

from tests.graph_schema.conftest import Ask
from tests.rows import said

SEARCH = """query($text: String!, $first: Int = 10) { search(text: $text, first: $first) {
  score reasons { kind matched typed exact }
  customer { displayName profiles(first: 1) { nodes { sourceId } } }
} }"""
INGEST = "mutation($records: [RecordInput!]!) { ingest(records: $records) { errors { message } } }"


async def test_a_seller_finds_a_customer_and_reads_why(ask: Ask) -> None:
    ann = said("a", 1, "email:ann@fam.example", firstName="Ann", lastName="Moor")
    await ask(INGEST, records=[ann, said("b", 1, "crmId:2", firstName="Bea", lastName="Mohr")])
    answer = await ask(SEARCH, text="Anne moor")
    assert answer.data["search"] == [
        {
            "score": 0.85,
            "reasons": [
                {"kind": "NAME", "matched": "Ann", "typed": "Anne", "exact": False},
                {"kind": "NAME", "matched": "Moor", "typed": "moor", "exact": True},
            ],
            "customer": {
                "displayName": "Ann Moor",
                "profiles": {"nodes": [{"sourceId": "a"}]},
            },
        }
    ]
    assert answer.statements == [
        "search/tokens",
        "search/led_to",
        "customers/by_ids",
        "customers/versions",
    ]


async def test_what_cannot_be_searched_has_a_code(ask: Ask) -> None:
    assert (await ask(SEARCH, text="x" * 201)).codes == ["INVALID_INPUT"]
    assert (await ask(SEARCH, text="ann", first=51)).codes == ["INVALID_INPUT"]
    assert (await ask(SEARCH, text="a")).data == {"search": []}
