"""What is written of matches, without a graph: what differs from what is stored."""

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from customers.identity.component import Member
from customers.identity.decided import DISMISSED, SNOOZED, Decided
from customers.identity.matched import Awaiting, Matching, Standing, Word, matching, rank
from customers.identity.possible import Kind, Possible, Suggestion
from tests.evidence import known

NOW = 1000
SHARED = known("m:a", first="ann")
OTHER = known("m:a", "p:1", first="ann")


def members(
    customers: Mapping[str, str], noted: Iterable[str] = (), words: Iterable[Word] = ()
) -> dict[str, Member]:
    """Profiles that are numbered as they come, and the customers that they are of by name."""
    own = {key: f"cus_{key}" for key in customers}
    return {
        key: Member(
            key, number, own[key], "s", "{}", customer, (),
            decided=tuple(
                Decided(word.kind, word.decision, word.side())
                for word in words
                if key in word.decision.split("-")
            ),
            matches=tuple(
                text for text in noted if customer in Standing.loads(text).pair
            ),
        )
        for number, (key, customer) in enumerate(customers.items(), 1)
    }  # fmt: skip


def awaiting(one: str, other: str, score: float = 3.0, *, more: bool = False) -> Awaiting:
    found = OTHER if more else SHARED
    return Awaiting(Possible(one, other, Kind.SCORE, score, found, found), Suggestion.LOOK)


def apart(keys: str) -> dict[str, str]:
    """Every profile is a customer of its own."""
    return {key: f"cus_{key}" for key in keys}


def texts(found: Matching) -> list[str]:
    """What the customers have of the matches that are written, each once."""
    return sorted({text for note in found.notes for text in note["add"]})


def found_by(
    pairs: Iterable[Awaiting],
    noted: Iterable[str] = (),
    words: Iterable[Word] = (),
    keys: str = "abc",
) -> Matching:
    customers = apart(keys)
    return matching([*pairs], [*noted], members(customers, noted, words), customers, NOW)


def test_a_match_is_written_with_its_text_at_both_customers() -> None:
    found = found_by([awaiting("b", "a")])
    [row] = found.rows
    assert (row["customers"], row["since"], row["status"], row["score"]) == (
        ["cus_a", "cus_b"], NOW, "open", 3.0,
    )  # fmt: skip
    assert row["place"] == f"open|0999997.000000000|{row['id'][::-1]}"
    [text] = texts(found)
    assert found.notes == [
        {"customer": one, "drop": [row["id"]], "add": [text]} for one in ("cus_a", "cus_b")
    ]
    assert Standing.loads(text).row() == row
    assert found.gone == []


def test_what_is_stored_as_it_is_wanted_is_not_written() -> None:
    noted = texts(found_by([awaiting("a", "b"), awaiting("b", "c")]))
    again = matching(
        [awaiting("b", "c"), awaiting("a", "b")], noted, members(apart("abc"), noted),
        apart("abc"), NOW + 5,
    )  # fmt: skip
    assert again == Matching()
    assert found_by([]) == Matching()


def test_only_what_changed_is_written() -> None:
    noted = texts(found_by([awaiting("a", "b"), awaiting("b", "c")]))
    found = found_by([awaiting("a", "b"), awaiting("b", "c", 4.0)], noted)
    assert [(row["customers"], row["score"]) for row in found.rows] == [(["cus_b", "cus_c"], 4.0)]
    assert [one["customer"] for one in found.notes] == ["cus_b", "cus_c"]
    gone = found_by([awaiting("a", "b")], noted)
    assert gone.rows == []
    assert len(gone.gone) == 1
    assert [(one["customer"], one["add"]) for one in gone.notes] == [("cus_b", []), ("cus_c", [])]


def test_a_match_with_somebody_who_is_not_there_any_more_is_forgotten_at_both() -> None:
    noted = texts(found_by([awaiting("a", "b")]))
    here = members({"a": "cus_a"}, noted)
    found = matching([], noted, here, {"a": "cus_a"}, NOW)
    assert [one["customer"] for one in found.notes] == ["cus_a", "cus_b"]


def test_a_match_keeps_its_age_under_another_id() -> None:
    noted = [one.replace(f"|{NOW}|", "|7|") for one in texts(found_by([awaiting("b", "c")]))]
    before = members(apart("abc"), noted)
    merged = {"a": "cus_a", "b": "cus_a", "c": "cus_c"}
    found = matching([awaiting("a", "c")], noted, before, merged, NOW)
    assert [(row["customers"], row["since"]) for row in found.rows] == [(["cus_a", "cus_c"], 7)]
    assert len(found.gone) == 1


def test_matches_of_customers_that_wait_stay_as_they_are() -> None:
    noted = texts(found_by([awaiting("a", "b")]))
    customers = apart("ab")
    assert matching([], noted, members(customers, noted), customers, NOW, ["cus_a"]) == Matching()
    fresh = matching([awaiting("a", "b")], [], members(customers), customers, NOW, ["cus_a"])
    assert fresh == Matching()


def test_a_word_holds_for_the_evidence_that_it_was_said_of() -> None:
    evidence = awaiting("a", "b").found.evidence()

    def status(*words: Word, more: bool = False) -> tuple[str, str, int]:
        [row] = found_by([awaiting("a", "b", more=more)], words=words).rows
        return row["status"], row["decision"], row["until"] or 0

    no = Word(DISMISSED, "a-b", evidence)
    later = Word(SNOOZED, "a-b", evidence, 77)
    assert status(no) == ("dismissed", "a-b", 0)
    assert status(no, more=True) == ("open", "a-b", 0)
    assert status(later) == ("snoozed", "a-b", 77)
    assert status(later, more=True) == ("open", "a-b", 0)
    # Of several, as a merge brings them together, one of the same evidence counts.
    assert status(Word(DISMISSED, "b-a", "other"), later) == ("snoozed", "a-b", 77)
    assert status(later, Word(DISMISSED, "b-a", evidence)) == ("dismissed", "b-a", 0)


def test_a_word_goes_with_the_profiles_that_it_was_said_of() -> None:
    evidence = awaiting("a", "b").found.evidence()
    word = Word(DISMISSED, "b-c", evidence)
    people = members(apart("abc"), words=[word])
    merged = {"a": "cus_a", "b": "cus_a", "c": "cus_c"}
    [row] = matching([awaiting("a", "c")], [], people, merged, NOW).rows
    assert (row["customers"], row["status"]) == (["cus_a", "cus_c"], "dismissed")
    joined = dict.fromkeys("abc", "cus_a")
    assert matching([], [], people, joined, NOW) == Matching()


PAIRS = st.lists(
    st.tuples(st.sampled_from(["ab", "ac", "bc", "bd", "cd"]), st.sampled_from([2.5, 3.0]),
              st.booleans()),
    unique_by=lambda one: one[0],
)  # fmt: skip
WORDS = st.lists(
    st.builds(
        Word,
        st.just(DISMISSED),
        st.sampled_from(["a-b", "a-c", "b-c"]),
        st.sampled_from([awaiting("a", "b").found.evidence(), "other"]),
    )
)


@given(PAIRS, PAIRS, WORDS)
def test_what_is_written_makes_what_is_stored_what_is_wanted(
    before: list[tuple[str, float, bool]], after: list[tuple[str, float, bool]], words: list[Word]
) -> None:
    def pairs(of: list[tuple[str, float, bool]]) -> list[Awaiting]:
        return [awaiting(pair[0], pair[1], score, more=more) for pair, score, more in of]

    stored = dict[str, str](
        (text.split("|")[0], text) for text in texts(found_by(pairs(before), keys="abcd"))
    )
    found = found_by(pairs(after), stored.values(), words, "abcd")
    for one in found.gone:
        del stored[one]
    stored |= {text.split("|")[0]: text for text in texts(found)}
    wanted = found_by(pairs(after), (), words, "abcd")
    assert sorted(stored.values()) == texts(wanted)
    assert found_by(pairs(after), stored.values(), words, "abcd") == Matching()


@given(st.lists(st.floats(-50, 500), min_size=2))
def test_the_order_of_places_is_that_of_scores(scores: list[float]) -> None:
    rounded = [round(one, 9) for one in scores]
    assert sorted(rounded, key=rank) == sorted(rounded, reverse=True)


def proposal(one: str, other: str, status: str = "open") -> Standing:
    """A proposal that is stored, of what was known of both when it was made."""
    return Standing(
        f"cus_{one}", f"cus_{other}", "proposed", 12.5, "look", one * 12 + other * 12, 7,
        status=status, decision="" if status == "open" else "dec_1", by="x 1.0",
    )  # fmt: skip


def after(
    old: Standing,
    told: Mapping[str, str | None],
    words: Iterable[Word] = (),
    pairs: Iterable[Awaiting] = (),
    keys: str = "ab",
) -> Matching:
    """What becomes of a proposal where customers are told of so now."""
    customers, noted = apart(keys), [old.dumps()]
    found = members(customers, noted, words)
    now = {f"cus_{key}": digest for key, digest in told.items()}
    return matching([*pairs], noted, found, customers, NOW, told=now)


BOTH = {"a": "a" * 12, "b": "b" * 12}


def test_a_proposal_stays_while_both_are_what_they_were() -> None:
    old = proposal("a", "b")
    assert Standing.loads(old.dumps()) == old
    assert after(old, BOTH) == Matching()


def test_a_proposal_stays_while_the_other_is_in_no_component_that_is_resolved() -> None:
    for status in ("open", "dismissed", "snoozed"):
        old = proposal("a", "z", status)
        assert after(old, {"a": "a" * 12}) == Matching()


def test_a_proposal_goes_with_a_customer_and_with_what_was_known_of_it() -> None:
    old = proposal("a", "b")
    for told in (BOTH | {"a": None}, BOTH | {"b": None}, BOTH | {"b": "c" * 12}):
        found = after(old, told)
        assert (found.rows, found.gone) == ([], [old.id])
        assert [(note["customer"], note["drop"], note["add"]) for note in found.notes] == [
            ("cus_a", [old.id], []), ("cus_b", [old.id], []),
        ]  # fmt: skip


def test_a_word_on_a_proposal_holds_for_its_evidence() -> None:
    old = proposal("a", "b")
    [text] = texts(after(old, BOTH, [Word(DISMISSED, "a-b", old.evidence)]))
    assert Standing.loads(text) == old._replace(status="dismissed", decision="a-b")
    [text] = texts(after(old, BOTH, [Word(DISMISSED, "a-b", "another")]))
    assert Standing.loads(text) == old._replace(decision="a-b")
    said = old._replace(status="dismissed", decision="a-b")
    assert texts(after(said, BOTH)) == [old.dumps()]


def test_a_match_that_the_partition_finds_takes_the_place_of_a_proposal() -> None:
    old = proposal("a", "b")
    found = after(old, BOTH, pairs=[awaiting("a", "b")])
    [text] = texts(found)
    new = Standing.loads(text)
    assert (new.id, new.kind, new.by, new.since) == (old.id, "score", "", 7)
    assert (found.gone, [row["proposedBy"] for row in found.rows]) == ([], [None])
