"""Who is shown first, and why."""

import random

from hypothesis import given
from hypothesis import strategies as st

from customers.identity.policy_document import default_policy
from customers.search.card import Card
from customers.search.query import query_of
from customers.search.ranking import Candidate, Hit, Kind, Known, Reason, ranked

POLICY = default_policy()


def found(text: str, *cards: Card, known: dict[int, Known] | None = None) -> list[Hit]:
    candidates = [
        Candidate(f"c{n}", n, card, (known[n],) if known and n in known else ())
        for n, card in enumerate(cards)
    ]
    return ranked(candidates, query_of(text, POLICY), 50)


def ids(hits: list[Hit]) -> list[str]:
    return [hit.id for hit in hits]


def test_the_right_spelling_comes_before_a_slip_and_a_slip_before_a_beginning() -> None:
    cards = [Card(("Smithson",)), Card(("Smyth",)), Card(("Smith",))]
    hits = found("smith", *cards)
    assert ids(hits) == ["c2", "c1", "c0"]
    assert hits[0].reasons == (Reason(Kind.NAME, "Smith", "smith", exact=True),)
    assert hits[1].reasons == (Reason(Kind.NAME, "Smyth", "smith", exact=False),)
    assert [hit.score for hit in hits] == [1.0, 0.7, 0.375]


def test_who_has_all_words_comes_alone() -> None:
    both, one = Card(("Ann", "Moor")), Card(("Ann", "Lee"))
    assert ids(found("ann moor", one, both)) == ["c1"]
    assert ids(found("ann nobody", one, both)) == ["c0", "c1"]


def test_the_longest_known_of_equals_comes_first() -> None:
    assert ids(found("ann", *[Card(("Ann",))] * 3)) == ["c0", "c1", "c2"]


def test_whom_nobody_trusts_comes_last_and_hides_nobody() -> None:
    claim = Card(("Ann", "Moor"), trusted=False)
    assert ids(found("ann moor", claim, Card(("Ann", "Lee")))) == ["c1", "c0"]
    assert ids(found("ann moor", claim)) == ["c0"]


def test_what_an_untrusted_profile_of_a_trusted_customer_says_is_no_reason() -> None:
    said = Known(Kind.ORDER, "A1", "A1", trusted=False)
    assert found("A1", Card(("Ann",)), known={0: said}) == []
    assert ids(found("A1", Card(("Ann",), trusted=False), known={0: said})) == ["c0"]


def test_a_phone_is_told_by_its_end_too() -> None:
    ann = Card(phones=("+12125550101",))
    for text, exact in (("+12125550101", True), ("0012125550101", True), ("555-0101", False)):
        [hit] = found(text, ann)
        assert hit.reasons == (Reason(Kind.PHONE, "+12125550101", text, exact=exact),)
    assert found("555-0102", ann) == []


def test_a_city_and_a_domain_narrow() -> None:
    ann = Card(("Ann",), emails=("a@acme.org",), cities=("New York",))
    [hit] = found("ann york acme", ann)
    assert [reason.kind for reason in hit.reasons] == [Kind.NAME, Kind.CITY, Kind.EMAIL]


def test_a_domain_alone_is_a_reason_only_where_nothing_else_was_typed() -> None:
    ann = Card(emails=("a@acme.org",))
    assert ids(found("acme.org", ann)) == ids(found("@acme", ann)) == ["c0"]
    assert found("eve@acme.org", ann) == []


NAMES = st.lists(st.sampled_from(["Ann", "Anne", "Moor", "Muller", "Smith"]), max_size=3)


@given(st.lists(NAMES, max_size=6), st.randoms())
def test_the_order_in_which_they_are_found_decides_nothing(
    names: list[list[str]], order: random.Random
) -> None:
    candidates = [Candidate(f"c{n}", n, Card(tuple(one))) for n, one in enumerate(names)]
    query = query_of("ann smith", POLICY)
    hits = ranked(candidates, query, 50)
    order.shuffle(candidates)
    assert ranked(candidates, query, 50) == hits
    assert ranked(candidates, query, 2) == hits[:2]
    assert all(0 < hit.score <= 1 and hit.reasons for hit in hits)
