"""From which tokens to start."""

from customers.identity.policy_document import default_policy
from customers.search.plan import MOST_ALONE, MOST_LED, MOST_TOKENS, plan
from customers.search.query import query_of

POLICY = default_policy()


def test_what_is_typed_exactly_comes_before_slips_and_beginnings() -> None:
    counts = {"smith": 30, "smyth": 2, "smithson": 1, "@smith.org": 4, "?smith": 1}
    made = plan(query_of("smith", POLICY), counts)
    assert [(one["key"], one["weight"]) for one in made.starts] == [
        ("smith", 100),
        ("smyth", 60),
        ("smithson", 50),
        ("@smith.org", 49),
        ("?smith", 40),
    ]


def test_a_name_of_too_many_only_narrows() -> None:
    made = plan(query_of("smith gmail.com", POLICY), {"smith": 200, "@gmail.com": 90_000})
    assert [one["key"] for one in made.starts] == ["smith"]
    assert {one["word"]: one["keys"] for one in made.others} == {
        0: ["+smith", "?+smith"],
        1: ["+gmail", "?+gmail", "@gmail.com"],
        2: ["+com", "?+com", "@gmail.com"],
    }


def test_the_rarest_of_names_that_many_have_is_gone_to_alone() -> None:
    made = plan(query_of("john smith", POLICY), {"john": 7_000, "smith": 3_000, "smyth": 1})
    assert [one["key"] for one in made.starts] == ["smith"]
    assert made.others[0]["keys"] == ["+john", "?+john", "john"]


def test_a_beginning_that_many_have_is_gone_to_where_nothing_is_rarer() -> None:
    counts = {"johnson": MOST_LED + 1, "johnston": MOST_LED + 2}
    made = plan(query_of("johns", POLICY), counts)
    assert [one["key"] for one in made.starts] == ["johnson"]


def test_what_many_have_is_spare_where_something_rarer_is_gone_to() -> None:
    counts = {"benjamin": 22, "benjy": MOST_LED + 1, "smith": 1_731}
    made = plan(query_of("benj smit", POLICY), counts)
    assert [one["key"] for one in made.starts] == ["benjamin"]
    assert made.spare is not None
    assert made.spare["key"] == "benjy"
    assert plan(query_of("benj", POLICY), counts).spare is None


def test_a_name_of_very_many_is_looked_for_among_the_longest_known() -> None:
    made = plan(query_of("john", POLICY), {"john": MOST_ALONE + 1, "johns": 1})
    assert made.starts == []
    assert made.crowd() == ["+john", "?+john", "john", "johns"]


def test_what_nobody_trusts_takes_no_room_from_what_is_trusted() -> None:
    counts = {"?smith": MOST_LED - 1, "smith": 9, "smyth": 1}
    made = plan(query_of("smith", POLICY), counts)
    assert [one["key"] for one in made.starts] == ["smith", "smyth"]


def test_tokens_of_a_word_are_bounded() -> None:
    counts = {f"smith{n}": 1 for n in range(MOST_TOKENS * 2)}
    assert len(plan(query_of("smith", POLICY), counts).starts) == MOST_TOKENS
